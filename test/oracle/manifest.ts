/** What independent tools say of the shared photos: their manifest. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { photosFolder } from '../config/needs.ts';

/** One file of ../shared/photos as exiftool, exiv2, Pillow, LibRaw and libheif see it. */
export interface ManifestEntry {
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
  readonly rating?: number;
  /** Of exiftool; absent where the manifest has no list of them. */
  readonly embedded_previews?: readonly { readonly tag: string; readonly bytes: number; readonly sha256: string; readonly type: string | null; readonly width?: number; readonly height?: number; readonly decodes: boolean }[];
  readonly exiv2_previews?: readonly { readonly type: string; readonly width: number; readonly height: number; readonly bytes: number }[];
}

/** All files, in the manifest's order, or those of the folders named. Only where the photos are (needPhotos). */
export function readManifest(...folders: string[]): ManifestEntry[] {
  const { files } = JSON.parse(readFileSync(join(photosFolder, 'manifest.json'), 'utf8')) as { files: ManifestEntry[] };
  return folders.length === 0 ? files : files.filter(({ file }) => folders.includes(file.split('/')[0]!));
}

/** The moment of exposure: DateTimeOriginal, and where there is none that is a date, CreateDate; null where neither is. */
export function captureTimeOf(entry: ManifestEntry): string | null {
  const dates = [entry.captured, entry.created].map((date) => /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(date ?? ''));
  const [, year, month, day, time] = dates.find((date) => date && date[1] !== '0000') ?? [];
  return year ? `${year}-${month}-${day}T${time}` : null;
}

/** The largest embedded JPEG that a decoder can read and that is not a token of a few pixels; null where there is none. */
export function largestPreviewOf(entry: ManifestEntry): { width: number; height: number } | null {
  const jpegs = (entry.embedded_previews ?? []).filter(({ type, decodes }) => decodes && (type === 'JPEG' || type === 'MPO'));
  const sizes = jpegs.map(({ width = 0, height = 0 }) => ({ width, height })).filter(({ width, height }) => Math.max(width, height) >= 64);
  return sizes.sort((a, b) => b.width * b.height - a.width * a.height)[0] ?? null;
}
