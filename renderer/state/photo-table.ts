/**
 * All photos of a shoot as columns. One object per photo would be a million properties at 100,000 photos; here a photo is
 * an index, hot columns are typed arrays, and nothing is copied when a row changes.
 */
import type { PhotoColumns } from '../../main/contract/index.ts';
import type { Flag, GroupKind, LabelName, PhotoState, PictureOutlook, PreviewSource, Verdict } from '../../main/domain/index.ts';
import { isKeptWhole, labelNames } from '../../main/domain/index.ts';

/** A code is the index in one of these lists. */
export const flagCodes: readonly Flag[] = ['none', 'pick', 'reject'];
export const labelCodes: readonly (LabelName | null)[] = [null, ...labelNames];
export const verdictCodes: readonly (Verdict | null)[] = [null, 'keep', 'review', 'reject'];
const stateCodes: readonly PhotoState[] = ['new', 'seen', 'done', 'failed', 'not-a-photo'];

const flagCode = new Map(flagCodes.map((value, code) => [value, code]));
const labelCode = new Map(labelCodes.map((value, code) => [value, code]));
const labelWordCode = new Map(labelNames.map((name) => [name.toLowerCase(), labelCodes.indexOf(name)]));
const verdictCode = new Map(verdictCodes.map((value, code) => [value, code]));
const stateCode = new Map(stateCodes.map((value, code) => [value, code]));
const notAPhoto = stateCode.get('not-a-photo')!;
const failed = stateCode.get('failed')!;

/** The person's marks of one photo, as codes. */
export interface MarkCodes {
  readonly flag: number;
  readonly rating: number;
  readonly label: number;
}

/** Decides what marks a photo shows when the engine sends `fromEngine` (see PendingMarks). */
export type MarkRule = (id: number, fromEngine: MarkCodes, rev: number) => MarkCodes | null;

const takeAsSent: MarkRule = (_id, fromEngine) => fromEngine;

/** What cameras write beside a RAW file. */
const foldedFormats: ReadonlySet<string> = new Set(['jpeg', 'heif']);

const listColumns = ['name', 'format', 'group', 'kind', 'source', 'pixels', 'error'] as const;
/** Existing rating of a photo that has none. */
export const noExistingRating = -128;
/** What a photo is in its group: one of several, the best of them, or a frame of a set that is kept whole. */
export const bestCodes = { other: 0, best: 1, whole: 2 } as const;

const numberColumns = ['id', 'state', 'flag', 'rating', 'label', 'existingRating', 'existingLabel', 'verdict', 'best', 'technical', 'width', 'height', 'fullWidth', 'fullHeight', 'pair'] as const;

export class PhotoTable {
  count = 0;
  /** Grows with every change of a column that photos are sorted by. */
  sortVersion = 0;
  readonly indexOf = new Map<number, number>();
  readonly name: string[] = [];
  readonly format: string[] = [];
  readonly group: (string | null)[] = [];
  /** Of its group. */
  readonly kind: (GroupKind | null)[] = [];
  /** Where the largest picture comes from that is stored or was made. */
  readonly source: (PreviewSource | null)[] = [];
  readonly pixels: (string | null)[] = [];
  readonly error: (string | null)[] = [];
  id = new Int32Array(0);
  state = new Uint8Array(0);
  flag = new Uint8Array(0);
  rating = new Uint8Array(0);
  label = new Uint8Array(0);
  /** What other programs have said: -1 (rejected) to 5, or `noExistingRating`; a label that is none of ours is 0. */
  existingRating = new Int8Array(0);
  existingLabel = new Uint8Array(0);
  verdict = new Uint8Array(0);
  best = new Uint8Array(0);
  /** NaN = cannot tell or not known yet. */
  technical = new Float32Array(0);
  width = new Uint32Array(0);
  height = new Uint32Array(0);
  /** What 100 % means; 0 where nothing tells. */
  fullWidth = new Uint32Array(0);
  fullHeight = new Uint32Array(0);
  /** 0 = none. */
  pair = new Int32Array(0);
  /** Kept until groups change. */
  #members: Map<string, number[]> | null = null;

  /**
   * Takes whole rows: known ids are updated in place, unknown ones appended, to stand at the end until the shoot is listed again.
   * @returns how many were new.
   */
  merge(rows: PhotoColumns, rev = 0, marks: MarkRule = takeAsSent): number {
    let added = 0;
    this.#reserve(this.count + rows.id.length);
    for (let row = 0; row < rows.id.length; row += 1) {
      const id = rows.id[row]!;
      let index = this.indexOf.get(id);
      if (index === undefined) {
        index = this.count;
        this.count += 1;
        added += 1;
        this.indexOf.set(id, index);
        this.id[index] = id;
        this.group[index] = null;
      }
      this.#write(index, rows, row, marks(id, readMarks(rows, row), rev));
    }
    return added;
  }

  /** True where the photos listed in `ids` are exactly those of the table, in its order. */
  isOrdered(ids: readonly number[]): boolean {
    if (ids.length !== this.count) return false;
    for (let index = 0; index < ids.length; index += 1) if (this.id[index] !== ids[index]) return false;
    return true;
  }

  /** A new table with the photos of `ids` in that order; photos that are not in `ids` are gone, ids that are not here are left out. */
  reordered(ids: readonly number[]): PhotoTable {
    const next = new PhotoTable();
    next.#reserve(ids.length);
    for (const id of ids) {
      const from = this.indexOf.get(id);
      if (from === undefined || next.indexOf.has(id)) continue;
      const to = next.count;
      next.count += 1;
      next.indexOf.set(id, to);
      for (const column of listColumns) next[column][to] = this[column][from] as never;
      for (const column of numberColumns) next[column][to] = this[column][from]!;
    }
    return next;
  }

  setMarks(index: number, marks: MarkCodes): void {
    this.flag[index] = marks.flag;
    this.rating[index] = marks.rating;
    this.label[index] = marks.label;
  }

  marksAt(index: number): MarkCodes {
    return { flag: this.flag[index]!, rating: this.rating[index]!, label: this.label[index]! };
  }

  /** Indexes of the photos of a group, in table order. */
  membersOf(group: string): readonly number[] {
    this.#members ??= this.#findMembers();
    return this.#members.get(group) ?? [];
  }

  #findMembers(): Map<string, number[]> {
    const found = new Map<string, number[]>();
    for (let index = 0; index < this.count; index += 1) {
      const name = this.group[index];
      if (name === null || name === undefined || !this.isShown(index)) continue;
      const members = found.get(name);
      if (members) members.push(index);
      else found.set(name, [index]);
    }
    return found;
  }

  /** What is known of a photo's picture. */
  outlookAt(index: number): PictureOutlook {
    const source = this.source[index] ?? null;
    const [width, height] = [this.fullWidth[index]!, this.fullHeight[index]!];
    return {
      preview: source === null ? null : { source, width: this.width[index]!, height: this.height[index]! },
      full: width > 0 && height > 0 ? { width, height } : null,
    };
  }

  isPhoto(index: number): boolean {
    return this.state[index] !== notAPhoto;
  }

  isFailed(index: number): boolean {
    return this.state[index] === failed;
  }

  /** The JPEG or HEIF half of a RAW pair is shown by its RAW. */
  isFolded(index: number): boolean {
    if (this.pair[index] === 0 || !foldedFormats.has(this.format[index]!)) return false;
    const other = this.indexOf.get(this.pair[index]!);
    // an unknown other half must not make a photo disappear
    return other !== undefined && !foldedFormats.has(this.format[other]!);
  }

  isShown(index: number): boolean {
    return this.isPhoto(index) && !this.isFolded(index);
  }

  #write(index: number, rows: PhotoColumns, row: number, marks: MarkCodes | null): void {
    const technical = rows.technical[row] ?? Number.NaN;
    if (!Object.is(this.technical[index], Math.fround(technical))) this.sortVersion += 1;
    const group = rows.group[row] ?? null;
    const state = stateCode.get(rows.state[row]!) ?? 0;
    const pair = rows.pair[row] ?? 0;
    if (this.group[index] !== group || this.state[index] !== state || this.pair[index] !== pair) this.#members = null;
    this.name[index] = rows.name[row]!;
    this.format[index] = rows.format[row]!;
    this.group[index] = group;
    this.source[index] = rows.source[row] ?? null;
    this.pixels[index] = rows.pixels[row] ?? null;
    this.error[index] = rows.error[row] ?? null;
    this.state[index] = state;
    if (marks) this.setMarks(index, marks);
    this.existingRating[index] = rows.existingRating[row] ?? noExistingRating;
    this.existingLabel[index] = codeOfLabelWord(rows.existingLabel[row] ?? null);
    this.verdict[index] = verdictCode.get(rows.verdict[row] ?? null) ?? 0;
    const kind = rows.kind[row] ?? null;
    this.kind[index] = kind;
    this.best[index] = kind !== null && isKeptWhole(kind) ? bestCodes.whole : rows.best[row] ? bestCodes.best : bestCodes.other;
    this.technical[index] = technical;
    this.width[index] = rows.width[row]!;
    this.height[index] = rows.height[row]!;
    this.fullWidth[index] = rows.fullWidth[row]!;
    this.fullHeight[index] = rows.fullHeight[row]!;
    this.pair[index] = pair;
  }

  #reserve(needed: number): void {
    if (needed <= this.id.length) return;
    const size = Math.max(needed, Math.ceil(this.id.length * 1.5), 256);
    const grow = <T extends { set(from: T): void }>(from: T, to: T): T => (to.set(from), to);
    this.id = grow(this.id, new Int32Array(size));
    this.state = grow(this.state, new Uint8Array(size));
    this.flag = grow(this.flag, new Uint8Array(size));
    this.rating = grow(this.rating, new Uint8Array(size));
    this.label = grow(this.label, new Uint8Array(size));
    this.existingRating = grow(this.existingRating, new Int8Array(size));
    this.existingLabel = grow(this.existingLabel, new Uint8Array(size));
    this.verdict = grow(this.verdict, new Uint8Array(size));
    this.best = grow(this.best, new Uint8Array(size));
    this.technical = grow(this.technical, new Float32Array(size));
    this.width = grow(this.width, new Uint32Array(size));
    this.height = grow(this.height, new Uint32Array(size));
    this.fullWidth = grow(this.fullWidth, new Uint32Array(size));
    this.fullHeight = grow(this.fullHeight, new Uint32Array(size));
    this.pair = grow(this.pair, new Int32Array(size));
  }
}

function readMarks(rows: PhotoColumns, row: number): MarkCodes {
  return {
    flag: flagCode.get(rows.flag[row]!) ?? 0,
    rating: rows.rating[row] ?? 0,
    label: labelCode.get(rows.label[row] ?? null) ?? 0,
  };
}

export function codeOfFlag(flag: Flag): number {
  return flagCode.get(flag) ?? 0;
}

export function codeOfLabel(label: LabelName | null): number {
  return labelCode.get(label) ?? 0;
}

/** Of the words of other programs those that name one of our colours, in any case; 0 for all others. */
export function codeOfLabelWord(word: string | null): number {
  return word === null ? 0 : (labelWordCode.get(word.toLowerCase()) ?? 0);
}
