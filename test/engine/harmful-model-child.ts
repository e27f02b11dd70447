/**
 * The decode child as the product runs it, but the runtime of its models ends the process where it is given a black picture and never
 * comes back from a white one. The models' files are the caller's.
 */
import runtime from 'onnxruntime-node';
import type { InferenceSession } from 'onnxruntime-node';

const { create } = runtime.InferenceSession as unknown as { create: (path: string, options: object) => Promise<InferenceSession> };

async function createHarmful(path: string, options: object): Promise<InferenceSession> {
  const session = await create.call(runtime.InferenceSession, path, options);
  const run = session.run.bind(session) as (...parts: unknown[]) => Promise<InferenceSession.OnnxValueMapType>;
  return Object.assign(session, {
    run(feeds: InferenceSession.OnnxValueMapType, ...rest: unknown[]) {
      const numbers = Object.values(feeds)[0]!.data as Float32Array;
      if (numbers.every((number) => number === 0)) process.kill(process.pid, 'SIGSEGV');
      // the detector's picture begins at the upper left and goes to 255; the other models' to 1
      if (numbers[0]! > 250) for (;;);
      return run(feeds, ...rest);
    },
  });
}

Object.assign(runtime.InferenceSession, { create: createHarmful });
await import('../../main/workers/decode.ts');
