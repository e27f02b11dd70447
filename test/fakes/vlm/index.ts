/**
 * A vision model's server that really looks: HTTP on loopback in the form of OpenAI's chat completions, answering from the brightness and sharpness of the
 * picture that it was sent. It refuses pictures that say more than their pixels, and plays what servers do on bad days.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';

export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string; readonly message?: string; readonly code?: string }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'cut' }
  | { readonly kind: 'html'; readonly status?: number }
  | { readonly kind: 'redirect'; readonly to: string }
  /** Headers at once, and of the body a byte each 20 ms, for ever. */
  | { readonly kind: 'drip' }
  /** A body without end, as fast as it is read. */
  | { readonly kind: 'endless' }
  /** Words instead of the answer's JSON, or another JSON; null: a message without words, as of a model that refuses. */
  | { readonly kind: 'content'; readonly content: string | null };

export interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** As decoded from the data URLs. */
  readonly pictures: readonly Buffer[];
  readonly text: string;
  readonly temperature: unknown;
  readonly responseFormat: unknown;
}

export interface FakeVlm {
  /** Base URL, ending in /v1. */
  readonly url: string;
  readonly received: readonly Received[];
  /** Most requests that it had at once. */
  readonly together: number;
  /** Bytes of bodies without end that were taken from it. */
  readonly poured: number;
  /** What the next requests meet, in order; null: nothing. After them all is well. */
  play(...faults: readonly (Fault | null)[]): void;
  close(): Promise<void>;
}

export interface FakeOptions {
  readonly key?: string;
  readonly model?: string;
  /** Refuses pictures, as a model without eyes does. */
  readonly isBlind?: boolean;
  /** More at once are answered with 429. */
  readonly mostTogether?: number;
  /** What an answer takes, in milliseconds. */
  readonly takes?: number;
  /** Which of two pictures it says is better. */
  readonly prefers?: 'sharper' | 'first';
  readonly tls?: { readonly key: string; readonly cert: string };
}

export const fakeModel = 'fake-vl-2b';

export async function startFakeVlm(options: FakeOptions = {}): Promise<FakeVlm> {
  const received: Received[] = [];
  const faults: (Fault | null)[] = [];
  let under = 0;
  let together = 0;
  let poured = 0;
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    under += 1;
    together = Math.max(together, under);
    const isTooMany = under > (options.mostTogether ?? Number.POSITIVE_INFINITY);
    void answer(request, response, isTooMany)
      .catch((error: unknown) => refuse(response, 500, String(error)))
      .finally(() => (under -= 1));
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, isTooMany: boolean): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') return refuse(response, 404, 'Not Found');
    const body = Buffer.concat(chunks).toString('utf8');
    const asked = JSON.parse(body) as { model: string; temperature: unknown; response_format: unknown; messages: { role: string; content: string | { type: string; text?: string; image_url?: { url: string } }[] }[] };
    const parts = asked.messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
    const pictures = parts.flatMap(({ image_url: image }) => (image ? [Buffer.from(image.url.replace(/^data:image\/jpeg;base64,/, ''), 'base64')] : []));
    const text = parts.flatMap((part) => part.text ?? []).join('\n');
    received.push({ headers: request.headers, body, pictures, text, temperature: asked.temperature, responseFormat: asked.response_format });
    if (options.key !== undefined && request.headers.authorization !== `Bearer ${options.key}`) return refuse(response, 401, `Incorrect API key provided: ${request.headers.authorization ?? 'none'}`);
    if (asked.model !== (options.model ?? fakeModel)) return refuse(response, 404, `The model \`${asked.model}\` does not exist.`);
    if (options.isBlind) return refuse(response, 400, 'This model does not support image input: it is not a multimodal model');
    if (isTooMany) return refuse(response, 429, 'Too many requests', { 'retry-after': '0' });
    const fault = faults.shift() ?? null;
    if (options.takes) await new Promise((resolve) => setTimeout(resolve, options.takes));
    if (fault?.kind === 'endless') return pour(response, (bytes) => (poured += bytes));
    if (fault && (await playFault(fault, response))) return;
    for (const picture of pictures) {
      const { exif, icc, xmp, iptc } = await sharp(picture).metadata();
      if (exif || icc || xmp || iptc) return refuse(response, 422, 'The picture says more than its pixels');
    }
    const content = fault?.kind === 'content' ? fault.content : JSON.stringify(pictures.length === 2 ? await compare(pictures, options.prefers ?? 'sharper') : describe(await look(pictures[0]!)));
    response.setHeader('content-type', 'application/json').end(
      JSON.stringify({ id: 'fake', object: 'chat.completion', model: asked.model, choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }], usage: { prompt_tokens: 700 * pictures.length, completion_tokens: 120 } }),
    );
  };

  const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}/v1`,
    received,
    get together() {
      return together;
    },
    get poured() {
      return poured;
    },
    play: (...next) => void faults.push(...next),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function refuse(response: ServerResponse, status: number, message: string, headers: Record<string, string> = {}, code: string | null = null): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ error: { message, type: 'fake', code } }));
}

/** Writes until nobody takes it any more. */
async function pour(response: ServerResponse, onPoured: (bytes: number) => void): Promise<void> {
  const chunk = Buffer.alloc(65_536, ' ');
  response.writeHead(200, { 'content-type': 'application/json' });
  while (!response.destroyed) {
    onPoured(chunk.length);
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
}

/** True where it was the whole answer. */
async function playFault(fault: Fault, response: ServerResponse): Promise<boolean> {
  switch (fault.kind) {
    case 'status':
      refuse(response, fault.status, fault.message ?? 'as played', fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }, fault.code ?? null);
      return true;
    case 'html':
      response.writeHead(fault.status ?? 200, { 'content-type': 'text/html' }).end('<!doctype html><title>Welcome</title>');
      return true;
    case 'redirect':
      response.writeHead(307, { location: fault.to }).end();
      return true;
    case 'cut':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
      response.write('{"choices":[{"mess');
      setTimeout(() => response.destroy(), 20);
      return true;
    case 'drip': {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 20);
      response.once('close', () => clearInterval(timer));
      return true;
    }
    case 'endless':
      return false;
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, fault.ms));
      return false;
    case 'content':
      return false;
  }
}

interface Seen {
  /** 0..255 */
  readonly brightness: number;
  readonly sharpness: number;
  readonly width: number;
  readonly height: number;
}

async function look(jpeg: Buffer): Promise<Seen> {
  const picture = sharp(jpeg, { failOn: 'warning' });
  const [{ channels, sharpness }, { width, height }] = [await picture.stats(), await picture.metadata()];
  return { brightness: channels.reduce((sum, { mean }) => sum + mean, 0) / channels.length, sharpness, width, height };
}

function describe({ brightness, sharpness, width, height }: Seen) {
  const isDark = brightness < 40;
  return {
    subject: `a frame of ${width} by ${height}`,
    moment: 'nothing moves',
    expression: null,
    faults: isDark ? [{ kind: 'exposure', severity: 'serious', evidence: `a mean brightness of ${Math.round(brightness)}`, region: { x: 0, y: 0, w: 1, h: 1 } }] : [],
    verdict: isDark ? 'reject' : 'keep',
    reason: isDark ? 'Nearly black.' : `Well lit, sharpness ${sharpness.toFixed(1)}.`,
    keywords: [isDark ? 'dark' : 'bright', 'test'],
    caption: `A picture of mean brightness ${Math.round(brightness)}.`,
  };
}

async function compare(pictures: readonly Buffer[], prefers: 'sharper' | 'first') {
  const [first, second] = [await look(pictures[0]!), await look(pictures[1]!)];
  const better = prefers === 'first' || first.sharpness > second.sharpness ? 'first' : first.sharpness < second.sharpness ? 'second' : 'neither';
  return { better, reason: `Sharpness ${first.sharpness.toFixed(2)} against ${second.sharpness.toFixed(2)}.` };
}
