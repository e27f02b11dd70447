/** Runs damaged files through the locator and the metadata reader in this process, and through real decode children. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import type { StageId } from '../../main/domain/index.ts';
import { openByteSource } from '../../main/adapters/byte-source/index.ts';
import { createMetadataReader } from '../../main/adapters/exifr/index.ts';
import { createReader, headLength } from '../../main/stages/containers/reader.ts';
import { detectFormat, identifyPhoto } from '../../main/stages/identify/index.ts';
import { readMetadata } from '../../main/stages/metadata/index.ts';
import { listEmbeddedPreviews } from '../../main/stages/preview/index.ts';
import { photosFolder } from '../config/needs.ts';
import { createSha256 } from '../fixtures/image-hash.ts';
import { createWatcher } from './child.ts';
import type { Judgement, Question, Watcher } from './child.ts';
import type { Mutant, Sample } from './mutate.ts';
import { cutsOf, mutate } from './mutate.ts';
import { count, countJudgement, createCounts } from './report.ts';
import type { FuzzCounts } from './report.ts';
import { makePhotoSamples, makeSamples, sharedFiles } from './samples.ts';

export interface FuzzOptions {
  readonly seconds: number;
  /** Ends after so many inputs, if the time is not over before. */
  readonly inputs: number;
  readonly seed: number;
  /** False: only the locator and the metadata reader, some fifty times as many inputs. */
  readonly child: boolean;
  /** Where inputs that are to be mended are kept. */
  readonly keep: string;
  readonly log: (line: string) => void;
  /** True once the run is to end: what it has counted is told all the same. */
  readonly isStopped: () => boolean;
}

/** Children at work at the same time. */
const lanes = 2;
const firstLook: readonly StageId[] = ['metadata', 'preview', 'phash'];
const all: readonly StageId[] = ['identify', ...firstLook, 'focus', 'exposure'];

/** Measuring sees only decoded pixels, which no damage reaches; it is part of every eighth. */
function questionFor(seed: number): Question {
  if (seed % 16 === 3) return { kind: 'picture', size: 'screen' };
  if (seed % 16 === 7) return { kind: 'picture', size: 'full' };
  if (seed % 16 === 11) return { kind: 'deliver' };
  return { kind: 'analyse', stages: seed % 8 === 0 ? all : firstLook };
}

export async function fuzz(options: FuzzOptions): Promise<FuzzCounts> {
  const samples = await makePhotoSamples();
  options.log(`seed ${options.seed}, ${samples.length} samples: ${(['light', 'render', 'large'] as const).map((cost) => `${samples.filter((sample) => sample.cost === cost).length} ${cost}`).join(', ')}`);
  let next = 0;
  return run(options, async (bench, lane, end) => {
    while (performance.now() < end && next < options.inputs && !options.isStopped()) {
      const seed = options.seed + next++;
      await judgeMutant(bench, mutate(samples, seed), seed, lane);
      if (bench.counts.inputs % 2_500 === 0) options.log(progressOf(bench.counts));
    }
  });
}

/** Makes the input of one seed again, keeps it, and asks everything about it. */
export async function judgeOne(options: FuzzOptions): Promise<FuzzCounts> {
  const mutant = mutate(await makePhotoSamples(), options.seed);
  return run(options, async (bench, lane) => {
    if (lane > 0) return;
    const path = keepInput(options.keep, `seed-${options.seed}${extname(mutant.name)}`, mutant);
    options.log(`${mutant.damages.join(', ')} of ${mutant.name}: ${path}`);
    const questions: readonly Question[] = [{ kind: 'analyse', stages: all }, { kind: 'picture', size: 'screen' }, { kind: 'picture', size: 'full' }, { kind: 'deliver' }];
    for (const question of questions) {
      const judgement = await judgeFile(bench, lane, path, `seed ${options.seed} ${question.kind}`, question);
      options.log(`${JSON.stringify(question)}: ${JSON.stringify(judgement)}`);
    }
  });
}

/** Every sample cut at 64 points: written once, then made shorter and shorter. */
export async function judgeTruncations(options: FuzzOptions): Promise<FuzzCounts> {
  const samples = await makeSamples();
  const shared = new Set(sharedFiles());
  let next = 0;
  return run(options, async (bench, lane) => {
    for (let sample = samples[next++]; sample && !options.isStopped(); sample = samples[next++]) {
      const path = join(bench.folder, `cut-${lane}-${basename(sample.name)}`);
      if (shared.has(sample.name)) copyFileSync(join(photosFolder, sample.name), path);
      else writeFileSync(path, sample.bytes);
      for (const size of cutsOf(statSync(path).size)) {
        truncateSync(path, size);
        await judgeFile(bench, lane, path, `${sample.name} cut at ${size}`, { kind: 'analyse', stages: firstLook });
        if (sample.cost !== 'light') bench.counts.renderable += 1;
      }
      rmSync(path);
      options.log(`${sample.name} cut; ${progressOf(bench.counts)}`);
    }
  });
}

interface Bench {
  readonly folder: string;
  readonly counts: FuzzCounts;
  readonly watchers: readonly (Watcher | null)[];
  readonly options: FuzzOptions;
}

async function run(options: FuzzOptions, work: (bench: Bench, lane: number, end: number) => Promise<void>): Promise<FuzzCounts> {
  const counts = createCounts();
  const folder = mkdtempSync(join(tmpdir(), 'parjanya-fuzz-'));
  const watchers = Array.from({ length: lanes }, () => (options.child ? createWatcher() : null));
  const start = performance.now();
  try {
    const bench: Bench = { folder, counts, watchers, options };
    await Promise.all(watchers.map((_, lane) => work(bench, lane, start + options.seconds * 1000)));
  } finally {
    for (const watcher of watchers) watcher?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  counts.seconds = (performance.now() - start) / 1000;
  counts.engineMemory.late = memoryHere();
  for (const watcher of watchers) {
    counts.children.started += watcher?.children.started ?? 0;
    counts.children.retired += watcher?.children.retired ?? 0;
    counts.children.starved += watcher?.starved ?? 0;
  }
  return counts;
}

async function judgeMutant(bench: Bench, mutant: Mutant, seed: number, lane: number): Promise<void> {
  const path = join(bench.folder, `input-${lane}${extname(mutant.name)}`);
  writeFileSync(path, mutant.bytes);
  if (mutant.size > mutant.bytes.length) truncateSync(path, mutant.size);
  if (mutant.cost !== 'light') bench.counts.renderable += 1;
  for (const damage of mutant.damages) count(bench.counts.damages, damage);
  const question = questionFor(seed);
  const found = await judgeFile(bench, lane, path, `seed ${seed}: ${mutant.damages.join(', ')} of ${mutant.name}`, question);
  if (found.harm) keepInput(bench.options.keep, `seed-${seed}${extname(mutant.name)}`, mutant);
}

/** Judges here and in the lane's child, and counts what came out. */
async function judgeFile({ counts, watchers, options }: Bench, lane: number, path: string, what: string, question: Question): Promise<{ harm: string | null }> {
  const watcher = watchers[lane];
  // The child does the same; here a preview outside the file is seen too.
  const here = watcher && counts.inputs % 8 !== 0 ? skipped : await judgeHere(path);
  const before = watcher?.rest().answered ?? 0;
  const judgement = watcher && !here.harm ? await watcher.judge(path, question) : here;
  counts.inputs += 1;
  count(counts.questions, question.kind === 'picture' ? `picture ${question.size}` : question.kind);
  countJudgement(counts, what, judgement);
  if (judgement.harm) {
    counts.findings.push(`${what}, ${question.kind}: ${judgement.harm} (${judgement.ms} ms, ${judgement.cpuMs ?? '?'} of the processor)`);
    options.log(`TO BE MENDED ${counts.findings.at(-1)}`);
  }
  if (counts.inputs === 100) counts.engineMemory.early = memoryHere();
  const rest = watcher?.rest();
  if (rest?.memory && rest.answered === 100 && before < 100) counts.childMemory.early.push(rest.memory);
  if (rest?.memory && rest.answered === 1_000) counts.childMemory.late.push(rest.memory);
  return judgement;
}

function keepInput(folder: string, name: string, { bytes, size }: Sample): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, bytes);
  if (size > bytes.length) truncateSync(path, size);
  return path;
}

function memoryHere(): number {
  return Math.round(process.memoryUsage.rss() / 1_048_576);
}

function progressOf({ inputs, findings, engineMemory }: FuzzCounts): string {
  return `${inputs} inputs, ${findings.length} to be mended, this process ${engineMemory.early === null ? '' : `${engineMemory.early} MB at first, now `}${memoryHere()} MB`;
}

const skipped = { outcome: 'skipped', harm: null, ms: 0, cpuMs: null, peak: null };
const head = new Uint8Array(headLength);
const metadataReader = createMetadataReader();
const mostHashed = 2 * 1024 * 1024;

/** The locator and the metadata here, where a throw names its place. */
async function judgeHere(path: string): Promise<Judgement> {
  const start = performance.now();
  const told = (outcome: string, harm: string | null = null): Judgement => ({ outcome, harm, ms: Math.round(performance.now() - start), cpuMs: null, peak: null });
  const opened = openByteSource(path);
  if (!opened.ok) return told(opened.error.code);
  const source = opened.value;
  try {
    const reader = createReader(source, head);
    const format = detectFormat(reader, path);
    if (format === 'other') return told('not-a-photo');
    const listed = listEmbeddedPreviews(reader, format);
    if (listed.some(({ offset, length }) => offset < 0 || offset + length > source.size)) return told('harm', 'a preview outside the file');
    const metadata = await readMetadata(reader, format, metadataReader);
    if (!metadata.ok && metadata.error.code !== 'metadata-broken') return told('harm', metadata.error.code);
    // The end of what is longer reads as zeros, of which hashing ever more finds nothing.
    const identity = source.size <= mostHashed ? identifyPhoto(source, reader, format, createSha256) : null;
    if (identity && !identity.ok) return told('harm', identity.error.code);
    return told(listed.length > 0 ? 'previews found' : 'no preview found');
  } catch (error) {
    return told('harm', error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    source.close();
  }
}
