/** Which photos an export takes. */
import type { Where } from '../../contract/index.ts';
import { isFoldedHalf, isKeptWhole } from '../../domain/index.ts';
import type { PhotoId, StageOutputs, StageResult } from '../../domain/index.ts';
import { knownOutputs } from '../../pipeline/index.ts';
import type { Entry } from './entry.ts';
import type { OpenShoot } from './shoot.ts';

/** One original file. */
export interface ChosenFile {
  readonly id: PhotoId;
  /** Relative to the shoot's folder, `/` between. */
  readonly path: string;
  readonly bytes: number;
  /** 64 hex digits; null until the whole file has been read. */
  readonly sha256: string | null;
  /** Readable stage answers; spares the decode child from finding the preview again. Read from the catalog when asked for. */
  readonly known: Partial<StageOutputs>;
}

/** A chosen photo: for a RAW+JPEG pair the RAW, its JPEG being `pair`; otherwise the file itself and null. */
export interface ChosenPhoto extends ChosenFile {
  readonly pair: ChosenFile | null;
}

/** In list order; RAW and JPEG of one name are one photo. See the contract's Where. */
export function choosePhotos(shoot: OpenShoot, where: Where, resultsOf: (id: PhotoId) => readonly StageResult[]): ChosenPhoto[] {
  const fileOf = (entry: Entry, pair: ChosenFile | null = null): ChosenPhoto => ({
    id: entry.id,
    path: entry.row.path,
    bytes: entry.row.bytes,
    sha256: entry.facts.sha256,
    get known() {
      // what was shown in spite of an error must be looked at again before a client gets it
      return knownOutputs(resultsOf(entry.id).filter(({ error }) => error === null));
    },
    pair,
  });
  const photos: ChosenPhoto[] = [];
  for (const id of shoot.order) {
    const entry = shoot.entries.get(id)!;
    const pair = entry.facts.pairId === null ? undefined : shoot.entries.get(entry.facts.pairId);
    if ((pair && isFoldedHalf(entry.facts)) || !isChosen(entry, where, shoot)) continue;
    photos.push(fileOf(entry, pair ? fileOf(pair) : null));
  }
  return photos;
}

function isChosen(entry: Entry, where: Where, shoot: OpenShoot): boolean {
  const { marks } = entry;
  if (where === 'pick') return marks.flag === 'pick';
  if (where === 'keep') return marks.flag === 'pick' || (marks.flag !== 'reject' && isSuggested(entry, shoot));
  return marks.rating >= where.rating;
}

/**
 * Suggested `keep`, or a frame of a set that is kept whole of which another frame is: a frame with a fault must not be missing from its
 * bracket, stack or panorama. A second copy of a frame misses nothing.
 */
function isSuggested({ judgement, group }: Entry, shoot: OpenShoot): boolean {
  if (judgement?.verdict === 'keep') return true;
  if (!group || !isKeptWhole(group.kind) || judgement?.reasons[0]?.code === 'exact-copy') return false;
  return group.photoIds.some((id) => shoot.entries.get(id)?.judgement?.verdict === 'keep');
}
