/**
 * A child for tests of the self-tests: it speaks the real protocol, and PARJANYA_TEST_CHILD (`focus=die,phash=hang`) says how it behaves.
 * Each test that it is given is a line in the file named by PARJANYA_TEST_LOG.
 */
import { appendFileSync } from 'node:fs';
import type { ChildRequest } from '../../main/ports/index.ts';

const behaviour = new Map((process.env['PARJANYA_TEST_CHILD'] ?? '').split(',').map((rule) => rule.split('=') as [string, string]));

process.on('message', (request: ChildRequest) => {
  if (request.kind !== 'self-test') throw new Error(`unexpected ${request.kind}`);
  const { id, task } = request;
  appendFileSync(process.env['PARJANYA_TEST_LOG']!, `${task.test}\n`);
  const what = behaviour.get(task.test);
  if (what === 'die') process.kill(process.pid, 'SIGSEGV');
  if (what === 'hang') for (;;);
  if (what === 'wait') return;
  if (what === 'throw') return void process.send!({ id, kind: 'self-test', result: { ok: false, error: { code: 'internal', message: 'A bug.', retry: false } } });
  process.send!({ id, kind: 'self-test', result: { ok: true, value: { outcome: what === 'wrong' ? 'wrong' : 'ok', message: what === 'wrong' ? 'Other numbers.' : null, ms: 1 } } });
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.send?.({ kind: 'ready' });
