/** How often the focus states are right, on blur that was made and on what is labelled; whether noise or JPEG blocks pass for detail. */
import { join } from 'node:path';
import { judgeFocus, scoreOf } from '../../main/domain/index.ts';
import type { FocusJudgement, FocusState, Subject } from '../../main/domain/index.ts';
import type { Pixels } from '../../main/ports/index.ts';
import { measureFocus } from '../../main/stages/focus/index.ts';
import { measureSharpness } from '../../main/stages/sharpness/index.ts';
import { addCameraNoise, readHalved } from './set-aside.ts';
import { addNoise, asLuma, blurPixels, compressPixels, defocusPixels, missedRegion, missFocus, readLumaOf, sharpPhotos, smearPixels, softenBackground } from './blur-material.ts';

export const angles = [0, 22.5, 45, 67.5, 90, 112.5, 135, 157.5];
export const motionLengths = [8, 14, 24];
export const defocusRadii = [4, 6, 10];
/** Standard deviation in 8-bit levels that a camera's own JPEG has at about this ISO. */
export const isoNoise = [[400, 1.5], [1_600, 3], [6_400, 6], [25_600, 12]] as const;
export const qualities = [10, 20, 35, 50, 70, 85, 95];

export interface BlurCase {
  readonly photo: string;
  readonly made: string;
  readonly truth: FocusState;
  readonly told: FocusState;
  readonly score: number | null;
  /** Degrees between the direction that was made and the one that was told; null where none was, or none told. */
  readonly directionError: number | null;
  readonly isShallow: boolean;
}

export interface BlurReport {
  readonly cases: readonly BlurCase[];
  /** The largest rise of the score by noise or JPEG over the same picture without, and where. */
  readonly rises: readonly Rise[];
  /** The same of the quick look's score. */
  readonly quickRises: readonly Rise[];
}

export interface Rise {
  readonly photo: string;
  readonly made: string;
  readonly before: number;
  readonly after: number;
}

/** How photos are read and spoiled. */
export interface BlurMaterial {
  readonly photos: readonly string[];
  read(path: string): Promise<Pixels>;
  readonly angles: readonly number[];
  /** The soft picture that noise and JPEG are put on. */
  soften(pixels: Pixels): Pixels;
  addNoise(pixels: Pixels, iso: number): Pixels;
}

/** What the limits were set on. */
export const tuned: BlurMaterial = {
  photos: sharpPhotos,
  read: (path) => readLumaOf(path),
  angles,
  soften: (pixels) => blurPixels(pixels, 2),
  addNoise: (pixels, iso) => addNoise(pixels, isoNoise.find(([of]) => of === iso)![1], 7),
};

/** Photos of a half of what was set aside. */
export function asideMaterial(photos: readonly string[]): BlurMaterial {
  return { photos, read: readHalved, angles: [0, 22.5, 67.5, 135], soften: (pixels) => defocusPixels(pixels, 4), addNoise: (pixels, iso) => addCameraNoise(pixels, iso, 7) };
}

function scoreQuickly(pixels: Pixels): number | null {
  const focus = measureFocus(pixels);
  if (!focus.ok) throw new Error(focus.error.message);
  return scoreOf({ focus: focus.value, exposure: null }).focus;
}

/** Measures as the product does, with an ISO and, where the camera is said to have focused somewhere, its point. */
export function judgePixels(pixels: Pixels, { iso = null, subjects = [] }: { iso?: number | null; subjects?: readonly Subject[] } = {}): FocusJudgement {
  const measured = measureSharpness(asLuma(pixels), { iso, focusPoints: null });
  if (!measured.ok) throw new Error(measured.error.message);
  return judgeFocus(measured.value, subjects);
}

export async function reportBlur(photosFolder: string, material: BlurMaterial = tuned): Promise<BlurReport> {
  const cases: BlurCase[] = [];
  const rises: Rise[] = [];
  const quickRises: Rise[] = [];
  const point: Subject = { from: 'af-point', regions: [missedRegion] };
  for (const photo of material.photos) {
    const pixels = await material.read(join(photosFolder, photo));
    const add = (made: string, truth: FocusState, judgement: FocusJudgement, degrees: number | null = null): void => {
      const { state, score, motion, isShallow } = judgement;
      const told = motion?.degrees ?? null;
      cases.push({ photo, made, truth, told: state, score, directionError: degrees === null || told === null ? null : angleBetween(degrees, told), isShallow });
    };
    const plain = judgePixels(pixels);
    add('as it is', 'sharp', plain);
    for (const radius of defocusRadii) add(`defocus ${radius}`, 'soft', judgePixels(defocusPixels(pixels, radius)));
    for (const length of motionLengths) for (const angle of material.angles) add(`motion ${length}`, 'motion', judgePixels(smearPixels(pixels, length, angle)), angle);
    for (const radius of [4, 6]) add(`missed ${radius}`, 'missed-focus', judgePixels(missFocus(pixels, radius), { subjects: [point] }));
    for (const radius of [4, 6]) add(`background ${radius}`, 'sharp', judgePixels(softenBackground(pixels, radius), { subjects: [point] }));
    // Noise and blocks on a sharp picture and on a blurred one: neither may look sharper for it.
    for (const [name, base] of [['sharp', pixels], ['blurred', material.soften(pixels)]] as const) {
      const [before, quickBefore] = [judgePixels(base).score, scoreQuickly(base)];
      const compare = (made: string, spoiled: Pixels, iso: number | null = null): void => {
        const [after, quickAfter] = [judgePixels(spoiled, { iso }).score, scoreQuickly(spoiled)];
        if (before !== null && after !== null) rises.push({ photo, made: `${name}, ${made}`, before, after });
        if (quickBefore !== null && quickAfter !== null) quickRises.push({ photo, made: `${name}, ${made}`, before: quickBefore, after: quickAfter });
      };
      for (const [iso] of isoNoise) compare(`ISO ${iso}`, material.addNoise(base, iso), iso);
      for (const quality of qualities) compare(`JPEG ${quality}`, await compressPixels(base, quality));
    }
  }
  return { cases, rises, quickRises };
}

export function angleBetween(a: number, b: number): number {
  const difference = Math.abs(a - b) % 180;
  return Math.min(difference, 180 - difference);
}
