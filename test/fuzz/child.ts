/** Decode children as the product starts them, asked one file at a time, so that their death, time and memory are seen. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startDecodeChild } from '../../main/adapters/decode-pool/child.ts';
import type { DecodeChild, WorkEnd } from '../../main/adapters/decode-pool/child.ts';
import type { ErrorCode } from '../../main/base/index.ts';
import type { StageId } from '../../main/domain/index.ts';
import type { WorkerReply, WorkerRequest } from '../../main/ports/index.ts';

const script = fileURLToPath(new URL('../../main/workers/decode.ts', import.meta.url));
/** As in the product (adapters/decode-pool). */
const productLimitMs = 10_000;
const photosPerChild = 1_000;
const mostMemory = 1_024;
const mostTries = 10;

/** Does the code mean that a file has harmed the program? */
export function isHarmful(code: ErrorCode): boolean {
  return ['internal', 'worker-crashed', 'timeout', 'native-missing', 'closed'].includes(code);
}

/** What is asked about a file: as when a folder is opened, as when a person looks at it, as when it is exported for a client. */
export type Question = { readonly kind: 'analyse'; readonly stages: readonly StageId[] } | { readonly kind: 'picture'; readonly size: 'screen' | 'full' } | { readonly kind: 'deliver' };

export interface Judgement {
  /** `picture: rendered`, `picture: self, truncated`, `too-large`, `harm`: what the file ended in. */
  readonly outcome: string;
  /** What is to be mended; null for a picture or a coded error in time and memory. */
  readonly harm: string | null;
  readonly ms: number;
  /** Processor time of the child and the most memory that it had while it worked on this file (MB); null where the system does not tell. */
  readonly cpuMs: number | null;
  readonly peak: number | null;
}

export interface Watcher {
  judge(path: string, question: Question): Promise<Judgement>;
  /** Memory of the present child at rest, in MB, and how many files it has had. */
  rest(): { readonly memory: number | null; readonly answered: number };
  /** Children used so far, and how many of them asked to be replaced. */
  readonly children: { started: number; retired: number };
  /** How often a file was asked about again because the computer was too busy to work on it. */
  readonly starved: number;
  stop(): void;
}

/** One lane of the product's pool: a child that is replaced when it dies, asks for it, or has had its share of photos. */
export function createWatcher(limitMs = productLimitMs): Watcher {
  let told = '';
  const note = (text: string): void => void (told = (told + text).slice(-4_000));
  const log = { info: () => undefined, warn: note, bug: note };
  const children = { started: 0, retired: 0 };
  let child: DecodeChild | null = null;
  let starved = 0;
  let id = 0;
  const use = (): DecodeChild => {
    if (child?.isUsable && child.answered < photosPerChild) return child;
    child?.stop();
    children.started += 1;
    return (child = startDecodeChild({ executable: process.execPath, script, role: 'eye', log, onGone: () => undefined }));
  };
  return {
    children,
    get starved() {
      return starved;
    },
    async judge(path, question) {
      told = '';
      let used = use();
      let [start, cpuBefore] = [performance.now(), cpuOf(used.pid) ?? 0];
      resetPeak(used.pid);
      let end = await used.work(requestOf(++id, path, question), limitMs);
      // One that has no room left leaves the file to a fresh child, as the pool does; that one has to do it.
      if (end.kind === 'reply' && (end.reply as WorkerReply).again) {
        children.retired += 1;
        used = use();
        [start, cpuBefore] = [performance.now(), cpuOf(used.pid) ?? 0];
        end = await used.work(requestOf(++id, path, question), limitMs);
      }
      // A computer that is too busy to start a child, or to let it work for a second in half a minute, says nothing about the file.
      for (let tries = 1; tries < mostTries && isStarved(end, used, cpuBefore, limitMs); tries++) {
        starved += 1;
        used = use();
        [start, cpuBefore] = [performance.now(), cpuOf(used.pid) ?? 0];
        end = await used.work(requestOf(++id, path, question), limitMs * 6);
      }
      const ms = Math.round(performance.now() - start);
      const peak = memoryOf(used.pid, 'VmHWM');
      const cpuAfter = cpuOf(used.pid);
      if (end.kind === 'reply' && end.reply.retire) children.retired += 1;
      const bug = told.includes('bug in') ? told : null;
      const { outcome, harm } = end.kind === 'reply' ? outcomeOf(end.reply as WorkerReply) : { outcome: 'harm', harm: end.kind === 'died' ? `the child ended (${end.detail}) ${told}` : `given up after ${ms} ms` };
      const long = cpuAfter !== null && cpuAfter - cpuBefore > limitMs ? `${cpuAfter - cpuBefore} ms of the processor` : null;
      const large = peak !== null && peak > mostMemory ? `${peak} MB` : null;
      return { outcome, harm: harm ?? bug ?? large ?? long, ms, cpuMs: cpuAfter === null ? null : Math.max(0, cpuAfter - cpuBefore), peak };
    },
    rest: () => ({ memory: memoryOf(child?.pid, 'VmRSS'), answered: child?.answered ?? 0 }),
    stop: () => child?.stop(),
  };
}

function isStarved(end: WorkEnd, child: DecodeChild, cpuBefore: number, limitMs: number): boolean {
  if (end.kind === 'died') return end.detail === 'did not start';
  // It is killed but not yet gone when the end is told; where it is gone, it is asked again too.
  return end.kind === 'timeout' && (cpuOf(child.pid) ?? 0) - cpuBefore < limitMs / 2;
}

function requestOf(id: number, path: string, question: Question): WorkerRequest {
  if (question.kind === 'analyse') return { id, kind: 'analyse', task: { path, stages: question.stages, known: {}, thumbnail: true } };
  if (question.kind === 'picture') return { id, kind: 'picture', task: { path, size: question.size, known: {} } };
  return { id, kind: 'deliver', task: { path, maxEdge: 1_024, quality: 85, known: {} } };
}

function outcomeOf(reply: WorkerReply): { outcome: string; harm: string | null } {
  const { result } = reply;
  if (!result.ok) return { outcome: result.error.code, harm: isHarmful(result.error.code) ? result.error.code : null };
  if (reply.kind !== 'analyse') {
    const { value } = result as Extract<typeof reply.result, { ok: true }>;
    return { outcome: `picture: ${value.source}`, harm: value.jpeg[0] === 0xff && value.width > 0 && value.height > 0 ? null : 'a picture that is none' };
  }
  const { error, results, thumbnail } = (result as Extract<typeof reply.result, { ok: true }>).value;
  const codes = [error, ...results.map((each) => each.error)].flatMap((each) => each?.code ?? []);
  const harm = codes.find(isHarmful) ?? null;
  const preview = results.find((each) => each.stage === 'preview');
  const code = error?.code ?? preview?.error?.code;
  if (!thumbnail) return { outcome: code ?? 'harm', harm: harm ?? (code ? null : 'neither a picture nor a code') };
  const source = preview?.stage === 'preview' ? preview.output?.source : undefined;
  return { outcome: `picture: ${source ?? 'what there is'}${code ? `, ${code}` : ''}`, harm };
}

/** Linux: lets VmHWM start again. */
function resetPeak(pid: number | undefined): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Another system, or no right to: the peak is then the child's, not the file's.
  }
}

/** MB; null where the system does not tell, or the process is gone. */
export function memoryOf(pid: number | undefined, what: 'VmHWM' | 'VmRSS'): number | null {
  try {
    const kilobytes = new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes ? Math.round(Number(kilobytes) / 1024) : null;
  } catch {
    return null;
  }
}

/** Milliseconds of processor time, all threads; Linux counts in hundredths of a second. */
function cpuOf(pid: number | undefined): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return null;
  }
}
