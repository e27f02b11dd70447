/** Which frame of a group is the best, and by how much. */
import type { PhotoId } from '../photo.ts';

export interface Best {
  readonly best: PhotoId;
  /** The second; null where the group has no other. */
  readonly runnerUp: PhotoId | null;
  /** How much better the best is, in technical quality 0..1; null where one of the two cannot be told. */
  readonly margin: number | null;
}

/** Closer than this the two are equally good: the scores do not know better. */
export const tieMargin = 0.02;

/** True where the best is so in name only; `runnerUp`: whatever names the second, null where there is none. */
export function isTie({ runnerUp, margin }: { readonly runnerUp: unknown; readonly margin: number | null }): boolean {
  return runnerUp !== null && (margin === null || margin < tieMargin);
}

/** `12 points ahead of DSC_2.NEF`: by how much the best is better than the second, where they are no tie. */
export function describeLead({ margin }: { readonly margin: number | null }, runnerUp: string): string {
  return `${Math.round(100 * (margin ?? 0))} points ahead of ${runnerUp}`;
}

/** The highest score; what cannot be told counts least, and the earlier of equals wins. `ids` has one at least. */
export function findBest(ids: readonly PhotoId[], technical: { get(id: PhotoId): number | null | undefined }): Best {
  const scoreOf = (id: PhotoId): number => technical.get(id) ?? -1;
  const first = (among: readonly PhotoId[]): PhotoId => among.reduce((best, id) => (scoreOf(id) > scoreOf(best) ? id : best));
  const best = first(ids);
  const others = ids.filter((id) => id !== best);
  if (others.length === 0) return { best, runnerUp: null, margin: null };
  const runnerUp = first(others);
  const [top, next] = [technical.get(best) ?? null, technical.get(runnerUp) ?? null];
  return { best, runnerUp, margin: top === null || next === null ? null : Math.round((top - next) * 1e5) / 1e5 };
}
