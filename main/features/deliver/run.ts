/** Carries out a plan: copies or makes each file, goes on after single failures, stops where the destination itself fails. */
import { CodedFailure, anySignal, coded, fail, joinPath, ok } from '../../base/index.ts';
import type { CancelSignal, CodedError, Result } from '../../base/index.ts';
import type { Preset } from '../../contract/index.ts';
import { webPicture } from './plan.ts';
import type { PlannedItem, PlannedSource } from './plan.ts';
import type { JobHandle } from '../jobs/index.ts';
import type { DeliverDeps } from './types.ts';

export interface RunPlan {
  /** Real path. */
  readonly destination: string;
  readonly preset: Preset;
  readonly items: readonly PlannedItem[];
}

export interface RunItem {
  readonly done: number;
  readonly total: number;
  readonly name: string;
  readonly error: CodedError | null;
}

export interface RunCounts {
  readonly written: number;
  readonly alreadyThere: number;
  readonly failed: number;
}

/** Two copies keep reading and writing busy at once; more would only make a disk's head run to and fro. */
const copiesAtOnce = 2;
const mostPicturesAtOnce = 8;

/** Errors: disk-full, destination-unwritable (nothing more can be written), cancelled. What was written until then stays. */
export async function runItems(
  plan: RunPlan,
  deps: DeliverDeps,
  job: JobHandle,
  context: { signal: CancelSignal; item: (item: RunItem) => void },
): Promise<Result<RunCounts>> {
  const total = plan.items.length;
  const counts = { written: 0, alreadyThere: 0, failed: 0 };
  const signal = anySignal(context.signal, job.signal);
  const ends: CodedError[] = [];
  let next = 0;
  let done = 0;

  const tell = ({ from }: PlannedItem, error: CodedError | null): void => {
    done += 1;
    if (error) {
      counts.failed += 1;
      job.itemFailed();
    }
    job.progress(done, from);
    context.item({ done, total, name: from, error });
  };
  const work = async (): Promise<void> => {
    // Where the destination has failed, what is under way may still end well; nothing new is begun.
    while (!signal.aborted && ends.length === 0 && next < total) {
      const item = plan.items[next++]!;
      if (item.action === 'problem') tell(item, item.error);
      else if (item.action === 'done') {
        counts.alreadyThere += 1;
        tell(item, null);
      } else {
        const made = await makeItem(item, plan, deps, signal);
        if (made.ok) counts.written += 1;
        else if (made.error.code === 'cancelled' && signal.aborted) return;
        else if (await endsAll(made.error, plan, deps)) ends.push(made.error);
        tell(item, made.ok ? null : made.error);
      }
    }
  };
  const atOnce = plan.preset === 'copy' ? copiesAtOnce : Math.max(1, Math.min(deps.pool.size, mostPicturesAtOnce));
  await Promise.all(Array.from({ length: atOnce }, work));
  if (ends[0]) return { ok: false, error: coded(endCode(ends[0]), ends[0].message, { retry: ends[0].retry }) };
  return signal.aborted && done < total ? fail('cancelled', 'The export was cancelled.') : ok(counts);
}

/** Makes one file and remembers it. A failure of the catalog's own disk is answered as disk-full too. */
async function makeItem(item: PlannedItem, plan: RunPlan, deps: DeliverDeps, signal: CancelSignal): Promise<Result<void>> {
  try {
    return plan.preset === 'copy' ? await copyItem(item, plan, deps, signal) : await makePicture(item, plan, deps, signal);
  } catch (error) {
    if (error instanceof CodedFailure) return { ok: false, error: error.error };
    throw error;
  }
}

async function copyItem({ sources: [source], to }: PlannedItem, plan: RunPlan, deps: DeliverDeps, signal: CancelSignal): Promise<Result<void>> {
  const copied = await deps.target.copy(source!.file, joinPath(plan.destination, to), signal);
  if (!copied.ok) return copied;
  const { sha256, bytes } = copied.value;
  deps.catalog.recordExport({ destination: plan.destination, target: to, preset: plan.preset, source: source!.file, sourceSha256: sha256, sha256, bytes, at: deps.clock.now() });
  return ok(undefined);
}

/** Of several sources the first that can be shown whole; the error of the first where none can. */
async function makePicture({ sources, to }: PlannedItem, plan: RunPlan, deps: DeliverDeps, signal: CancelSignal): Promise<Result<void>> {
  let first: CodedError | null = null;
  for (const source of sources) {
    const known = await isUnchanged(source, deps) ? source.known : {};
    const picture = await deps.pool.deliver({ path: source.file, ...webPicture, known }, { signal });
    if (!picture.ok) {
      if (picture.error.code === 'cancelled') return picture;
      first ??= picture.error;
      continue;
    }
    return writePicture(picture.value.jpeg, source, to, plan, deps, signal);
  }
  return { ok: false, error: first! };
}

async function isUnchanged(source: PlannedSource, deps: DeliverDeps): Promise<boolean> {
  return (await deps.target.stat(source.file))?.bytes === source.bytes;
}

async function writePicture(jpeg: Uint8Array, source: PlannedSource, to: string, plan: RunPlan, deps: DeliverDeps, signal: CancelSignal): Promise<Result<void>> {
  const sourceSha256 = await source.sha256(signal);
  if (!sourceSha256.ok) return sourceSha256;
  const record = { destination: plan.destination, target: to, preset: plan.preset, source: source.file, sourceSha256: sourceSha256.value, bytes: jpeg.length };
  // Said before it is done: killed between the two, the next run still knows the file as its own. See already.ts.
  deps.catalog.recordExport({ ...record, sha256: '', at: deps.clock.now() });
  const written = await deps.target.write(jpeg, joinPath(plan.destination, to));
  if (!written.ok) return written;
  deps.catalog.recordExport({ ...record, sha256: written.value.sha256, at: deps.clock.now() });
  return ok(undefined);
}

/** Whether nothing more can be written at all; a name that the destination does not take is a failure of one file. */
async function endsAll(error: CodedError, plan: RunPlan, deps: DeliverDeps): Promise<boolean> {
  if (error.code === 'disk-full' || error.code.startsWith('catalog-')) return true;
  if (error.code !== 'destination-unwritable' && error.code !== 'destination-missing') return false;
  const found = await deps.files.resolve(plan.destination);
  return !found.ok || !(await deps.target.prepare(plan.destination)).ok;
}

function endCode(error: CodedError): CodedError['code'] {
  return error.code === 'destination-missing' ? 'destination-unwritable' : error.code;
}
