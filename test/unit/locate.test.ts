/** The locator over every container: what it finds, what it reads to find it, and what it makes of hostile numbers. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMetadataReader } from '../../main/adapters/exifr/index.ts';
import type { EmbeddedPreview } from '../../main/domain/index.ts';
import { headLength, readerOfBytes } from '../../main/stages/containers/reader.ts';
import { detectFormat } from '../../main/stages/identify/index.ts';
import { readMetadata } from '../../main/stages/metadata/index.ts';
import { findEmbeddedPreviews, listEmbeddedPreviews } from '../../main/stages/preview/index.ts';
import { needPhotos, photosFolder } from '../config/needs.ts';
import { bytesOf, readsOutside, readsToFind } from '../config/reads.ts';
import { cameras, drawScene, joinBytes, makeJpeg, makeOtherRaw, makeRaw, otherCameras, otherRawKinds, rawKinds, sizeOfJpeg, stampExif } from '../fixtures/index.ts';
import { thumbnailDirectory } from '../fixtures/exif.ts';
import { writeTiff } from '../fixtures/tiff-writer.ts';

const exif = { date: '2024:05:01 12:34:56', exposureTime: 1 / 250, fNumber: 4, iso: 400, focalLength: 50, orientation: 6 };
const scene = (width: number, height: number): Promise<Uint8Array> => makeJpeg(drawScene({ seed: 17, width, height }));
const place = ({ width, height }: EmbeddedPreview): string => `${width} x ${height}`;

test.each(otherRawKinds)('%s: previews and facts of a file of authentic layout', async (kind) => {
  const previews = [await scene(960, 640), await scene(160, 107)];
  const bytes = makeOtherRaw(kind, { previews, exif });
  const reader = readerOfBytes(bytes);
  expect(detectFormat(reader, `made.${kind}`)).toBe(kind);
  const found = findEmbeddedPreviews(reader, kind);
  if (!found.ok) throw new Error(found.error.code);
  expect(found.value.damage).toBeNull();
  expect(found.value.embedded.map(place)).toEqual(['960 x 640', '160 x 107']);
  expect(found.value.embedded[1]!.kind).toBe('thumbnail');
  for (const { offset, length, width, height } of found.value.embedded) expect(sizeOfJpeg(bytes.subarray(offset, offset + length))).toEqual({ width, height });
  const metadata = await readMetadata(reader, kind, createMetadataReader());
  if (!metadata.ok) throw new Error(metadata.error.code);
  expect(metadata.value).toMatchObject({ ...otherCameras[kind], capturedAt: '2024-05-01T12:34:56', orientation: 6, iso: 400, focalLength: 50 });
  expect(metadata.value.exposureTime).toBeCloseTo(1 / 250, 6);
  expect(metadata.value.fNumber).toBeCloseTo(4, 3);
  if (kind === 'x3f') expect(metadata.value.lens).toBe('18-50mm');
});

test('a preview as large as the sensor is full', async () => {
  const bytes = makeRaw('nef', { previews: [await scene(960, 640), await scene(480, 320)], exif, sensor: { width: 972, height: 648 } });
  const found = findEmbeddedPreviews(readerOfBytes(bytes), 'nef');
  expect(found.ok && found.value.embedded.map(({ kind }) => kind)).toEqual(['full', 'preview']);
});

test('colour space: Adobe RGB by the interoperability directory (DCF 2.0), sRGB by ColorSpace, or not told', async () => {
  const jpeg = await scene(640, 427);
  const block = (space: number, index: string): Uint8Array => {
    const interop = { fields: [{ tag: 0x0001, kind: 'ascii' as const, text: index }] };
    const inner = { fields: [{ tag: 0xa001, kind: 'short' as const, values: [space] }, { tag: 0xa005, kind: 'directories' as const, directories: [interop] }] };
    return writeTiff({ fields: [{ tag: 0x8769, kind: 'directories', directories: [inner] }], next: thumbnailDirectory(jpeg) }, { little: true });
  };
  const spaceOf = (bytes: Uint8Array): unknown => {
    const found = findEmbeddedPreviews(readerOfBytes(bytes), 'nef');
    return found.ok ? found.value.embedded[0]?.colorSpace : found.error.code;
  };
  expect(spaceOf(block(0xffff, 'R03'))).toBe('adobe-rgb');
  expect(spaceOf(block(0xffff, 'R98'))).toBeNull();
  expect(spaceOf(block(1, 'R98'))).toBe('srgb');
});

test('several pictures in one JPEG (Multi-Picture format), and a film behind a JPEG', async () => {
  const second = await scene(480, 320);
  const first = stampExif(await scene(960, 640), exif, { thumbnail: await scene(160, 107) });
  const head = new Uint8Array(4 + 4 + 8 + 2 + 12 + 4 + 32);
  const view = new DataView(head.buffer);
  head.set([0xff, 0xe2, 0, head.length - 2, 0x4d, 0x50, 0x46, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8]);
  [[16, 1, 2], [18, 0xb002, 2], [20, 7, 2], [22, 32, 4], [26, 26, 4]].forEach(([at, value, size]) => (size === 2 ? view.setUint16(at!, value!) : view.setUint32(at!, value!)));
  const whole = joinBytes([first.subarray(0, 2), head, first.subarray(2)]);
  view.setUint32(34 + 4, whole.length);
  view.setUint32(50 + 4, second.length);
  view.setUint32(50 + 8, whole.length - 2 - 8);
  const film = new Uint8Array(5_000).fill(7);
  const bytes = joinBytes([first.subarray(0, 2), head, first.subarray(2), second, film]);
  expect(listEmbeddedPreviews(readerOfBytes(bytes), 'jpeg').map(place)).toEqual(['480 x 320', '160 x 107']);
});

test('hostile numbers: heaps in themselves, directories in themselves, counts and lengths beyond the file', () => {
  const crw = new Uint8Array(64);
  crw.set([0x49, 0x49, 26, 0, 0, 0, ...[...'HEAPCCDR'].map((each) => each.charCodeAt(0))]);
  const view = new DataView(crw.buffer);
  view.setUint16(26, 2, true); // two entries: a heap that is the root again, and one with a length of 4 GB
  view.setUint16(28, 0x300a, true);
  view.setUint32(30, 38, true);
  view.setUint16(38, 0x2007, true);
  view.setUint32(40, 0xffff_ffff, true);
  view.setUint32(44, 0xffff_ffff, true);
  expect(listEmbeddedPreviews(readerOfBytes(crw), 'crw')).toEqual([]);
  for (const format of ['crw', 'x3f', 'mrw', 'raf', 'rw2', 'orf', 'cr3', 'png', 'webp', 'jpeg', 'heif', 'tiff'] as const)
    for (const fill of [0, 1, 0x7f, 0x80, 0xff]) {
      const noise = new Uint8Array(4_096).fill(fill);
      expect(listEmbeddedPreviews(readerOfBytes(noise), format), `${format} of ${fill}`).toEqual([]);
    }
});

/** Reads that touch no preview, and those that do. */
function countReads(path: string): { reads: number; bytes: number; inPreviews: number; previews: number } | null {
  const found = readsToFind(path);
  if (!found) return null;
  const outside = readsOutside(found.reads, found.previews);
  return { reads: outside.length, bytes: bytesOf(outside), inPreviews: found.reads.length - outside.length, previews: found.previews.length };
}

function tableOf(rows: readonly (readonly [string, NonNullable<ReturnType<typeof countReads>>])[]): string {
  return ['reads  bytes  heads of previews  previews  file', ...rows.map(([name, { reads, bytes, inPreviews, previews }]) => `${String(reads).padStart(5)} ${String(bytes).padStart(6)} ${String(inPreviews).padStart(18)} ${String(previews).padStart(9)}  ${name}`)].join('\n');
}

test('usual layouts: at most two reads and 64 KiB before the bytes of the previews', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parjanya-reads-'));
  const previews = [await makeJpeg(drawScene({ seed: 18, width: 1600, height: 1067, noise: 6 }), { quality: 92 }), await scene(160, 107)];
  for (const kind of rawKinds) writeFileSync(join(folder, `made.${kind}`), makeRaw(kind, { previews, exif, rawBytes: 300_000 }));
  for (const kind of otherRawKinds) writeFileSync(join(folder, `made.${kind}`), makeOtherRaw(kind, { previews, exif, rawBytes: 300_000 }));
  const rows = readdirSync(folder).map((name) => [name, countReads(join(folder, name))!] as const);
  rmSync(folder, { recursive: true, force: true });
  console.log(tableOf(rows));
  expect(Object.keys(cameras).length + Object.keys(otherCameras).length).toBe(rows.length);
  for (const [name, { reads, bytes, inPreviews, previews: found }] of rows) {
    // X3F keeps its directory at the end, and the kind of each section in the section.
    const many = name.endsWith('.x3f') ? 3 : 2;
    expect(reads, name).toBeLessThanOrEqual(many);
    expect(bytes, name).toBeLessThanOrEqual(65_536);
    expect(inPreviews, name).toBeLessThanOrEqual(2 * found);
  }
});

test('real files: the same count', (context) => {
  needPhotos(context);
  const rows = ['raw', 'raw-headers', 'groups/bracket-nikon-d5000'].flatMap((folder) =>
    readdirSync(join(photosFolder, folder)).flatMap((name) => {
      const path = join(photosFolder, folder, name);
      const counted = statSync(path).isFile() ? countReads(path) : null;
      return counted ? [[`${folder}/${name}`, counted] as const] : [];
    }),
  );
  console.log(tableOf(rows));
  expect(rows.length).toBeGreaterThan(7);
  for (const [name, { reads, bytes }] of rows) {
    // CRW's four heaps lie one in the other at the end; DNG converters keep EXIF and previews behind the sensor data.
    expect(reads, name).toBeLessThanOrEqual(4);
    expect(bytes, name).toBeLessThanOrEqual(headLength + 3 * 8_192);
  }
});
