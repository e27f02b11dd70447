/** The open shoot: opening it, listing its photos page by page, and taking in what changes. */
import { create } from 'zustand';
import type { CodedError } from '../../main/base/index.ts';
import type { PhotoColumns } from '../../main/contract/index.ts';
import { api, errorOf, isOpen } from '../client/index.ts';
import { refreshList, refreshSoon, useList } from './list.ts';
import { PendingMarks } from './pending-marks.ts';
import { PhotoTable } from './photo-table.ts';
import { tell } from './notices.ts';
import { forgetDetails, useDetails } from './detail.ts';
import { showGrid } from './view.ts';

export interface Grant {
  readonly grant: string;
  readonly name: string;
  readonly kind: 'shoot' | 'destination';
  /** Opened in an earlier session, not handed over in this one. */
  readonly recent?: boolean | undefined;
}

interface ShootState {
  readonly status: 'none' | 'opening' | 'open' | 'failed';
  readonly grant: string | null;
  readonly shoot: number | null;
  readonly name: string;
  /** Photos the engine has found, folded and unreadable ones included. */
  readonly total: number;
  /** True until every page has been listed once. */
  readonly listing: boolean;
  readonly error: CodedError | null;
  readonly grants: readonly Grant[];
}

const closedShoot = { status: 'none', grant: null, shoot: null, name: '', total: 0, listing: false, error: null } as const;

export const useShoot = create<ShootState>(() => ({ ...closedShoot, grants: [] }));

/** The marks of the open shoot that the engine has not answered yet. */
export let pendingMarks = new PendingMarks();

const firstPage = 400;
const nextPages = 4000;

/** Asks which folders may be opened now. */
export async function loadGrants(): Promise<readonly Grant[]> {
  const grants = await api().library.grants({});
  useShoot.setState({ grants });
  return grants;
}

/** Opens the folder behind a grant. Failures are kept in the store as a coded error. */
export async function openShoot(grant: string): Promise<void> {
  const again = useShoot.getState().grant === grant && useShoot.getState().status === 'open';
  if (!again) {
    const name = useShoot.getState().grants.find((one) => one.grant === grant)?.name ?? '';
    useShoot.setState({ ...closedShoot, grant, name, status: 'opening' });
    pendingMarks = new PendingMarks();
    refreshList({ table: new PhotoTable() });
  }
  try {
    const info = await api().library.open({ grant });
    if (useShoot.getState().grant !== grant) return;
    if (again && info.shoot !== useShoot.getState().shoot) refreshList({ table: new PhotoTable() });
    useShoot.setState({ status: 'open', shoot: info.shoot, name: info.name, total: info.count, listing: true, error: null });
    // what changed while this shoot was closed, or the engine gone, was not told
    forgetDetails([...useDetails.getState().details.keys()]);
    await listPhotos();
  } catch (reason) {
    const error = errorOf(reason);
    // an engine that went away meanwhile is no fault of the folder; it is opened again when the engine is back
    if (useShoot.getState().grant !== grant || error.code === 'closed') return;
    useShoot.setState({ status: 'failed', listing: false, error });
  }
}

let resumedBefore = false;

/**
 * The engine has come, or come back: opens what was open before, the first time the only folder that was handed over. Grants may be new
 * ones after a restart of the engine; then the folder's name tells which one it was.
 */
export async function resumeShoot(): Promise<void> {
  const first = !resumedBefore;
  try {
    const shoots = (await loadGrants()).filter((grant) => grant.kind === 'shoot');
    resumedBefore = true;
    const before = useShoot.getState();
    if (before.grant === null) {
      const given = shoots.filter((one) => !one.recent);
      if (first && given.length === 1) await openShoot(given[0]!.grant);
      return;
    }
    const same = shoots.find((one) => one.grant === before.grant) ?? shoots.find((one) => one.name === before.name);
    // revisions may begin anew with a new engine, and every open mark was refused when the old one went
    pendingMarks = new PendingMarks();
    if (same) useShoot.setState({ grant: same.grant });
    await openShoot(same?.grant ?? before.grant);
  } catch (reason) {
    if (isOpen()) tell(errorOf(reason).message, 'error');
  }
}

/** Back to the list of folders; the work on the shoot that was open goes on in the engine. */
export function closeShoot(): void {
  useShoot.setState(closedShoot);
  refreshList({ table: new PhotoTable() });
  showGrid();
  loadGrants().catch((reason: unknown) => tell(errorOf(reason).message, 'error'));
}

/** Asks the person for a folder and opens it. */
export async function pickShoot(): Promise<void> {
  try {
    const picked = await api().shell.pickFolder({ for: 'shoot' });
    if (!picked) return;
    await loadGrants();
    await openShoot(picked.grant);
  } catch (reason) {
    tell(errorOf(reason).message, 'error');
  }
}

let listRunning = false;
let listWanted = false;

/** Lists all pages. While one listing runs, another wish makes it run once more afterwards. */
async function listPhotos(): Promise<void> {
  listWanted = true;
  if (listRunning) return;
  listRunning = true;
  try {
    while (listWanted) {
      listWanted = false;
      const started = performance.now();
      await listOnce();
      // a shoot that is being scanned changes its order many times a second: spend at most a fifth of the time on listing
      if (listWanted) await pause(Math.max(400, 4 * (performance.now() - started)));
    }
  } catch (reason) {
    if (isOpen()) tell(`The photos could not be listed. ${errorOf(reason).message}`, 'error');
  } finally {
    listRunning = false;
  }
}

async function listOnce(): Promise<void> {
  const { shoot } = useShoot.getState();
  if (shoot === null) return;
  const ids: number[] = [];
  let total = Number.POSITIVE_INFINITY;
  while (ids.length < total) {
    const page = await api().library.photos({ shoot, from: ids.length, count: ids.length === 0 ? firstPage : nextPages });
    if (useShoot.getState().shoot !== shoot) return;
    total = page.total;
    useShoot.setState({ total });
    for (const id of page.photos.id) ids.push(id);
    const { table } = useList.getState();
    const added = table.merge(page.photos, page.rev, pendingMarks.rule);
    if (added > 0) refreshList();
    if (page.photos.id.length === 0) break;
  }
  const { table } = useList.getState();
  if (!table.isOrdered(ids)) refreshList({ table: table.reordered(ids) });
  else refreshList();
  useShoot.setState({ listing: false });
}

/** Takes rows that changed. */
export function takeChanges(change: { shoot: number; rev: number; order: boolean; photos: PhotoColumns }): void {
  if (change.shoot !== useShoot.getState().shoot) return;
  if (change.photos.id.length > 0) {
    const added = useList.getState().table.merge(change.photos, change.rev, pendingMarks.rule);
    if (added > 0) useShoot.setState((state) => ({ total: Math.max(state.total, useList.getState().table.count) }));
    forgetDetails(change.photos.id);
    refreshSoon();
  }
  if (change.order) void listPhotos();
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
