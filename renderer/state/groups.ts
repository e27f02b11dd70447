/** How the open shoot is grouped: what is chosen, what a moved slider would make of it, and the way back. */
import { useEffect } from 'react';
import { create } from 'zustand';
import type { CodedError } from '../../main/base/index.ts';
import type { GroupChoice, GroupEffect, ShootGroups } from '../../main/contract/index.ts';
import { groupPresets, isSameChoice } from '../../main/domain/index.ts';
import type { PresetName } from '../../main/domain/index.ts';
import { api, errorOf } from '../client/index.ts';
import { createLatest } from './latest.ts';
import { useList } from './list.ts';
import { tell } from './notices.ts';
import { useShoot } from './shoot.ts';

interface GroupsState {
  /** The shoot that all this is about. */
  readonly shoot: number | null;
  readonly settings: ShootGroups | null;
  /** Where the sliders stand while they are moved and not let go; null = as chosen. */
  readonly draft: GroupChoice | null;
  /** What the draft would make; that of an earlier place of the slider until the answer is here. */
  readonly preview: GroupEffect | null;
  /** What was chosen before the latest change. */
  readonly before: ShootGroups | null;
  /** The sliders as the person last had them apart from any preset. */
  readonly own: GroupChoice | null;
  readonly error: CodedError | null;
}

const nothing: GroupsState = { shoot: null, settings: null, draft: null, preview: null, before: null, own: null, error: null };

export const useGroups = create<GroupsState>(() => nothing);

/** Asks how the open shoot is grouped now. */
export async function loadGroups(): Promise<void> {
  const { shoot } = useShoot.getState();
  if (shoot === null) return;
  if (useGroups.getState().shoot !== shoot) useGroups.setState({ ...nothing, shoot });
  try {
    const settings = await api().groups.settings({ shoot });
    takeSettings(shoot, settings);
  } catch (reason) {
    if (useGroups.getState().shoot === shoot) useGroups.setState({ error: errorOf(reason) });
  }
}

function takeSettings(shoot: number, settings: ShootGroups): void {
  const state = useGroups.getState();
  if (state.shoot === shoot) useGroups.setState({ settings, error: null, own: settings.preset === null ? settings.choice : state.own });
}

const previews = createLatest(
  ({ shoot, choice }: { readonly shoot: number; readonly choice: GroupChoice }, signal) => api().groups.preview({ shoot, choice }, { signal }),
  ({ choice }, preview) => {
    if (useGroups.getState().draft === choice) useGroups.setState({ preview });
  },
  (error) => useGroups.setState({ error }),
);

/** A slider moves: what it would make is asked for; only the latest place of the slider matters. */
export function previewChoice(choice: GroupChoice): void {
  const { shoot } = useGroups.getState();
  useGroups.setState({ draft: choice });
  if (shoot !== null) previews.ask({ shoot, choice });
}

/** Lets the slider go: its place is chosen. */
export function keepDraft(): void {
  const { draft, settings } = useGroups.getState();
  if (!draft || !settings) return;
  if (isSameChoice(draft, settings.choice)) useGroups.setState({ draft: null, preview: null });
  else void choose(draft);
}

/** `own`: the sliders as the person had them last. */
export function choosePreset(name: PresetName | 'own'): void {
  const { own } = useGroups.getState();
  if (name !== 'own') void choose(groupPresets[name]);
  else if (own) void choose(own);
  else tell('Move a slider: that makes it your own.');
}

/** `ms` is added to the times of this camera. */
export function setClock(camera: string, ms: number): void {
  const { settings } = useGroups.getState();
  if (settings) void choose(settings.choice, { [camera]: ms });
}

/** Back to what was chosen before the latest change, clocks included. */
export function goBack(): void {
  const { before } = useGroups.getState();
  if (before) void choose(before.choice, Object.fromEntries(before.cameras.map(({ camera, shiftMs }) => [camera, shiftMs])));
}

let choices = 0;

async function choose(choice: GroupChoice, shifts?: Record<string, number>): Promise<void> {
  const { shoot, settings: before } = useGroups.getState();
  if (shoot === null) return;
  const turn = ++choices;
  previews.drop();
  useGroups.setState({ draft: choice });
  try {
    const settings = await api().groups.choose({ shoot, choice, ...(shifts ? { shifts } : {}) });
    if (useGroups.getState().shoot !== shoot) return;
    takeSettings(shoot, settings);
    useGroups.setState({ before });
  } catch (reason) {
    tell(`The choice was not kept. ${errorOf(reason).message}`, 'error');
  } finally {
    if (turn === choices) useGroups.setState({ draft: null, preview: null });
  }
}

/** Photos come and are grouped in quick succession while a shoot is read. */
const followAfter = 400;

/** Loads when the panel opens, and again when photos came or groups changed. */
export function useFollowGroups(): void {
  const shoot = useShoot((state) => state.shoot);
  const photos = useList((state) => state.list.counts.photos);
  const { all, grouped, best } = useList((state) => state.list.counts.groups);
  useEffect(() => {
    const timer = setTimeout(() => void loadGroups(), useGroups.getState().shoot === shoot ? followAfter : 0);
    return () => clearTimeout(timer);
  }, [shoot, photos, all, grouped, best]);
}
