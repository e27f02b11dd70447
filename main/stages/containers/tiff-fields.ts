/** Makes TIFF fields (big-endian) of plain values, for files that say in words of their own what EXIF would say. */
import type { Field } from './tiff-writer.ts';

export function asciiField(tag: number, text: string): Field {
  const value = new Uint8Array(text.length + 1);
  for (let at = 0; at < text.length; at++) value[at] = text.charCodeAt(at) & 255;
  return { tag, type: 2, count: value.length, value };
}

export function shortField(tag: number, number: number): Field {
  return { tag, type: 3, count: 1, value: new Uint8Array([(number >> 8) & 255, number & 255]) };
}

export function longField(tag: number, number: number): Field {
  const value = new Uint8Array(4);
  new DataView(value.buffer).setUint32(0, number);
  return { tag, type: 4, count: 1, value };
}

/** A number as a ratio of ten-thousandths, or of one to something where it is small (exposure times). */
export function rationalField(tag: number, number: number): Field {
  const isSmall = number > 0 && number < 0.01;
  const numerator = isSmall ? 1_000 : Math.round(number * 1e4);
  const denominator = isSmall ? Math.round(1_000 / number) : 1e4;
  const value = new Uint8Array(8);
  const view = new DataView(value.buffer);
  const clamp = (part: number): number => Math.max(-0x7fff_ffff, Math.min(0x7fff_ffff, part));
  view.setInt32(0, clamp(numerator));
  view.setInt32(4, clamp(denominator));
  return { tag, type: number < 0 ? 10 : 5, count: 1, value };
}

/** `2024:05:01 12:00:00` of seconds since 1970, which cameras count in their own wall clock's time. */
export function dateOfSeconds(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replaceAll('-', ':').replace('T', ' ');
}
