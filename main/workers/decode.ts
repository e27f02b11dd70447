/**
 * The decode child: started by adapters/decode-pool with child_process.fork (serialization 'advanced'), it answers one
 * ChildRequest at a time and ends when its parent does. Whatever a file does to it, only this process is harmed.
 */
import type { ChildReply, ChildRequest, WorkerPart, WorkerRequest } from '../ports/index.ts';
import { analyse, internalFailure } from './analyse.ts';
import { deliverPicture } from './deliver.ts';
import { embedJpegs, embedWords } from './embed.ts';
import { makePicture } from './picture.ts';
import { NoRoom } from './room.ts';
import { runSelfTest } from './self-test/index.ts';
import { createTools } from './tools.ts';

let answered = 0;
const tools = createTools(reportBug, () => answered === 0);

/** Bugs go to the parent's log by stderr; the path of a photo is not part of the text. */
function reportBug(where: string, error: unknown): void {
  process.stderr.write(`decode child: bug in ${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

function send(message: ChildReply | WorkerPart): void {
  if (process.connected) process.send!(message);
}

async function answer(request: ChildRequest): Promise<ChildReply> {
  const { id } = request;
  try {
    if (request.kind === 'analyse') return { id, kind: 'analyse', result: await analyse(request.task, tools, (part) => send({ id, kind: 'part', ...part })) };
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
    if (error instanceof NoRoom && isForPhoto(request)) return { id, kind: request.kind, result: internalFailure(), again: true, retire: true };
    reportBug(request.kind, error);
    return { id, kind: request.kind, result: internalFailure() };
  }
}

function isForPhoto(request: ChildRequest): request is WorkerRequest {
  return request.kind !== 'self-test' && request.kind !== 'embed' && request.kind !== 'embed-texts';
}

/**
 * Above this at rest the child asks to be replaced, which costs a fraction of a second. What decoders leave behind grows slowly; with all
 * measures of 24 megapixels and the models, which take 90 MB, a child rests at 320 MB (measured), and what it works with is in that. For
 * rendering, which takes much more, see room.ts.
 */
const mostAtRest = 350_000_000;
/** CLIP's image tower takes 550 MiB (32-bit floats; measured on one of its shape), and the text tower beside it would take 250 MB more; their child does nothing else. */
const mostWithTower = 1_200_000_000;
let hasTower = false;

/** True where that is so even after the decoders' own memories, of up to hundreds of megabytes, were given back without waiting. */
function hasGrown(): boolean {
  const most = hasTower ? mostWithTower : mostAtRest;
  if (process.memoryUsage.rss() <= most) return false;
  globalThis.gc?.();
  return process.memoryUsage.rss() > most;
}

let last: Promise<void> = Promise.resolve();
process.on('message', (request: ChildRequest) => {
  // The parent sends one at a time; should two come, they wait for each other, because they share the buffers.
  last = last.then(async () => {
    const reply = await answer(request);
    answered += 1;
    const retire = hasGrown();
    send(retire ? { ...reply, retire } : reply);
  });
});
// Not process.exit: it waits for the decoder's threads, which may hang; there is nothing here that would have to be saved.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Ctrl+C reaches the whole group of processes; the parent decides when this one ends.
process.on('SIGINT', () => undefined);
process.send?.({ kind: 'ready' });
