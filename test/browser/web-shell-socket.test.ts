/** The web shell's socket: real WebSockets, the real contract. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { contract, createClient, maxMessageCharacters } from '../../main/contract/index.ts';
import type { Job, Transport } from '../../main/contract/index.ts';
import { openSite, openSocket, pageHeaders, sendRaw } from './web-shell-kit.ts';
import type { Site } from './web-shell-kit.ts';

let site: Site;
const opened: WebSocket[] = [];
beforeAll(async () => {
  site = await openSite();
});
afterEach(() => {
  for (const socket of opened.splice(0)) socket.terminate();
});
afterAll(() => site.close());

async function connectPage(): Promise<WebSocket> {
  const socket = await openSocket(site, pageHeaders(site));
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
  opened.push(socket);
  return socket;
}

function transportOf(socket: WebSocket): Transport {
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    onMessage: (listener) => void socket.on('message', (data) => listener(JSON.parse((data as Buffer).toString()))),
    onClose: (listener) => void socket.once('close', listener),
    close: () => socket.close(),
  };
}

const closingCode = (socket: WebSocket): Promise<number> => new Promise((resolve) => socket.once('close', (code) => resolve(code)));

describe('the socket', () => {
  it('carries the contract', async () => {
    const { api, close } = createClient(contract, transportOf(await connectPage()));
    expect(await api.shell.info({})).toEqual({ shell: 'web', version: '1.2.3', pixels: '/photo/p/', canPickFolder: false, platform: process.platform });
    expect(await api.library.grants({})).toEqual([
      { grant: 'g1', name: 'wedding', kind: 'shoot' },
      { grant: 'g2', name: 'out', kind: 'destination' },
    ]);
    await expect(api.shell.pickFolder({ for: 'shoot' })).rejects.toMatchObject({ code: 'not-available' });
    await expect(api.library.photo({ id: 77 })).rejects.toMatchObject({ code: 'not-found' });
    const told = new Promise<Job[]>((resolve) => api.jobs.changed(resolve));
    await api.jobs.list({});
    site.engine.jobsChanged.emit([]);
    expect(await told).toEqual([]);
    close();
    await expect.poll(() => site.engine.pages(), { timeout: 10_000 }).toBe(0);
  });

  it('opens for our page only', async () => {
    const { port } = site.shell;
    const good = pageHeaders(site);
    const refusals: Record<string, string>[] = [
      { Cookie: site.cookie },
      { Origin: site.origin },
      { ...good, Cookie: `${site.cookie}x` },
      { ...good, Origin: 'http://evil.example' },
      { ...good, Origin: `http://127.0.0.1:${port + 1}` },
      { ...good, Origin: `https://127.0.0.1:${port}` },
      { ...good, Origin: 'null' },
      { ...good, Origin: `http://localhost:${port}` },
      { ...good, Host: `evil.example:${port}`, Origin: `http://evil.example:${port}` },
    ];
    for (const headers of refusals) expect(await openSocket(site, headers), JSON.stringify(headers)).toBe(403);
    expect(await openSocket(site, good, '/elsewhere')).toBe(404);
    const asLocalhost = await openSocket(site, { Cookie: site.cookie, Host: `localhost:${port}`, Origin: `http://localhost:${port}` });
    expect(asLocalhost).toBeInstanceOf(WebSocket);
    (asLocalhost as WebSocket).terminate();
  });

  it('does not answer an upgrade to something else', async () => {
    const { port } = site.shell;
    const answer = await sendRaw(port, `GET /socket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${site.cookie}\r\nOrigin: ${site.origin}\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 4\d\d /);
  });

  it('ends on a message that is too big, not JSON, or not text', async () => {
    const big = await connectPage();
    big.on('error', () => undefined);
    big.send('x'.repeat(maxMessageCharacters + 1));
    expect(await closingCode(big)).toBe(1009);
    const broken = await connectPage();
    broken.send('{"t":"call"');
    expect(await closingCode(broken)).toBe(1007);
    const binary = await connectPage();
    binary.send(Buffer.from([1, 2, 3]));
    expect(await closingCode(binary)).toBe(1003);
    await expect.poll(() => site.engine.pages(), { timeout: 10_000 }).toBe(0);
  });

  it('ignores JSON that is not of the contract and goes on', async () => {
    const socket = await connectPage();
    for (const text of ['null', '[]', '{}', '{"t":"call"}', '{"t":"call","id":-1,"m":"x"}', '"x"', '{"__proto__":{"t":"call"}}']) socket.send(text);
    const { api } = createClient(contract, transportOf(socket));
    expect((await api.shell.info({})).shell).toBe('web');
  });

  it('lets go of a page that does not read, while others are served', async () => {
    const deaf = await connectPage();
    const { api: deafApi } = createClient(contract, transportOf(deaf));
    deafApi.jobs.changed(() => undefined);
    await deafApi.jobs.list({});
    deaf.pause();
    const job: Job = { id: 1, kind: 'cull', title: 'x'.repeat(1_000_000), state: 'running', done: 0, total: 1, note: '', failed: 0, error: null };
    await expect
      .poll(
        () => {
          for (let count = 0; count < 20; count += 1) site.engine.jobsChanged.emit([job]);
          return site.engine.pages();
        },
        { timeout: 30_000, interval: 20 },
      )
      .toBe(0);
    const { api } = createClient(contract, transportOf(await connectPage()));
    expect((await api.shell.info({})).shell).toBe('web');
  });

  it('tells open pages when it closes', async () => {
    const own = await openSite();
    const socket = await openSocket(own, pageHeaders(own));
    if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
    const { api, onClosed } = createClient(contract, transportOf(socket));
    const closed = new Promise<void>((resolve) => onClosed(resolve));
    await api.jobs.list({});
    await own.close();
    await closed;
    await expect(api.jobs.list({})).rejects.toMatchObject({ code: 'closed' });
  });
});
