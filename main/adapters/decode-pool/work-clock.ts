/**
 * The time limit of one file, counted in work: where more programs want the processor than there are cores, ten seconds by the
 * clock may be one second of decoding, and a good file must not be given up for that.
 */
import { processorTimeOf } from './processor-time.ts';

/** A busy computer gets so many times the limit by the clock. */
const mostPatience = 3;
/**
 * Below this share of a processor a process does not compete for it: it waits for a disk, or for ever. (Measured with thirty busy
 * processes on two cores: one of low priority still had 1 %.)
 */
const leastShare = 0.002;

/**
 * Calls `onLimit` once the process `pid` has worked for `limitMs` since now, or has waited so long without working, or after
 * three times as long by the clock, whichever is first; by the clock alone where the system does not tell of work. The answer
 * stops the clock. Most files are done before it looks at the process for the first time.
 */
export function startWorkClock(pid: number | undefined, limitMs: number, onLimit: () => void): () => void {
  const begun = performance.now();
  const first = limitMs / 10;
  let isStopped = false;
  let timer = setTimeout(() => void look(null), first);

  /** `last`: what had been worked at the last look, and the process's own count then. */
  const look = async (last: { readonly worked: number; readonly count: number; readonly at: number } | null): Promise<void> => {
    const count = await processorTimeOf(pid);
    if (isStopped) return;
    const now = performance.now();
    const elapsed = now - begun;
    // What it did before the first look is not known: the clock speaks for it.
    const worked = count === null ? elapsed : last ? last.worked + (count - last.count) : elapsed;
    const isWaiting = last !== null && worked - last.worked < (now - last.at) * leastShare;
    if (worked >= limitMs || elapsed >= limitMs * mostPatience || (isWaiting && elapsed >= limitMs)) return onLimit();
    const next = elapsed < limitMs ? limitMs - elapsed : Math.max(first, limitMs - worked);
    timer = setTimeout(() => void look(count === null ? null : { worked, count, at: now }), Math.min(next, limitMs * mostPatience - elapsed));
  };
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
