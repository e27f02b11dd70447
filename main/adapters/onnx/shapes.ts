/** Whether a model file's own statement of its inputs and outputs is the one that is expected of the model. */
import type { InferenceSession } from 'onnxruntime-node';
import type { ModelSpec, TensorSpec } from '../../domain/index.ts';
import type { IntegerTensor, Tensor } from '../../ports/index.ts';

/** What is wrong, in words; null where all fits. A dimension that the file leaves open fits any number. */
export function findMismatch(spec: ModelSpec, session: Pick<InferenceSession, 'inputMetadata' | 'outputMetadata'>): string | null {
  const surplus = session.inputMetadata.find(({ name }) => !spec.inputs.some((input) => input.name === name));
  if (surplus) return `it wants an input "${surplus.name}" that is not known`;
  for (const [what, expected, found] of [['input', spec.inputs, session.inputMetadata], ['output', spec.outputs, session.outputMetadata]] as const)
    for (const tensor of expected) {
      const value = found.find(({ name }) => name === tensor.name);
      if (!value && tensor.optional) continue;
      if (!value) return `it has no ${what} "${tensor.name}"`;
      if (!value.isTensor || value.type !== (tensor.type ?? 'float32')) return `its ${what} "${tensor.name}" is no tensor of ${tensor.type === 'int64' ? '64-bit whole numbers' : '32-bit floats'}`;
      if (!fits(tensor, value.shape)) return `its ${what} "${tensor.name}" is ${describe(value.shape)}, not ${describe(tensor.dims.map((dim) => dim ?? 'any'))}`;
    }
  return null;
}

/** The same for numbers that are fed in or come out. */
export function isTensorOf(spec: TensorSpec, tensor: Tensor | IntegerTensor): boolean {
  return (spec.type === 'int64') === tensor.data instanceof BigInt64Array && fits(spec, tensor.dims) && tensor.data.length === tensor.dims.reduce((product, dim) => product * dim, 1);
}

function fits({ dims }: TensorSpec, shape: readonly (number | string)[]): boolean {
  return dims.length === shape.length && dims.every((dim, at) => dim === null || typeof shape[at] === 'string' || shape[at] === dim);
}

function describe(shape: readonly (number | string)[]): string {
  return shape.join(' x ') || 'a single number';
}
