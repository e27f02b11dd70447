/**
 * AWS Lambda for tests: its Invoke API (REST, 2015-03-31) in front, execution environments that are real processes behind, its limits, and faults on demand.
 * Signatures are not checked; of the credentials only that there are some, and whether they are the ones that the test calls expired or forbidden.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Environment } from './environment.ts';
import type { Done, FunctionSettings } from './environment.ts';

export { mostAnswerBytes } from './environment.ts';
export type { FunctionSettings } from './environment.ts';

/** Of a synchronous request. */
export const mostRequestBytes = 6_291_456;

/** Keys with which a call ends as AWS ends it for such credentials. */
export const expiredKey = 'EXPIREDKEY0000000000';
export const forbiddenKey = 'FORBIDDENKEY00000000';

export interface EmulatedFunction extends FunctionSettings {
  readonly aliases: readonly string[];
  /** Environments at a time; more calls are throttled. */
  readonly reservedConcurrency: number;
}

/** One call as it came in, before anything is done about it. `number` counts from 1. */
export interface Incoming {
  readonly number: number;
  readonly body: Buffer;
}

/** Instead of an answer: a status with an error's name, the environment's end in mid-work, or the function's own error. `cut` ends the line without a word. */
export type Fault = { readonly status: number; readonly name: string } | 'kill' | 'crash' | 'cut' | null;

export interface EmulatorOptions {
  readonly functions: Readonly<Record<string, EmulatedFunction>>;
  readonly fault?: (incoming: Incoming) => Fault;
}

export interface LambdaEmulator {
  readonly endpoint: string;
  /** Calls that reached a function, with their bodies as they were sent. */
  readonly invoked: readonly Buffer[];
  /** Processes that were started. */
  readonly environments: number;
  /** Calls that were refused for want of room. */
  readonly throttled: number;
  /** Takes the network away: the port is closed and what is open is cut. */
  cut(): Promise<void>;
  /** Gives it back, at the same port. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

export async function startLambdaEmulator(options: EmulatorOptions): Promise<LambdaEmulator> {
  const pools = new Map<string, Environment[]>();
  const invoked: Buffer[] = [];
  const counts = { calls: 0, environments: 0, throttled: 0 };
  const sockets = new Set<Socket>();

  /** A warm environment, else a new one; null where there is no room. */
  const takeEnvironment = async (name: string, settings: EmulatedFunction): Promise<Environment | null> => {
    const pool = (pools.get(name) ?? []).filter((one) => !one.isDead);
    pools.set(name, pool);
    const warm = pool.find((one) => !one.isBusy);
    if (warm) {
      warm.isBusy = true;
      return warm;
    }
    if (pool.length >= settings.reservedConcurrency) return null;
    const fresh = new Environment(settings);
    fresh.isBusy = true;
    pool.push(fresh);
    counts.environments += 1;
    await fresh.start();
    return fresh;
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = (status: number, name: string, message: string): void => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': name, 'x-amzn-requestid': randomUUID() });
      response.end(JSON.stringify({ Type: status < 500 ? 'User' : 'Service', message, Message: message }));
    };
    const url = new URL(request.url ?? '/', 'http://lambda');
    const [, name = ''] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(decodeURIComponent(url.pathname)) ?? [];
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const [, key] = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    if (key === undefined) return refuse(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
    if (key === expiredKey) return refuse(403, 'ExpiredTokenException', 'The security token included in the request is expired');
    if (key === forbiddenKey) return refuse(403, 'AccessDeniedException', 'User is not authorized to perform: lambda:InvokeFunction on this resource');
    const settings = Object.hasOwn(options.functions, name) ? options.functions[name]! : null;
    const qualifier = url.searchParams.get('Qualifier') ?? '$LATEST';
    if (!settings || (qualifier !== '$LATEST' && !settings.aliases.includes(qualifier))) return refuse(404, 'ResourceNotFoundException', `Function not found: ${name}:${qualifier}`);
    if (body.length > mostRequestBytes) return refuse(413, 'RequestTooLargeException', `Request must be smaller than ${mostRequestBytes} bytes for the InvokeFunction operation`);
    if (!isJson(body)) return refuse(400, 'InvalidRequestContentException', 'Could not parse request body into json');
    if (request.headers['x-amz-invocation-type'] === 'DryRun') return void response.writeHead(204).end();
    const fault = options.fault?.({ number: ++counts.calls, body }) ?? null;
    if (fault === 'cut') return void request.socket.destroy();
    if (fault !== null && typeof fault === 'object') return refuse(fault.status, fault.name, fault.name);
    const environment = await takeEnvironment(name, settings);
    if (!environment) {
      // without one of its own, the call ends another's in mid-work
      if (fault === 'kill') pools.get(name)?.[0]?.kill();
      counts.throttled += 1;
      return refuse(429, 'TooManyRequestsException', 'Rate Exceeded.');
    }
    invoked.push(body);
    const id = randomUUID();
    const context = request.headers['x-amz-client-context'];
    const work = environment.invoke(id, body, typeof context === 'string' ? { 'lambda-runtime-client-context': Buffer.from(context, 'base64').toString('utf8') } : {});
    if (fault === 'kill') environment.kill();
    const done = await work;
    const told: Done = fault === 'crash' ? { ...done, functionError: 'Unhandled', payload: Buffer.from('{"errorType":"Error","errorMessage":"on demand","trace":[]}') } : done;
    const report = writeReport(id, told, settings);
    response.writeHead(200, {
      'content-type': 'application/json',
      'x-amz-executed-version': '1',
      'x-amzn-requestid': id,
      ...(told.functionError ? { 'x-amz-function-error': told.functionError } : {}),
      ...(request.headers['x-amz-log-type'] === 'Tail' ? { 'x-amz-log-result': Buffer.from(report).toString('base64') } : {}),
    });
    response.end(told.payload);
  };

  const server = createServer((request, response) => {
    // a client that is gone, or a line that was cut: nobody is left to be told
    serve(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const shut = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;

  return {
    endpoint: `http://127.0.0.1:${port}`,
    invoked,
    get environments() {
      return counts.environments;
    },
    get throttled() {
      return counts.throttled;
    },
    cut: shut,
    restore: () => listen(port),
    async close() {
      if (server.listening) await shut();
      await Promise.all([...pools.values()].flat().map((one) => one.close()));
    },
  };
}

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(body.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/** The last lines of a call's log, as AWS writes them. */
function writeReport(id: string, { durationMs, initMs }: Done, { memoryMb }: FunctionSettings): string {
  const billed = Math.ceil(durationMs + (initMs ?? 0));
  const init = initMs === null ? '' : `\tInit Duration: ${initMs.toFixed(2)} ms`;
  return `START RequestId: ${id} Version: 1\nEND RequestId: ${id}\nREPORT RequestId: ${id}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${billed} ms\tMemory Size: ${memoryMb} MB\tMax Memory Used: ${memoryMb} MB${init}\t\n`;
}
