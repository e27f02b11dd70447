import { describe, expect, test } from 'vitest';
import { joinPath, nameOf, stemOf } from '../../main/base/index.ts';
import { familyName, isInside, nameKey, turnOf } from '../../main/features/deliver/names.ts';
import { readerOfBytes } from '../../main/stages/containers/reader.ts';
import { findIptc, insertMetadata } from '../../main/stages/deliver/segments.ts';
import { cleanXmp } from '../../main/stages/deliver/xmp.ts';

describe('names of exported files', () => {
  test('stem and name', () => {
    expect(['a/b/IMG_1.CR2', 'IMG_1.CR2'].map(nameOf)).toEqual(['IMG_1.CR2', 'IMG_1.CR2']);
    expect(['IMG_1.CR2.xmp', 'noext', '.hidden', 'a.b'].map(stemOf)).toEqual(['IMG_1.CR2', 'noext', '.hidden', 'a']);
  });

  test('a turn renames a whole family alike, and is found again', () => {
    const family = ['IMG_1.CR2', 'IMG_1.JPG', 'img_1.CR2.xmp'];
    expect(family.map((name) => familyName(name, 5, 3))).toEqual(['IMG_1-3.CR2', 'IMG_1-3.JPG', 'img_1-3.CR2.xmp']);
    for (const name of family) for (const turn of [1, 2, 17, 9999]) expect(turnOf(familyName(name, 5, turn), name, 5)).toBe(turn);
    for (const other of ['IMG_1-1.CR2', 'IMG_1-02.CR2', 'IMG_1-x.CR2', 'IMG_1-2.NEF', 'IMG_2-2.CR2', 'IMG_1-.CR2', 'IMG_1CR2']) expect(turnOf(other, 'IMG_1.CR2', 5)).toBeNull();
  });

  test('names that some disks take as one have one key', () => {
    expect(nameKey('IMG_É.JPG')).toBe(nameKey('img_e\u0301.jpg'));
    expect(nameKey('IMG_1.JPG')).not.toBe(nameKey('IMG_2.JPG'));
  });

  test('a folder is inside itself and its parents, by whole names', () => {
    expect(isInside('/a/b', '/a/b')).toBe(true);
    expect(isInside('/a/b/c', '/a/b')).toBe(true);
    expect(isInside('/a/b-2', '/a/b')).toBe(false);
    expect(isInside('/a', '/a/b')).toBe(false);
    expect(isInside('/a/B/c', '/a/b')).toBe(false);
    expect(isInside('c:\\Shoot\\out', 'C:\\shoot')).toBe(true);
    expect(isInside('C:\\shoot2', 'C:\\shoot')).toBe(false);
    expect(isInside('/anything', '/')).toBe(true);
  });

  test('paths join with one separator', () => {
    expect([joinPath('/out', 'a.jpg'), joinPath('/', 'a.jpg'), joinPath('C:\\', 'a.jpg')]).toEqual(['/out/a.jpg', '/a.jpg', 'C:\\a.jpg']);
  });
});

describe('XMP of a finished picture', () => {
  const packet = (attributes: string, content = ''): string =>
    `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description rdf:about="" ${attributes}>${content}</rdf:Description></rdf:RDF></x:xmpmeta>${' '.repeat(2000)}<?xpacket end="w"?>`;
  const clean = (attributes: string, content = ''): string => cleanXmp(packet(attributes, content)) ?? 'none';

  test('keeps what the person wrote, without padding', () => {
    const made = clean('xmp:Rating="4" photoshop:City="Mumbai"', '<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">Asha</rdf:li></rdf:Alt></dc:rights>');
    expect(made).toContain('xmp:Rating="4" photoshop:City="Mumbai"');
    expect(made).toContain('<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">Asha</rdf:li></rdf:Alt></dc:rights>');
    expect(made.length).toBeLessThan(500);
  });

  test('drops what described the old file, in every form', () => {
    const made = clean(
      `tiff:Orientation="6" crs:Exposure2012='+1' xmp:Rating="4"`,
      '<tiff:Orientation>6</tiff:Orientation><crs:ToneCurve><rdf:Seq><rdf:li>0, 0</rdf:li></rdf:Seq></crs:ToneCurve><crs:Empty/><xmp:Thumbnails><rdf:Alt><rdf:li xmpGImg:format="JPEG"><xmpGImg:image>abc</xmpGImg:image></rdf:li></rdf:Alt></xmp:Thumbnails><dc:title>kept</dc:title>',
    );
    expect(made).toContain('<rdf:Description rdf:about="" xmp:Rating="4"><dc:title>kept</dc:title></rdf:Description>');
    expect(made).not.toMatch(/crs:|Orientation|Thumbnails|xmpGImg/);
  });

  test('a packet that cannot be cleaned, is damaged or too long is left out', () => {
    expect(clean('', '<crs:Look><crs:Look>1</crs:Look></crs:Look>')).toBe('none');
    expect(clean('', '<crs:Look>never ends')).toBe('none');
    expect(cleanXmp('<x:xmpmeta><rdf:RDF>cut')).toBeNull();
    expect(cleanXmp('no packet at all')).toBeNull();
    expect(clean(`dc:description="${'long '.repeat(14_000)}"`)).toBe('none');
  });
});

describe('segments of a finished picture', () => {
  const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xdb, 0, 3, 7, 0xff, 0xd9]);

  test('Exif comes first, in the place of JFIF; IPTC is found again', () => {
    const iptc = new Uint8Array([0x1c, 2, 80, 0, 1, 65, 9]);
    const made = insertMetadata(jpeg, { exif: new Uint8Array([77, 77]), xmp: null, iptc });
    expect([...made.subarray(0, 14)]).toEqual([0xff, 0xd8, 0xff, 0xe1, 0, 10, 0x45, 0x78, 0x69, 0x66, 0, 0, 77, 77]);
    expect([...made.subarray(-7)]).toEqual([0xff, 0xdb, 0, 3, 7, 0xff, 0xd9]);
    expect(findIptc(readerOfBytes(made))).toEqual(iptc);
  });

  test('without metadata nothing changes, and nothing is found in what is no JPEG', () => {
    expect(insertMetadata(jpeg, { exif: null, xmp: null, iptc: null })).toEqual(jpeg);
    expect(findIptc(readerOfBytes(jpeg))).toBeNull();
    expect(findIptc(readerOfBytes(new Uint8Array([1, 2, 3])))).toBeNull();
  });

  test('what does not fit a segment is left out', () => {
    expect(insertMetadata(jpeg, { exif: null, xmp: new Uint8Array(70_000), iptc: null })).toEqual(jpeg);
  });
});
