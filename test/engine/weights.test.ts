/** What counts, through the contract, on a drawn shoot: previews, choices as steps of undo, restarts, learning, regions of reasons. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { changeWeights, genrePresets } from '../../main/domain/index.ts';
import { makeShoot } from '../fixtures/index.ts';
import type { ShootTruth } from '../fixtures/index.ts';
import { codeOf, createHome, listAll, openAndFinish } from './engine-kit.ts';
import type { EngineHome } from './engine-kit.ts';

describe('weights', () => {
  let home: EngineHome;
  let truth: ShootTruth;
  let folder: string;

  beforeAll(async () => {
    home = createHome();
    folder = join(home.folder, 'shoot');
    truth = await makeShoot(folder, { photos: 52, edge: 640, scenes: 12, rawKinds: ['nef'], bursts: 1, brackets: 1, pairs: 1, soft: 14, dark: 14, copies: 1 });
  });
  afterEach(() => expect(home.bugs.splice(0)).toEqual([]));
  afterAll(() => home.close());

  const open = async () => {
    const { engine, api } = await home.open();
    const shoot = await openAndFinish(engine, api, folder);
    return { engine, api, shoot, rows: () => listAll(api, shoot) };
  };
  const onlyFocus = changeWeights(genrePresets.standard, { exposure: 0 });

  it('tells choice, effect and what is known; a preview changes nothing', async () => {
    const { api, shoot, rows } = await open();
    const before = await api.weights.settings({ shoot });
    // the JPEG half of the pair is no photo of its own
    expect(before).toMatchObject({ choice: genrePresets.standard, preset: 'standard', photos: 51, known: { focus: 51, exposure: 51, eyes: 0, aesthetics: 0 } });
    const verdicts = [...(await rows()).values()].filter(({ name }) => name !== truth.pairs[0]!.jpeg).map(({ verdict }) => verdict);
    const count = (wanted: string): number => verdicts.filter((verdict) => verdict === wanted).length;
    expect(before.effect).toEqual({ keep: count('keep'), review: count('review'), reject: count('reject'), changed: 0 });
    const preview = await api.weights.preview({ shoot, choice: onlyFocus });
    expect(preview.keep).toBeGreaterThanOrEqual(before.effect.keep + 12);
    expect(preview.changed).toBeGreaterThanOrEqual(12);
    expect(await api.weights.settings({ shoot })).toEqual(before);
    const strict = await api.weights.preview({ shoot, choice: { ...genrePresets.standard, keepAt: 0.9 } });
    expect(strict.keep).toBeLessThanOrEqual(before.effect.keep);
    expect(await codeOf(api.weights.preview({ shoot, choice: { ...genrePresets.standard, keepAt: 0.1 } }))).toBe('bad-input');
    expect(await codeOf(api.weights.preview({ shoot, choice: { ...genrePresets.standard, weights: { focus: 0, exposure: 0, eyes: 0, aesthetics: 0 } } }))).toBe('bad-input');
    expect(await codeOf(api.weights.settings({ shoot: 999 }))).toBe('not-found');
  });

  it('a choice judges again at once, is a step of undo among the marks, and outlives a restart', async () => {
    const { api, shoot, rows } = await open();
    const dark = truth.dark[0]!;
    const preview = await api.weights.preview({ shoot, choice: onlyFocus });
    expect((await rows()).get(dark)!.verdict).not.toBe('keep');
    const score = (await rows()).get(dark)!.technical!;
    const chosen = await api.weights.choose({ shoot, choice: onlyFocus });
    expect(chosen).toMatchObject({ text: 'Suggestions by focus 2, eyes 2, aesthetics 0.5', settings: { preset: null, effect: { ...preview, changed: 0 } } });
    expect((await rows()).get(dark)).toMatchObject({ verdict: 'keep' });
    expect((await rows()).get(dark)!.technical!).toBeGreaterThan(score);
    await api.cull.decide({ shoot, ids: [(await rows()).get(dark)!.id], mark: { flag: 'pick' } });
    expect((await api.cull.undo({ shoot })).text).toBe('Photo: picked');
    expect(await api.cull.undo({ shoot })).toMatchObject({ text: chosen.text, changed: 1 });
    expect((await rows()).get(dark)!.technical).toBe(score);
    expect((await api.weights.settings({ shoot })).preset).toBe('standard');
    await api.cull.redo({ shoot });
    expect((await rows()).get(dark)!.verdict).toBe('keep');
    // the same again is no step
    const steps = (await api.cull.history({ shoot, count: 20 })).length;
    await api.weights.choose({ shoot, choice: onlyFocus });
    expect(await api.cull.history({ shoot, count: 20 })).toHaveLength(steps);

    const again = await open();
    expect((await again.api.weights.settings({ shoot: again.shoot })).choice).toEqual(onlyFocus);
    expect((await again.rows()).get(dark)!.verdict).toBe('keep');
    await again.api.cull.undo({ shoot: again.shoot });
    expect(await again.api.weights.settings({ shoot: again.shoot })).toMatchObject({ preset: 'standard', choice: genrePresets.standard });
    const sport = await again.api.weights.choose({ shoot: again.shoot, choice: genrePresets.sport });
    expect(sport).toMatchObject({ text: 'Suggestions as for sport', settings: { preset: 'sport' } });
    await again.api.cull.undo({ shoot: again.shoot });
  });

  it('reasons say where they were measured', async () => {
    const { api, rows } = await open();
    const { reasons, scores } = await api.library.photo({ id: (await rows()).get(truth.soft[0]!)!.id });
    const soft = reasons.find(({ code }) => code === 'soft-focus')!;
    expect(soft.value).toBeLessThan(soft.threshold!);
    const { x, y, w, h } = soft.region!;
    expect(Math.min(x, y, w, h)).toBeGreaterThanOrEqual(0);
    expect(Math.max(x + w, y + h)).toBeLessThanOrEqual(1);
    expect(scores).toMatchObject({ eyes: null, aesthetics: null });
    const dark = await api.library.photo({ id: (await rows()).get(truth.dark[0]!)!.id });
    expect(dark.reasons[0]).toMatchObject({ code: 'underexposed', region: null });
  });

  it('learns from decisions when asked, and changes nothing until it is chosen', async () => {
    const { api, shoot, rows } = await open();
    expect(await api.weights.learn({ shoot })).toEqual({ state: 'too-few', kept: 0, passed: 0, needed: 10 });
    // someone who does not mind the dark, but minds blur
    const idOf = async (paths: readonly string[]): Promise<number[]> => paths.map((path) => found.get(path)!.id);
    const found = await rows();
    const inSets = new Set([...truth.bursts[0]!.photos, ...truth.brackets[0]!, ...truth.soft, ...truth.dark, truth.pairs[0]!.jpeg, truth.copies[0]!.copy]);
    const plain = truth.photos.map(({ path }) => path).filter((path) => !inSets.has(path));
    await api.cull.decide({ shoot, ids: await idOf([...truth.dark, ...plain]), mark: { flag: 'pick' } });
    await api.cull.decide({ shoot, ids: await idOf(truth.soft), mark: { flag: 'reject' } });
    const steps = (await api.cull.history({ shoot, count: 20 })).length;
    const outcome = await api.weights.learn({ shoot });
    if (outcome.state !== 'better') throw new Error(JSON.stringify(outcome));
    expect(outcome.agreement).toBeGreaterThan(0.9);
    expect(outcome.presetAgreement).toBeLessThan(0.8);
    expect(outcome.choice.weights.exposure).toBeLessThan(outcome.choice.weights.focus / 4);
    expect(await api.cull.history({ shoot, count: 20 })).toHaveLength(steps);
    expect((await api.weights.settings({ shoot })).preset).toBe('standard');
    expect(await api.weights.learn({ shoot })).toEqual(outcome);
    const taken = await api.weights.choose({ shoot, choice: outcome.choice, isLearned: true });
    expect(taken).toMatchObject({ text: 'Suggestions as learned from your choices', settings: { choice: outcome.choice } });
    const verdicts = (await rows());
    expect(truth.dark.filter((path) => verdicts.get(path)!.verdict === 'keep').length).toBeGreaterThanOrEqual(12);
    await api.cull.undo({ shoot });
    expect((await api.weights.settings({ shoot })).preset).toBe('standard');
  });
});
