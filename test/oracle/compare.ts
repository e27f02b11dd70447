/** Compares what the product reads from every shared photo with the answers of exiftool and exiv2: those in the photos' manifest, and exiftool's own. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMetadataReader } from '../../main/adapters/exifr/index.ts';
import type { EmbeddedPreview, Metadata, PhotoFormat } from '../../main/domain/index.ts';
import { readerOfBytes } from '../../main/stages/containers/reader.ts';
import { detectFormat } from '../../main/stages/identify/index.ts';
import { readMetadata } from '../../main/stages/metadata/index.ts';
import { listEmbeddedPreviews } from '../../main/stages/preview/index.ts';
import { findProgram, photosFolder } from '../config/needs.ts';
import { askExiftool, driveModeInWords, lensInWords } from './exiftool.ts';
import type { ExiftoolFacts } from './exiftool.ts';
import { explanations } from './explanations.ts';
import { captureTimeOf, readManifest } from './manifest.ts';
import type { ManifestEntry } from './manifest.ts';

export const fields = ['exiftool preview', 'exiv2 preview', 'own preview', 'time', 'fraction', 'offset', 'orientation', 'make', 'model', 'rating'] as const;
/** Of exiftool itself, where it is on this machine: the manifest does not have them. */
export const liveFields = ['exposure', 'aperture', 'ISO', 'focal length', 'flash', 'serial', 'position', 'lens', 'label', 'keywords', 'drive mode'] as const;
export type Field = (typeof fields)[number] | (typeof liveFields)[number];

export interface Difference {
  readonly file: string;
  readonly field: Field;
  readonly detail: string;
  /** Null for one that nobody has explained. */
  readonly why: string | null;
}

export interface Comparison {
  readonly files: number;
  readonly agreements: Readonly<Record<Field, number>>;
  readonly differences: readonly Difference[];
}

interface Seen {
  readonly format: PhotoFormat;
  readonly bytes: Uint8Array;
  readonly previews: readonly EmbeddedPreview[];
  readonly metadata: Metadata | null;
}

/** Looks at every photo for which the manifest has the tools' lists of previews. */
export async function compareWithOracles(): Promise<Comparison> {
  const exiftool = findProgram('exiftool');
  const agreements = Object.fromEntries([...fields, ...(exiftool ? liveFields : [])].map((field) => [field, 0])) as Record<Field, number>;
  const differences: Difference[] = [];
  const entries = readManifest().filter((entry) => entry.embedded_previews);
  // damaged files have no right answer
  const live = exiftool ? askExiftool(exiftool, entries.filter(({ file }) => !file.startsWith('bad/')).map(({ file }) => join(photosFolder, file))) : null;
  for (const entry of entries) {
    const seen = await lookAtFile(entry.file);
    const note = (field: Field, ours: unknown, theirs: unknown, detail = `${String(ours)} here, ${String(theirs)} there`): void => {
      if (ours === theirs) agreements[field] += 1;
      else differences.push({ file: entry.file, field, detail: `${seen.format}: ${detail}`, why: explain(entry.file, field, `${seen.format}: ${detail}`) });
    };
    comparePreviews(entry, seen, note);
    compareMetadata(entry, seen, note);
    const facts = live?.get(join(photosFolder, entry.file));
    if (facts && seen.metadata) compareFacts(facts, seen.metadata, note);
  }
  return { files: entries.length, agreements, differences };
}

type Note = (field: Field, ours: unknown, theirs: unknown, detail?: string) => void;

/** exiftool's by content (SHA-256), exiv2's by size, because it wraps some into a TIFF of its own. */
function comparePreviews(entry: ManifestEntry, { previews, bytes }: Seen, note: Note): void {
  const hashes = previews.map(({ offset, length }) => createHash('sha256').update(bytes.subarray(offset, offset + length)).digest('hex'));
  for (const { tag, type, width = 0, height = 0, bytes: length, sha256, decodes } of entry.embedded_previews ?? [])
    note('exiftool preview', hashes.includes(sha256), true, `${tag} of type ${String(type)}, ${width} x ${height}, ${length} bytes${decodes ? '' : ', does not decode'}, is not listed`);
  for (const { type, width, height, bytes: length } of entry.exiv2_previews ?? [])
    note('exiv2 preview', previews.some((own) => own.width === width && own.height === height && Math.abs(own.length - length) < 1_024), true, `${type}, ${width} x ${height}, ${length} bytes, is not listed`);
  previews.forEach(({ offset, length, width, height }, index) => {
    const isKnown = (entry.embedded_previews ?? []).some(({ sha256 }) => sha256 === hashes[index]);
    note('own preview', isKnown, true, `${width} x ${height}, ${length} bytes at ${offset}, is listed only here`);
  });
}

function compareMetadata(entry: ManifestEntry, { metadata }: Seen, note: Note): void {
  const text = (value: string | number | undefined): string | null => (value === undefined || String(value).trim() === '' ? null : String(value).trim());
  const time = captureTimeOf(entry);
  if (time || metadata?.capturedAt) note('time', metadata?.capturedAt?.slice(0, 19) ?? null, time);
  if (time && /^\d+$/.test(String(entry.subsec ?? ''))) note('fraction', /\.(\d+)/.exec(metadata?.capturedAt ?? '')?.[1] ?? null, String(entry.subsec));
  if (time && entry.utc_offset) note('offset', /(?:Z|[+-]\d\d:\d\d)$/.exec(metadata?.capturedAt ?? '')?.[0] ?? null, entry.utc_offset);
  if (entry.orientation !== undefined || (metadata?.orientation ?? 1) !== 1) note('orientation', metadata?.orientation ?? 1, entry.orientation ?? 1);
  if (entry.maker !== undefined || metadata?.make) note('make', metadata?.make ?? null, text(entry.maker));
  if (entry.model !== undefined || metadata?.model) note('model', metadata?.model ?? null, text(entry.model));
  if (entry.rating !== undefined || typeof metadata?.rating === 'number') note('rating', metadata?.rating ?? null, entry.rating ?? null);
}

/** Where neither says anything there is nothing to compare. */
function compareFacts(facts: ExiftoolFacts, metadata: Metadata, note: Note): void {
  const number = (tag: string): number | null => (Number(facts[tag]) > 0 ? Number(facts[tag]) : null);
  const compare = (field: Field, ours: unknown, theirs: unknown): void => {
    if (ours !== null || theirs !== null) note(field, ours, theirs);
  };
  const compareNumbers = (field: Field, ours: number | null, theirs: number | null): void => {
    // EXIF and the maker's note round differently
    const isNear = ours !== null && theirs !== null && Math.abs(ours - theirs) <= 0.01 * theirs;
    compare(field, ours, isNear ? ours : theirs);
  };
  compareNumbers('exposure', metadata.exposureTime, number('ExposureTime'));
  compareNumbers('aperture', metadata.fNumber, number('FNumber'));
  compareNumbers('ISO', metadata.iso, number('ISO'));
  compareNumbers('focal length', metadata.focalLength, number('FocalLength'));
  compare('flash', metadata.flash, facts['Flash'] === undefined ? null : (Number(facts['Flash']) & 1) === 1);
  compare('serial', metadata.serial, String(facts['SerialNumber'] ?? '').trim() || null);
  compare('position', metadata.hasGps || null, (typeof facts['GPSLatitude'] === 'number' && typeof facts['GPSLongitude'] === 'number') || null);
  compare('lens', metadata.lens, lensInWords(facts));
  compare('label', metadata.label, facts['Label'] ?? null);
  const keywords = facts['Subject'];
  compare('keywords', metadata.keywords?.join('; ') ?? null, keywords === undefined ? null : [keywords].flat().join('; '));
  compare('drive mode', metadata.driveMode, driveModeInWords(facts));
}

function explain(file: string, field: Field, detail: string): string | null {
  const found = explanations.find((known) => known.field === field && (known.file?.test(file) ?? true) && (known.detail?.test(detail) ?? true));
  return found?.why ?? null;
}

const metadataReader = createMetadataReader();

async function lookAtFile(file: string): Promise<Seen> {
  const bytes = readFileSync(join(photosFolder, file));
  const reader = readerOfBytes(bytes);
  const format = bytes.length > 0 ? detectFormat(reader, file) : 'other';
  if (format === 'other') return { format, bytes, previews: [], metadata: null };
  const read = await readMetadata(reader, format, metadataReader);
  return { format, bytes, previews: listEmbeddedPreviews(reader, format), metadata: read.ok ? read.value : null };
}
