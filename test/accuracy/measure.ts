/** Measures real files as the decode child does, and reads the ground truth that lies with the shared photos. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelsOfStage, stageIds } from '../../main/domain/index.ts';
import type { PhotoFacts, StageId, StageOutputs } from '../../main/domain/index.ts';
import { askedStages, studyStages } from '../../main/pipeline/index.ts';
import { analyse } from '../../main/workers/analyse.ts';
import { createTools } from '../../main/workers/tools.ts';

/** Facts of real files, ids from 1 in the order given; `paths` are relative to `folder`. */
export async function measureFiles(folder: string, paths: readonly string[]): Promise<PhotoFacts[]> {
  const tools = createTools((where, error) => {
    throw new Error(`bug in ${where}`, { cause: error });
  });
  const photos: PhotoFacts[] = [];
  for (const [at, path] of paths.entries()) {
    const outcome = await analyse({ path: join(folder, path), stages: stageIds.filter((stage) => modelsOfStage[stage] === undefined && !askedStages.includes(stage)), known: {}, thumbnail: false }, tools);
    if (!outcome.ok) throw new Error(`${path}: ${outcome.error.message}`);
    const { results, error } = outcome.value;
    const output = <S extends StageId>(stage: S): StageOutputs[S] | null =>
      (results.find((result) => result.stage === stage)?.output as StageOutputs[S] | null | undefined) ?? null;
    const identity = output('identify');
    const phash = output('phash');
    photos.push({
      id: at + 1,
      path,
      format: identity?.format ?? 'other',
      bytes: identity?.bytes ?? 0,
      sha256: identity?.sha256 ?? null,
      imageSha256: identity?.imageSha256 ?? null,
      metadata: output('metadata'),
      preview: output('preview'),
      phash: phash?.hash ?? null,
      phashUsable: phash?.usable ?? false,
      view: phash?.view ?? null,
      measures: { focus: output('focus'), exposure: output('exposure'), sharpness: output('sharpness') },
      errors: [...(error ? [error] : []), ...results.flatMap((result) => (result.error && !studyStages.includes(result.stage) ? [result.error] : []))],
      pairId: null,
    });
  }
  return photos;
}

export interface QualityPair {
  readonly set: string;
  readonly better: string;
  readonly worse: string;
  readonly why: string;
}

/** `quality/pairs.csv`: the better of each two must score higher. */
export function readQualityPairs(photosFolder: string): QualityPair[] {
  return readTable(join(photosFolder, 'quality', 'pairs.csv')).map(([better = '', worse = '', why = '']) => ({ set: better.split('/')[0] ?? '', better, worse, why }));
}

/** `quality/labels.csv`. */
export function readLabels(photosFolder: string): { file: string; set: string; label: string }[] {
  return readTable(join(photosFolder, 'quality', 'labels.csv')).map(([file = '', set = '', label = '']) => ({ file, set, label }));
}

/** Rows without the header; fields may be in double quotes. */
function readTable(path: string): string[][] {
  const lines = readFileSync(path, 'utf8').trim().split(/\r?\n/).slice(1);
  return lines.map((line) => [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map((field) => field[1] ?? field[2] ?? ''));
}

export interface TrueGroup {
  readonly id: string;
  readonly relation: string;
  /** true: one group; false: none belong together; a phrase: see `truthOf`. */
  readonly near_duplicates: boolean | string;
  readonly files: readonly string[];
}

export function readTrueGroups(photosFolder: string): TrueGroup[] {
  return JSON.parse(readFileSync(join(photosFolder, 'groups', 'groups.json'), 'utf8')) as TrueGroup[];
}

/** Whether two files of the ground truth belong together; null where it does not say. */
export function truthOf(groups: readonly TrueGroup[], a: string, b: string): boolean | null {
  const [first, second] = [a, b].map((file) => groups.find((group) => group.files.includes(file))!);
  if (first !== second) {
    // Both are edits of one photo, in two folders.
    const ids = [first!.id, second!.id];
    return ids.includes('pdq-edits') && ids.includes('pdq-dihedral');
  }
  const truth = first!.near_duplicates;
  if (typeof truth === 'boolean') return truth;
  const isNeighbour = Math.abs(first!.files.indexOf(a) - first!.files.indexOf(b)) === 1;
  return truth === 'neighbours only' && isNeighbour ? true : null;
}
