/** Texts as CLIP's text tower sees them, in the space of the image tower's embeddings. */
import { fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import type { ModelRunner } from '../../ports/index.ts';
import { normalise } from './normalise.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * 512 numbers of length 1 for each text. One after the other and without padding, so that no text's answer depends on another's length.
 * Errors: those of the runner, and infer-failed for an embedding that is none.
 */
export async function embedTexts(texts: readonly string[], tokenizer: Tokenizer, runner: ModelRunner): Promise<Result<Float32Array[]>> {
  const embeddings: Float32Array[] = [];
  for (const text of texts) {
    const ids = tokenizer.encode(text);
    const dims = [1, ids.length];
    const answered = await runner.run('clip-b32-text', {
      input_ids: { dims, data: BigInt64Array.from(ids, BigInt) },
      attention_mask: { dims, data: new BigInt64Array(ids.length).fill(1n) },
    });
    if (!answered.ok) return answered;
    const vector = normalise(answered.value['text_embeds']!.data);
    if (!vector) return fail('infer-failed', 'The model answered an embedding that is none.');
    embeddings.push(vector);
  }
  return ok(embeddings);
}
