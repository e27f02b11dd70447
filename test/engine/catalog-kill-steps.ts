/** What step n of the writer of catalog-kill.test.ts does; every step changes the marks of three photos. */
import type { Marks } from '../../main/domain/index.ts';

export const photoCount = 39;

/** Which photos, by their place in the list. */
export function batchOf(step: number): number[] {
  return [0, 1, 2].map((offset) => (step * 3 + offset) % photoCount);
}

export function marksOfStep(step: number): Pick<Marks, 'rating' | 'flag'> {
  return { rating: (step % 5) + 1, flag: step % 2 === 0 ? 'pick' : 'reject' };
}

export function hashOfStep(step: number): string {
  return step.toString(16).padStart(16, '0');
}
