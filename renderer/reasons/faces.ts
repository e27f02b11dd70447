/** Faces and eyes in a photographer's words. */
import type { Face, PhotoDetail } from '../../main/contract/index.ts';
import { commonDoubt, eyeDoubtWords } from '../../main/domain/index.ts';
import { plural, writeCount } from '../parts/words.ts';

type Told = Pick<PhotoDetail, 'faces' | 'facesOff'>;

/** `3 faces, 2 of them count`; what is off says why; empty while nothing is known. */
export function writeFaces({ faces, facesOff }: Told): string {
  if (faces === null) return facesOff ? `not looked for: ${facesOff.message}` : '';
  if (faces.length === 0) return 'none found';
  const important = faces.filter(({ isImportant }) => isImportant).length;
  return `${plural(faces.length, 'face', 'faces')}${important < faces.length ? `, ${writeCount(important)} of them ${important === 1 ? 'counts' : 'count'}` : ''}`;
}

/** What the eyes of the faces that count are: the worst first, each kind with the number of faces where there are several. */
export function writeEyes({ faces }: Told): string {
  const important = (faces ?? []).filter(({ isImportant }) => isImportant);
  const of = (state: Face['state']): Face[] => important.filter((face) => face.state === state);
  const [closed, oneClosed, unknown, open] = [of('closed'), of('one-closed'), of('unknown'), of('open')];
  const parts = [tell('closed', closed), tell('one eye closed', oneClosed), tell('open', open), tell(`cannot tell${whyOf(unknown)}`, unknown)].filter(Boolean);
  // one face needs no number
  return important.length === 1 ? (parts[0] ?? '').replace(/^1 /, '') : parts.join(' · ');
}

function tell(words: string, faces: readonly Face[]): string {
  return faces.length === 0 ? '' : `${writeCount(faces.length)} ${words}`;
}

function whyOf(faces: readonly Face[]): string {
  const doubt = commonDoubt(faces);
  return doubt ? ` (${eyeDoubtWords[doubt]})` : '';
}
