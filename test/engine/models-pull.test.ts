/** Fetching model files over real HTTP, from servers that behave in every way that servers do; and finding what was fetched. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createModelShelf, pullModel } from '../../main/adapters/models/index.ts';
import type { PullOptions } from '../../main/adapters/models/index.ts';
import { createCancel } from '../../main/base/index.ts';
import type { ManifestEntry } from '../../main/domain/index.ts';
import { manifestEntry, modelManifest } from '../../models/index.ts';
import { findProgram, modelsFolder, need, needModels } from '../config/needs.ts';
import { randomBytes } from '../fixtures/random.ts';

let home: string;
let folder: string;
const servers: Server[] = [];
const tunnels: { destroy(): unknown }[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'parjanya-pull-'));
  folder = join(home, 'models');
});
afterEach(async () => {
  for (const tunnel of tunnels.splice(0)) tunnel.destroy();
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) (server as ReturnType<typeof createServer>).closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  rmSync(home, { recursive: true, force: true });
});

const content = bytesOf(1, 3_000_000);
const sha256 = hashOf(content);

function bytesOf(seed: number, length: number): Buffer {
  return Buffer.from(randomBytes(seed, length));
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Starts a server and says where; each request goes to the next of `answers`, and to the last one from then on. */
async function serve(...answers: Answer[]): Promise<{ url: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    answers[Math.min(requests.length, answers.length - 1)]!(request, response);
    requests.push(request);
  });
  return { url: `http://127.0.0.1:${await listen(server)}/files/model.onnx`, requests };
}

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** As a good server does: ranges, and If-Range by its tag. */
function whole(bytes: Buffer, { tag = '"one"', until = bytes.length }: { tag?: string | null; until?: number } = {}): Answer {
  return (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const isPart = request.headers.range !== undefined && request.headers['if-range'] === tag;
    const from = isPart ? start : 0;
    if (from >= bytes.length) return void response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    response.writeHead(isPart ? 206 : 200, {
      'content-length': bytes.length - from,
      ...(tag === null ? {} : { etag: tag }),
      ...(isPart ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    if (until === bytes.length) response.end(bytes.subarray(from));
    // all of this part arrives, and then the line ends in the midst of the body
    else response.write(bytes.subarray(from, until), () => response.socket?.end());
  };
}

const status = (code: number): Answer => (_request, response) => void response.writeHead(code).end('no');

function entryAt(url: string, change: Partial<ManifestEntry> = {}): ManifestEntry {
  return { ...modelManifest[0]!, url, file: 'model.onnx', bytes: content.length, sha256, ...change };
}

const pull = (entry: ManifestEntry, options: Partial<PullOptions> = {}) => pullModel(entry, { folder, attempts: 2, pauseMs: 10, env: {}, ...options });
const files = (): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

describe('models pull', () => {
  it('fetches a file, checks it, and leaves nothing else behind', async () => {
    const { url, requests } = await serve(whole(content));
    const progress: number[] = [];
    expect(await pull(entryAt(url), { onProgress: ({ done, total }) => progress.push(done / total) })).toMatchObject({ ok: true, value: { path: join(folder, 'model.onnx'), sha256, bytes: content.length, isRecorded: false } });
    expect(readFileSync(join(folder, 'model.onnx')).equals(content)).toBe(true);
    expect(files()).toEqual(['model.onnx']);
    expect(requests).toHaveLength(1);
    expect(progress.at(-1)).toBe(1);
  });

  it('goes on after the line was cut, with the bytes that are missing only', async () => {
    const { url, requests } = await serve(whole(content, { until: 1_000_000 }), whole(content, { until: 2_000_000 }), whole(content));
    expect(await pull(entryAt(url))).toMatchObject({ ok: true, value: { sha256 } });
    // of what the server sent, the last may be lost with the line
    const starts = requests.map(({ headers }) => Number(/^bytes=(\d+)-$/.exec(headers.range ?? 'bytes=0-')?.[1]));
    expect(starts[0]).toBe(0);
    expect(starts[1]).toBeGreaterThan(500_000);
    expect(starts[2]).toBeGreaterThan(starts[1]!);
  });

  it('goes on in another run', async () => {
    const { url, requests } = await serve(whole(content, { until: 1_000_000 }), status(503), whole(content));
    expect(await pull(entryAt(url), { attempts: 1 })).toMatchObject({ ok: false, error: { code: 'download-failed', retry: true } });
    expect(files()).toEqual(['model.onnx.part', 'model.onnx.part.json']);
    // of what the server sent, the last may be lost with the line
    const kept = statSync(join(folder, 'model.onnx.part')).size;
    expect(kept).toBeGreaterThan(500_000);
    expect(await pull(entryAt(url))).toMatchObject({ ok: true, value: { sha256 } });
    expect(requests.at(-1)!.headers.range).toBe(`bytes=${kept}-`);
  });

  it('begins again where the file has changed meanwhile, and glues nothing', async () => {
    const other = bytesOf(2, content.length);
    const { url, requests } = await serve(whole(other, { until: 1_000_000 }), whole(content, { tag: '"two"' }));
    expect(await pull(entryAt(url))).toMatchObject({ ok: true, value: { sha256 } });
    expect(requests[1]!.headers['if-range']).toBe('"one"');
    expect(readFileSync(join(folder, 'model.onnx')).equals(content)).toBe(true);
  });

  it.each([
    ['ignores ranges', (_request, response) => void response.writeHead(200, { 'content-length': content.length, etag: '"one"' }).end(content)],
    ['sends another part than was asked for', (request, response) => void (request.headers.range ? response.writeHead(206, { 'content-range': `bytes 5-${content.length - 1}/${content.length}` }).end(content.subarray(5)) : whole(content)(request, response))],
    ['says that there is no such part', (request, response) => void (request.headers.range ? response.writeHead(416).end() : whole(content)(request, response))],
    ['names no tag and no date', whole(content, { tag: null })],
  ] satisfies [string, Answer][])('begins again where the server %s', async (_what, answer) => {
    const { url } = await serve(whole(content, { until: 1_000_000 }), answer);
    expect(await pull(entryAt(url), { attempts: 3 })).toMatchObject({ ok: true, value: { sha256 } });
    expect(files()).toEqual(['model.onnx']);
  });

  it.each([
    ['another file of the same size', bytesOf(3, content.length), 'SHA-256'],
    ['a file that is cut off', content.subarray(0, 2_000_000), 'bytes'],
    ['a file that is longer', Buffer.concat([content, Buffer.alloc(10)]), 'bytes'],
  ])('refuses %s and keeps nothing of it', async (_what, bytes, why) => {
    const { url } = await serve(whole(bytes));
    const answer = await pull(entryAt(url));
    expect(answer).toMatchObject({ ok: false, error: { code: 'model-wrong' } });
    expect(answer.ok ? '' : answer.error.message).toContain(why);
    expect(files()).toEqual([]);
    // where the server does not say how long it is either
    const silent = await serve((_request, response) => void response.writeHead(200, { etag: '"x"' }).end(bytes));
    expect(await pull(entryAt(silent.url))).toMatchObject({ ok: false, error: { code: 'model-wrong' } });
    expect(files()).toEqual([]);
  });

  it('keeps the file that is there when the new one is refused', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'model.onnx'), 'old');
    const { url } = await serve(whole(bytesOf(3, content.length)));
    expect((await pull(entryAt(url))).ok).toBe(false);
    expect(readFileSync(join(folder, 'model.onnx'), 'utf8')).toBe('old');
  });

  it.each([[404, false, 1], [403, false, 1], [500, true, 2], [429, true, 2]])('answers %i with a code, and asks again only where that may help', async (code, retry, asked) => {
    const { url, requests } = await serve(status(code));
    expect(await pull(entryAt(url))).toMatchObject({ ok: false, error: { code: 'download-failed', message: expect.stringContaining(String(code)) as string, retry } });
    expect(requests).toHaveLength(asked);
    expect(files()).toEqual([]);
  });

  it('gives up a server that does not answer, and one that is not there', async () => {
    const { url } = await serve(() => undefined);
    expect(await pull(entryAt(url), { attempts: 1, idleMs: 200 })).toMatchObject({ ok: false, error: { code: 'download-failed', retry: true } });
    const gone = createServer();
    const port = await listen(gone);
    gone.close();
    expect(await pull(entryAt(`http://127.0.0.1:${port}/model.onnx`), { attempts: 1 })).toMatchObject({ ok: false, error: { code: 'download-failed', message: expect.stringContaining('ECONNREFUSED') as string } });
  });

  it('follows redirects, not for ever, and not to other kinds of address', async () => {
    const target = await serve(whole(content));
    const onward = await serve((_request, response) => void response.writeHead(302, { location: target.url }).end());
    expect(await pull(entryAt(onward.url))).toMatchObject({ ok: true });
    const circle = await serve((request, response) => void response.writeHead(302, { location: request.url }).end());
    expect(await pull(entryAt(circle.url))).toMatchObject({ ok: false, error: { code: 'download-failed' } });
    const file = await serve((_request, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end());
    expect(await pull(entryAt(file.url))).toMatchObject({ ok: false, error: { code: 'download-failed' } });
  });

  it('stops when it is cancelled and keeps what has come', async () => {
    const { signal, cancel } = createCancel();
    const { url } = await serve((_request, response) => void response.writeHead(200, { 'content-length': content.length, etag: '"one"' }).write(content.subarray(0, 1_000_000)));
    const pulling = pull(entryAt(url), { signal, onProgress: ({ done }) => done === 1_000_000 && cancel() });
    expect(await pulling).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(statSync(join(folder, 'model.onnx.part')).size).toBe(1_000_000);
  });

  it('says where it cannot write', async () => {
    writeFileSync(join(home, 'file'), '');
    const { url } = await serve(whole(content));
    expect(await pull(entryAt(url), { folder: join(home, 'file', 'models') })).toMatchObject({ ok: false, error: { code: 'destination-unwritable' } });
  });

  it('records a hash that is not known yet, and enforces it from then on', async () => {
    const { url } = await serve(whole(content));
    const unknown = entryAt(url, { sha256: null, bytes: null });
    expect(await pull(unknown)).toMatchObject({ ok: true, value: { isRecorded: true, sha256 } });
    const other = await serve(whole(bytesOf(4, 1_000)));
    expect(await pull({ ...unknown, url: other.url })).toMatchObject({ ok: false, error: { code: 'model-wrong' } });
    expect(readFileSync(join(folder, 'model.onnx')).equals(content)).toBe(true);
    // on the shelf too, and another version is another matter
    const shelf = createModelShelf({ folders: [folder], notes: folder, manifest: [unknown] });
    expect((await shelf.list())[0]!.state).toBe('present');
    writeFileSync(join(folder, 'model.onnx'), 'changed');
    expect((await shelf.list())[0]).toMatchObject({ state: 'wrong', error: { code: 'model-wrong' } });
    expect((await createModelShelf({ folders: [folder], notes: folder, manifest: [{ ...unknown, version: 'next' }] }).list())[0]!.state).toBe('present');
  });

  it('takes files from a folder, read-only ones too, by either name, and checks them', async () => {
    const source = join(home, 'source');
    mkdirSync(source);
    writeFileSync(join(source, 'vision_model.onnx'), content, { mode: 0o444 });
    const entry = entryAt('http://127.0.0.1:9/no/vision_model.onnx');
    expect(await pull(entry, { from: source })).toMatchObject({ ok: true, value: { sha256 } });
    expect(statSync(join(folder, 'model.onnx')).mode & 0o200).toBe(0o200);
    expect(await pull({ ...entry, sha256: hashOf(Buffer.from('x')) }, { from: source })).toMatchObject({ ok: false, error: { code: 'model-wrong' } });
    expect(await pull(entry, { from: join(home, 'nowhere') })).toMatchObject({ ok: false, error: { code: 'file-vanished' } });
    expect(files()).toEqual(['model.onnx']);
  });
});

const childScript = fileURLToPath(new URL('./models-pull-child.ts', import.meta.url));

function startPull(entry: ManifestEntry, env: Record<string, string> = {}): { child: ChildProcess; ended: Promise<string> } {
  const { HTTP_PROXY: _http, HTTPS_PROXY: _https, http_proxy: _lower, https_proxy: _lowerToo, NO_PROXY: _no, no_proxy: _noToo, ...rest } = process.env;
  const child = spawn(process.execPath, [childScript, JSON.stringify(entry), folder], { env: { ...rest, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  return { child, ended: once(child, 'close').then(() => out) };
}

describe('the files that prompts need', () => {
  it('are fetched and gone on with as all others are: the list of words, under its own hash', async (context) => {
    needModels(context);
    const entry = manifestEntry('clip-tokenizer');
    const bytes = readFileSync(join(modelsFolder, entry.file));
    const { url, requests } = await serve(whole(bytes, { until: 600_000 }), whole(bytes));
    expect(await pullModel({ ...entry, url }, { folder, pauseMs: 5 })).toMatchObject({ ok: true, value: { sha256: entry.sha256, isRecorded: false, path: join(folder, entry.file) } });
    // from where the line was cut: what had arrived by then is the network's matter
    const from = Number(/^bytes=(\d+)-$/.exec(requests[1]!.headers.range ?? '')?.[1]);
    expect(from > 0 && from <= 600_000, requests[1]!.headers.range).toBe(true);
    expect(await createModelShelf({ folders: [folder], notes: folder }).locate('clip-tokenizer')).toMatchObject({ ok: true });
    const other = await serve(whole(bytes.subarray(0, 900_000)));
    rmSync(join(folder, entry.file));
    expect(await pullModel({ ...entry, url: other.url }, { folder, attempts: 1 })).toMatchObject({ ok: false, error: { code: 'model-wrong' } });
    expect(existsSync(join(folder, entry.file))).toBe(false);
  });

  it('have a hash that is known before they are here, or from the first time on', async () => {
    const { url } = await serve(whole(content), whole(bytesOf(2, 3_000_000)));
    const entry: ManifestEntry = { ...manifestEntry('clip-b32-text'), url, sha256: null, bytes: null };
    const shelf = createModelShelf({ folders: [folder], notes: folder, manifest: [entry, manifestEntry('clip-tokenizer')] });
    expect([await shelf.expectedHash('clip-b32-text'), await shelf.expectedHash('clip-tokenizer'), await shelf.expectedHash('iris')]).toEqual([null, manifestEntry('clip-tokenizer').sha256, null]);
    expect(await pullModel(entry, { folder })).toMatchObject({ ok: true, value: { isRecorded: true } });
    expect(await shelf.expectedHash('clip-b32-text')).toBe(sha256);
    rmSync(join(folder, entry.file));
    // also without the file: what prompts were embedded with is known when the tower has gone
    expect(await shelf.expectedHash('clip-b32-text')).toBe(sha256);
    expect(await pullModel(entry, { folder, attempts: 1 })).toMatchObject({ ok: false, error: { code: 'model-wrong' } });
  });
});

describe('in a process of its own', () => {
  it('goes on with what a killed run has left', async () => {
    const { url, requests } = await serve((_request, response) => void response.writeHead(200, { 'content-length': content.length, etag: '"one"' }).write(content.subarray(0, 1_500_000)), whole(content));
    const first = startPull(entryAt(url));
    await new Promise<void>((resolve) => first.child.stderr!.setEncoding('utf8').on('data', (text: string) => text.includes('1500000') && resolve()));
    first.child.kill('SIGKILL');
    await first.ended;
    expect(files()).toEqual(['model.onnx.part', 'model.onnx.part.json']);
    expect(JSON.parse(await startPull(entryAt(url)).ended)).toMatchObject({ ok: true, value: { sha256 } });
    expect(requests[1]!.headers.range).toBe('bytes=1500000-');
    expect(files()).toEqual(['model.onnx']);
  });

  /** A proxy: whole addresses for HTTP, CONNECT for HTTPS. */
  async function startProxy(): Promise<{ url: string; seen: string[] }> {
    const seen: string[] = [];
    const proxy = createServer((request, response) => {
      seen.push(`GET ${request.url}`);
      whole(content)(request, response);
    });
    proxy.on('connect', (request, socket, head) => {
      seen.push(`CONNECT ${request.url}`);
      const [host, port] = request.url!.split(':');
      const onward = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        onward.write(head);
        onward.pipe(socket).pipe(onward);
      });
      for (const end of [onward, socket]) end.on('error', () => onward.destroy());
      // the server does not know of this line any more and would wait for it
      socket.on('close', () => onward.destroy());
      tunnels.push(socket);
    });
    return { url: `http://127.0.0.1:${await listen(proxy)}`, seen };
  }

  it('goes through a proxy for HTTP, unless the host is excepted', async () => {
    const proxy = await startProxy();
    const origin = await serve(whole(content));
    expect(JSON.parse(await startPull(entryAt('http://models.invalid/model.onnx'), { HTTP_PROXY: proxy.url }).ended)).toMatchObject({ ok: true });
    expect(proxy.seen).toEqual(['GET http://models.invalid/model.onnx']);
    expect(JSON.parse(await startPull(entryAt(origin.url), { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' }).ended)).toMatchObject({ ok: true });
    expect(proxy.seen).toHaveLength(1);
    expect(origin.requests).toHaveLength(1);
  });

  it('goes through a CONNECT proxy for HTTPS, with the certificate checked', async (context) => {
    const openssl = findProgram('openssl');
    need(context, 'openssl', openssl !== null, 'no openssl to make a certificate with');
    const [key, certificate] = [join(home, 'key.pem'), join(home, 'certificate.pem')];
    const made = spawnSync(openssl!, ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'], { encoding: 'utf8' });
    expect(made.status, made.stderr).toBe(0);
    const origin = createSecureServer({ key: readFileSync(key), cert: readFileSync(certificate) }, whole(content));
    const port = await listen(origin);
    const proxy = await startProxy();
    const entry = entryAt(`https://localhost:${port}/model.onnx`);
    expect(JSON.parse(await startPull(entry, { HTTPS_PROXY: proxy.url }).ended)).toMatchObject({ ok: false, error: { code: 'download-failed', message: expect.stringContaining('certificate') as string } });
    expect(JSON.parse(await startPull(entry, { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: certificate }).ended)).toMatchObject({ ok: true, value: { sha256 } });
    expect(proxy.seen).toEqual([`CONNECT localhost:${port}`, `CONNECT localhost:${port}`]);
  });
});

describe('the shelf of models', () => {
  it('looks through folders in order, passes over what is wrong, and says what helps', async () => {
    const [first, second] = [join(home, 'first'), join(home, 'second')];
    const entry = entryAt('http://127.0.0.1:9/model.onnx');
    const shelf = createModelShelf({ folders: [first, second], notes: folder, manifest: [entry] });
    const missing = await shelf.locate(entry.id);
    expect(missing).toMatchObject({ ok: false, error: { code: 'model-missing', message: expect.stringContaining(`parjanya models pull ${entry.id} (3.0 MB)`) as string } });
    for (const one of [first, second]) mkdirSync(one);
    writeFileSync(join(first, 'model.onnx'), content.subarray(0, 5_000));
    expect(await shelf.locate(entry.id)).toMatchObject({ ok: false, error: { code: 'model-wrong', message: expect.stringContaining(sha256.slice(0, 12)) as string } });
    writeFileSync(join(second, 'model.onnx'), content);
    expect(await shelf.locate(entry.id)).toEqual({ ok: true, value: { path: join(second, 'model.onnx'), sha256, version: entry.version } });
    expect(await shelf.locate('iris')).toMatchObject({ ok: false, error: { code: 'model-missing' } });
  });

  it('hashes a file again only when its size or time has changed, in later processes too', async () => {
    const large = bytesOf(5, 16_000_001);
    const entry = entryAt('http://127.0.0.1:9/model.onnx', { sha256: hashOf(large), bytes: large.length });
    const file = join(folder, 'model.onnx');
    const state = async (): Promise<string> => (await createModelShelf({ folders: [folder], notes: folder, manifest: [entry] }).list())[0]!.state;
    mkdirSync(folder);
    writeFileSync(file, large);
    const mtime = new Date(1_700_000_000_000);
    utimesSync(file, mtime, mtime);
    expect(await state()).toBe('present');
    // the same size and time: what was noted is believed, which shows that it was not read again
    large[0] = large[0]! ^ 1;
    writeFileSync(file, large);
    utimesSync(file, mtime, mtime);
    expect(await state()).toBe('present');
    utimesSync(file, mtime, new Date(mtime.getTime() + 5_000));
    expect(await state()).toBe('wrong');
    writeFileSync(join(folder, 'checked.json'), '{ damaged');
    expect(await state()).toBe('wrong');
  });
});
