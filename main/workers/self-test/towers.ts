/**
 * Self-tests of CLIP's towers. Their own numbers could not be had where the goldens were made, so they are held to what the right tower
 * must do and another one does not.
 */
import { clipDirection, goldens } from '../../../models/index.ts';
import { ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import type { SelfTestAnswer } from '../../domain/index.ts';
import type { ImageCodec, ModelFile, ModelRunner, Pixels } from '../../ports/index.ts';
import { prepareForTower } from '../../stages/clip/index.ts';
import { readTokenizer } from '../embed.ts';
import { drawTestPicture } from './picture.ts';

/**
 * CLIP puts all pictures into one narrow cone (Liang et al. 2022, "Mind the Gap": no two of thousands had a negative cosine), and each training
 * has another cone. LAION's rating vectors tell where this tower's lies. A tower of other weights answers some 0 +- 0.044 (512 dimensions): 0.2 is
 * beyond its reach, and far below what pictures have.
 */
const leastInCone = 0.2;
/** Above this two embeddings count as one. */
const sameAbove = 0.9999;

/** Two pictures have two embeddings, the same whether they come alone or in a batch, both where CLIP puts pictures. Errors: those of the runner. */
export async function measureImageTower(runner: ModelRunner, codec: ImageCodec): Promise<Result<SelfTestAnswer>> {
  const picture = drawTestPicture(224, 224);
  const one = await prepareForTower(picture, codec);
  if (!one.ok) return one;
  const other = await prepareForTower(invert(picture), codec);
  if (!other.ok) return other;
  const both = new Float32Array(one.value.data.length * 2);
  both.set(one.value.data);
  both.set(other.value.data, one.value.data.length);
  const alone = await runner.run('clip-b32-image', { pixel_values: one.value });
  if (!alone.ok) return alone;
  const batch = await runner.run('clip-b32-image', { pixel_values: { dims: [2, 3, 224, 224], data: both } });
  if (!batch.ok) return batch;
  const [first, second] = halves(batch.value['image_embeds']!.data);
  const direction = Float32Array.from(clipDirection);
  return ok({
    'alone as in a batch': [cosine(alone.value['image_embeds']!.data, first)],
    'two pictures differ': [flag(cosine(first, second) < sameAbove)],
    'pictures lie where CLIP puts them': [flag(cosine(first, direction) > leastInCone), flag(cosine(second, direction) > leastInCone)],
  });
}

/** Ids of texts of which the tokenizer's golden has the same number. */
const [goodPhoto, badPhoto] = ['Good photo.', 'Bad photo.'].map((text) => goldens['clip-tokenizer'].answer[text]!) as [readonly number[], readonly number[]];

/**
 * Two texts have two embeddings, the same whether they come alone or in a batch; a text ends at its first end, whatever follows. That tells a
 * tower that reads its input otherwise, not one of other weights: no embedding of a text could be had. Errors: those of the runner.
 */
export async function measureTextTower(runner: ModelRunner): Promise<Result<SelfTestAnswer>> {
  const end = goodPhoto.at(-1)!;
  const run = async (rows: readonly (readonly number[])[], used = rows[0]!.length): Promise<Result<Float32Array>> => {
    const dims = [rows.length, rows[0]!.length];
    const mask = rows.flatMap((row) => row.map((_, at) => (at < used ? 1n : 0n)));
    const answered = await runner.run('clip-b32-text', { input_ids: { dims, data: BigInt64Array.from(rows.flat(), BigInt) }, attention_mask: { dims, data: BigInt64Array.from(mask) } });
    return answered.ok ? ok(answered.value['text_embeds']!.data) : answered;
  };
  const alone = await run([goodPhoto]);
  if (!alone.ok) return alone;
  const batch = await run([goodPhoto, badPhoto]);
  if (!batch.ok) return batch;
  const padded = await run([[...goodPhoto, end, end, end]], goodPhoto.length);
  if (!padded.ok) return padded;
  const [first, second] = halves(batch.value);
  return ok({
    'alone as in a batch': [cosine(alone.value, first)],
    'what follows the end does not count': [cosine(alone.value, padded.value)],
    'two texts differ': [flag(cosine(first, second) < sameAbove)],
  });
}

/** The ids of the golden's texts. Errors: model-missing, model-wrong. */
export async function measureTokenizer({ path }: ModelFile): Promise<Result<SelfTestAnswer>> {
  const tokenizer = await readTokenizer(path);
  return tokenizer.ok ? ok(Object.fromEntries(Object.keys(goldens['clip-tokenizer'].answer).map((text) => [text, tokenizer.value.encode(text)]))) : tokenizer;
}

function invert({ width, height, channels, data }: Pixels): Pixels {
  return { width, height, channels, data: data.map((value) => 255 - value) };
}

function halves(data: Float32Array): [Float32Array, Float32Array] {
  return [data.subarray(0, data.length / 2), data.subarray(data.length / 2)];
}

function flag(isTrue: boolean): number {
  return isTrue ? 1 : 0;
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, lengthA, lengthB] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    product += a[at]! * b[at]!;
    lengthA += a[at]! ** 2;
    lengthB += b[at]! ** 2;
  }
  return product / Math.sqrt(lengthA * lengthB);
}
