/** The one place that names onnxruntime-node. Loaded on first use and once, in a worker child. */
import { loadNative } from '../../../native/index.ts';
import type { NativeModule } from '../../../native/index.ts';
import type { Result } from '../../base/index.ts';
import type * as onnxruntime from 'onnxruntime-node';

export type Onnxruntime = typeof onnxruntime;
export type OnnxruntimeModule = NativeModule<Onnxruntime>;

/** Platforms whose binaries the package holds (onnxruntime-node 1.30, bin/napi-v6). */
const platforms = new Set(['darwin-arm64', 'linux-arm64', 'linux-x64', 'win32-arm64', 'win32-x64']);

export const onnxruntimeModule: OnnxruntimeModule = {
  name: 'onnxruntime-node',
  purpose: 'the part that runs models',
  platformPackages: (platform) => (platforms.has(platform) ? ['onnxruntime-node'] : []),
  load: async () => {
    const { default: runtime } = (await import('onnxruntime-node')) as unknown as { default: Onnxruntime };
    // Its warnings about how a model was converted are no news to a person.
    runtime.env.logLevel = 'error';
    return runtime;
  },
};

/** Loads on the first call; later calls get the same answer, good or bad. */
export function createOnnxruntimeLoader(module: OnnxruntimeModule = onnxruntimeModule): () => Promise<Result<Onnxruntime>> {
  let loading: Promise<Result<Onnxruntime>> | null = null;
  return () => (loading ??= loadNative(module));
}
