/**
 * What cameras and other programs have said of a photo already: in the file, or in an XMP sidecar beside it. Shown to the person
 * as such. Never marks of Parjanya: no suggestion, filter or export counts them, and nothing here writes to them.
 */
import { extensionOf, fail, nameOf, ok } from '../base/index.ts';
import type { Result } from '../base/index.ts';
import type { Metadata } from './photo.ts';
import { decodeXmp, isWholeXmp, isXmp, parseXmp } from './xmp.ts';
import type { XmpFacts } from './xmp.ts';

/** A value and where it was found. */
export interface Found<T> {
  readonly value: T;
  readonly from: 'file' | 'sidecar';
}

export interface ExistingMarks {
  /** Whole, -1 (rejected) to 5; 0 is no rating, said aloud. */
  readonly rating: Found<number> | null;
  /** In the words of the program that wrote it. */
  readonly label: Found<string> | null;
  readonly flag: Found<'pick' | 'reject'> | null;
  readonly keywords: Found<readonly string[]> | null;
}

export const noExistingMarks: ExistingMarks = { rating: null, label: null, flag: null, keywords: null };

type Stated = Pick<Metadata, 'rating' | 'label' | 'flag' | 'keywords'>;
export type SidecarFacts = Stated & Pick<XmpFacts, 'forExtension'>;

/** Raised whenever {@link readSidecar} may answer otherwise: stored answers of earlier ones are read again. */
export const sidecarVersion = 1;
/** Of a longer sidecar only this much is read: what is wanted comes before edit history and masks. */
export const longestSidecar = 1024 * 1024;

/**
 * Reads an XMP sidecar.
 * @param bytes the whole file, or its first {@link longestSidecar} bytes
 * Errors: empty-file, metadata-broken (no XMP), truncated.
 */
export function readSidecar(bytes: Uint8Array): Result<SidecarFacts> {
  if (bytes.length === 0) return fail('empty-file', 'The sidecar is empty (0 bytes).');
  const text = decodeXmp(bytes);
  if (!isXmp(text)) return fail('metadata-broken', 'The sidecar has no XMP in it.');
  if (bytes.length < longestSidecar && !isWholeXmp(text)) return fail('truncated', 'The sidecar ends too early; part of it is missing.');
  const { rating, label, flag, keywords, forExtension } = parseXmp(text);
  return ok({ rating, label, flag, keywords, forExtension });
}

/** Whether a sidecar that names the kind of file it is for (photoshop:SidecarForExtension) means the photo at `path`. */
export function isSidecarFor({ forExtension }: SidecarFacts, path: string): boolean {
  return forExtension === null || forExtension === extensionOf(nameOf(path));
}

/**
 * Puts together what the sidecars of a photo and the file itself say, each value from the first that states it.
 * @param sidecars those of the photo, the one that counts most first
 */
export function joinExistingMarks(metadata: Stated | null, sidecars: readonly SidecarFacts[]): ExistingMarks {
  const find = <K extends keyof Stated>(name: K): Found<NonNullable<Stated[K]>> | null => {
    const inSidecar: Stated[K] | undefined = sidecars.find((sidecar) => sidecar[name] !== null)?.[name];
    if (inSidecar !== undefined && inSidecar !== null) return { value: inSidecar, from: 'sidecar' };
    const inFile: Stated[K] | null = metadata?.[name] ?? null;
    return inFile === null ? null : { value: inFile, from: 'file' };
  };
  const rating = find('rating');
  const isRejected = rating?.value === -1;
  const flag = find('flag') ?? (isRejected ? { value: 'reject' as const, from: rating.from } : null);
  const existing = { rating, label: find('label'), flag, keywords: find('keywords') };
  return existing.rating ?? existing.label ?? existing.flag ?? existing.keywords ? existing : noExistingMarks;
}
