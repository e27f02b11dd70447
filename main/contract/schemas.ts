/** Shapes that several namespaces share. Photos go by id, folders by grant id, never by path. */
import { z } from 'zod';
import { groupKinds, labelNames, measureNames, placeIds } from '../domain/index.ts';
import type { MeasureName } from '../domain/index.ts';
import { WireError } from './wire.ts';

export const PhotoId = z.number().int().positive();
export const PhotoIds = z.array(PhotoId).max(5000);
export const ShootId = z.number().int().positive();
/** A number that grows with every change of a shoot; a page that is behind asks again. */
export const Rev = z.number().int().nonnegative();
/** Names a folder that the person has opened to us; made by the shell, meaningless elsewhere. */
export const GrantId = z.string().min(1).max(64);

export const Flag = z.enum(['pick', 'reject', 'none']);
export const Rating = z.number().int().min(0).max(5);
export const Label = z.enum(labelNames).nullable();
export const MarkChange = z
  .object({ flag: Flag.optional(), rating: Rating.optional(), label: Label.optional() })
  .refine((mark) => mark.flag !== undefined || mark.rating !== undefined || mark.label !== undefined, 'nothing to change');

export const GroupKind = z.enum(groupKinds);
export const Verdict = z.enum(['keep', 'review', 'reject']);
export const Source = z.enum(['embedded', 'rendered', 'self', 'none']);
export const State = z.enum(['new', 'seen', 'done', 'failed', 'not-a-photo']);

const foundIn = z.enum(['file', 'sidecar']);
/** What is in the file, or in a sidecar beside it, already. `rating` is -1 (rejected) to 5. */
export const ExistingMarks = z.object({
  rating: z.object({ value: z.number().int().min(-1).max(5), from: foundIn }).nullable(),
  label: z.object({ value: z.string(), from: foundIn }).nullable(),
  flag: z.object({ value: z.enum(['pick', 'reject']), from: foundIn }).nullable(),
  keywords: z.object({ value: z.array(z.string()).readonly(), from: foundIn }).nullable(),
});

/**
 * Many photos as columns: index i of every array is one photo. At 100,000 rows this is a fifth of the size of rows and
 * needs no object per photo.
 */
export const PhotoColumns = z.object({
  id: z.array(PhotoId),
  /** File name with its folder below the shoot, `/` between. */
  name: z.array(z.string()),
  format: z.array(z.string()),
  state: z.array(State),
  flag: z.array(Flag),
  rating: z.array(Rating),
  label: z.array(Label),
  /** Rating and label that are in the file or its sidecar already; null where there is none. See ExistingMarks. */
  existingRating: z.array(z.number().int().min(-1).max(5).nullable()),
  existingLabel: z.array(z.string().nullable()),
  verdict: z.array(Verdict.nullable()),
  technical: z.array(z.number().nullable()),
  focus: z.array(z.number().nullable()),
  exposure: z.array(z.number().nullable()),
  group: z.array(z.string().nullable()),
  /** Kind of its group; null where it is in none. */
  kind: z.array(GroupKind.nullable()),
  /** True for the best of its group; in sets that are kept whole for none. */
  best: z.array(z.boolean()),
  /** Milliseconds; see domain Metadata.capturedMs. */
  capturedMs: z.array(z.number().nullable()),
  /** Size of the largest picture that is stored or was made, orientation applied; 0 while unknown. */
  width: z.array(z.number()),
  height: z.array(z.number()),
  /** Where that picture comes from; null while unknown. */
  source: z.array(Source.nullable()),
  /** Size that 100 % means: the photo's own, orientation applied; 0 where nothing tells. */
  fullWidth: z.array(z.number()),
  fullHeight: z.array(z.number()),
  /** The `k` of photo://p/<id>/<size>?k=; null while there is nothing to show. */
  pixels: z.array(z.string().nullable()),
  /** Code of the photo's first error. */
  error: z.array(z.string().nullable()),
  /** The other half of a RAW+JPEG pair. The JPEG half is folded away in the grid. */
  pair: z.array(PhotoId.nullable()),
});
export type PhotoColumns = z.infer<typeof PhotoColumns>;

/** A value of each measure that a verdict weighs. */
export function ofMeasures<T extends z.ZodType>(value: T): z.ZodObject<Record<MeasureName, T>> {
  return z.object(Object.fromEntries(measureNames.map((name) => [name, value])) as Record<MeasureName, T>);
}

/** Each 0..1, null = cannot tell; see domain Scores. */
export const Scores = ofMeasures(z.number().nullable()).extend({ technical: z.number().nullable() });

/** A part of the oriented picture in fractions of it; see domain Region. */
export const Region = z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() });

export const Reason = z.object({
  code: z.string(),
  text: z.string(),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  /** Where it was measured; null = in the whole picture. */
  region: Region.nullable(),
});

export const StageTrace = z.object({
  stage: z.string(),
  version: z.number(),
  place: z.enum(placeIds),
  placeReason: z.string(),
  ms: z.number(),
  /** What left this computer for it, in bytes, and what it cost in US dollars; 0 where nothing did. */
  bytesSent: z.number(),
  usd: z.number(),
  error: WireError.nullable(),
});

export const Job = z.object({
  id: z.number().int().positive(),
  kind: z.enum(['scan', 'cull', 'export', 'doctor']),
  title: z.string(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  done: z.number(),
  total: z.number(),
  note: z.string(),
  /** Items that failed so far. */
  failed: z.number(),
  error: WireError.nullable(),
});
export type Job = z.infer<typeof Job>;
