/** Orientation exactly once: every kind of file that can carry one, all eight of them, on every way to pixels. */
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { makeJpeg, makeOtherRaw, makeRaw, stampExif } from '../fixtures/index.ts';
import { useDecodeBench } from './decode-kit.ts';
import { drawQuarters, readQuarters } from './quarters.ts';

const { pool, put } = useDecodeBench();

/** Exif 2.32 tag 0x0112: how the stored quarters R G / B W stand when shown. */
const shown = ['', 'RGBW', 'GRWB', 'WBGR', 'BWRG', 'RBGW', 'BRWG', 'WGBR', 'GWRB'] as const;

async function sharpFile(format: 'tiff' | 'png' | 'webp', orientation: number): Promise<Uint8Array> {
  const { data, width, height, channels } = drawQuarters();
  const made = sharp(data, { raw: { width, height, channels } }).withMetadata({ orientation });
  return new Uint8Array(await (format === 'webp' ? made.webp({ quality: 95 }) : made.toFormat(format, format === 'tiff' ? { compression: 'lzw' } : {})).toBuffer());
}

const kinds: Readonly<Record<string, (orientation: number) => Promise<Uint8Array>>> = {
  jpg: async (orientation) => stampExif(await makeJpeg(drawQuarters(), { quality: 95 }), { orientation }),
  tif: (orientation) => sharpFile('tiff', orientation),
  png: (orientation) => sharpFile('png', orientation),
  webp: (orientation) => sharpFile('webp', orientation),
  nef: async (orientation) => makeRaw('nef', { previews: [await makeJpeg(drawQuarters(), { quality: 95 })], exif: { orientation } }),
  dng: async (orientation) => makeRaw('dng', { previews: [await makeJpeg(drawQuarters(), { quality: 95 })], exif: { orientation } }),
  // Its preview has EXIF of its own, which says the same once more.
  raf: async (orientation) => makeRaw('raf', { previews: [await makeJpeg(drawQuarters(), { quality: 95 })], exif: { orientation } }),
  cr3: async (orientation) => makeOtherRaw('cr3', { previews: [await makeJpeg(drawQuarters(), { quality: 95 })], exif: { orientation } }),
  // A preview that says "turn me" itself, in a file that says so too.
  'twice.nef': async (orientation) => makeRaw('nef', { previews: [stampExif(await makeJpeg(drawQuarters(), { quality: 95 }), { orientation })], exif: { orientation } }),
};

test.each(Object.keys(kinds))('%s', { timeout: 240_000 }, async (kind) => {
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
    const seen = await readQuarters(pool, put(`${orientation}.${kind}`, await kinds[kind]!(orientation)));
    expect(seen.map(({ letters }) => letters), `${kind} ${orientation}`).toEqual(Array(4).fill(shown[orientation]));
    expect(seen.map(({ isLying }) => isLying), `${kind} ${orientation}`).toEqual(Array(4).fill(orientation < 5));
  }
});
