/** All that is known of one photo, for the person who asks why. */
import type { PhotoDetail } from '../../contract/index.ts';
import type { Group, StageResult } from '../../domain/index.ts';
import type { Entry } from './entry.ts';

export function detailOf(entry: Entry, results: readonly StageResult[]): PhotoDetail {
  const { facts, judgement, group } = entry;
  const { metadata } = facts;
  return {
    id: entry.id,
    name: entry.row.path,
    format: facts.format,
    bytes: facts.bytes,
    sha256: facts.sha256,
    state: entry.state,
    camera: { make: metadata?.make ?? null, model: metadata?.model ?? null },
    lens: metadata?.lens ?? null,
    capturedAt: metadata?.capturedAt ?? null,
    orientation: metadata?.orientation ?? 1,
    exposureTime: metadata?.exposureTime ?? null,
    fNumber: metadata?.fNumber ?? null,
    iso: metadata?.iso ?? null,
    focalLength: metadata?.focalLength ?? null,
    preview: facts.preview ?? { source: 'none', width: 0, height: 0 },
    scores: judgement?.scores ?? { technical: null, focus: null, exposure: null },
    verdict: judgement?.verdict ?? null,
    reasons: [...(judgement?.reasons ?? [])],
    trace: results.map(({ stage, version, place, placeReason, ms, error }) => ({ stage, version, place, placeReason, ms, error })),
    errors: [...facts.errors],
    pair: facts.pairId,
    group: group ? tellGroup(group) : null,
  };
}

function tellGroup({ id, kind, photoIds, best, runnerUp, margin, isManual }: Group): PhotoDetail['group'] {
  return { id, kind, photos: [...photoIds], best, runnerUp, margin, isManual };
}
