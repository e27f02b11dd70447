/**
 * A decode child for tests of the pool: it speaks the real protocol, and the words before the first colon of a photo's "path"
 * say how it behaves. What it did is in its answer: its process id, and how many requests that process had before.
 */
import { existsSync, writeFileSync } from 'node:fs';
import type { WorkerRequest } from '../../main/ports/index.ts';

let seen = 0;

function spin(): never {
  for (;;);
}

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  return spin();
}

async function behave(path: string): Promise<void> {
  const [what = '', argument = ''] = path.split(':');
  if (what === 'sleep') await new Promise((resolve) => setTimeout(resolve, Number(argument)));
  if (what === 'hang') spin();
  if (what === 'die') die();
  if (what === 'exit') process.exit(3);
  if (what === 'cut-line') {
    process.removeAllListeners('disconnect');
    process.disconnect();
    await new Promise((resolve) => setTimeout(resolve, 3_600_000));
  }
  if (what === 'complain') for (let line = 0; line < 5_000; line++) process.stderr.write('a decoder complains at length about a file\n');
  // `first-time-dies:<file>`: dies unless an earlier attempt left the file.
  if (what === 'first-time-dies' && !existsSync(argument)) {
    writeFileSync(argument, '');
    die();
  }
  // `wait-for:<file>`: tells that it has begun, and ends when the file is there.
  if (what === 'wait-for') {
    writeFileSync(`${argument}.begun`, String(process.pid));
    while (!existsSync(argument)) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

process.on('message', (request: WorkerRequest) => {
  void behave(request.task.path).then(() => {
    const { id, kind } = request;
    const answer = { pid: process.pid, seen: seen++, ...(request.task.path === 'environment' ? { names: Object.keys(process.env) } : {}) };
    const jpeg = new Uint8Array(Buffer.from(JSON.stringify(answer)));
    // `no-room:`: a process that has done anything leaves it to a fresh one.
    const again = request.task.path.startsWith('no-room:') && answer.seen > 0;
    if (again) process.send!({ id, kind, result: { ok: false, error: { code: 'internal', message: '', retry: false } }, again, retire: true });
    else if (kind === 'analyse') process.send!({ id, kind, result: { ok: true, value: { results: [], thumbnail: jpeg, error: null } } });
    else process.send!({ id, kind, result: { ok: true, value: { jpeg, width: 1, height: 1, source: 'self' } } });
  });
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.send?.({ kind: 'ready' });
