/** The table of places: which stage may run where, what leaves this computer for it, and within what limits. Data; the rule is in choose.ts. */
import type { PlaceId, StageId } from '../domain/index.ts';
import { prices } from './prices.ts';
import type { PriceModel } from './prices.ts';

/** Stages, and what looks at pictures with language, which runs on an endpoint only. */
export type RoutedStage = StageId | 'describe';

/** What leaves this computer for one photo. */
export interface Payload {
  readonly kind: 'jpeg';
  /** Long edge in pixels. */
  readonly edge: number;
  /** About as much a photo, as it travels. */
  readonly meanBytes: number;
}

export interface Route {
  readonly place: PlaceId;
  /** Null: nothing leaves this computer. */
  readonly payload: Payload | null;
  /** Of one call, in bytes. */
  readonly mostBytes: number | null;
  /** Of one call, in milliseconds. */
  readonly timeoutMs: number;
  /** Photos a call, at most. */
  readonly batch: number;
  readonly price: PriceModel;
}

const local = (timeoutMs: number, batch = 1): Route => ({ place: 'local', payload: null, mostBytes: null, timeoutMs, batch, price: prices.free });

/** Files stay where they are: what is done to all of their bytes or pixels is done on this computer. */
const here: readonly Route[] = [local(10_000)];

/** Base64 makes four bytes of three. Lambda's quota for a request is 6,291,456 bytes ('Lambda quotas'). */
const lambda = (place: 'lambda-arm64' | 'lambda-x86_64'): Route => ({
  place,
  payload: { kind: 'jpeg', edge: 512, meanBytes: Math.round((40_000 * 4) / 3) },
  mostBytes: 6_291_456,
  timeoutMs: 75_000,
  batch: 24,
  price: prices[place],
});

export const routes: Readonly<Record<RoutedStage, readonly Route[]>> = {
  identify: here,
  metadata: here,
  preview: here,
  phash: here,
  focus: here,
  exposure: here,
  faces: here,
  sharpness: here,
  headroom: here,
  clip: [local(60_000, 8), lambda('lambda-arm64'), lambda('lambda-x86_64')],
  describe: [{ place: 'gpu', payload: { kind: 'jpeg', edge: 1_024, meanBytes: Math.round((200_000 * 4) / 3) }, mostBytes: null, timeoutMs: 120_000, batch: 1, price: prices.gpu }],
};

export const routedStages = Object.keys(routes) as readonly RoutedStage[];

/** The route of a stage to a place; null where the stage may not run there. */
export function routeTo(stage: RoutedStage, place: PlaceId): Route | null {
  return routes[stage].find((route) => route.place === place) ?? null;
}
