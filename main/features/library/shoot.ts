/** One open shoot: its photos in memory, their order, and what the rules say of them. */
import type { PhotoRow, PlaceChange, ShootRow } from '../../catalog/types.ts';
import { createAssessor, findPairs, groupShoot, isFoldedHalf, judgeShoot, measureNames, settingsOfChoice, suggestShifts } from '../../domain/index.ts';
import type { Assessment, Group, GroupChoice, Judgement, Marks, PhotoFacts, PhotoId, ShiftSuggestion, ShootGrouping, StageResult, VerdictChoice } from '../../domain/index.ts';
import { createEntry, shiftEntry, statedFacts, updateEntry } from './entry.ts';
import type { Entry } from './entry.ts';
import { createSidecarBook } from './sidecars.ts';
import type { SidecarBook } from './sidecars.ts';

export interface OpenShoot {
  readonly row: ShootRow;
  readonly entries: ReadonlyMap<PhotoId, Entry>;
  /** Capture order once every photo has been looked at; the folder's own order until then, so that nothing jumps about. */
  readonly order: readonly PhotoId[];
  /** Grows with every change. */
  readonly rev: number;
  readonly groups: readonly Group[];
  readonly grouping: ShootGrouping;
  /** Takes a choice in; `assess` then groups by it. */
  regroup(grouping: ShootGrouping): void;
  /** What another choice would make of the photos; nothing changes. */
  groupBy(choice: GroupChoice): readonly Group[];
  /** What counts for its suggestions. */
  readonly verdictChoice: VerdictChoice;
  /** Takes a choice in and judges by it at once; groups stay. Returns the photos whose row differs now. */
  judgeBy(choice: VerdictChoice): { changed: PhotoId[] };
  /** What another choice would suggest; nothing changes. */
  previewBy(choice: VerdictChoice): Omit<Assessment, 'touched'>;
  place(changes: readonly PlaceChange[]): void;
  /** Clocks that seem to be wrong, by the times that the files state, whatever has been added since. */
  readonly suggestedShifts: readonly ShiftSuggestion[];
  readonly sidecars: SidecarBook;
  /** Replaces all rows, keeping what is known of files that are as they were. Returns the others: their answers must be given by `update`. */
  load(rows: readonly PhotoRow[]): PhotoId[];
  /** New answers for one photo. */
  update(id: PhotoId, results: readonly StageResult[]): void;
  /** After sidecars have changed. Returns those of the photos that are still here. */
  refreshExisting(ids: readonly PhotoId[]): PhotoId[];
  mark(changes: readonly { readonly id: PhotoId; readonly marks: Marks }[]): void;
  /** Groups and judges again what has changed. Returns the photos whose row differs now, and whether the order does. */
  assess(): { changed: PhotoId[]; reordered: boolean };
  /** The photo itself, or its other half where only that can be shown: a RAW file without a preview beside its JPEG. */
  shownOf(entry: Entry): Entry;
  /** Photos with their other halves. */
  withPairs(ids: readonly PhotoId[]): PhotoId[];
}

/** @param rev the first revision; must be above all that pages may have seen of an earlier process, hence the clock. */
export function createOpenShoot(row: ShootRow, rev: number, chosen: { readonly grouping: ShootGrouping; readonly verdict: VerdictChoice }): OpenShoot {
  let entries = new Map<PhotoId, Entry>();
  let order: PhotoId[] = [];
  let groups: readonly Group[] = [];
  const assessor = createAssessor();
  /** Whether anything has changed by which photos are put in order. */
  let mayReorder = true;
  let revision = rev;
  let grouping = chosen.grouping;
  let verdictChoice = chosen.verdict;
  const sidecars = createSidecarBook();
  /** Looked for when asked for and kept while the files say the same: it takes about a second for 100,000 photos of two cameras. */
  let suggestedShifts: readonly ShiftSuggestion[] | null = null;

  const reorder = (): boolean => {
    if (!mayReorder) return false;
    mayReorder = false;
    const next = orderOf(entries, order);
    const same = next.length === order.length && next.every((id, index) => id === order[index]);
    if (!same) order = next;
    return !same;
  };

  /** What can be judged: photos that have been looked at, with the places that the person gave them. */
  const judgeable = (): { facts: PhotoFacts[]; manual: Map<PhotoId, string> } => {
    const judged = [...entries.values()].filter(({ state }) => state !== 'new' && state !== 'not-a-photo');
    const manual = new Map<PhotoId, string>();
    for (const { id, row: { place } } of judged) if (place !== null) manual.set(id, place);
    return { facts: judged.map(({ facts }) => facts), manual };
  };

  /** Takes groups and judgements in; those of `ids` whose row differs by it. */
  const take = (assessment: Omit<Assessment, 'touched'>, ids: Iterable<PhotoId>): PhotoId[] => {
    groups = assessment.groups;
    const changed: PhotoId[] = [];
    const isSameGroup = createGroupComparison();
    for (const id of ids) {
      const entry = entries.get(id);
      if (!entry) continue;
      const judgement = assessment.judgements.get(id) ?? null;
      const group = assessment.groupOf.get(id) ?? null;
      if (!isSameView(entry, judgement) || !isSameGroup(entry.group, group)) changed.push(id);
      entry.judgement = judgement;
      entry.group = group;
    }
    return changed;
  };

  return {
    row,
    get verdictChoice() {
      return verdictChoice;
    },
    judgeBy(choice) {
      verdictChoice = choice;
      const changed = take(judgeShoot(judgeable().facts, groups, choice), entries.keys());
      revision += 1;
      return { changed };
    },
    previewBy: (choice) => judgeShoot(judgeable().facts, groups, choice),
    get grouping() {
      return grouping;
    },
    regroup(next) {
      revision += 1;
      grouping = next;
      for (const entry of entries.values()) shiftEntry(entry, grouping.shifts);
      mayReorder = true;
    },
    groupBy(other) {
      const { facts, manual } = judgeable();
      return groupShoot(facts, settingsOfChoice(other), manual);
    },
    place(changes) {
      revision += 1;
      for (const { id, place } of changes) {
        const entry = entries.get(id);
        if (entry) entry.row = { ...entry.row, place };
      }
    },
    get suggestedShifts() {
      suggestedShifts ??= suggestShifts([...entries.values()].filter(({ facts }) => !isFoldedHalf(facts)).map(statedFacts));
      return suggestedShifts;
    },
    get entries() {
      return entries;
    },
    get order() {
      return order;
    },
    get rev() {
      return revision;
    },
    get groups() {
      return groups;
    },
    sidecars,
    load(rows) {
      revision += 1;
      suggestedShifts = null;
      const next = new Map<PhotoId, Entry>();
      const fresh: PhotoId[] = [];
      const pairs = findPairs(rows);
      for (const photo of rows) {
        const before = entries.get(photo.id);
        const isSame = before !== undefined && before.row.bytes === photo.bytes && before.row.mtimeMs === photo.mtimeMs;
        const entry = isSame ? before : createEntry(photo, sidecars.existingOf(photo.path, null));
        if (!isSame) fresh.push(photo.id);
        entry.row = photo;
        entry.marks = photo.marks;
        const pairId = pairs.get(photo.id) ?? null;
        if (entry.facts.pairId !== pairId) entry.facts = { ...entry.facts, pairId };
        next.set(photo.id, entry);
      }
      entries = next;
      mayReorder = true;
      reorder();
      return fresh;
    },
    update(id, results) {
      const entry = entries.get(id);
      if (!entry) return;
      revision += 1;
      suggestedShifts = null;
      const { state, facts } = entry;
      updateEntry(entry, results, grouping.shifts);
      mayReorder ||= state !== entry.state || facts.metadata?.capturedMs !== entry.facts.metadata?.capturedMs;
      entry.existing = sidecars.existingOf(entry.row.path, entry.facts.metadata);
    },
    refreshExisting(ids) {
      revision += 1;
      const present = ids.filter((id) => entries.has(id));
      for (const id of present) {
        const entry = entries.get(id)!;
        entry.existing = sidecars.existingOf(entry.row.path, entry.facts.metadata);
      }
      return present;
    },
    mark(changes) {
      revision += 1;
      for (const { id, marks } of changes) {
        const entry = entries.get(id);
        if (entry) entry.marks = marks;
      }
    },
    assess() {
      const { facts, manual } = judgeable();
      const assessment = assessor.assess(facts, settingsOfChoice(grouping.choice), manual, verdictChoice);
      const changed = take(assessment, assessment.touched);
      const reordered = reorder();
      if (changed.length > 0 || reordered) revision += 1;
      return { changed, reordered };
    },
    shownOf: (entry) => shownOf(entry, entries),
    withPairs(ids) {
      const all = new Set<PhotoId>();
      for (const id of ids) {
        all.add(id);
        const pair = entries.get(id)?.facts.pairId;
        if (pair !== null && pair !== undefined) all.add(pair);
      }
      return [...all];
    },
  };
}

/**
 * Unknown capture times come last; where times are equal, and until all are known, the order in which the files were found.
 * The JPEG of a RAW file follows it wherever that goes.
 * @param before the order until now: sorting what is nearly sorted takes a fraction of the time.
 */
function orderOf(entries: ReadonlyMap<PhotoId, Entry>, before: readonly PhotoId[]): PhotoId[] {
  const all = new Set<Entry>();
  for (const id of before) {
    const entry = entries.get(id);
    if (entry) all.add(entry);
  }
  for (const entry of entries.values()) all.add(entry);
  const leads = [...all].map((entry) => ({ id: entry.id, lead: isFoldedHalf(entry.facts) ? entries.get(entry.facts.pairId ?? 0) ?? entry : entry }));
  const isComplete = leads.every(({ lead }) => lead.state !== 'new');
  const timeOf = (lead: Entry): number => (isComplete ? (lead.facts.metadata?.capturedMs ?? Number.POSITIVE_INFINITY) : 0);
  const keys = leads.map(({ id, lead }) => ({ id, lead: lead.id, time: timeOf(lead), half: id === lead.id ? 0 : 1 }));
  keys.sort((a, b) => (a.time === b.time ? a.lead - b.lead || a.half - b.half : a.time - b.time));
  return keys.map(({ id }) => id);
}

function shownOf(entry: Entry, entries: ReadonlyMap<PhotoId, Entry>): Entry {
  const { preview, pairId } = entry.facts;
  const pair = preview === null && pairId !== null ? entries.get(pairId) : undefined;
  return pair?.facts.preview ? pair : entry;
}

/** Whether what a page tells of the judgement would be the same. */
function isSameView(entry: Entry, judgement: Judgement | null): boolean {
  const before = entry.judgement;
  return (
    before?.verdict === judgement?.verdict &&
    before?.scores.technical === judgement?.scores.technical &&
    measureNames.every((name) => before?.scores[name] === judgement?.scores[name])
  );
}

/** Whether what a page tells of a group would be the same. The members of a group ask one after another: each pair is compared once. */
function createGroupComparison(): (before: Group | null, after: Group | null) => boolean {
  const known = new Map<Group, { readonly before: Group; readonly same: boolean }>();
  return (before, after) => {
    if (before === null || after === null) return before === after;
    const last = known.get(after);
    if (last?.before === before) return last.same;
    const same =
      before.id === after.id && before.kind === after.kind && before.best === after.best && before.runnerUp === after.runnerUp &&
      before.margin === after.margin && before.isManual === after.isManual &&
      before.photoIds.length === after.photoIds.length && before.photoIds.every((id, at) => id === after.photoIds[at]);
    known.set(after, { before, same });
    return same;
  };
}
