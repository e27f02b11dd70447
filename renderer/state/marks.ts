/** The person's decisions: shown at once, sent to the engine, taken back where the engine refuses. Undo and redo. */
import type { Flag, LabelName, MarkChange } from '../../main/domain/index.ts';
import { api, errorOf } from '../client/index.ts';
import { writeCount } from '../parts/words.ts';
import { moveBy, refreshMarks, useList, useSelection } from './list.ts';
import { announce, tell } from './notices.ts';
import { codeOfFlag, codeOfLabel } from './photo-table.ts';
import { pendingMarks, useShoot } from './shoot.ts';
import { useView } from './view.ts';

/** Photos per call; the contract takes no more. */
const largestCall = 5000;

/**
 * A key on a selection above `largestCall` photos, or one that means different things for different photos, is several steps for
 * the engine but one for the person; these are the latest steps, so that one undo takes all of it back.
 */
interface Step {
  readonly shoot: number;
  /** Calls that made it; refused ones are taken off. */
  calls: number;
}
let steps: Step[] = [];
let undoneSteps: Step[] = [];
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
  steps = [...steps, step].slice(-keptSteps);
  undoneSteps = [];
  const first = batches.values().next().value;
  if (first) announce(describeMark(ids.length, first.change));
  const focus = useSelection.getState().focus;
  refreshMarks();
  // where the mark has sent the photo out of the filter, the next one is already there
  if (advance && useSelection.getState().focus === focus) moveBy(1);
}

async function send(step: Step, ids: number[], change: MarkChange): Promise<void> {
  const marks = pendingMarks;
  const operation = marks.begin(useList.getState().table, ids, change);
  try {
    const { rev } = await api().cull.decide({ shoot: step.shoot, ids, mark: change });
    if (marks === pendingMarks) marks.confirm(useList.getState().table, operation, rev);
  } catch (reason) {
    step.calls -= 1;
    if (step.calls === 0) steps = steps.filter((one) => one !== step);
    if (marks !== pendingMarks) return;
    marks.refuse(useList.getState().table, operation);
    refreshMarks();
    tell(`${ids.length === 1 ? 'The mark was' : 'The marks were'} not saved. ${errorOf(reason).message}`, 'error');
  }
}

export async function undo(): Promise<void> {
  const step = steps.at(-1);
  const text = await repeat(step, 'undo');
  if (text === null) return;
  if (step) {
    steps = steps.filter((one) => one !== step);
    undoneSteps = [...undoneSteps, step];
  }
  tell(`${text} – undone`);
}

export async function redo(): Promise<void> {
  const step = undoneSteps.at(-1);
  const text = await repeat(step, 'redo');
  if (text === null) return;
  if (step) {
    undoneSteps = undoneSteps.filter((one) => one !== step);
    steps = [...steps, step];
  }
  tell(`${text} – done again`);
}

/** The words of the last step, or null where there was none. */
async function repeat(step: Step | undefined, what: 'undo' | 'redo'): Promise<string | null> {
  const { shoot } = useShoot.getState();
  if (shoot === null) return null;
  // a step of an earlier shoot, or of an earlier session, is one call
  const times = step?.shoot === shoot ? step.calls : 1;
  let text: string | null = null;
  try {
    for (let time = 0; time < times; time += 1) text = (await api().cull[what]({ shoot })).text;
  } catch (reason) {
    const error = errorOf(reason);
    if (error.code === 'nothing-to-undo') tell(what === 'undo' ? 'There is nothing to undo.' : 'There is nothing to do again.');
    else tell(error.message, 'error');
  }
  return text;
}

export function describeMark(photos: number, change: MarkChange): string {
  const what = photos === 1 ? 'Photo' : `${writeCount(photos)} photos`;
  if (change.flag !== undefined) return `${what} ${{ pick: 'picked', reject: 'rejected', none: 'unflagged' }[change.flag]}`;
  if (change.rating !== undefined) return change.rating === 0 ? `${what}: stars removed` : `${what}: ${change.rating} ${change.rating === 1 ? 'star' : 'stars'}`;
  return change.label ? `${what}: ${change.label.toLowerCase()} label` : `${what}: label removed`;
}
