/** Groups that the person makes and parts themselves. Each is one step of undo, told with a way back. */
import { api, errorOf } from '../client/index.ts';
import { writeCount } from '../parts/words.ts';
import { places, useList, useSelection } from './list.ts';
import { dropStep, largestCall, markedPhotos, recordStep, undoStep } from './marks.ts';
import { tell } from './notices.ts';
import { useShoot } from './shoot.ts';

type Target = 'alone' | 'together' | 'with' | 'rules';

/** The selected photos become one group. */
export function makeOneGroup(): void {
  const { selected } = useSelection.getState();
  if (selected.size < 2) tell('Select the photos of the group first, two or more.');
  else void place([...selected], 'together');
}

/** The selected photos, in the loupe the shown one, are duplicates of nothing. */
export function setAlone(): void {
  const ids = markedPhotos();
  if (ids.length > 0) void place(ids, 'alone');
}

/**
 * The other selected photos join the group of the focused one, which is the one that was selected last. Where nothing else is selected, the
 * photo joins the one before it.
 */
export function joinFocused(): void {
  const { focus, selected } = useSelection.getState();
  if (focus === null) return;
  const others = [...selected].filter((id) => id !== focus);
  if (others.length > 0) {
    void place(others, 'with', focus);
    return;
  }
  const here = places();
  const before = here.idAt(here.positionOf(focus) - 1);
  if (before === null) tell('There is no photo before this one.');
  else void place([focus], 'with', before);
}

/** The focused photo and the later ones of its group become a group of their own. */
export function splitHere(): void {
  const { focus } = useSelection.getState();
  const { table } = useList.getState();
  const index = focus === null ? undefined : table.indexOf.get(focus);
  const group = index === undefined ? null : (table.group[index] ?? null);
  const members = group === null ? [] : table.membersOf(group);
  const at = index === undefined ? -1 : members.indexOf(index);
  if (at < 0) tell('This photo is in no group.');
  else if (at === 0) tell('This is the first photo of its group: go to the one where the new group begins.');
  else {
    const later = members.slice(at).map((one) => table.id[one]!);
    void place(later, later.length === 1 ? 'alone' : 'together');
  }
}

/** The selected photos, in the loupe the shown one, go where the rules put them. */
export function groupByRules(): void {
  const ids = markedPhotos();
  if (ids.length > 0) void place(ids, 'rules');
}

async function place(ids: readonly number[], to: Target, other?: number): Promise<void> {
  const { shoot } = useShoot.getState();
  if (shoot === null) return;
  if (ids.length > largestCall) {
    tell(`That is more than ${writeCount(largestCall)} photos; select fewer.`);
    return;
  }
  const step = recordStep(shoot);
  try {
    const { changed, text } = await api().groups.place({ shoot, ids: [...ids], target: to, ...(other === undefined ? {} : { with: other }) });
    if (changed > 0) {
      tell(text, 'info', { label: 'Undo', run: () => undoStep(step) });
      return;
    }
    dropStep(step);
    tell(to === 'rules' ? 'They are grouped by the rules already.' : 'They are there already.');
  } catch (reason) {
    dropStep(step);
    tell(`The group was not changed. ${errorOf(reason).message}`, 'error');
  }
}
