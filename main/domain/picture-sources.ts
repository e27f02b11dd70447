/** Which picture of a photo is shown: the camera's own preview inside the file, a rendering, or the file itself. */
import type { Metadata, PhotoFormat, PreviewInfo, PreviewSource } from './photo.ts';
import type { StageOutputs } from './stage.ts';

export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

const selfFormats: ReadonlySet<PhotoFormat> = new Set(['jpeg', 'png', 'webp', 'tiff', 'avif']);

/** True where the file is itself the picture. */
export function isSelfPicture(format: PhotoFormat): boolean {
  return selfFormats.has(format);
}

/** True where a picture may be computed from the file's own data: RAW files and HEIF. Whether it succeeds only trying tells. */
export function isRenderable(format: PhotoFormat): boolean {
  return !isSelfPicture(format) && format !== 'other';
}

/**
 * The size that 100 % means, in pixels with orientation applied: that of the file itself, of the embedded preview that has about
 * all of the photo's pixels, of the rendering, or else what the file states. Null where nothing tells.
 */
export function fullSizeOf(preview: StageOutputs['preview'] | null, metadata: Metadata | null): PixelSize | null {
  if (preview && (preview.source !== 'embedded' || preview.embedded[0]?.kind === 'full')) return { width: preview.width, height: preview.height };
  if (!metadata?.width || !metadata.height) return null;
  const { width, height, orientation } = metadata;
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/** What is known of a photo's picture: `preview` is the largest one that is stored or was made, `full` as of `fullSizeOf`. */
export interface PictureOutlook {
  readonly preview: PreviewInfo | null;
  readonly full: PixelSize | null;
}

/** True where the file's embedded previews have far fewer pixels than the photo, or nobody knows how many that has. */
export function lacksPixels({ preview, full }: PictureOutlook): boolean {
  return preview?.source === 'embedded' && (full === null || full.width !== preview.width || full.height !== preview.height);
}

/** The source that is shown without being asked for one; null while nothing is known of the photo. */
export function expectedSource(outlook: PictureOutlook, size: 'grid' | 'screen' | 'full'): PreviewSource | null {
  if (!outlook.preview) return null;
  return size === 'full' && lacksPixels(outlook) ? 'rendered' : outlook.preview.source;
}
