/** In words: where the pixels on the stage come from, how many they are, and what is missing. Pure. */
import { lacksPixels } from '../../main/domain/index.ts';
import type { PictureOutlook, PreviewSource, SourceChoice } from '../../main/domain/index.ts';
import { writeSize } from '../parts/words.ts';
import type { StageReport } from './choice.ts';

const names: Readonly<Record<Exclude<PreviewSource, 'none'>, string>> = { embedded: 'Camera preview', rendered: 'Rendered', self: 'Photo' };

export interface SourceWords {
  /** `Camera preview 6000 × 4000`; empty while nothing is known. */
  readonly text: string;
  /** What keeps away the picture that was asked for; null where nothing does, or the text says so. */
  readonly remark: string | null;
}

/** @param zoom at fit the size is that of the source, at 100 % that of the pixels which are drawn. */
export function describeSource(report: StageReport, outlook: PictureOutlook, zoom: 'fit' | 'full', choice: SourceChoice): SourceWords {
  const source = report.picture === 'none' || report.picture === 'grid' ? (outlook.preview?.source ?? report.source) : (report.source ?? outlook.preview?.source ?? null);
  if (source === null || source === 'none') return { text: '', remark: null };
  const size = sizeOf(source, report, outlook, zoom);
  const remark = remarkOf(report, outlook, choice);
  const isShort = zoom === 'full' && source === 'embedded' && !report.isWaiting && lacksPixels(outlook) && outlook.full !== null;
  if (isShort && size && outlook.full) return { text: `Preview of ${writeSize(size)}; the photo has ${writeSize(outlook.full)}`, remark: null };
  return { text: size ? `${names[source]} ${writeSize(size)}` : names[source], remark };
}

function sizeOf(source: PreviewSource, report: StageReport, { preview, full }: PictureOutlook, zoom: 'fit' | 'full'): { width: number; height: number } | null {
  const drawn = report.width > 0 ? { width: report.width, height: report.height } : null;
  if (zoom === 'full' && report.picture === 'full') return drawn;
  if (preview?.source === source && preview.width > 0) return { width: preview.width, height: preview.height };
  return (source === 'rendered' ? full : null) ?? drawn;
}

function remarkOf({ refusal, isStandIn }: StageReport, { preview }: PictureOutlook, choice: SourceChoice): string | null {
  if (choice !== 'auto' && preview?.source === 'self') return choice === 'rendered' ? 'nothing to render' : 'no other preview';
  if (refusal === null) return null;
  if (choice === 'embedded') return isStandIn ? 'no camera preview inside' : null;
  return 'cannot be rendered';
}
