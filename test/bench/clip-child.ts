/** A tower's own runs by onnxruntime in a process of its own, as the product's sessions are set up: `<model file>`. Prints milliseconds of processor and memory. */
import * as ort from 'onnxruntime-node';
import { createSharpCodec } from '../../main/adapters/sharp/index.ts';
import { prepareForTower } from '../../main/stages/clip/index.ts';
import { drawScene, makeJpeg } from '../fixtures/index.ts';
import { median } from './figures.ts';
import { timed } from './machine.ts';

const [path = ''] = process.argv.slice(2);
const codec = createSharpCodec();
const jpeg = await makeJpeg(drawScene({ seed: 1, width: 512, height: 341 }));

const prepare = async (): Promise<Float32Array> => {
  const decoded = await codec.decode(jpeg, { maxEdge: null, orientation: 1 });
  const prepared = decoded.ok ? await prepareForTower(decoded.value, codec) : decoded;
  if (!prepared.ok) throw new Error(prepared.error.message);
  return prepared.value.data;
};
const picture = await prepare();
const prepareTimes: number[] = [];
// what is done ten thousand times in a shoot is measured when it has been compiled
for (let round = -40; round < 40; round++) {
  const { cpuMs } = await timed(prepare);
  if (round >= 0) prepareTimes.push(cpuMs);
}

const loading = await timed(() => ort.InferenceSession.create(path, { executionProviders: ['cpu'], intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential', logSeverityLevel: 3 }));
const session = loading.value;
async function perPicture(count: number, rounds: number): Promise<number> {
  const data = new Float32Array(count * picture.length);
  for (let at = 0; at < count; at++) data.set(picture, at * picture.length);
  const feeds = { pixel_values: new ort.Tensor('float32', data, [count, 3, 224, 224]) };
  await session.run(feeds);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push((await timed(() => session.run(feeds))).cpuMs / count);
  return median(times);
}
const aloneMs = await perPicture(1, 9);
const batchMs = await perPicture(8, 4);
process.stdout.write(JSON.stringify({ loadMs: loading.ms, aloneMs, batchMs, prepareMs: median(prepareTimes), bytes: process.resourceUsage().maxRSS * 1024 }));
