/** The picture once more with more pixels than the stages see, for what is small in it: faces in a group. */
import type { Result } from '../base/index.ts';
import type { Metadata, StageOutputs } from '../domain/index.ts';
import type { Pixels } from '../ports/index.ts';
import { readPictureBytes } from './photo.ts';
import type { OpenPhoto, Tools } from './photo.ts';
import { analysisEdge } from './preview.ts';

/** Long edge of the largest picture that is decoded for it: 50 MB of pixels, which fits a decode child. */
const largestEdge = 5_000;
/** So many times the analysis picture's edge is worth decoding again. */
const worthwhile = 1.2;

/**
 * Decodes the photo's own picture or its preview for a long edge of up to `edge`; null where the file has none that is larger. A picture
 * that has to be rendered is not rendered again: that takes seconds. Costs the entropy decoding of a larger JPEG, some 60 to 150 ms of
 * processor for 24 megapixels.
 */
export function createLargerDecode(photo: OpenPhoto, metadata: Metadata | null, shown: StageOutputs['preview'], tools: Tools): ((edge: number) => Promise<Result<Pixels> | null>) | null {
  const longest = Math.max(shown.width, shown.height);
  if (shown.source === 'rendered' || shown.source === 'none' || longest < analysisEdge * worthwhile) return null;
  return async (edge) => {
    const read = readPictureBytes(photo, shown.embedded, metadata, Math.min(edge, largestEdge));
    if (!read.ok) return read;
    const { bytes, orientation, profile } = read.value;
    return tools.codec.decode(bytes, { maxEdge: Math.min(edge, largestEdge), orientation, profile });
  };
}
