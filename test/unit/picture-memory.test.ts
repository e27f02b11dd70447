/** Which large pictures the codec decodes, by what their headers say. */
import type { Metadata } from 'sharp';
import { expect, test } from 'vitest';
import { refuseForMemory } from '../../main/adapters/sharp/memory.ts';

function codeOf(facts: Partial<Metadata>, { bytes = 50_000_000, turned = false } = {}): string | null {
  return refuseForMemory({ width: 20_000, height: 20_000, channels: 3, depth: 'uchar', format: 'jpeg', isProgressive: false, ...facts } as Metadata, bytes, turned)?.code ?? null;
}

test('what is read in strips is decoded at any size; what has to be held is not', () => {
  expect([codeOf({}), codeOf({ format: 'tiff', depth: 'ushort' }), codeOf({ format: 'png' })]).toEqual([null, null, null]);
  expect([codeOf({ isProgressive: true }), codeOf({ format: 'png', isProgressive: true }), codeOf({ format: 'webp' }), codeOf({ format: 'heif' })]).toEqual(Array(4).fill('too-large'));
  expect([codeOf({}, { turned: true }), codeOf({ format: 'tiff' }, { turned: true })]).toEqual(['too-large', 'too-large']);
});

test('progressive JPEGs of the largest cameras are decoded', () => {
  const size = { width: 12_000, height: 9_000, isProgressive: true };
  expect(codeOf({ ...size, chromaSubsampling: '4:2:0' })).toBeNull();
  expect(codeOf({ ...size, chromaSubsampling: '4:4:4' })).toBe('too-large');
});

test('a file that is far too short for its pixels is no picture', () => {
  expect([codeOf({}, { bytes: 2_000_000 }), codeOf({}, { bytes: 3_000_000 })]).toEqual(['preview-not-real', null]);
});
