/** The decode child as the product runs it, and what independent tools say of the shared photos. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDecodePool } from '../../main/adapters/decode-pool/index.ts';
import type { CodedError } from '../../main/base/index.ts';
import { stageIds } from '../../main/domain/index.ts';
import type { StageId, StageOutputs } from '../../main/domain/index.ts';
import type { DecodePool } from '../../main/ports/index.ts';
import { photosFolder } from '../config/needs.ts';

export interface RealPool extends DecodePool {
  /** What children wrote to the log, their deaths among it. */
  readonly told: string[];
}

/** Children that run main/workers/decode.ts. The time limit is wide, because the tests' machine may be busy. */
export function openRealPool(): RealPool {
  const told: string[] = [];
  const log = { info: (text: string) => void told.push(text), warn: (text: string) => void told.push(text), bug: (where: string) => void told.push(where) };
  const script = fileURLToPath(new URL('../../main/workers/decode.ts', import.meta.url));
  return { ...createDecodePool({ script, size: 2, timeLimitMs: 60_000, log }), told };
}

/** Everything that the stages say of one file. */
export interface Looked {
  readonly error: CodedError | null;
  readonly outputs: Partial<StageOutputs>;
  readonly errors: Partial<Record<StageId, CodedError>>;
  readonly thumbnail: Uint8Array | null;
}

export async function lookAt(pool: DecodePool, path: string, stages: readonly StageId[] = stageIds): Promise<Looked> {
  const result = await pool.analyse({ path, stages, known: {}, thumbnail: true }, {});
  if (!result.ok) return { error: result.error, outputs: {}, errors: {}, thumbnail: null };
  const { results, thumbnail, error } = result.value;
  return {
    error,
    thumbnail,
    outputs: Object.fromEntries(results.filter(({ output }) => output !== null).map(({ stage, output }) => [stage, output])),
    errors: Object.fromEntries(results.flatMap(({ stage, error: failure }) => (failure ? [[stage, failure]] : []))),
  };
}

/** One file of ../shared/photos as exiftool, Pillow, LibRaw and libheif see it. */
export interface Oracle {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly format?: string;
  readonly width?: number;
  readonly height?: number;
  readonly orientation?: number;
  /** DateTimeOriginal and CreateDate as exiftool prints them. */
  readonly captured?: string;
  readonly created?: string;
  readonly subsec?: string | number;
  readonly utc_offset?: string;
  readonly maker?: string | number;
  readonly model?: string | number;
  readonly decodes?: boolean;
  readonly pixels?: readonly [number, number];
  readonly libraw?: { readonly raw_size?: readonly [number, number] };
  readonly libraw_decodable?: string;
  readonly embedded_previews: readonly { readonly type: string | null; readonly width?: number; readonly height?: number; readonly decodes: boolean }[];
}

/** Those of the folders named, in the manifest's order. Only where the photos are (needPhotos). */
export function readOracles(...folders: string[]): Oracle[] {
  const manifest = JSON.parse(readFileSync(join(photosFolder, 'manifest.json'), 'utf8')) as { files: Oracle[] };
  return manifest.files.filter(({ file }) => folders.includes(file.split('/')[0]!));
}

/** The moment of exposure: DateTimeOriginal, and where there is none that is a date, CreateDate; null where neither is. */
export function captureTimeOf(oracle: Oracle): string | null {
  const dates = [oracle.captured, oracle.created].map((date) => /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(date ?? ''));
  const [, year, month, day, time] = dates.find((date) => date && date[1] !== '0000') ?? [];
  return year ? `${year}-${month}-${day}T${time}` : null;
}

/** The largest embedded JPEG that a decoder can read and that is not a token of a few pixels; null where there is none. */
export function largestPreviewOf(oracle: Oracle): { width: number; height: number } | null {
  const jpegs = oracle.embedded_previews.filter(({ type, decodes }) => decodes && (type === 'JPEG' || type === 'MPO'));
  const sizes = jpegs.map(({ width = 0, height = 0 }) => ({ width, height })).filter(({ width, height }) => Math.max(width, height) >= 64);
  return sizes.sort((a, b) => b.width * b.height - a.width * a.height)[0] ?? null;
}
