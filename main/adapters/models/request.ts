/** One GET over HTTP or HTTPS: redirects are followed, proxies are taken from the environment (Node's own `proxyEnv`, since 24.5). */
import http from 'node:http';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { fail, ok } from '../../base/index.ts';
import type { CancelSignal, Result } from '../../base/index.ts';

export interface RequestOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Silence for so long ends it. */
  readonly idleMs: number;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: CancelSignal;
}

const mostRedirects = 8;
const redirects = new Set([301, 302, 303, 307, 308]);

/**
 * The answer of the last server, whatever its status; its body is the caller's to read or destroy.
 * Errors: download-failed (`retry` where the line failed, not where the address is wrong), cancelled.
 */
export async function openUrl(address: string, options: RequestOptions): Promise<Result<IncomingMessage>> {
  let url = parseUrl(address);
  for (let hop = 0; hop <= mostRedirects; hop++) {
    if (!url) return fail('download-failed', `${address} is no web address.`);
    const answered = await get(url, options);
    if (!answered.ok || !redirects.has(answered.value.statusCode ?? 0)) return answered;
    const { location } = answered.value.headers;
    answered.value.destroy();
    const next = location === undefined ? null : parseUrl(location, url);
    if (!next) return fail('download-failed', `${url.host} sends on to no address.`);
    if (url.protocol === 'https:' && next.protocol !== 'https:') return fail('download-failed', `${url.host} sends on to an address that is not encrypted (${next.host}).`);
    url = next;
  }
  return fail('download-failed', `${address} sends on too often.`);
}

function parseUrl(text: string, base?: URL): URL | null {
  const url = URL.parse(text, base?.href);
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url : null;
}

function get(url: URL, { headers, idleMs, env, signal }: RequestOptions): Promise<Result<IncomingMessage>> {
  if (signal?.aborted) return Promise.resolve(fail('cancelled', 'It was cancelled.'));
  const isSecure = url.protocol === 'https:';
  // an agent each: a connection is not used again
  const settings = { keepAlive: false, proxyEnv: env } as const;
  return new Promise((resolve) => {
    const request = isSecure
      ? https.get(url, { agent: new https.Agent(settings), headers })
      : http.get(url, { agent: new http.Agent(settings), headers });
    const stop = (): void => void request.destroy(new Error('cancelled'));
    signal?.addEventListener('abort', stop, { once: true });
    request.setTimeout(idleMs, () => request.destroy(new Error(`nothing came for ${Math.round(idleMs / 1000)} s`)));
    request.once('response', (response) => {
      // from here on the response tells of what goes wrong; the signal still ends it
      response.once('close', () => signal?.removeEventListener('abort', stop));
      resolve(ok(response));
    });
    // stays: a second error after the first must not be thrown
    request.on('error', (error: NodeJS.ErrnoException) => {
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted) resolve(fail('cancelled', 'It was cancelled.'));
      else resolve(fail('download-failed', `${url.host} cannot be reached: ${describeFailure(error)}`, { retry: true }));
    });
  });
}

/** Node says nothing in the message of an error that stands for several (one for each address of a host). */
function describeFailure(error: NodeJS.ErrnoException): string {
  return `${error.message || error.code || 'no reason given'}.`;
}
