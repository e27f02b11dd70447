/** `parjanya serve` and `npm start` where there is no screen: the page on loopback, from the real command. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { projectFolder } from '../config/needs.ts';
import { makeShoot } from '../fixtures/index.ts';
import type { ShootTruth } from '../fixtures/index.ts';
import { childrenOf, isAlive, runCommand, startCommand } from './run-command.ts';

let folder: string;
let truth: ShootTruth;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parjanya-serve-'));
  truth = await makeShoot(join(folder, 'shoot'), { photos: 3, edge: 480 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const newCatalog = (): string => join(folder, `catalog-${++count}.db`);
const linkIn = (text: string): string | null => /^http:\/\/127\.0\.0\.1:\d+\/\?t=[\w-]{43}$/m.exec(text)?.[0] ?? null;

/** Follows the link as a browser does, asks the engine for its grants over the socket, and fetches the page. */
async function visit(link: string): Promise<{ title: string; grants: { name: string; kind: string }[] }> {
  const first = await fetch(link, { redirect: 'manual' });
  const cookie = first.headers.getSetCookie()[0]!.split(';')[0]!;
  const { origin, host } = new URL(link);
  const page = await (await fetch(`${origin}/`, { headers: { Cookie: cookie } })).text();
  const socket = new WebSocket(`ws://${host}/socket`, { headers: { Cookie: cookie, Origin: origin } });
  const answer = await new Promise<string>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () => socket.send(JSON.stringify({ t: 'call', id: 1, m: 'library.grants', in: {} })));
    socket.once('message', (data: Buffer) => resolve(data.toString()));
  });
  socket.close();
  return { title: /<title>([^<]*)/.exec(page)?.[1] ?? '', grants: (JSON.parse(answer) as { out: { name: string; kind: string }[] }).out };
}

describe('serve', () => {
  it('prints the link, serves the page with the folder, and ends well at Ctrl+C', async () => {
    const running = startCommand(['serve', truth.folder, '--to', join(folder, 'keepers'), '--catalog', newCatalog()]);
    await expect.poll(() => linkIn(running.out()), { timeout: 110_000 }).not.toBeNull();
    expect(running.out().trim()).toBe(linkIn(running.out()));
    const { title, grants } = await visit(linkIn(running.out())!);
    expect(title).toBe('Parjanya');
    expect(grants).toEqual([expect.objectContaining({ name: 'shoot', kind: 'shoot' }), expect.objectContaining({ name: 'keepers', kind: 'destination' })]);
    const children = childrenOf(running.process.pid!);
    running.process.kill('SIGINT');
    expect(await running.ended).toMatchObject({ status: 0, signal: null });
    await expect.poll(() => children.filter(isAlive), { timeout: 15_000 }).toEqual([]);
  });

  it('says which port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    try {
      const ran = await runCommand(['serve', truth.folder, '--port', String(port), '--catalog', newCatalog()]);
      expect([ran.status, ran.out]).toEqual([1, '']);
      expect(ran.err).toContain(`not-available: Port ${port} is in use by another program; choose another one.`);
    } finally {
      other.close();
    }
  });

  it('tells a folder that is not there', async () => {
    const ran = await runCommand(['serve', join(folder, 'nowhere')]);
    expect([ran.status, ran.out]).toEqual([1, '']);
    expect(ran.err).toMatch(/^folder-missing: /);
  });
});

describe('npm start', () => {
  const script = join(projectFolder, 'app/build/start.ts');
  const environment = (): Record<string, string> => {
    const { DISPLAY: _x, WAYLAND_DISPLAY: _w, npm_lifecycle_event: _e, INIT_CWD: _f, ...rest } = process.env;
    return { ...(rest as Record<string, string>), PARJANYA_DATA: join(folder, 'data') };
  };

  it('says that there is no screen, serves the page instead, and ends with everything at Ctrl+C', async (context) => {
    if (process.platform !== 'linux') return context.skip('only Linux can be without a screen');
    const child = spawn(process.execPath, [script, 'shoot'], { cwd: folder, env: environment(), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const ended = new Promise((resolve) => child.once('close', resolve));
    await expect.poll(() => linkIn(out), { timeout: 110_000 }).not.toBeNull();
    expect(err).toContain('There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set): serving the page to a browser on this machine instead.');
    expect((await visit(linkIn(out)!)).grants).toContainEqual(expect.objectContaining({ name: 'shoot', kind: 'shoot' }));
    const served = childrenOf(child.pid!);
    // a terminal sends Ctrl+C to the whole group
    process.kill(-child.pid!, 'SIGINT');
    expect(await ended).toBe(0);
    await expect.poll(() => served.filter(isAlive), { timeout: 15_000 }).toEqual([]);
  });

  it('ends with 1 for a missing folder and with 2 for wrong usage', async () => {
    const run = async (...words: string[]): Promise<[number | null, string]> => {
      const child = spawn(process.execPath, [script, ...words], { env: environment(), stdio: ['ignore', 'ignore', 'pipe'] });
      let err = '';
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      return [await new Promise((resolve) => child.once('close', resolve)), err];
    };
    expect(await run(join(folder, 'nowhere'))).toEqual([1, `folder-missing: The folder ${join(folder, 'nowhere')} does not exist.\n`]);
    const [status, text] = await run('--frob');
    expect([status, text]).toEqual([2, expect.stringMatching(/^Unknown option '--frob'[^\n]*\nUsage: npm start -- /)]);
  });
});

describe('the documentation', () => {
  it('names every command and option', async () => {
    const text = await readFile(join(projectFolder, 'docs/cli.md'), 'utf8');
    const { commandNames, usages } = await import('../../app/cli/usage.ts');
    for (const name of commandNames) {
      expect(text).toContain(`## ${name}`);
      for (const [option] of usages[name].options) for (const [word] of option.matchAll(/--[a-z]+/g)) expect(text, `${name} ${word}`).toContain(word);
    }
  });

  it('names every error code of the product', async () => {
    const text = await readFile(join(projectFolder, 'docs/cli.md'), 'utf8');
    const { errorCodes } = await import('../../main/base/index.ts');
    for (const code of errorCodes) expect(text, code).toContain(`\`${code}\``);
  });
});
