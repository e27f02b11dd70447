/** Stage `headroom` on sensors whose saturation is known, and what its answer is worth to a judgement. */
import { expect, test } from 'vitest';
import { describeHighlights, describeShadows, isMuchRecoverable, judge, scoreOf, turnPoint } from '../../main/domain/index.ts';
import type { HeadroomMeasure, Measures, Orientation } from '../../main/domain/index.ts';
import type { Pixels, SensorData } from '../../main/ports/index.ts';
import { measureHeadroom } from '../../main/stages/headroom/index.ts';
import { countNumbers, findSaturation } from '../../main/stages/headroom/saturation.ts';
import { drawSensor, drawnBlack, drawnClip, drawnShares, drawnWhite } from './drawn-sensor.ts';
import { goodMeasures, photoFacts } from './photo-facts.ts';

function headroomOf(sensor: SensorData, preview: Pixels, options: { black?: number | null; orientation?: Orientation } = {}): HeadroomMeasure {
  const measured = measureHeadroom(sensor, preview, { black: options.black ?? null, orientation: options.orientation ?? 1 });
  if (!measured.ok) throw new Error(measured.error.message);
  return measured.value;
}

const stop = Math.log2((drawnWhite - drawnBlack) / (drawnClip - drawnBlack));

function expectKnown(measured: HeadroomMeasure): void {
  expect(measured.saturation).toBe('seen');
  expect(measured.saturated.all).toBeCloseTo(drawnShares.gone, 2);
  expect(measured.saturated.some).toBeCloseTo(drawnShares.partly, 2);
  expect(measured.highlights.held).toBeCloseTo(drawnShares.held, 2);
  expect(measured.highlights.partly).toBeCloseTo(drawnShares.partly, 2);
  expect(measured.highlights.gone).toBeCloseTo(drawnShares.gone, 2);
  // the brightest tones kept are a little below white
  expect(measured.highlights.ev).toBeGreaterThan(stop - 0.05);
  expect(measured.highlights.ev).toBeLessThan(stop + 0.25);
  expect(measured.shadows!.lifted).toBeCloseTo(drawnShares.lifted, 2);
  expect(measured.shadows!.lost).toBeCloseTo(drawnShares.lost, 2);
  expect(measured.shadows!.ev).toBeCloseTo(Math.log2(40 / 2), 0);
}

test('tells what is held, partly held and gone, the headroom in stops, and what stands above the noise', () => {
  const { sensor, preview } = drawSensor();
  const measured = headroomOf(sensor, preview);
  expectKnown(measured);
  expect(describeHighlights(measured)).toMatch(/^25 % clipped as shown: 12 % recoverable from the RAW \(1\.\d EV above what is shown\), 8 % with some colours saturated, which can be reconstructed, 5 % lost on the sensor too\.$/);
  expect(describeShadows(measured)).toMatch(/^15 % black as shown: 10 % above the sensor's noise \(the middle of it by \d\.\d EV\), 5 % in it\.$/);
});

test('however the picture is turned, at whatever size, and with borders around the frame', () => {
  const { sensor, preview } = drawSensor(400, 200);
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
    const isTurned = orientation >= 5;
    const [width, height] = isTurned ? [200, 400] : [400, 200];
    const data = new Uint8Array(width * height);
    for (let y = 0; y < 200; y++)
      for (let x = 0; x < 400; x++) {
        const to = turnPoint((x + 0.5) / 400, (y + 0.5) / 200, orientation);
        data[Math.floor(to.y * height) * width + Math.floor(to.x * width)] = preview.data[y * 400 + x]!;
      }
    expectKnown(headroomOf(sensor, { width, height, channels: 1, data }, { orientation }));
  }
  const [left, top, rowLength] = [6, 4, 420];
  const framed = new Uint16Array(rowLength * 210).fill(drawnWhite);
  for (let y = 0; y < 200; y++) framed.set(sensor.data.subarray(y * 400, (y + 1) * 400), (y + top) * rowLength + left);
  expectKnown(headroomOf({ ...sensor, data: framed, rowLength, left, top }, preview));
});

test('each colour is full at its own number, wherever the file says that it is', () => {
  const { sensor, preview } = drawSensor();
  // green is full at 97.5 % of the others, as on a Nikon D1
  const greens = sensor.data.map((value, at) => (((at % 600) + Math.floor(at / 600)) % 2 === 1 ? Math.min(value, 15_600) : value));
  expectKnown(headroomOf({ ...sensor, data: greens }, preview));
  // stated too high by a half, or not at all right
  expectKnown(headroomOf({ ...sensor, white: 24_000 }, preview));
  expectKnown(headroomOf({ ...sensor, white: 4_095 }, preview));
});

test('without a heap at the top nothing is saturated, and the stated level tells how far it is', () => {
  const { sensor, preview } = drawSensor();
  const dim = sensor.data.map((value) => Math.round(drawnBlack + (value - drawnBlack) / 4));
  // what was full is now a heap at a quarter of what the file states: a white wall, not saturation
  const saturation = findSaturation(countNumbers({ ...sensor, data: dim }), { black: drawnBlack, white: drawnWhite });
  expect(saturation).toMatchObject({ isSeen: false, level: [drawnWhite, drawnWhite, drawnWhite, drawnWhite] });
  const measured = headroomOf({ ...sensor, data: dim }, preview);
  expect(measured.saturated).toEqual({ all: 0, some: 0 });
  expect(measured.highlights.held).toBeCloseTo(0.25, 2);
  expect(measured.highlights.ev).toBeGreaterThan(stop + 1.9);
});

test('X-Trans: squares of six', () => {
  const { sensor, preview } = drawSensor();
  const measured = headroomOf({ ...sensor, period: 6 }, preview);
  expect(measured.saturated.all).toBeCloseTo(drawnShares.gone, 1);
  expect(measured.highlights.held).toBeCloseTo(drawnShares.held, 1);
  expect(measured.highlights.gone).toBeCloseTo(drawnShares.gone, 1);
});

test('where nobody states the black, shadows cannot be told; a DNG may state it', () => {
  const { sensor, preview } = drawSensor();
  const lifted = sensor.data.map((value) => Math.min(drawnWhite, value + 500));
  const unstated = headroomOf({ ...sensor, data: lifted, black: 0 }, preview);
  expect(unstated.shadows).toBeNull();
  expect(unstated.highlights.gone).toBeCloseTo(drawnShares.gone, 2);
  expect(describeShadows(unstated)).toMatch(/cannot tell/);
  expect(headroomOf({ ...sensor, data: lifted, black: 0 }, preview, { black: drawnBlack + 500 }).shadows!.lost).toBeCloseTo(drawnShares.lost, 2);
});

test('black frames, a single pixel and flat ones give numbers, never a wrong saturation', () => {
  const flat = (value: number, size = 64): SensorData => ({ data: new Uint16Array(size * size).fill(value), rowLength: size, left: 0, top: 0, width: size, height: size, period: 2, black: 64, white: 4_095, orientation: 1, damage: null });
  const picture = (value: number, size = 64): Pixels => ({ width: size, height: size, channels: 1, data: new Uint8Array(size * size).fill(value) });
  const black = headroomOf(flat(64), picture(0));
  expect(black).toMatchObject({ saturated: { all: 0, some: 0 }, saturation: 'stated', highlights: { held: 0, partly: 0, gone: 0, ev: null }, shadows: { lifted: 0, lost: 1, ev: 0 } });
  expect(headroomOf(flat(4_095), picture(255))).toMatchObject({ saturated: { all: 1, some: 0 }, highlights: { held: 0, partly: 0, gone: 1, ev: 0 } });
  expect(headroomOf(flat(1_000), picture(255)).highlights).toMatchObject({ held: 1, partly: 0, gone: 0 });
  expect(measureHeadroom(flat(64, 1), picture(0, 1), { black: null, orientation: 1 })).toMatchObject({ ok: false, error: { code: 'preview-broken' } });
  expect(headroomOf(flat(64, 2), picture(0, 1)).highlights.ev).toBeNull();
});

test('what the sensor holds counts less against exposure, and much of it is no reason to reject', () => {
  const exposure = { ...goodMeasures.exposure!, clippedHigh: 0.5, mean: 0.6, p1: 0.1 };
  const with_ = (highlights: Partial<HeadroomMeasure['highlights']>): Measures => {
    const headroom: HeadroomMeasure = { saturated: { all: 0, some: 0 }, saturation: 'seen', highlights: { held: 0, partly: 0, gone: 0, ev: 1, ...highlights }, shadows: null, map: { held: '', partly: '', gone: '' } };
    return { ...goodMeasures, exposure, headroom };
  };
  const unknown = scoreOf({ ...goodMeasures, exposure }).exposure!;
  const scores = [{ gone: 0.5 }, { gone: 0.25, partly: 0.25 }, { partly: 0.5 }, { partly: 0.25, held: 0.25 }, { held: 0.5 }].map((one) => scoreOf(with_(one)).exposure!);
  expect(scores[0]).toBe(unknown);
  for (let at = 1; at < scores.length; at++) expect(scores[at]).toBeGreaterThan(scores[at - 1]!);

  const blown = { ...exposure, clippedHigh: 0.9, p1: 0.6 };
  const judgeNef = (measures: Measures): ReturnType<typeof judge> => judge(photoFacts(1, 0, '0', { format: 'nef', measures }));
  expect(judgeNef({ ...goodMeasures, exposure: blown })).toMatchObject({ verdict: 'reject' });
  expect(judgeNef({ ...with_({ gone: 0.9 }), exposure: blown })).toMatchObject({ verdict: 'reject' });
  const saved = judgeNef({ ...with_({ held: 0.9 }), exposure: blown })!;
  expect(saved.verdict).not.toBe('reject');
  expect(saved.reasons[0]!.text).toBe('Nearly all of the picture is blown out. 90 % clipped as shown: all of it recoverable from the RAW (1.0 EV above what is shown).');
  expect(isMuchRecoverable(null, 'highlights')).toBe(false);
});
