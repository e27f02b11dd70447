/** What the RAW file holds of what is lost as shown, as a sentence behind another. */
import { recoverableOf, weighCells } from './exposure.ts';
import { describeHighlights, describeShadows, readHeadroomMap } from './headroom.ts';
import type { Measures, PhotoFormat } from './photo.ts';
import type { Region } from './region.ts';

const unknown = ' It is a RAW file, which may hold more than its preview shows; that was not measured.';
const nothingMore = ' The file holds no more than what is seen.';

/** On the whole picture; empty where hardly anything is lost, and for shadows where nothing was measured. */
export function tellRecovery(measures: Measures, format: PhotoFormat, end: 'highlights' | 'shadows'): string {
  const { headroom } = measures;
  if (end === 'shadows') return headroom ? ` ${describeShadows(headroom)}` : '';
  const recoverable = recoverableOf(measures, format);
  if (recoverable === 'measured' && headroom) return ` ${describeHighlights(headroom)}`;
  return recoverable === 'unknown' ? unknown : recoverable === 'no' ? nothingMore : '';
}

/** On the subject: how much of what is clipped there the sensor has. */
export function tellRecoveryOn(measures: Measures, format: PhotoFormat, region: Region): string {
  const { headroom } = measures;
  const recoverable = recoverableOf(measures, format);
  if (recoverable !== 'measured' || !headroom) return recoverable === 'unknown' ? unknown : recoverable === 'no' ? nothingMore : '';
  const { held, partly, gone } = readHeadroomMap(headroom);
  const sums = { held: 0, partly: 0, gone: 0 };
  for (const [cell, weight] of weighCells([region]).entries()) {
    sums.held += weight * held[cell]!;
    sums.partly += weight * partly[cell]!;
    sums.gone += weight * gone[cell]!;
  }
  const total = sums.held + sums.partly + sums.gone;
  if (total <= 0) return '';
  const { ev } = headroom.highlights;
  const above = ev !== null && ev >= 0.05 ? ` (${ev.toFixed(1)} EV above what is shown)` : '';
  const percent = (share: number): string => `${Math.round((100 * share) / total)} %`;
  return ` Of that the RAW holds ${percent(sums.held)}${above}, and ${percent(sums.partly)} with some of its colours.`;
}
