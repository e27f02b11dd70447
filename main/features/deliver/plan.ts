/** Makes the plan of an export: which file becomes which, under which name, and what is there already. */
import { coded, fail, folderOf, joinPath, nameOf, ok, stemOf } from '../../base/index.ts';
import type { CancelSignal, CodedError, Result } from '../../base/index.ts';
import type { ExportRecord } from '../../catalog/types.ts';
import type { Preset } from '../../contract/index.ts';
import type { StageOutputs } from '../../domain/index.ts';
import { lookAt } from './already.ts';
import type { Source } from './already.ts';
import { familyName, nameKey, turnOf } from './names.ts';
import type { ChosenFile, ChosenPhoto } from '../library/index.ts';
import type { Chosen, DeliverDeps } from './types.ts';

/** `web`: long edge in pixels, JPEG quality. */
export const webPicture = { maxEdge: 2048, quality: 85 } as const;

/** A source together with what the decode child may be told of it. */
export interface PlannedSource extends Source {
  readonly known: Partial<StageOutputs>;
}

/** One file to be made. */
export interface PlannedItem {
  /** Tried in order; `copy` has one. */
  readonly sources: readonly PlannedSource[];
  /** Relative to the shoot, of the first source. */
  readonly from: string;
  /** Below the destination. */
  readonly to: string;
  readonly action: 'write' | 'done' | 'renamed' | 'problem';
  readonly error: CodedError | null;
  /** An estimate for `web`. */
  readonly bytes: number;
}

/** A file that a photo's family becomes, before its name is settled. */
interface Wanted {
  readonly name: string;
  readonly sources: readonly PlannedSource[];
  readonly problem: CodedError | null;
}

interface Planning {
  readonly folder: string;
  readonly destination: string;
  readonly preset: Preset;
  readonly records: ReadonlyMap<string, ExportRecord>;
  readonly earlier: ReadonlyMap<string, readonly string[]>;
  readonly signal: CancelSignal;
  /** Names given in this plan. */
  readonly given: Set<string>;
  readonly usedSources: Set<string>;
  readonly deps: DeliverDeps;
}

const lastTurn = 9_999;

/**
 * Plans the export of `chosen` to `destination` (both real paths). A name that is taken by other bytes, or by another file of
 * the plan, renames the whole family of files alike. Reads files only where a name is taken. Errors: cancelled.
 */
export async function planItems(
  chosen: Chosen,
  destination: string,
  preset: Preset,
  deps: DeliverDeps,
  signal: CancelSignal,
): Promise<Result<PlannedItem[]>> {
  const records = deps.catalog.exportsTo(destination);
  const earlier = new Map<string, string[]>();
  for (const { source, target, preset: made } of records.values()) if (made === preset) earlier.set(source, [...(earlier.get(source) ?? []), target]);
  const planning: Planning = { folder: chosen.folder, destination, preset, records, earlier, signal, given: new Set(), usedSources: new Set(), deps };
  const items: PlannedItem[] = [];
  for (const photo of chosen.photos) {
    if (signal.aborted) return fail('cancelled', 'It was cancelled.');
    const wanted = preset === 'copy' ? await familyOf(photo, planning) : [await pictureOf(photo, planning)];
    const named = await nameFamily(wanted, planning);
    if (!named.ok) return named;
    items.push(...named.value);
  }
  return ok(items);
}

/** RAW, its JPEG and their sidecars, each once. */
async function familyOf(photo: ChosenPhoto, planning: Planning): Promise<Wanted[]> {
  const { folder, deps, usedSources } = planning;
  const files: ChosenFile[] = photo.pair ? [photo, photo.pair] : [photo];
  const paths = new Map<string, ChosenFile | null>(files.map((file) => [file.path, file]));
  for (const { path } of files)
    for (const companion of await deps.files.companions(folder, path)) {
      // The adapter may have put the system's own separator between folder and name.
      const inFolder = folderOf(path);
      const name = companion.slice(inFolder.length);
      if (!paths.has(inFolder + name)) paths.set(inFolder + name, null);
    }
  const wanted: Wanted[] = [];
  for (const [path, file] of paths) {
    // A sidecar that two photos share goes with the first.
    if (usedSources.has(path)) continue;
    usedSources.add(path);
    const source = await sourceOf(path, file, planning);
    wanted.push({ name: nameOf(path), sources: [source.source], problem: source.problem });
  }
  return wanted;
}

/** One picture of a photo: of a pair the camera's JPEG if it is the larger one, else the RAW's preview; the other one if that fails. */
async function pictureOf(photo: ChosenPhoto, planning: Planning): Promise<Wanted> {
  const files = photo.pair && isPairLarger(photo, photo.pair) ? [photo.pair, photo] : photo.pair ? [photo, photo.pair] : [photo];
  const found = await Promise.all(files.map((file) => sourceOf(file.path, file, planning)));
  const usable = found.filter(({ problem }) => !problem);
  const sources = (usable.length > 0 ? usable : found).map(({ source }) => source);
  return { name: `${stemOf(nameOf(photo.path))}.jpg`, sources, problem: usable.length > 0 ? null : found[0]!.problem };
}

function isPairLarger(raw: ChosenFile, pair: ChosenFile): boolean {
  const edge = ({ known }: ChosenFile): number | null => (known.preview ? Math.max(known.preview.width, known.preview.height) : null);
  const [ofRaw, ofPair] = [edge(raw), edge(pair)];
  return ofPair === null ? ofRaw === null : ofPair > (ofRaw ?? 0);
}

async function sourceOf(path: string, file: ChosenFile | null, planning: Planning): Promise<{ source: PlannedSource; problem: CodedError | null }> {
  const { deps } = planning;
  const full = joinPath(planning.folder, path);
  const there = await deps.target.stat(full);
  // What is known of a file holds for what was read then; another size is another content.
  const isSame = file !== null && there?.bytes === file.bytes;
  let hash = isSame && file.sha256 ? Promise.resolve(ok(file.sha256)) : null;
  const source: PlannedSource = {
    path,
    file: full,
    bytes: there?.bytes ?? 0,
    known: isSame ? file.known : {},
    async sha256(signal) {
      const answer = await (hash ??= deps.target.sha256(full, signal));
      if (!answer.ok) hash = null;
      return answer;
    },
  };
  return { source, problem: there ? null : coded('file-vanished', 'The file is no longer there.', { retry: true }) };
}

/** Finds the first name that is free, or ours already, for all files of a family alike. */
async function nameFamily(wanted: readonly Wanted[], planning: Planning): Promise<Result<PlannedItem[]>> {
  if (wanted.length === 0) return ok([]);
  const stemLength = stemOf(wanted[0]!.name).length;
  const earlier = turnsOfEarlierRuns(wanted, stemLength, planning);
  for (let index = 0; index < earlier.length + lastTurn; index++) {
    const turn = earlier[index] ?? index - earlier.length + 1;
    const names = wanted.map(({ name }) => familyName(name, stemLength, turn));
    if (names.some((name) => planning.given.has(nameKey(name)))) continue;
    const items = await tryNames(wanted, names, turn, planning);
    if (!items.ok) return items;
    if (!items.value || (index < earlier.length && !items.value.some(({ action }) => action === 'done'))) continue;
    for (const name of names) planning.given.add(nameKey(name));
    return ok(items.value);
  }
  const error = coded('destination-unwritable', 'Every name for this photo is taken.');
  return ok(wanted.map((one) => itemOf(one, one.name, 'problem', error, planning.preset)));
}

/** What an earlier run wrote under another name is not written again because its own name has become free since. */
function turnsOfEarlierRuns(wanted: readonly Wanted[], stemLength: number, planning: Planning): number[] {
  const targets = wanted.flatMap(({ name, sources }) => sources.flatMap(({ file }) => (planning.earlier.get(file) ?? []).map((target) => turnOf(target, name, stemLength))));
  return [...new Set(targets.filter((turn) => turn !== null))];
}

/** The family under these names; null where one of them is taken by something else. */
async function tryNames(wanted: readonly Wanted[], names: readonly string[], turn: number, planning: Planning): Promise<Result<PlannedItem[] | null>> {
  const items: PlannedItem[] = [];
  for (const [index, one] of wanted.entries()) {
    const to = names[index]!;
    if (one.problem) {
      items.push(itemOf(one, to, 'problem', one.problem, planning.preset));
      continue;
    }
    const { destination, preset, records, signal, deps } = planning;
    const place = await lookAt(to, one.sources, { destination, preset, record: records.get(to), signal }, deps);
    if (!place.ok) {
      if (place.error.code === 'cancelled') return place;
      items.push(itemOf(one, to, 'problem', place.error, preset));
    } else if (place.value === 'taken') return ok(null);
    else items.push(itemOf(one, to, place.value === 'ours' ? 'done' : turn === 1 ? 'write' : 'renamed', null, preset));
  }
  return ok(items);
}

function itemOf(wanted: Wanted, to: string, action: PlannedItem['action'], error: CodedError | null, preset: Preset): PlannedItem {
  const source = wanted.sources[0]!;
  return { sources: wanted.sources, from: source.path, to, action, error, bytes: preset === 'copy' ? source.bytes : estimateBytes(source.known) };
}

/** A JPEG of quality 85 takes about a quarter of a byte for a pixel of a photo. */
function estimateBytes({ preview }: Partial<StageOutputs>): number {
  const [width, height] = preview && preview.width > 0 ? [preview.width, preview.height] : [3, 2];
  const scale = preview ? Math.min(1, webPicture.maxEdge / Math.max(width, height)) : webPicture.maxEdge / 3;
  return Math.round(width * scale * height * scale * 0.25);
}
