/** CLIP's tokenizer: ids that others have published, and what is no usual text. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTokenizer } from '../../main/stages/clip/index.ts';
import type { Tokenizer } from '../../main/stages/clip/index.ts';
import { manifestEntry } from '../../models/index.ts';
import { modelsFolder, needModels } from '../config/needs.ts';

describe('with OpenAI\'s list', () => {
  let tokenizer: Tokenizer;
  beforeEach((context) => {
    needModels(context);
    const made = createTokenizer(gunzipSync(readFileSync(join(modelsFolder, manifestEntry('clip-tokenizer').file))).toString('utf8'));
    if (!made.ok) throw new Error(made.error.message);
    tokenizer = made.value;
  });

  // by @huggingface/tokenizers 0.2.0 over the same list, set up as CLIP's is; 3,000 random texts were the same too
  it.each(JSON.parse(readFileSync(new URL('./clip-tokens.json', import.meta.url), 'utf8')) as [string, number[]][])('reads %j as others do', (text, ids) => {
    expect(tokenizer.encode(text)).toEqual(ids);
  });

  it('takes the beginning of what is too long, with its end, and takes no time over it', () => {
    const long = tokenizer.encode('cat '.repeat(5_000));
    expect(long).toEqual([49406, ...Array.from({ length: 75 }, () => 2368), 49407]);
    expect(tokenizer.encode('x'.repeat(1_000_000)).length).toBeLessThanOrEqual(77);
  });

  it('gives every text ids, and only such as the tower has', () => {
    for (const text of ['', ' ', '\0', '\ud800', 'a\ud800b', '<|endoftext|>', '👩‍👩‍👧', 'e\u0301', '\u{10ffff}', 'ЁЖ', '한국어', '‮abc', '\uffff'])
      for (const id of tokenizer.encode(text)) expect(id >= 0 && id <= 49407, text).toBe(true);
    expect(tokenizer.encode('')).toEqual([49406, 49407]);
    expect(tokenizer.encode('e\u0301')).toEqual(tokenizer.encode('\u00e9'));
    expect(tokenizer.encode('  A   PHOTO ')).toEqual(tokenizer.encode('a photo'));
  });
});

it.each([['', 'nothing'], ['title\na b\n', 'too few'], ['title\n' + 'a b c\n'.repeat(60_000), 'three parts'], ['title\n' + '\n'.repeat(60_000), 'empty lines']])('refuses a list of %#: %s', (list) => {
  expect(createTokenizer(list)).toMatchObject({ ok: false, error: { code: 'model-wrong' } });
});
