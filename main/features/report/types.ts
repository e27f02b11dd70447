/** What `parjanya cull --json` prints. Part of the stable surface: add, never rename. */
import type { Face, Focus, Headroom, NearElsewhere, PhotoAdvice, PhotoDetail } from '../../contract/index.ts';
import type { DriveMode, ExistingMarks, GroupKind, LabelName, PreviewSource, Reason, Scores, Verdict, VerdictChoice } from '../../domain/index.ts';

export interface ReportPhoto {
  /** Relative to the folder, `/` between. */
  readonly path: string;
  readonly format: string;
  /** 64 hex digits; null where the file could not be read. */
  readonly sha256: string | null;
  /** Of the picture's own coded data, 64 hex digits: the same in files that differ only in metadata; null where it cannot be told. */
  readonly imageSha256: string | null;
  readonly bytes: number;
  readonly camera: { readonly make: string | null; readonly model: string | null };
  /** ISO 8601 with the camera's own fraction and offset. */
  readonly capturedAt: string | null;
  /** How the shutter was released, where the camera says so. */
  readonly driveMode: DriveMode | null;
  readonly orientation: number;
  /** Size with orientation applied; 0 by 0 where there is none. */
  readonly preview: { readonly source: PreviewSource; readonly width: number; readonly height: number };
  /** 16 hex digits. */
  readonly phash: string | null;
  readonly group: string | null;
  /** The other half of a RAW+JPEG pair. */
  readonly pair: string | null;
  /** How many files in other shoots of the catalog are the same picture and were there when their folders were last read; counted up to some hundreds. */
  readonly copiesElsewhere: number;
  /** Photos of other shoots that look nearly the same, exact copies left out: the nearest few. */
  readonly nearElsewhere: readonly NearElsewhere[];
  readonly scores: Scores;
  /** On the subject, by all pixels; null where they were not looked at. */
  readonly focus: Focus | null;
  /** What the sensor holds beyond what is shown; see contract Headroom. */
  readonly headroom: Headroom;
  /** The most important first; null where faces were not looked for. */
  readonly faces: readonly Face[] | null;
  /** What people who rate pictures from 1 to 10 would say, as LAION's predictor guesses; null where it was not asked. */
  readonly aesthetics: number | null;
  /** For each pair of opposite sentences, 0..1: how much better the positive one describes the picture. Null where that was not asked. */
  readonly impressions: readonly { readonly pair: string; readonly share: number }[] | null;
  /** What a vision model said, where it was asked (`parjanya describe`); counted by no rule. */
  readonly advice: PhotoAdvice;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly errors: readonly { readonly code: string; readonly message: string }[];
  /** How each step's answer was made: where and why there, how long it took, what left this computer for it (bytes) and what that cost (US dollars). */
  readonly steps: readonly ReportStep[];
  /** What the file or its sidecars said before; never the person's marks. */
  readonly existing: ExistingMarks;
  /** XMP sidecars, the one that counts most first. One that cannot be read is no error of the photo. */
  readonly sidecars: readonly { readonly path: string; readonly error: { readonly code: string; readonly message: string } | null }[];
  readonly marks: { readonly flag: string; readonly rating: number; readonly label: LabelName | null };
}

export type ReportStep = Readonly<Omit<PhotoDetail['trace'][number], 'error'>>;

export interface ReportGroup {
  readonly id: string;
  readonly kind: GroupKind;
  readonly photos: readonly string[];
  readonly best: string;
  /** The second best, and how much better the best is in technical quality, 0..1; null where that cannot be told. */
  readonly runnerUp: string | null;
  readonly margin: number | null;
  /** The person put it together. */
  readonly manual: boolean;
}

export interface CullReport {
  /** By what the suggestions were made; null where there was nothing to judge. */
  readonly verdict: VerdictChoice | null;
  readonly photos: readonly ReportPhoto[];
  readonly groups: readonly ReportGroup[];
  /** Steps that do not run on this computer, and why. */
  readonly off: readonly { readonly stage: string; readonly code: string; readonly message: string }[];
  /** Parts of the folder that could not be read. */
  readonly problems: readonly { readonly path: string; readonly code: string; readonly message: string }[];
}
