/** What each self-test measures. Raise the version of a stage and make the goldens again (models/README.md) where an answer is to change. */
import { goldenInputs } from '../../../models/index.ts';
import { ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import { modelSpecs, readBlurs, readDegrees } from '../../domain/index.ts';
import type { KernelId, ModelId, SelfTestAnswer, SelfTestId } from '../../domain/index.ts';
import { createModelRunner } from '../../adapters/onnx/index.ts';
import type { ImageCodec, ModelFile, ModelRunner, PictureRenderer, Pixels, Tensor } from '../../ports/index.ts';
import { measureExposure } from '../../stages/exposure/index.ts';
import { measureFocus } from '../../stages/focus/index.ts';
import { computePhash } from '../../stages/phash/index.ts';
import { measureSharpness } from '../../stages/sharpness/index.ts';
import { drawTestPicture, meansOf } from './picture.ts';
import { measureImageTower, measureTextTower, measureTokenizer } from './towers.ts';

export interface TestTools {
  readonly codec: ImageCodec;
  readonly rawRenderer: PictureRenderer;
  readonly heifRenderer: PictureRenderer;
}

/** Size of the picture that kernels measure. */
const [width, height] = [640, 480];

const kernels: Readonly<Record<KernelId, (tools: TestTools) => Promise<Result<SelfTestAnswer>>>> = {
  async sharp({ codec }) {
    const whole = await codec.decode(bytesOf(goldenInputs.jpeg), { maxEdge: null, orientation: 'own' });
    if (!whole.ok) return whole;
    const small = await codec.decode(bytesOf(goldenInputs.jpeg), { maxEdge: 80, orientation: 6 });
    if (!small.ok) return small;
    const coded = await codec.encodeJpeg(drawTestPicture(160, 120), { quality: 90 });
    if (!coded.ok) return coded;
    const again = await codec.decode(coded.value, { maxEdge: null, orientation: 'own' });
    if (!again.ok) return again;
    return ok({ decoded: described(whole.value), 'shrunk and turned': described(small.value), 'coded and decoded': described(again.value) });
  },
  libraw: (tools) => renderInput(tools.rawRenderer, goldenInputs.dng),
  libheif: (tools) => renderInput(tools.heifRenderer, goldenInputs.heic),
  async phash() {
    const hash = computePhash(drawTestPicture(width, height));
    return hash.ok ? ok({ hash: [...hash.value.hash].map((digit) => Number.parseInt(digit, 16)), view: [...bytesOfHex(hash.value.view)] }) : hash;
  },
  async focus() {
    const focus = measureFocus(drawTestPicture(width, height));
    if (!focus.ok) return focus;
    const { sharpness, texture, motion, noise, blocking } = focus.value;
    return ok({ sharpness: [sharpness], texture: [texture], motion: [motion], noise: [noise], blocking: [blocking] });
  },
  async exposure() {
    const exposure = measureExposure(drawTestPicture(width, height));
    if (!exposure.ok) return exposure;
    const { mean, clippedHigh, crushedLow, p1, p99 } = exposure.value;
    return ok({ mean: [mean], clippedHigh: [clippedHigh], crushedLow: [crushedLow], p1: [p1], p99: [p99] });
  },
  async sharpness() {
    // the red channel, lying on its side
    const data = drawTestPicture(width, height).data.filter((_, at) => at % 3 === 0);
    const sharpness = measureSharpness({ width, height, data, orientation: 6 }, { iso: 400, focusPoints: null });
    if (!sharpness.ok) return sharpness;
    const { columns, rows, blur, motion, noise, salient } = sharpness.value;
    const untold = (numbers: readonly (number | null)[]): number[] => numbers.map((number) => number ?? -1);
    return ok({ size: [columns, rows], blur: untold(readBlurs(blur)), motion: untold(readDegrees(motion)), noise: [noise], salient: salient ? [salient.x, salient.y, salient.w, salient.h] : [] });
  },
};

/** Errors: those of the part that is tested, and what a model's file may be refused for. */
export function measureSelfTest(test: SelfTestId, tools: TestTools, file: ModelFile | null): Promise<Result<SelfTestAnswer>> {
  if (isKernel(test)) return kernels[test](tools);
  if (!file) throw new Error(`the self-test of ${test} needs a file`);
  const runner = createModelRunner({ locate: () => Promise.resolve(ok(file)) });
  if (test === 'clip-tokenizer') return measureTokenizer(file);
  if (test === 'clip-b32-image') return measureImageTower(runner, tools.codec);
  return test === 'clip-b32-text' ? measureTextTower(runner) : measureModel(runner, test);
}

function isKernel(test: SelfTestId): test is KernelId {
  return test in kernels;
}

async function renderInput(renderer: PictureRenderer, input: string): Promise<Result<SelfTestAnswer>> {
  const rendered = await renderer.render(bytesOf(input), { edge: null });
  return rendered.ok ? ok({ rendered: described(rendered.value.pixels) }) : rendered;
}

/** Numbers of an output that are kept of it. */
const kept = 24;

/** The test picture in the shape that the model wants, and some numbers of each output. */
async function measureModel(runner: ModelRunner, model: ModelId): Promise<Result<SelfTestAnswer>> {
  const { inputs, outputs } = modelSpecs[model];
  const feeds = Object.fromEntries(inputs.map(({ name, dims }) => [name, pictureTensor([1, ...dims.slice(1).map((dim) => dim ?? 1)], model === 'yunet' ? 255 : 1)]));
  const answered = await runner.run(model, feeds);
  if (!answered.ok) return answered;
  return ok(Object.fromEntries(outputs.map(({ name }) => [name, sampled(answered.value[name]!.data)])));
}

/** [n, 3, height, width] of the drawn picture, 0..scale. */
function pictureTensor(dims: readonly number[], scale: number): Tensor {
  const [, , rows = 1, columns = 1] = dims;
  const { data } = drawTestPicture(columns, rows);
  const count = rows * columns;
  const values = new Float32Array(count * 3);
  for (let at = 0; at < count; at++)
    for (let channel = 0; channel < 3; channel++) values[channel * count + at] = (data[at * 3 + channel]! / 255) * scale;
  return { dims, data: values };
}

function sampled(data: Float32Array): number[] {
  const count = Math.min(kept, data.length);
  return Array.from({ length: count }, (_, at) => Math.round(data[Math.floor((at * data.length) / count)]! * 1e5) / 1e5);
}

/** Size and means of a picture. */
function described(pixels: Pixels): number[] {
  return [pixels.width, pixels.height, ...meansOf(pixels)];
}

function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

function bytesOfHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}
