/** Which photos a vision model is asked about: those where its words are worth their price. */
import type { Catalog } from '../../catalog/types.ts';
import { isAdviceOf, isFoldedHalf } from '../../domain/index.ts';
import type { Advice, EndpointSettings, Group, Judgement, PhotoId } from '../../domain/index.ts';
import type { Entry, OpenShoot } from '../library/index.ts';
import type { DescribeChoice } from './types.ts';

export interface Chosen {
  readonly photos: readonly { readonly id: PhotoId; readonly path: string; readonly why: 'winner' | 'borderline' | 'all' }[];
  readonly pairs: readonly { readonly best: PhotoId; readonly other: PhotoId }[];
  /** Have been answered by this model before. */
  readonly known: number;
}

/** A measure this near to what it was held against might as well have fallen on the other side. */
const nearShare = 0.1;

/** For review, or with a measure near its limit: judged by numbers, which do not see what matters. */
export function isBorderline({ verdict, reasons }: Judgement): boolean {
  return verdict === 'review' || reasons.some(({ value, threshold }) => value !== null && threshold !== null && Math.abs(value - threshold) <= nearShare * Math.abs(threshold));
}

/** Photos in list order, each content once; what the person has rejected, and what could not be judged, is left out. */
export function chooseToDescribe(shoot: OpenShoot, { only, compare }: DescribeChoice, endpoint: EndpointSettings, catalog: Pick<Catalog, 'adviceOf'>): Chosen {
  const bursts = shoot.groups.filter(({ kind }) => kind === 'burst' || kind === 'near-duplicate');
  const winners = new Set(bursts.map(({ best }) => best));
  const photos: Chosen['photos'][number][] = [];
  const contents = new Set<string>();
  let known = 0;
  const isAnswered = (id: PhotoId, test: (advice: Advice) => boolean): boolean => catalog.adviceOf(id).some((advice) => advice.settings.model === endpoint.model && test(advice));
  const take = (entry: Entry, why: Chosen['photos'][number]['why']): void => {
    const content = entry.facts.sha256!;
    if (contents.has(content)) return;
    contents.add(content);
    if (isAnswered(entry.id, isAdviceOf('describe'))) known += 1;
    else photos.push({ id: entry.id, path: entry.row.path, why });
  };
  for (const id of shoot.order) {
    const entry = shoot.entries.get(id)!;
    if (!isEligible(entry)) continue;
    if (winners.has(id) && only !== 'borderline') take(entry, 'winner');
    else if (only === 'all') take(entry, 'all');
    else if (only !== 'winners' && isBorderline(entry.judgement!)) take(entry, 'borderline');
  }
  return { photos, pairs: compare && only !== 'borderline' ? pairsOf(bursts) : [], known };

  function pairsOf(groups: readonly Group[]): Chosen['pairs'][number][] {
    return groups.flatMap(({ best, runnerUp }) => {
      const [first, second] = [shoot.entries.get(best), runnerUp === null ? undefined : shoot.entries.get(runnerUp)];
      if (!first || !second || !isEligible(first) || !isEligible(second) || first.facts.sha256 === second.facts.sha256) return [];
      if (!isAnswered(best, (advice) => advice.settings.against === second.facts.sha256)) return [{ best, other: second.id }];
      known += 1;
      return [];
    });
  }
}

function isEligible({ facts, judgement, marks }: Entry): boolean {
  return judgement !== null && facts.sha256 !== null && facts.preview !== null && !isFoldedHalf(facts) && marks.flag !== 'reject';
}
