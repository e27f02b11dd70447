/** A hundred thousand photos: grouping and judging them, listing them, and what they take in memory. */
import { availableParallelism } from 'node:os';
import { assessShoot, createAssessor, createPhotoHashIndex, defaultGroupSettings } from '../../main/domain/index.ts';
import type { PhotoFacts, StageOutputs } from '../../main/domain/index.ts';
import { formatMiB, formatMs } from './figures.ts';
import type { Figure } from './figures.ts';
import { coldPlaces, withHost } from './host-client.ts';
import { timed } from './machine.ts';
import { answersOf } from './material.ts';
import type { Material } from './material.ts';
import { plantHashes } from './search-hashes.ts';

const many = 100_000;

export async function benchRules(): Promise<Figure[]> {
  const photos = Array.from({ length: many }, (_, index) => factsOf(index));
  assessShoot(photos.slice(0, 5000));
  const runs = [await timed(() => assessShoot(photos)), await timed(() => assessShoot(photos)), await timed(() => assessShoot(photos))];
  const best = Math.min(...runs.map(({ cpuMs }) => cpuMs));
  const { groups } = runs[0]!.value;
  const more = await benchOneMore(photos);
  const near = await benchNear();
  return [
    {
      name: `Grouping and judging ${many.toLocaleString('en-US')} photos (${groups.length.toLocaleString('en-US')} groups)`,
      measured: `${formatMs(best)} of processor`,
      against: 'a second',
      ratio: best / 1000,
      aim: { atMost: 1 },
    },
    {
      name: `One photo more in a shoot of ${many.toLocaleString('en-US')}: grouped and judged again`,
      measured: `median ${formatMs(more.median)} of processor, worst of ${more.count} ${formatMs(more.worst)}; ${more.touched} photos judged again at most`,
      against: 'all of them grouped and judged',
      ratio: more.median / best,
      aim: null,
    },
    {
      name: `The hashes of a catalog of ${catalogPhotos.toLocaleString('en-US')}: a photo searched for in all eight positions`,
      measured: `median ${formatMs(near.median)} of processor, worst of ${near.count} ${formatMs(near.worst)}; in memory ${formatMiB(near.bytes)}`,
      against: '100 MiB',
      ratio: near.bytes / (100 * 1024 ** 2),
      aim: { atMost: 1 },
    },
  ];
}

/** Photos that arrive one after the other, all over a shoot that is grouped. */
async function benchOneMore(photos: readonly PhotoFacts[]): Promise<{ median: number; worst: number; count: number; touched: number }> {
  const count = 40;
  const assessor = createAssessor();
  assessor.assess(photos);
  const all = [...photos];
  const costs: number[] = [];
  let touched = 0;
  for (let at = 0; at < count; at++) {
    const beside = photos[(12_345 * (at + 1)) % photos.length]!;
    all.push({ ...beside, id: photos.length + 1 + at, path: `MORE_${at}.NEF`, sha256: at.toString(16).padStart(64, '0'), imageSha256: null });
    const { cpuMs, value } = await timed(() => assessor.assess(all));
    costs.push(cpuMs);
    touched = Math.max(touched, value.touched.size);
  }
  costs.sort((a, b) => a - b);
  return { median: costs[count >> 1]!, worst: costs.at(-1)!, count, touched };
}

const catalogPhotos = 1_000_000;

/** What looks nearly the same in other shoots, as library.near asks for it, without what the catalog tells of those found. */
async function benchNear(): Promise<{ median: number; worst: number; count: number; bytes: number }> {
  const { high, low } = plantHashes(catalogPhotos, 5);
  const before = process.memoryUsage().arrayBuffers;
  const index = createPhotoHashIndex();
  for (let at = 0; at < catalogPhotos; at++) index.set(at + 1, 1 + (at % 50), [high[at]!, low[at]!]);
  const bytes = process.memoryUsage().arrayBuffers - before;
  const count = 500;
  const costs: number[] = [];
  const limits = { bits: defaultGroupSettings.untimedBits, turnedBits: defaultGroupSettings.turnedBits };
  for (let at = 0; at <= count; at++) {
    const photo = (7_919 * (at + 1)) % catalogPhotos;
    costs.push((await timed(() => index.search([high[photo]!, low[photo]!], limits, 1 + (photo % 50), 100))).cpuMs);
  }
  // the first one compiles
  costs.shift();
  costs.sort((a, b) => a - b);
  return { median: costs[count >> 1]!, worst: costs.at(-1)!, count, bytes };
}

/** What stages have answered for the photo of this number: bursts of six. */
export function factsOf(index: number): PhotoFacts {
  const answers = new Map(answersOf(index, 25_000_000).map((result) => [result.stage, result.output]));
  const of = <S extends keyof StageOutputs>(stage: S): StageOutputs[S] => answers.get(stage) as StageOutputs[S];
  return {
    id: index + 1,
    path: `IMG_${index + 1}.NEF`,
    format: 'nef',
    bytes: 25_000_000,
    sha256: of('identify').sha256,
    imageSha256: of('identify').imageSha256,
    metadata: of('metadata'),
    preview: { source: 'embedded', width: 6000, height: 4000 },
    phash: of('phash').hash,
    phashUsable: true,
    view: of('phash').view,
    measures: { focus: of('focus'), exposure: of('exposure') },
    errors: [],
    pairId: null,
  };
}

/** The same number of rows through a real engine and its catalog. */
export async function benchMemory(material: Material): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const count of [1_000, many]) {
    const { folder, catalogFile } = await material.knownShoot(count);
    const places = { ...(await coldPlaces(material, folder)), catalogFile };
    const { ms, before, listed, after } = await withHost(async (host) => ({
      ms: (await host.ask({ kind: 'open', options: places })).ms,
      before: await host.memory({ collect: true }),
      listed: await host.ask({ kind: 'openShoot', analyse: true, wait: true }),
      after: await host.memory({ collect: true }),
    }));
    if (listed.rows !== count) throw new Error(`${listed.rows} rows instead of ${count}`);
    const words = `${count.toLocaleString('en-US')} known photos`;
    figures.push(
      { name: `${words}: opened and all listed`, measured: formatMs(ms + listed.listMs), against: count === many ? '5 s' : 'half a second', ratio: (ms + listed.listMs) / (count === many ? 5000 : 500), aim: { atMost: 1 } },
      { name: `${words}: engine's memory`, measured: formatMiB(after.engine), against: `before opening: ${formatMiB(before.engine)}`, ratio: after.engine / before.engine, aim: null },
      { name: `${words}: engine's JavaScript heap`, measured: formatMiB(after.heap), against: 'a kibibyte and a half a photo, above that of an empty engine', ratio: Math.max(0, after.heap - before.heap) / (count * 1536), aim: count === many ? { atMost: 1 } : null },
    );
  }
  return figures;
}

/** Engine and decode children while they work. */
export async function benchWorkMemory(material: Material): Promise<Figure[]> {
  const shoot = await material.rawShoot();
  const { engine, child } = await withHost(async (host) => {
    await host.ask({ kind: 'open', options: await coldPlaces(material, shoot) });
    await host.ask({ kind: 'openShoot', analyse: true, wait: false });
    const highest = { engine: 0, child: 0 };
    for (;;) {
      const now = await host.memory();
      highest.engine = Math.max(highest.engine, now.engine);
      if (now.children !== null && now.childCount > 0) highest.child = Math.max(highest.child, now.children / now.childCount);
      if ((await host.ask({ kind: 'jobs' })).running === 0) return highest;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  });
  const cores = availableParallelism();
  return [
    { name: `Working on ${material.photos.toLocaleString('en-US')} RAW files: engine's memory, highest`, measured: formatMiB(engine), against: '300 MiB', ratio: engine / (300 * 1024 ** 2), aim: { atMost: 1 } },
    ...(child === 0 ? [] : [{ name: `Each of ${cores} decode children, highest mean`, measured: formatMiB(child), against: '250 MiB', ratio: child / (250 * 1024 ** 2), aim: { atMost: 1 } }]),
  ];
}
