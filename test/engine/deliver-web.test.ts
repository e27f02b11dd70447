import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestContext } from 'vitest';
import { ok } from '../../main/base/index.ts';
import type { StageOutputs } from '../../main/domain/index.ts';
import type { DecodePool } from '../../main/ports/index.ts';
import { isSrgbProfile } from '../../main/adapters/sharp/icc.ts';
import { findProgram, need, needPhotos, photosFolder } from '../config/needs.ts';
import { drawScene, makeJpeg, makeRaw, stampExif } from '../fixtures/index.ts';
import type { ExifFields } from '../fixtures/index.ts';
import { createExportHome, createExportPool } from './deliver-kit.ts';
import type { ExportHome } from './deliver-kit.ts';

let pool: DecodePool;
let home: ExportHome;
beforeAll(() => {
  pool = createExportPool();
});
afterAll(() => pool.close());
beforeEach(() => {
  home = createExportHome({ pool });
});
afterEach(() => home.close());

const exif: ExifFields = {
  make: 'Canon', model: 'Canon EOS 6D', lens: 'EF50mm f/1.8 STM', date: '2024:05:01 12:00:00', subSec: '123', offset: '+02:00',
  exposureTime: 1 / 250, fNumber: 4, iso: 200, exposureBias: -1 / 3, focalLength: 50, copyright: '2024 Asha Rao', artist: 'Asha Rao',
};
const picture = (width: number, height: number, more: { exif?: ExifFields; quality?: number } = {}): Promise<Uint8Array> => makeJpeg(drawScene({ seed: 4, width, height }), more);

function needExiftool(context: TestContext): string {
  const exiftool = findProgram('exiftool');
  need(context, 'exiftool', exiftool !== null, 'exiftool is not on this machine');
  return exiftool ?? '';
}

type Tags = Record<string, unknown>;
/** Tags by `Group:Name`, as numbers where they are numbers. */
function readTags(exiftool: string, file: string): Tags {
  return (JSON.parse(execFileSync(exiftool, ['-j', '-n', '-G1', '-a', file], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })) as Tags[])[0]!;
}

/** Mean colour of the quarter of a picture at a corner. */
async function corner(file: Uint8Array, left: boolean, top: boolean): Promise<number[]> {
  const { width, height } = await sharp(file).metadata();
  const [w, h] = [Math.floor(width / 4), Math.floor(height / 4)];
  const { channels } = await sharp(await sharp(file).extract({ left: left ? 0 : width - w, top: top ? 0 : height - h, width: w, height: h }).toBuffer()).stats();
  return channels.map(({ mean }) => mean);
}

describe('pictures', () => {
  test('have 2048 pixels at most, quality 85, sRGB, and are not enlarged', async () => {
    home.put('large.JPG', await picture(3000, 2000, { exif, quality: 95 }));
    home.put('small.png', await sharp(await picture(300, 200)).png().toBuffer());
    home.choices = ['large.JPG', 'small.png'];
    const { plan, end } = await home.export('web');
    expect(plan).toMatchObject({ preset: 'web', photos: 2, files: 2 });
    expect(plan.bytes).toBeGreaterThan(0);
    expect(end).toEqual(ok({ written: 2, alreadyThere: 0, failed: 0 }));
    expect(home.names()).toEqual(['large.jpg', 'small.jpg']);
    expect(await sharp(home.read('large.jpg')).metadata()).toMatchObject({ format: 'jpeg', width: 2048, height: 1365, space: 'srgb', isProgressive: false });
    expect(await sharp(home.read('small.jpg')).metadata()).toMatchObject({ width: 300, height: 200 });
    // the luma table of libjpeg's quality 85, in zigzag order
    const bytes = home.read('large.jpg');
    const at = bytes.findIndex((byte, index) => byte === 0xff && bytes[index + 1] === 0xdb);
    expect([...bytes.subarray(at + 5, at + 9)]).toEqual([5, 3, 4, 4]);
  });

  test('of every orientation stand upright, once', async () => {
    const upright = await picture(480, 320);
    // what makes the stored picture of an upright one
    const turnsBack: Record<number, (upright: Sharp) => Sharp> = { 1: (it) => it, 2: (it) => it.flop(), 3: (it) => it.rotate(180), 4: (it) => it.flip(), 6: (it) => it.rotate(270), 8: (it) => it.rotate(90) };
    for (const [orientation, turnBack] of Object.entries(turnsBack)) {
      const stored = new Uint8Array(await turnBack(sharp(upright)).jpeg({ quality: 95 }).toBuffer());
      home.put(`J${orientation}.JPG`, stampExif(stored, { ...exif, orientation: Number(orientation) }));
      home.put(`R${orientation}.CR2`, makeRaw('cr2', { previews: [stored], exif: { ...exif, orientation: Number(orientation) } }));
      home.choices.push(`J${orientation}.JPG`, `R${orientation}.CR2`);
    }
    expect((await home.export('web')).end).toEqual(ok({ written: 12, alreadyThere: 0, failed: 0 }));
    for (const name of home.names()) {
      const made = home.read(name);
      const { width, height, orientation: tag } = await sharp(made).metadata();
      expect({ width, height, tag }, name).toEqual({ width: 480, height: 320, tag: 1 });
      for (const [left, top] of [[true, true], [false, true], [true, false], [false, false]] as const) {
        const [is, wanted] = [await corner(made, left, top), await corner(upright, left, top)];
        for (const [channel, mean] of is.entries()) expect(Math.abs(mean - wanted[channel]!), `${name}, ${left ? 'left' : 'right'} ${top ? 'top' : 'bottom'}`).toBeLessThan(4);
      }
    }
  });

  test('of another colour space are converted', async () => {
    const wide = await sharp({ create: { width: 640, height: 480, channels: 3, background: { r: 40, g: 200, b: 40 } } }).withIccProfile('p3').jpeg({ quality: 95 }).toBuffer();
    home.put('IMG_1.JPG', wide);
    home.choices = ['IMG_1.JPG'];
    await home.export('web');
    const made = await sharp(home.read('IMG_1.jpg')).metadata();
    expect(made.icc !== undefined && isSrgbProfile(made.icc)).toBe(true);
    const expected = await sharp(wide).toColourspace('srgb').raw().toBuffer();
    const is = await sharp(home.read('IMG_1.jpg')).raw().toBuffer();
    for (const channel of [0, 1, 2]) expect(Math.abs(is[channel]! - expected[channel]!)).toBeLessThanOrEqual(3);
  });

  test('of a pair are made once, from the larger of the two; from the other where that is damaged', async () => {
    const [small, large] = [await picture(600, 400), await picture(1500, 1000)];
    const known = (width: number, height: number, source: 'self' | 'embedded'): Partial<StageOutputs> => ({ preview: { source, width, height, embedded: [] } });
    home.put('A.CR2', makeRaw('cr2', { previews: [small], exif }));
    home.put('A.JPG', stampExif(large, exif));
    home.put('B.CR2', makeRaw('cr2', { previews: [large], exif }));
    home.put('B.JPG', stampExif(small, exif));
    home.put('C.CR2', makeRaw('cr2', { previews: [small], exif }));
    home.put('C.JPG', large.subarray(0, large.length / 2));
    home.known = {
      'A.CR2': known(600, 400, 'embedded'), 'A.JPG': known(1500, 1000, 'self'), 'B.CR2': known(1500, 1000, 'embedded'), 'B.JPG': known(600, 400, 'self'),
      'C.CR2': known(600, 400, 'embedded'), 'C.JPG': known(1500, 1000, 'self'),
    };
    home.choices = ['A', 'B', 'C'].map((name) => ({ raw: `${name}.CR2`, jpeg: `${name}.JPG` }));
    const { plan, end } = await home.export('web');
    expect(plan.items.map(({ from }) => from)).toEqual(['A.JPG', 'B.CR2', 'C.JPG']);
    expect(end).toEqual(ok({ written: 3, alreadyThere: 0, failed: 0 }));
    expect(home.names()).toEqual(['A.jpg', 'B.jpg', 'C.jpg']);
    const widths = await Promise.all(home.names().map(async (name) => (await sharp(home.read(name)).metadata()).width));
    expect(widths).toEqual([1500, 1500, 600]);
  });

  test('that are damaged, no photos, or without a picture fail alone, each with its code', async () => {
    const whole = await picture(1200, 800, { exif });
    home.put('good.JPG', whole);
    home.put('cut.JPG', whole.subarray(0, whole.length / 2));
    home.put('empty.CR2', '');
    home.put('text.ARW', 'This is a text, whatever its name says. '.repeat(50));
    home.choices = ['cut.JPG', 'empty.CR2', 'text.ARW', 'good.JPG'];
    const { end, items } = await home.export('web');
    expect(end).toEqual(ok({ written: 1, alreadyThere: 0, failed: 3 }));
    expect(Object.fromEntries(items.map(({ name, error }) => [name, error?.code ?? null]))).toEqual({ 'cut.JPG': 'truncated', 'empty.CR2': 'empty-file', 'text.ARW': 'not-a-photo', 'good.JPG': null });
    expect(home.names()).toEqual(['good.jpg']);
  });

  test('are known again after a restart, and made anew where the original has changed', async () => {
    home.put('IMG_1.JPG', await picture(640, 480, { exif }));
    home.put('sub/IMG_1.JPG', await picture(320, 240, { exif }));
    home.choices = ['IMG_1.JPG', 'sub/IMG_1.JPG'];
    await home.export('web');
    expect(home.names()).toEqual(['IMG_1-2.jpg', 'IMG_1.jpg']);
    home.restart();
    const again = await home.export('web');
    expect(again.plan).toMatchObject({ done: 2, files: 0 });
    expect(again.end).toEqual(ok({ written: 0, alreadyThere: 2, failed: 0 }));
    home.put('sub/IMG_1.JPG', await picture(200, 150, { exif }));
    const changed = await home.export('web');
    expect(changed.plan.items.map(({ action, to }) => `${action} ${to}`)).toEqual(['done IMG_1.jpg', 'renamed IMG_1-3.jpg']);
    expect(changed.end).toEqual(ok({ written: 1, alreadyThere: 1, failed: 0 }));
  });
});

test.each([['just before', false], ['just after', true]])('ended %s a picture got its name, a run leaves nothing that is written twice', async (_when, isWritten) => {
  await home.close();
  home = createExportHome({
    pool,
    wrap: ({ target, pool: children }) => ({
      pool: children,
      target: {
        ...target,
        async write(bytes, to) {
          if (isWritten) await target.write(bytes, to);
          throw new Error('as if killed');
        },
      },
    }),
  });
  home.put('IMG_1.JPG', await picture(320, 240, { exif }));
  home.choices = ['IMG_1.JPG'];
  await expect(home.export('web')).rejects.toThrow('as if killed');
  expect((await home.jobs())[0]!.state).toBe('failed');
  home.restart();
  const plan = await home.plan('web');
  expect(plan).toMatchObject({ ok: true, value: { items: [{ to: 'IMG_1.jpg', action: isWritten ? 'done' : 'write' }] } });
  if (isWritten) expect(home.catalog.exportsTo(home.destination).get('IMG_1.jpg')!.sha256).toMatch(/^[0-9a-f]{64}$/);
});

describe('metadata', () => {
  test('of camera, exposure, time and rights are kept, also those of a RAW file whose preview has none', async (context) => {
    const exiftool = needExiftool(context);
    const plain = await picture(800, 600);
    home.put('jpeg.JPG', stampExif(plain, { ...exif, orientation: 6 }, { thumbnail: await picture(160, 120) }));
    for (const kind of ['cr2', 'nef', 'arw', 'dng', 'pef', 'raf'] as const) home.put(`raw-${kind}.${kind}`, makeRaw(kind, { previews: [plain], exif }));
    home.choices = ['jpeg.JPG', ...(['cr2', 'nef', 'arw', 'dng', 'pef', 'raf'] as const).map((kind) => `raw-${kind}.${kind}`)];
    expect((await home.export('web')).end).toMatchObject({ ok: true, value: { written: 7, failed: 0 } });
    for (const name of home.names()) {
      const tags = readTags(exiftool, join(home.destination, name));
      expect(tags, name).toMatchObject({
        'IFD0:Make': 'Canon', 'IFD0:Model': 'Canon EOS 6D', 'IFD0:Orientation': 1, 'IFD0:Artist': 'Asha Rao', 'IFD0:Copyright': '2024 Asha Rao',
        'ExifIFD:DateTimeOriginal': '2024:05:01 12:00:00', 'ExifIFD:OffsetTimeOriginal': '+02:00', 'ExifIFD:SubSecTimeOriginal': 123,
        'ExifIFD:ExposureTime': 0.004, 'ExifIFD:FNumber': 4, 'ExifIFD:ISO': 200, 'ExifIFD:FocalLength': 50, 'ExifIFD:LensModel': 'EF50mm f/1.8 STM',
        'ExifIFD:ColorSpace': 1, 'ExifIFD:ExifImageWidth': tags['File:ImageWidth'], 'ExifIFD:ExifImageHeight': tags['File:ImageHeight'],
      });
      expect(tags['ExifIFD:ExposureCompensation'], name).toBeCloseTo(-1 / 3, 2);
      expect(Object.keys(tags).filter((tag) => /^(IFD1|ExifTool|MakerNotes|Canon|Nikon):(?!ExifToolVersion)/.test(tag)), name).toEqual([]);
    }
  });

  test('of place, captions, IPTC and XMP are kept; what described the old file is not', async (context) => {
    const exiftool = needExiftool(context);
    const file = join(home.shoot, 'IMG_1.JPG');
    home.put('IMG_1.JPG', stampExif(await picture(800, 600), { ...exif, orientation: 8 }));
    execFileSync(exiftool, [
      '-q', '-overwrite_original', '-EXIF:GPSLatitude=19.0760', '-EXIF:GPSLatitudeRef=N', '-EXIF:GPSLongitude=72.8777', '-EXIF:GPSLongitudeRef=E', '-EXIF:GPSAltitude=14', '-EXIF:GPSDateStamp=2024:05:01',
      '-IPTC:By-line=Asha Rao', '-IPTC:CopyrightNotice=2024 Asha Rao', '-IPTC:Keywords=harbour', '-IPTC:Keywords=monsoon', '-XMP-dc:Creator=Asha Rao', '-XMP-dc:Rights=© Asha Rao', '-XMP-dc:Subject=harbour',
      '-XMP-xmp:Rating=4', '-XMP-tiff:Orientation#=8', '-XMP-crs:Exposure2012=+1.5', '-XMP-crs:HasSettings=True', '-XMP-crs:ToneCurve=0, 0', '-UserComment=Gateway', '-ImageDescription=Gateway of India', file,
    ]);
    const before = readTags(exiftool, file);
    home.choices = ['IMG_1.JPG'];
    expect((await home.export('web')).end).toMatchObject({ ok: true, value: { written: 1 } });
    const made = join(home.destination, 'IMG_1.jpg');
    const after = readTags(exiftool, made);
    const names = ['GPS:GPSLatitude', 'GPS:GPSLatitudeRef', 'GPS:GPSLongitude', 'GPS:GPSLongitudeRef', 'GPS:GPSAltitude', 'GPS:GPSDateStamp', 'IPTC:By-line', 'IPTC:CopyrightNotice', 'IPTC:Keywords', 'XMP-dc:Creator', 'XMP-dc:Rights', 'XMP-dc:Subject', 'XMP-xmp:Rating', 'ExifIFD:UserComment', 'IFD0:ImageDescription'];
    for (const name of names) {
      expect(before[name], `${name} was written`).toBeDefined();
      expect(after[name], name).toEqual(before[name]);
    }
    expect(after['IFD0:Orientation']).toBe(1);
    expect(Object.keys(after).filter((tag) => tag.startsWith('XMP-crs:') || tag === 'XMP-tiff:Orientation')).toEqual([]);
    expect(execFileSync(exiftool, ['-validate', '-s3', made], { encoding: 'utf8' }).trim()).toBe('OK');
  });

  test('of real photos are the same before and after', async (context) => {
    needPhotos(context);
    const exiftool = needExiftool(context);
    const photos = ['jpeg/Samsung SM-J327T1.jpg', 'jpeg/Nikon D5000.jpg', 'jpeg/gps-thompson-springs.jpg', 'jpeg/HTC TyTN II.jpg', 'raw-headers/pentax-k3ii-jølstravatnet.pef', 'raw-headers/canon-eos-r6-sunrise.cr3'];
    const names = ['Make', 'Model', 'ExposureTime', 'FNumber', 'ISO', 'ExposureCompensation', 'FocalLength', 'DateTimeOriginal', 'SubSecTimeOriginal', 'OffsetTimeOriginal', 'Artist', 'Copyright', 'Flash', 'LensModel', 'GPSLatitude', 'GPSLongitude', 'GPSAltitude'];
    home.choices = photos.map((path) => path.slice(path.indexOf('/') + 1));
    for (const [index, path] of photos.entries()) home.put(home.choices[index] as string, readFileSync(join(photosFolder, path)));
    expect((await home.export('web')).end).toMatchObject({ ok: true, value: { written: photos.length, failed: 0 } });
    const read = (file: string): Tags =>
      (JSON.parse(execFileSync(exiftool, ['-j', '-n', ...names.map((name) => `-EXIF:${name}`), file], { encoding: 'utf8' })) as Tags[])[0]!;
    for (const choice of home.choices as string[]) {
      const { SourceFile: _from, ...before } = read(join(home.shoot, choice));
      const { SourceFile: _to, ...after } = read(join(home.destination, `${choice.slice(0, choice.lastIndexOf('.'))}.jpg`));
      expect(after, choice).toEqual(before);
      expect(Object.keys(before).length, choice).toBeGreaterThan(2);
    }
  });
});
