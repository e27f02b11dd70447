/** Runs damaged files through the locator and the metadata reader in this process, and through a real decode child. */
import { copyFileSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { openByteSource } from '../../main/adapters/byte-source/index.ts';
import { createMetadataReader } from '../../main/adapters/exifr/index.ts';
import type { StageId } from '../../main/domain/index.ts';
import { createReader, headLength } from '../../main/stages/containers/reader.ts';
import { detectFormat, identifyPhoto } from '../../main/stages/identify/index.ts';
import { readMetadata } from '../../main/stages/metadata/index.ts';
import { listEmbeddedPreviews } from '../../main/stages/preview/index.ts';
import { photosFolder } from '../config/needs.ts';
import { createSha256 } from '../fixtures/image-hash.ts';
import { startChild } from './child.ts';
import type { Child, Verdict } from './child.ts';
import type { Sample } from './mutate.ts';
import { cutsOf, mutate } from './mutate.ts';
import { makeSamples, sharedFiles } from './samples.ts';

export interface FuzzOptions {
  readonly seconds: number;
  readonly seed: number;
  /** Runs every cut of every sample before anything else. */
  readonly cuts: boolean;
  /** False: only the locator and the metadata reader, some fifty times as many inputs. */
  readonly child: boolean;
  readonly log: (line: string) => void;
}

export interface FuzzCounts {
  inputs: number;
  pictures: number;
  coded: number;
  /** What is to be mended: seed (or cut) and what happened. */
  readonly harm: string[];
  /** Longest time of one input, in milliseconds. */
  slowest: number;
  slowestInput: string;
  /** MB, of the decode child and of this process. */
  peakMemory: number;
}

const mostMemory = 1_024;
/** Children at work at the same time. */
const lanes = 2;
/** Measuring is slow and sees only decoded pixels, which no damage reaches; it is part of every eighth. */
const quick: readonly StageId[] = ['metadata', 'preview', 'phash'];
const all: readonly StageId[] = [...quick, 'focus', 'exposure'];
/** A child is replaced after as many photos as in the product (adapters/decode-pool), so that memory is judged as there. */
const photosPerChild = 1_000;

export async function fuzz({ seconds, seed, cuts, child, log }: FuzzOptions): Promise<FuzzCounts> {
  const counts: FuzzCounts = { inputs: 0, pictures: 0, coded: 0, harm: [], slowest: 0, slowestInput: '', peakMemory: 0 };
  const folder = mkdtempSync(join(tmpdir(), 'parjanya-fuzz-'));
  const end = performance.now() + seconds * 1000;
  const judges = Array.from({ length: lanes }, () => createJudge(counts, child));
  try {
    const samples = await makeSamples();
    log(`${samples.length} samples, seed ${seed}`);
    if (cuts) await Promise.all(judges.map((judge, lane) => judgeCuts(folder, samples.filter((_, index) => index % lanes === lane), judge, end, log)));
    let next = 0;
    const work = async (judge: Judge, lane: number): Promise<void> => {
      while (performance.now() < end) {
        const index = next++;
        const mutant = mutate(samples, seed + index);
        const path = join(folder, `input-${lane}${extname(mutant.name)}`);
        writeFileSync(path, mutant.bytes);
        if (mutant.size > mutant.bytes.length) truncateSync(path, mutant.size);
        await judge.file(path, `seed ${seed + index} (${mutant.damage} of ${mutant.name})`);
        if (counts.inputs % 5_000 === 0) log(`${counts.inputs} inputs, ${counts.pictures} pictures, ${counts.coded} coded, ${counts.harm.length} to be mended`);
      }
    };
    await Promise.all(judges.map(work));
  } finally {
    for (const judge of judges) judge.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return counts;
}

interface Judge {
  file(path: string, what: string): Promise<void>;
  stop(): void;
}

function createJudge(counts: FuzzCounts, withChild: boolean): Judge {
  let child: Child | null = withChild ? startChild() : null;
  let photos = 0;
  const replace = (): void => {
    child?.stop();
    child = withChild ? startChild() : null;
    photos = 0;
  };
  return {
    async file(path, what) {
      const start = performance.now();
      const inside = await readHere(path);
      const verdict = child && !inside?.startsWith('harm') ? await child.judge(path, photos % 8 === 0 ? all : quick) : (inside ?? 'coded');
      counts.inputs += 1;
      photos += 1;
      const ms = Math.round(performance.now() - start);
      if (ms > counts.slowest) Object.assign(counts, { slowest: ms, slowestInput: what });
      const memory = Math.max(child?.peakMemory() ?? 0, Math.round(process.memoryUsage.rss() / 1_048_576));
      counts.peakMemory = Math.max(counts.peakMemory, memory);
      if (verdict === 'picture') counts.pictures += 1;
      else if (verdict === 'coded') counts.coded += 1;
      else counts.harm.push(`${what}: ${verdict}`);
      if (memory > mostMemory) counts.harm.push(`${what}: ${memory} MB`);
      if (verdict.startsWith('harm') || memory > mostMemory || photos >= photosPerChild) replace();
    },
    stop: () => child?.stop(),
  };
}

/** Each file cut at 64 points: written once, then made shorter and shorter. */
async function judgeCuts(folder: string, samples: readonly Sample[], judge: Judge, end: number, log: (line: string) => void): Promise<void> {
  const shared = new Set(sharedFiles());
  for (const { name, bytes } of samples) {
    const path = join(folder, `cut-${basename(name)}`);
    if (shared.has(name)) copyFileSync(join(photosFolder, name), path);
    else writeFileSync(path, bytes);
    for (const size of cutsOf(statSync(path).size)) {
      if (performance.now() > end) return log(`The time was over before all cuts were made (at ${name}).`);
      truncateSync(path, size);
      await judge.file(path, `cut of ${name} at ${size}`);
    }
    rmSync(path);
  }
  log(`${samples.length} samples cut`);
}

const head = new Uint8Array(headLength);
const metadataReader = createMetadataReader();
const mostHashed = 2 * 1024 * 1024;

/** The locator and the metadata here, where a throw names its place: `picture` where a preview is listed; null where nothing is. */
async function readHere(path: string): Promise<Verdict | null> {
  const opened = openByteSource(path);
  if (!opened.ok) return 'coded';
  const source = opened.value;
  try {
    if (source.size === 0) return null;
    const reader = createReader(source, head);
    const format = detectFormat(reader, path);
    if (format === 'other') return null;
    const listed = listEmbeddedPreviews(reader, format);
    if (listed.some(({ offset, length }) => offset < 0 || offset + length > source.size)) return 'harm: a preview outside the file';
    const metadata = await readMetadata(reader, format, metadataReader);
    if (!metadata.ok && metadata.error.code !== 'metadata-broken') return `harm: ${metadata.error.code}`;
    // The end of what is longer reads as zeros, of which hashing ever more finds nothing.
    const identity = source.size <= mostHashed ? identifyPhoto(source, reader, format, createSha256) : null;
    if (identity && !identity.ok) return `harm: ${identity.error.code}`;
    return listed.length > 0 ? 'picture' : null;
  } catch (error) {
    return `harm: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  } finally {
    source.close();
  }
}
