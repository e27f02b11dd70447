/** What the sensor holds beyond the preview: in the decode child, against LibRaw's own numbers, and through the engine to the judgement. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { HeadroomMeasure, StageId } from '../../main/domain/index.ts';
import { findProgram, need, needPhotos, photosFolder } from '../config/needs.ts';
import { drawnShares } from '../unit/drawn-sensor.ts';
import { lookAt, useDecodeBench } from './decode-kit.ts';
import { makeDrawnDng } from './drawn-dng.ts';
import { createHome, openAndFinish } from './engine-kit.ts';

const bench = useDecodeBench();
const stages: readonly StageId[] = ['metadata', 'preview', 'exposure', 'headroom'];

async function headroomOf(path: string): Promise<HeadroomMeasure> {
  const { outputs, errors, error } = await lookAt(bench.pool, path, stages);
  if (!outputs.headroom) throw new Error(JSON.stringify(errors.headroom ?? error));
  return outputs.headroom;
}

test('a DNG of known saturation, upright and turned', { timeout: 120_000 }, async () => {
  for (const orientation of [1, 6, 8] as const) {
    const measured = await headroomOf(bench.put(`drawn-${orientation}.dng`, await makeDrawnDng(orientation)));
    expect(measured.saturated.all, `${orientation}`).toBeCloseTo(drawnShares.gone, 2);
    expect(measured.highlights.held, `${orientation}`).toBeCloseTo(drawnShares.held, 2);
    expect(measured.highlights.partly).toBeCloseTo(drawnShares.partly, 2);
    expect(measured.highlights.gone).toBeCloseTo(drawnShares.gone, 2);
    expect(measured.highlights.ev).toBeGreaterThan(0.9);
    expect(measured.highlights.ev).toBeLessThan(1.3);
    expect(measured.shadows!.lifted).toBeCloseTo(drawnShares.lifted, 2);
    expect(measured.shadows!.lost).toBeCloseTo(drawnShares.lost, 2);
    // on the left of the sensor; the map is upright
    const cells = (map: string): number[] => Array.from(map, (digit, at) => (digit === '0' ? -1 : at)).filter((at) => at >= 0);
    const across = cells(measured.map.held).map((at) => at % 12);
    const down = cells(measured.map.held).map((at) => Math.floor(at / 12));
    if (orientation === 1) expect(Math.max(...across)).toBeLessThan(3);
    if (orientation === 6) expect(Math.max(...down)).toBeLessThan(2);
    if (orientation === 8) expect(Math.min(...down)).toBeGreaterThan(5);
  }
});

test('full pixels are those in the numbers that LibRaw writes out itself', { timeout: 120_000 }, async (context) => {
  needPhotos(context);
  const tool = findProgram('unprocessed_raw');
  need(context, 'libraw', tool !== null, 'no unprocessed_raw here (apt-get install libraw-bin)');
  for (const file of ['canon-powershot-g1.CRW', 'nikon-d1.nef', 'quicktake-100-Image__1.qtk', 'canon-kiss-x4-colorchart.dng', 'blackmagic-pocket-cinema.dng']) {
    const copy = join(bench.folder, file);
    copyFileSync(join(photosFolder, 'raw', file), copy);
    execFileSync(tool!, [copy], { stdio: 'ignore' });
    const theirs = countFull(new Uint8Array(readFileSync(`${copy}.pgm`)), file.endsWith('.dng'));
    const { saturated } = await headroomOf(copy);
    // theirs has the borders too
    expect(Math.abs(saturated.all - theirs.all), file).toBeLessThan(0.0002);
    expect(Math.abs(saturated.some - theirs.some), file).toBeLessThan(0.0004);
  }
});

/** Shares of squares of 2 x 2 that are full: within a hundredth of the largest number of their colour; none where that is no heap. */
function countFull(pgm: Uint8Array, isDim: boolean): { all: number; some: number } {
  if (isDim) return { all: 0, some: 0 };
  const head = /^P5\s+(\d+)\s+(\d+)\s+(\d+)\s/.exec(Buffer.from(pgm.subarray(0, 64)).toString('latin1'))!;
  const [width, height] = [Number(head[1]), Number(head[2])];
  const view = new DataView(pgm.buffer, pgm.byteOffset + head[0].length);
  const at = (x: number, y: number): number => view.getUint16(2 * (y * width + x));
  const tops = [0, 0, 0, 0];
  for (let y = 0; y + 1 < height; y += 2) for (let x = 0; x + 1 < width; x += 2) for (let place = 0; place < 4; place++) tops[place] = Math.max(tops[place]!, at(x + (place % 2), y + (place >> 1)));
  let [all, some, squares] = [0, 0, 0];
  for (let y = 0; y + 1 < height; y += 2)
    for (let x = 0; x + 1 < width; x += 2) {
      const full = tops.filter((top, place) => at(x + (place % 2), y + (place >> 1)) >= 0.99 * top).length;
      if (full === 4) all++;
      else if (full > 0) some++;
      squares++;
    }
  return { all: all / squares, some: some / squares };
}

test('what cannot be told says why: finished pictures, colours that were computed, unknown compression, gutted and damaged files', { timeout: 120_000 }, async (context) => {
  const whole = await makeDrawnDng(1);
  const cut = bench.put('cut.dng', whole.subarray(0, whole.length / 3));
  const cutLook = await lookAt(bench.pool, cut, stages);
  expect(cutLook.outputs.headroom).toBeUndefined();
  expect([cutLook.errors.headroom?.code, cutLook.errors.preview?.code, cutLook.error?.code].some((code) => code !== undefined)).toBe(true);
  const jpeg = bench.put('picture.jpg', new Uint8Array(await sharp({ create: { width: 64, height: 64, channels: 3, background: 'white' } }).jpeg().toBuffer()));
  expect((await lookAt(bench.pool, jpeg, stages)).errors.headroom?.code).toBe('format-unsupported');
  const single = bench.put('single.jpg', new Uint8Array(await sharp({ create: { width: 1, height: 1, channels: 3, background: 'black' } }).jpeg().toBuffer()));
  expect((await lookAt(bench.pool, single, stages)).errors.headroom?.code).toBe('format-unsupported');
  needPhotos(context);
  expect((await lookAt(bench.pool, join(photosFolder, 'raw', 'kodak-c330.raw'), stages)).errors.headroom?.code).toBe('format-unsupported');
  expect((await lookAt(bench.pool, join(photosFolder, 'raw', 'gopro-hero6.GPR'), stages)).outputs.headroom).toBeUndefined();
});

test('asked for by id or by a rendering, stored by content, and judged by', { timeout: 240_000 }, async () => {
  const home = createHome();
  try {
    const folder = join(home.folder, 'shoot');
    mkdirSync(folder);
    writeFileSync(join(folder, 'DRAWN.DNG'), await makeDrawnDng(1));
    writeFileSync(join(folder, 'PICTURE.JPG'), new Uint8Array(await sharp({ create: { width: 320, height: 240, channels: 3, background: 'white' } }).jpeg().toBuffer()));
    let { engine, api } = await home.open();
    const shoot = await openAndFinish(engine, api, folder);
    const { photos } = await api.library.photos({ shoot, from: 0, count: 10 });
    const idOf = (name: string): number => photos.id[photos.name.indexOf(name)]!;
    const dng = idOf('DRAWN.DNG');
    const before = await api.library.photo({ id: dng });
    expect(before.headroom).toMatchObject({ state: 'possible', measure: null });
    expect(before.trace.some(({ stage }) => stage === 'headroom')).toBe(false);
    expect((await api.library.photo({ id: idOf('PICTURE.JPG') })).headroom.state).toBe('none');

    await api.library.measureHeadroom({ id: dng });
    const after = await api.library.photo({ id: dng });
    expect(after.headroom.measure!.highlights.gone).toBeCloseTo(drawnShares.gone, 2);
    expect(after.headroom.measure!.text[0]).toMatch(/12 % recoverable from the RAW/);
    expect(after.trace.find(({ stage }) => stage === 'headroom')).toMatchObject({ version: 1, place: 'local', error: null });
    expect(after.errors).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 600));
    const judged = await api.library.photo({ id: dng });
    expect(judged.scores.exposure!).toBeGreaterThan(before.scores.exposure!);
    await api.library.measureHeadroom({ id: idOf('PICTURE.JPG') });
    expect((await api.library.photo({ id: idOf('PICTURE.JPG') })).headroom.state).toBe('none');
    await expect(api.library.measureHeadroom({ id: 9_999 })).rejects.toMatchObject({ error: { code: 'not-found' } });

    // it outlives the session and a new name
    ({ engine, api } = await home.open());
    await openAndFinish(engine, api, folder);
    expect((await api.library.photo({ id: dng })).headroom.state).toBe('measured');
    expect(home.bugs).toEqual([]);
  } finally {
    await home.close();
  }
});

test('a rendering that is looked at brings the measure with it, and a whole shoot is measured on request', { timeout: 240_000 }, async () => {
  const home = createHome();
  try {
    const folder = join(home.folder, 'shoot');
    mkdirSync(folder);
    writeFileSync(join(folder, 'DRAWN.DNG'), await makeDrawnDng(1));
    const { engine, api } = await home.open();
    const granted = await engine.grant(folder, 'shoot');
    if (!granted.ok) throw new Error(granted.error.message);
    const plain = await engine.cull(granted.value.grant);
    if (!plain.ok) throw new Error(plain.error.message);
    expect(plain.value.photos[0]!.headroom).toMatchObject({ state: 'possible', measure: null });
    const { shoot } = await api.library.open({ grant: granted.value.grant });
    const id = (await api.library.photos({ shoot, from: 0, count: 1 })).photos.id[0]!;
    expect(await engine.picture(id, 'screen', 'embedded')).toMatchObject({ ok: true });
    expect((await api.library.photo({ id })).headroom.state).toBe('possible');
    expect(await engine.picture(id, 'screen', 'rendered')).toMatchObject({ ok: true, value: { source: 'rendered' } });
    await expect.poll(async () => (await api.library.photo({ id })).headroom.state, { timeout: 60_000 }).toBe('measured');

    writeFileSync(join(folder, 'TURNED.DNG'), await makeDrawnDng(6));
    const asked = await engine.cull(granted.value.grant, { rawExposure: true });
    if (!asked.ok) throw new Error(asked.error.message);
    expect(asked.value.photos.map(({ headroom }) => headroom.state)).toEqual(['measured', 'measured']);
    expect(home.bugs).toEqual([]);
  } finally {
    await home.close();
  }
});
