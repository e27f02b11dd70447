/** RAW and JPEG of one shot. */
import { extensionOf, folderOf, nameOf, stemOf } from '../base/index.ts';
import type { PhotoId } from './photo.ts';

const rawExtensions = new Set(
  '3fr arw cr2 cr3 crw dcr dng erf fff gpr iiq kdc mef mrw nef nrw orf pef raf raw rw2 sr2 srf srw x3f'.split(' '),
);
const companionExtensions = new Set(['jpg', 'jpeg', 'jpe', 'heic', 'heif', 'hif']);

/** True for the camera's RAW files, by extension. */
export function isRawPath(path: string): boolean {
  return rawExtensions.has(extensionOf(nameOf(path)));
}

/**
 * The two halves of each shot that lies there both as RAW and as JPEG or HEIF: same folder, same name up to the extension,
 * capital letters or not. Both directions are in the map. Where there is more than one RAW or more than one JPEG of a
 * name, which belongs to which cannot be told, except that a JPEG is preferred to a HEIF: none is paired.
 */
export function findPairs(photos: readonly { readonly id: PhotoId; readonly path: string }[]): Map<PhotoId, PhotoId> {
  const names = new Map<string, { raw: PhotoId[]; jpeg: PhotoId[]; heif: PhotoId[] }>();
  for (const { id, path } of photos) {
    const name = nameOf(path);
    const extension = extensionOf(name);
    const isRaw = rawExtensions.has(extension);
    if (!isRaw && !companionExtensions.has(extension)) continue;
    // names on cards differ in case between camera and computer
    const shot = `${folderOf(path)}${stemOf(name)}`.toLowerCase();
    let halves = names.get(shot);
    if (!halves) names.set(shot, (halves = { raw: [], jpeg: [], heif: [] }));
    (isRaw ? halves.raw : extension.startsWith('j') ? halves.jpeg : halves.heif).push(id);
  }
  const pairs = new Map<PhotoId, PhotoId>();
  for (const { raw, jpeg, heif } of names.values()) {
    const others = jpeg.length > 0 ? jpeg : heif;
    if (raw.length !== 1 || others.length !== 1) continue;
    pairs.set(raw[0]!, others[0]!);
    pairs.set(others[0]!, raw[0]!);
  }
  return pairs;
}
