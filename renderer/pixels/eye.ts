/** Follows the eye: tells the engine what to work on first, and the picture store what to have ready. */
import { createEmitter } from '../../main/base/index.ts';
import type { SourceChoice } from '../../main/domain/index.ts';
import { api, isOpen, useSession } from '../client/index.ts';
import { places, useList, useSelection } from '../state/list.ts';
import type { PhotoTable } from '../state/photo-table.ts';
import { useShoot } from '../state/shoot.ts';
import { stageSize, useView } from '../state/view.ts';
import { pictureAddress, splitFit, withFit } from './address.ts';
import type { PictureSize } from './address.ts';
import { loadPicture } from './decode.ts';
import type { LoadedPicture } from './decode.ts';
import { nearRange, planGrid, planLoupe } from './prefetch.ts';
import type { Wish } from './prefetch.ts';
import { planSource, planStandIn } from './sources.ts';
import { createPictureStore } from './store.ts';

const megabyte = 1024 * 1024;
const settled = createEmitter<string>();

/** Decoded pictures of the loupe. */
export const pictures = createPictureStore<LoadedPicture>({
  load: loadPicture,
  onSettled: settled.emit,
  maxBytes: 512 * megabyte,
  parallel: 4,
});

/** Told whenever a picture is ready or could not be had. */
export const onPicture = settled.on;

/** The address of a photo's picture from the source `choice`; null while there is nothing to show. */
export function addressOf(index: number, size: PictureSize, table = useList.getState().table, choice: SourceChoice = 'auto'): string | null {
  return addressFrom(index, size, table, planSource(table.outlookAt(index), size, choice).from);
}

/** What is shown while the picture of `addressOf` takes seconds to make; null where nothing is. */
export function standInAddressOf(index: number, size: PictureSize, table = useList.getState().table, choice: SourceChoice = 'auto'): string | null {
  const plan = planStandIn(table.outlookAt(index), size, choice);
  return plan ? addressFrom(index, size, table, plan.from) : null;
}

function addressFrom(index: number, size: PictureSize, table: PhotoTable, from: SourceChoice): string | null {
  const pixels = useSession.getState().info?.pixels;
  const address = pixels === undefined ? null : pictureAddress(pixels, table, index, size, from);
  // fitted beforehand, so that it need not be scaled in the frame of a key; the grid's own pictures are drawn by the browser
  return address !== null && size === 'screen' ? withFit(address, stageSize) : address;
}

/** The decoded picture; while it is not here, the same one fitted to a stage of another size, or not fitted at all. */
export function pictureOf(address: string): LoadedPicture | null {
  const { url } = splitFit(address);
  return pictures.get(address) ?? pictures.find((other) => other === url || other.startsWith(`${url}#`));
}

let lastPosition = -1;
let direction: 1 | -1 = 1;

/** Where the person is going, from the last two places of the focus. */
function follow(position: number): void {
  if (position >= 0 && lastPosition >= 0 && position !== lastPosition) direction = position > lastPosition ? 1 : -1;
  lastPosition = position;
}

/** The eye rests on a photo when it has stayed for so many milliseconds; before, nothing is begun that takes seconds. */
const restAfter = 150;
let restTimer: ReturnType<typeof setTimeout> | null = null;
let restingOn = '';

function isResting(place: string): boolean {
  if (place === restingOn) return restTimer === null;
  restingOn = place;
  if (restTimer !== null) clearTimeout(restTimer);
  restTimer = setTimeout(() => {
    restTimer = null;
    prefetch();
  }, restAfter);
  return false;
}

/** Renews the wish list. Call when the focus, the view or the pictures' addresses have changed. */
export function prefetch(): void {
  const position = places().positionOf(useSelection.getState().focus);
  follow(position);
  const { list, table } = useList.getState();
  const { length } = list.order;
  const { mode, zoom, source } = useView.getState();
  const indexAt = (place: number): number => list.order[place]!;
  const isCostly = (place: number, size: PictureSize): boolean => planSource(table.outlookAt(indexAt(place)), size, source).isCostly;
  const wishes = position < 0 ? [] : mode === 'loupe' ? planLoupe({ position, length, direction, zoom, isCostly }) : planGrid(position, length, isCostly);
  const addressOfWish = ({ position: place, size, isStandIn }: Wish): string | null =>
    isStandIn ? standInAddressOf(indexAt(place), size, table, source) : addressOf(indexAt(place), size, table, source);
  const costly = new Set<string>();
  const addresses: string[] = [];
  for (const wish of wishes) {
    const address = addressOfWish(wish);
    if (address === null) continue;
    addresses.push(address);
    if (wish.isCostly) costly.add(address);
  }
  pictures.want(addresses, { costly, mayStart: isResting(`${mode} ${position}`) });
}

const lookAfter = 70;
/** Photos in one look; the contract takes no more than 5,000. */
const largestLook = 2000;
let lookTimer: ReturnType<typeof setTimeout> | null = null;
let visible = { first: 0, last: -1, direction: 1 as 1 | -1 };
let lastLook = '';

/** The grid shows the places `first` to `last` now. */
export function lookAt(first: number, last: number): void {
  visible = { first, last, direction: first < visible.first ? -1 : first > visible.first ? 1 : visible.direction };
  scheduleLook();
}

export function scheduleLook(): void {
  lookTimer ??= setTimeout(() => {
    lookTimer = null;
    sendLook();
  }, lookAfter);
}

/** A new engine knows nothing of where the eye is. */
export function forgetLook(): void {
  lastLook = '';
  scheduleLook();
}

function sendLook(): void {
  const { shoot } = useShoot.getState();
  const { length } = useList.getState().list.order;
  if (shoot === null || length === 0 || !isOpen()) return;
  const here = places();
  const idsOf = (from: number, to: number): number[] => {
    const ids: number[] = [];
    for (let position = from; position < to && ids.length < largestLook; position += 1) ids.push(here.idAt(position)!);
    return ids;
  };
  const inLoupe = useView.getState().mode === 'loupe';
  const first = inLoupe ? lastPosition : visible.first;
  const last = Math.min(inLoupe ? lastPosition : visible.last, length - 1);
  if (first < 0 || last < first) return;
  const seen = idsOf(first, last + 1);
  const near = nearRange(first, last, length, inLoupe ? direction : visible.direction).flatMap((range) => idsOf(range.from, range.to));
  const look = `${shoot}:${seen.join()}:${near.join()}`;
  if (look === lastLook) return;
  lastLook = look;
  // a look is advice; that it did not arrive shows as the engine being gone
  api().library.look({ shoot, visible: seen, near: near.slice(0, largestLook) }).catch(() => undefined);
}
