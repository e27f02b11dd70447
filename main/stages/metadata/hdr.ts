/** Whether the camera merged several exposures into this picture (ExifTool's Exif.pm, Canon.pm, Sony.pm, Pentax.pm). */
import type { MakerNote } from '../containers/maker-note.ts';
import type { PlacedDirectory } from '../containers/tag-sources.ts';
import { numberOf, numbersOf } from '../containers/tiff.ts';
import { canonWords } from './canon.ts';

/** CustomRendered (0xA401) as phones write it: HDR without and with its original kept, and a portrait in HDR. */
const renderedHdr = new Set([2, 3, 7]);
/** Word 11 of Canon's CameraSettings (EasyMode): High Dynamic Range and its effects. */
const canonHdr = new Set([51, 84, 85, 93]);

/** False where nothing says so: most cameras do not tell at all. */
export function readHdr(exif: PlacedDirectory | null, note: MakerNote | null): boolean {
  const rendered = exif ? numberOf(exif.block, exif.directory.entries.get(0xa401)) : null;
  if (rendered !== null && renderedHdr.has(rendered)) return true;
  if (!note) return false;
  const { block, directory } = note;
  switch (note.maker) {
    case 'canon':
      return canonHdr.has(canonWords(note).settings[11] ?? 0);
    case 'sony': {
      // HDR 0x200A: two 16-bit numbers in one of 32, the upper of which tells the merged picture from the single one.
      const value = numberOf(block, directory.entries.get(0x200a));
      return value !== null && value >>> 16 === 1;
    }
    case 'pentax':
      return (numbersOf(block, directory.entries.get(0x0085), 4)[0] ?? 0) !== 0;
    default:
      return false;
  }
}
