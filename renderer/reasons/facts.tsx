import type { ReactNode } from 'react';
import type { PhotoDetail } from '../../main/contract/index.ts';
import { writeEyes, writeFaces } from './faces.ts';
import { writeFocus } from './focus.ts';
import { Headroom } from './headroom.tsx';
import { driveModeWords, sourceWords, writeBytes, writeCaptureTime, writeExposureTime, writeSize } from '../parts/words.ts';

/** `5.3 of 10`; what is off says why; empty while nothing is known. */
export function writeAesthetics({ aesthetics, aestheticsOff }: Pick<PhotoDetail, 'aesthetics' | 'aestheticsOff'>): string {
  if (aesthetics !== null) return `${aesthetics.toFixed(1)} of 10`;
  return aestheticsOff ? `off: ${aestheticsOff.message}` : '';
}

/** `light 82 %, composition 40 %`: how much better the one sentence describes the picture than its opposite. */
export function writeImpressions({ impressions, impressionsOff, aestheticsOff }: Pick<PhotoDetail, 'impressions' | 'impressionsOff' | 'aestheticsOff'>): string {
  if (impressions) return impressions.map(({ title, share }) => `${title} ${Math.round(share * 100)} %`.replaceAll(' ', '\u00a0')).join(', ');
  if (!impressionsOff) return '';
  return impressionsOff.message === aestheticsOff?.message ? 'off, as aesthetics are' : `off: ${impressionsOff.message}`;
}

/** The sentences themselves, for who asks what a share means. */
function explainImpressions({ impressions }: Pick<PhotoDetail, 'impressions'>): string {
  return (impressions ?? []).map(({ positive, negative, share }) => `${Math.round(share * 100)} %: "${positive}", not "${negative}"`).join('\n');
}

/** `NIKON CORPORATION` `NIKON D750` is one camera, not two. */
export function writeCamera(make: string | null, model: string | null): string {
  if (model === null) return make ?? '';
  const brand = make?.split(' ')[0] ?? '';
  return brand === '' || model.toLowerCase().startsWith(brand.toLowerCase()) ? model : `${brand} ${model}`;
}

/** 1/250 s · f/2.8 · ISO 400 · 85 mm; what the file does not say is left out. */
export function writeExposure(detail: Pick<PhotoDetail, 'exposureTime' | 'fNumber' | 'iso' | 'focalLength'>): string {
  return [
    detail.exposureTime === null ? '' : writeExposureTime(detail.exposureTime),
    detail.fNumber === null ? '' : `f/${Number(detail.fNumber.toFixed(1))}`,
    detail.iso === null ? '' : `ISO ${detail.iso}`,
    detail.focalLength === null ? '' : `${Math.round(detail.focalLength)} mm`,
  ]
    .filter(Boolean)
    // a number and its unit stay on one line
    .map((part) => part.replaceAll(' ', '\u00a0'))
    .join(' · ');
}

/** The photo's own size, or that of what there is of it. */
function writeFullSize({ full, preview }: PhotoDetail): string {
  const size = full ?? preview;
  return size.width > 0 ? writeSize(size) : '';
}

/** The camera's previews inside the file: `6000 × 4000 (full size), 160 × 120 (thumbnail)`. */
function writePreviews({ embedded, preview }: Pick<PhotoDetail, 'embedded' | 'preview'>): string {
  if (preview.source === 'self') return 'none needed';
  if (embedded.length === 0) return 'none inside';
  const kinds = { full: ' (full size)', preview: '', thumbnail: ' (thumbnail)' } as const;
  return embedded.map((one) => `${writeSize(one)}${kinds[one.kind]}`.replaceAll(' ', '\u00a0')).join(', ');
}

/** Whether the photo can be rendered from its own data, as far as that is known. */
function writeRendering({ rendering, refusal, format, preview }: Pick<PhotoDetail, 'rendering' | 'refusal' | 'format' | 'preview'>): string {
  if (rendering === 'none') return format === 'other' ? '' : 'nothing to render';
  if (rendering === 'refused') return `not possible: ${refusal?.message ?? ''}`;
  return preview.source === 'rendered' ? 'this is what is shown' : 'possible';
}

/** What the file says about itself. The lines are always there, so that going through photos moves nothing. */
export function Facts({ detail, format }: { readonly detail: PhotoDetail | null; readonly format: string }) {
  return (
    <section className="reasons-section" data-testid="facts">
      <h3>Facts</h3>
      <dl className="selectable">
        <Fact name="Taken">{detail?.capturedAt ? writeCaptureTime(detail.capturedAt) : ''}</Fact>
        <Fact name="Camera">{detail ? writeCamera(detail.camera.make, detail.camera.model) : ''}</Fact>
        <Fact name="Lens">{detail?.lens ?? ''}</Fact>
        <Fact name="Exposure">{detail ? writeExposure(detail) : ''}</Fact>
        <Fact name="Flash">{detail === null || detail.flash === null ? '' : detail.flash ? 'Fired' : 'Did not fire'}</Fact>
        <Fact name="Drive">{detail?.driveMode ? driveModeWords[detail.driveMode] : ''}</Fact>
        <Fact name="Body no.">{detail?.serial ?? ''}</Fact>
        <Fact name="Position">{detail?.hasGps ? 'Recorded in the file' : ''}</Fact>
        <Fact name="File">
          {format === 'other' ? '' : format.toUpperCase()}
          {detail ? `${format === 'other' ? '' : ' · '}${writeBytes(detail.bytes)}` : ''}
          {detail && detail.pair !== null ? ' · with its JPEG' : ''}
        </Fact>
        <Fact name="Size">{detail ? writeFullSize(detail) : ''}</Fact>
        <Fact name="Picture">{detail ? sourceWords[detail.preview.source] : ''}</Fact>
        <Fact name="Previews">{detail ? writePreviews(detail) : ''}</Fact>
        <Fact name="Rendering">{detail ? writeRendering(detail) : ''}</Fact>
        <Fact name="RAW exposure">{detail ? <Headroom key={detail.id} id={detail.id} headroom={detail.headroom} /> : ''}</Fact>
        <Fact name="Focus">{detail ? writeFocus(detail.focus) : ''}</Fact>
        <Fact name="Faces">{detail ? writeFaces(detail) : ''}</Fact>
        <Fact name="Eyes">{detail ? writeEyes(detail) : ''}</Fact>
        <Fact name="Aesthetics">{detail ? writeAesthetics(detail) : ''}</Fact>
        <Fact name="Impressions">{detail ? <span title={explainImpressions(detail)}>{writeImpressions(detail) || '–'}</span> : ''}</Fact>
        <Fact name="Content">{detail?.sha256 ? <span title={`SHA-256 ${detail.sha256}`}>{detail.sha256.slice(0, 16)}…</span> : ''}</Fact>
      </dl>
    </section>
  );
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd className="numbers">{children === '' ? '–' : children}</dd>
    </div>
  );
}
