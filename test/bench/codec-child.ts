/** Runs the product's picture code in a process set up as a decode child, and tells the processor time that it took. */
import { readFileSync } from 'node:fs';
import { pictureEdges } from '../../main/ports/index.ts';
import { encodeThumbnail } from '../../main/workers/analyse.ts';
import { openPhoto } from '../../main/workers/photo.ts';
import { decodePreview } from '../../main/workers/preview.ts';
import type { CodecAnswer, CodecRequest, ExtractRequest } from './codec-client.ts';
import { extract, toolsOfChild } from './extract.ts';
import { timed } from './machine.ts';

const tools = toolsOfChild();

/** One piece of work; the answer is the size of what came out. */
type Work = () => Promise<{ width: number; height: number }>;

const preparations: { readonly [K in CodecRequest['kind']]: (path: string) => Work } = {
  grid(path) {
    const bytes = new Uint8Array(readFileSync(path));
    return async () => {
      const made = await tools.codec.toJpeg(bytes, { maxEdge: pictureEdges.grid, quality: 82, orientation: 'own' });
      if (!made.ok) throw new Error(made.error.message);
      return made.value;
    };
  },
  analysis(path) {
    return async () => {
      const photo = openPhoto(path, tools);
      if (!photo.ok) throw new Error(photo.error.message);
      const { pixels, error } = await decodePreview(photo.value, null, {}, tools);
      photo.value.source.close();
      if (!pixels || !(await encodeThumbnail(pixels, tools))) throw new Error(error?.message ?? 'no picture');
      return pixels;
    };
  },
  half(path) {
    const bytes = new Uint8Array(readFileSync(path));
    return async () => {
      // half the size is always enough for so small an edge
      const made = await tools.rawRenderer.render(bytes, { edge: 1 });
      if (!made.ok) throw new Error(made.error.message);
      return made.value.pixels;
    };
  },
};

async function answer(request: CodecRequest | ExtractRequest): Promise<CodecAnswer> {
  try {
    if (request.kind === 'extract') return { ok: true, ms: await timeExtraction(request), width: 0, height: 0 };
    const { kind, path, times } = request;
    const work = preparations[kind](path);
    const { width, height } = await work();
    const { cpuMs } = await timed(async () => {
      for (let count = 0; count < times; count++) await work();
    });
    return { ok: true, ms: cpuMs / times, width, height };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** A decode child goes through thousands of photos; until Node has compiled what they need, each takes several times as long. */
const photosBefore = 3_000;
let extracted = 0;

async function timeExtraction({ paths, edge }: ExtractRequest): Promise<number> {
  const once = (): void => paths.forEach((path) => void extract(path, edge, tools));
  for (; extracted < photosBefore; extracted += paths.length) once();
  return (await timed(once)).cpuMs / paths.length;
}

process.on('message', (request: CodecRequest | ExtractRequest) => void answer(request).then((reply) => process.send?.(reply)));
process.on('disconnect', () => process.exit());
