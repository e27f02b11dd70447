/** Pictures in memory, and the codec that makes them. Implemented by adapters/sharp. */
import type { CancelSignal, Result } from '../base/index.ts';
import type { Orientation, PixelSize, Region } from '../domain/index.ts';

/** Brightness alone, as stored: 8 bits a pixel, gamma-encoded, rows top to bottom. */
export interface Luma {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** What the picture's own tag says is still to be done. */
  readonly orientation: Orientation;
}

/** 8-bit sRGB, rows top to bottom, channels interleaved: data.length = width * height * channels. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

export interface PictureFacts {
  readonly format: 'jpeg' | 'png' | 'webp' | 'tiff' | 'avif' | 'heif' | 'other';
  /** As stored, before orientation. */
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
  /** False where an embedded ICC profile says another space than sRGB. */
  readonly isSrgb: boolean;
}

/** At most `most` pixels around the middle of `region` of the oriented picture; see domain windowAround. */
export interface CropWish {
  readonly region: Region;
  readonly most: PixelSize;
}

export interface ImageCodec {
  /** Reads the header only. Errors: not-a-photo, preview-broken, too-large. */
  probe(bytes: Uint8Array): Promise<Result<PictureFacts>>;
  /**
   * Decodes to at most `maxEdge` on the long edge (never enlarged), orientation applied, converted to 8-bit sRGB.
   * `profile`: ICC profile of a picture that has none inside (null or absent: it is sRGB then).
   * `orientation` overrides the picture's own tag (a RAW's preview often has none). `damaged: 'show'` decodes what there is
   * of a cut or damaged picture, for the eye only. Errors: preview-broken, truncated, too-large, native-missing.
   */
  decode(
    bytes: Uint8Array,
    options: { maxEdge: number | null; orientation: Orientation | 'own'; profile?: Uint8Array | null; damaged?: 'refuse' | 'show'; signal?: CancelSignal },
  ): Promise<Result<Pixels>>;
  /**
   * Decodes brightness alone, not turned, for measuring: a byte a pixel. Pictures of more than `maxPixels` are decoded smaller. Errors: as `decode`.
   */
  decodeLuma(bytes: Uint8Array, options: { maxPixels: number; profile?: Uint8Array | null }): Promise<Result<Luma>>;
  /**
   * Brings pixels from a renderer into the form that `decode` answers with: turned by `orientation`, at most `maxEdge` on the
   * long edge (never enlarged), converted to sRGB from the ICC profile `profile` (null = they are sRGB).
   * They are given away: the answer may be in the same memory, changed.
   * Errors: too-large, preview-broken, native-missing.
   */
  finish(pixels: Pixels, options: { maxEdge: number | null; orientation: Orientation; profile: Uint8Array | null }): Promise<Result<Pixels>>;
  /** To exactly this size, by bicubic interpolation over all pixels that go into one. Errors: too-large, native-missing. */
  resize(pixels: Pixels, size: { readonly width: number; readonly height: number }): Promise<Result<Pixels>>;
  /** Baseline JPEG, sRGB; `maxEdge` shrinks first. `profile`: the sRGB profile goes in too, for programs that take untagged pictures otherwise. */
  encodeJpeg(pixels: Pixels, options: { quality: number; maxEdge?: number; profile?: boolean }): Promise<Result<Uint8Array>>;
  /** From file bytes to finished JPEG bytes in one pass, metadata dropped; for screen and full pictures, and for a part of one at 100 %. */
  toJpeg(
    bytes: Uint8Array,
    options: { maxEdge: number | null; quality: number; orientation: Orientation | 'own'; profile?: Uint8Array | null; damaged?: 'refuse' | 'show'; crop?: CropWish },
  ): Promise<Result<{ jpeg: Uint8Array; width: number; height: number }>>;
}
