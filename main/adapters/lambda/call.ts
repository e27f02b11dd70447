/** One call of the function through AWS's SDK: what it answered, or what went wrong and what may be done about it. */
import type { InvokeCommandOutput, LambdaClient, LambdaClientConfig } from '@aws-sdk/client-lambda';
import { coded, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import { embeddingLength, parseScoreAnswer } from '../../domain/index.ts';
import type { ScoredImage } from '../../domain/index.ts';
import { explainFunctionError, explainThrown } from './failures.ts';
import type { CallFailure, FunctionPlace } from './failures.ts';

export interface CallOptions extends FunctionPlace {
  /** SHA-256 of the tower. */
  readonly model: string;
  /** Of the AWS configuration files; default: the SDK's default provider chain (environment, SSO, files, the machine's role). */
  readonly profile?: string;
  /** Instead of AWS's own, for an emulator. */
  readonly endpoint?: string;
  readonly concurrency: number;
  /** Longer than the function's own time limit, so that its end is told and not guessed. */
  readonly timeoutMs: number;
}

export interface Called {
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** From the function's report; null without one. */
  readonly report: { readonly billedMs: number; readonly memoryMb: number } | null;
  readonly end: { readonly kind: 'answer'; readonly images: readonly ScoredImage[] } | { readonly kind: 'failure'; readonly failure: CallFailure } | { readonly kind: 'cancelled' };
}

export interface Caller {
  call(images: readonly { readonly key: string; readonly jpeg: Uint8Array }[], signal: AbortSignal): Promise<Called>;
  close(): void;
}

/** Codes of the function's own that are not to be met by asking once more. */
const permanentRefusals = new Set(['model-missing', 'model-wrong', 'native-missing', 'bad-input']);

export async function createCaller(options: CallOptions): Promise<Caller> {
  // loaded at first use: half a second and 30 MB that most runs of the engine need not pay
  const { InvokeCommand, LambdaClient: Client } = await import('@aws-sdk/client-lambda');
  const client: LambdaClient = new Client(clientConfig(options));
  return {
    async call(images, signal) {
      const request = { model: options.model, images: images.map(({ key, jpeg }) => ({ key, jpeg: Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.length).toString('base64') })) };
      const payload = Buffer.from(JSON.stringify(request));
      const sent = { bytesSent: payload.length, bytesReceived: 0, report: null };
      let output: InvokeCommandOutput;
      try {
        output = await client.send(new InvokeCommand({ FunctionName: options.functionName, Qualifier: options.qualifier, Payload: payload, LogType: 'Tail' }), { abortSignal: signal });
      } catch (error) {
        return { ...sent, end: signal.aborted ? { kind: 'cancelled' } : { kind: 'failure', failure: explainThrown(error, options) } };
      }
      const answered = output.Payload ?? new Uint8Array();
      const facts = { ...sent, bytesReceived: answered.length, report: readReport(output.LogResult) };
      const value = parseJson(answered);
      // an error of the function comes with HTTP 200
      if (output.FunctionError !== undefined) return { ...facts, end: { kind: 'failure', failure: explainFunctionError(value) } };
      const parsed = parseScoreAnswer(value, request);
      if (parsed.ok) return { ...facts, end: { kind: 'answer', images: parsed.value } };
      return { ...facts, end: { kind: 'failure', failure: { error: parsed.error, remedy: permanentRefusals.has(parsed.error.code) ? 'stop' : 'again' } } };
    },
    close: () => client.destroy(),
  };
}

function clientConfig({ region, profile, endpoint, concurrency, timeoutMs }: CallOptions): LambdaClientConfig {
  const agent = { keepAlive: true, maxSockets: concurrency };
  return {
    region,
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
    // the SDK would repeat what took too long and is billed, uncounted; who repeats is Run, which counts
    maxAttempts: 1,
    requestHandler: { requestTimeout: timeoutMs, throwOnRequestTimeout: true, connectionTimeout: 5_000, httpAgent: agent, httpsAgent: agent },
  };
}

/** Errors: place-failed for what is no embedding. */
export function readEmbedding(base64: string): Result<Float32Array> {
  const bytes = Buffer.from(base64, 'base64');
  const wrong: Result<never> = { ok: false, error: coded('place-failed', 'The function answered an embedding that is none.') };
  if (bytes.length !== embeddingLength * 4) return wrong;
  const vector = Float32Array.from({ length: embeddingLength }, (_, at) => bytes.readFloatLE(at * 4));
  const length = Math.hypot(...vector);
  return Math.abs(length - 1) < 1e-3 ? ok(vector) : wrong;
}

/** The line that AWS Lambda ends each call's log with. */
function readReport(logTail: string | undefined): Called['report'] {
  const text = Buffer.from(logTail ?? '', 'base64').toString('utf8');
  const [billed, memory] = [/Billed Duration: (\d+) ms/.exec(text), /Memory Size: (\d+) MB/.exec(text)];
  return billed && memory ? { billedMs: Number(billed[1]), memoryMb: Number(memory[1]) } : null;
}

/** Null for what is no JSON. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')) as unknown;
  } catch {
    return null;
  }
}
