/**
 * One execution environment: a process with a runtime in it, and the Runtime API (2018-06-01) that it asks, on a port of its own. Does one event at a time;
 * what exceeds its time is killed with its process.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

export interface FunctionSettings {
  /** What is deployed: LAMBDA_TASK_ROOT. */
  readonly folder: string;
  /** `file.export`. */
  readonly handler: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  /** A runtime's program and arguments instead of the own small client. */
  readonly runtime?: readonly [string, ...string[]];
}

export interface Done {
  readonly payload: Buffer;
  /** X-Amz-Function-Error. */
  readonly functionError: 'Unhandled' | null;
  readonly durationMs: number;
  /** Of the start, where this was the first event. */
  readonly initMs: number | null;
}

interface Event {
  readonly id: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** The runtime has it: the function's time counts from here, not from the environment's start. */
  begin(): void;
  settle(payload: Buffer, isError: boolean): void;
}

/** Bytes of an answer at most, as measured against AWS's own text. */
export const mostAnswerBytes = 6_291_556;

/** AWS's is 10 s; a loaded computer that runs tests gets more. */
const longestInitMs = 60_000;

const bootstrap = fileURLToPath(new URL('./bootstrap.ts', import.meta.url));

export class Environment {
  readonly #settings: FunctionSettings;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #child: ChildProcess | null = null;
  #event: Event | null = null;
  #asked: ServerResponse | null = null;
  #startedAt = 0;
  #initMs: number | null = null;
  isBusy = false;
  isDead = false;

  constructor(settings: FunctionSettings) {
    this.#settings = settings;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { folder, handler, memoryMb, environment, runtime } = this.#settings;
    this.#startedAt = performance.now();
    const [program, ...argv] = runtime ?? [process.execPath];
    // only what a function sees: nothing of the tests' own environment, and no credentials of this computer
    const env = {
      PATH: process.env['PATH'] ?? '',
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
      _HANDLER: handler,
      LAMBDA_TASK_ROOT: folder,
      AWS_LAMBDA_FUNCTION_NAME: 'emulated',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
      ...environment,
    };
    const [script, ...more] = runtime ? argv : [bootstrap];
    this.#child = fork(script!, more, { execPath: program, env, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#child.once('exit', (code, signal) => {
      this.isDead = true;
      this.#fail('Runtime.ExitError', `Error: Runtime exited with error: ${signal ? `signal: ${signal.toLowerCase()}` : `exit status ${code}`}`);
      this.#server.close();
      this.#server.closeAllConnections();
    });
  }

  /** Does one event. The environment must not be busy or dead. */
  async invoke(id: string, body: Buffer, headers: Readonly<Record<string, string>>): Promise<Done> {
    this.isBusy = true;
    const isFirst = this.#initMs === null;
    const start = performance.now();
    const { timeoutMs } = this.#settings;
    const { payload, isError } = await new Promise<{ payload: Buffer; isError: boolean }>((resolve) => {
      const giveUp = (): void => {
        this.#fail('Sandbox.Timedout', `RequestId: ${id} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`);
        this.kill();
      };
      let timer = setTimeout(giveUp, longestInitMs);
      this.#event = {
        id,
        body,
        headers,
        begin: () => {
          clearTimeout(timer);
          timer = setTimeout(giveUp, timeoutMs);
        },
        settle: (bytes, failed) => {
          clearTimeout(timer);
          this.#event = null;
          resolve({ payload: bytes, isError: failed });
        },
      };
      if (this.isDead) this.#fail('Runtime.ExitError', 'Error: Runtime exited before it was asked');
      else this.#hand();
    });
    this.isBusy = false;
    const initMs = isFirst ? this.#initMs : null;
    return { payload, functionError: isError ? 'Unhandled' : null, durationMs: performance.now() - start - (initMs ?? 0), initMs };
  }

  kill(): void {
    this.isDead = true;
    this.#child?.kill('SIGKILL');
  }

  /** Ends it and waits until its process is gone. */
  async close(): Promise<void> {
    const child = this.#child;
    this.kill();
    if (child && child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once('exit', resolve));
  }

  #fail(errorType: string, errorMessage: string): void {
    this.#event?.settle(Buffer.from(JSON.stringify({ errorType, errorMessage })), true);
  }

  /** Gives the event to the runtime when both are there. */
  #hand(): void {
    const [asked, event] = [this.#asked, this.#event];
    if (!asked || !event) return;
    this.#asked = null;
    event.begin();
    asked.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': event.id,
      'lambda-runtime-deadline-ms': String(Date.now() + this.#settings.timeoutMs),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-central-1:000000000000:function:emulated',
      ...event.headers,
    });
    asked.end(event.body);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.replace('/2018-06-01/runtime/', '') ?? '';
    if (request.method === 'GET' && path === 'invocation/next') {
      this.#initMs ??= performance.now() - this.#startedAt;
      this.#asked = response;
      this.#hand();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const event = this.#event;
    if (path === 'init/error') event?.settle(body, true);
    else if (!event || !path.startsWith(`invocation/${event.id}/`)) {
      response.writeHead(400).end('{"errorType":"InvalidRequestID"}');
      return;
    } else if (path.endsWith('/error')) event.settle(body, true);
    else if (body.length > mostAnswerBytes) {
      response.writeHead(413).end('{"errorType":"RequestEntityTooLarge"}');
      this.#fail('Function.ResponseSizeTooLarge', `Response payload size exceeded maximum allowed payload size (${mostAnswerBytes} bytes).`);
      return;
    } else event.settle(body, false);
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
  }
}
