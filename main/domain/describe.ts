/**
 * What a vision model says of a photo: its words, read from an answer that nothing is believed of. Servers may ignore the schema that they are given,
 * and a grammar holds a server to names and kinds, never to ranges: all is checked here.
 */
import { fail, ok } from '../base/index.ts';
import type { Result } from '../base/index.ts';
import { limitRegion } from './region.ts';
import type { Region } from './region.ts';
import type { Verdict } from './verdict-types.ts';

export const faultKinds = ['out-of-focus', 'motion-blur', 'exposure', 'eyes-closed', 'expression', 'obstruction', 'composition', 'noise', 'other'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface DescribedFault {
  readonly kind: FaultKind;
  readonly severity: 'minor' | 'serious';
  /** What in the picture shows it. */
  readonly evidence: string;
  /** Where, in fractions of the picture; null = in all of it. */
  readonly region: Region | null;
}

export interface Description {
  readonly subject: string;
  readonly moment: string;
  /** Of the people or animals; null where there are none. */
  readonly expression: string | null;
  readonly faults: readonly DescribedFault[];
  /** Null: cannot tell, because the answer contradicts itself; see `doubt`. */
  readonly verdict: Verdict | null;
  readonly reason: string;
  readonly keywords: readonly string[];
  readonly caption: string;
  /** In what the answer contradicts itself; null where it does not. */
  readonly doubt: string | null;
}

/** What came out of comparing a photo with another one, told from its own side. */
export interface Comparison {
  /** SHA-256 of the other file, 64 hex digits. */
  readonly against: string;
  /** `tie`: none was said to be better, or the answer changed when the two were shown the other way round. */
  readonly outcome: 'better' | 'worse' | 'tie';
  readonly reason: string;
}

/** Photos go to the one place that a person has set, and nowhere else. */
export interface EndpointSettings {
  /** Base URL of an OpenAI-compatible server, as `https://gpu.studio.example/v1`. */
  readonly url: string;
  readonly model: string;
  /** What 1,000 requests cost, as the person states it; null = not known, and no limit in money can be kept. */
  readonly usdPer1000: number | null;
}

/** What was paid once, with where it was made. */
export interface Advice<T extends 'describe' | 'compare' = 'describe' | 'compare'> {
  readonly stage: T;
  readonly version: number;
  /** What else the answer depends on; part of its key. */
  readonly settings: { readonly model: string; readonly against?: string };
  readonly place: 'gpu';
  readonly placeReason: string;
  readonly ms: number;
  /** That left this computer, pictures and words. */
  readonly bytes: number;
  readonly tokens: { readonly in: number; readonly out: number } | null;
  readonly output: T extends 'describe' ? Description : Comparison;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export function isAdviceOf<T extends Advice['stage']>(stage: T): (advice: Advice) => advice is Advice<T> {
  return (advice): advice is Advice<T> => advice.stage === stage;
}

/** Raised whenever what is asked, or how an answer is read, changes: older answers are not shown any more, and are paid for again. */
export const adviceVersions: Readonly<Record<Advice['stage'], number>> = { describe: 1, compare: 1 };

export const mostKeywords = 12;
const mostFaults = 8;
const mostLetters = 400;

/** The person's word for a stated place and model. Errors: bad-input. */
export function readEndpoint(url: string, model: string, usdPer1000: number | null): Result<EndpointSettings> {
  const match = /^(https?):\/\/([^\s/?#@]+)(\/[^\s?#]*)?$/i.exec(url.trim());
  if (!match) return fail('bad-input', 'The address of the endpoint is like https://gpu.studio.example/v1: http or https, and no name, password or question mark in it.');
  const name = model.trim();
  if (name === '' || name.length > 200 || hasControls(name)) return fail('bad-input', 'The name of the model is missing, or is no name.');
  if (usdPer1000 !== null && !(usdPer1000 >= 0 && usdPer1000 <= 100_000)) return fail('bad-input', 'The price of 1,000 requests is a number of US dollars.');
  return ok({ url: `${match[1]!.toLowerCase()}://${match[2]!}${(match[3] ?? '').replace(/\/+$/, '')}`, model: name, usdPer1000 });
}

/** True where what is sent can be read on its way: http to another computer. */
export function isUnencrypted({ url }: Pick<EndpointSettings, 'url'>): boolean {
  return url.startsWith('http:') && !/^http:\/\/(localhost|127(\.\d+){3}|\[::1\])([:/]|$)/i.test(url);
}

/** JSON of a model, which likes to put it between words or fences. Undefined where there is none. */
export function findJson(text: string): unknown {
  const [from, to] = [text.indexOf('{'), text.lastIndexOf('}')];
  if (from < 0 || to <= from) return undefined;
  try {
    return JSON.parse(text.slice(from, to + 1)) as unknown;
  } catch {
    return undefined;
  }
}

/** Errors: answer-invalid, with a sentence that also helps the model on a second try. */
export function readDescription(answer: unknown): Result<Description> {
  const problems: string[] = [];
  const from = objectOf(answer, 'the answer', problems);
  const expression = from['expression'] === null ? null : textOf(from['expression'], 'expression', problems, true);
  const verdict = oneOf(from['verdict'], ['keep', 'review', 'reject'] as const, 'verdict', problems);
  const faults = listOf(from['faults'], 'faults', mostFaults, problems).map((fault, index) => readFault(fault, `faults[${index}]`, problems));
  const description = {
    subject: textOf(from['subject'], 'subject', problems),
    moment: textOf(from['moment'], 'moment', problems, true),
    expression: expression === '' ? null : expression,
    faults,
    reason: textOf(from['reason'], 'reason', problems),
    keywords: [...new Set(listOf(from['keywords'], 'keywords', mostKeywords, problems).map((word, index) => textOf(word, `keywords[${index}]`, problems).toLowerCase()))],
    caption: textOf(from['caption'], 'caption', problems),
  };
  if (problems.length > 0) return fail('answer-invalid', `The model's answer is not usable: ${problems.slice(0, 3).join('; ')}.`);
  const doubt = findContradiction(verdict, faults);
  return ok({ ...description, verdict: doubt === null ? verdict : null, doubt });
}

function findContradiction(verdict: Verdict, faults: readonly DescribedFault[]): string | null {
  if (verdict === 'keep' && faults.some(({ severity }) => severity === 'serious')) return 'It says keep, and names a serious fault.';
  if (verdict === 'reject' && !faults.some(({ severity }) => severity === 'serious')) return 'It says reject, and names no serious fault.';
  return null;
}

/** Which of two pictures is better: 1, 2, or 0 for neither. Errors: answer-invalid. */
export function readChoice(answer: unknown): Result<{ readonly better: 0 | 1 | 2; readonly reason: string }> {
  const problems: string[] = [];
  const from = objectOf(answer, 'the answer', problems);
  const word = oneOf(from['better'], ['first', 'second', 'neither'] as const, 'better', problems);
  const reason = textOf(from['reason'], 'reason', problems);
  if (problems.length > 0) return fail('answer-invalid', `The model's answer is not usable: ${problems.slice(0, 3).join('; ')}.`);
  return ok({ better: word === 'first' ? 1 : word === 'second' ? 2 : 0, reason });
}

/**
 * Models favour a position, so two pictures are asked about twice, the second time the other way round: one of them wins where both answers name it.
 * @param swapped the answer to the pictures in the other order
 */
export function settleComparison(asked: 0 | 1 | 2, swapped: 0 | 1 | 2): 'first' | 'second' | 'tie' {
  if (asked === 1 && swapped === 2) return 'first';
  if (asked === 2 && swapped === 1) return 'second';
  return 'tie';
}

function readFault(fault: unknown, name: string, problems: string[]): DescribedFault {
  const from = objectOf(fault, name, problems);
  return {
    kind: oneOf(from['kind'], faultKinds, `${name}.kind`, problems),
    severity: oneOf(from['severity'], ['minor', 'serious'] as const, `${name}.severity`, problems),
    evidence: textOf(from['evidence'], `${name}.evidence`, problems),
    region: from['region'] === null || from['region'] === undefined ? null : readRegion(from['region'], `${name}.region`, problems),
  };
}

/** Fractions. What is a little outside is rounding; pixels or thousandths are another thing, and are refused. */
function readRegion(region: unknown, name: string, problems: string[]): Region | null {
  const from = objectOf(region, name, problems);
  const [x, y, w, h] = (['x', 'y', 'w', 'h'] as const).map((key) => (typeof from[key] === 'number' && Number.isFinite(from[key]) ? from[key] : Number.NaN)) as [number, number, number, number];
  const slack = 0.01;
  if (!(x >= -slack && y >= -slack && w > 0 && h > 0 && x + w <= 1 + slack && y + h <= 1 + slack)) {
    problems.push(`${name} must be fractions of the picture, x, y, w and h from 0 to 1, inside it`);
    return null;
  }
  return limitRegion({ x, y, w, h });
}

function objectOf(value: unknown, name: string, problems: string[]): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  problems.push(`${name} must be a JSON object`);
  return {};
}

function listOf(value: unknown, name: string, most: number, problems: string[]): readonly unknown[] {
  if (Array.isArray(value) && value.length <= most) return value;
  problems.push(`${name} must be a list of at most ${most}`);
  return [];
}

function textOf(value: unknown, name: string, problems: string[], mayBeEmpty = false): string {
  const text = typeof value === 'string' ? value.trim() : null;
  if (text === null || text.length > mostLetters || hasControls(text) || (text === '' && !mayBeEmpty)) {
    problems.push(`${name} must be a text of at most ${mostLetters} letters in one line`);
    return '';
  }
  return text;
}

function oneOf<const T extends string>(value: unknown, words: readonly T[], name: string, problems: string[]): T {
  const found = words.find((word) => word === value);
  if (found === undefined) problems.push(`${name} must be ${words.join(', ')}`);
  return found ?? words[0]!;
}

/** What a terminal would take for more than letters: control characters, and those that turn the direction of writing. */
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** The text without what a terminal would take for more than letters, line ends included. */
export function stripControls(text: string): string {
  return text.replaceAll(controls, '');
}

function hasControls(text: string): boolean {
  return stripControls(text) !== text;
}
