/** The person's decisions: shown at once, sent to the engine, taken back where the engine refuses. Undo and redo. */
import { create } from 'zustand';
import { describeMark } from '../../main/domain/index.ts';
import type { Flag, LabelName, MarkChange } from '../../main/domain/index.ts';
import { api, errorOf } from '../client/index.ts';
import { moveBy, refreshMarks, useList, useSelection } from './list.ts';
import { announce, dismissActions, tell } from './notices.ts';
import { codeOfFlag, codeOfLabel } from './photo-table.ts';
import { pendingMarks, useShoot } from './shoot.ts';
import { describeSplitSets } from './whole-sets.ts';
import { useView } from './view.ts';

/** Photos per call; the contract takes no more. */
export const largestCall = 5000;

/**
 * A key on a selection above `largestCall` photos, or one that means different things for different photos, is several steps for
 * the engine but one for the person, so that one undo takes all of it back.
 */
export interface Step {
  readonly shoot: number;
  /** Calls that made it; refused ones are taken off. */
  calls: number;
}
/** Grows with every undo and redo: what is kept with the marks may be another one now. */
export const useRepeats = create<{ readonly count: number }>(() => ({ count: 0 }));

/** What undo and redo would take, latest last. */
const steps: Record<'undo' | 'redo', Step[]> = { undo: [], redo: [] };
const keptSteps = 200;

/** The photos that a mark is for: in the loupe the shown one, in the grid the selection. */
export function markedPhotos(): number[] {
  const { focus, selected } = useSelection.getState();
  if (focus === null) return [];
  return useView.getState().mode === 'loupe' ? [focus] : [...selected];
}

/** Marks the photos that marks are for now; `advance` moves on afterwards. */
export function mark(change: MarkChange, advance = false): void {
  markPhotos(markedPhotos(), () => change, advance);
}

/** Sets the label, or takes it off where every photo has it already. */
export function toggleLabel(label: LabelName, advance = false): void {
  const { table } = useList.getState();
  const ids = markedPhotos();
  const code = codeOfLabel(label);
  const all = ids.every((id) => table.label[table.indexOf.get(id) ?? -1] === code);
  markPhotos(ids, () => ({ label: all ? null : label }), advance);
}

/** Pick where it is not picked, unflagged where it is. */
export function toggleFlag(advance = false): void {
  const { table } = useList.getState();
  const pick = codeOfFlag('pick');
  markPhotos(markedPhotos(), (index) => ({ flag: (table.flag[index] === pick ? 'none' : 'pick') satisfies Flag }), advance);
}

/** One star more or less, each photo from where it is. */
export function changeRating(step: 1 | -1, advance = false): void {
  const { table } = useList.getState();
  markPhotos(markedPhotos(), (index) => ({ rating: Math.max(0, Math.min(5, table.rating[index]! + step)) }), advance);
}

function markPhotos(ids: readonly number[], changeOf: (index: number) => MarkChange, advance: boolean): void {
  const { table } = useList.getState();
  const { shoot } = useShoot.getState();
  if (shoot === null || ids.length === 0) return;
  const batches = new Map<string, { change: MarkChange; ids: number[] }>();
  for (const id of ids) {
    const index = table.indexOf.get(id);
    if (index === undefined) continue;
    const change = changeOf(index);
    const key = JSON.stringify(change);
    const batch = batches.get(key);
    if (batch) batch.ids.push(id);
    else batches.set(key, { change, ids: [id] });
  }
  const step: Step = { shoot, calls: 0 };
  for (const batch of batches.values())
    for (let start = 0; start < batch.ids.length; start += largestCall) {
      step.calls += 1;
      void send(step, batch.ids.slice(start, start + largestCall), batch.change);
    }
  keepStep(step);
  const caution = [...batches.values()].some(({ change }) => change.flag === 'reject') ? describeSplitSets(table, ids) : null;
  if (caution !== null) tell(caution, 'info', { label: 'Undo', run: () => undoStep(step) });
  else announce([...batches.values()].map((batch) => describeMark(batch.ids.length, batch.change)).join('; '));
  const focus = useSelection.getState().focus;
  refreshMarks();
  // where the mark has sent the photo out of the filter, the next one is already there
  if (advance && useSelection.getState().focus === focus) moveBy(1);
}

function keepStep(step: Step): void {
  dismissActions();
  steps.undo = [...steps.undo, step].slice(-keptSteps);
  steps.redo = steps.redo.filter((one) => one.shoot !== step.shoot);
}

/** A step that another part of the page makes by one call of its own. */
export function recordStep(shoot: number): Step {
  const step: Step = { shoot, calls: 1 };
  keepStep(step);
  return step;
}

/** It came to nothing, so that there is nothing to undo. */
export function dropStep(step: Step): void {
  steps.undo = steps.undo.filter((one) => one !== step);
}

/** Undoes a step from its own notice, as long as nothing was done here since: undo goes backwards. */
export function undoStep(step: Step): void {
  if (steps.undo.findLast((one) => one.shoot === step.shoot) === step) void undo();
  else tell('Something else was done since. Undo that first.');
}

async function send(step: Step, ids: number[], change: MarkChange): Promise<void> {
  const marks = pendingMarks;
  const operation = marks.begin(useList.getState().table, ids, change);
  try {
    const { rev } = await api().cull.decide({ shoot: step.shoot, ids, mark: change });
    if (marks === pendingMarks) marks.confirm(useList.getState().table, operation, rev);
  } catch (reason) {
    step.calls -= 1;
    if (step.calls === 0) dropStep(step);
    if (marks !== pendingMarks) return;
    marks.refuse(useList.getState().table, operation);
    refreshMarks();
    tell(`${ids.length === 1 ? 'The mark was' : 'The marks were'} not saved. ${errorOf(reason).message}`, 'error');
  }
}

export function undo(): Promise<void> {
  return repeat('undo', 'redo');
}

export function redo(): Promise<void> {
  return repeat('redo', 'undo');
}

async function repeat(what: 'undo' | 'redo', opposite: 'undo' | 'redo'): Promise<void> {
  const { shoot } = useShoot.getState();
  if (shoot === null) return;
  dismissActions();
  const step = steps[what].findLast((one) => one.shoot === shoot);
  // moved before the engine has answered: a key that is held down repeats before that
  if (step) moveStep(step, what, opposite);
  let text: string | null = null;
  try {
    // a step of an earlier session is one call
    for (let call = 0; call < (step?.calls ?? 1); call += 1) text = (await api().cull[what]({ shoot })).text;
  } catch (reason) {
    const error = errorOf(reason);
    if (error.code === 'nothing-to-undo') tell(what === 'undo' ? 'There is nothing to undo.' : 'There is nothing to do again.');
    else tell(error.message, 'error');
  }
  useRepeats.setState(({ count }) => ({ count: count + 1 }));
  if (text !== null) tell(`${text} – ${what === 'undo' ? 'undone' : 'done again'}`);
  else if (step) moveStep(step, opposite, what);
}

function moveStep(step: Step, from: 'undo' | 'redo', to: 'undo' | 'redo'): void {
  steps[from] = steps[from].filter((one) => one !== step);
  steps[to] = [...steps[to], step];
}
