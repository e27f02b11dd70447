/**
 * A stage is data plus one pure function. The graph (main/pipeline/graph.ts) is a list of these data; the functions live
 * in main/stages/<id> and are bound to them in the decode worker.
 */
import type { CodedError } from '../base/index.ts';
import type { ClipMeasure } from './aesthetics.ts';
import type { HeadroomMeasure } from './headroom.ts';
import type { FacesMeasure } from './faces.ts';
import type { ExposureMeasure, FocusMeasure, Metadata, PhotoFormat, PreviewInfo, SharpnessMeasure } from './photo.ts';
import type { PlaceId } from './places.ts';

export const stageIds = ['identify', 'metadata', 'preview', 'phash', 'focus', 'exposure', 'faces', 'sharpness', 'clip', 'headroom'] as const;
export type StageId = (typeof stageIds)[number];

export interface StageSpec {
  readonly id: StageId;
  /** Raised whenever the function's answers may change: old results become unreadable, not wrong. */
  readonly version: number;
  readonly needs: readonly StageId[];
  /** Settings that change the answer; part of the result's key. */
  readonly settings: Readonly<Record<string, number | string | boolean>>;
}

export interface StageOutputs {
  readonly identify: {
    readonly format: PhotoFormat;
    /** Of the whole file, 64 hex digits. */
    readonly sha256: string;
    /** Of the picture's own coded data: the same in files that differ only in metadata. Null where it cannot be told. */
    readonly imageSha256: string | null;
    readonly bytes: number;
  };
  readonly metadata: Metadata;
  readonly preview: PreviewInfo & {
    /** Embedded JPEGs found, largest first; for `self` empty. Offsets are bytes from the start of the file. */
    readonly embedded: readonly EmbeddedPreview[];
  };
  readonly phash: {
    readonly hash: string;
    readonly usable: boolean;
    /** The oriented picture as 20 x 12 mean brightnesses (0..255), row by row, two hex digits each: enough to see one frame's scene continue in the next. */
    readonly view: string;
  };
  readonly focus: FocusMeasure;
  readonly exposure: ExposureMeasure;
  readonly faces: FacesMeasure;
  readonly sharpness: SharpnessMeasure;
  readonly clip: ClipMeasure;
  readonly headroom: HeadroomMeasure;
}

/**
 * `full` has about as many pixels as the photo itself, `thumbnail` is too small for a grid, `preview` is between.
 */
export type PreviewKind = 'thumbnail' | 'preview' | 'full';

/** What the numbers of a preview mean; `icc`: its own profile tells. */
export type PreviewColorSpace = 'srgb' | 'adobe-rgb' | 'prophoto-rgb' | 'icc';

export interface EmbeddedPreview {
  readonly offset: number;
  readonly length: number;
  readonly width: number;
  readonly height: number;
  readonly kind: PreviewKind;
  /** Null where neither the preview nor its file says. */
  readonly colorSpace: PreviewColorSpace | null;
}

/** What a stage left behind for one content: an answer or a coded error, with where and how it was made. */
export type StageResult<S extends StageId = StageId> = {
  readonly [K in S]: {
    readonly stage: K;
    readonly version: number;
    readonly place: PlaceId;
    /** Why the stage ran at this place. */
    readonly placeReason: string;
    readonly ms: number;
    /** What left this computer for it, in bytes; absent where nothing did. */
    readonly bytesSent?: number;
    /** What it cost, in US dollars; absent where it cost nothing. */
    readonly usd?: number;
    readonly output: StageOutputs[K] | null;
    readonly error: CodedError | null;
  };
}[S];

/** The answers that later stages build on. */
export function knownOutputs(results: readonly StageResult[]): Partial<StageOutputs> {
  const known: Record<string, unknown> = {};
  for (const { stage, output } of results) if (output !== null) known[stage] = output;
  return known;
}
