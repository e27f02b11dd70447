/** All that is known of one photo, for the person who asks why. */
import type { CodedError } from '../../base/index.ts';
import type { PhotoDetail } from '../../contract/index.ts';
import { nameOf } from '../../base/index.ts';
import type { Copies, SidecarRow } from '../../catalog/types.ts';
import { isRenderable, scoreOf } from '../../domain/index.ts';
import type { Group, Impression, PixelSize, StageResult } from '../../domain/index.ts';
import { tellFocus } from './focus.ts';
import { tellFaces } from './faces.ts';
import { tellHeadroom } from './headroom.ts';
import { knownOutputs } from '../../pipeline/index.ts';
import type { StageGate } from '../models/index.ts';
import type { Entry } from './entry.ts';

/** Cameras store most previews as the sensor lies; all sizes are told the way the photo stands. */
function turnAs(upright: PixelSize | null, { width, height }: PixelSize): PixelSize {
  return upright && upright.width > upright.height !== width > height ? { width: height, height: width } : { width, height };
}

/** What is known of a photo beside its row and its answers. */
export interface DetailSources {
  readonly copies: Copies;
  readonly sidecars: readonly SidecarRow[];
  /** Why the photo could not be rendered, where that was tried. */
  readonly refusal: CodedError | null;
  readonly gate: StageGate;
  readonly advice: PhotoDetail['advice'];
  readonly impressions: { readonly list: Impression[] | null; readonly off: CodedError | null };
}

export function detailOf(entry: Entry, results: readonly StageResult[], more: DetailSources): PhotoDetail {
  const { facts, judgement, group } = entry;
  const { copies, sidecars, refusal, gate, impressions, advice } = more;
  const aestheticsOff = gate.off().find(({ stage }) => stage === 'clip')?.error ?? null;
  const { metadata } = facts;
  const rendering = !isRenderable(facts.format) ? 'none' : refusal ? 'refused' : 'possible';
  return {
    id: entry.id,
    name: entry.row.path,
    format: facts.format,
    bytes: facts.bytes,
    sha256: facts.sha256,
    imageSha256: facts.imageSha256,
    state: entry.state,
    camera: { make: metadata?.make ?? null, model: metadata?.model ?? null },
    lens: metadata?.lens ?? null,
    capturedAt: metadata?.capturedAt ?? null,
    orientation: metadata?.orientation ?? 1,
    exposureTime: metadata?.exposureTime ?? null,
    fNumber: metadata?.fNumber ?? null,
    iso: metadata?.iso ?? null,
    focalLength: metadata?.focalLength ?? null,
    flash: metadata?.flash ?? null,
    driveMode: metadata?.driveMode ?? null,
    serial: metadata?.serial ?? null,
    hasGps: metadata?.hasGps ?? false,
    existing: entry.existing,
    sidecars: sidecars.map(({ path, error }) => ({ name: nameOf(path), error })),
    preview: facts.preview ?? { source: 'none', width: 0, height: 0 },
    full: entry.full,
    embedded: (knownOutputs(results).preview?.embedded ?? []).map(({ kind, ...size }) => ({ ...turnAs(entry.full ?? facts.preview, size), kind })),
    rendering,
    refusal: rendering === 'refused' ? refusal : null,
    scores: judgement?.scores ?? scoreOf(null),
    focus: tellFocus(facts),
    headroom: tellHeadroom(facts, () => results),
    faces: tellFaces(facts),
    aesthetics: facts.measures?.aesthetic ?? null,
    aestheticsOff,
    impressions: impressions.list,
    // they need the image tower first
    impressionsOff: impressions.list ? null : (aestheticsOff ?? impressions.off),
    facesOff: gate.off().find(({ stage }) => stage === 'faces')?.error ?? null,
    advice,
    verdict: judgement?.verdict ?? null,
    reasons: [...(judgement?.reasons ?? [])],
    trace: traceOf(results),
    errors: [...facts.errors],
    pair: facts.pairId,
    copies: { ...copies, list: [...copies.list] },
    group: group ? tellGroup(group) : null,
  };
}

/** Where each answer was made, why there, and what that took. */
export function traceOf(results: readonly StageResult[]): PhotoDetail['trace'] {
  return results.map(({ stage, version, place, placeReason, ms, bytesSent = 0, usd = 0, error }) => ({ stage, version, place, placeReason, ms, bytesSent, usd, error }));
}

function tellGroup({ id, kind, photoIds, best, runnerUp, margin, isManual }: Group): PhotoDetail['group'] {
  return { id, kind, photos: [...photoIds], best, runnerUp, margin, isManual };
}
