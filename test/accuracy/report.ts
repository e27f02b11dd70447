/** How often scores and groups agree with the ground truth of the shared photos. */
import { join } from 'node:path';
import { assessShoot, scoreOf } from '../../main/domain/index.ts';
import type { Group, PhotoFacts, Scores } from '../../main/domain/index.ts';
import { measureFiles, readLabels, readQualityPairs, readTrueGroups, truthOf } from './measure.ts';
import type { QualityPair } from './measure.ts';

export interface SetOutcome {
  readonly set: string;
  readonly right: number;
  readonly total: number;
}

export interface QualityReport {
  readonly sets: SetOutcome[];
  readonly wrong: QualityPair[];
  readonly scores: Map<string, Scores>;
  readonly photos: Map<string, PhotoFacts>;
  /** Eye crops: what they are is told by another stage; listed, not counted. */
  readonly crops: { readonly label: string; readonly judged: number; readonly total: number }[];
}

export async function reportQuality(photosFolder: string): Promise<QualityReport> {
  const pairs = readQualityPairs(photosFolder);
  const labels = readLabels(photosFolder);
  const files = [...new Set([...labels.map((label) => label.file), ...pairs.flatMap((pair) => [pair.better, pair.worse])])];
  const measured = await measureFiles(join(photosFolder, 'quality'), files);
  const photos = new Map(measured.map((photo) => [photo.path, photo]));
  const scores = new Map(measured.map((photo) => [photo.path, scoreOf(photo.measures)]));
  const isRight = ({ better, worse }: QualityPair): boolean => {
    const [high, low] = [scores.get(better)?.technical ?? null, scores.get(worse)?.technical ?? null];
    return high !== null && low !== null && high > low;
  };
  const sets = [...new Set(pairs.map((pair) => pair.set))].map((set) => {
    const own = pairs.filter((pair) => pair.set === set);
    return { set, right: own.filter(isRight).length, total: own.length };
  });
  const eyes = labels.filter((label) => label.set.startsWith('eyes'));
  const crops = [...new Set(eyes.map((eye) => `${eye.set} ${eye.label}`))].map((label) => {
    const own = eyes.filter((eye) => `${eye.set} ${eye.label}` === label);
    return { label, judged: own.filter((eye) => (scores.get(eye.file)?.technical ?? null) !== null).length, total: own.length };
  });
  return { sets, wrong: pairs.filter((pair) => !isRight(pair)), scores, photos, crops };
}

export interface RelationOutcome {
  readonly id: string;
  readonly relation: string;
  readonly truePairs: number;
  readonly found: number;
  readonly missed: number;
  /** Pairs put together that do not belong together, with files of other relations too. */
  readonly wrong: number;
}

export interface GroupReport {
  readonly relations: RelationOutcome[];
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly groups: { readonly group: Group; readonly files: string[] }[];
}

/** All files of groups.json as one shoot; every two of them are a pair that belongs together, does not, or is not judged. */
export async function reportGroups(photosFolder: string): Promise<GroupReport> {
  const truth = readTrueGroups(photosFolder);
  const files = truth.flatMap((group) => group.files);
  const photos = await measureFiles(join(photosFolder, 'groups'), files);
  const { groups, groupOf } = assessShoot(photos);
  const counts = new Map(truth.map((group) => [group.id, { found: 0, missed: 0, wrong: 0 }]));
  const total = { found: 0, missed: 0, wrong: 0 };
  photos.forEach((a, at) => {
    for (const b of photos.slice(at + 1)) {
      const belongs = truthOf(truth, a.path, b.path);
      const together = groupOf.get(a.id) !== undefined && groupOf.get(a.id) === groupOf.get(b.id);
      const kind = belongs && together ? 'found' : belongs ? 'missed' : belongs === false && together ? 'wrong' : null;
      if (!kind) continue;
      total[kind]++;
      for (const id of new Set([a, b].map((photo) => photo.path.split('/')[0]!))) counts.get(id)![kind]++;
    }
  });
  const precision = total.found / Math.max(1, total.found + total.wrong);
  const recall = total.found / Math.max(1, total.found + total.missed);
  const paths = new Map(photos.map((photo) => [photo.id, photo.path]));
  return {
    relations: truth.map(({ id, relation }) => {
      const count = counts.get(id)!;
      return { id, relation, truePairs: count.found + count.missed, ...count };
    }),
    precision,
    recall,
    f1: (2 * precision * recall) / Math.max(1e-9, precision + recall),
    groups: groups.map((group) => ({ group, files: group.photoIds.map((id) => paths.get(id)!) })),
  };
}
