/** Which of the decoded pictures of a photo is drawn, in which frame, and what there is to say of it. */
import { expectedSource } from '../../main/domain/index.ts';
import type { PictureOutlook, PreviewSource, SourceChoice } from '../../main/domain/index.ts';
import type { PictureSize } from '../pixels/address.ts';
import type { LoadedPicture } from '../pixels/decode.ts';
import { PictureFailure } from '../pixels/decode.ts';
import { addressOf, pictureOf, pictures, standInAddressOf } from '../pixels/eye.ts';
import { useList } from '../state/list.ts';
import type { Size } from './geometry.ts';

type Zoom = 'fit' | 'full';

export interface DrawnPicture {
  readonly picture: LoadedPicture;
  readonly size: PictureSize;
  /** Not the picture that was asked for, which is being made or cannot be had. */
  readonly isStandIn: boolean;
}

/** What is on the stage, for the lines that say so. Plain values, so that two reports can be compared. */
export interface StageReport {
  readonly picture: PictureSize | 'none';
  /** There is nothing to show, and will not be. */
  readonly failed: boolean;
  readonly isStandIn: boolean;
  readonly source: PreviewSource | null;
  /** Pixels of the drawn picture as it was sent; 0 where nothing is drawn. */
  readonly width: number;
  readonly height: number;
  /** The picture that was asked for is on its way. */
  readonly isWaiting: boolean;
  /** ... and takes seconds, because it is rendered. */
  readonly isRendering: boolean;
  /** Code of what keeps away the picture that was asked for. */
  readonly refusal: string | null;
}

export const emptyReport: StageReport = { picture: 'none', failed: false, isStandIn: false, source: null, width: 0, height: 0, isWaiting: true, isRendering: false, refusal: null };

interface Candidate {
  readonly address: string | null;
  readonly size: PictureSize;
  readonly isStandIn: boolean;
}

/** Best first: what was asked for, then what stands in for it, then the grid's small picture. */
function candidatesOf(index: number, zoom: Zoom, choice: SourceChoice): Candidate[] {
  const { table } = useList.getState();
  const asked = (size: PictureSize, isStandIn: boolean): Candidate => ({ address: addressOf(index, size, table, choice), size, isStandIn });
  const standIn = (size: PictureSize): Candidate => ({ address: standInAddressOf(index, size, table, choice), size, isStandIn: true });
  const usual: Candidate = { address: addressOf(index, 'screen', table), size: 'screen', isStandIn: choice !== 'auto' };
  const grid: Candidate = { address: addressOf(index, 'grid', table), size: 'grid', isStandIn: true };
  if (zoom === 'fit') return [asked('screen', false), asked('full', false), usual, standIn('full'), grid];
  const smaller = choice === 'auto' ? [standIn('full'), asked('screen', true)] : [asked('screen', true), standIn('full')];
  return [asked('full', false), ...smaller, { ...usual, isStandIn: true }, grid];
}

/** Addresses of all pictures that may be drawn of a photo now. */
export function addressesOf(index: number, zoom: Zoom, choice: SourceChoice): (string | null)[] {
  return candidatesOf(index, zoom, choice).map(({ address }) => address);
}

/** The best picture that is decoded; null where none is. */
export function findBestPicture(index: number, zoom: Zoom, choice: SourceChoice): DrawnPicture | null {
  for (const { address, size, isStandIn } of candidatesOf(index, zoom, choice)) {
    const picture = address === null ? null : pictureOf(address);
    if (picture) return { picture, size, isStandIn };
  }
  return null;
}

/**
 * The size that the picture is drawn at for 100 %: its own where it has the photo's pixels, else the photo's, so that nothing moves
 * when a better picture takes its place.
 */
export function frameSize({ full, preview }: PictureOutlook, { picture, size }: DrawnPicture): Size {
  const stated = full ?? (preview && preview.width > 0 ? preview : null);
  if (stated === null) return picture.sent;
  const isWhole = size === 'full' && Math.max(picture.sent.width, picture.sent.height) >= Math.max(stated.width, stated.height) * wholeShare;
  return isWhole ? picture.sent : { width: stated.width, height: stated.height };
}

/** A whole picture may lack a few rows at the sensor's borders. */
const wholeShare = 0.9;

/** What the page says of a photo on the stage; `best` is what is drawn. */
export function reportOf(index: number, zoom: Zoom, choice: SourceChoice, best: DrawnPicture | null): StageReport {
  const { table } = useList.getState();
  const size = zoom === 'full' ? 'full' : 'screen';
  const address = addressOf(index, size, table, choice);
  const failure = address === null ? undefined : pictures.failureOf(address);
  const usual = addressOf(index, 'screen', table);
  const isWaiting = best === null || (best.isStandIn && failure === undefined);
  const outlook = table.outlookAt(index);
  return {
    picture: best?.size ?? 'none',
    failed: usual !== null && pictures.hasFailed(usual),
    isStandIn: best?.isStandIn ?? false,
    source: best?.picture.source ?? null,
    width: best?.picture.sent.width ?? 0,
    height: best?.picture.sent.height ?? 0,
    isWaiting,
    isRendering: isWaiting && (choice === 'rendered' || (choice === 'auto' && expectedSource(outlook, size) === 'rendered')),
    refusal: best?.picture.refusal ?? (failure instanceof PictureFailure ? failure.code : null),
  };
}
