/** The web shell over real HTTP: who gets in, what is served, what is not. */
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWebShell } from '../../app/web/index.ts';
import { statusOfPictureError } from '../../main/contract/index.ts';
import { coded, errorCodes } from '../../main/base/index.ts';
import { createSmallEngine } from './small-engine.ts';
import { makeSmallJpeg, openSite, sendRaw } from './web-shell-kit.ts';
import type { Site } from './web-shell-kit.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(site.origin + path, { headers: { Cookie: site.cookie, ...headers }, redirect: 'manual' });

/** A GET of exactly `target`, which no client would normalise. */
const rawGet = (target: string, extra = ''): Promise<string> =>
  sendRaw(site.shell.port, `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${site.shell.port}\r\nCookie: ${site.cookie}\r\n${extra}Connection: close\r\n\r\n`);

describe('who gets in', () => {
  it('exchanges the token of the first link for a cookie that scripts and other sites cannot use', async () => {
    const answer = await fetch(site.shell.url, { redirect: 'manual' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/');
    const cookie = answer.headers.getSetCookie()[0] ?? '';
    expect(cookie).toMatch(new RegExp(`^parjanya-${site.shell.port}=[\\w-]{43}; `));
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Strict');
    expect(new URL(site.shell.url).hostname).toBe('127.0.0.1');
    expect(new URL(site.shell.url).searchParams.get('t')).toMatch(/^[\w-]{43}$/);
    expect((await get('/')).status).toBe(200);
  });

  it('refuses everything without the cookie, with a wrong one, or with the token in its place', async () => {
    const token = new URL(site.shell.url).searchParams.get('t') ?? '';
    const name = site.cookie.split('=')[0] ?? '';
    for (const cookie of ['', 'other=1', `${name}=`, `${name}=${token}`, `${site.cookie}x`, site.cookie.slice(0, -1), `parjanya-1=${site.cookie.split('=')[1]}`])
      for (const path of ['/', '/assets/index-1a2b.js', '/photo/p/1/grid?k=a', '/socket', '/nothing']) {
        const answer = await fetch(site.origin + path, { headers: cookie ? { Cookie: cookie } : {}, redirect: 'manual' });
        expect(answer.status, `${path} with ${cookie}`).toBe(403);
      }
  });

  it('refuses a wrong token, and another shell takes neither this token nor this cookie', async () => {
    const token = new URL(site.shell.url).searchParams.get('t') ?? '';
    for (const offered of ['', 'x', token.slice(0, -1), `${token}A`, encodeURIComponent('%00'), 'a'.repeat(8000)]) {
      const answer = await fetch(`${site.origin}/?t=${offered}`, { redirect: 'manual' });
      expect(answer.status).toBe(403);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    const other = await openSite();
    try {
      expect((await fetch(`${other.origin}/?t=${token}`, { redirect: 'manual' })).status).toBe(403);
      const value = site.cookie.split('=')[1];
      expect((await fetch(other.origin, { headers: { Cookie: `parjanya-${other.shell.port}=${value}` } })).status).toBe(403);
    } finally {
      await other.close();
    }
  });

  it('finds its cookie among others of the same name', async () => {
    const name = site.cookie.split('=')[0];
    expect((await get('/', { Cookie: `a=b; ${name}=older; ${site.cookie}; c` })).status).toBe(200);
  });

  it('answers only to its own two names (DNS rebinding)', async () => {
    const { port } = site.shell;
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.2:${port}`, `127.0.0.1:${port + 1}`, `127.0.0.1.evil.example:${port}`, ''])
      expect(await sendRaw(port, `GET / HTTP/1.1\r\nHost: ${host}\r\nCookie: ${site.cookie}\r\nConnection: close\r\n\r\n`), host).toMatch(/^HTTP\/1.1 40[03] /);
    expect(await sendRaw(port, `GET / HTTP/1.1\r\nHost: localhost:${port}\r\nCookie: ${site.cookie}\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 200 /);
    expect(await sendRaw(port, `GET / HTTP/1.0\r\nCookie: ${site.cookie}\r\n\r\n`)).toMatch(/^HTTP\/1.1 403 /);
  });

  it('refuses requests that other sites or other ports make, though the browser adds the cookie', async () => {
    for (const where of ['cross-site', 'same-site']) {
      expect((await get('/photo/p/1/grid?k=a', { 'Sec-Fetch-Site': where })).status).toBe(403);
      expect((await get('/assets/index-1a2b.js', { 'Sec-Fetch-Site': where })).status).toBe(403);
    }
    expect((await get('/photo/p/1/grid?k=a', { 'Sec-Fetch-Site': 'same-origin' })).status).toBe(200);
  });

  it('listens on loopback only', async () => {
    const elsewhere = connect({ host: '127.0.0.2', port: site.shell.port });
    const outcome = await new Promise((resolve) => {
      elsewhere.once('connect', () => resolve('connected'));
      elsewhere.once('error', () => resolve('refused'));
    });
    elsewhere.destroy();
    expect(outcome).toBe('refused');
  });

  it('takes no other methods', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const answer = await fetch(site.origin, { method, headers: { Cookie: site.cookie } });
      expect(answer.status).toBe(405);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('what is served', () => {
  it('sends strict headers with everything, refusals too', async () => {
    for (const answer of [await get('/'), await get('/nothing'), await fetch(site.origin), await get('/photo/p/1/grid?k=a'), await get('/photo/p/3/grid?k=a')]) {
      expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; /);
      expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
      expect(answer.headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    }
  });

  it('serves the page and its files by their types', async () => {
    const page = await get('/');
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(await page.text()).toContain('id="root"');
    const script = await get('/assets/index-1a2b.js');
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect(script.headers.get('cache-control')).toContain('immutable');
    const head = await fetch(`${site.origin}/assets/index-1a2b.js`, { method: 'HEAD', headers: { Cookie: site.cookie } });
    expect(head.headers.get('content-length')).toBe('26');
    expect(await head.text()).toBe('');
  });

  it('gives nothing away for addresses that try to climb out', async () => {
    const climbs = [
      '/../secret.txt', '/assets/../../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/%2e%2e%2fsecret.txt', '/%252e%252e%252fsecret.txt',
      '/..%5csecret.txt', '/..\\secret.txt', '/assets/..\\..\\secret.txt', '/%00/../secret.txt', '/secret.txt%00.js', '/index.html%00', '//secret.txt',
      '/./index.html', '/assets//index-1a2b.js', '/..;/secret.txt', '/%c0%ae%c0%ae/secret.txt', '/.hidden.js', '/notes.map', '/assets', '/assets/',
      `/${site.folder}/secret.txt`, 'file:///etc/passwd', `http://127.0.0.1:${site.shell.port}/../secret.txt`, '/photo/../secret.txt', '/photo/p/1/../../../secret.txt',
      '/photo/p/1/grid/../../secret.txt', '/INDEX.HTML', '/__proto__', '/constructor', '*',
    ];
    for (const climb of climbs) {
      const answer = await rawGet(climb);
      expect(answer, climb).toMatch(/^HTTP\/1.1 (400|404) /);
      expect(answer, climb).not.toContain('nobody may read this');
    }
    expect(await rawGet('/index.html')).toMatch(/^HTTP\/1.1 200 /);
  });

  it('sends pictures that may be kept for ever', async () => {
    const answer = await get('/photo/p/1/screen?k=abc-1');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(new Uint8Array(await answer.arrayBuffer()).slice(0, 3)).toEqual(new Uint8Array([0xff, 0xd8, 0xff]));
    // without a key the content may change
    expect((await get('/photo/p/1/screen')).headers.get('cache-control')).toBe('no-store');
  });

  it('asks for the source in the address, and tells the one that came and what kept better pixels away', async () => {
    const told = async (path: string): Promise<unknown> => {
      const { status, headers } = await get(path);
      return [status, headers.get('picture-source'), headers.get('picture-refusal'), headers.get('cache-control')?.includes('immutable') ?? null];
    };
    expect(await told('/photo/p/1/full?k=a')).toEqual([200, 'self', null, true]);
    expect(await told('/photo/p/1/full?k=a&from=rendered')).toEqual([200, 'rendered', null, true]);
    expect(await told('/photo/p/1/screen?from=embedded')).toEqual([200, 'embedded', null, false]);
    expect(await told('/photo/p/5/full?k=a')).toEqual([200, 'embedded', 'format-unsupported', true]);
    expect(await told('/photo/p/6/full?k=a'), 'it may be had another time').toEqual([200, 'embedded', 'timeout', false]);
    for (const query of ['k=a&from=raw', 'from=rendered&k=a', 'k=a&from=', 'other=1']) expect((await get(`/photo/p/1/full?${query}`)).status, query).toBe(404);
  });

  it('tells coded errors of pictures as JSON', async () => {
    for (const [id, status, code] of [[2, 404, 'not-found'], [3, 422, 'preview-none'], [4, 503, 'worker-crashed']] as const) {
      const answer = await get(`/photo/p/${id}/grid?k=a`);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(await answer.json()).toMatchObject({ code, retry: false });
    }
    for (const path of ['/photo/p/0/grid', '/photo/p/-1/grid', '/photo/p/1e3/grid', '/photo/p/1/huge', '/photo/p/1', '/photo/p/99999999999999999999/grid', '/photo/p/1/grid/'])
      expect((await get(path)).status, path).toBe(404);
    for (const code of errorCodes) expect([404, 422, 503]).toContain(statusOfPictureError(coded(code, 'A sentence.')));
  });

  it('stops the work on a picture whose client has gone', async () => {
    const before = site.engine.cancelledPictures();
    const pending = httpRequest(`${site.origin}/photo/p/9/full?k=a`, { headers: { Cookie: site.cookie } });
    pending.on('error', () => undefined);
    pending.end();
    await site.engine.pictureStarted;
    pending.destroy();
    await expect.poll(() => site.engine.cancelledPictures(), { timeout: 10_000 }).toBe(before + 1);
  });
});

describe('starting and stopping', () => {
  it('says so where the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const answer = await startWebShell({ engine: createSmallEngine(await makeSmallJpeg()), rendererFolder: `${site.folder}/renderer`, port });
    await new Promise((resolve) => other.close(resolve));
    expect(answer).toMatchObject({ ok: false, error: { code: 'not-available', message: `Port ${port} is in use by another program; choose another one.` } });
  });

  it('says so where the page is not built or a folder is not there', async () => {
    const engine = createSmallEngine(await makeSmallJpeg());
    expect(await startWebShell({ engine, rendererFolder: `${site.folder}/none` })).toMatchObject({ ok: false, error: { code: 'folder-missing' } });
    expect(await startWebShell({ engine, rendererFolder: `${site.folder}/renderer`, shoots: ['/missing'] })).toMatchObject({ ok: false, error: { code: 'folder-missing' } });
  });

  it('serves others, and can be closed, while a client sends its request one byte a time and another does not read', async () => {
    const own = await openSite();
    const slow = connect({ host: '127.0.0.1', port: own.shell.port });
    slow.on('error', () => undefined);
    slow.write('GET / HT');
    const deaf = connect({ host: '127.0.0.1', port: own.shell.port });
    deaf.on('error', () => undefined);
    deaf.pause();
    deaf.write(`GET /photo/p/1/grid?k=a HTTP/1.1\r\nHost: 127.0.0.1:${own.shell.port}\r\nCookie: ${own.cookie}\r\n\r\n`.repeat(200));
    expect((await fetch(own.origin, { headers: { Cookie: own.cookie } })).status).toBe(200);
    await own.close();
    await expect(fetch(own.origin)).rejects.toThrow();
    slow.destroy();
    deaf.destroy();
  });
});
