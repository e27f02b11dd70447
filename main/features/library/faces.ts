/** Faces of a photo as they are told to the page and to other programs. */
import type { Face } from '../../contract/index.ts';
import { eyesOf, isImportant } from '../../domain/index.ts';
import type { PhotoFacts } from '../../domain/index.ts';

/** Null while faces were not looked for. */
export function tellFaces({ measures }: PhotoFacts): Face[] | null {
  return measures?.faces?.faces.map((face) => ({ ...face, state: eyesOf(face), isImportant: isImportant(face) })) ?? null;
}
