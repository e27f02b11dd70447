/** Embeds pictures and texts in this process: the part of stage `clip` that a child of its own does. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { aestheticHead } from '../../models/index.ts';
import { fail, ok } from '../base/index.ts';
import type { Result } from '../base/index.ts';
import type { Embedded, EmbedTask, ImageCodec, ModelRunner, Tensor, TextTask } from '../ports/index.ts';
import { createTokenizer, embedPictures, embedTexts, prepareForTower } from '../stages/clip/index.ts';
import type { Tokenizer } from '../stages/clip/index.ts';

/** Errors: those of running the model, which are no single picture's. */
export async function embedJpegs({ jpegs }: EmbedTask, tools: { readonly codec: ImageCodec; readonly modelRunner: ModelRunner }): Promise<Result<Result<Embedded>[]>> {
  const prepared: Result<Tensor>[] = [];
  for (const jpeg of jpegs) {
    const decoded = await tools.codec.decode(jpeg, { maxEdge: null, orientation: 1 });
    prepared.push(decoded.ok ? await prepareForTower(decoded.value, tools.codec) : decoded);
  }
  const tensors = prepared.flatMap((one) => (one.ok ? [one.value] : []));
  if (tensors.length === 0) return ok(prepared.map((one) => one as Result<never>));
  const embedded = await embedPictures(tensors, tools.modelRunner, aestheticHead);
  if (!embedded.ok) return embedded;
  let next = 0;
  return ok(prepared.map((one) => (one.ok ? ok(embedded.value[next++]!) : one)));
}

/** Errors: those of running the model; model-wrong where the tokenizer's file is none. */
export async function embedWords({ texts, files }: TextTask, { modelRunner }: { readonly modelRunner: ModelRunner }): Promise<Result<Float32Array[]>> {
  const tokenizer = await readTokenizer(files.tokenizer.path);
  return tokenizer.ok ? embedTexts(texts, tokenizer.value, modelRunner) : tokenizer;
}

/** Ten times OpenAI's list: a file of kilobytes can unfold to gigabytes. */
const mostListBytes = 32_000_000;

/** From OpenAI's packed list of merges. Errors: model-missing, model-wrong. */
export async function readTokenizer(path: string): Promise<Result<Tokenizer>> {
  let packed: Uint8Array;
  try {
    packed = await readFile(path);
  } catch {
    return fail('model-missing', "The file of CLIP's tokenizer cannot be read.");
  }
  try {
    return createTokenizer(gunzipSync(packed, { maxOutputLength: mostListBytes }).toString('utf8'));
  } catch {
    return fail('model-wrong', "The file of CLIP's tokenizer cannot be unpacked.");
  }
}
