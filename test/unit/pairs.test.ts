/** RAW and JPEG of one shot. */
import { expect, test } from 'vitest';
import { findPairs, isRawPath } from '../../main/domain/index.ts';

const pairsOf = (...paths: string[]): [string, string][] => {
  const pairs = findPairs(paths.map((path, id) => ({ id, path })));
  return [...pairs].map(([from, to]): [string, string] => [paths[from]!, paths[to]!]);
};

test('a RAW and a JPEG of one name in one folder point at each other', () => {
  expect(pairsOf('a/IMG_1.CR2', 'a/IMG_1.JPG')).toEqual([['a/IMG_1.CR2', 'a/IMG_1.JPG'], ['a/IMG_1.JPG', 'a/IMG_1.CR2']]);
});

test('capital letters do not matter, HEIF counts as JPEG, names with dots are whole', () => {
  expect(pairsOf('x/dsc_7.nef', 'x/DSC_7.jpeg')).toHaveLength(2);
  expect(pairsOf('p.q/a.b.ARW', 'p.q/a.b.HIF')).toHaveLength(2);
  expect(pairsOf('IMG_2.CR3', 'IMG_2.heic')).toHaveLength(2);
});

test('other folders, other names, two JPEGs, two RAWs or a RAW alone are no pair', () => {
  expect(pairsOf('a/1.CR2', 'b/1.JPG')).toEqual([]);
  expect(pairsOf('a/1.CR2', 'a/10.JPG')).toEqual([]);
  expect(pairsOf('a/1.JPG', 'a/1.jpeg')).toEqual([]);
  expect(pairsOf('a/1.CR2', 'a/1.DNG', 'a/1.JPG')).toEqual([]);
  expect(pairsOf('a/1.CR2', 'a/1.xmp', 'a/1.png')).toEqual([]);
  expect(pairsOf('a/.CR2', 'a/.JPG')).toEqual([]);
});

test('with both a JPEG and a HEIF the JPEG is the half', () => {
  expect(pairsOf('a/1.ARW', 'a/1.HIF', 'a/1.JPG')).toEqual([['a/1.ARW', 'a/1.JPG'], ['a/1.JPG', 'a/1.ARW']]);
});

test('RAW is told by extension', () => {
  expect(['a.NEF', 'b/c.dng', 'x.raf'].every(isRawPath)).toBe(true);
  expect(['a.jpg', 'nef', 'b.nef/c.tif'].some(isRawPath)).toBe(false);
});
