/** Addresses of pictures and what their answers say, as both shells have them. */
import { describe, expect, it } from 'vitest';
import { coded } from '../../main/base/index.ts';
import { headersOfPicture, parsePicturePath, parsePictureQuery } from '../../main/contract/index.ts';

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

  it('answers say where the pixels come from; only what lasts may be kept', () => {
    expect(headersOfPicture({ source: 'rendered' }, true)).toEqual({ 'Content-Type': 'image/jpeg', 'Cache-Control': 'private, max-age=31536000, immutable', 'Picture-Source': 'rendered' });
    expect(headersOfPicture({ source: 'self' }, false)['Cache-Control']).toBe('no-store');
    const refused = headersOfPicture({ source: 'embedded', refusal: coded('format-unsupported', 'No.') }, true);
    expect([refused['Picture-Refusal'], refused['Cache-Control']]).toEqual(['format-unsupported', 'private, max-age=31536000, immutable']);
    expect(headersOfPicture({ source: 'embedded', refusal: coded('timeout', 'No.', { retry: true }) }, true)['Cache-Control']).toBe('no-store');
  });
});
