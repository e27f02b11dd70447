/** exiftool writes other metadata into copies: the file's hash changes, that of its image data does not. */
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import type { TestContext } from 'vitest';
import { folderOf, nameOf } from '../../main/base/index.ts';
import { findProgram, need, needPhotos, photosFolder } from '../config/needs.ts';
import { identifyFile } from '../fixtures/image-hash.ts';
import { drawScene, makeJpeg, makeOtherRaw, makeRaw, otherRawKinds, rawKinds } from '../fixtures/index.ts';
import { readManifest } from '../oracle/manifest.ts';

const folder = mkdtempSync(join(tmpdir(), 'parjanya-image-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const someWords = ['-XMP:Rating=4', '-XMP:Label=Red', '-Copyright=Somebody', '-Orientation#=6', '-UserComment=for the album', `-XMP-dc:Description=${'words '.repeat(900)}`];

/** What exiftool is called with, one time after the other. */
const edits: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'a rating, a label, a copyright, an orientation, a comment': [someWords],
  'no metadata at all, after there were some': [someWords, ['-all=']],
};

function needExiftool(context: TestContext): string {
  const path = findProgram('exiftool');
  need(context, 'exiftool', path !== null, 'exiftool is not on this machine');
  return path ?? '';
}

/** One run for all files; those that exiftool refuses to write stay as they are. */
function writeMetadata(exiftool: string, options: readonly string[], names: readonly string[], where: string): Promise<void> {
  return new Promise((resolve) => void execFile(exiftool, ['-q', '-q', '-m', '-overwrite_original', ...options, ...names.map((name) => join(where, name))], () => resolve()));
}

/** Copies the files, lets exiftool write, and names those that it wrote. Their image data must be told as the same. */
async function editCopies(exiftool: string, from: string, names: readonly string[], edit: string): Promise<string[]> {
  const where = mkdtempSync(join(folder, 'copies-'));
  for (const name of names) copyFileSync(join(from, name), join(where, name));
  for (const options of edits[edit]!) await writeMetadata(exiftool, options, names, where);
  const written: string[] = [];
  for (const name of names) {
    const [before, after] = [identifyFile(join(from, name)), identifyFile(join(where, name))];
    // exiftool takes what it cannot read for empty: of what it has broken there is nothing to be told
    if (!before || !after || before.sha256 === after.sha256) continue;
    // from MRW exiftool takes the block PRD too, without which the sensor data cannot be read: they are not there any more
    if (before.format === 'mrw' && edits[edit]!.length === 2) expect(after.imageSha256).toBe(null);
    else expect(after.imageSha256, `${name}: ${edit}`).toBe(before.imageSha256);
    if (before.imageSha256 !== null) written.push(name);
  }
  rmSync(where, { recursive: true });
  return written;
}

async function makeFiles(): Promise<string[]> {
  const where = join(folder, 'made');
  if (existsSync(where)) return readdirSync(where);
  mkdirSync(where);
  const exif = { date: '2024:05:01 12:00:00', subSec: '25', exposureTime: 1 / 125, fNumber: 4, iso: 100, focalLength: 35, lens: 'Test 35mm' };
  const scene = drawScene({ seed: 71, width: 640, height: 427 });
  const previews = [await makeJpeg(scene), await makeJpeg(drawScene({ seed: 71, width: 160, height: 107 }))];
  const write = (name: string, bytes: Uint8Array): void => writeFileSync(join(where, name), bytes);
  for (const kind of rawKinds) write(`made.${kind}`, makeRaw(kind, { previews, exif, rawBytes: 300_000 }));
  for (const kind of otherRawKinds) write(`made.${kind}`, makeOtherRaw(kind, { previews, exif, rawBytes: 90_000 }));
  write('baseline.jpg', await makeJpeg(scene, { exif }));
  write('progressive.jpg', await makeJpeg(scene, { exif, progressive: true }));
  write('bare.jpg', await makeJpeg(scene));
  const picture = (): ReturnType<typeof sharp> => sharp(scene.data, { raw: { width: scene.width, height: scene.height, channels: scene.channels } });
  write('cmyk.jpg', await picture().toColourspace('cmyk').jpeg().toBuffer());
  write('grey.jpg', await picture().greyscale().jpeg().toBuffer());
  write('plain.png', await picture().png().toBuffer());
  write('palette.png', await picture().png({ palette: true }).toBuffer());
  write('lossy.webp', await picture().webp().toBuffer());
  write('lossless.webp', await picture().ensureAlpha(0.5).webp({ lossless: true }).toBuffer());
  write('alpha.webp', await picture().ensureAlpha(0.5).webp().toBuffer());
  write('strips.tiff', await picture().tiff({ compression: 'lzw' }).toBuffer());
  write('tiles.tiff', await picture().tiff({ compression: 'deflate', tile: true, tileWidth: 256, tileHeight: 256 }).toBuffer());
  write('jpeg.tiff', await picture().tiff({ compression: 'jpeg' }).toBuffer());
  write('picture.avif', await picture().avif({ effort: 0 }).toBuffer());
  return readdirSync(where);
}

for (const edit of Object.keys(edits))
  test(`made files keep their image data: ${edit}`, async (context) => {
    const exiftool = needExiftool(context);
    const names = await makeFiles();
    expect(names.filter((name) => identifyFile(join(folder, 'made', name))!.imageSha256 === null)).toEqual([]);
    const written = await editCopies(exiftool, join(folder, 'made'), names, edit);
    // some it refuses, and some are to the byte what they were before there were any metadata
    expect(written.length).toBeGreaterThan(names.length / 2);
  });

test('different pictures have different image data', async () => {
  const names = await makeFiles();
  const hashes = names.map((name) => identifyFile(join(folder, 'made', name))!.imageSha256);
  // the three JPEGs of one scene with the same coding are one picture
  expect(identifyFile(join(folder, 'made', 'bare.jpg'))!.imageSha256).toBe(identifyFile(join(folder, 'made', 'baseline.jpg'))!.imageSha256);
  expect(new Set(hashes).size).toBe(names.length - 1);
});

test('real photos keep their image data', async (context) => {
  needPhotos(context);
  const exiftool = needExiftool(context);
  const photos = readManifest().map(({ file }) => file).filter((file) => /^(raw|heif|jpeg)\//.test(file));
  let written = 0;
  for (const part of new Set(photos.map(folderOf))) {
    const names = photos.filter((file) => folderOf(file) === part).map(nameOf);
    written += (await editCopies(exiftool, join(photosFolder, part), names, Object.keys(edits)[0]!)).length;
  }
  expect(written).toBeGreaterThan(40);
});
