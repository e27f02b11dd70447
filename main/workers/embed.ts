/** Embeds pictures in this process: the part of stage `clip` that a child of its own does. */
import { aestheticHead } from '../../models/index.ts';
import { ok } from '../base/index.ts';
import type { Result } from '../base/index.ts';
import type { Embedded, EmbedTask, ImageCodec, ModelRunner, Tensor } from '../ports/index.ts';
import { embedPictures, prepareForTower } from '../stages/clip/index.ts';

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
