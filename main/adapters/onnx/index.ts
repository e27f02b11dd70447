/**
 * ModelRunner over onnxruntime-node, on the processor (the CPU provider is the same on every computer), one thread a session: several
 * processes with one thread each do more than one with several.
 */
import type { InferenceSession } from 'onnxruntime-node';
import { fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import { modelSpecs } from '../../domain/index.ts';
import type { ModelId } from '../../domain/index.ts';
import type { LocateModel, ModelFile, ModelRunner, Tensor } from '../../ports/index.ts';
import { createOnnxruntimeLoader } from './load.ts';
import type { Onnxruntime } from './load.ts';
import { findMismatch, isTensorOf } from './shapes.ts';

export { onnxruntimeModule } from './load.ts';

export interface OnnxOptions {
  readonly locate: LocateModel;
  /** For tests. */
  readonly load?: () => Promise<Result<Onnxruntime>>;
}

/** Sessions are made at first use and kept, one a model, until another file takes the model's place. A file that was refused stays refused. */
export function createModelRunner({ locate, load = createOnnxruntimeLoader() }: OnnxOptions): ModelRunner {
  const kept = new Map<ModelId, { readonly key: string; readonly session: Promise<Result<InferenceSession>> }>();

  const sessionOf = async (model: ModelId): Promise<Result<{ runtime: Onnxruntime; session: InferenceSession }>> => {
    const file = await locate(model);
    if (!file.ok) return file;
    const runtime = await load();
    if (!runtime.ok) return runtime;
    const key = `${file.value.sha256} ${file.value.path}`;
    let entry = kept.get(model);
    if (entry?.key !== key) {
      const old = entry?.session;
      entry = { key, session: openSession(runtime.value, model, file.value) };
      kept.set(model, entry);
      void old?.then(async (former) => {
        if (former.ok) await former.value.release();
      });
    }
    const session = await entry.session;
    return session.ok ? ok({ runtime: runtime.value, session: session.value }) : session;
  };

  return {
    async run(model, feeds) {
      const opened = await sessionOf(model);
      if (!opened.ok) return opened;
      const { runtime, session } = opened.value;
      const { inputs, outputs } = modelSpecs[model];
      const fed: Record<string, InferenceSession.OnnxValueMapType[string]> = {};
      for (const input of inputs) {
        if (input.optional && !session.inputNames.includes(input.name)) continue;
        const tensor = feeds[input.name];
        if (!tensor || !isTensorOf(input, tensor)) return fail('infer-failed', `The model "${model}" was fed the wrong numbers for "${input.name}".`);
        fed[input.name] = tensor.data instanceof BigInt64Array ? new runtime.Tensor('int64', tensor.data, tensor.dims) : new runtime.Tensor('float32', tensor.data, tensor.dims);
      }
      try {
        const answers = await session.run(fed, outputs.map(({ name }) => name));
        const result: Record<string, Tensor> = {};
        for (const output of outputs) {
          const answer = answers[output.name];
          const tensor = answer && { dims: answer.dims, data: answer.data as Float32Array };
          if (!tensor || !(tensor.data instanceof Float32Array) || !isTensorOf(output, tensor)) return fail('model-wrong', `The model "${model}" answered "${output.name}" in another shape than it has.`);
          result[output.name] = tensor;
        }
        return ok(result);
      } catch (error) {
        return fail('infer-failed', `The model "${model}" could not be run (${firstLine(error)}).`);
      }
    },
  };
}

/** With onnxruntime's own arena (the default): without it 15 MB less, and on some allocators ten times the time, in new pages for each run. */
const sessionOptions = { executionProviders: ['cpu'], intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' } as const;

async function openSession(runtime: Onnxruntime, model: ModelId, { path, version }: ModelFile): Promise<Result<InferenceSession>> {
  let session: InferenceSession;
  try {
    session = await runtime.InferenceSession.create(path, sessionOptions);
  } catch (error) {
    return fail('model-wrong', `The file of the model "${model}" (${version}) cannot be read as a model (${firstLine(error)}).`);
  }
  const mismatch = findMismatch(modelSpecs[model], session);
  if (mismatch === null) return ok(session);
  await session.release();
  return fail('model-wrong', `The file of the model "${model}" (${version}) is another model: ${mismatch}.`);
}

/** Without the path of the file, which is the person's own. */
function firstLine(error: unknown): string {
  const line = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
  return line.replaceAll(/(?:[A-Za-z]:)?[/\\][^\s:"']*[/\\]/g, '').slice(0, 160);
}
