/** What goes to standard output and error, on streams of the test. */
import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { describePlan, layOut } from '../../app/cli/tables.ts';
import { createTerminal } from '../../app/cli/terminal.ts';
import type { TerminalStreams } from '../../app/cli/terminal.ts';

function collect(live: boolean): { stream: TerminalStreams['stderr']; text: () => string } {
  let text = '';
  const stream = Object.assign(new PassThrough(), live ? { isTTY: true, columns: 40 } : {});
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { stream, text: () => text };
}

function open(live: boolean, progress: 'auto' | 'forced' = 'auto') {
  const out = collect(false);
  const err = collect(live);
  return { out, err, terminal: createTerminal({ stdout: out.stream, stderr: err.stream }, { folder: '/', signal: new AbortController().signal, progress }) };
}

describe('progress', () => {
  it('is not shown where standard error is no terminal', () => {
    const { terminal, out, err } = open(false);
    terminal.showProgress('cull', { done: 3, total: 3 });
    expect(err.text()).toBe('');
    expect(out.text()).toBe('');
  });

  it('is lines where it was asked for, the last one always', () => {
    const { terminal, err } = open(false, 'forced');
    terminal.showProgress('cull', { done: 1, total: 3, note: 'a.nef' });
    terminal.showProgress('cull', { done: 2, total: 3 });
    terminal.showProgress('cull', { done: 3, total: 3 });
    expect(err.text()).toBe('cull 1/3 a.nef\ncull 3/3\n');
  });

  it('is one line that is drawn over on a terminal, cut to its width and gone before anything else is said', () => {
    const { terminal, err } = open(true);
    terminal.showProgress('export', { done: 3, total: 3, note: 'x'.repeat(60) });
    terminal.tell('done');
    const [line = '', rest] = err.text().split('\x1b[K');
    expect(line).toBe(`\r${`export 3/3 ${'x'.repeat(60)}`.slice(0, 39)}`);
    expect(rest).toBe('\r');
    expect(err.text().endsWith('\x1b[Kdone\n')).toBe(true);
  });
});

describe('printing', () => {
  it('is over when all of it is written, however slow the reader', async () => {
    const chunks: Buffer[] = [];
    const slow = new Writable({
      highWaterMark: 10,
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk);
        setTimeout(done, 20);
      },
    });
    const terminal = createTerminal({ stdout: slow, stderr: new PassThrough() }, { folder: '/', signal: new AbortController().signal, progress: 'auto' });
    await terminal.print('x'.repeat(1000));
    expect(Buffer.concat(chunks).length).toBe(1000);
  });

  it('goes on without a reader that has gone away, and hides no other failure', async () => {
    const failing = (code: string): Writable =>
      new Writable({
        write(_chunk, _encoding, done) {
          done(Object.assign(new Error(code), { code }));
        },
      });
    const make = (stdout: Writable) => createTerminal({ stdout, stderr: new PassThrough() }, { folder: '/', signal: new AbortController().signal, progress: 'auto' });
    const gone = make(failing('EPIPE'));
    await gone.print('a');
    await gone.print('b');
    await expect(make(failing('ENOSPC')).print('a')).rejects.toMatchObject({ error: { code: 'disk-full' } });
    await expect(make(failing('EIO')).print('a')).rejects.toMatchObject({ error: { code: 'destination-unwritable' } });
  });
});

describe('tables', () => {
  it('have columns of one width, are cut to the terminal, and are whole elsewhere', () => {
    const rows = [['A', 'NAME', 'WHY'], ['keep', 'a.jpg', 'sharp and well exposed']];
    expect(layOut(rows, null)).toBe('A     NAME   WHY\nkeep  a.jpg  sharp and well exposed');
    expect(layOut(rows, 20)).toBe('A     NAME   WHY\nkeep  a.jpg  sharp …');
    expect(layOut([], 20)).toBe('');
  });

  it('tell a plan in one line, and only what there is', () => {
    const plan = { plan: 'p', destination: 'out', preset: 'copy' as const, photos: 1, files: 2, bytes: 31_400_000, done: 0, renamed: 0, problems: 0, items: [] };
    expect(describePlan(plan, '/out')).toBe('Plan: 1 photo as copy, 2 files, about 31.4 MB, to /out');
    expect(describePlan({ ...plan, photos: 3, bytes: 2.5e9, done: 1, renamed: 2, problems: 3 }, '/out')).toBe(
      'Plan: 3 photos as copy, 2 files, about 2.5 GB; 1 already there; 2 renamed because the name is taken; 3 cannot be exported, to /out',
    );
  });
});
