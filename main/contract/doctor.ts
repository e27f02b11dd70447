/** What runs where, found out by real work on a drawn picture, and for which desktops the compiled packages are made. Nothing is sent anywhere. */
import { z } from 'zod';
import { call, stream } from './define.ts';
import { placeIds, selfTestOutcomes, stageIds } from '../domain/index.ts';

/** Stages, and what an endpoint alone can do. */
const RoutedStage = z.enum([...stageIds, 'describe']);

/** One stage at one place; null is what was not measured. */
export const DoctorRow = z.object({
  stage: RoutedStage,
  place: z.enum(placeIds),
  state: z.enum([...selfTestOutcomes, 'not-set-up']),
  /** What is amiss and what helps; null where all is well. */
  message: z.string().nullable(),
  /** From the start of a fresh process to its first answer. */
  coldStartMs: z.number().nullable(),
  /** Of the stage's own work on one picture, in a warm process. */
  medianMs: z.number().nullable(),
  p95Ms: z.number().nullable(),
  /** With as many processes as cores, whole requests counted. */
  photosPerSecond: z.number().nullable(),
  /** US dollars. */
  usdPer1000: z.number().nullable(),
  /** That leave this computer. */
  bytesPerPhoto: z.number(),
});
export type DoctorRow = z.infer<typeof DoctorRow>;

/** Where a stage is best done, and why. */
export const DoctorAdvice = z.object({ stage: RoutedStage, place: z.enum([...placeIds, 'nowhere']), code: z.string(), reason: z.string() });
export type DoctorAdvice = z.infer<typeof DoctorAdvice>;

export const DoctorStep = z.object({
  /** Of all stages at all their places. */
  done: z.number().int(),
  total: z.number().int(),
  stage: RoutedStage,
  place: z.enum(placeIds),
  /** Null: it is being tried now. */
  row: DoctorRow.nullable(),
  /** With the last place of a stage. */
  advice: DoctorAdvice.nullable(),
});
export type DoctorStep = z.infer<typeof DoctorStep>;

export const DoctorPackage = z.object({
  package: z.string(),
  version: z.string(),
  /** By `platform-arch`, six desktops. */
  platforms: z.record(z.string(), z.object({ answer: z.enum(['yes', 'no', 'WASM']), why: z.string() })),
});
export type DoctorPackage = z.infer<typeof DoctorPackage>;

export const doctor = {
  /** Tries the stages (none named: all) one after the other, with all cores. One examination at a time: another one is `place-busy`. It is a job, too. */
  examine: stream({
    in: z.object({ stages: z.array(z.enum(stageIds)).max(stageIds.length).default([]) }),
    item: DoctorStep,
    end: z.object({ rows: z.array(DoctorRow), recommended: z.array(DoctorAdvice) }),
    errors: ['place-busy', 'disk-full', 'destination-missing', 'destination-unwritable'],
  }),
  /** Null where there is no lockfile to tell: an installed app has none. */
  packages: call({ in: z.object({}), out: z.object({ packages: z.array(DoctorPackage).nullable() }) }),
};
