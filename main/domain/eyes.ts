/** Eyes of the faces that matter: a group is as good as its worst important face. */
import type { FaceMeasure, FacesMeasure } from './photo.ts';

/** A face matters where it has at least this share of the importance of the most important one. */
const leastImportance = 0.5;
const scoresOfEyes = { open: 1, one: 0.5, closed: 0.1 } as const;

export interface WorstEyes {
  readonly face: FaceMeasure;
  /** 1 open, 0.5 one of two closed (a wink, half a blink), 0.1 closed. */
  readonly score: number;
}

/** The important face with the worst eyes; null where there is none, or none whose eyes can be told. An eye that is unknown follows the other. */
export function findWorstEyes({ faces }: FacesMeasure): WorstEyes | null {
  const most = faces.reduce((largest, { importance }) => Math.max(largest, importance), 0);
  let worst: WorstEyes | null = null;
  for (const face of faces) {
    const score = face.importance < leastImportance * most ? null : scoreFace(face);
    if (score !== null && (worst === null || score < worst.score)) worst = { face, score };
  }
  return worst;
}

function scoreFace({ eyes: { left, right } }: FaceMeasure): number | null {
  const known = [left.state, right.state].filter((state) => state !== 'unknown');
  const closed = known.filter((state) => state === 'closed').length;
  if (known.length === 0) return null;
  if (closed === 0) return scoresOfEyes.open;
  return closed === known.length ? scoresOfEyes.closed : scoresOfEyes.one;
}
