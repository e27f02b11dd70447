/** Sidecars, whole, broken and hostile, and what is made of several of them and of the file itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { isSidecarFor, joinExistingMarks, longestSidecar, noExistingMarks, readSidecar } from '../../main/domain/index.ts';
import type { SidecarFacts } from '../../main/domain/index.ts';
import { createSidecarBook } from '../../main/features/library/sidecars.ts';
import type { SidecarRow } from '../../main/catalog/types.ts';
import { needPhotos, photosFolder } from '../config/needs.ts';
import { plainMetadata } from './photo-facts.ts';

const silent: SidecarFacts = { rating: null, label: null, flag: null, keywords: null, forExtension: null };
const packet = (attributes: string, inside = ''): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description rdf:about="" ${attributes}>${inside}</rdf:Description></rdf:RDF></x:xmpmeta>`;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const codeOf = (bytes: Uint8Array): string => {
  const read = readSidecar(bytes);
  return read.ok ? 'ok' : read.error.code;
};

describe('a sidecar', () => {
  it('is read; one that says nothing of interest is no error', () => {
    expect(readSidecar(bytesOf(packet('xmp:Rating="3" xmp:Label="Red"')))).toEqual({ ok: true, value: { ...silent, rating: 3, label: 'Red' } });
    expect(readSidecar(bytesOf(packet('xmp:CreatorTool="x"')))).toEqual({ ok: true, value: silent });
  });

  it('that is broken has a code', () => {
    expect(codeOf(new Uint8Array(0))).toBe('empty-file');
    expect(codeOf(Uint8Array.from({ length: 5_000 }, (_, at) => (at * 7919) & 255))).toBe('metadata-broken');
    expect(codeOf(bytesOf('Rating: 5\n'))).toBe('metadata-broken');
    const whole = bytesOf(packet('xmp:Rating="3"', '<dc:subject><rdf:Bag><rdf:li>sea</rdf:li></rdf:Bag></dc:subject>'));
    for (let length = 0; length < whole.length; length += 7) expect(codeOf(whole.subarray(0, length)), `${length} bytes`).not.toBe('ok');
  });

  it('that is huge is read from its head', () => {
    const text = packet('xmp:Rating="2"', `<crs:Masks>${'x'.repeat(longestSidecar)}</crs:Masks>`);
    expect(readSidecar(bytesOf(text).subarray(0, longestSidecar))).toMatchObject({ ok: true, value: { rating: 2 } });
  });

  it('that is hostile does no harm: entities, depth, endless lists, stray quotes', () => {
    const entities = Array.from({ length: 10 }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`).join('');
    expect(readSidecar(bytesOf(`<!DOCTYPE x [<!ENTITY l0 "lol">${entities}]>${packet('xmp:Label="&l10;" xmp:Rating="&l10;"')}`))).toMatchObject({ ok: true, value: { label: '&l10;', rating: null } });
    const fill = (text: string): Uint8Array => bytesOf(packet('', text.repeat(Math.floor(longestSidecar / text.length)))).subarray(0, longestSidecar);
    for (const text of ['<a>', '<rdf:li>', '<dc:subject><rdf:li>', ' xmp:Rating="', " xmp:Rating='", ' xmp:Rating =', '<xmp:Rating>', '&#x41;', ' xmp:Label="\u00e9', '<rdf:li ', 'photoshop:SidecarForExtension='])
      expect(codeOf(fill(text)), text).toBe('ok');
  });

  it('of another program, in UTF-16', (context) => {
    needPhotos(context);
    for (const name of ['2000.xmp', '2010.xmp']) expect(readSidecar(readFileSync(join(photosFolder, 'sidecar', name))), name).toEqual({ ok: true, value: silent });
  });
});

test('each value comes from the first that states it: sidecars in their order, then the file', () => {
  const file = { ...plainMetadata, rating: 5, label: 'Blue', keywords: ['sea'] };
  expect(joinExistingMarks(file, [])).toEqual({ rating: { value: 5, from: 'file' }, label: { value: 'Blue', from: 'file' }, flag: null, keywords: { value: ['sea'], from: 'file' } });
  const joined = joinExistingMarks(file, [{ ...silent, rating: 0 }, { ...silent, rating: 4, label: 'Red' }]);
  expect(joined).toEqual({ rating: { value: 0, from: 'sidecar' }, label: { value: 'Red', from: 'sidecar' }, flag: null, keywords: { value: ['sea'], from: 'file' } });
  expect(joinExistingMarks(null, [silent])).toBe(noExistingMarks);
  expect(joinExistingMarks(plainMetadata, [])).toBe(noExistingMarks);
});

test('a rating of -1 is a reject, unless a sidecar has another rating', () => {
  expect(joinExistingMarks({ ...plainMetadata, rating: -1 }, []).flag).toEqual({ value: 'reject', from: 'file' });
  expect(joinExistingMarks({ ...plainMetadata, rating: -1 }, [{ ...silent, rating: 2 }]).flag).toBeNull();
  expect(joinExistingMarks({ ...plainMetadata, rating: -1 }, [{ ...silent, flag: 'pick' }]).flag).toEqual({ value: 'pick', from: 'sidecar' });
});

describe('the sidecars of a photo', () => {
  const row = (path: string, mtimeMs: number, facts: Partial<SidecarFacts> | null): SidecarRow => ({ path, bytes: 1, mtimeMs, version: 1, facts: facts && { ...silent, ...facts }, error: null });
  const bookOf = (...rows: SidecarRow[]) => {
    const book = createSidecarBook();
    book.take(rows);
    return { book, namesOf: (path: string) => book.of(path).map((one) => one.path) };
  };

  it('are named after the whole name or the name without extension, whatever the case; the whole name counts more', () => {
    const { book, namesOf } = bookOf(row('a/IMG_1.xmp', 9, { rating: 1 }), row('a/img_1.cr3.XMP', 1, { rating: 2 }), row('a/IMG_1.JPG.xmp', 1, {}), row('IMG_1.xmp', 1, {}), row('a/IMG_10.xmp', 1, {}));
    expect(namesOf('a/IMG_1.CR3')).toEqual(['a/img_1.cr3.XMP', 'a/IMG_1.xmp']);
    expect(namesOf('a/IMG_1.JPG')).toEqual(['a/IMG_1.JPG.xmp', 'a/IMG_1.xmp']);
    expect(namesOf('a/IMG_2.CR3')).toEqual([]);
    expect(book.existingOf('a/IMG_1.CR3', null).rating).toEqual({ value: 2, from: 'sidecar' });
  });

  it('of one name in two cases: the newer counts more, and one that goes is forgotten', () => {
    const { book, namesOf } = bookOf(row('IMG_1.xmp', 1, {}), row('IMG_1.XMP', 2, {}));
    expect(namesOf('IMG_1.CR3')).toEqual(['IMG_1.XMP', 'IMG_1.xmp']);
    book.forget(['IMG_1.XMP']);
    expect(namesOf('IMG_1.CR3')).toEqual(['IMG_1.xmp']);
    book.take([row('IMG_1.xmp', 3, { rating: 5 })]);
    expect(book.of('IMG_1.CR3')).toHaveLength(1);
    book.forget(['IMG_1.xmp']);
    expect(namesOf('IMG_1.CR3')).toEqual([]);
  });

  it('that names another kind of file is not for this one', () => {
    const { namesOf } = bookOf(row('IMG_1.xmp', 1, { forExtension: 'dng' }));
    expect([namesOf('IMG_1.CR3'), namesOf('IMG_1.DNG')]).toEqual([[], ['IMG_1.xmp']]);
    expect(isSidecarFor({ ...silent, forExtension: 'cr3' }, 'a/IMG_1.CR3')).toBe(true);
  });
});
