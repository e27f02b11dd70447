/** Focus of a photo as it is told to the page and to other programs. */
import type { Focus } from '../../contract/index.ts';
import { focusOf } from '../../domain/index.ts';
import type { PhotoFacts } from '../../domain/index.ts';

/** Null while the picture was not looked at with all its pixels. */
export function tellFocus({ measures }: PhotoFacts): Focus | null {
  const judgement = measures ? focusOf(measures) : null;
  if (!judgement || !measures?.sharpness) return null;
  const { score: _score, ...told } = judgement;
  return { ...told, width: measures.sharpness.width, height: measures.sharpness.height };
}
