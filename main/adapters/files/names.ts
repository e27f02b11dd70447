/** Which names in a shoot are no photos by their name alone, and the order in which a person expects names. */
import { extensionOf } from '../../base/index.ts';

/** Folders that systems, servers and archivers make for themselves; in lower case. */
const systemFolders = new Set(['@eadir', '#recycle', '#snapshot', '$recycle.bin', 'system volume information', 'lost+found', '__macosx', 'found.000']);
const systemFiles = new Set(['thumbs.db', 'ehthumbs.db', 'desktop.ini', 'icon\r']);

/**
 * Files that belong to a photo: XMP, the settings of RAW converters (RawTherapee pp3, DxO dop, ON1, Nikon, Canon, Adobe acr,
 * Apple aae), voice memos (wav) and the small pictures of old cameras (thm).
 */
const sidecarExtensions = new Set(['xmp', 'pp3', 'dop', 'on1', 'nksc', 'nka', 'vrd', 'dr4', 'acr', 'arp', 'aae', 'wav', 'thm', 'cos']);

/** Hidden and system entries; `name` is the last part of a path. */
export function isSystemName(name: string): boolean {
  return name.startsWith('.') || systemFolders.has(name.toLowerCase()) || systemFiles.has(name.toLowerCase());
}

export function isSidecarName(name: string): boolean {
  return sidecarExtensions.has(extensionOf(name));
}

export function isXmpName(name: string): boolean {
  return extensionOf(name) === 'xmp';
}

/**
 * A text that sorts by plain comparison as a person sorts names: IMG_9 before IMG_10, capitals and accents aside, a folder's
 * own files together. (A collator of the platform gives the same order at ten times the cost.)
 */
export function naturalKey(path: string): string {
  const plain = /[^\u0000-\u007f]/.test(path) ? path.normalize('NFKD').replace(/\p{M}+/gu, '') : path;
  return plain
    .toLowerCase()
    .replaceAll('/', '\u0001')
    .replace(/\d+/g, (digits) => {
      const number = digits.replace(/^0+(?=\d)/, '');
      // The count of digits first makes the longer number the larger one.
      return `0${String.fromCharCode(0x30 + Math.min(number.length, 200))}${number}`;
    });
}

/** Sorts by {@link naturalKey}, names that only differ in case or accents by their code points; in place. */
export function sortByName<T extends { readonly path: string }>(files: T[]): T[] {
  const keyed = files.map((file) => ({ file, key: naturalKey(file.path) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.file.path < b.file.path ? -1 : a.file.path > b.file.path ? 1 : 0));
  keyed.forEach(({ file }, index) => {
    files[index] = file;
  });
  return files;
}
