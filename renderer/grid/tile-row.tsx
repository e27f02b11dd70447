import type { MouseEvent, ReactElement } from 'react';
import { addressOf } from '../pixels/eye.ts';
import type { PhotoList } from '../state/filter-list.ts';
import type { PhotoTable } from '../state/photo-table.ts';
import type { Selection } from '../state/selection-rules.ts';
import { Tile } from './tile.tsx';

export interface TileRowProps {
  readonly row: number;
  readonly top: number;
  readonly height: number;
  readonly columns: number;
  readonly tileWidth: number;
  readonly gap: number;
  readonly padding: number;
  readonly list: PhotoList;
  readonly table: PhotoTable;
  /** Not read, but a new one means that the table's columns have changed. */
  readonly version: number;
  readonly selection: Selection;
  onPress(id: number, event: MouseEvent): void;
  onOpen(id: number): void;
}

/** One row of tiles. Reads the table by index and hands plain values to the tiles. */
export function TileRow({ row, top, height, columns, tileWidth, gap, padding, list, table, selection, onPress, onOpen }: TileRowProps) {
  const tiles: ReactElement[] = [];
  const end = Math.min(list.order.length, (row + 1) * columns);
  for (let position = row * columns; position < end; position += 1) {
    const index = list.order[position]!;
    const id = table.id[index]!;
    const group = table.group[index];
    tiles.push(
      <Tile
        key={id}
        id={id}
        column={position - row * columns}
        name={table.name[index]!}
        address={addressOf(index, 'grid', table)}
        error={table.error[index] ?? null}
        flag={table.flag[index]!}
        rating={table.rating[index]!}
        label={table.label[index]!}
        existingRating={table.existingRating[index]!}
        existingLabel={table.existingLabel[index]!}
        verdict={table.verdict[index]!}
        groupSize={group ? table.membersOf(group).length : 0}
        best={table.best[index]!}
        paired={table.pair[index] !== 0}
        selected={selection.selected.has(id)}
        focused={selection.focus === id}
        onPress={onPress}
        onOpen={onOpen}
      />,
    );
  }
  return (
    <div
      className="grid-row"
      role="row"
      aria-rowindex={row + 1}
      style={{
        transform: `translateY(${top}px)`,
        height,
        paddingInline: padding,
        gap,
        gridTemplateColumns: `repeat(${columns}, ${tileWidth}px)`,
      }}
    >
      {tiles}
    </div>
  );
}
