/** Where a stage runs, by facts: what is proven here, what the person allows, and what it takes and costs elsewhere. Pure. */
import { placeNames } from '../domain/index.ts';
import type { PlaceId, SelfTestOutcome } from '../domain/index.ts';
import { pricePhoto } from './prices.ts';
import { routes } from './table.ts';
import type { Route, RoutedStage } from './table.ts';

/** What is known of one place elsewhere. */
export interface PlaceFacts {
  /** There is an address and somebody to ask. */
  readonly isSetUp: boolean;
  /** Of its circuit breaker; half open counts as well, because one try is how it closes. */
  readonly health: 'closed' | 'half-open' | 'open';
  /** Of the place's own work on one photo, as measured; null where it never was. */
  readonly msPerPhoto: number | null;
  /** Calls at once. */
  readonly concurrency: number;
}

export interface Facts {
  /** Of this stage on this computer; null where it has no test, or none was run. */
  readonly selfTest: SelfTestOutcome | null;
  /** As measured here, all cores at work; null where it never was. */
  readonly localMsPerPhoto: number | null;
  /** Places elsewhere that the person allows pictures to be sent to. */
  readonly consent: readonly PlaceId[];
  readonly isOnline: boolean;
  readonly power: 'mains' | 'battery' | 'low';
  readonly cores: number;
  /** Photos that wait for this stage, this one included. */
  readonly queue: number;
  readonly places: Readonly<Partial<Record<PlaceId, PlaceFacts>>>;
  /** US dollars that may still be spent; null: no cap was set, so nothing that costs is allowed. */
  readonly budgetUsd: number | null;
}

/** For one photo; null where it was never measured. */
export interface Estimate {
  /** With everything at work that works at once, so that times the queue it is the time of the whole. */
  readonly ms: number | null;
  readonly usd: number | null;
  /** That leave this computer. */
  readonly bytes: number;
}

export type ReasonCode =
  | 'only-here' | 'proven-here' | 'untested-here'
  | 'unfit-here' | 'not-for-here' | 'much-faster' | 'spares-battery'
  | 'not-set-up' | 'no-consent' | 'offline' | 'place-down' | 'over-budget';

export interface Choice {
  readonly place: PlaceId | 'nowhere';
  readonly reason: { readonly code: ReasonCode; readonly text: string };
  /** Null for nowhere. */
  readonly estimate: Estimate | null;
}

/** A queue that this computer has done within so many milliseconds is nobody's trouble. */
const patience: Readonly<Record<Facts['power'], number>> = { mains: 600_000, battery: 180_000, low: 0 };
/** How many times as fast another place must be to be worth sending pictures away. */
const worthSending = 2;

/**
 * This computer first, because it costs nothing and nothing leaves it. Elsewhere only where the stage does not work here, or the queue is
 * long and another place, which the person allowed, is much faster; among those the cheapest, and the faster of two that cost the same.
 */
export function choose(stage: RoutedStage, facts: Facts): Choice {
  const allowed = routes[stage];
  const local = allowed.find(({ place }) => place === 'local');
  const refusals: Refusal[] = [];
  const elsewhere: Option[] = [];
  for (const route of allowed)
    if (route.place !== 'local') {
      const refusal = refuse(route, facts);
      if (refusal) refusals.push(refusal);
      else elsewhere.push({ route, estimate: estimateAt(route, facts) });
    }
  const best = elsewhere.toSorted(byCost)[0];
  const isFit = local !== undefined && (facts.selfTest === null || facts.selfTest === 'ok');
  if (isFit) {
    const here: Option = { route: local, estimate: estimateAt(local, facts) };
    const better = best && whyElsewhere(here, best, facts);
    return better ? chosen(best, better.code, better.text) : chosen(here, ...reasonHere(stage, allowed.length === 1, facts));
  }
  const fault = local ? `it ${faults[facts.selfTest as keyof typeof faults]}` : 'it is not made for this computer';
  if (best) return chosen(best, local ? 'unfit-here' : 'not-for-here', `Runs on ${placeNames[best.route.place]}: ${fault}.`);
  // the refusal that is the nearest to being none says most about what helps
  const nearest = refusals.toSorted((a, b) => closeness.indexOf(b.code) - closeness.indexOf(a.code))[0];
  const text = nearest ? `Runs nowhere: ${fault}, and ${nearest.text}` : `Runs nowhere: ${fault}.`;
  return { place: 'nowhere', reason: { code: nearest?.code ?? 'unfit-here', text }, estimate: null };
}

interface Option {
  readonly route: Route;
  readonly estimate: Estimate;
}
interface Refusal {
  readonly code: ReasonCode;
  readonly text: string;
}

const faults = { slow: 'does not answer in time here', wrong: 'answers wrongly here', crashed: 'stops its process here', missing: 'is not on this computer' } as const;
const closeness: readonly ReasonCode[] = ['not-set-up', 'no-consent', 'offline', 'over-budget', 'place-down'];

/** Null where the place may be used. */
function refuse(route: Route, { places, consent, isOnline, budgetUsd, localMsPerPhoto, cores }: Facts): Refusal | null {
  const name = placeNames[route.place];
  const place = places[route.place];
  if (!place?.isSetUp) return { code: 'not-set-up', text: `${name} is not set up.` };
  if (!consent.includes(route.place)) return { code: 'no-consent', text: `nobody has allowed pictures to be sent to ${name}.` };
  if (!isOnline) return { code: 'offline', text: 'this computer is offline.' };
  if (place.health === 'open') return { code: 'place-down', text: `${name} has failed several times; it is tried again later.` };
  const usd = priceAt(route, { places, localMsPerPhoto, cores });
  // not `<`: what it costs must be known to be within
  if (!(budgetUsd !== null && usd !== null && usd <= budgetUsd))
    return { code: 'over-budget', text: budgetUsd === null ? `no limit was set for what ${name} may cost.` : usd === null ? `what ${name} costs is not known.` : `${name} would cost more than is left to spend.` };
  return null;
}

/** A place that was never measured is taken to work as fast as one core here. */
function msOfWork(route: Route, { places, localMsPerPhoto, cores }: Pick<Facts, 'places' | 'localMsPerPhoto' | 'cores'>): number | null {
  return places[route.place]?.msPerPhoto ?? (localMsPerPhoto === null ? null : localMsPerPhoto * cores);
}

function priceAt(route: Route, facts: Pick<Facts, 'places' | 'localMsPerPhoto' | 'cores'>): number | null {
  return pricePhoto(route.price, route.place === 'local' ? 0 : msOfWork(route, facts), route.batch);
}

function estimateAt(route: Route, facts: Facts): Estimate {
  if (route.place === 'local') return { ms: facts.localMsPerPhoto, usd: 0, bytes: 0 };
  const work = msOfWork(route, facts);
  const atOnce = Math.max(1, Math.min(facts.places[route.place]?.concurrency ?? 1, Math.ceil(facts.queue / route.batch)));
  return { ms: work === null ? null : work / atOnce, usd: priceAt(route, facts), bytes: route.payload?.meanBytes ?? 0 };
}

function byCost(a: Option, b: Option): number {
  return (a.estimate.usd ?? Infinity) - (b.estimate.usd ?? Infinity) || (a.estimate.ms ?? Infinity) - (b.estimate.ms ?? Infinity);
}

function whyElsewhere(here: Option, there: Option, { power, queue }: Facts): Refusal | null {
  const name = placeNames[there.route.place];
  if (here.estimate.ms === null || there.estimate.ms === null) return null;
  if (here.estimate.ms * queue <= patience[power]) return null;
  if (power === 'low') return { code: 'spares-battery', text: `Runs on ${name}: the battery of this computer is low.` };
  if (here.estimate.ms < worthSending * there.estimate.ms) return null;
  return { code: 'much-faster', text: `Runs on ${name}: ${queue} photos would take ${inWords(here.estimate.ms * queue)} here and ${inWords(there.estimate.ms * queue)} there.` };
}

function reasonHere(stage: RoutedStage, isOnly: boolean, { selfTest, localMsPerPhoto }: Facts): readonly [ReasonCode, string] {
  const rate = localMsPerPhoto === null ? '' : ` in ${inWords(localMsPerPhoto)} a photo`;
  if (selfTest === 'ok') return ['proven-here', `Runs here: proven on this computer${rate}.`];
  if (isOnly) return ['only-here', `Runs here: what ${stage} needs does not leave this computer.`];
  return ['untested-here', 'Runs here: nothing speaks against this computer; it was not tested yet.'];
}

function chosen({ route, estimate }: Option, code: ReasonCode, text: string): Choice {
  return { place: route.place, reason: { code, text }, estimate };
}

/** Two digits: the same sentence comes with many photos. */
function inWords(ms: number): string {
  if (ms < 1_000) return `${Number(Math.max(1, ms).toPrecision(2))} ms`;
  const seconds = ms / 1_000;
  return seconds < 100 ? `${Number(seconds.toPrecision(2))} s` : `${Number((seconds / 60).toPrecision(2))} minutes`;
}
