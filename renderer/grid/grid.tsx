import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { MouseEvent } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { lookAt, prefetch } from '../pixels/eye.ts';
import { useSize } from '../parts/size.ts';
import { noteShown } from '../pixels/timing.ts';
import { placesOf } from '../state/selection-rules.ts';
import { selectPhoto, useList, useSelection } from '../state/list.ts';
import { gridShape, showLoupe, useView } from '../state/view.ts';
import { noteScroll } from './scroll-pace.ts';
import { TileRow } from './tile-row.tsx';
import './grid.css';

const gap = 8;
const padding = 16;
/** Height of name and marks below a picture, with the space between rows. */
const footHeight = 28;

/**
 * Where the grid is, and was when it was last on screen, so that coming back from the loupe finds it as it was left. Kept here
 * because asking the browser in the middle of a change makes it lay out the whole page.
 */
const left = { top: 0, width: 0, height: 0 };

/** All photos of the filter as tiles, only the rows on screen in the document. */
export function Grid() {
  const { list, table, version } = useList();
  const selection = useSelection();
  const tileSize = useView((view) => view.tileSize);
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);

  const columns = Math.max(1, Math.floor((width - 2 * padding + gap) / (tileSize + gap)));
  const tileWidth = Math.floor((width - 2 * padding - (columns - 1) * gap) / columns);
  const rowHeight = tileSize + footHeight + gap;
  const rowCount = Math.ceil(list.order.length / columns);

  // eslint-disable-next-line react-hooks/incompatible-library -- the rows are drawn by this component itself, nothing memoised reads the virtualizer
  const rows = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 2,
    paddingStart: padding,
    paddingEnd: padding,
    useFlushSync: false,
    initialOffset: () => left.top,
  });

  const reveal = (row: number): void => {
    const element = scroller.current;
    if (row < 0 || !element || left.height === 0) return;
    const top = row * rowHeight;
    const bottom = top + rowHeight + 2 * padding - gap;
    const wanted = top < left.top ? top : bottom > left.top + left.height ? bottom - left.height : left.top;
    if (wanted === left.top) return;
    left.top = wanted;
    element.scrollTop = wanted;
  };

  const focusPlace = placesOf(list, table).positionOf(selection.focus);
  const focusRow = focusPlace < 0 ? -1 : Math.floor(focusPlace / columns);

  // what was scrolled to before may be beyond a shorter list
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    element.scrollTop = left.top;
    left.top = element.scrollTop;
  }, []);

  // a new tile size or a new width keeps the focused photo in sight
  useLayoutEffect(() => {
    rows.measure();
    reveal(focusRow);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only when the geometry changes; moves are below
  }, [rowHeight, columns]);

  useLayoutEffect(() => {
    reveal(focusRow);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- scrolling away from the focus is allowed; only a move of the focus brings it back
  }, [selection.focus]);

  useEffect(() => {
    if (selection.focus !== null) noteShown({ kind: 'marks', id: selection.focus });
    prefetch();
  }, [selection, version]);

  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    const { top, height } = left;
    gridShape.columns = columns;
    gridShape.pageRows = Math.max(1, Math.floor(height / rowHeight));
    const firstVisible = Math.max(first, Math.floor((top - padding) / rowHeight));
    const lastVisible = Math.min(last, Math.floor((top - padding + height) / rowHeight));
    lookAt(firstVisible * columns, (lastVisible + 1) * columns - 1);
  }, [first, last, columns, rowHeight, list]);

  // the grid has the keyboard as soon as it is there
  useEffect(() => scroller.current?.focus({ preventScroll: true }), []);

  const press = useCallback((id: number, event: MouseEvent) => {
    scroller.current?.focus({ preventScroll: true });
    event.preventDefault();
    selectPhoto(id, event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'one');
  }, []);
  const open = useCallback((id: number) => {
    selectPhoto(id);
    showLoupe();
  }, []);

  return (
    <div
      ref={scroller}
      className="grid"
      role="grid"
      tabIndex={0}
      aria-label="Photos"
      aria-multiselectable="true"
      aria-rowcount={rowCount}
      aria-colcount={columns}
      aria-activedescendant={selection.focus === null ? undefined : `tile-${selection.focus}`}
      data-testid="grid"
      onScroll={(event) => {
        left.top = event.currentTarget.scrollTop;
        noteScroll(left.top, left.height, event.timeStamp);
      }}
    >
      <div className="grid-canvas" role="presentation" style={{ height: 2 * padding + rowCount * rowHeight }}>
        {width > 0
          ? items.map((item) => (
              <TileRow
                key={item.key}
                row={item.index}
                top={padding + item.index * rowHeight}
                height={rowHeight - gap}
                columns={columns}
                tileWidth={tileWidth}
                gap={gap}
                padding={padding}
                list={list}
                table={table}
                version={version}
                selection={selection}
                onPress={press}
                onOpen={open}
              />
            ))
          : null}
      </div>
    </div>
  );
}

/** Inner width of the grid, followed as it changes; 0 until it was measured. */
function useWidth(grid: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(left.width);
  const take = useCallback(({ clientWidth, clientHeight }: HTMLElement) => {
    Object.assign(left, { width: clientWidth, height: clientHeight });
    setWidth(clientWidth);
  }, []);
  useSize(grid, take);
  return width;
}
