/** Values as files state them are not to be trusted: text is cleaned, numbers are checked. */

/** Control characters out, blanks trimmed, at most 200 characters; null for nothing. UTF-8 in ASCII fields is read as such. */
export function cleanText(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = readUtf8(String(value).slice(0, 2000))
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
  return text === '' ? null : text;
}

/** A finite number inside [low, high], or null; of several values the first counts. */
export function cleanNumber(value: unknown, low: number, high: number): number | null {
  const single: unknown = Array.isArray(value) || ArrayBuffer.isView(value) ? (value as ArrayLike<unknown>)[0] : value;
  const number = typeof single === 'string' && single.trim() !== '' ? Number(single) : single;
  return typeof number === 'number' && Number.isFinite(number) && number >= low && number <= high ? number : null;
}

/** Cameras and phones write UTF-8 into ASCII fields; read byte by byte, that comes as Latin-1 text. */
function readUtf8(text: string): string {
  if (!/[\u0080-\u00ff]/.test(text) || /[^\u0000-\u00ff]/.test(text)) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  } catch {
    return text;
  }
}

/**
 * `24-70mm f/2.8` of LensSpecification (Exif 2.32 tag 0xA432) or LensInfo (DNG): shortest and longest focal length, smallest
 * F-numbers at both; null where the focal lengths are not known (0/0).
 */
export function nameOfLens(value: unknown): string | null {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return null;
  const [short, long, wide, tele] = Array.from({ length: 4 }, (_, index) => cleanNumber((value as ArrayLike<unknown>)[index], 0.1, 10_000));
  if (!short || !long) return null;
  const span = (from: number, to: number): string => (from === to ? String(round(from)) : `${round(from)}-${round(to)}`);
  return `${span(short, long)}mm${wide ? ` f/${span(wide, tele ?? wide)}` : ''}`;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
