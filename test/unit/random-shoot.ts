/** A shoot that changes at random: photos of all kinds of sets arrive, go, get their answers late, are placed by hand. */
import { mapColumns, mapRows, viewColumns, viewRows } from '../../main/domain/index.ts';
import type { Metadata, PhotoFacts, PhotoId } from '../../main/domain/index.ts';
import type { Random } from '../fixtures/index.ts';
import { createRandom } from '../fixtures/index.ts';
import { measuresWith, photoFacts } from './photo-facts.ts';

export interface RandomShoot {
  readonly photos: ReadonlyMap<PhotoId, PhotoFacts>;
  /** Where the person has put photos. */
  readonly places: ReadonlyMap<PhotoId, string>;
  /** How many sets of each kind were meant so far. */
  readonly meant: Readonly<Record<string, number>>;
  change(): void;
}

export interface ShootKind {
  readonly seed: number;
  /** Over how many seconds photos are spread. Few seconds: many views are open at once. */
  readonly seconds: number;
  /** Photos at the start. */
  readonly photos: number;
  /** With files that state no time or no camera, which may join anything anywhere. */
  readonly loose: boolean;
}

type Tags = Partial<Metadata>;

export function createRandomShoot({ seed, seconds, photos: first, loose }: ShootKind): RandomShoot {
  const random = createRandom(seed);
  const photos = new Map<PhotoId, PhotoFacts>();
  const places = new Map<PhotoId, string>();
  const meant: Record<string, number> = {};
  const looks = Array.from({ length: 8 + random.whole(0, 60) }, () => Array.from({ length: 16 }, () => random.whole(0, 15).toString(16)).join(''));
  /** Photos whose answers are still to come. */
  const late = new Map<PhotoId, PhotoFacts>();
  let lastId = 0;

  const flip = (hash: string, bits: number): string => {
    let value = BigInt(`0x${hash}`);
    for (let count = 0; count < bits; count++) value ^= 1n << BigInt(random.whole(0, 63));
    return value.toString(16).padStart(16, '0');
  };
  const anyMeasures = (): PhotoFacts['measures'] => (random.next() < 0.05 ? null : measuresWith({ sharpness: random.between(0.4, 0.95) }, { mean: random.between(0.1, 0.9) }));
  const add = (time: number | null, hash: string, change: Partial<PhotoFacts> = {}, tags: Tags = {}): PhotoId => {
    const id = ++lastId;
    const photo = photoFacts(id, time, hash, { path: `${random.pick(['', 'a/', 'b/'])}IMG_${random.whole(0, 9)}_${id}.JPG`, measures: anyMeasures(), phashUsable: random.next() > 0.03, ...change }, tags);
    if (random.next() > 0.2) photos.set(id, photo);
    else {
      // known by its name only; its answers come later
      late.set(id, photo);
      photos.set(id, { ...photo, sha256: null, metadata: null, phash: null, measures: null, view: null, preview: null });
    }
    return id;
  };
  const moment = (): number => Math.round(random.between(0, seconds) * (random.next() < 0.5 ? 1 : 1000)) / (random.next() < 0.5 ? 1 : 1000);
  const camera = (): Tags => ({ model: random.pick(['One', 'One', 'Two']), lens: random.pick([null, 'Long']) });
  const folder = (): string => random.pick(['', 'a/', 'b/']);
  const sequence = (count: number, path: string, photo: (at: number) => { time: number; hash: string; change?: Partial<PhotoFacts>; tags?: Tags }, tags: Tags): void => {
    for (let at = 0; at < count; at++) {
      const one = photo(at);
      add(one.time, one.hash, { path: `${path}S_${lastId + 1}.JPG`, ...one.change }, { ...tags, ...one.tags });
    }
  };

  const kinds: Record<string, () => void> = {
    single: () => void add(moment(), flip(random.pick(looks), random.whole(0, 12)), {}, { ...camera(), exposureTime: random.pick([0.01, 0.01, 30, 400]) }),
    burst() {
      const [start, gap, look, drift] = [moment(), random.between(0.05, 2), random.pick(looks), random.whole(0, 7)];
      let hash = flip(look, random.whole(0, 6));
      sequence(random.whole(2, 9), folder(), (at) => ({ time: start + gap * at, hash: (hash = flip(hash, drift)) }), camera());
    },
    bracket() {
      const [start, look] = [moment(), random.pick(looks)];
      sequence(random.pick([2, 3, 5]), folder(), (at) => ({
        time: start + at * random.between(0.1, 2), hash: flip(look, at), change: { measures: measuresWith({}, { mean: 0.2 + 0.1 * at }) }, tags: { exposureTime: 0.005 * 2 ** at, exposureBias: at },
      }), camera());
    },
    stack() {
      const [start, look, count, gap] = [moment(), random.pick(looks), random.whole(3, 7), random.between(0.3, 12)];
      const peaks = Array.from({ length: mapColumns * mapRows }, (_, cell) => (cell * count) / (mapColumns * mapRows));
      sequence(count, folder(), (at) => ({
        time: start + gap * at, hash: flip(look, 1), change: { measures: measuresWith({ map: peaks.map((peak) => hex(140 - 22 * Math.abs(peak - at))).join('') }) },
      }), camera());
    },
    panorama() {
      const [start, way] = [moment(), random.pick([1, -1])];
      const wide = Array.from({ length: viewRows }, () => smooth(random, 80));
      sequence(random.whole(3, 5), folder(), (at) => {
        const left = way > 0 ? 7 * at : 7 * (8 - at);
        return { time: start + 3 * at, hash: flip(looks[0]!, 40), change: { view: wide.map((row) => row.slice(left, left + viewColumns).map(hex).join('')).join('') } };
      }, camera());
    },
    copies() {
      const of = random.pick([...photos.values()]);
      if (!of || of.sha256 === null) return;
      const isFile = random.next() < 0.5;
      const imageSha256 = of.imageSha256 ?? of.sha256.replaceAll('0', 'f');
      if (!isFile) photos.set(of.id, { ...of, imageSha256 });
      add(random.next() < 0.5 ? moment() : null, of.phash ?? looks[0]!, isFile ? { sha256: of.sha256, imageSha256: of.imageSha256 } : { imageSha256 });
    },
    pair() {
      const [time, hash, path] = [moment(), flip(random.pick(looks), 3), `${folder()}P_${lastId + 1}`];
      const raw = add(time, hash, { path: `${path}.NEF`, format: 'nef' });
      const jpeg = add(time, hash, { path: `${path}.JPG` });
      for (const [own, other] of [[raw, jpeg], [jpeg, raw]] as const) {
        photos.set(own, { ...photos.get(own)!, pairId: other });
        const answers = late.get(own);
        if (answers) late.set(own, { ...answers, pairId: other });
      }
    },
    untimed: () => loose && void add(null, flip(random.pick(looks), random.whole(0, 6)), { path: `c/U_${lastId + 1}.JPG` }, { model: null }),
    edited: () => loose && void add(moment(), flip(random.pick(looks), random.whole(0, 6)), {}, { model: null, make: null }),
    other: () => void add(null, looks[0]!, { format: 'other', phash: null, metadata: null }),
  };
  const names = Object.keys(kinds);
  const arrive = (): void => {
    const kind = random.pick(random.next() < 0.5 ? ['single', 'burst'] : names);
    meant[kind] = (meant[kind] ?? 0) + 1;
    kinds[kind]!();
  };
  const anyId = (): PhotoId => random.pick([...photos.keys()]);
  const remove = (id: PhotoId): void => {
    const { pairId } = photos.get(id)!;
    const pair = pairId === null ? undefined : photos.get(pairId);
    if (pair) photos.set(pair.id, { ...pair, pairId: null });
    for (const list of [photos, late, places]) list.delete(id);
  };
  const changes: readonly (() => void)[] = [
    arrive, arrive, arrive, arrive,
    () => remove(anyId()),
    () => {
      for (let count = random.whole(1, 9); count > 0 && photos.size > 20; count--) remove(anyId());
    },
    () => {
      for (const [id, answers] of [...late].slice(0, random.whole(1, 12))) {
        photos.set(id, { ...answers, pairId: photos.get(id)!.pairId });
        late.delete(id);
      }
    },
    () => {
      // told again, and nothing new in it
      const photo = photos.get(anyId())!;
      photos.set(photo.id, { ...photo });
    },
    () => {
      const photo = photos.get(anyId())!;
      photos.set(photo.id, { ...photo, measures: anyMeasures() });
    },
    () => places.set(anyId(), random.pick(['', 'mine', 'yours', 'theirs'])),
    () => places.delete(random.pick([...places.keys(), 0])),
    () => {
      // a clock is set right
      const [model, shift] = [random.pick(['One', 'Two']), 1000 * random.whole(-3600, 3600)];
      for (const photo of photos.values()) if (photo.metadata?.model === model && photo.metadata.capturedMs !== null) photos.set(photo.id, { ...photo, metadata: { ...photo.metadata, capturedMs: photo.metadata.capturedMs + shift } });
    },
  ];
  while (photos.size < first) arrive();
  return {
    photos,
    places,
    meant,
    change() {
      // clocks are rarely set
      const change = changes[random.whole(0, random.next() < 0.03 ? changes.length - 1 : changes.length - 2)]!;
      change();
      // neither grows nor shrinks in the long run
      while (photos.size > 1.3 * first) remove(anyId());
      while (photos.size < first) arrive();
    },
  };
}

function hex(value: number): string {
  return Math.round(Math.min(255, Math.max(1, value))).toString(16).padStart(2, '0');
}

function smooth(random: Random, length: number): number[] {
  let value = 128;
  return Array.from({ length }, () => (value = Math.min(250, Math.max(5, value + random.between(-70, 70)))));
}
