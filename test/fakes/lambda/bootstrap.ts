/**
 * A small client of Lambda's Runtime API (version 2018-06-01), as the managed runtime has one: loads the handler that _HANDLER names, then asks for
 * one event after the other. Run as a process of its own, one for each execution environment.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Handler = (event: unknown, context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number }) => Promise<unknown>;

const api = `http://${process.env['AWS_LAMBDA_RUNTIME_API']!}/2018-06-01/runtime`;

async function post(path: string, body: string, errorType?: string): Promise<void> {
  const answered = await fetch(`${api}/${path}`, { method: 'POST', body, headers: errorType === undefined ? {} : { 'lambda-runtime-function-error-type': errorType } });
  await answered.arrayBuffer();
}

function describeError(error: unknown): { errorType: string; errorMessage: string; trace: string[] } {
  const known = error instanceof Error ? error : new Error(String(error));
  return { errorType: known.name, errorMessage: known.message, trace: (known.stack ?? '').split('\n') };
}

async function loadHandler(): Promise<Handler> {
  const [file, name] = process.env['_HANDLER']!.split('.') as [string, string];
  const module = (await import(pathToFileURL(join(process.env['LAMBDA_TASK_ROOT']!, `${file}.mjs`)).href)) as Record<string, unknown>;
  const handler = module[name];
  if (typeof handler !== 'function') throw Object.assign(new Error(`${name} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
  return handler as Handler;
}

async function serve(handler: Handler): Promise<void> {
  for (;;) {
    const next = await fetch(`${api}/invocation/next`);
    const text = await next.text();
    const id = next.headers.get('lambda-runtime-aws-request-id')!;
    const deadline = Number(next.headers.get('lambda-runtime-deadline-ms'));
    try {
      const result = await handler(JSON.parse(text), { awsRequestId: id, getRemainingTimeInMillis: () => deadline - Date.now() });
      await post(`invocation/${id}/response`, JSON.stringify(result ?? null));
    } catch (error) {
      await post(`invocation/${id}/error`, JSON.stringify(describeError(error)), 'Unhandled');
    }
  }
}

// the emulator ends this process by force; should it be gone itself, nothing is to be left
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

let handler: Handler;
try {
  handler = await loadHandler();
} catch (error) {
  const told = describeError(error);
  const errorType = told.errorType.startsWith('Runtime.') ? told.errorType : 'Runtime.ImportModuleError';
  await post('init/error', JSON.stringify({ ...told, errorType }), errorType);
  process.exit(1);
}
await serve(handler);
