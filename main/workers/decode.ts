/**
 * The decode child: started by adapters/decode-pool with child_process.fork (serialization 'advanced'), it answers one
 * ChildRequest at a time and ends when its parent does. Whatever a file does to it, only this process is harmed.
 */
import type { ChildReply, ChildRequest } from '../ports/index.ts';
import { analyse, internalFailure } from './analyse.ts';
import { deliverPicture } from './deliver.ts';
import { embedJpegs, embedWords } from './embed.ts';
import { makePicture } from './picture.ts';
import { runSelfTest } from './self-test/index.ts';
import { createTools } from './tools.ts';

const tools = createTools(reportBug);

/** Bugs go to the parent's log by stderr; the path of a photo is not part of the text. */
function reportBug(where: string, error: unknown): void {
  process.stderr.write(`decode child: bug in ${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

async function answer(request: ChildRequest): Promise<ChildReply> {
  const { id } = request;
  try {
    if (request.kind === 'analyse' && Object.keys(request.task.models ?? {}).length > 0) hasModels = true;
    if (request.kind === 'analyse') return { id, kind: 'analyse', result: await analyse(request.task, tools) };
    if (request.kind === 'deliver') return { id, kind: 'deliver', result: await deliverPicture(request.task, tools) };
    if (request.kind === 'self-test') return { id, kind: 'self-test', result: await runSelfTest(request.task, tools) };
    if (request.kind === 'embed') {
      hasTower = true;
      tools.setModels({ 'clip-b32-image': request.task.model });
      return { id, kind: 'embed', result: await embedJpegs(request.task, tools) };
    }
    if (request.kind === 'embed-texts') {
      hasTower = true;
      tools.setModels({ 'clip-b32-text': request.task.files.tower });
      return { id, kind: 'embed-texts', result: await embedWords(request.task, tools) };
    }
    return { id, kind: 'picture', result: await makePicture(request.task, tools) };
  } catch (error) {
    reportBug(request.kind, error);
    return { id, kind: request.kind, result: internalFailure() };
  }
}

/**
 * Above this at rest the child asks to be replaced, which costs a fraction of a second: what decoders leave behind grows slowly
 * (measured over a thousand RAW files: from 155 to 240 MB), and rendering 24 megapixels takes up to 180 MB more; together they are to
 * stay below 400 MB.
 */
const mostAtRest = 220_000_000;

/**
 * The same for a child that has models loaded, which take 90 MB (measured over the shared photos: from 185 to 300 MB, with larger decodes
 * of group shots). Rendering RAW files in such a child may pass 400 MB; most have previews.
 */
const mostWithModels = 330_000_000;
let hasModels = false;
/** CLIP's image tower takes 550 MiB (32-bit floats; measured on one of its shape), and the text tower beside it would take 250 MB more; their child does nothing else. */
const mostWithTower = 1_200_000_000;
let hasTower = false;

/** True where that is so even after the decoders' own memories, of up to hundreds of megabytes, were given back without waiting. */
function hasGrown(): boolean {
  const most = hasTower ? mostWithTower : hasModels ? mostWithModels : mostAtRest;
  if (process.memoryUsage.rss() <= most) return false;
  globalThis.gc?.();
  return process.memoryUsage.rss() > most;
}

let last: Promise<void> = Promise.resolve();
process.on('message', (request: ChildRequest) => {
  // The parent sends one at a time; should two come, they wait for each other, because they share the buffers.
  last = last.then(async () => {
    const reply = await answer(request);
    const retire = hasGrown();
    if (process.connected) process.send!(retire ? { ...reply, retire } : reply);
  });
});
// Not process.exit: it waits for the decoder's threads, which may hang; there is nothing here that would have to be saved.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Ctrl+C reaches the whole group of processes; the parent decides when this one ends.
process.on('SIGINT', () => undefined);
process.send?.({ kind: 'ready' });
