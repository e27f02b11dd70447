import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { PointerEvent } from 'react';
import { addressOf, onPicture, pictureOf, pictures, prefetch, scheduleLook } from '../pixels/eye.ts';
import type { PictureSize } from '../pixels/address.ts';
import { useSize } from '../parts/size.ts';
import { noteShown } from '../pixels/timing.ts';
import { useList } from '../state/list.ts';
import { pointerSpot, setCentre, stageSize, toggleZoom, useView, viewShare } from '../state/view.ts';
import { placeFit, placeFull, spotAt, visiblePart } from './geometry.ts';
import type { Placement, Size } from './geometry.ts';

const clickDistance = 4;
const orders: Record<'fit' | 'full', readonly PictureSize[]> = {
  fit: ['screen', 'full', 'grid'],
  full: ['full', 'screen', 'grid'],
};

/** What is on the stage, for the line that says so. */
export interface StageReport {
  readonly picture: PictureSize | 'none';
  readonly failed: boolean;
}

export interface StageProps {
  readonly id: number;
  readonly name: string;
  onReport(report: StageReport): void;
}

/**
 * One photo on a canvas. The best picture that is decoded is drawn in the same frame as the key, at first perhaps the grid's
 * small one; better ones replace it as they come. At 100 % only the visible part is drawn.
 */
export function Stage({ id, name, onReport }: StageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const stage = useStageSize(canvas);
  const version = useList((state) => state.version);
  const zoom = useView((view) => view.zoom);
  const centre = useView((view) => view.centre);
  const surround = useRef<string | null>(null);
  const placement = useRef<Placement | null>(null);
  const drag = useRef<{ x: number; y: number; moved: boolean; centre: { x: number; y: number } } | null>(null);
  const [dragging, setDragging] = useState(false);

  const draw = useCallback((): void => {
    const target = canvas.current;
    const context = target?.getContext('2d', { alpha: false });
    if (!target || !context || stage.width === 0) return;
    const { table } = useList.getState();
    const index = table.indexOf.get(id);
    if (target.width !== stage.width || target.height !== stage.height) {
      target.width = stage.width;
      target.height = stage.height;
    }
    // asked once: asking makes the browser work out all styles in the middle of a change
    surround.current ??= getComputedStyle(target).backgroundColor;
    context.fillStyle = surround.current;
    context.fillRect(0, 0, target.width, target.height);
    const best = index === undefined ? null : bestPicture(index, zoom);
    placement.current = null;
    const screen = index === undefined ? null : addressOf(index, 'screen');
    onReport({ picture: best?.size ?? 'none', failed: screen !== null && pictures.hasFailed(screen) });
    if (!best || index === undefined) return;
    const natural = naturalSize(index, best);
    const place = zoom === 'full' ? placeFull(natural, stage, centre) : placeFit(natural, stage);
    placement.current = place;
    viewShare.width = zoom === 'full' ? stage.width / natural.width : 1;
    viewShare.height = zoom === 'full' ? stage.height / natural.height : 1;
    const part = visiblePart(place, best.bitmap, stage);
    if (!part) return;
    // enlarged past 100 % only for moments; smaller needs the careful way
    context.imageSmoothingQuality = best.bitmap.width > place.width * 1.5 ? 'medium' : 'low';
    if (isExact(best.bitmap, place)) context.drawImage(best.bitmap, place.left, place.top);
    else context.drawImage(best.bitmap, ...part.source, ...part.target);
    target.dataset['picture'] = best.size;
    target.dataset['photo'] = String(id);
    noteShown({ kind: 'photo', id, picture: best.size });
  }, [id, zoom, centre, stage, onReport]);

  useLayoutEffect(() => {
    prefetch();
    draw();
  }, [draw, version]);
  useEffect(() => scheduleLook(), [id]);

  useEffect(
    () =>
      onPicture((address) => {
        const { table } = useList.getState();
        const index = table.indexOf.get(id);
        if (index !== undefined && sizesOf(index).includes(address)) draw();
      }),
    [id, draw],
  );

  const spotOf = (event: PointerEvent): { x: number; y: number } | null => {
    const box = event.currentTarget.getBoundingClientRect();
    const density = stage.width / Math.max(1, box.width);
    return placement.current ? spotAt(placement.current, (event.clientX - box.left) * density, (event.clientY - box.top) * density) : null;
  };

  return (
    <canvas
      ref={canvas}
      className={`stage stage-${zoom}${dragging ? ' is-dragging' : ''}`}
      role="img"
      aria-label={`${name}, ${zoom === 'full' ? 'at 100 %' : 'fitted'}`}
      data-testid="stage"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, y: event.clientY, moved: false, centre };
      }}
      onPointerMove={(event) => {
        pointerSpot.current = spotOf(event);
        const start = drag.current;
        if (!start) return;
        const x = event.clientX - start.x;
        const y = event.clientY - start.y;
        if (!start.moved && Math.hypot(x, y) < clickDistance) return;
        start.moved = true;
        if (zoom !== 'full' || !placement.current) return;
        setDragging(true);
        const density = stage.width / Math.max(1, event.currentTarget.clientWidth);
        setCentre({ x: start.centre.x - (x * density) / placement.current.width, y: start.centre.y - (y * density) / placement.current.height });
      }}
      onPointerUp={(event) => {
        const start = drag.current;
        drag.current = null;
        setDragging(false);
        const spot = spotOf(event);
        if (start && !start.moved && (spot || zoom === 'full')) toggleZoom(spot);
      }}
      onPointerCancel={() => {
        drag.current = null;
        setDragging(false);
      }}
      onWheel={(event) => {
        if (zoom !== 'full' || !placement.current) return;
        const density = stage.width / Math.max(1, event.currentTarget.clientWidth);
        setCentre({ x: centre.x + (event.deltaX * density) / placement.current.width, y: centre.y + (event.deltaY * density) / placement.current.height });
      }}
      onPointerLeave={() => {
        pointerSpot.current = null;
      }}
    />
  );
}

/** Fitted beforehand: within the rounding of a pixel nothing has to be scaled. */
function isExact(bitmap: Size, place: Placement): boolean {
  return Math.abs(bitmap.width - place.width) < 1 && Math.abs(bitmap.height - place.height) < 1;
}

function sizesOf(index: number): (string | null)[] {
  return orders.full.map((size) => addressOf(index, size));
}

function bestPicture(index: number, zoom: 'fit' | 'full'): { bitmap: ImageBitmap; size: PictureSize } | null {
  for (const size of orders[zoom]) {
    const address = addressOf(index, size);
    const bitmap = address === null ? null : pictureOf(address);
    if (bitmap) return { bitmap, size };
  }
  return null;
}

/** The size that 100 % means: the real picture's once it is here, before that what the engine says it will be. */
function naturalSize(index: number, best: { bitmap: ImageBitmap; size: PictureSize }): Size {
  const { table } = useList.getState();
  const width = table.width[index]!;
  const height = table.height[index]!;
  if (best.size === 'full' || width === 0 || height === 0) return best.bitmap;
  return { width, height };
}

/** Size of the stage in device pixels, followed as it changes. */
function useStageSize(canvas: React.RefObject<HTMLCanvasElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const take = useCallback(({ clientWidth, clientHeight }: HTMLElement) => {
    const width = Math.round(clientWidth * devicePixelRatio);
    const height = Math.round(clientHeight * devicePixelRatio);
    Object.assign(stageSize, { width, height });
    setSize((before) => (before.width === width && before.height === height ? before : { width, height }));
  }, []);
  useSize(canvas, take);
  return size;
}
