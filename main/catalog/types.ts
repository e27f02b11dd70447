/** What the catalog keeps and answers. One writer: the engine process. */
import type { CodedError, Result } from '../base/index.ts';
import type { Advice, MarkChange, Marks, PhotoId, ShootGrouping, ShootId, SidecarFacts, StageResult, VerdictChoice } from '../domain/index.ts';
import type { FoundFile } from '../ports/index.ts';

export interface PhotoRow {
  readonly id: PhotoId;
  readonly shootId: ShootId;
  /** Relative to the shoot's folder, `/` between. */
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: number;
  /** 64 hex digits; null until the whole file has been read. */
  readonly sha256: string | null;
  /** Of the picture's own coded data, 64 hex digits; null until the file has been read, and where it cannot be told. */
  readonly imageSha256: string | null;
  readonly marks: Marks;
  /** The person's own place for it among the groups (see domain ManualPlaces); null = by the rules. */
  readonly place: string | null;
}

export interface PlaceChange {
  readonly id: PhotoId;
  readonly place: string | null;
}

export interface ShootRow {
  readonly id: ShootId;
  /** Real path. */
  readonly folder: string;
  readonly name: string;
}

/** What makes two files one picture: the bytes of the file, or those of the picture in it. */
export interface ContentHashes {
  readonly sha256: string | null;
  readonly imageSha256: string | null;
}

/** A file in another shoot that is the same picture. */
export interface CopyElsewhere {
  /** Name of the shoot, with the folders around it where others are called so too. */
  readonly shoot: string;
  /** Relative to its folder, `/` between. */
  readonly path: string;
  /** Whether it was there when its shoot's folder was last read. */
  readonly isPresent: boolean;
  /** The same bytes; false: the same image data with other metadata. */
  readonly isSameFile: boolean;
}

export interface Copies {
  readonly count: number;
  /** How many of them were there when their folders were last read. */
  readonly present: number;
  /** There are more than were counted. */
  readonly isMore: boolean;
  /** Those that are there first, then by the time their shoot was last opened. */
  readonly list: readonly CopyElsewhere[];
}

/** The perceptual hash of a photo as it is stored. */
export interface StoredHash {
  readonly photo: PhotoId;
  readonly shoot: ShootId;
  /** 16 hex digits; null where it is not known, means nothing by itself, or the photo is not in its folder. */
  readonly hash: string | null;
}

/** A photo of another shoot that a search has found, as it is stored now. */
export interface AlikeElsewhere {
  readonly photo: PhotoId;
  readonly shootId: ShootId;
  /** Name of the shoot, with the folders around it where others are called so too. */
  readonly shoot: string;
  /** Relative to its folder, `/` between. */
  readonly path: string;
  readonly hash: string;
  /** Milliseconds since 1970 as its file states it, or null. */
  readonly capturedMs: number | null;
  /** The same content: one of {@link Catalog.copies}. */
  readonly isCopy: boolean;
}

export interface SyncCounts {
  readonly added: number;
  /** Size or time differ: measured again under a new content key; marks stay. */
  readonly changed: number;
  /** No longer in the folder: kept with its marks, hidden. */
  readonly removed: number;
}

export interface StepInfo {
  readonly id: number;
  readonly at: number;
  readonly text: string;
  readonly undone: boolean;
}

/** What one step of the journal, its undo or its redo did. */
export interface StepOutcome {
  readonly text: string;
  /** Photos whose marks differ from before, with the marks that they have now. */
  readonly changed: readonly { readonly id: PhotoId; readonly marks: Marks }[];
  /** Photos that have another place among the groups than before, with the one that they have now. */
  readonly places: readonly PlaceChange[];
  /** What counts for the shoot's suggestions now; null where that was not changed. */
  readonly verdict: VerdictChoice | null;
}

/** One file that an export has written; lets a later run know its own work again. */
export interface ExportRecord {
  /** Real path of the destination folder. */
  readonly destination: string;
  /** Below the destination, `/` between. */
  readonly target: string;
  /** `copy`, `web`: see the contract's Preset. */
  readonly preset: string;
  /** Real path and content of the source. */
  readonly source: string;
  readonly sourceSha256: string;
  /** Of the file written. */
  readonly sha256: string;
  readonly bytes: number;
  readonly at: number;
}

/** An XMP sidecar as it was when it was read. */
export interface SidecarRow {
  /** Relative to the shoot's folder, `/` between. */
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: number;
  /** See domain sidecarVersion. */
  readonly version: number;
  /** Null where it could not be read: then there is an error. */
  readonly facts: SidecarFacts | null;
  readonly error: CodedError | null;
}

export interface Catalog {
  /** The shoot of a folder (its real path), made where it is new. */
  openShoot(folder: string, name: string, at: number): ShootRow;
  shoots(): ShootRow[];
  /** Brings the rows of a shoot in line with what is in its folder, in one transaction. Ids of known paths never change. */
  syncFiles(shoot: ShootId, files: readonly FoundFile[]): SyncCounts;
  /** Photos now in the folder, by path. */
  photos(shoot: ShootId): PhotoRow[];
  photo(id: PhotoId): PhotoRow | null;
  /**
   * Stored answers that are readable now (same content, stage version and settings) of the next `count` photos by id after
   * `after` (0 = from the start); empty at the end. Photos without answers have empty lists.
   */
  results(shoot: ShootId, after: PhotoId, count: number): Map<PhotoId, StageResult[]>;
  resultsOf(photo: PhotoId): StageResult[];
  /**
   * The same picture in other shoots; files inside the photo's own shoot (where one lies within another) are left out.
   * `content` is what is known of the photo, also where it is not stored yet. At most some hundred rows are looked at.
   */
  copies(photo: PhotoId, content: ContentHashes, mostListed: number): Copies;
  /**
   * Hashes of the next `count` photos by id after `after` (0 = from the start), of one shoot or of all (null), those without one included; empty at
   * the end.
   */
  hashes(after: PhotoId, count: number, shoot: ShootId | null): StoredHash[];
  hashesOf(photos: readonly PhotoId[]): StoredHash[];
  /** Those of `others` that are in other shoots than `photo`, there now, and have a hash that means something; in no order. */
  alike(photo: PhotoId, content: ContentHashes, others: readonly PhotoId[]): AlikeElsewhere[];
  /**
   * Stores answers in one transaction, each under its photo's content. An `identify` answer also gives the photo its SHA-256:
   * what was stored under its provisional key (path, size, time) moves to the content key, where equal content may already
   * have answers; those stay. A photo without marks whose content belongs to a photo that has left the folder (a renamed
   * file) takes over that one's marks. Returns photos whose marks changed by that.
   */
  saveResults(items: readonly { readonly photo: PhotoId; readonly results: readonly StageResult[] }[]): readonly { readonly id: PhotoId; readonly marks: Marks }[];
  /**
   * Applies mark changes as one journal step, durably (fsync), before it returns. Photos already as wanted are not touched;
   * where none is touched there is no step. Undone steps can no longer be redone. Unknown ids: not-found, nothing is changed.
   */
  decide(shoot: ShootId, changes: readonly { readonly id: PhotoId; readonly change: MarkChange }[], text: string, at: number): Result<StepOutcome>;
  /** Puts photos where the person wants them among the groups, as one journal step, like `decide`. */
  place(shoot: ShootId, changes: readonly PlaceChange[], text: string, at: number): Result<StepOutcome>;
  /** How a shoot is grouped; the usual where nothing was chosen. */
  grouping(shoot: ShootId): ShootGrouping;
  setGrouping(shoot: ShootId, grouping: ShootGrouping): Result<void>;
  /** What counts for a shoot's suggestions; the usual where nothing was chosen. */
  verdictChoice(shoot: ShootId): VerdictChoice;
  /** Chooses it anew, as one journal step, like `decide`; what is chosen already is no step. */
  chooseVerdict(shoot: ShootId, choice: VerdictChoice, text: string, at: number): Result<StepOutcome>;
  /** Errors: nothing-to-undo. */
  undo(shoot: ShootId): Result<StepOutcome>;
  redo(shoot: ShootId): Result<StepOutcome>;
  /** Newest first. */
  history(shoot: ShootId, count: number): StepInfo[];
  /** What is stored of the next `count` sidecars by path after `after` ('' = from the start); empty at the end. */
  sidecars(shoot: ShootId, after: string, count: number): SidecarRow[];
  /** Replaces what is stored of these sidecars and forgets those of `gone`, in one transaction. */
  saveSidecars(shoot: ShootId, read: readonly SidecarRow[], gone: readonly string[]): void;
  /** Keeps an embedding under the photo's content and the model's SHA-256. `vector`: 32-bit floats. */
  saveEmbedding(photo: PhotoId, model: string, vector: Float32Array): void;
  /** Null where there is none of this model. */
  embeddingOf(photo: PhotoId, model: string): Float32Array | null;
  /** Those of a shoot's present photos, by photo id, `count` of them behind `after` (0: from the first). */
  embeddings(shoot: ShootId, model: string, after: PhotoId, count: number): { photo: PhotoId; vector: Float32Array }[];
  /** Keeps what a model elsewhere said of the photo's content; the same model's earlier answer to the same question goes. */
  saveAdvice(photo: PhotoId, advice: Advice): void;
  /** Of the current versions, the latest first. */
  adviceOf(photo: PhotoId): Advice[];
  recordExport(record: ExportRecord): void;
  /** Records of one destination, by target. */
  exportsTo(destination: string): Map<string, ExportRecord>;
  close(): void;
}
