/**
 * Stage `clip`: a picture as CLIP's image tower sees it (Radford et al. 2021, "Learning Transferable Visual Models From Natural
 * Language Supervision"; OpenAI's ViT-B/32), and how well LAION's aesthetic predictor V1 likes it.
 */
import { fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import { scoreAesthetics } from '../../domain/index.ts';
import type { AestheticHead } from '../../domain/index.ts';
import type { ImageCodec, ModelRunner, Pixels, Tensor } from '../../ports/index.ts';
import { normalise } from './normalise.ts';

export { embedTexts } from './text.ts';
export { createTokenizer } from './tokenizer.ts';
export type { Tokenizer } from './tokenizer.ts';

/** Edge of the square that the tower sees. */
const edge = 224;
/** OpenAI's means and standard deviations of red, green and blue, 0..1. */
const means = [0.48145466, 0.4578275, 0.40821073] as const;
const deviations = [0.26862954, 0.26130258, 0.27577711] as const;

/** Each level of each channel as the tower sees it. */
const normalised = means.map((mean, channel) => Float32Array.from({ length: 256 }, (_, level) => (level / 255 - mean) / deviations[channel]!));

export interface Embedding {
  /** 512 numbers of length 1. */
  readonly vector: Float32Array;
  /** See scoreAesthetics. */
  readonly score: number;
}

/**
 * What the tower is fed: shortest edge to 224 by bicubic interpolation (the other truncated, as OpenAI's preprocessing does), the middle
 * square, normalised. [1, 3, 224, 224]. Errors: those of resizing.
 */
export async function prepareForTower(pixels: Pixels, codec: ImageCodec): Promise<Result<Tensor>> {
  const middle = cropMiddle(pixels);
  const { width, height } = middle;
  const shortest = Math.min(width, height);
  const resized = await codec.resize(middle, { width: Math.max(edge, Math.floor((width * edge) / shortest)), height: Math.max(edge, Math.floor((height * edge) / shortest)) });
  if (!resized.ok) return resized;
  const { data, channels, width: columns, height: rows } = resized.value;
  // Python rounds a half to the even number, but one pixel is not to be seen
  const [left, top] = [Math.round((columns - edge) / 2), Math.round((rows - edge) / 2)];
  const values = new Float32Array(3 * edge * edge);
  for (let channel = 0; channel < 3; channel++) {
    const levels = normalised[channel]!;
    for (let y = 0, at = channel * edge * edge; y < edge; y++) {
      let from = ((top + y) * columns + left) * channels + (channels === 3 ? channel : 0);
      for (let x = 0; x < edge; x++, at++, from += channels) values[at] = levels[data[from]!]!;
    }
  }
  return ok({ dims: [1, 3, edge, edge], data: values });
}

/** Of a strip longer than four times its width only the middle is seen; resizing all of it would take seconds. */
const longest = 4;

function cropMiddle(pixels: Pixels): Pixels {
  const { width, height, channels, data } = pixels;
  const most = Math.min(width, height) * longest;
  if (width <= most && height <= most) return pixels;
  const [columns, rows] = [Math.min(width, most), Math.min(height, most)];
  const [left, top] = [Math.floor((width - columns) / 2), Math.floor((height - rows) / 2)];
  const middle = new Uint8Array(columns * rows * channels);
  for (let y = 0; y < rows; y++) {
    const from = ((top + y) * width + left) * channels;
    middle.set(data.subarray(from, from + columns * channels), y * columns * channels);
  }
  return { width: columns, height: rows, channels, data: middle };
}

/** Embeds pictures together. Errors: those of the runner, and infer-failed for an embedding that is none. */
export async function embedPictures(pictures: readonly Tensor[], runner: ModelRunner, head: AestheticHead): Promise<Result<Embedding[]>> {
  const each = 3 * edge * edge;
  const data = new Float32Array(pictures.length * each);
  pictures.forEach((picture, at) => data.set(picture.data, at * each));
  const answered = await runner.run('clip-b32-image', { pixel_values: { dims: [pictures.length, 3, edge, edge], data } });
  if (!answered.ok) return answered;
  const { dims, data: found } = answered.value['image_embeds']!;
  if (dims[0] !== pictures.length) return fail('infer-failed', `The model answered ${dims[0]} embeddings for ${pictures.length} pictures.`);
  const length = found.length / pictures.length;
  const embeddings: Embedding[] = [];
  for (let at = 0; at < pictures.length; at++) {
    const vector = normalise(found.subarray(at * length, (at + 1) * length));
    if (!vector) return fail('infer-failed', 'The model answered an embedding that is none.');
    embeddings.push({ vector, score: scoreAesthetics(vector, head) });
  }
  return ok(embeddings);
}
