/** What is taken for an answer of a vision model and how many requests go at once. */
import { describe, expect, it } from 'vitest';
import { adjustPressure, findJson, isUnencrypted, readChoice, readDescription, readEndpoint, settleComparison, startPressure } from '../../main/domain/index.ts';
import type { Pressure } from '../../main/domain/index.ts';
import { describePrompt, describeSchema } from '../../main/stages/describe/prompt.ts';

const fault = { kind: 'motion-blur', severity: 'serious', evidence: 'the hands are smeared', region: { x: 0.25, y: 0.5, w: 0.25, h: 0.125 } };
const good = { subject: 'a dancer', moment: 'a leap', expression: 'laughing', faults: [] as unknown[], verdict: 'keep', reason: 'The leap is at its top.', keywords: ['dance', 'Leap'], caption: 'A dancer leaps.' };

describe('readDescription', () => {
  it('takes an answer as the schema has it', () => {
    expect(readDescription(good)).toEqual({ ok: true, value: { ...good, keywords: ['dance', 'leap'], doubt: null } });
    expect(readDescription({ ...good, verdict: 'reject', faults: [fault] })).toMatchObject({ ok: true, value: { verdict: 'reject', faults: [fault], doubt: null } });
    expect(readDescription({ ...good, expression: null, faults: [{ ...fault, severity: 'minor', region: null }] })).toMatchObject({ ok: true, value: { expression: null, verdict: 'keep' } });
  });

  it.each([
    ['no object', 'keep it'],
    ['a list', [good]],
    ['a verdict of its own', { ...good, verdict: 'maybe' }],
    ['thirteen keywords', { ...good, keywords: Array.from({ length: 13 }, (_, at) => `word${at}`) }],
    ['keywords as one text', { ...good, keywords: 'dance, leap' }],
    ['no caption', { ...good, caption: undefined }],
    ['an empty reason', { ...good, reason: '  ' }],
    ['a novel', { ...good, reason: 'a'.repeat(401) }],
    ['what steers a terminal', { ...good, caption: 'red \u001b[31malert' }],
    ['a region in pixels', { ...good, faults: [{ ...fault, region: { x: 120, y: 80, w: 300, h: 200 } }] }],
    ['a region outside the picture', { ...good, faults: [{ ...fault, region: { x: 0.8, y: 0, w: 0.4, h: 0.2 } }] }],
    ['a region of nothing', { ...good, faults: [{ ...fault, region: { x: 0.8, y: 0, w: 0, h: 0.2 } }] }],
    ['a region that is no number', { ...good, faults: [{ ...fault, region: { x: 'left', y: 0, w: 0.1, h: 0.2 } }] }],
    ['a kind of fault of its own', { ...good, faults: [{ ...fault, kind: 'ugly' }] }],
  ])('refuses %s', (_name, answer) => {
    expect(readDescription(answer)).toMatchObject({ ok: false, error: { code: 'answer-invalid' } });
  });

  it('cannot tell where the answer contradicts itself', () => {
    expect(readDescription({ ...good, faults: [fault] })).toMatchObject({ ok: true, value: { verdict: null, doubt: 'It says keep, and names a serious fault.' } });
    expect(readDescription({ ...good, verdict: 'reject' })).toMatchObject({ ok: true, value: { verdict: null, doubt: 'It says reject, and names no serious fault.' } });
  });

  it('finds the JSON between words and fences, and none where there is none', () => {
    expect(findJson('Sure!\n```json\n{"a": 1}\n```')).toEqual({ a: 1 });
    expect(findJson('I cannot help with that.')).toBeUndefined();
    expect(findJson('{"a": 1')).toBeUndefined();
  });

  it('asks for every name that it reads', () => {
    const { required, additionalProperties } = describeSchema.schema;
    expect(required.toSorted()).toEqual(Object.keys(good).toSorted());
    expect(additionalProperties).toBe(false);
    for (const name of required) expect(describePrompt).toContain(`${name}:`);
  });
});

describe('settleComparison', () => {
  it('lets a picture win only where it wins in both orders', () => {
    expect(settleComparison(1, 2)).toBe('first');
    expect(settleComparison(2, 1)).toBe('second');
    for (const [asked, swapped] of [[1, 1], [2, 2], [0, 1], [1, 0], [0, 0]] as const) expect(settleComparison(asked, swapped)).toBe('tie');
    expect(readChoice({ better: 'second', reason: 'sharper eyes' })).toMatchObject({ ok: true, value: { better: 2 } });
    expect(readChoice({ better: 'both', reason: 'x' })).toMatchObject({ ok: false, error: { code: 'answer-invalid' } });
  });
});

describe('readEndpoint', () => {
  it('takes a base URL, and nothing that holds a secret or is no address', () => {
    expect(readEndpoint(' HTTPS://gpu.example/v1/ ', 'qwen', 2)).toEqual({ ok: true, value: { url: 'https://gpu.example/v1', model: 'qwen', usdPer1000: 2 } });
    for (const url of ['gpu.example/v1', 'ftp://gpu.example', 'https://user:word@gpu.example/v1', 'https://gpu.example/v1?key=x', '']) expect(readEndpoint(url, 'qwen', null)).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    expect(readEndpoint('https://gpu.example/v1', ' ', null).ok).toBe(false);
    expect(readEndpoint('https://gpu.example/v1', 'qwen', -1).ok).toBe(false);
  });

  it('knows what could be read on its way', () => {
    expect(['http://10.0.0.5:8000/v1', 'http://localhost.evil.example/v1', 'http://127.0.0.1.evil.example/v1'].map((url) => isUnencrypted({ url }))).toEqual([true, true, true]);
    expect(['https://10.0.0.5/v1', 'http://localhost:8000/v1', 'http://127.0.0.1:8000/v1', 'http://[::1]/v1'].map((url) => isUnencrypted({ url }))).toEqual([false, false, false, false]);
  });
});

describe('adjustPressure', () => {
  const answers = (pressure: Pressure, count: number, ms: number): Pressure => {
    let now = pressure;
    for (let at = 0; at < count; at++) now = adjustPressure(now, { startedAt: 1_000, endedAt: 1_000 + ms, isThrottled: false });
    return now;
  };

  it('rises while answers come, by one a round, up to its most', () => {
    expect(answers(startPressure(16), 2, 100).limit).toBe(3);
    expect(answers(startPressure(16), 5, 100).limit).toBe(4);
    expect(answers(startPressure(16), 500, 100).limit).toBe(16);
  });

  it('stays where answers take much longer than the shortest', () => {
    const before = answers(startPressure(16), 5, 100);
    expect(answers(before, 50, 250).limit).toBe(before.limit);
    expect(answers(before, 50, 150).limit).toBeGreaterThan(before.limit);
  });

  it('halves once for all that were sent before it was heard, and never below one', () => {
    const before = answers(startPressure(16), 500, 100);
    const once = adjustPressure(before, { startedAt: 5_000, endedAt: 5_100, isThrottled: true });
    expect(once.limit).toBe(8);
    expect(adjustPressure(once, { startedAt: 5_050, endedAt: 5_200, isThrottled: true }).limit).toBe(8);
    let now = once;
    for (let at = 6_000; at < 7_000; at += 100) now = adjustPressure(now, { startedAt: at, endedAt: at + 50, isThrottled: true });
    expect(now.limit).toBe(1);
    expect(answers(now, 1, 100).limit).toBe(2);
  });
});
