/** `parjanya preview` in real processes. */
import { chmod, link, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawScene, makeJpeg, makeRaw, rightsBind } from '../fixtures/index.ts';
import { makeMosaicDng } from '../engine/mosaic-dng.ts';
import { runCommand } from './run-command.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parjanya-preview-'));
  const exif = { make: 'Nikon', model: 'D850', date: '2024:05:01 12:00:00', orientation: 6 as const };
  const large = await makeJpeg(drawScene({ seed: 1, width: 900, height: 600 }));
  const small = await makeJpeg(drawScene({ seed: 1, width: 300, height: 200 }));
  await writeFile(join(folder, 'raw.nef'), makeRaw('nef', { previews: [large, small], exif }));
  await writeFile(join(folder, 'plain.jpg'), await makeJpeg(drawScene({ seed: 2, width: 640, height: 480 }), { exif: { ...exif, orientation: 1 } }));
  const scene = drawScene({ seed: 31, width: 1500, height: 1000 });
  await writeFile(join(folder, 'short.dng'), makeMosaicDng(scene, 1, [], large));
  await writeFile(join(folder, 'text.arw'), 'this is no photo');
  await writeFile(join(folder, 'zero.nef'), '');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const path = (name: string): string => join(folder, name);

describe('preview', { timeout: 180_000 }, () => {
  it('writes what is embedded in a RAW file, turned upright, and tells its size and source', async () => {
    const ran = await runCommand(['preview', path('raw.nef'), '--out', path('raw-full.jpg'), '--json']);
    expect([ran.status, ran.err]).toEqual([0, '']);
    const bytes = (await stat(path('raw-full.jpg'))).size;
    expect(JSON.parse(ran.out)).toEqual({ out: path('raw-full.jpg'), width: 600, height: 900, source: 'embedded', bytes });
    const facts = await sharp(await readFile(path('raw-full.jpg'))).metadata();
    expect([facts.format, facts.width, facts.height, facts.orientation ?? 1]).toEqual(['jpeg', 600, 900, 1]);
  });

  it('fits the long edge, never enlarges, and tells it in words', async () => {
    const ran = await runCommand(['preview', path('raw.nef'), '--out', path('raw-400.jpg'), '--size', '400']);
    const facts = await sharp(await readFile(path('raw-400.jpg'))).metadata();
    expect([facts.width, facts.height]).toEqual([267, 400]);
    expect(ran.out).toBe(`${path('raw-400.jpg')}: 267 x 400, the preview embedded in the file\n`);
    await runCommand(['preview', path('plain.jpg'), '--out', path('plain-big.jpg'), '--size', '5000']);
    expect((await sharp(await readFile(path('plain-big.jpg'))).metadata()).width).toBe(640);
  });

  it('takes the source that it is told, by itself all pixels, and says what cannot be had', async () => {
    const sizeOf = async (...options: string[]): Promise<unknown> => {
      const ran = await runCommand(['preview', path('short.dng'), '--out', path('short.jpg'), '--json', ...options]);
      const { width, height, source } = JSON.parse(ran.out) as { width: number; height: number; source: string };
      return [ran.status, ran.err, source, width, height];
    };
    expect(await sizeOf()).toEqual([0, '', 'rendered', 1500, 1000]);
    expect(await sizeOf('--source', 'embedded')).toEqual([0, '', 'embedded', 900, 600]);
    expect(await sizeOf('--source', 'rendered', '--size', '600')).toEqual([0, '', 'rendered', 600, 400]);
    const none = await runCommand(['preview', path('plain.jpg'), '--out', path('none.jpg'), '--source', 'rendered']);
    expect([none.status, none.err]).toEqual([1, 'format-unsupported: This file is itself the picture; there is nothing to be rendered.\n']);
    // its sensor data are noise
    const refused = await runCommand(['preview', path('raw.nef'), '--out', path('none.jpg'), '--source', 'rendered', '--json']);
    expect(refused.status).toBe(1);
    expect(await readdir(folder)).not.toContain('none.jpg');
  });

  it('replaces an older file at once, and leaves no temporary one', async () => {
    await mkdir(path('out'));
    await writeFile(path('out/a.jpg'), 'old');
    await runCommand(['preview', 'plain.jpg', '--out', 'out/a.jpg'], { cwd: folder });
    expect((await sharp(await readFile(path('out/a.jpg'))).metadata()).format).toBe('jpeg');
    expect(await readdir(path('out'))).toEqual(['a.jpg']);
  });

  it('never writes over the photo itself, by whatever name', async () => {
    const before = await readFile(path('plain.jpg'));
    await symlink('plain.jpg', path('link.jpg'));
    await link(path('plain.jpg'), path('hard.jpg'));
    for (const name of ['plain.jpg', 'link.jpg', 'hard.jpg', '../' + folder.split('/').at(-1) + '/plain.jpg']) {
      const ran = await runCommand(['preview', path('plain.jpg'), '--out', path(name), '--size', '100']);
      expect(ran.status, name).toBe(1);
      expect(ran.err).toMatch(/^destination-unwritable: .* is the photo itself/);
    }
    expect(await readFile(path('plain.jpg'))).toEqual(before);
  });

  it('fails with a code and writes nothing where there is no picture or no place', async () => {
    const cases: [string, string, string][] = [
      ['none.jpg', 'x.jpg', 'file-vanished'],
      ['text.arw', 'x.jpg', 'not-a-photo'],
      ['zero.nef', 'x.jpg', 'empty-file'],
      ['plain.jpg', 'nowhere/x.jpg', 'destination-missing'],
      ['plain.jpg', '.', 'destination-unwritable'],
    ];
    for (const [file, out, code] of cases) {
      const ran = await runCommand(['preview', path(file), '--out', path(out), '--json']);
      expect(ran.status, file).toBe(1);
      expect((JSON.parse(ran.out) as { error: { code: string } }).error.code).toBe(code);
      expect(ran.err).toMatch(new RegExp(`^${code}: `));
    }
    expect(await readdir(folder)).not.toContain('x.jpg');
  });

  it('tells a folder that may not be written to', async (context) => {
    if (!rightsBind()) return context.skip('rights do not bind this user');
    await mkdir(path('locked'));
    await chmod(path('locked'), 0o500);
    const ran = await runCommand(['preview', path('plain.jpg'), '--out', path('locked/x.jpg')]);
    expect([ran.status, ran.out]).toEqual([1, '']);
    expect(ran.err).toMatch(/^destination-unwritable: /);
  });
});
