/** Which source a picture is asked for from, and whether making it may take seconds. Pure. */
import { expectedSource } from '../../main/domain/index.ts';
import type { PictureOutlook, SourceChoice } from '../../main/domain/index.ts';
import type { PictureSize } from './address.ts';

export interface SourcePlan {
  /** What the address says; `auto` wherever that gives the same. */
  readonly from: SourceChoice;
  /** It has to be rendered. */
  readonly isCostly: boolean;
}

/** The grid's pictures, photos of which nothing is known yet, and files that are themselves the picture leave no choice. */
export function planSource(outlook: PictureOutlook, size: PictureSize, choice: SourceChoice): SourcePlan {
  const expected = expectedSource(outlook, size);
  const isFixed = size === 'grid' || expected === null || expected === 'self' || expected === 'none';
  if (isFixed || choice === 'auto' || choice === expected) return { from: 'auto', isCostly: expected === 'rendered' && size !== 'grid' };
  return { from: choice, isCostly: choice === 'rendered' };
}

/**
 * What is shown while a costly picture is made, which is at once there: the best embedded preview. Null where that is costly too, or
 * the same.
 */
export function planStandIn(outlook: PictureOutlook, size: PictureSize, choice: SourceChoice): SourcePlan | null {
  if (!planSource(outlook, size, choice).isCostly || outlook.preview?.source !== 'embedded') return null;
  return planSource(outlook, size, 'embedded');
}
