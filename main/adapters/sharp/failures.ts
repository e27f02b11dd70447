/** What libvips says, in codes. Its messages are its only means of telling one failure from another. */
import { coded } from '../../base/index.ts';
import type { CodedError } from '../../base/index.ts';

const patterns: readonly (readonly [RegExp, CodedError])[] = [
  [/exceeds pixel limit|too large|dimensions? (are )?too|maximum.*(width|height)/i, coded('too-large', 'The picture has more pixels than can be handled.')],
  [
    /premature end|premature eof|unexpected end|end of (file|stream|data)|truncated|not enough (input|data)|read error on|ran out of/i,
    coded('truncated', 'The picture ends too early; part of it is missing.'),
  ],
  [/bad labq format/i, coded('format-unsupported', 'Pictures in Lab colours cannot be shown yet.')],
  [/unsupported image format|input buffer is empty/i, coded('preview-broken', 'These bytes are no picture that can be decoded.')],
];

/** Turns an error of sharp into a coded one: truncated, too-large, format-unsupported or preview-broken. libvips' own words are for programmers. */
export function explainSharpError(error: unknown): CodedError {
  const text = error instanceof Error ? error.message : String(error);
  for (const [pattern, answer] of patterns) if (pattern.test(text)) return answer;
  return coded('preview-broken', 'The picture is damaged and cannot be read.');
}

/**
 * Warnings are mostly harmless (a stray byte between markers, an odd tag), except for these two: data that end early and
 * entropy-coded data that make no sense (libjpeg's JWRN_JPEG_EOF and JWRN_HUFF_BAD_CODE). Null = harmless.
 */
export function explainWarnings(warnings: readonly string[]): CodedError | null {
  const text = warnings.join('\n');
  if (/premature end of jpeg|unexpected end|read error on|not enough data|end of stream/i.test(text)) return patterns[1]![1];
  if (/bad huffman code|premature end of data segment|inconsistent progression/i.test(text))
    return coded('preview-broken', 'Parts of the picture are damaged.');
  return null;
}
