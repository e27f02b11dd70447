/** Which pictures are had ready, in which order, and which are let go. */
import { describe, expect, it } from 'vitest';
import { pictureAddress, splitFit, withFit } from '../../renderer/pixels/address.ts';
import { nearRange, planGrid, planLoupe } from '../../renderer/pixels/prefetch.ts';
import { createPictureStore } from '../../renderer/pixels/store.ts';
import type { PictureStore } from '../../renderer/pixels/store.ts';
import { placeFit, placeFull, spotAt, visiblePart } from '../../renderer/loupe/geometry.ts';
import { PhotoTable } from '../../renderer/state/photo-table.ts';
import { columnsOf, makeRow } from './rows.ts';

interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly address: string;
  closed: boolean;
  close(): void;
}

interface Loads {
  readonly store: PictureStore<Bitmap>;
  readonly started: string[];
  readonly aborted: string[];
  readonly settled: string[];
  readonly bitmaps: Map<string, Bitmap>;
  finish(address: string): Promise<void>;
  fail(address: string): Promise<void>;
}

/** Each picture is 100 bytes; loads end when the test says so. */
function setUp(maxBytes = 1000, parallel = 2): Loads {
  const started: string[] = [];
  const aborted: string[] = [];
  const settled: string[] = [];
  const bitmaps = new Map<string, Bitmap>();
  const waiting = new Map<string, { resolve(bitmap: Bitmap): void; reject(error: Error): void }>();
  const store = createPictureStore<Bitmap>({
    maxBytes,
    parallel,
    onSettled: (address) => settled.push(address),
    load(address, signal) {
      started.push(address);
      signal.addEventListener('abort', () => aborted.push(address));
      return new Promise((resolve, reject) => waiting.set(address, { resolve, reject }));
    },
  });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    store, started, aborted, settled, bitmaps,
    async finish(address) {
      const bitmap: Bitmap = { width: 5, height: 5, address, closed: false, close: () => (bitmap.closed = true) };
      bitmaps.set(address, bitmap);
      waiting.get(address)!.resolve(bitmap);
      await turn();
    },
    async fail(address) {
      waiting.get(address)!.reject(new Error('no'));
      await turn();
    },
  };
}

describe('the picture store', () => {
  it('loads the most urgent first and no more at once than it may', async () => {
    const { store, started, finish, settled } = setUp();
    store.want(['a', 'b', 'c']);
    expect(started).toEqual(['a', 'b']);
    await finish('a');
    expect(started).toEqual(['a', 'b', 'c']);
    expect(settled).toEqual(['a']);
    expect(store.get('a')?.address).toBe('a');
    expect(store.get('b')).toBeNull();
  });

  it('cancels what is no longer wanted, and closes what comes all the same', async () => {
    const { store, aborted, finish, bitmaps, settled } = setUp();
    store.want(['a', 'b']);
    store.want(['b', 'c']);
    expect(aborted).toEqual(['a']);
    await finish('a');
    expect(bitmaps.get('a')!.closed).toBe(true);
    expect(store.get('a')).toBeNull();
    expect(settled).toEqual([]);
  });

  it('lets go of what was not looked at for longest when memory is full', async () => {
    const { store, finish, bitmaps } = setUp(250, 4);
    store.want(['a', 'b']);
    await finish('a');
    await finish('b');
    store.get('a');
    store.want(['c']);
    await finish('c');
    expect(bitmaps.get('b')!.closed).toBe(true);
    expect(store.get('a')).not.toBeNull();
    expect(store.get('c')).not.toBeNull();
    expect(store.bytes).toBe(200);
  });

  it('finds what an address begins with, the one looked at last', async () => {
    const { store, finish } = setUp(1000, 4);
    store.want(['a#1x1', 'a#2x2', 'b']);
    for (const address of ['a#1x1', 'a#2x2', 'b']) await finish(address);
    store.get('a#1x1');
    expect(store.find((address) => address.startsWith('a'))?.address).toBe('a#1x1');
    expect(store.find((address) => address.startsWith('c'))).toBeNull();
  });

  it('begins what takes seconds only when all that is more urgent is there, one at a time, and not on the way', async () => {
    const { store, started, aborted, finish, fail } = setUp(1000, 4);
    const costly = new Set(['eye', 'next', 'after']);
    store.want(['small', 'eye', 'cheap', 'next'], { costly, mayStart: false });
    expect(started).toEqual(['small', 'cheap']);
    await finish('small');
    expect(started).toEqual(['small', 'cheap']);
    store.want(['small', 'eye', 'cheap', 'next'], { costly, mayStart: true });
    expect(started).toEqual(['small', 'cheap', 'eye']);
    await finish('cheap');
    expect(started).toEqual(['small', 'cheap', 'eye']);
    await finish('eye');
    expect(started.at(-1)).toBe('next');
    // the eye has moved to the next one: what is being made for it goes on, though nothing new may begin
    store.want(['next', 'after'], { costly, mayStart: false });
    expect([aborted, started.at(-1)]).toEqual([[], 'next']);
    // and elsewhere: it is given up at once
    store.want(['after'], { costly, mayStart: true });
    expect([aborted, started.at(-1)]).toEqual([['next'], 'after']);
    await fail('after');
    store.want(['after', 'eye'], { costly, mayStart: true });
    expect(store.failureOf('after')).toBeInstanceOf(Error);
    expect(store.failureOf('eye')).toBeUndefined();
  });

  it('remembers what could not be had until it is wished for anew', async () => {
    const { store, started, fail } = setUp();
    store.want(['a']);
    await fail('a');
    expect(store.hasFailed('a')).toBe(true);
    store.want(['a']);
    expect(started).toEqual(['a']);
    store.want([]);
    store.want(['a']);
    expect(started).toEqual(['a', 'a']);
    await fail('a');
    store.retry();
    expect(started).toEqual(['a', 'a', 'a']);
  });
});

describe('what is prefetched', () => {
  it('has the shown photo first, then two ahead for one behind', () => {
    const screens = planLoupe({ position: 10, length: 100, direction: 1, zoom: 'fit' }).filter(({ size }) => size === 'screen').map(({ position }) => position);
    expect(screens).toEqual([10, 11, 9, 12, 13, 8, 14]);
    const back = planLoupe({ position: 10, length: 100, direction: -1, zoom: 'fit' }).filter(({ size }) => size === 'screen').map(({ position }) => position);
    expect(back).toEqual([10, 9, 11, 8, 7, 12, 6]);
  });

  it('has the full picture only of the shown and the next one, and only at 100 %', () => {
    const full = planLoupe({ position: 3, length: 9, direction: 1, zoom: 'full' }).filter(({ size }) => size === 'full').map(({ position }) => position);
    expect(full).toEqual([3, 4]);
    expect(planLoupe({ position: 3, length: 9, direction: 1, zoom: 'fit' }).some(({ size }) => size === 'full')).toBe(false);
  });

  it('has whole renderings made for the eye alone, and something to stand in for each', () => {
    const isCostly = (_position: number, size: string): boolean => size === 'full';
    const full = planLoupe({ position: 3, length: 9, direction: 1, zoom: 'full', isCostly }).filter(({ size }) => size === 'full');
    expect(full).toEqual([
      { position: 3, size: 'full', isStandIn: true },
      { position: 3, size: 'full', isCostly: true },
      { position: 4, size: 'full', isStandIn: true },
    ]);
  });

  it('has few costly pictures ready at fit, the shown one first', () => {
    const costly = planLoupe({ position: 5, length: 20, direction: -1, zoom: 'fit', isCostly: (_position, size) => size === 'screen' }).filter((wish) => wish.isCostly);
    expect(costly.map(({ position }) => position)).toEqual([5, 4, 6, 3]);
    expect(planGrid(2, 5, () => true)).toEqual([{ position: 2, size: 'screen', isCostly: true }]);
  });

  it('never leaves the list and wishes nothing twice', () => {
    for (const position of [0, 1, 4]) {
      const wishes = planLoupe({ position, length: 5, direction: 1, zoom: 'full' });
      expect(wishes.every((wish) => wish.position >= 0 && wish.position < 5)).toBe(true);
      expect(new Set(wishes.map((wish) => `${wish.position} ${wish.size}`)).size).toBe(wishes.length);
    }
    expect(planGrid(-1, 5)).toEqual([]);
    expect(planGrid(2, 5)).toEqual([{ position: 2, size: 'screen' }]);
  });

  it('tells the engine a page ahead of the travel before half a page behind', () => {
    expect(nearRange(40, 59, 200, 1)).toEqual([{ from: 60, to: 80 }, { from: 30, to: 40 }]);
    expect(nearRange(40, 59, 200, -1)).toEqual([{ from: 20, to: 40 }, { from: 60, to: 70 }]);
    expect(nearRange(0, 199, 200, 1)).toEqual([]);
  });

  it('has an address only where there is a picture, and another one when the picture is another', () => {
    const table = new PhotoTable();
    table.merge(columnsOf([makeRow(4, { pixels: 'a b/1' }), makeRow(5, { pixels: null })]));
    expect(pictureAddress('/photo/p/', table, 0, 'grid')).toBe('/photo/p/4/grid?k=a%20b%2F1');
    expect(pictureAddress('/photo/p/', table, 1, 'grid')).toBeNull();
    expect(pictureAddress('/photo/p/', table, 0, 'full', 'rendered')).toBe('/photo/p/4/full?k=a%20b%2F1&from=rendered');
  });

  it('says behind an address where the picture is to fit, and asks the shell without it', () => {
    const table = new PhotoTable();
    table.merge(columnsOf([makeRow(4, { pixels: 'a#1' })]));
    const address = pictureAddress('/photo/p/', table, 0, 'screen')!;
    expect(withFit(address, { width: 1200, height: 800 })).toBe(`${address}#1200x800`);
    expect(splitFit(withFit(address, { width: 1200, height: 800 }))).toEqual({ url: address, width: 1200, height: 800 });
    // while the stage has no size yet
    expect(withFit(address, { width: 0, height: 0 })).toBe(address);
    expect(splitFit(address)).toEqual({ url: address, width: 0, height: 0 });
  });
});

describe('where a picture goes on the stage', () => {
  const stage = { width: 1000, height: 500 };
  it('fits the whole picture into the middle', () => {
    expect(placeFit({ width: 4000, height: 4000 }, stage)).toEqual({ scale: 0.125, left: 250, top: 0, width: 500, height: 500 });
    expect(placeFit({ width: 100, height: 25 }, stage)).toEqual({ scale: 10, left: 0, top: 125, width: 1000, height: 250 });
  });

  it('shows one pixel on one at 100 %, held at the edges', () => {
    expect(placeFull({ width: 4000, height: 4000 }, stage, { x: 0.5, y: 0.5 })).toMatchObject({ scale: 1, left: -1500, top: -1750 });
    expect(placeFull({ width: 4000, height: 4000 }, stage, { x: 0, y: 1 })).toMatchObject({ left: 0, top: -3500 });
    expect(placeFull({ width: 400, height: 200 }, stage, { x: 0, y: 0 })).toMatchObject({ left: 300, top: 150 });
  });

  it('finds the spot under the pointer and the part that can be seen', () => {
    const place = placeFull({ width: 4000, height: 4000 }, stage, { x: 0.5, y: 0.5 });
    expect(spotAt(place, 500, 250)).toEqual({ x: 0.5, y: 0.5 });
    expect(spotAt(placeFit({ width: 100, height: 100 }, stage), 10, 10)).toBeNull();
    // a half-size bitmap of the same picture
    expect(visiblePart(place, { width: 2000, height: 2000 }, stage)).toEqual({ source: [750, 875, 500, 250], target: [0, 0, 1000, 500] });
  });
});
