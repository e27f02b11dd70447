/** Where stages run, and what is done when a place fails: rules without a clock, a disk or a network of their own. */
import { describe, expect, it } from 'vitest';
import { coded, errorCodes } from '../../main/base/index.ts';
import type { ErrorCode } from '../../main/base/index.ts';
import { placeIds, selfTestOutcomes, stageIds } from '../../main/domain/index.ts';
import {
  askBreaker, choose, classifyFailure, closedBreaker, createRateMeter, createWorkList, firstOpenMs, healthOf, idempotencyKey, longestOpenMs, mostFailures, noteFailure, noteSuccess,
  planRetry, pricePhoto, prices, routedStages, routes, routeTo, trialMs, usualRetry,
} from '../../main/routing/index.ts';
import type { Breaker, Facts, PlaceFacts, RoutedStage, WorkItem } from '../../main/routing/index.ts';
import { createRandom } from '../fixtures/random.ts';

const base: Facts = { selfTest: 'ok', localMsPerPhoto: 96, consent: [], isOnline: true, power: 'mains', cores: 4, queue: 1_000, places: {}, budgetUsd: 1 };
const up: PlaceFacts = { isSetUp: true, health: 'closed', msPerPhoto: 120, concurrency: 32 };
const arm = 'lambda-arm64';
const x86 = 'lambda-x86_64';
const both = { consent: [arm, x86], places: { [arm]: up, [x86]: up } } as const;

describe('choose', () => {
  const rows: readonly [string, RoutedStage, Partial<Facts>, string, string, RegExp][] = [
    ['proven here', 'clip', {}, 'local', 'proven-here', /^Runs here: proven on this computer in 96 ms a photo\.$/],
    ['proven, not timed yet', 'clip', { localMsPerPhoto: null }, 'local', 'proven-here', /^Runs here: proven on this computer\.$/],
    ['not tested yet', 'clip', { selfTest: null }, 'local', 'untested-here', /not tested yet/],
    ['files do not leave', 'identify', { selfTest: null, ...both }, 'local', 'only-here', /does not leave/],
    ['wrong here, nothing else', 'clip', { selfTest: 'wrong' }, 'nowhere', 'not-set-up', /^Runs nowhere: it answers wrongly here, and AWS Lambda \(arm64\) is not set up\.$/],
    ['wrong here, file stage', 'focus', { selfTest: 'wrong' }, 'nowhere', 'unfit-here', /^Runs nowhere: it answers wrongly here\.$/],
    ['missing here, allowed there', 'clip', { selfTest: 'missing', ...both }, arm, 'unfit-here', /^Runs on AWS Lambda \(arm64\): it is not on this computer\.$/],
    ['missing here, not allowed', 'clip', { selfTest: 'missing', places: both.places }, 'nowhere', 'no-consent', /nobody has allowed/],
    ['missing here, offline', 'clip', { selfTest: 'missing', ...both, isOnline: false }, 'nowhere', 'offline', /offline/],
    ['missing here, no cap', 'clip', { selfTest: 'missing', ...both, budgetUsd: null }, 'nowhere', 'over-budget', /no limit was set/],
    ['missing here, nothing left', 'clip', { selfTest: 'missing', ...both, budgetUsd: 0 }, 'nowhere', 'over-budget', /more than is left/],
    ['missing here, cost unknown', 'clip', { selfTest: 'missing', localMsPerPhoto: null, consent: [arm], places: { [arm]: { ...up, msPerPhoto: null } } }, 'nowhere', 'over-budget', /is not known/],
    ['missing here, down there', 'clip', { selfTest: 'missing', consent: [arm], places: { [arm]: { ...up, health: 'open' } } }, 'nowhere', 'place-down', /failed several times/],
    ['one is down, the other is not', 'clip', { selfTest: 'crashed', consent: [arm, x86], places: { [arm]: { ...up, health: 'open' }, [x86]: up } }, x86, 'unfit-here', /stops its process/],
    ['a trial is how it closes', 'clip', { selfTest: 'slow', consent: [arm], places: { [arm]: { ...up, health: 'half-open' } } }, arm, 'unfit-here', /in time/],
    ['arm64 so slow that x86_64 costs less', 'clip', { selfTest: 'missing', ...both, places: { [arm]: { ...up, msPerPhoto: 160 }, [x86]: up } }, x86, 'unfit-here', /x86_64/],
    ['a long queue, allowed', 'clip', { ...both, queue: 20_000 }, arm, 'much-faster', /20000 photos would take 32 minutes here and 75 s there/],
    ['a long queue, not allowed', 'clip', { places: both.places, queue: 20_000 }, 'local', 'proven-here', /here/],
    ['a long queue, the other no faster', 'clip', { consent: [arm], queue: 20_000, places: { [arm]: { ...up, concurrency: 2 } } }, 'local', 'proven-here', /here/],
    ['on battery patience is shorter', 'clip', { ...both, queue: 3_000, power: 'battery' }, arm, 'much-faster', /AWS/],
    ['on mains the same waits', 'clip', { ...both, queue: 3_000 }, 'local', 'proven-here', /here/],
    ['a low battery', 'clip', { ...both, queue: 1, power: 'low' }, arm, 'spares-battery', /battery/],
    ['a low battery, offline', 'clip', { ...both, queue: 1, power: 'low', isOnline: false }, 'local', 'proven-here', /here/],
    ['language needs an endpoint', 'describe', {}, 'nowhere', 'not-set-up', /not made for this computer, and the GPU endpoint is not set up/],
    ['an endpoint without a known price', 'describe', { consent: ['gpu'], places: { gpu: up } }, 'nowhere', 'over-budget', /what the GPU endpoint costs is not known/],
  ];
  it.each(rows)('%s', (_, stage, facts, place, code, text) => {
    const choice = choose(stage, { ...base, ...facts });
    expect(choice).toMatchObject({ place, reason: { code } });
    expect(choice.reason.text).toMatch(text);
    expect(choice.estimate === null).toBe(place === 'nowhere');
  });

  it('sends nothing that the person has not allowed, is not paid for, or has no way, whatever the facts', () => {
    const random = createRandom(7).next;
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    let sent = 0;
    for (let round = 0; round < 4_000; round++) {
      const facts: Facts = {
        selfTest: pick([null, ...selfTestOutcomes]), localMsPerPhoto: pick([null, 5, 96, 5_000]), consent: placeIds.filter(() => random() < 0.5), isOnline: random() < 0.8,
        power: pick(['mains', 'battery', 'low']), cores: pick([1, 8]), queue: pick([1, 100, 50_000]), budgetUsd: pick([null, 0, 0.000_001, 10]),
        places: Object.fromEntries(placeIds.filter(() => random() < 0.7).map((place) => [place, { isSetUp: random() < 0.8, health: pick(['closed', 'half-open', 'open']), msPerPhoto: pick([null, 50, 500]), concurrency: pick([1, 64]) }])),
      };
      const stage = pick<RoutedStage>(['clip', 'clip', 'clip', 'focus', 'describe']);
      const { place, estimate, reason } = choose(stage, facts);
      expect(reason.text).toMatch(/^Runs .*\.$/);
      if (place === 'nowhere') continue;
      expect(routeTo(stage, place)).not.toBeNull();
      if (place === 'local') {
        expect([null, 'ok']).toContain(facts.selfTest);
        expect(estimate).toMatchObject({ usd: 0, bytes: 0 });
        continue;
      }
      sent += 1;
      expect(facts.consent).toContain(place);
      expect(facts.isOnline).toBe(true);
      expect(facts.places[place]).toMatchObject({ isSetUp: true });
      expect(facts.places[place]!.health).not.toBe('open');
      expect(estimate!.usd).toBeLessThanOrEqual(facts.budgetUsd!);
      expect(estimate!.bytes).toBeGreaterThan(0);
    }
    expect(sent).toBeGreaterThan(100);
  });
});

describe('the table', () => {
  it('has every stage, keeps a full batch within what a call may carry, and nothing leaves for this computer', () => {
    expect(routedStages).toEqual(expect.arrayContaining([...stageIds]));
    for (const route of Object.values(routes).flat()) {
      expect(route.payload === null).toBe(route.place === 'local');
      if (route.mostBytes !== null) expect(route.batch * route.payload!.meanBytes).toBeLessThan(route.mostBytes);
    }
  });

  it('prices a thousand photos as worked out by hand', () => {
    // 1,769 MB are 1.7275 GB; 0.096 s each; a request for 32
    expect(1_000 * pricePhoto(prices[x86], 96, 32)!).toBeCloseTo(1_000 * (1.727_539 * 0.096 * 0.000_016_666_7 + 2e-7 / 32), 6);
    expect(pricePhoto(prices[arm], 96, 32)! / pricePhoto(prices[x86], 96, 32)!).toBeCloseTo(0.8, 2);
    expect(pricePhoto(prices.free, null, 1)).toBe(0);
    expect(pricePhoto(prices[arm], null, 1)).toBeNull();
    expect(pricePhoto({ ...prices.gpu, usdPerHour: 1.9 }, 200, 1)! * 1_000).toBeCloseTo(0.105_6, 3);
  });
});

describe('the breaker', () => {
  const failTimes = (count: number, now = 0): Breaker => Array.from({ length: count }).reduce<Breaker>((breaker) => noteFailure(breaker, now), closedBreaker);

  it('opens after failures in a row, lets one call try, closes when that is answered', () => {
    expect(failTimes(mostFailures - 1).state).toBe('closed');
    expect(noteSuccess(failTimes(mostFailures - 1))).toEqual(closedBreaker);
    const open = failTimes(mostFailures);
    expect(askBreaker(open, firstOpenMs - 1).isAllowed).toBe(false);
    expect(healthOf(open, firstOpenMs - 1)).toBe('open');
    expect(healthOf(open, firstOpenMs)).toBe('half-open');
    const trial = askBreaker(open, firstOpenMs);
    expect(trial).toMatchObject({ isAllowed: true, breaker: { state: 'half-open' } });
    expect(askBreaker(trial.breaker, firstOpenMs).isAllowed).toBe(false);
    expect(noteSuccess(trial.breaker)).toEqual(closedBreaker);
    expect(askBreaker(trial.breaker, firstOpenMs + trialMs).isAllowed).toBe(true);
  });

  it('waits twice as long after each trial that fails, up to a limit', () => {
    let [breaker, now, before] = [failTimes(mostFailures), 0, 0];
    for (let round = 0; round < 12; round++) {
      const until = breaker.state === 'open' ? breaker.until : Number.NaN;
      expect(until - now).toBe(Math.min(longestOpenMs, firstOpenMs * 2 ** round));
      expect(until - now).toBeGreaterThanOrEqual(before);
      [before, now] = [until - now, until];
      breaker = noteFailure(askBreaker(breaker, now).breaker, now);
    }
    expect(before).toBe(longestOpenMs);
  });

  it('ignores answers to calls from before it opened', () => {
    const open = failTimes(mostFailures);
    expect(noteSuccess(open)).toBe(open);
    expect(noteFailure(open, 1_000)).toBe(open);
  });
});

describe('failures and retries', () => {
  it('tells what the person must do, what the photo is to blame for, and what passes', () => {
    const kinds = (codes: readonly ErrorCode[]): string[] => codes.map((code) => classifyFailure(coded(code, '.')));
    expect(kinds(['model-missing', 'bad-input', 'cancelled'])).toEqual(['permanent', 'permanent', 'permanent']);
    expect(kinds(['timeout', 'worker-crashed'])).toEqual(['passing', 'passing']);
    expect(kinds(['preview-broken', 'too-large'])).toEqual(['photo', 'photo']);
    expect(classifyFailure(coded('file-unreadable', '.', { retry: true }))).toBe('passing');
  });

  it('waits within its bounds, and not at all for what will not pass', () => {
    const random = createRandom(3).next;
    for (let round = 0; round < 2_000; round++) {
      const attempt = 1 + Math.floor(random() * 8);
      const delay = planRetry(coded('timeout', '.'), attempt, random());
      if (attempt >= usualRetry.attempts) expect(delay).toBeNull();
      else {
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(Math.min(usualRetry.longestMs, usualRetry.firstMs * 2 ** (attempt - 1)));
      }
    }
    expect(planRetry(coded('timeout', '.'), 1, 0.999, usualRetry, 3_000)).toBe(3_499);
    for (const code of errorCodes.filter((one) => classifyFailure(coded(one, '.')) !== 'passing')) expect(planRetry(coded(code, '.'), 1, 0.5)).toBeNull();
  });
});

describe('the work list', () => {
  const model = 'm'.repeat(64);
  const item = (name: number, bytes = 1_000): WorkItem => ({ contentSha256: String(name).padStart(64, '0'), bytes });

  it('pays for each content once, whatever fails and whenever it is stopped and begun again', () => {
    const random = createRandom(11).next;
    for (let round = 0; round < 60; round++) {
      const items = Array.from({ length: 200 }, () => item(Math.floor(random() * 120), 500 + Math.floor(random() * 1_000)));
      const wanted = new Set(items.map(({ contentSha256 }) => contentSha256));
      const stored = new Map<string, number>();
      const isStored = (key: string): boolean => stored.has(key);
      const refused = new Set<string>();
      let answered = 0;
      for (let run = 0; run < 40 && stored.size + refused.size < wanted.size; run++) {
        const list = createWorkList(items.filter(({ contentSha256 }) => !refused.has(contentSha256)), { modelSha256: model, isStored, together: 16, mostBytes: 12_000 });
        for (let call = 0; call < 12; call++) {
          const batch = list.next();
          if (!batch) break;
          expect(batch.items.length).toBeLessThanOrEqual(16);
          expect(batch.items.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(12_000);
          for (const one of batch.items) {
            const key = idempotencyKey(one.contentSha256, model);
            expect(stored.has(key)).toBe(false);
            const luck = random();
            // the rest of the batch is never heard of
            if (luck < 0.1) break;
            if (luck < 0.2) list.refuse(one, 'passing');
            else if (luck < 0.22) {
              list.refuse(one, 'photo');
              refused.add(one.contentSha256);
            } else {
              stored.set(key, (stored.get(key) ?? 0) + 1);
              answered += 1;
              list.keep(one);
            }
          }
          list.giveBack(batch, { halve: random() < 0.1 });
        }
      }
      expect(stored.size + refused.size).toBe(wanted.size);
      expect(answered).toBe(stored.size);
      expect([...stored.values()].every((times) => times === 1)).toBe(true);
    }
  });

  it('hands nothing out twice, halves what was too much, gives up what no batch can carry', () => {
    const list = createWorkList([item(1), item(2), item(3), item(4), item(9, 99_999), item(9, 99_999)], { modelSha256: model, isStored: () => false, together: 4, mostBytes: 10_000 });
    expect(list.givenUp).toHaveLength(1);
    const batch = list.next()!;
    expect(batch.items).toHaveLength(4);
    expect(list.next()).toBeNull();
    expect(list.left).toBe(4);
    list.giveBack(batch, { halve: true });
    expect(list.next()!.items).toHaveLength(2);
    expect(list.next()!.items).toHaveLength(2);
  });
});

describe('the rate of this computer', () => {
  it('is known after some photos, counts time that overlaps once, and forgets the loading of a model', () => {
    const rate = createRateMeter();
    for (let photo = 0; photo < 8; photo++) rate.note(0, 5_000);
    expect(rate.msPerPhoto()).toBeNull();
    // eight together, a batch each 800 ms
    for (let batch = 0; batch < 40; batch++) for (let one = 0; one < 8; one++) rate.note(5_000 + batch * 800, 5_000 + (batch + 1) * 800);
    expect(rate.msPerPhoto()).toBeGreaterThan(85);
    expect(rate.msPerPhoto()).toBeLessThan(115);
  });
});
