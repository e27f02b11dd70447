/** The client of the function on AWS Lambda, in the emulator with the packed function on the seeded tower: what it sends, and what it takes beside bare calls of the SDK. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { packBatches, workOff } from '../../main/adapters/lambda/batches.ts';
import { drawMany, emulated, packHere, scorerFor, towerHash } from '../engine/lambda-kit.ts';
import { startLambdaEmulator } from '../fakes/lambda/index.ts';
import { notMeasured } from './figures.ts';
import type { Figure } from './figures.ts';

const photos = 144;
const together = 24;
const rounds = 4;

export async function benchLambda(): Promise<Figure[]> {
  if (process.platform !== 'linux') return [notMeasured('Calling the function', 'the function runs on Linux', null)];
  const home = await mkdtemp(join(tmpdir(), 'parjanya-bench-lambda-'));
  const packed = join(home, 'function');
  await packHere(packed);
  const emulator = await startLambdaEmulator({ functions: { 'parjanya-clip': emulated(packed, { reservedConcurrency: 8 }) } });
  process.env['AWS_ACCESS_KEY_ID'] ??= 'KEY';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'secret';
  const client = new LambdaClient({ endpoint: emulator.endpoint, region: 'eu-central-1' });
  try {
    const images = await drawMany(photos, 512, 341);
    const jpegBytes = images.reduce((sum, { jpeg }) => sum + jpeg.length, 0);
    let sent = 0;
    const ours = async (concurrency: number): Promise<number> => {
      const scorer = scorerFor(emulator.endpoint, { concurrency, together });
      const start = performance.now();
      const run = await scorer.score(images);
      const ms = performance.now() - start;
      if (run.stopped) throw new Error(run.stopped.message);
      sent = run.use.bytesSent;
      return ms;
    };
    // bodies that are ready, answers that nobody reads: the least that any client can do
    const bodies = packBatches(images, together).map((batch) => Buffer.from(JSON.stringify({ model: towerHash, images: batch.images.map(({ key, jpeg }) => ({ key, jpeg: Buffer.from(jpeg).toString('base64') })) })));
    const bare = async (concurrency: number): Promise<number> => {
      const start = performance.now();
      await workOff(bodies, concurrency, async (body) => {
        await client.send(new InvokeCommand({ FunctionName: 'parjanya-clip', Qualifier: 'live', Payload: body }));
        return [];
      });
      return performance.now() - start;
    };
    const figures: Figure[] = [];
    for (const concurrency of [1, 2, 4]) {
      // once unmeasured, so that the environments are warm
      await bare(concurrency);
      const times = { ours: Infinity, bare: Infinity };
      for (let round = 0; round < rounds; round++) {
        // in turn first and second
        if (round % 2 === 0) times.bare = Math.min(times.bare, await bare(concurrency));
        times.ours = Math.min(times.ours, await ours(concurrency));
        if (round % 2 === 1) times.bare = Math.min(times.bare, await bare(concurrency));
      }
      const perSecond = (ms: number): string => `${((photos * 1000) / ms).toFixed(0)} photos/s`;
      figures.push({ name: `${photos} photos, ${concurrency} ${concurrency === 1 ? 'call' : 'calls'} at a time`, measured: perSecond(times.ours), against: `bare calls of the SDK: ${perSecond(times.bare)}`, ratio: times.ours / times.bare, aim: { atMost: 1.1 } });
    }
    figures.unshift({ name: 'Sent for a photo', measured: `${Math.round(sent / photos).toLocaleString('en-US')} bytes`, against: `its JPEG: ${Math.round(jpegBytes / photos).toLocaleString('en-US')} bytes`, ratio: sent / jpegBytes, aim: { atMost: 1.4 } });
    return figures;
  } finally {
    client.destroy();
    await emulator.close();
    await rm(home, { recursive: true, force: true });
  }
}
