/**
 * Text as CLIP's text tower reads it: byte-pair encoding (Sennrich et al. 2016, "Neural Machine Translation of Rare Words with Subword
 * Units") over bytes, by OpenAI's list of merges (`bpe_simple_vocab_16e6.txt`, github.com/openai/CLIP, MIT).
 */
import { fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';

/** Ids that a text may have at most, its start and its end included. */
const mostTokens = 77;
/** The list goes on behind these; the rest has no ids. */
const mergeCount = 49_152 - 256 - 2;

export interface Tokenizer {
  /** Start, words, end: 2 to 77 ids; what is more is left out before the end. Case and the width of spaces do not count. */
  encode(text: string): number[];
}

/** @param list the text of the merges file: a title, then two parts a line. Errors: model-wrong for a list that is none or too short. */
export function createTokenizer(list: string): Result<Tokenizer> {
  const merges = list.split('\n').slice(1, mergeCount + 1);
  const isWhole = merges.length === mergeCount && merges.every((line) => /^\S+ \S+$/.test(line));
  if (!isWhole) return fail('model-wrong', "The list of merges of CLIP's tokenizer is damaged or another one.");
  const letters = lettersOfBytes();
  const order = byteOrder.map((byte) => letters[byte]!);
  const ranks = new Map(merges.map((merge, rank) => [merge, rank]));
  const words = [...order, ...order.map((letter) => `${letter}${wordEnd}`), ...merges.map((merge) => merge.replace(' ', ''))];
  const ids = new Map(words.map((word, id) => [word, id]));
  const [start, end] = [words.length, words.length + 1];

  const encodeWord = (word: string): number[] => {
    let parts = utf8Of(word).map((byte) => letters[byte]!);
    parts[parts.length - 1] += wordEnd;
    for (;;) {
      let best = Number.POSITIVE_INFINITY;
      for (let at = 1; at < parts.length; at++) best = Math.min(best, ranks.get(`${parts[at - 1]} ${parts[at]}`) ?? best);
      if (best === Number.POSITIVE_INFINITY) break;
      parts = merge(parts, merges[best]!);
    }
    return parts.map((part) => ids.get(part)!);
  };

  return ok({
    encode(text) {
      const clean = text.slice(0, mostCharacters).normalize('NFC').toLowerCase();
      const body = [...clean.matchAll(wordPattern)].flatMap(([word]) => encodeWord(word));
      return [start, ...body.slice(0, mostTokens - 2), end];
    },
  });
}

const wordEnd = '</w>';
/** A token is at least one character of some word; what is longer than this does not fit anyway, and merging takes the square of a word's length. */
const mostCharacters = 2_000;
/** OpenAI's, without the marks of start and end, which are words like others where a person types them. */
const wordPattern = /'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+/gu;

/** Joins every place where the two parts stand side by side. */
function merge(parts: readonly string[], pair: string): string[] {
  const merged: string[] = [];
  for (let at = 0; at < parts.length; at++) {
    const isPair = at + 1 < parts.length && `${parts[at]} ${parts[at + 1]}` === pair;
    merged.push(isPair ? `${parts[at]}${parts[++at]}` : parts[at]!);
  }
  return merged;
}

/** Bytes in the order of their ids: those that print first, then the rest. */
const byteOrder: readonly number[] = (() => {
  const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);
  const printed = [...range(33, 126), ...range(161, 172), ...range(174, 255)];
  return [...printed, ...range(0, 255).filter((byte) => !printed.includes(byte))];
})();

/** Each byte as a letter that prints: itself, or one from 256 on. */
function lettersOfBytes(): string[] {
  const letters: string[] = [];
  byteOrder.forEach((byte, at) => (letters[byte] = String.fromCharCode(at < 188 ? byte : 256 + at - 188)));
  return letters;
}

/** Stages have no TextEncoder. Half of a surrogate pair becomes U+FFFD, as there. */
function utf8Of(text: string): number[] {
  return [...text].flatMap((letter) => {
    const point = letter.codePointAt(0)!;
    const code = point >= 0xd800 && point < 0xe000 ? 0xfffd : point;
    if (code < 0x80) return [code];
    const tail = (shift: number): number => 0x80 | ((code >> shift) & 0x3f);
    if (code < 0x800) return [0xc0 | (code >> 6), tail(0)];
    return code < 0x10000 ? [0xe0 | (code >> 12), tail(6), tail(0)] : [0xf0 | (code >> 18), tail(12), tail(6), tail(0)];
  });
}
