/** A whole shoot worked through and told at once, for the command line and other programs. */
import { fail, ok } from '../../base/index.ts';
import type { CancelSignal, Result } from '../../base/index.ts';
import type { NearCopies } from '../../contract/index.ts';
import { scoreOf } from '../../domain/index.ts';
import type { PhotoId, Reason, StageResult } from '../../domain/index.ts';
import { tellFaces, tellFocus, tellHeadroom, traceOf } from '../library/index.ts';
import type { Entry, Library, OpenShoot, ShootSession, WorkOptions } from '../library/index.ts';
import type { CullReport, ReportPhoto } from './types.ts';

export type { CullReport, ReportGroup, ReportPhoto } from './types.ts';

/** Scans, runs everything, waits and reports. Errors: not-found, folder-missing, folder-unreadable, folder-empty, cancelled. */
export async function cullWhole(library: Library, grant: string, options: WorkOptions): Promise<Result<CullReport>> {
  const session = await library.sessionOfGrant(grant);
  if (!session.ok) return session;
  const scanned = await session.value.scan(options.signal);
  if (!scanned.ok) return scanned;
  const ready = library.whenNearReady();
  const worked = await session.value.workThrough(options);
  if (!worked.ok) return worked;
  await Promise.race([ready, whenAborted(options.signal)]);
  return options.signal?.aborted ? fail('cancelled', 'It was cancelled.') : ok(reportOf(session.value, library));
}

function whenAborted(signal: CancelSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
}

export function reportOf(session: ShootSession, library: Library): CullReport {
  const { shoot, problems } = session;
  const path = (id: number | null): string | null => (id === null ? null : (shoot.entries.get(id)?.row.path ?? null));
  const present = (id: number): string => path(id) ?? '';
  // Ten thousand copies of one frame are looked for once.
  const counts = new Map<string, number>();
  const copiesOf = (entry: Entry): number => {
    const content = entry.facts.imageSha256 ?? entry.facts.sha256;
    if (content === null) return 0;
    const count = counts.get(content) ?? session.copies(entry, 0).present;
    counts.set(content, count);
    return count;
  };
  const nearOf = createNearMemory(session);
  const impressionsOf = (entry: Entry): ReportPhoto['impressions'] => library.impressionsOf(entry.id)?.map(({ pair, share }) => ({ pair, share })) ?? null;
  return {
    verdict: shoot.verdictChoice,
    photos: shoot.order.map((id) => reportPhoto(shoot.entries.get(id)!, shoot, path, { copiesOf, nearOf, impressionsOf, adviceOf: (entry) => library.adviceOf(entry.id, shoot), resultsOf: session.answers.resultsOf })),
    groups: shoot.groups.map(({ id, kind, photoIds, best, runnerUp, margin, isManual }) => ({
      id,
      kind,
      photos: photoIds.map(present),
      best: present(best),
      runnerUp: path(runnerUp),
      margin,
      manual: isManual,
    })),
    off: listOff(library),
    problems: problems.map(({ path: part, error }) => ({ path: part, code: error.code, message: error.message })),
  };
}

interface ReportSources {
  copiesOf(entry: Entry): number;
  nearOf(entry: Entry): NearCopies;
  impressionsOf(entry: Entry): ReportPhoto['impressions'];
  adviceOf(entry: Entry): ReportPhoto['advice'];
  resultsOf(photo: PhotoId): readonly StageResult[];
}

function reportPhoto(entry: Entry, shoot: OpenShoot, path: (id: number | null) => string | null, sources: ReportSources): ReportPhoto {
  const { facts, judgement, marks } = entry;
  const { metadata, preview } = facts;
  const results = sources.resultsOf(entry.id);
  return {
    path: entry.row.path,
    format: facts.format,
    sha256: facts.sha256,
    imageSha256: facts.imageSha256,
    bytes: facts.bytes,
    camera: { make: metadata?.make ?? null, model: metadata?.model ?? null },
    capturedAt: metadata?.capturedAt ?? null,
    driveMode: metadata?.driveMode ?? null,
    orientation: metadata?.orientation ?? 1,
    preview: preview ?? { source: 'none', width: 0, height: 0 },
    phash: facts.phash,
    group: entry.group?.id ?? null,
    pair: path(facts.pairId),
    copiesElsewhere: sources.copiesOf(entry),
    nearElsewhere: sources.nearOf(entry).list,
    scores: judgement?.scores ?? scoreOf(null),
    focus: tellFocus(facts),
    headroom: tellHeadroom(facts, () => results),
    faces: tellFaces(facts),
    aesthetics: facts.measures?.aesthetic ?? null,
    impressions: sources.impressionsOf(entry),
    advice: sources.adviceOf(entry),
    verdict: judgement?.verdict ?? 'review',
    reasons: judgement?.reasons ?? notJudged(entry),
    errors: facts.errors.map(({ code, message }) => ({ code, message })),
    steps: traceOf(results).map(({ error: _, ...step }) => step),
    existing: entry.existing,
    sidecars: shoot.sidecars.of(entry.row.path).map(({ path: file, error }) => ({ path: file, error: error && { code: error.code, message: error.message } })),
    marks,
  };
}

/** Steps that do not run here. Impressions are named where aesthetics, which they need too, are there. */
function listOff(library: Library): CullReport['off'] {
  const off = library.stagesOff().map(({ stage, error: { code, message } }) => ({ stage: stage, code, message }));
  const noImpressions = library.impressionsOff();
  return noImpressions && !off.some(({ stage }) => stage === 'clip') ? [...off, { stage: 'impressions', code: noImpressions.code, message: noImpressions.message }] : off;
}

/** Photos named in the report for each that looks nearly the same. */
const mostNear = 5;

/** Frames of one look and content are searched for once. */
function createNearMemory(session: ShootSession): (entry: Entry) => NearCopies {
  const known = new Map<string, NearCopies>();
  return (entry) => {
    const { phash, imageSha256, sha256, metadata } = entry.facts;
    const key = `${phash} ${imageSha256 ?? ''} ${sha256 ?? ''} ${metadata?.capturedMs ?? ''}`;
    const near = known.get(key) ?? session.near(entry, mostNear);
    known.set(key, near);
    return near;
  };
}

/** What is no photo, or was not looked at, cannot be judged: it is for the person to see. */
function notJudged(entry: Entry): Reason[] {
  const error = entry.facts.errors[0];
  return [{ code: error?.code ?? 'not-looked-at', text: error?.message ?? 'This file was not looked at.', value: null, threshold: null, region: null }];
}
