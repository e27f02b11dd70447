/** Embedding pictures: the child that does it against the model's own runs in this process, on a tower of the real one's graph and size with seeded weights. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createEmbedder, towerMemory } from '../../main/adapters/embedder/index.ts';
import type { Embedder, ModelFile } from '../../main/ports/index.ts';
import { childrenOf } from '../config/processes.ts';
import { drawScene, makeJpeg } from '../fixtures/index.ts';
import { writeVisionTransformer } from '../fixtures/vision-transformer.ts';
import { formatMiB, formatMs, formatNumber } from './figures.ts';
import type { Figure } from './figures.ts';
import { peakBytes, processorMs, residentBytes } from './machine.ts';
import type { Material } from './material.ts';

const script = fileURLToPath(new URL('../../main/workers/decode.ts', import.meta.url));
const bareScript = fileURLToPath(new URL('clip-child.ts', import.meta.url));
const log = { info: () => undefined, warn: (text: string) => console.error(`bench: ${text}`), bug: () => undefined };
const photos = 32;
/** Processor ms of a run of these shapes, one thread (../shared/research/models.md, section 3). */
const published = { float: 97, int8: 63 } as const;
const kinds = { float: '32-bit floats', int8: '8-bit weights, not used by the product' } as const;

/** What clip-child.ts prints. */
interface Bare {
  readonly loadMs: number;
  readonly aloneMs: number;
  readonly batchMs: number;
  readonly prepareMs: number;
  readonly bytes: number;
}

export async function benchClip(material: Material, log: (text: string) => void): Promise<Figure[]> {
  const figures: Figure[] = [];
  const jpegs = await Promise.all(Array.from({ length: photos }, (_, seed) => makeJpeg(drawScene({ seed, width: 512, height: 341 }))));
  for (const kind of ['float', 'int8'] as const) {
    log(`writing a tower of ViT-B/32's size, ${kinds[kind]}`);
    const path = join(material.folder, `tower-${kind}.onnx`);
    writeVisionTransformer(path, kind);
    const model: ModelFile = { path, sha256: await hashOf(path), version: 'seeded' };
    const bare = JSON.parse(execFileSync(process.execPath, [bareScript, path], { encoding: 'utf8', env: { ...process.env, ...towerMemory } })) as Bare;
    const name = `ViT-B/32 in ${kinds[kind]}`;
    const own = Math.min(bare.aloneMs, bare.batchMs);
    figures.push({ name: `${name}: a run of the model alone, processor time a photo`, measured: `${formatMs(bare.aloneMs)} one by one, ${formatMs(bare.batchMs)} in eights`, against: `published: ${published[kind]} ms`, ratio: own / published[kind], aim: null });
    figures.push({ name: `${name}: loading`, measured: formatMs(bare.loadMs), against: `${formatMiB(statSync(path).size)} on disk`, ratio: null, aim: null });
    figures.push({ name: `${name}: most memory of a process that only runs it`, measured: formatMiB(bare.bytes), against: '', ratio: null, aim: null });
    if (kind === 'float') figures.push({ name: 'Decoding and preparing a picture of the grid, processor time', measured: formatMs(bare.prepareMs), against: `the model: ${formatMs(own)}`, ratio: bare.prepareMs / own, aim: { atMost: 0.1 } });
    for (const count of [1, 2]) figures.push(await benchChildren(name, count, jpegs, model, own));
  }
  return figures;
}

async function benchChildren(name: string, count: number, jpegs: readonly Uint8Array[], model: ModelFile, own: number): Promise<Figure> {
  const embedders = Array.from({ length: count }, () => createEmbedder({ script, log, limitMs: 300_000 }));
  try {
    // the first loads the model
    await Promise.all(embedders.map((embedder) => embed(embedder, jpegs.slice(0, 8), model)));
    const before = processorOfChildren();
    const start = performance.now();
    await Promise.all(embedders.map((embedder) => embed(embedder, jpegs, model)));
    const seconds = (performance.now() - start) / 1000;
    const each = (processorOfChildren() - before) / (count * jpegs.length);
    const most = (of: (id: number) => number | null): number => Math.max(...childrenOf(process.pid).map(({ id }) => of(id) ?? 0));
    const speed = (count * jpegs.length) / seconds;
    return {
      name: `${name}: ${count === 1 ? 'the child that embeds' : 'two such children at once'}`,
      measured: `${formatNumber(speed)} photos/s, ${formatMs(each)} of processor a photo, ${formatMiB(most(peakBytes))} each at most (loading), ${formatMiB(most(residentBytes))} then`,
      against: `the model's own runs: ${formatMs(own)} of processor`,
      ratio: each / own,
      aim: { atMost: 1.25 },
    };
  } finally {
    await Promise.all(embedders.map((embedder) => embedder.close()));
  }
}

async function embed(embedder: Embedder, jpegs: readonly Uint8Array[], model: ModelFile): Promise<void> {
  const answers = await Promise.all(jpegs.map((jpeg) => embedder.embed(jpeg, model)));
  for (const answer of answers) if (!answer.ok) throw new Error(answer.error.message);
}

function processorOfChildren(): number {
  return childrenOf(process.pid).reduce((sum, { id }) => sum + (processorMs(id) ?? 0), 0);
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
