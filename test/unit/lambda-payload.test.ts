/** What leaves the computer, and in what portions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { fitsRequest, halve, packBatches, workOff } from '../../main/adapters/lambda/batches.ts';
import { stripToPicture } from '../../main/adapters/lambda/index.ts';
import { parseScoreAnswer, parseScoreRequest } from '../../main/domain/index.ts';
import { needPhotos, photosFolder } from '../config/needs.ts';
import { drawScene, makeJpeg } from '../fixtures/index.ts';

const pixelsOf = (jpeg: Uint8Array) => sharp(jpeg).raw().toBuffer();

function strip(jpeg: Uint8Array): Uint8Array {
  const stripped = stripToPicture(jpeg);
  if (!stripped.ok) throw new Error(stripped.error.message);
  return stripped.value;
}

describe('stripToPicture', () => {
  it.each([false, true])('leaves the picture bit by bit and nothing else (progressive: %s)', async (progressive) => {
    const pixels = drawScene({ seed: 3, width: 200, height: 133 });
    const bare = await makeJpeg(pixels, { progressive });
    const full = new Uint8Array(await sharp(bare).withExif({ IFD0: { Artist: 'Nobody Else' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' } }).withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">Secret Place</x:xmpmeta>').jpeg({ progressive }).toBuffer());
    const comment = Buffer.from('\xff\xfe\x00\x0ccard no. 7', 'latin1');
    const behind = Buffer.from('a second picture, with its own Secret Place');
    const dirty = Buffer.concat([full.subarray(0, 2), comment, full.subarray(2), behind]);
    expect((await sharp(dirty).metadata()).exif).toBeDefined();
    const clean = strip(dirty);
    const { exif, xmp, iptc, comments } = await sharp(clean).metadata();
    expect({ exif, xmp, iptc, comments }).toEqual({ exif: undefined, xmp: undefined, iptc: undefined, comments: undefined });
    for (const word of ['Exif', 'GPS', 'Nobody', 'Secret', 'card no']) expect(Buffer.from(clean).includes(word)).toBe(false);
    expect((await pixelsOf(clean)).equals(await pixelsOf(dirty))).toBe(true);
    // what is clean already is not changed
    expect(Buffer.from(strip(clean)).equals(clean)).toBe(true);
  });

  it('keeps an ICC profile, which decides on the colours', async () => {
    const jpeg = new Uint8Array(await sharp(await makeJpeg(drawScene({ seed: 4, width: 64, height: 64 }))).withIccProfile('p3').jpeg().toBuffer());
    expect((await sharp(strip(jpeg)).metadata()).icc).toEqual((await sharp(jpeg).metadata()).icc);
  });

  it('refuses what is no JPEG, and one that was cut off anywhere', async () => {
    expect(stripToPicture(new Uint8Array(0))).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    expect(stripToPicture(Buffer.from('\x89PNG\r\n'))).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    const jpeg = await makeJpeg(drawScene({ seed: 5, width: 64, height: 64 }));
    for (let length = 2; length < jpeg.length; length += 7) expect(stripToPicture(jpeg.subarray(0, length))).toMatchObject({ ok: false, error: { code: 'truncated' } });
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
      const clean = stripToPicture(jpeg);
      if (!clean.ok) continue;
      seen += 1;
      expect((await sharp(clean.value).metadata()).exif).toBeUndefined();
      expect((await pixelsOf(clean.value)).equals(await pixelsOf(jpeg))).toBe(true);
    }
    expect(seen).toBeGreaterThan(0);
  });
});

describe('batches', () => {
  it('hold no more than so many pictures and bytes, in order, each once', () => {
    const images = Array.from({ length: 100 }, (_, at) => ({ at, jpeg: new Uint8Array((at % 7) * 200_000) }));
    const batches = packBatches(images, 24);
    expect(batches.flatMap((batch) => batch.images.map(({ at }) => at))).toEqual(images.map(({ at }) => at));
    for (const { images: some } of batches) {
      expect(some.length).toBeLessThanOrEqual(24);
      const body = JSON.stringify({ model: 'a'.repeat(64), images: some.map(({ jpeg }) => ({ key: 'b'.repeat(64), jpeg: Buffer.from(jpeg).toString('base64') })) });
      expect(body.length).toBeLessThanOrEqual(6_291_456);
    }
    expect(halve(batches[0]!).flatMap((half) => half.images)).toEqual(batches[0]!.images);
    expect([fitsRequest(4_700_000), fitsRequest(4_720_000)]).toEqual([true, false]);
  });

  it('are worked off so many at a time, with what comes of them', async () => {
    let busy = 0;
    let most = 0;
    const done: number[] = [];
    await workOff([16, 3, 5], 2, async (one) => {
      most = Math.max(most, ++busy);
      await new Promise((resolve) => setTimeout(resolve, 1));
      busy -= 1;
      done.push(one);
      return one > 8 ? [one / 2, one / 2] : [];
    });
    expect(done.sort((a, b) => a - b)).toEqual([3, 5, 8, 8, 16]);
    expect(most).toBe(2);
    await workOff([], 2, () => Promise.reject(new Error('nothing to do')));
  });
});

describe('requests and answers', () => {
  const [key, model] = ['a'.repeat(64), 'b'.repeat(64)];
  const good = { model, images: [{ key, jpeg: 'AAAA' }] };
  it.each([null, 7, 'text', [], {}, { model, images: [] }, { ...good, model: 'B'.repeat(64) }, { ...good, images: [{ key }] }, { ...good, images: [{ key, jpeg: 'not base64!' }] }, { ...good, images: [{ key: '../x', jpeg: '' }] }, { ...good, images: [good.images[0], good.images[0]] }, { ...good, images: Array.from({ length: 65 }, () => good.images[0]) }].map((value) => [JSON.stringify(value).slice(0, 40), value]))('%s is no request', (_, value) => {
    expect(parseScoreRequest(value)).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  });
  it('what a request has beside is not taken over', () => {
    expect(parseScoreRequest({ ...good, path: '/etc' })).toEqual({ ok: true, value: good });
  });
  it.each([null, [], 'ok', {}, { model: key, images: [] }, { model, images: [] }, { model, images: [{ key: model, embedding: 'AAAA' }] }, { model, images: [{ key }] }, { model, images: [{ key, error: { code: 'made-up', message: '' } }] }, { error: { code: 'made-up' } }, { error: 'no' }].map((value) => [JSON.stringify(value).slice(0, 40), value]))('%s is no answer', (_, value) => {
    expect(parseScoreAnswer(value, good)).toMatchObject({ ok: false, error: { code: 'place-failed' } });
  });
  it('a refusal of all keeps its code', () => {
    expect(parseScoreAnswer({ error: { code: 'model-wrong', message: 'Another.' } }, good)).toMatchObject({ ok: false, error: { code: 'model-wrong', message: 'Another.' } });
  });
});
