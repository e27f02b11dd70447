/** What other programs have said in XMP: packets and sidecars of all encodings, and packets that are damaged or hostile. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeXmp, parseXmp } from '../../main/domain/index.ts';
import type { XmpFacts } from '../../main/domain/index.ts';
import { createMetadataReader } from '../../main/adapters/exifr/index.ts';
import { readerOfBytes } from '../../main/stages/containers/reader.ts';
import { readMetadata } from '../../main/stages/metadata/index.ts';
import { needPhotos, photosFolder } from '../config/needs.ts';
import { drawScene, joinBytes, makeJpeg } from '../fixtures/index.ts';

const attributes = `<?xpacket begin="\ufeff"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description rdf:about=""
  xmp:Rating="4" aux:SerialNumber="062021002724" xmp:Label="Gr\u00fcn &amp; gut" photoshop:DateCreated="2024-05-01T12:00:00.25+02:00">
  <dc:subject><rdf:Bag><rdf:li>harbour</rdf:li><rdf:li>Tj\u00f6rn &#x1F6A2;</rdf:li><rdf:li>harbour</rdf:li></rdf:Bag></dc:subject>
</rdf:Description></rdf:RDF></x:xmpmeta>`;
const nothing: XmpFacts = { rating: null, label: null, flag: null, keywords: null, forExtension: null, serial: null, createdAt: null };
const elements = '<rdf:Description><xmp:Rating>-1</xmp:Rating><xmp:Label>Red</xmp:Label></rdf:Description>';

function utf16(text: string, little: boolean): Uint8Array {
  const bytes = new Uint8Array(2 + text.length * 2);
  const view = new DataView(bytes.buffer);
  [0xfeff, ...[...Array(text.length).keys()].map((index) => text.charCodeAt(index))].forEach((unit, index) => view.setUint16(index * 2, unit, little));
  return bytes;
}

test('rating, label, keywords and time, as attributes and as elements, in three encodings', () => {
  const expected = { rating: 4, label: 'Gr\u00fcn & gut', keywords: ['harbour', 'Tj\u00f6rn \u{1F6A2}'], flag: null, forExtension: null, serial: '062021002724', createdAt: '2024-05-01T12:00:00.25+02:00' };
  for (const bytes of [new TextEncoder().encode(attributes), utf16(attributes, true), utf16(attributes, false)]) expect(parseXmp(decodeXmp(bytes))).toEqual(expected);
  expect(parseXmp(elements)).toEqual({ ...nothing, rating: -1, label: 'Red' });
});

test("pick and reject in the words of Lightroom, digiKam, other programs of Adobe's, and Photo Mechanic", () => {
  const flagOf = (attributes: string): XmpFacts['flag'] => parseXmp(`<rdf:Description ${attributes}/>`).flag;
  for (const pick of ['xmpDM:pick="1"', 'digiKam:PickLabel="3"', 'xmpDM:good="True"', 'photomechanic:Tagged="True"', 'xmpDM:pick="0" xmpDM:good="true"']) expect(flagOf(pick), pick).toBe('pick');
  for (const reject of ['xmpDM:pick="-1"', 'digiKam:PickLabel="1"', 'xmpDM:good="False"']) expect(flagOf(reject), reject).toBe('reject');
  for (const neither of ['xmpDM:pick="0"', 'digiKam:PickLabel="2"', 'photomechanic:Tagged="False"', 'xmpDM:pick="yes"', '']) expect(flagOf(neither), neither).toBeNull();
});

test("darktable's colours, words of a hierarchy where there are no others, and the kind of file a sidecar is for", () => {
  const list = (name: string, ...items: string[]): string => `<${name}><rdf:Seq>${items.map((item) => `<rdf:li>${item}</rdf:li>`).join('')}</rdf:Seq></${name}>`;
  expect(parseXmp(list('darktable:colorlabels', '2', '0')).label).toBe('Green');
  expect(parseXmp(`<a xmp:Label="Select"/>${list('darktable:colorlabels', '2')}`).label).toBe('Select');
  for (const odd of ['9', '-1', 'red', '1.5']) expect(parseXmp(list('darktable:colorlabels', odd)).label, odd).toBeNull();
  const hierarchy = list('lr:hierarchicalSubject', 'Places|Sweden|Tj\u00f6rn', 'boats', 'Trips|boats', 'empty|');
  expect(parseXmp(hierarchy).keywords).toEqual(['Tj\u00f6rn', 'boats']);
  expect(parseXmp(hierarchy + list('dc:subject', 'sea')).keywords).toEqual(['sea']);
  expect(parseXmp('<a photoshop:SidecarForExtension="CR3"/>').forExtension).toBe('cr3');
});

test('what is no rating, no text and no packet is nothing', () => {
  for (const value of ['9', 'four', '', '1e99']) expect(parseXmp(`<a xmp:Rating="${value}"/>`).rating).toBeNull();
  expect(parseXmp('<dc:subject><rdf:li>open')).toEqual(nothing);
  expect(parseXmp(`<dc:subject>${'<rdf:li>'.repeat(50_000)}</dc:subject>`).keywords).toBeNull();
  expect(decodeXmp(new Uint8Array([0x41, 0xff, 0xc3, 0xa9, 0xe2, 0x82]))).toBe('A\u00ff\u00e9\u00e2\u0082');
  expect(decodeXmp(new Uint8Array(0))).toBe('');
});

test('the packet inside a JPEG becomes part of its metadata', async () => {
  const jpeg = await makeJpeg(drawScene({ seed: 5, width: 96, height: 64 }), { exif: { make: 'Canon' } });
  const packet = joinBytes([new TextEncoder().encode('http://ns.adobe.com/xap/1.0/\0'), new TextEncoder().encode(attributes)]);
  const segment = joinBytes([new Uint8Array([0xff, 0xe1, (packet.length + 2) >> 8, (packet.length + 2) & 255]), packet]);
  const read = await readMetadata(readerOfBytes(joinBytes([jpeg.subarray(0, 2), segment, jpeg.subarray(2)])), 'jpeg', createMetadataReader());
  expect(read.ok && read.value).toMatchObject({ make: 'Canon', rating: 4, label: 'Gr\u00fcn & gut', keywords: ['harbour', 'Tj\u00f6rn \u{1F6A2}'] });
});

test('sidecars of another program', (context) => {
  needPhotos(context);
  expect(parseXmp(decodeXmp(readFileSync(join(photosFolder, 'sidecar', '2010.xmp')))).createdAt).toBe('2010-09-27T14:35:33+02:00');
});
