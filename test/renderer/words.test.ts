/** Numbers and facts as a photographer reads them. */
import { describe, expect, it } from 'vitest';
import { errorCodes, errorTexts } from '../../main/base/index.ts';
import { describeMark } from '../../main/domain/index.ts';
import { writePlatform } from '../../renderer/doctor/package-table.tsx';
import { writeDollars } from '../../renderer/doctor/place-table.tsx';
import { writeProgress } from '../../renderer/jobs/job-bar.tsx';
import { plural, sentenceOf, writeBytes, writeCaptureTime, writeExposureTime, writeMeasure, writeMilliseconds } from '../../renderer/parts/words.ts';
import { writeComparison, writeFault, writeModelVerdict } from '../../renderer/reasons/advice.tsx';
import { writeAesthetics, writeCamera, writeExposure, writeImpressions } from '../../renderer/reasons/facts.tsx';
import { writeEyes, writeFaces } from '../../renderer/reasons/faces.ts';
import { writeFocus } from '../../renderer/reasons/focus.ts';
import { summariseJob } from '../../renderer/state/jobs.ts';

const job = { id: 1, kind: 'cull', title: 'Looking', state: 'running', done: 312, total: 1000, note: '', failed: 0, error: null } as const;

describe('words', () => {
  it("tells a vision model's words as its own, and no verdict where it contradicts itself", () => {
    expect(writeModelVerdict({ verdict: 'keep', reason: 'The leap is at its top.', doubt: null })).toBe('keep: The leap is at its top.');
    expect(writeModelVerdict({ verdict: null, reason: 'Fine.', doubt: 'It says keep, and names a serious fault.' })).toBe('cannot tell: It says keep, and names a serious fault.');
    const fault = { kind: 'motion-blur', severity: 'serious', evidence: 'the hands are smeared', region: null } as const;
    expect(writeFault(fault)).toBe('motion blur, serious: the hands are smeared');
    expect([[0, 0], [0.4, 0.4], [0.8, 0.4], [0.4, 0.9]].map(([x, y]) => writeFault({ ...fault, region: { x: x!, y: y!, w: 0.1, h: 0.1 } }).match(/\(.*\)/)![0])).toEqual(['(top left)', '(in the middle)', '(right)', '(bottom)']);
    const origin = { model: 'm', place: 'gpu', ms: 1, bytes: 1, tokens: null, at: 0 } as const;
    expect(writeComparison({ outcome: 'tie', against: 'b.jpg', reason: 'Both.', ...origin })).toBe('As good as b.jpg: Both.');
  });

  it('writes exposure as it stands on a camera', () => {
    expect([1 / 4000, 1 / 250, 0.3, 0.5, 1, 30].map(writeExposureTime)).toEqual(['1/4000 s', '1/250 s', '0.3 s', '0.5 s', '1 s', '30 s']);
    expect(writeExposure({ exposureTime: 0.004, fNumber: 2.8, iso: 400, focalLength: 50 }).replaceAll('\u00a0', ' ')).toBe('1/250 s · f/2.8 · ISO 400 · 50 mm');
    expect(writeExposure({ exposureTime: null, fNumber: 8, iso: null, focalLength: null })).toBe('f/8');
  });

  it('says what there is of faces, the worst first, and why the eyes cannot be told', () => {
    const eye = { state: 'unknown', why: 'turned', openness: null, ratio: null, corners: null, width: 30 } as const;
    const face = (state: 'open' | 'closed' | 'one-closed' | 'unknown', isImportant = true) => ({
      box: { x: 0, y: 0, w: 1, h: 1 }, score: 1, importance: 1, sharpness: 1, pose: null, state, isImportant,
      eyes: { left: state === 'unknown' ? eye : { ...eye, why: null }, right: state === 'unknown' ? eye : { ...eye, why: null } },
    });
    const told = (...faces: ReturnType<typeof face>[]) => [writeFaces({ faces, facesOff: null }), writeEyes({ faces, facesOff: null })];
    expect(told()).toEqual(['none found', '']);
    expect(told(face('open'))).toEqual(['1 face', 'open']);
    expect(told(face('open'), face('closed', false))).toEqual(['2 faces, 1 of them counts', 'open']);
    expect(told(face('open'), face('closed'), face('open'), face('unknown'))).toEqual(['4 faces', '1 closed · 2 open · 1 cannot tell (the head is turned)']);
    expect(writeFaces({ faces: null, facesOff: { code: 'model-missing', message: 'Fetch it.' } as never })).toBe('not looked for: Fetch it.');
    expect([writeFaces({ faces: null, facesOff: null }), writeEyes({ faces: null, facesOff: null })]).toEqual(['', '']);
  });

  it('tells focus with its place and its numbers', () => {
    const focus = { state: 'sharp', blur: 0.61, limit: 1.2, region: { x: 0, y: 0, w: 1, h: 1 }, from: 'eyes', motion: null, sharpest: null, isShallow: true, width: 6000, height: 4000 } as const;
    const plain = (told: Parameters<typeof writeFocus>[0]): string => writeFocus(told).replaceAll('\u00a0', ' ');
    expect(plain(focus)).toBe('Sharp on the eyes · blur 0.6 px, 1.2 pass · soft background');
    expect(plain({ ...focus, state: 'motion', from: 'whole', motion: { degrees: 12, length: 14 }, isShallow: false })).toBe('Motion blur in the whole picture · 14 px at 12°');
    expect(plain({ ...focus, state: 'cannot-tell', from: 'none', blur: null, isShallow: false })).toBe('Cannot tell: too little structure');
    expect(plain(null)).toBe('');
  });

  it('tells aesthetics and impressions, or why there are none', () => {
    const off = { code: 'model-missing', message: 'Fetch it.' } as never;
    expect([writeAesthetics({ aesthetics: 5.32, aestheticsOff: null }), writeAesthetics({ aesthetics: null, aestheticsOff: off }), writeAesthetics({ aesthetics: null, aestheticsOff: null })]).toEqual(['5.3 of 10', 'off: Fetch it.', '']);
    const impression = (pair: string, title: string, share: number) => ({ pair, title, positive: `${title}!`, negative: `no ${title}`, share });
    const impressions = [impression('light', 'light', 0.824), impression('background', 'calm background', 0.096)];
    expect(writeImpressions({ impressions, impressionsOff: null, aestheticsOff: null }).replaceAll('\u00a0', ' ')).toBe('light 82 %, calm background 10 %');
    const none = { impressions: null, impressionsOff: off, aestheticsOff: null };
    expect([none, { ...none, aestheticsOff: off }, { ...none, impressionsOff: null }].map(writeImpressions)).toEqual(['off: Fetch it.', 'off, as aesthetics are', '']);
  });

  it('names a camera once', () => {
    expect(writeCamera('NIKON CORPORATION', 'NIKON D750')).toBe('NIKON D750');
    expect(writeCamera('SONY', 'ILCE-7M4')).toBe('SONY ILCE-7M4');
    expect(writeCamera(null, 'X-T5')).toBe('X-T5');
    expect(writeCamera('FUJIFILM', null)).toBe('FUJIFILM');
    expect(writeCamera(null, null)).toBe('');
  });

  it('writes sizes, times and measures short', () => {
    expect([0, 999, 24_100_000, 1_500, 5_200_000_000].map(writeBytes)).toEqual(['0 bytes', '999 bytes', '24 MB', '1.5 kB', '5.2 GB']);
    expect(writeCaptureTime('2024-05-01T12:00:00.123+02:00')).toBe('1 May 2024, 12:00:00');
    expect(writeCaptureTime('yesterday')).toBe('yesterday');
    expect([0.2139, 12, 12.345, 1000].map(writeMeasure)).toEqual(['0.21', '12', '12.3', '1,000']);
    expect([0, 0.4, 12.4, 1500].map(writeMilliseconds)).toEqual(['0 ms', '<1 ms', '12 ms', '1.5 s']);
    expect([plural(1, 'photo', 'photos'), plural(1200, 'photo', 'photos')]).toEqual(['1 photo', '1,200 photos']);
  });

  it('writes prices and desktops', () => {
    expect([0, 0.00123, 0.004, 0.05, 12.3456].map(writeDollars)).toEqual(['$0', '$0.0012', '$0.004', '$0.05', '$12.35']);
    expect(['darwin-arm64', 'linux-x64', 'win32-arm64'].map(writePlatform)).toEqual(['macOS arm64', 'Linux x64', 'Windows arm64']);
  });

  it('has a sentence for every code, and one for codes of a newer engine', () => {
    for (const code of errorCodes) expect(sentenceOf(code)).toBe(errorTexts[code]);
    expect(sentenceOf('from-the-future')).toMatch(/\.$/);
  });

  it('tells how a job stands and how it ended', () => {
    expect(writeProgress(job)).toBe('312 of 1,000');
    expect(writeProgress({ ...job, total: 0 })).toBe('312');
    expect(summariseJob({ ...job, state: 'done', failed: 2 })).toBe('Looking: done, 2 with problems');
    expect(summariseJob({ ...job, state: 'cancelled' })).toBe('Looking: stopped after 312 of 1,000');
    expect(summariseJob({ ...job, state: 'failed', error: { code: 'folder-missing', message: 'The folder does not exist.', retry: false } })).toBe('Looking: The folder does not exist.');
  });

  it('says what a key has done', () => {
    expect(describeMark(1, { flag: 'pick' })).toBe('Photo: picked');
    expect(describeMark(3000, { rating: 1, label: 'Red' })).toBe('3,000 photos: 1 star, red label');
    expect(describeMark(1, { label: null })).toBe('Photo: label removed');
  });
});
