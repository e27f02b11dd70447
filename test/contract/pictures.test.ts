/** Addresses of pictures and what their answers say, as both shells have them. */
import { describe, expect, it } from 'vitest';
import { coded } from '../../main/base/index.ts';
import { headersOfPicture, parsePicturePath, parsePictureQuery, writeCrop } from '../../main/contract/index.ts';

describe('addresses of pictures', () => {
  it.each([
    ['', { hasKey: false, from: 'auto' }],
    ['k=1a2-b.3', { hasKey: true, from: 'auto' }],
    ['k=a&from=rendered', { hasKey: true, from: 'rendered' }],
    ['k=a&from=embedded', { hasKey: true, from: 'embedded' }],
    ['k=a&from=auto', { hasKey: true, from: 'auto' }],
    ['from=rendered', { hasKey: false, from: 'rendered' }],
  ])('%s', (query, expected) => expect(parsePictureQuery(query)).toEqual(expected));

  it.each(['k=', 'k=a&', '&from=rendered', 'k=afrom=rendered', 'k=a&from=', 'k=a&from=Rendered', 'k=a&from=raw', 'from=rendered&k=a', 'k=a&k=b', 'k=a&x=1', 'x=1', 'k=a b', 'k=a%20b', `k=${'a'.repeat(201)}`, 'k=a&from=rendered\n', 'from=constructor'])(
    'refuses %j',
    (query) => expect(parsePictureQuery(query)).toBeNull(),
  );

  it('paths are of one spelling', () => {
    expect(parsePicturePath('/7/full')).toEqual({ id: 7, size: 'full' });
    for (const path of ['/07/full', '/7/full/', '/7/FULL', '/7', '7/full', '/7/full?x', '/-7/full', '/7.0/full']) expect(parsePicturePath(path), path).toBeNull();
  });

  it('a part of a picture is written and read back, and is never outside it', () => {
    expect(writeCrop({ x: 0.25, y: 0.5, w: 0.1, h: 0.08 })).toBe('crop-2500-5000-1000-800');
    expect(parsePicturePath('/7/crop-2500-5000-1000-800')).toEqual({ id: 7, size: { x: 0.25, y: 0.5, w: 0.1, h: 0.08 } });
    for (const region of [{ x: 0, y: 0, w: 1, h: 1 }, { x: 1, y: 1, w: 0, h: 0 }, { x: -3, y: 0.99999, w: 9, h: 1e-9 }, { x: 1 / 3, y: 2 / 3, w: 2 / 3, h: 1 / 3 }]) {
      const { x, y, w, h } = parsePicturePath(`/1/${writeCrop(region)}`)!.size as { x: number; y: number; w: number; h: number };
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(Math.min(w, h)).toBeGreaterThan(0);
      expect(Math.max(x + w, y + h)).toBeLessThanOrEqual(1.000001);
    }
    for (const size of ['crop-', 'crop-0-0-0-1', 'crop-0-0-1', 'crop-00-0-1-1', 'crop-5000-0-5001-1', 'crop-0-0-1-1-1', 'crop--1-0-1-1', 'crop-99999-0-1-1', 'crop-0-0-1-1.5', 'crop-NaN-0-1-1'])
      expect(parsePicturePath(`/1/${size}`), size).toBeNull();
  });

  it('answers say where the pixels come from; only what lasts may be kept', () => {
    expect(headersOfPicture({ source: 'rendered' }, true)).toEqual({ 'Content-Type': 'image/jpeg', 'Cache-Control': 'private, max-age=31536000, immutable', 'Picture-Source': 'rendered' });
    expect(headersOfPicture({ source: 'self' }, false)['Cache-Control']).toBe('no-store');
    const refused = headersOfPicture({ source: 'embedded', refusal: coded('format-unsupported', 'No.') }, true);
    expect([refused['Picture-Refusal'], refused['Cache-Control']]).toEqual(['format-unsupported', 'private, max-age=31536000, immutable']);
    expect(headersOfPicture({ source: 'embedded', refusal: coded('timeout', 'No.', { retry: true }) }, true)['Cache-Control']).toBe('no-store');
  });
});
