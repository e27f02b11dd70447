/** Nothing but the picture leaves the computer. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { keepPictureOnly } from '../../main/domain/index.ts';
import { needPhotos, photosFolder } from '../config/needs.ts';
import { drawScene, makeJpeg } from '../fixtures/index.ts';

const pixelsOf = (jpeg: Uint8Array) => sharp(jpeg).raw().toBuffer();

function strip(jpeg: Uint8Array, keep?: 'profile'): Uint8Array {
  const stripped = keepPictureOnly(jpeg, keep);
  if (!stripped.ok) throw new Error(stripped.error.message);
  return stripped.value;
}

describe('keepPictureOnly', () => {
  it.each([false, true])('leaves the picture bit by bit and nothing else (progressive: %s)', async (progressive) => {
    const pixels = drawScene({ seed: 3, width: 200, height: 133 });
    const bare = await makeJpeg(pixels, { progressive });
    const full = new Uint8Array(await sharp(bare).withExif({ IFD0: { Artist: 'Nobody Else' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' } }).withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">Secret Place</x:xmpmeta>').jpeg({ progressive }).toBuffer());
    const comment = Buffer.from('\xff\xfe\x00\x0ccard no. 7', 'latin1');
    const behind = Buffer.from('a second picture, with its own Secret Place');
    const dirty = Buffer.concat([full.subarray(0, 2), comment, full.subarray(2), behind]);
    expect((await sharp(dirty).metadata()).exif).toBeDefined();
    const clean = strip(dirty, 'profile');
    const { exif, xmp, iptc, comments } = await sharp(clean).metadata();
    expect({ exif, xmp, iptc, comments }).toEqual({ exif: undefined, xmp: undefined, iptc: undefined, comments: undefined });
    for (const word of ['Exif', 'GPS', 'Nobody', 'Secret', 'card no']) expect(Buffer.from(clean).includes(word)).toBe(false);
    expect((await pixelsOf(clean)).equals(await pixelsOf(dirty))).toBe(true);
    // what is clean already is not changed
    expect(Buffer.from(strip(clean, 'profile')).equals(clean)).toBe(true);
  });

  it('keeps an ICC profile where that is wanted: it decides on the colours', async () => {
    const jpeg = new Uint8Array(await sharp(await makeJpeg(drawScene({ seed: 4, width: 64, height: 64 }))).withIccProfile('p3').jpeg().toBuffer());
    expect((await sharp(strip(jpeg, 'profile')).metadata()).icc).toEqual((await sharp(jpeg).metadata()).icc);
    expect((await sharp(strip(jpeg)).metadata()).icc).toBeUndefined();
  });

  it('refuses what is no JPEG, and one that was cut off anywhere', async () => {
    expect(keepPictureOnly(new Uint8Array(0))).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    expect(keepPictureOnly(Buffer.from('\x89PNG\r\n'))).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    const jpeg = await makeJpeg(drawScene({ seed: 5, width: 64, height: 64 }));
    for (let length = 2; length < jpeg.length; length += 7) expect(keepPictureOnly(jpeg.subarray(0, length))).toMatchObject({ ok: false, error: { code: 'truncated' } });
  });

  it('keeps no segment whose kind it does not know', async () => {
    const jpeg = await makeJpeg(drawScene({ seed: 6, width: 64, height: 48 }));
    const withSegment = (...bytes: number[]) => Buffer.concat([jpeg.subarray(0, 2), Buffer.from(bytes), Buffer.from('secret'), jpeg.subarray(2)]);
    // JPEG's extensions, an application's own, Adobe's that is longer than its fields, a second JFIF with a thumbnail
    for (const marker of [0xf0, 0xfd, 0xe5, 0xee, 0xe0]) {
      const clean = strip(withSegment(0xff, marker, 0, 8));
      expect(Buffer.from(clean).equals(strip(jpeg)), marker.toString(16)).toBe(true);
    }
    // what has no length cannot be passed over
    expect(keepPictureOnly(withSegment(0xff, 0x01))).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    expect(keepPictureOnly(withSegment(0xff, 0xd8))).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    expect(keepPictureOnly(withSegment(0xff, 0xe1, 0, 1))).toMatchObject({ ok: false });
  });

  it("real cameras' JPEGs lose what they say and keep what they show", async (context) => {
    needPhotos(context);
    const manifest = JSON.parse(readFileSync(join(photosFolder, 'manifest.json'), 'utf8')) as unknown;
    const names = [...new Set(JSON.stringify(manifest).match(/[\w./-]+\.jpe?g(?=")/gi) ?? [])];
    let seen = 0;
    for (const name of names) {
      if (seen >= 12) break;
      let jpeg: Uint8Array;
      try {
        jpeg = readFileSync(join(photosFolder, name));
      } catch {
        continue;
      }
      const before = jpeg.length === 0 ? null : await sharp(jpeg).metadata().catch(() => null);
      if (!before?.exif || before.width * before.height > 8_000_000) continue;
      const clean = keepPictureOnly(jpeg, 'profile');
      if (!clean.ok) continue;
      seen += 1;
      expect((await sharp(clean.value).metadata()).exif).toBeUndefined();
      expect((await pixelsOf(clean.value)).equals(await pixelsOf(jpeg))).toBe(true);
    }
    expect(seen).toBeGreaterThan(0);
  });
});
