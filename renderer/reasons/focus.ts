/** Focus in a photographer's words. */
import type { Focus } from '../../main/contract/index.ts';

const stateWords: Readonly<Record<Focus['state'], string>> = {
  sharp: 'Sharp',
  soft: 'Soft',
  motion: 'Motion blur',
  'missed-focus': 'Missed: sharp elsewhere',
  'cannot-tell': 'Cannot tell: too little structure',
};

const placeWords: Readonly<Record<Focus['from'], string>> = {
  eyes: 'on the eyes',
  faces: 'on the face',
  'af-point': 'at the focus point',
  saliency: 'on what stands out',
  sharpest: 'in the sharpest part',
  whole: 'in the whole picture',
  none: '',
};

/** `Sharp on the eyes · blur 0.6 px of 1.5 · soft background`; empty while it was not measured. */
export function writeFocus(focus: Focus | null): string {
  if (!focus) return '';
  const { state, from, blur, limit, motion, isShallow } = focus;
  const where = placeWords[from];
  const parts = [where === '' ? stateWords[state] : `${stateWords[state]} ${where}`];
  if (motion) parts.push(`${motion.length} px${motion.degrees === null ? ', turning' : ` at ${motion.degrees}°`}`);
  else if (blur !== null) parts.push(`blur ${blur.toFixed(1)} px, ${limit.toFixed(1)} pass`);
  if (isShallow) parts.push('soft background');
  // a number and its unit stay on one line
  return parts.map((part) => part.replace(/ px/g, '\u00a0px')).join(' · ');
}
