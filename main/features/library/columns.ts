/** Rows as the page gets them: columns. */
import type { PhotoColumns } from '../../contract/index.ts';
import { isKeptWhole } from '../../domain/index.ts';
import type { Entry } from './entry.ts';
import type { OpenShoot } from './shoot.ts';

export function columnsOf(entries: readonly Entry[], shoot: OpenShoot): PhotoColumns {
  const column = <T>(of: (entry: Entry) => T): T[] => entries.map(of);
  return {
    id: column((entry) => entry.id),
    name: column((entry) => entry.row.path),
    format: column((entry) => entry.facts.format),
    state: column((entry) => entry.state),
    flag: column((entry) => entry.marks.flag),
    rating: column((entry) => entry.marks.rating),
    label: column((entry) => entry.marks.label),
    existingRating: column((entry) => entry.existing.rating?.value ?? null),
    existingLabel: column((entry) => entry.existing.label?.value ?? null),
    verdict: column((entry) => entry.judgement?.verdict ?? null),
    technical: column((entry) => entry.judgement?.scores.technical ?? null),
    focus: column((entry) => entry.judgement?.scores.focus ?? null),
    exposure: column((entry) => entry.judgement?.scores.exposure ?? null),
    group: column((entry) => entry.group?.id ?? null),
    kind: column((entry) => entry.group?.kind ?? null),
    best: column((entry) => entry.group?.best === entry.id && !isKeptWhole(entry.group.kind)),
    capturedMs: column((entry) => entry.facts.metadata?.capturedMs ?? null),
    width: column((entry) => shoot.shownOf(entry).facts.preview?.width ?? 0),
    height: column((entry) => shoot.shownOf(entry).facts.preview?.height ?? 0),
    source: column((entry) => shoot.shownOf(entry).facts.preview?.source ?? null),
    fullWidth: column((entry) => shoot.shownOf(entry).full?.width ?? 0),
    fullHeight: column((entry) => shoot.shownOf(entry).full?.height ?? 0),
    pixels: column((entry) => shoot.shownOf(entry).pixels),
    error: column((entry) => entry.facts.errors[0]?.code ?? null),
    pair: column((entry) => entry.facts.pairId),
  };
}
