/** Answers requests of main/domain/remote-scoring.ts: the stage `clip`, as the embedder's child runs it. Never throws for what a request holds. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createModelRunner } from '../../main/adapters/onnx/index.ts';
import { createSharpCodec } from '../../main/adapters/sharp/index.ts';
import { fail, ok } from '../../main/base/index.ts';
import type { CodedError, Result } from '../../main/base/index.ts';
import { parseScoreRequest } from '../../main/domain/index.ts';
import type { ScoreAnswer, ScoredImage } from '../../main/domain/index.ts';
import type { Embedded, ImageCodec, ModelFile } from '../../main/ports/index.ts';
import { embedJpegs } from '../../main/workers/embed.ts';

/** More gains nothing on a processor (measured for the embedder's child), and takes memory. */
const mostTogether = 8;
/** The grid's picture has 512; what claims more than this is no such picture, whatever its bytes. */
const longestEdge = 2_048;

export type Score = (request: unknown) => Promise<ScoreAnswer>;

/** @param modelPath file of the tower. It is hashed at the first request: what its name says is not asked. */
export function createScore(modelPath: string): Score {
  const codec = createSharpCodec();
  let model: Promise<Result<ModelFile>> | null = null;
  const locate = (): Promise<Result<ModelFile>> => (model ??= openModel(modelPath));
  const modelRunner = createModelRunner({ locate });

  return async (value) => {
    const request = parseScoreRequest(value);
    if (!request.ok) return refuse(request.error);
    const file = await locate();
    if (!file.ok) return refuse(file.error);
    if (file.value.sha256 !== request.value.model) return refuse({ code: 'model-wrong', message: `This function has the model ${file.value.sha256.slice(0, 12)}, not ${request.value.model.slice(0, 12)}. Deploy the function with the model that this computer uses.` });
    const images: ScoredImage[] = [];
    const pictures: { key: string; jpeg: Uint8Array }[] = [];
    for (const { key, jpeg } of request.value.images) {
      const bytes = Buffer.from(jpeg, 'base64');
      const refusal = await refusePicture(bytes, codec);
      if (refusal) images.push({ key, error: told(refusal) });
      else pictures.push({ key, jpeg: bytes });
    }
    for (let at = 0; at < pictures.length; at += mostTogether) {
      const part = pictures.slice(at, at + mostTogether);
      const embedded = await embedJpegs({ jpegs: part.map(({ jpeg }) => jpeg), model: file.value }, { codec, modelRunner });
      if (!embedded.ok && isModelsFault(embedded.error)) return refuse(embedded.error);
      part.forEach(({ key }, index) => images.push(scored(key, embedded.ok ? embedded.value[index]! : embedded)));
    }
    return { model: file.value.sha256, images };
  };
}

function scored(key: string, result: Result<Embedded>): ScoredImage {
  if (!result.ok) return { key, error: told(result.error) };
  const bytes = Buffer.alloc(result.value.vector.length * 4);
  result.value.vector.forEach((value, at) => bytes.writeFloatLE(value, at * 4));
  return { key, embedding: bytes.toString('base64') };
}

/** By its header, before any pixel is made: some hundred bytes can claim gigabytes. */
async function refusePicture(bytes: Uint8Array, codec: ImageCodec): Promise<Pick<CodedError, 'code' | 'message'> | null> {
  const facts = await codec.probe(bytes);
  if (!facts.ok) return facts.error;
  const { format, width, height } = facts.value;
  if (format !== 'jpeg') return { code: 'not-a-photo', message: 'The picture is no JPEG.' };
  return Math.max(width, height) > longestEdge ? { code: 'too-large', message: `The picture has ${width} x ${height} pixels; at most ${longestEdge} on the long edge are taken.` } : null;
}

function isModelsFault({ code }: CodedError): boolean {
  return code === 'model-missing' || code === 'model-wrong' || code === 'native-missing';
}

function told({ code, message }: Pick<CodedError, 'code' | 'message'>): { code: CodedError['code']; message: string } {
  return { code, message };
}

function refuse(error: Pick<CodedError, 'code' | 'message'>): ScoreAnswer {
  return { error: told(error) };
}

/** Errors: model-missing. */
async function openModel(path: string): Promise<Result<ModelFile>> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch {
    return fail('model-missing', 'The function has no model file. Build its package with --model, or name the file in PARJANYA_MODEL.');
  }
  return ok({ path, sha256: hash.digest('hex'), version: 'packaged' });
}
