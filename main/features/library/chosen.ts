/** Which photos an export takes. */
import type { Where } from '../../contract/index.ts';
import { isFoldedHalf } from '../../domain/index.ts';
import type { PhotoId, StageOutputs, StageResult } from '../../domain/index.ts';
import { knownOutputs } from '../../pipeline/index.ts';
import type { Entry } from './entry.ts';
import type { OpenShoot } from './shoot.ts';

export interface ChosenFile {
  readonly id: PhotoId;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string | null;
  readonly known: Partial<StageOutputs>;
}
export interface ChosenPhoto extends ChosenFile {
  /** The JPEG of a RAW file. */
  readonly pair: ChosenFile | null;
}

/** In list order; RAW and JPEG of one name are one photo. See the contract's Where. */
export function choosePhotos(shoot: OpenShoot, where: Where, resultsOf: (id: PhotoId) => readonly StageResult[]): ChosenPhoto[] {
  const fileOf = (entry: Entry): ChosenFile => ({
    id: entry.id,
    path: entry.row.path,
    bytes: entry.row.bytes,
    sha256: entry.facts.sha256,
    known: knownOutputs(resultsOf(entry.id)),
  });
  const photos: ChosenPhoto[] = [];
  for (const id of shoot.order) {
    const entry = shoot.entries.get(id)!;
    const pair = entry.facts.pairId === null ? undefined : shoot.entries.get(entry.facts.pairId);
    if ((pair && isFoldedHalf(entry.facts)) || !isChosen(entry, where)) continue;
    photos.push({ ...fileOf(entry), pair: pair ? fileOf(pair) : null });
  }
  return photos;
}

function isChosen({ marks, judgement }: Entry, where: Where): boolean {
  if (where === 'pick') return marks.flag === 'pick';
  if (where === 'keep') return marks.flag === 'pick' || (marks.flag !== 'reject' && judgement?.verdict === 'keep');
  return marks.rating >= where.rating;
}
