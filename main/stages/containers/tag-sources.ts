/** Where the metadata of a file were found; what is made of them is the stages' business. */
import type { DriveMode } from '../../domain/index.ts';
import type { MakerNote } from './maker-note.ts';
import type { TiffBlock, TiffDirectory } from './tiff.ts';

/** A directory together with the block that its offsets count in. */
export interface PlacedDirectory {
  readonly block: TiffBlock;
  readonly directory: TiffDirectory;
}

/** The three directories may lie in different blocks (Canon CR3 keeps each in its own). */
export interface TagSources {
  readonly ifd0: PlacedDirectory | null;
  readonly exif: PlacedDirectory | null;
  readonly gps: PlacedDirectory | null;
  /** The XMP packet. */
  readonly xmp: Uint8Array | null;
  /** A maker's note that lies apart from the Exif directory (Canon CR3), or is said in words of the file's own (CRW, X3F). */
  readonly apart: { readonly note: MakerNote | null; readonly driveMode: DriveMode | null } | null;
}
