/** The models that stages may run: their names, and the shapes that a file must have to be one of them. */
import type { StageId } from './stage.ts';

export const modelIds = ['yunet', 'face-mesh', 'iris', 'ocec', 'clip-b32-image', 'clip-b32-text', 'clip-tokenizer'] as const;
export type ModelId = (typeof modelIds)[number];

/** One input or output of a model. */
export interface TensorSpec {
  readonly name: string;
  /** Default: 32-bit floats. */
  readonly type?: 'int64';
  /** An input that some exports of the model have and others do without. */
  readonly optional?: true;
  /** Row by row, the last the fastest; null = any number (a batch). */
  readonly dims: readonly (number | null)[];
}

export interface ModelSpec {
  readonly inputs: readonly TensorSpec[];
  /** Those that are used; a file may have more. */
  readonly outputs: readonly TensorSpec[];
}

/** Strides of YuNet's three grids over its 640 x 640 input, finest first. */
export const yunetStrides = [8, 16, 32] as const;
/** Edge of YuNet's square input, which is fixed in the file. */
export const yunetEdge = 640;

const yunetOutputs = (['cls', 'obj', 'bbox', 'kps'] as const).flatMap((kind) =>
  yunetStrides.map((stride): TensorSpec => ({ name: `${kind}_${stride}`, dims: [1, (yunetEdge / stride) ** 2, { cls: 1, obj: 1, bbox: 4, kps: 10 }[kind]] })),
);

export const modelSpecs: Readonly<Record<ModelId, ModelSpec>> = {
  yunet: { inputs: [{ name: 'input', dims: [1, 3, yunetEdge, yunetEdge] }], outputs: yunetOutputs },
  'face-mesh': {
    inputs: [{ name: 'input_1', dims: [1, 3, 192, 192] }],
    outputs: [
      { name: 'conv2d_20', dims: [1, 1404, 1, 1] },
      { name: 'conv2d_30', dims: [1, 1, 1, 1] },
    ],
  },
  iris: {
    inputs: [{ name: 'input_1', dims: [1, 3, 64, 64] }],
    outputs: [
      { name: 'output_eyes_contours_and_brows', dims: [1, 213] },
      { name: 'output_iris', dims: [1, 15] },
    ],
  },
  ocec: { inputs: [{ name: 'images', dims: [null, 3, 24, 40] }], outputs: [{ name: 'prob_open', dims: [null] }] },
  'clip-b32-image': { inputs: [{ name: 'pixel_values', dims: [null, 3, 224, 224] }], outputs: [{ name: 'image_embeds', dims: [null, 512] }] },
  'clip-b32-text': {
    inputs: [
      { name: 'input_ids', type: 'int64', dims: [null, null] },
      { name: 'attention_mask', type: 'int64', optional: true, dims: [null, null] },
    ],
    outputs: [{ name: 'text_embeds', dims: [null, 512] }],
  },
  // a table of words, no network
  'clip-tokenizer': { inputs: [], outputs: [] },
};

/** The models without which a stage cannot run; stages that are not named need none. */
export const modelsOfStage: Readonly<Partial<Record<StageId, readonly ModelId[]>>> = { faces: ['yunet', 'face-mesh', 'iris', 'ocec'], clip: ['clip-b32-image'] };
