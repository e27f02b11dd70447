import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { PointerEvent } from 'react';
import { onPicture, prefetch, scheduleLook } from '../pixels/eye.ts';
import { useSize } from '../parts/size.ts';
import { noteShown } from '../pixels/timing.ts';
import { useList } from '../state/list.ts';
import { pointerSpot, setCentre, stageSize, toggleZoom, useView, viewShare } from '../state/view.ts';
import { addressesOf, findBestPicture, frameSize, reportOf } from './choice.ts';
import type { StageReport } from './choice.ts';
import { drawOutline } from './outline.ts';
import { placeFit, placeFull, spotAt, visiblePart } from './geometry.ts';
import type { Placement, Size } from './geometry.ts';

const clickDistance = 4;

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
  const source = useView((view) => view.source);
  const outline = useView((view) => (view.outline?.photo === id ? view.outline.region : null));
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
    placement.current = null;
    if (index === undefined) return;
    const best = findBestPicture(index, zoom, source);
    onReport(reportOf(index, zoom, source, best));
    if (!best) {
      delete target.dataset['picture'];
      delete target.dataset['source'];
      return;
    }
    const { bitmap } = best.picture;
    const frame = frameSize(table.outlookAt(index), best);
    const place = zoom === 'full' ? placeFull(frame, stage, centre) : placeFit(frame, stage);
    placement.current = place;
    viewShare.width = zoom === 'full' ? stage.width / frame.width : 1;
    viewShare.height = zoom === 'full' ? stage.height / frame.height : 1;
    const part = visiblePart(place, bitmap, stage);
    if (!part) return;
    // enlarged past 100 % only for moments; smaller needs the careful way
    context.imageSmoothingQuality = bitmap.width > place.width * 1.5 ? 'medium' : 'low';
    if (isExact(bitmap, place)) context.drawImage(bitmap, place.left, place.top);
    else context.drawImage(bitmap, ...part.source, ...part.target);
    drawOutline(context, place, outline);
    // what stands in for a picture that is still being made is not that picture
    target.dataset['picture'] = best.isStandIn && best.size === 'full' ? 'screen' : best.size;
    target.dataset['source'] = best.picture.source ?? '';
    target.dataset['photo'] = String(id);
    noteShown({ kind: 'photo', id, picture: best.size });
  }, [id, zoom, source, centre, stage, outline, onReport]);

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
        if (index !== undefined && addressesOf(index, zoom, source).includes(address)) draw();
      }),
    [id, zoom, source, draw],
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
