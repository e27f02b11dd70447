/** Every command of the page. */
import type { LabelName } from '../../main/domain/index.ts';
import { useSession } from '../client/index.ts';
import { plural } from '../parts/words.ts';
import { openDoctor } from '../state/doctor.ts';
import { openExport } from '../state/export.ts';
import { moveBy, moveByGroup, moveToPosition, places, selectEverything, selectOnlyFocus, useSelection } from '../state/list.ts';
import { changeRating, mark, redo, toggleFlag, toggleLabel, undo } from '../state/marks.ts';
import { groupByRules, joinFocused, makeOneGroup, setAlone, splitHere } from '../state/own-groups.ts';
import { toggleSource } from '../state/source.ts';
import { closeShoot, pickShoot } from '../state/shoot.ts';
import { gridShape, openDialog, panBy, setTileSize, showGrid, showLoupe, tileSizes, togglePanel, toggleZoom, useView } from '../state/view.ts';
import type { Command, Place, Section } from './command.ts';

const both: readonly Place[] = ['grid', 'loupe'];
const everywhere: readonly Place[] = ['welcome', 'grid', 'loupe'];

const command = (id: string, title: string, section: Section, where: readonly Place[], run: Command['run'], repeats = false): Command => ({
  id,
  title,
  section,
  where,
  run,
  repeats,
});

const ratings = [1, 2, 3, 4, 5].map((stars) =>
  command(`mark.rating-${stars}`, plural(stars, 'star', 'stars'), 'Marks', both, ({ advance }) => mark({ rating: stars }, advance)),
);

const keyedLabels: readonly LabelName[] = ['Red', 'Yellow', 'Green', 'Blue'];
const labels = keyedLabels.map((label) =>
  command(`mark.label-${label.toLowerCase()}`, `${label} label`, 'Marks', both, ({ advance }) => toggleLabel(label, advance)),
);

/** Share of the view that one key press pans by. */
const panStep = 0.2;

export const commands: readonly Command[] = [
  command('mark.pick', 'Pick', 'Marks', both, ({ advance }) => mark({ flag: 'pick' }, advance)),
  command('mark.reject', 'Reject', 'Marks', both, ({ advance }) => mark({ flag: 'reject' }, advance)),
  command('mark.unflag', 'Remove the flag', 'Marks', both, ({ advance }) => mark({ flag: 'none' }, advance)),
  command('mark.toggle-flag', 'Pick or unpick', 'Marks', both, ({ advance }) => toggleFlag(advance)),
  ...ratings,
  command('mark.rating-0', 'Remove the stars', 'Marks', both, ({ advance }) => mark({ rating: 0 }, advance)),
  command('mark.rating-down', 'One star less', 'Marks', both, ({ advance }) => changeRating(-1, advance)),
  command('mark.rating-up', 'One star more', 'Marks', both, ({ advance }) => changeRating(1, advance)),
  ...labels,
  command('mark.undo', 'Undo', 'Marks', both, () => void undo(), true),
  command('mark.redo', 'Redo', 'Marks', both, () => void redo(), true),

  command('groups.panel', 'Groups: rules and clocks', 'Groups', both, () => togglePanel('groups')),
  command('weights.panel', 'What counts for suggestions', 'Look', both, () => togglePanel('weights')),
  command('groups.together', 'Make one group', 'Groups', both, makeOneGroup),
  command('groups.alone', 'Not a duplicate', 'Groups', both, setAlone),
  command('groups.join', 'Add to the group of the focused photo', 'Groups', both, joinFocused),
  command('groups.split', 'Split the group here', 'Groups', both, splitHere),
  command('groups.rules', 'Group by the rules again', 'Groups', both, groupByRules),

  command('move.previous', 'Previous photo', 'Move', both, () => moveBy(-1), true),
  command('move.next', 'Next photo', 'Move', both, () => moveBy(1), true),
  command('move.row-up', 'Row above', 'Move', ['grid'], () => moveByRows(-1), true),
  command('move.row-down', 'Row below', 'Move', ['grid'], () => moveByRows(1), true),
  command('move.group-previous', 'Previous group', 'Move', ['loupe'], () => moveByGroup(-1), true),
  command('move.group-next', 'Next group', 'Move', ['loupe'], () => moveByGroup(1), true),
  command('move.page-up', 'Page up', 'Move', both, () => moveByPage(-1), true),
  command('move.page-down', 'Page down', 'Move', both, () => moveByPage(1), true),
  command('move.first', 'First photo', 'Move', both, () => moveToPosition(0)),
  command('move.last', 'Last photo', 'Move', both, () => moveToPosition(places().length - 1)),

  command('look.grid', 'Grid', 'Look', both, showGrid),
  command('look.loupe', 'One photo (loupe)', 'Look', both, () => showLoupe()),
  command('look.zoom', 'Fit or 100 %', 'Look', both, zoom),
  command('look.space', 'Open the photo, then fit or 100 %', 'Look', both, () => (useView.getState().mode === 'grid' ? showLoupe() : toggleZoom())),
  command('look.pan-left', 'Look further left at 100 %', 'Look', ['loupe'], () => panBy(-panStep, 0), true),
  command('look.pan-right', 'Look further right at 100 %', 'Look', ['loupe'], () => panBy(panStep, 0), true),
  command('look.pan-up', 'Look further up at 100 %', 'Look', ['loupe'], () => panBy(0, -panStep), true),
  command('look.pan-down', 'Look further down at 100 %', 'Look', ['loupe'], () => panBy(0, panStep), true),
  command('look.source', 'Camera preview or rendering', 'Look', ['loupe'], toggleSource),
  command('look.info', 'Facts and reasons', 'Look', both, () => togglePanel('info')),
  command('look.filter', 'Filter bar', 'Look', both, () => useView.setState((view) => ({ filterOpen: !view.filterOpen }))),
  command('look.larger', 'Larger tiles', 'Look', ['grid'], () => setTileSize(useView.getState().tileSize + tileSizes.step), true),
  command('look.smaller', 'Smaller tiles', 'Look', ['grid'], () => setTileSize(useView.getState().tileSize - tileSizes.step), true),
  command('look.back', 'Back', 'Look', both, goBack),

  command('select.left', 'Extend to the left', 'Select', ['grid'], () => moveBy(-1, true), true),
  command('select.right', 'Extend to the right', 'Select', ['grid'], () => moveBy(1, true), true),
  command('select.up', 'Extend upwards', 'Select', ['grid'], () => moveByRows(-1, true), true),
  command('select.down', 'Extend downwards', 'Select', ['grid'], () => moveByRows(1, true), true),
  command('select.to-first', 'Extend to the first photo', 'Select', ['grid'], () => moveToPosition(0, true)),
  command('select.to-last', 'Extend to the last photo', 'Select', ['grid'], () => moveToPosition(places().length - 1, true)),
  command('select.all', 'Select all', 'Select', ['grid'], selectEverything),
  command('select.one', 'Select only this photo', 'Select', ['grid'], selectOnlyFocus),

  command('window.open', 'Open a folder', 'Folder and window', everywhere, openFolder),
  command('window.export', 'Export', 'Folder and window', both, openExport),
  command('window.doctor', 'What runs where', 'Folder and window', everywhere, openDoctor),
  command('window.keys', 'Show the keys', 'Folder and window', everywhere, () => openDialog('keys')),
];

export const commandById = new Map(commands.map((one) => [one.id, one]));

function focusPosition(): number {
  return places().positionOf(useSelection.getState().focus);
}

/** A row up or down; at the last row, which may be short, it stops at the last photo. */
function moveByRows(rows: number, extend = false): void {
  const position = focusPosition();
  const target = position + rows * gridShape.columns;
  if (target < 0) return;
  const last = places().length - 1;
  const lastRow = Math.floor(last / gridShape.columns);
  if (target > last && Math.floor(position / gridShape.columns) === lastRow) return;
  moveToPosition(target, extend);
}

function moveByPage(pages: number): void {
  if (useView.getState().mode === 'loupe') return moveBy(pages * 10);
  const step = pages * gridShape.pageRows * gridShape.columns;
  moveToPosition(focusPosition() + step);
}

/** From the grid straight to 100 %. */
function zoom(): void {
  if (useView.getState().mode === 'loupe') return toggleZoom();
  useView.setState({ centre: { x: 0.5, y: 0.5 } });
  showLoupe('full');
}

function goBack(): void {
  const view = useView.getState();
  if (view.mode === 'loupe') return view.zoom === 'full' ? toggleZoom() : showGrid();
  selectOnlyFocus();
}

/** The folder dialog where the shell has one, else the list of folders that may be opened. */
function openFolder(): void {
  if (useSession.getState().info?.canPickFolder) void pickShoot();
  else closeShoot();
}
