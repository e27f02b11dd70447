/** What a run counts, and how it is told. */
import type { Judgement } from './child.ts';

/** The few inputs that lead in something, highest first. */
export interface Leader {
  readonly what: string;
  readonly value: number;
}

export interface FuzzCounts {
  inputs: number;
  /** Inputs made of samples that are rendered when whole. */
  renderable: number;
  readonly outcomes: Map<string, number>;
  readonly questions: Map<string, number>;
  readonly damages: Map<string, number>;
  readonly findings: string[];
  /** Milliseconds by the clock and of the processor, and MB, of one input. */
  readonly slowest: Leader[];
  readonly dearest: Leader[];
  readonly largest: Leader[];
  /** MB of this process, which does what the engine does: after the first hundred inputs, and in the end. */
  engineMemory: { early: number | null; late: number };
  /** MB of children at rest: after their hundredth file, and after their last. */
  readonly childMemory: { early: number[]; late: number[] };
  children: { started: number; retired: number; starved: number };
  seconds: number;
}

export function createCounts(): FuzzCounts {
  return {
    inputs: 0, renderable: 0, outcomes: new Map(), questions: new Map(), damages: new Map(), findings: [], slowest: [], dearest: [], largest: [],
    engineMemory: { early: null, late: 0 }, childMemory: { early: [], late: [] }, children: { started: 0, retired: 0, starved: 0 }, seconds: 0,
  };
}

const leaders = 5;

function note(list: Leader[], what: string, value: number | null): void {
  if (value === null || (list.length === leaders && value <= list.at(-1)!.value)) return;
  list.push({ what, value });
  list.sort((a, b) => b.value - a.value);
  list.length = Math.min(list.length, leaders);
}

export function count(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

export function countJudgement(counts: FuzzCounts, what: string, { outcome, ms, cpuMs, peak }: Judgement): void {
  count(counts.outcomes, outcome);
  note(counts.slowest, what, ms);
  note(counts.dearest, what, cpuMs);
  note(counts.largest, what, peak);
}

function listed(map: ReadonlyMap<string, number>): string {
  return [...map].sort((a, b) => b[1] - a[1]).map(([key, value]) => `${key} ${value}`).join('; ');
}

function range(values: readonly number[]): string {
  if (values.length === 0) return 'not told';
  const sorted = [...values].sort((a, b) => a - b);
  return `${sorted[0]} to ${sorted.at(-1)}, median ${sorted[Math.floor(sorted.length / 2)]}`;
}

const told = (list: readonly Leader[], unit: string): string => list.map(({ what, value }) => `${value} ${unit} (${what})`).join(', ') || 'not told';

export function describeCounts(counts: FuzzCounts): string[] {
  const { inputs, seconds, engineMemory, childMemory, children } = counts;
  return [
    `${inputs} inputs in ${Math.round(seconds)} s (${(inputs / Math.max(seconds, 0.001)).toFixed(1)} a second); ${counts.renderable} of samples that are rendered`,
    `asked: ${listed(counts.questions)}`,
    `damage: ${listed(counts.damages)}`,
    `outcomes: ${listed(counts.outcomes)}`,
    `slowest by the clock: ${told(counts.slowest, 'ms')}`,
    `most processor time: ${told(counts.dearest, 'ms')}`,
    `most memory of a child: ${told(counts.largest, 'MB')}`,
    `children: ${children.started} started, ${children.retired} replaced because they asked, ${children.starved} files asked about again because the computer was too busy; at rest after a hundred files ${range(childMemory.early)} MB, after their last ${range(childMemory.late)} MB`,
    `this process: ${engineMemory.early ?? 'not told'} MB after the first hundred inputs, ${engineMemory.late} MB in the end`,
    `TO BE MENDED: ${counts.findings.length}`,
    ...counts.findings.map((finding) => `  ${finding}`),
  ];
}
