/** Export: a plan is shown before it runs; the run goes on where an earlier one stopped and never overwrites. */
import { fail, ok } from '../../base/index.ts';
import type { CodedError, Result } from '../../base/index.ts';
import type { HandlersOf, ParjanyaContract, Plan, Preset, Where } from '../../contract/index.ts';
import type { ShootId } from '../../domain/index.ts';
import { isInside } from './names.ts';
import { planItems } from './plan.ts';
import type { PlannedItem } from './plan.ts';
import { runItems } from './run.ts';
import type { Chosen, DeliverDeps } from './types.ts';

export type * from './types.ts';

interface StoredPlan {
  readonly shoot: ShootId;
  readonly where: Where;
  readonly preset: Preset;
  /** Real path. */
  readonly destination: string;
  readonly items: readonly PlannedItem[];
  readonly photos: number;
  /** What was chosen, as it was then. */
  readonly chosen: string;
}

/** A plan that nobody has run by then has been forgotten by the person too. */
const keptPlans = 8;
const shownItems = 200;

/** The handlers of the contract's `deliver`. Plans live in memory: after a restart each is `plan-expired`. */
export function createDeliver(deps: DeliverDeps): HandlersOf<ParjanyaContract>['deliver'] {
  const plans = new Map<string, StoredPlan>();
  const session = deps.clock.now().toString(36);
  let count = 0;

  const remember = (plan: StoredPlan): string => {
    const id = `${session}-${++count}`;
    plans.set(id, plan);
    for (const oldest of [...plans.keys()].slice(0, Math.max(0, plans.size - keptPlans))) plans.delete(oldest);
    return id;
  };

  return {
    async plan({ shoot, preset, where, destination: grant }, { signal }) {
      const chosen = deps.chosen(shoot, where);
      if (!chosen.ok) return chosen;
      if (chosen.value.photos.length === 0) return fail('nothing-to-do', 'No photo is chosen for this export.');
      const destination = await openDestination(grant, chosen.value.folder, deps);
      if (!destination.ok) return destination;
      const items = await planItems(chosen.value, destination.value, preset, deps, signal);
      if (!items.ok) return items;
      const photos = chosen.value.photos.length;
      const stored = { shoot, where, preset, destination: destination.value, items: items.value, photos, chosen: describeChosen(chosen.value) };
      return ok(describePlan(remember(stored), stored));
    },

    async run({ plan: id }, { signal, item }) {
      const plan = plans.get(id);
      // Taken out at once: a plan is run once, whatever comes of it.
      plans.delete(id);
      const current = plan ? deps.chosen(plan.shoot, plan.where) : null;
      if (!plan || !current?.ok || describeChosen(current.value) !== plan.chosen) return expired;
      const ready = await checkDestination(plan, deps);
      if (!ready.ok) return ready;
      const title = `Export of ${plan.photos} ${plan.photos === 1 ? 'photo' : 'photos'}`;
      const job = deps.jobs.start('export', title, plan.items.length);
      try {
        const end = await runItems(plan, deps, job, { signal, item });
        if (end.ok) job.end('done');
        else if (end.error.code === 'cancelled') job.end('cancelled');
        else job.end('failed', end.error);
        return end;
      } finally {
        // After a throw, which is a bug, the job must not look as if it ran for ever; after anything else this does nothing.
        job.end('failed');
      }
    },
  };
}

const expired = fail('plan-expired', 'The shoot or the destination has changed since this plan was made; make it again.');

/** Makes the destination where it is not there and answers with its real path. */
async function openDestination(grant: string, shootFolder: string, deps: DeliverDeps): Promise<Result<string>> {
  const inside = fail('destination-inside-shoot', 'The destination lies inside the shoot itself; choose a folder outside it.');
  const folder = deps.folderOf(grant);
  if (!folder.ok) return folder;
  if (isInside(folder.value, shootFolder)) return inside;
  const prepared = await deps.target.prepare(folder.value);
  if (!prepared.ok) return prepared;
  const real = await deps.files.resolve(folder.value);
  if (!real.ok) return fail('destination-missing', real.error.message, { retry: real.error.retry });
  return isInside(real.value, shootFolder) ? inside : real;
}

/** A destination that is gone (a disk that was pulled) is not made anew: that would be another disk. */
async function checkDestination({ destination, preset, items }: StoredPlan, deps: DeliverDeps): Promise<Result<void>> {
  const real = await deps.files.resolve(destination);
  if (!real.ok || real.value !== destination) return expired;
  const prepared = await deps.target.prepare(destination);
  if (!prepared.ok) return { ok: false, error: asRunError(prepared.error) };
  // The bytes of pictures are only an estimate, which is no reason to refuse.
  const free = preset === 'copy' ? await deps.target.freeBytes(destination) : null;
  const { bytes } = sumToWrite(items);
  if (free !== null && free < bytes) return fail('disk-full', `The copies need ${inMegabytes(bytes)} MB, and ${inMegabytes(free)} MB are free.`, { retry: true });
  return ok(undefined);
}

function asRunError(error: CodedError): CodedError {
  return error.code === 'destination-missing' ? { ...error, code: 'destination-unwritable' } : error;
}

/** Files to be written and their bytes. */
function sumToWrite(items: readonly PlannedItem[]): { files: number; bytes: number } {
  const written = items.filter(({ action }) => action === 'write' || action === 'renamed');
  return { files: written.length, bytes: written.reduce((sum, item) => sum + item.bytes, 0) };
}

function describePlan(plan: string, { destination, preset, items, photos }: StoredPlan): Plan {
  const count = (action: PlannedItem['action']): number => items.filter((item) => item.action === action).length;
  return {
    plan,
    destination,
    preset,
    photos,
    ...sumToWrite(items),
    done: count('done'),
    renamed: count('renamed'),
    problems: count('problem'),
    items: items.slice(0, shownItems).map(({ from, to, action, error }) => ({ from, to, action, error })),
  };
}

/** Equal for the same files; answers of stages may come in between. */
function describeChosen({ folder, photos }: Chosen): string {
  return JSON.stringify([folder, photos.map(({ id, path, bytes, pair }) => [id, path, bytes, pair?.path, pair?.bytes])]);
}

function inMegabytes(bytes: number): string {
  return (bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 0 });
}

