/** `parjanya endpoint` and `describe`, run as a person runs them, against a server that looks at what it gets. */
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CullReport } from '../../main/engine.ts';
import { makeShoot } from '../fixtures/index.ts';
import type { ShootTruth } from '../fixtures/index.ts';
import { fakeModel, startFakeVlm } from '../fakes/vlm/index.ts';
import type { FakeVlm } from '../fakes/vlm/index.ts';
import { runCommand } from './run-command.ts';
import type { Ran } from './run-command.ts';

const key = 'sk-studio-secret-42';
let folder: string;
let home: string;
let truth: ShootTruth;
let fake: FakeVlm;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parjanya-describe-'));
  truth = await makeShoot(join(folder, 'shoot'), { photos: 8, bursts: 1, dark: 1, edge: 1200 });
  // a photo that says where it was taken, and by whom
  const { path } = truth.photos.find((photo) => truth.bursts.every(({ photos }) => !photos.includes(photo.path)))!;
  const located = await sharp(await readFile(join(truth.folder, path))).withMetadata({ exif: { IFD0: { Artist: 'secret-artist' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } } }).jpeg().toBuffer();
  await writeFile(join(truth.folder, path), located);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  fake = await startFakeVlm({ key });
  home = await mkdtemp(join(folder, 'home-'));
});
afterEach(() => fake.close());

const run = (...words: string[]): Promise<Ran> => runCommand(words, { env: { PARJANYA_DATA: home, PARJANYA_MODELS: '', PARJANYA_VLM_KEY: key } });
const set = (...more: string[]): Promise<Ran> => run('endpoint', 'set', '--url', fake.url, '--model', fakeModel, ...more);

describe('parjanya endpoint', { timeout: 120_000 }, () => {
  it('keeps where the model is, never the key, and asks about a drawn picture', async () => {
    expect(await run('endpoint', 'show')).toMatchObject({ status: 1, err: expect.stringContaining('endpoint-missing') as string });
    expect(await set('--usd-per-1000', '2.5')).toMatchObject({ status: 0, out: expect.stringContaining('in PARJANYA_VLM_KEY') as string });
    const shown = await run('endpoint', 'show', '--json');
    expect(JSON.parse(shown.out)).toEqual({ url: fake.url, model: fakeModel, usdPer1000: 2.5, key: true });
    const tested = await run('endpoint', 'test');
    expect(tested).toMatchObject({ status: 0, out: expect.stringMatching(/^It works: answered in \d+ ms, 700 tokens in and 120 out\nA picture of mean brightness/) as string });
    expect(fake.received).toHaveLength(1);
    for (const name of await readdir(home)) expect(await readFile(join(home, name), 'utf8')).not.toContain(key);
  });

  it('says what to do where it does not work, and shows the key nowhere', async () => {
    await run('endpoint', 'set', '--url', fake.url, '--model', 'none-such');
    const ran = await run('endpoint', 'test', '--json');
    expect(ran).toMatchObject({ status: 1, err: expect.stringContaining('place-missing') as string });
    expect(JSON.parse(ran.out)).toMatchObject({ error: { code: 'place-missing' } });
    expect(await run('endpoint', 'set', '--url', 'gpu', '--model', 'x')).toMatchObject({ status: 1, err: expect.stringContaining('bad-input') as string });
    for (const url of ['http://[x', 'http://a:99999/v1']) expect(await run('endpoint', 'set', '--url', url, '--model', 'x')).toMatchObject({ status: 1, err: expect.stringContaining('bad-input') as string });
    // kept as they were
    expect((await run('endpoint', 'show')).out).toContain(fake.url);
    await run('endpoint', 'set', '--url', 'http://gpu.studio.example/v1', '--model', 'x');
    expect((await run('endpoint', 'show')).out).toContain('can see the pictures, and the key');
    await run('endpoint', 'set', '--url', fake.url, '--model', 'none-such');
    const denied = await runCommand(['endpoint', 'test'], { env: { PARJANYA_DATA: home, PARJANYA_VLM_KEY: 'sk-another-secret' } });
    expect(denied).toMatchObject({ status: 1, err: expect.stringContaining('access-denied') as string });
    expect(denied.err + denied.out).not.toContain('sk-another-secret');
    expect((await run('endpoint', 'set', '--url', fake.url)).status).toBe(2);
    expect((await run('endpoint', 'test', '--url', fake.url)).status).toBe(2);
  });
});

describe('parjanya describe', { timeout: 180_000 }, () => {
  it('says what would leave, and sends nothing unless somebody agrees', async () => {
    await set();
    const ran = await run('describe', truth.folder, '--only', 'all');
    expect(ran.status).toBe(1);
    expect(ran.err).toMatch(/To be sent: 8 photos .*about [\d.]+ kB in 8 requests\n {2}to: http:\/\/127\.0\.0\.1:\d+\/v1, model fake-vl-2b\n {2}what: pixels at 1,024/);
    expect(ran.err).toContain('not-agreed: Nothing was sent.');
    expect(fake.received).toHaveLength(0);
  });

  it('sends pixels alone, keeps the answers, pays for none twice, and shows them as advice', async () => {
    await set('--usd-per-1000', '2');
    const ran = await run('describe', truth.folder, '--only', 'all', '--compare', '--yes', '--json');
    expect(ran).toMatchObject({ status: 0 });
    const { plan, outcome } = JSON.parse(ran.out) as { plan: { requests: number; bytes: number; pairs: number; photos: { path: string; why: string }[] }; outcome: { described: number; compared: number; requests: number; bytes: number; usd: number } };
    expect(plan).toMatchObject({ requests: 10, pairs: 1 });
    expect(plan.photos.filter(({ why }) => why === 'winner').map(({ path }) => path)).toEqual([truth.bursts[0]!.best]);
    expect(outcome).toMatchObject({ described: 8, compared: 1, requests: 10, usd: 0.02 });
    expect(fake.received).toHaveLength(10);
    expect(outcome.bytes).toBe(fake.received.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0));
    // what was said to leave is about what left
    expect(Math.abs(plan.bytes - outcome.bytes) / outcome.bytes).toBeLessThan(0.25);
    for (const { body, pictures } of fake.received) {
      expect(body).not.toContain(key);
      for (const name of [...truth.photos.map(({ path }) => path), 'secret-artist', truth.folder]) expect(body).not.toContain(name);
      for (const picture of pictures) {
        expect(Math.max((await sharp(picture).metadata()).width, (await sharp(picture).metadata()).height)).toBe(1024);
        for (const word of ['Exif', 'secret-artist', 'http://ns.adobe.com', 'ICC_PROFILE']) expect(picture.includes(word)).toBe(false);
      }
    }
    const report = JSON.parse((await run('cull', truth.folder, '--json')).out) as CullReport;
    const dark = report.photos.find(({ path }) => truth.dark.includes(path))!;
    expect(dark.advice.description).toMatchObject({ verdict: 'reject', model: fakeModel, place: 'gpu', tokens: { in: 700, out: 120 }, faults: [{ kind: 'exposure' }] });
    expect(report.photos.every(({ advice, marks }) => advice.description !== null && marks.flag === 'none')).toBe(true);
    const best = report.photos.find(({ path }) => path === truth.bursts[0]!.best)!;
    expect(best.advice.comparisons).toMatchObject([{ outcome: 'better', against: report.groups[0]!.runnerUp }]);
    expect(report.photos.find(({ path }) => path === report.groups[0]!.runnerUp)!.advice.comparisons).toMatchObject([{ outcome: 'worse', against: best.path }]);
    expect((await run('cull', truth.folder)).out).toContain('Nearly black.');
    const again = await run('describe', truth.folder, '--only', 'all', '--compare', '--yes');
    expect(again).toMatchObject({ status: 0, err: expect.stringContaining('nothing-to-do') as string });
    expect(fake.received).toHaveLength(10);
  });

  it('keeps to the limits, and needs a price for one in money', async () => {
    await set();
    expect(await run('describe', truth.folder, '--max-usd', '1', '--yes')).toMatchObject({ status: 1, err: expect.stringContaining('bad-input') as string });
    await set('--usd-per-1000', '2');
    expect(await run('describe', truth.folder, '--only', 'all', '--max-usd', '0.006', '--yes')).toMatchObject({ status: 0, err: expect.stringContaining('left out by the limits') as string });
    expect(fake.received).toHaveLength(3);
    await run('describe', truth.folder, '--only', 'all', '--max-photos', '2', '--yes');
    expect(fake.received).toHaveLength(5);
  });

  it('stops at once where no photo would fare better, and lists photos that failed', async () => {
    await set();
    fake.play({ kind: 'content', content: 'no' }, { kind: 'content', content: 'no' }, { kind: 'content', content: 'no' }, { kind: 'content', content: 'no' });
    const some = await run('describe', truth.folder, '--only', 'all', '--max-photos', '2', '--yes');
    expect(some).toMatchObject({ status: 1, out: expect.stringContaining('0 described, 0 compared, 2 failed; 4 requests answered') as string, err: expect.stringContaining('answer-invalid') as string });
    await fake.close();
    const ran = await run('describe', truth.folder, '--only', 'all', '--yes');
    expect(ran).toMatchObject({ status: 1, err: expect.stringContaining('place-unreachable: Nothing listens at') as string });
  });

  it('needs an endpoint', async () => {
    expect(await run('describe', truth.folder, '--yes')).toMatchObject({ status: 1, err: expect.stringContaining('endpoint-missing') as string });
  });
});
