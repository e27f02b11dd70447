/** The function as it is deployed, packed once a test file, with the seeded tower; and small pictures by the hundred. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packFunction } from '../../app/lambda/package.ts';
import { createLambdaScorer } from '../../main/adapters/lambda/index.ts';
import type { LambdaOptions } from '../../main/adapters/lambda/index.ts';
import type { RemoteImage, RemoteScorer } from '../../main/ports/index.ts';
import type { EmulatedFunction } from '../fakes/lambda/index.ts';
import { drawScene, makeJpeg } from '../fixtures/index.ts';
import { writeSeededTower } from '../fixtures/tower.ts';

export const tower = Buffer.from(writeSeededTower(1));
export const towerHash = hashOf(tower);

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Packs the function for this computer's own processor into `folder`. */
export async function packHere(folder: string): Promise<void> {
  const model = `${folder}.onnx`;
  writeFileSync(model, tower);
  const packed = await packFunction({ arch: process.arch === 'arm64' ? 'arm64' : 'x86_64', folder, model });
  if (!packed.ok) throw new Error(packed.error.message);
}

export function emulated(folder: string, changes: Partial<EmulatedFunction> = {}): EmulatedFunction {
  return { folder, handler: 'handler.handler', timeoutMs: 60_000, memoryMb: 1_769, environment: {}, aliases: ['live'], reservedConcurrency: 3, ...changes };
}

/** A function of a few lines, for what Parjanya's own does not do. */
export function writeHandler(folder: string, body: string): void {
  writeFileSync(join(folder, 'handler.mjs'), `export const handler = async (event) => { ${body} };\n`);
}

/** `count` pictures, all different, none larger than some kilobytes. */
export async function drawMany(count: number, width = 96, height = 64): Promise<RemoteImage[]> {
  const images: RemoteImage[] = [];
  for (let seed = 1; seed <= count; seed++) {
    const jpeg = await makeJpeg(drawScene({ seed, width, height }));
    images.push({ key: hashOf(jpeg), jpeg });
  }
  return images;
}

export function scorerFor(endpoint: string, changes: Partial<LambdaOptions> = {}): RemoteScorer {
  return createLambdaScorer({ functionName: 'parjanya-clip', region: 'eu-central-1', model: towerHash, endpoint, pauseMs: 20, ...changes });
}

/** Keys of the pictures that were sent, as the function got them. */
export function keysSent(bodies: readonly Buffer[]): string[] {
  return bodies.flatMap((body) => (JSON.parse(body.toString('utf8')) as { images: { key: string }[] }).images.map(({ key }) => key));
}
