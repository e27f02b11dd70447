/** Everything the engine knows about one photo, for the panel: asked for when the eye rests, kept while nothing changed. */
import { useEffect } from 'react';
import { create } from 'zustand';
import type { CodedError } from '../../main/base/index.ts';
import type { PhotoDetail } from '../../main/contract/index.ts';
import { api, errorOf } from '../client/index.ts';
import { places, useList } from './list.ts';

interface DetailState {
  readonly details: ReadonlyMap<number, PhotoDetail>;
  readonly errors: ReadonlyMap<number, CodedError>;
}

export const useDetails = create<DetailState>(() => ({ details: new Map(), errors: new Map() }));

const keptDetails = 60;
const asked = new Set<number>();
/** Photos that changed since they were asked about. */
const stale = new Set<number>();

/** Asks for the facts of photo `id` unless they are here and still true. */
export async function loadDetail(id: number): Promise<void> {
  if (asked.has(id) || (useDetails.getState().details.has(id) && !stale.has(id))) return;
  asked.add(id);
  stale.delete(id);
  try {
    const detail = await api().library.photo({ id });
    const details = new Map(useDetails.getState().details);
    details.delete(id);
    details.set(id, detail);
    while (details.size > keptDetails) details.delete(details.keys().next().value!);
    const errors = new Map(useDetails.getState().errors);
    errors.delete(id);
    useDetails.setState({ details, errors });
  } catch (reason) {
    useDetails.setState((state) => ({ errors: new Map(state.errors).set(id, errorOf(reason)) }));
  } finally {
    asked.delete(id);
    // it changed while it was on its way
    if (stale.has(id)) void loadDetail(id);
  }
}

/** What was known of these photos is out of date; it stays visible until the new facts are here. */
export function forgetDetails(ids: readonly number[]): void {
  const { details } = useDetails.getState();
  for (const id of ids) if (details.has(id) || asked.has(id)) stale.add(id);
}

/** The eye rests when it has stayed for this long; nobody reads facts faster. */
const restAfter = 60;

/** Asks for the facts of the shown photo once the eye rests on it, then for its neighbours'. */
export function useDetail(id: number): PhotoDetail | null {
  const version = useList((state) => state.version);
  const detail = useDetails((state) => state.details.get(id)) ?? null;
  useEffect(() => {
    const timer = setTimeout(
      () => {
        void loadDetail(id);
        const here = places();
        const position = here.positionOf(id);
        for (const near of [position + 1, position - 1]) {
          const other = here.idAt(near);
          if (other !== null) void loadDetail(other);
        }
      },
      useDetails.getState().details.has(id) ? 0 : restAfter,
    );
    return () => clearTimeout(timer);
  }, [id, version]);
  return detail;
}
