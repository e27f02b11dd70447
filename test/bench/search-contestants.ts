/** Who searches, each run in a process of its own: the product, a C program where a compiler is, and a BK-tree. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../config/needs.ts';
import type { SearchOutcome, SearchWork } from './search-child.ts';

export const contestantNames = ['Parjanya', 'C MIH', 'C sorted join', 'C brute force', 'BK-tree'] as const;
export type ContestantName = (typeof contestantNames)[number];

export interface Contestant {
  readonly name: ContestantName;
  /** How many of so many hashes it is asked for; what is less than all is scaled to all. */
  rowsOf(count: number): number;
  run(file: string, count: number, bits: number): SearchOutcome;
}

/** Comparisons that one run may take: more are scaled. */
const mostBrute = 2e10;
const mostTree = 3e7;

/** Without a compiler, the three in C are absent. */
export function findContestants(folder: string, log: (text: string) => void): Contestant[] {
  const all = (count: number): number => count;
  const treeRows = (count: number): number => Math.min(count, Math.ceil(mostTree / count));
  const bruteRows = (count: number): number => Math.min(count, Math.ceil(mostBrute / count));
  const own: Contestant = { name: 'Parjanya', rowsOf: all, run: (file, count, bits) => runChild('pairs', file, bits, count) };
  const tree: Contestant = { name: 'BK-tree', rowsOf: treeRows, run: (file, count, bits) => runChild('bk-tree', file, bits, treeRows(count)) };
  const program = compileProgram(folder, log);
  if (!program) return [own, tree];
  const ask = (way: string, file: string, bits: number, rows: number): SearchOutcome =>
    JSON.parse(execFileSync(program, [file, String(bits), way, String(rows)], { encoding: 'utf8' })) as SearchOutcome;
  return [
    own,
    { name: 'C MIH', rowsOf: all, run: (file, count, bits) => ask('mih', file, bits, count) },
    { name: 'C sorted join', rowsOf: all, run: (file, count, bits) => ask('join', file, bits, count) },
    {
      name: 'C brute force',
      rowsOf: bruteRows,
      run(file, count, bits) {
        const rows = bruteRows(count);
        const outcome = ask('brute', file, bits, rows);
        const compared = rows * (count - (rows + 1) / 2);
        return { ...outcome, cpuMs: (outcome.cpuMs * count * (count - 1)) / 2 / compared };
      },
    },
    tree,
  ];
}

/** The C program made for this machine's processor; null without a compiler. */
function compileProgram(folder: string, log: (text: string) => void): string | null {
  const compiler = findProgram('cc', 'gcc', 'clang');
  if (!compiler) {
    log('no C compiler here: the C programs have no rows');
    return null;
  }
  const program = join(folder, 'search-mih');
  const source = fileURLToPath(new URL('./search-mih.c', import.meta.url));
  try {
    execFileSync(compiler, ['-O3', '-march=native', '-o', program, source], { stdio: ['ignore', 'ignore', 'pipe'] });
    return program;
  } catch (error) {
    log(`the C programs have no rows: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/** Runs one measurement of search-child.ts; `file` is empty where it needs no hashes. */
export function runChild(work: SearchWork, file: string, bits: number, rows: number): SearchOutcome {
  const child = fileURLToPath(new URL('./search-child.ts', import.meta.url));
  return JSON.parse(execFileSync(process.execPath, ['--expose-gc', child, work, file, String(bits), String(rows)], { encoding: 'utf8' })) as SearchOutcome;
}
