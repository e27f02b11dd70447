/**
 * What a blur map says of the subject: sharp, soft, moved, or focused elsewhere. Pure, so that faces which are found later, or another limit,
 * judge again without decoding.
 */
import { importantFaces } from './faces.ts';
import type { FaceMeasure, FacePoint, FacesMeasure } from './faces.ts';
import type { Measures, SharpnessMeasure } from './photo.ts';
import { joinRegions, wholePicture } from './region.ts';
import type { Region } from './region.ts';
import { noDegrees, readBlurs, readDegrees } from './sharpness-map.ts';

export const focusStates = ['sharp', 'soft', 'motion', 'missed-focus', 'cannot-tell'] as const;
export type FocusState = (typeof focusStates)[number];

/**
 * By what the place of the subject is known, the surest first. `sharpest`: by nothing else, it is the largest part that is about as sharp as the sharpest;
 * `whole`: all of the picture has moved; `none`: nothing can be told.
 */
export type SubjectSource = 'eyes' | 'faces' | 'af-point' | 'saliency' | 'sharpest' | 'whole' | 'none';

/** Places that somebody knows the subject by, in fractions of the oriented picture. */
export interface Subject {
  readonly from: 'eyes' | 'faces' | 'af-point';
  readonly regions: readonly Region[];
}

export interface FocusJudgement {
  readonly state: FocusState;
  /** 0..1, half at the limit of sharp; null where it cannot be told. */
  readonly score: number | null;
  /** Width of the blur on the subject (standard deviation) and what passes as sharp, in pixels of the measured picture. */
  readonly blur: number | null;
  readonly limit: number;
  /** Where that was measured, and by whom the place is known. */
  readonly region: Region;
  readonly from: SubjectSource;
  /** Of motion blur: degrees 0..180 from right towards down as the picture is seen (null where it turns), and length in pixels; null otherwise. */
  readonly motion: { readonly degrees: number | null; readonly length: number } | null;
  /** Where it is sharp instead; null unless the state is missed-focus. */
  readonly sharpest: Region | null;
  /** A sharp subject before a background that is far softer: meant so. */
  readonly isShallow: boolean;
  /** It is that of one face which is softer than others beside it; see {@link focusOf}. */
  readonly isOneOfGroup: boolean;
  /** Of the most important face by itself, where another one lowered `score`. */
  readonly ownScore?: number;
}

/** Blur that passes as sharp: this many pixels at this long edge, and growing with its root, because more pixels are looked at closer but not as much. */
const [limitPixels, limitEdge] = [0.6, 1_500];
/** Score falls from a half at the limit to a tenth where the blur is this many times the logarithm's base wider. */
const scoreSpread = 0.32;
/**
 * Pixels. A camera's pixels and demosaicing alone make about as much blur; below it sharpening, aliasing and noise differ rather than focus, and a blur that
 * is narrower counts for this share only, so that photos do not tie.
 */
const [finestBlur, finestShare] = [0.45, 0.03];
/** How much of the score is that of the whole picture: of two frames with the same subject the one with more in focus. */
const wholeShare = 0.1;
/** Share of the tiles, and number of them, that must have structure. */
const [minToldShare, minTold] = [0.015, 2];
/** The subject counts as missed where the sharpest part is sharp and the subject's blur this many times wider. */
const missedRatio = 1.8;
/** Background this many times softer than a sharp subject: shallow depth of field. */
const shallowRatio = 3;
/** Share of the tiles with edges in all directions whose blur has one, and how much these agree where one is named (length of the mean vector). */
const [minMoved, minAgreement] = [0.5, 0.6];
/** A sharp part of at least this share of a picture that has moved is its subject, which was followed; any part is where the blur has no one direction: what is out of focus looks so. */
const minFollowed = 0.2;
/** So is a picture of which this share is sharp, wherever. */
const minStill = 0.25;
/** Tiles that a salient object or a sharp part must have: what is smaller is a speck. */
const minSalient = 4;
/** Faces at least this high, against the most important one, stand beside it: a head a third farther away is three quarters as high. */
const besideHeight = 0.75;
/** Tiles up to this many times as blurred as the sharpest tenth belong to the sharpest part. */
const sharpestRatio = 1.5;

/** Blur, in pixels, that passes as sharp in a picture of this long edge. */
export function blurLimit(longEdge: number): number {
  return limitPixels * Math.sqrt(Math.max(1, longEdge / limitEdge));
}

/**
 * Judges the focus of a photo on its subject. `subjects` in order of trust; the first that has structure counts. Without one the most salient
 * object counts where it is about as sharp as anything, else the sharpest part of some size: whoever took the photo put the focus on what matters. Only a subject that
 * somebody knows can be missed.
 */
export function judgeFocus(measure: SharpnessMeasure, subjects: readonly Subject[] = []): FocusJudgement {
  const map = readMap(measure);
  const limit = blurLimit(Math.max(measure.width, measure.height));
  const told = map.tiles.filter((tile) => tile.blur !== null);
  if (told.length < Math.max(minTold, minToldShare * map.tiles.length))
    return { state: 'cannot-tell', score: null, blur: null, limit, region: wholePicture, from: 'none', motion: null, sharpest: null, isShallow: false, isOneOfGroup: false };

  const sharpest = findSharpest(map, sureOf(told));
  const subject = findSubject(measure, subjects, told, sharpest, limit);
  const blur = blurOf(subject.tiles);
  const sharpestBlur = blurOf(sharpest);
  const background = medianBlur(told.filter((tile) => !subject.tiles.includes(tile)));
  const isKnown = subject.from === 'eyes' || subject.from === 'faces' || subject.from === 'af-point';
  const motion = blur <= limit ? null : findMotion(subject.from === 'sharpest' ? told : subject.tiles);
  // A place of some tiles does not turn within itself: blur without one direction is that of focus.
  const moved = isKnown && motion?.degrees === null ? null : motion;
  const isMissed = isKnown && blur > limit && moved === null && sharpestBlur <= limit && blur >= missedRatio * sharpestBlur;
  const state: FocusState = blur <= limit ? 'sharp' : moved ? 'motion' : isMissed ? 'missed-focus' : 'soft';
  const overLimit = (width: number): number => Math.log(limit / Math.max(finestBlur, width)) + finestShare * Math.log(finestBlur / Math.min(finestBlur, width));
  const scored = (1 - wholeShare) * overLimit(blur) + wholeShare * overLimit(medianBlur(sharperHalf(told)));
  return {
    state,
    score: Math.round(1e5 / (1 + Math.exp(-scored / scoreSpread))) / 1e5,
    blur: Math.round(blur * 100) / 100,
    limit: Math.round(limit * 100) / 100,
    region: subject.region,
    from: subject.from,
    motion: moved ? { degrees: moved.degrees, length: Math.round(blur * Math.sqrt(12)) } : null,
    sharpest: isMissed ? regionOf(sharpest) : null,
    isShallow: state === 'sharp' && background >= shallowRatio * blur && background > limit,
    isOneOfGroup: false,
  };
}

const judged = new WeakMap<Measures, FocusJudgement>();

/**
 * What is known of a photo's focus by all its pixels, or null where they were not looked at. Judged once for each photo's measures.
 *
 * Group shots are judged by the softest of the faces that matter and are about as large as the most important one: people side by side are about as far
 * away. Who is smaller stands behind, and may be out of focus: a portrait is not soft for it. One soft face takes away at most half of the score, so
 * that it is for the person to see and never rejects a photo whose other faces are sharp.
 */
export function focusOf(measures: Measures): FocusJudgement | null {
  const { sharpness } = measures;
  if (!sharpness) return null;
  const known = judged.get(measures) ?? judgePeople(sharpness, measures);
  judged.set(measures, known);
  return known;
}

function judgePeople(sharpness: SharpnessMeasure, measures: Measures): FocusJudgement {
  const main = judgeFocus(sharpness, subjectsOf(measures));
  if (main.score === null || !measures.faces || (main.from !== 'eyes' && main.from !== 'faces')) return main;
  let softest = main;
  for (const face of facesBeside(measures.faces)) {
    const other = judgeFocus(sharpness, subjectsOfFace(face));
    // A face without structure says nothing, and what is judged then is another place.
    if ((other.from === 'eyes' || other.from === 'faces') && other.score! < softest.score!) softest = other;
  }
  if (softest === main) return main;
  const score = Math.max(softest.score!, Math.round((1e5 * main.score) / 2) / 1e5);
  return main.state === 'sharp' && softest.state !== 'sharp' ? { ...softest, score, isOneOfGroup: true } : { ...main, score, ownScore: main.score };
}

/** Faces that matter and are about as near as the most important one, without it. */
function facesBeside(faces: FacesMeasure): FaceMeasure[] {
  const [first, ...others] = importantFaces(faces);
  return first ? others.filter(({ box }) => box.h >= besideHeight * first.box.h) : [];
}

/** Who knows where the subject is, the surest first. Of several faces the most important one is the subject. */
export function subjectsOf({ sharpness, faces }: Measures): Subject[] {
  const face = faces ? importantFaces(faces)[0] : undefined;
  const points = sharpness?.focusPoints ?? [];
  return [...(face ? subjectsOfFace(face) : []), ...(points.length > 0 ? [{ from: 'af-point', regions: points } as const] : [])];
}

function subjectsOfFace({ box, eyes }: FaceMeasure): Subject[] {
  const corners = [eyes.left, eyes.right].flatMap((eye) => (eye.corners ? [aroundCorners(eye.corners)] : []));
  return [...(corners.length > 0 ? [{ from: 'eyes', regions: corners } as const] : []), { from: 'faces', regions: [box] }];
}

/** The eye with its lids and brow: as high as it is wide. */
function aroundCorners([a, b]: readonly [FacePoint, FacePoint]): Region {
  const side = Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y));
  return { x: (a.x + b.x - side) / 2, y: (a.y + b.y - side) / 2, w: side, h: side };
}

interface Tile extends Region {
  readonly column: number;
  readonly row: number;
  readonly blur: number | null;
  readonly degrees: number | null;
  /** It has edges in all directions: only then it shows whether it has moved. */
  readonly isSure: boolean;
}

interface TileMap {
  readonly columns: number;
  readonly rows: number;
  readonly tiles: readonly Tile[];
}

function readMap({ columns, rows, blur, motion }: SharpnessMeasure): TileMap {
  const degrees = readDegrees(motion);
  const tiles = readBlurs(blur).map((width, at): Tile => {
    const [column, row] = [at % columns, Math.floor(at / columns)];
    return { column, row, x: column / columns, y: row / rows, w: 1 / columns, h: 1 / rows, blur: width, degrees: degrees[at] ?? null, isSure: motion[at] !== noDegrees };
  });
  return { columns, rows, tiles };
}

interface FoundSubject {
  readonly from: SubjectSource;
  readonly region: Region;
  /** Tiles with structure, at least one. */
  readonly tiles: readonly Tile[];
}

function findSubject(measure: SharpnessMeasure, subjects: readonly Subject[], told: readonly Tile[], sharpest: readonly Tile[], limit: number): FoundSubject {
  const within = (regions: readonly Region[]): readonly Tile[] => sureOf(told.filter((tile) => regions.some((region) => overlaps(tile, region))));
  for (const { from, regions } of subjects) {
    const tiles = within(regions);
    if (tiles.length > 0) return { from, region: joinRegions(regions), tiles };
  }
  const motion = findMotion(told);
  const still = told.filter(({ blur, degrees, isSure }) => isSure && degrees === null && blur! <= limit);
  const isFollowed =
    (blurOf(sharpest) <= limit && (sharpest.length >= minFollowed * told.length || (sharpest.length >= minSalient && motion?.degrees === null))) ||
    still.length >= minStill * told.length;
  if (motion && !isFollowed) return { from: 'whole', region: wholePicture, tiles: told.filter(({ degrees }) => degrees !== null) };
  const { salient } = measure;
  const tiles = salient ? within([salient]) : [];
  if (salient && tiles.length >= minSalient && blurOf(tiles) <= Math.min(limit, sharpestRatio * blurOf(sharpest))) return { from: 'saliency', region: salient, tiles };
  return { from: 'sharpest', region: regionOf(sharpest), tiles: sharpest };
}

/** Those with edges in all directions, where there are some: edges in one direction are sharp whatever moves along them. */
function sureOf(tiles: readonly Tile[]): readonly Tile[] {
  const sure = tiles.filter(({ isSure }) => isSure);
  return sure.length > 0.3 * tiles.length ? sure : tiles;
}

/** A fifth of the tile, or of the region where that is smaller. */
function overlaps(tile: Region, region: Region): boolean {
  const width = Math.min(tile.x + tile.w, region.x + region.w) - Math.max(tile.x, region.x);
  const height = Math.min(tile.y + tile.h, region.y + region.h) - Math.max(tile.y, region.y);
  return width > 0 && height > 0 && width * height >= 0.2 * Math.min(tile.w * tile.h, region.w * region.h);
}

/** The largest connected part of tiles that are about as sharp as the sharpest tenth of `told`, which is not empty. */
function findSharpest({ columns, rows, tiles }: TileMap, told: readonly Tile[]): readonly Tile[] {
  const blurs = told.map(({ blur }) => blur!).sort((a, b) => a - b);
  const most = sharpestRatio * blurs[Math.floor(blurs.length / 10)]!;
  const left = new Set(told.filter(({ blur }) => blur! <= most));
  let best: Tile[] = [];
  for (const start of left) {
    const part = [start];
    left.delete(start);
    for (let at = 0; at < part.length; at++) {
      const { column, row } = part[at]!;
      for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++)
        for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
          const next = tiles[y * columns + x]!;
          if (left.delete(next)) part.push(next);
        }
    }
    if (part.length > best.length) best = part;
  }
  return best;
}

/** Geometric mean of the sharper half: a subject has depth, and skin or sky beside it shows what is behind. */
function blurOf(tiles: readonly Tile[]): number {
  const sharper = sharperHalf(tiles);
  return Math.exp(sharper.reduce((sum, { blur }) => sum + Math.log(blur!), 0) / sharper.length);
}

function sharperHalf(tiles: readonly Tile[]): Tile[] {
  return [...tiles].sort((a, b) => a.blur! - b.blur!).slice(0, Math.ceil(tiles.length / 2));
}

/** Of tiles with structure; 0 of none. */
function medianBlur(tiles: readonly Tile[]): number {
  return [...tiles].sort((a, b) => a.blur! - b.blur!)[tiles.length >> 1]?.blur ?? 0;
}

/** Whether enough of the tiles that show it have moved, and where to; null where not. Camera shake that turns has no one direction. */
function findMotion(tiles: readonly Tile[]): { readonly degrees: number | null } | null {
  const moved = tiles.filter(({ degrees }) => degrees !== null);
  if (moved.length === 0 || moved.length < minMoved * tiles.filter(({ isSure }) => isSure).length) return null;
  const angles = moved.map(({ degrees }) => (degrees! * Math.PI) / 90);
  const across = angles.reduce((sum, angle) => sum + Math.cos(angle), 0) / angles.length;
  const down = angles.reduce((sum, angle) => sum + Math.sin(angle), 0) / angles.length;
  if (Math.hypot(across, down) < minAgreement) return { degrees: null };
  return { degrees: Math.round(((Math.atan2(down, across) * 90) / Math.PI + 180) % 180) };
}

function regionOf(tiles: readonly Tile[]): Region {
  const { x, y, w, h } = joinRegions(tiles);
  const round = (value: number): number => Math.round(value * 1e4) / 1e4;
  return { x: round(x), y: round(y), w: round(w), h: round(h) };
}
