/** Embedded or rendered, all pixels at 100 %, and the pictures that were costly to make: the real engine, across restarts. */
import { copyFileSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../main/engine.ts';
import type { Engine, EngineOptions } from '../../main/engine.ts';
import type { SourceChoice } from '../../main/domain/index.ts';
import type { Picture, PictureSize, Pixels } from '../../main/ports/index.ts';
import { drawScene, makeJpeg, makeRaw, stampExif } from '../fixtures/index.ts';
import { listAll, openAndFinish } from './engine-kit.ts';
import type { Row } from './engine-kit.ts';
import { makeMosaicDng } from './mosaic-dng.ts';
import { waitUntil } from './processes.ts';

const exif = { make: 'Nikon', model: 'D850', date: '2024:05:01 12:00:00' };

async function makePreview({ data, width, height, channels }: Pixels, edge: number): Promise<Uint8Array> {
  return new Uint8Array(await sharp(data, { raw: { width, height, channels } }).resize(edge, edge, { fit: 'inside' }).jpeg().toBuffer());
}

describe('pictures and their sources', { timeout: 300_000 }, () => {
  let home: string;
  let engine: Engine | null = null;
  const bugs: string[] = [];

  /** Opens an engine on the shoot; with `isDead` its decode children cannot start. */
  async function open(options: Partial<EngineOptions> & { isDead?: boolean } = {}): Promise<{ engine: Engine; rows: Map<string, Row> }> {
    await engine?.close();
    const { isDead, ...rest } = options;
    const opened = await openEngine({
      catalogFile: join(home, 'catalog.db'),
      cacheFolder: join(home, 'cache'),
      ...(isDead ? { workerScript: join(home, 'no-such-worker.mjs') } : {}),
      log: { info: () => undefined, warn: () => undefined, bug: (where, error) => void bugs.push(`${where}: ${String(error)}`) },
      ...rest,
    });
    if (!opened.ok) throw new Error(opened.error.message);
    engine = opened.value;
    const api = engine.connect();
    const shoot = await openAndFinish(engine, api, join(home, 'shoot'));
    return { engine, rows: await listAll(api, shoot) };
  }

  async function ask(from: { engine: Engine; rows: Map<string, Row> }, name: string, size: PictureSize, choice: SourceChoice = 'auto'): Promise<Picture | string> {
    const picture = await from.engine.picture(from.rows.get(name)!.id, size, choice);
    return picture.ok ? picture.value : picture.error.code;
  }
  const told = (picture: Picture | string): unknown => (typeof picture === 'string' ? picture : [picture.source, picture.width, picture.height, picture.refusal?.code ?? null]);
  const storedFiles = (): string[] =>
    readdirSync(join(home, 'cache', 'pictures'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp')).map((entry) => join(entry.parentPath, entry.name));

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'parjanya-sources-'));
    const shoot = join(home, 'shoot');
    await mkdir(shoot);
    const scene = drawScene({ seed: 31, width: 1500, height: 1000 });
    writeFileSync(join(shoot, 'short.dng'), makeMosaicDng(scene, 1, [], await makePreview(scene, 750)));
    copyFileSync(join(shoot, 'short.dng'), join(shoot, 'short-copy.dng'));
    writeFileSync(join(shoot, 'tall.dng'), makeMosaicDng(scene, 6, [], await makePreview(scene, 700)));
    const whole = drawScene({ seed: 32, width: 1200, height: 800 });
    writeFileSync(join(shoot, 'whole.nef'), makeRaw('nef', { previews: [await makePreview(whole, 1200), await makePreview(whole, 700)], exif }));
    writeFileSync(join(shoot, 'gutted.arw'), makeRaw('arw', { previews: [await makePreview(whole, 800)], sensor: { width: 6000, height: 4000 }, exif }));
    writeFileSync(join(shoot, 'plain.jpg'), stampExif(await makeJpeg(drawScene({ seed: 33, width: 2800, height: 1400 })), { ...exif, orientation: 6 }));
  }, 120_000);
  afterAll(async () => {
    await engine?.close();
    rmSync(home, { recursive: true, force: true });
  });
  afterEach(() => expect(bugs).toEqual([]));

  it('shows all pixels at 100 %, from where they are, and says why where they cannot be had', async () => {
    const open1 = await open();
    const facts = ['short.dng', 'tall.dng', 'whole.nef', 'gutted.arw', 'plain.jpg'].map((name) => open1.rows.get(name)! as Row & { source: string; fullWidth: number; fullHeight: number });
    expect(facts.map(({ source, width, height, fullWidth, fullHeight }) => [source, width, height, fullWidth, fullHeight])).toEqual([
      ['embedded', 750, 500, 1500, 1000],
      ['embedded', 467, 700, 1000, 1500],
      ['embedded', 1200, 800, 1200, 800],
      ['embedded', 800, 533, 6000, 4000],
      ['self', 1400, 2800, 1400, 2800],
    ]);
    expect(told(await ask(open1, 'short.dng', 'full'))).toEqual(['rendered', 1500, 1000, null]);
    expect(told(await ask(open1, 'short.dng', 'screen'))).toEqual(['embedded', 750, 500, null]);
    expect(told(await ask(open1, 'tall.dng', 'full'))).toEqual(['rendered', 1000, 1500, null]);
    expect(told(await ask(open1, 'whole.nef', 'full'))).toEqual(['embedded', 1200, 800, null]);
    expect(told(await ask(open1, 'plain.jpg', 'full'))).toEqual(['self', 1400, 2800, null]);
    const gutted = await ask(open1, 'gutted.arw', 'full');
    expect(told(gutted)).toEqual(['embedded', 800, 533, expect.stringMatching(/^(preview-not-real|preview-broken|truncated|format-unsupported)$/)]);
    // it is not tried again, and the panel knows it
    const detail = await open1.engine.connect().library.photo({ id: open1.rows.get('gutted.arw')!.id });
    expect([detail.rendering, detail.refusal?.code]).toEqual(['refused', (gutted as Picture).refusal!.code]);
    expect(told(await ask(open1, 'gutted.arw', 'full'))).toEqual(told(gutted));
  });

  it('gives the source that is asked for, or says that there is none', async () => {
    const opened = await open();
    expect(told(await ask(opened, 'short.dng', 'full', 'embedded'))).toEqual(['embedded', 750, 500, null]);
    expect(told(await ask(opened, 'short.dng', 'screen', 'rendered'))).toEqual(['rendered', 1500, 1000, null]);
    expect(told(await ask(opened, 'tall.dng', 'full', 'embedded'))).toEqual(['embedded', 467, 700, null]);
    expect(told(await ask(opened, 'plain.jpg', 'screen', 'rendered'))).toBe('format-unsupported');
    expect(told(await ask(opened, 'plain.jpg', 'screen', 'embedded'))).toBe('preview-none');
    expect(await ask(opened, 'gutted.arw', 'screen', 'rendered')).toBeTypeOf('string');
    const api = opened.engine.connect();
    const detail = await api.library.photo({ id: opened.rows.get('tall.dng')!.id });
    expect(detail).toMatchObject({ full: { width: 1000, height: 1500 }, embedded: [{ width: 467, height: 700, kind: 'preview' }], rendering: 'possible', refusal: null });
    expect(await api.library.photo({ id: opened.rows.get('plain.jpg')!.id })).toMatchObject({ embedded: [], rendering: 'none', refusal: null });
  });

  it('the rendering and the preview show the same picture', async () => {
    const opened = await open();
    const shapes = await Promise.all(
      (['rendered', 'embedded'] as const).map(async (choice) => {
        const picture = (await ask(opened, 'tall.dng', 'full', choice)) as Picture;
        return sharp(picture.jpeg).grayscale().resize(80, 120, { fit: 'fill' }).blur(2).normalise().raw().toBuffer();
      }),
    );
    const difference = shapes[0]!.reduce((sum, value, index) => sum + Math.abs(value - shapes[1]![index]!), 0) / shapes[0]!.length;
    expect(difference).toBeLessThan(25);
  });

  it('keeps what was costly to make: the next start asks no decoder, not even for a copy of the file', async () => {
    const first = await open();
    const costly = [['short.dng', 'full', 'auto'], ['short.dng', 'screen', 'rendered'], ['tall.dng', 'full', 'auto'], ['plain.jpg', 'screen', 'auto'], ['plain.jpg', 'grid', 'auto']] as const;
    const made = await Promise.all(costly.map(([name, size, choice]) => ask(first, name, size, choice)));
    await waitUntil('all are stored', () => storedFiles().length >= 6 + 4);
    const second = await open({ isDead: true });
    for (const [index, [name, size, choice]] of costly.entries()) {
      const again = await ask(second, name, size, choice);
      expect(told(again), `${name} ${size}`).toEqual(told(made[index]!));
      expect(Buffer.from((again as Picture).jpeg).equals((made[index] as Picture).jpeg)).toBe(true);
    }
    expect(told(await ask(second, 'short-copy.dng', 'full')), 'the same content').toEqual(['rendered', 1500, 1000, null]);
    // what lies in the file is not kept a second time
    expect(told(await ask(second, 'whole.nef', 'full'))).toBe('worker-crashed');
  });

  it.each([
    ['cut off', (file: string) => truncateSync(file, 5_000)],
    ['changed in one bit', (file: string) => {
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1]! ^= 4;
      writeFileSync(file, bytes);
    }],
  ])('pictures on disk that were %s are made again', async (_what, damage) => {
    const opened = await open();
    const before = (await ask(opened, 'short.dng', 'full')) as Picture;
    await waitUntil('it is stored', () => storedFiles().length > 0);
    storedFiles().forEach(damage);
    const after = (await ask(opened, 'short.dng', 'full')) as Picture;
    expect(told(after)).toEqual(told(before));
    expect((await sharp(after.jpeg).stats()).channels[0]!.stdev).toBeGreaterThan(5);
    expect(Buffer.from(after.jpeg).equals(before.jpeg)).toBe(true);
  });

  it('two engines with catalogs of their own share what was made', async () => {
    const first = await open();
    const made = (await ask(first, 'short.dng', 'full')) as Picture;
    await open({ catalogFile: join(home, 'other.db') });
    const other = await open({ catalogFile: join(home, 'other.db'), isDead: true });
    const again = (await ask(other, 'short.dng', 'full')) as Picture;
    expect(Buffer.from(again.jpeg).equals(made.jpeg)).toBe(true);
  });

  it('keeps to the size that it was given', async () => {
    const opened = await open({ cacheFolder: join(home, 'small-cache'), cacheBytes: 1_000 });
    expect(told(await ask(opened, 'short.dng', 'full'))).toEqual(['rendered', 1500, 1000, null]);
    const dead = await open({ cacheFolder: join(home, 'small-cache'), cacheBytes: 1_000, isDead: true });
    expect(told(await ask(dead, 'short.dng', 'full')), 'nothing was kept; the preview cannot be had either').toBe('worker-crashed');
  });
});
