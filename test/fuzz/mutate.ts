/** Seeded damage to whole files: at their structure (counts, types, offsets, sizes, cycles), and anywhere. */
import { createRandom, fixPngChecksums } from '../fixtures/index.ts';
import type { Random } from '../fixtures/index.ts';
import type { Place, Structure } from './structure.ts';
import { findStructure } from './structure.ts';

export interface Sample {
  readonly name: string;
  /** The whole file, or its head where {@link size} says more. */
  readonly bytes: Uint8Array;
  /** Bytes of the file; what lies behind `bytes` reads as zeros. */
  readonly size: number;
  /** `render`: the undamaged file is decoded by LibRaw or libheif; `large`: and that, or its size, takes long. */
  readonly cost: 'light' | 'render' | 'large';
}

/**
 * flip: bits and bytes anywhere; number: an extreme at a structural place; link: an offset to another structure (cycles); code: a
 * tag, type, marker or name of another place; swap: two structural values exchanged; cut: the file ends; splice: a piece of any
 * sample over this one; insert: a piece in between; repeat: its own piece again; blank: a stretch of one byte.
 */
export type Damage = 'flip' | 'number' | 'link' | 'code' | 'swap' | 'cut' | 'splice' | 'insert' | 'repeat' | 'blank';
export const damages: readonly Damage[] = ['flip', 'number', 'link', 'code', 'swap', 'cut', 'splice', 'insert', 'repeat', 'blank'];

export interface Mutant extends Sample {
  readonly damages: readonly Damage[];
}

/** Numbers at the edges of what offsets, lengths, counts and sizes can be. */
const edges: readonly number[] = [
  0, 1, 2, 3, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x3fff, 0x7fff, 0x8000, 0xffdc, 0xffff, 0x1_0000, 0x1000_0000, 0x4000_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff,
];
/** Most of what can be followed wrongly is in the headers. */
const headBytes = 4_096;
const mostInserted = 65_536;
/** Of a hundred inputs so many are of samples that are rendered, and of large ones. */
export const shares = { render: 12, large: 1 } as const;

/** The lengths at which a file of `size` bytes is cut: `count` of them, evenly spread, the longest first. */
export function cutsOf(size: number, count = 64): number[] {
  return Array.from({ length: count }, (_, index) => Math.floor((size * (count - 1 - index)) / count));
}

const structures = new WeakMap<Sample, Structure>();

function structureOf(sample: Sample): Structure {
  const known = structures.get(sample) ?? findStructure(sample.bytes);
  structures.set(sample, known);
  return known;
}

/** The same mutant for the same seed and samples. */
export function mutate(samples: readonly Sample[], seed: number): Mutant {
  const random = createRandom(seed);
  const sample = pickSample(samples, random);
  const done: Damage[] = [];
  let mutant: { bytes: Uint8Array; size: number } = { bytes: sample.bytes.slice(), size: sample.size };
  // Most inputs have one kind of damage, some have several that meet.
  for (let left = random.next() < 0.75 ? 1 : random.whole(2, 4); left > 0; left--) {
    const damage = random.pick(damages);
    done.push(damage);
    mutant = apply(damage, mutant, sample, samples, random);
  }
  // Decoders stop at a wrong checksum: with right ones they get further.
  if (random.next() < 0.7) fixPngChecksums(mutant.bytes);
  return { name: sample.name, cost: sample.cost, ...mutant, damages: done };
}

function pickSample(samples: readonly Sample[], random: Random): Sample {
  const chance = random.next() * 100;
  const cost = chance < shares.large ? 'large' : chance < shares.large + shares.render ? 'render' : 'light';
  // Made files are few, but each is of another layout: they get half of the inputs.
  const isMade = random.next() < 0.5;
  const priced = samples.filter((sample) => sample.cost === cost);
  const fitting = priced.filter(({ name }) => name.startsWith('made') === isMade);
  return random.pick(fitting.length > 0 ? fitting : priced.length > 0 ? priced : samples);
}

type Bytes = Pick<Sample, 'bytes' | 'size'>;

function apply(damage: Damage, { bytes, size }: Bytes, sample: Sample, samples: readonly Sample[], random: Random): Bytes {
  const below = (limit: number): number => Math.floor(random.next() * limit);
  const anywhere = (): number => (random.next() < 0.7 ? below(Math.min(headBytes, bytes.length)) : below(bytes.length));
  const { places, targets } = structureOf(sample);
  const place = (kinds: readonly Place['kind'][]): Place | null => {
    const chosen = places.length > 0 ? random.pick(places) : null;
    const fitting = chosen && kinds.includes(chosen.kind) ? chosen : (places.find((other, index) => kinds.includes(other.kind) && index >= below(places.length)) ?? chosen);
    // An earlier cut may have taken it away.
    return fitting && fitting.at + fitting.bytes <= bytes.length ? fitting : null;
  };
  switch (damage) {
    case 'flip':
      for (let left = 1 + below(random.next() < 0.8 ? 12 : 200); left > 0 && bytes.length > 0; left--) {
        const at = anywhere();
        bytes[at] = random.next() < 0.5 ? bytes[at]! ^ (1 << below(8)) : below(256);
      }
      return { bytes, size };
    case 'number':
      for (let left = 1 + below(4); left > 0; left--) {
        const at = place(['number', 'link']) ?? { at: anywhere(), bytes: 4, little: random.next() < 0.5, kind: 'number' };
        const old = read(bytes, at);
        write(bytes, at, random.next() < 0.6 ? random.pick(edges) : random.pick([old + 1, old - 1, old * 2, old * 256, size, size - 1, size + 1, -old, bytes.length, old * 16]));
      }
      return { bytes, size };
    case 'link':
      for (let left = 1 + below(3); left > 0; left--) {
        const at = place(['link']);
        if (at) write(bytes, at, targets.length > 0 && random.next() < 0.7 ? random.pick(targets) : below(size));
      }
      return { bytes, size };
    case 'code':
    case 'swap': {
      const kinds: readonly Place['kind'][] = damage === 'code' ? ['code'] : ['code', 'link', 'number'];
      const [one, other] = [place(kinds), place(kinds)];
      if (!one || !other) return { bytes, size };
      const [first, second] = [read(bytes, one), read(bytes, other)];
      write(bytes, one, damage === 'code' && random.next() < 0.3 ? below(65_536) : second);
      if (damage === 'swap') write(bytes, other, first);
      return { bytes, size };
    }
    case 'cut': {
      const end = random.next() < 0.3 && size > bytes.length ? bytes.length + below(size - bytes.length) : anywhere();
      return { bytes: bytes.slice(0, end), size: end };
    }
    case 'blank':
      bytes.fill(random.pick([0, 0xff, 0x20, below(256)]), anywhere(), anywhere() + 1 + below(4_096));
      return { bytes, size };
    default:
      return mix(damage, { bytes, size }, random.next() < 0.5 ? sample : pickSample(samples, random), random);
  }
}

function mix(damage: Damage, { bytes, size }: Bytes, other: Sample, random: Random): Bytes {
  const below = (limit: number): number => Math.floor(random.next() * limit);
  const source = damage === 'repeat' ? bytes : other.bytes;
  const isWhole = random.next() < 0.2;
  const from = isWhole ? 0 : below(source.length);
  const piece = source.slice(from, from + (isWhole ? mostInserted : 1 + below(random.next() < 0.7 ? 256 : 8_192)));
  const at = random.next() < 0.7 ? below(Math.min(headBytes, bytes.length)) : below(bytes.length);
  if (damage === 'splice' || size > bytes.length) {
    bytes.set(piece.subarray(0, Math.max(0, bytes.length - at)), at);
    return { bytes, size };
  }
  const longer = new Uint8Array(bytes.length + piece.length);
  longer.set(bytes.subarray(0, at));
  longer.set(piece, at);
  longer.set(bytes.subarray(at), at + piece.length);
  return { bytes: longer, size: longer.length };
}

/** Behind the end are zeros. */
function read(bytes: Uint8Array, { at, bytes: width, little }: Place): number {
  let value = 0;
  for (let index = 0; index < width; index++) value = value * 256 + (bytes[little ? at + width - 1 - index : at + index] ?? 0);
  return value;
}

/** Of a number too large for the place the low bytes; of a negative one its two's complement. */
function write(bytes: Uint8Array, { at, bytes: width, little }: Place, value: number): void {
  const all = BigInt.asUintN(64, BigInt(Math.trunc(value)));
  for (let index = 0; index < width; index++) bytes[little ? at + index : at + width - 1 - index] = Number((all >> BigInt(index * 8)) & 255n);
}
