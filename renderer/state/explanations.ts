/** Why two photos are in one group, asked when the eye rests on them. */
import { useEffect, useState } from 'react';
import type { PairReason } from '../../main/contract/index.ts';
import { api, errorOf } from '../client/index.ts';
import { useShoot } from './shoot.ts';

export interface Explanation {
  readonly reason: PairReason | null;
  /** Where it cannot be told. */
  readonly message: string;
}

/** @param group anything that is another value once the group has changed, so that it is asked anew. */
export function useExplanation(a: number, b: number, group: unknown): Explanation | null {
  const shoot = useShoot((state) => state.shoot);
  const [known, setKnown] = useState<{ a: number; b: number; told: Explanation } | null>(null);
  useEffect(() => {
    if (shoot === null) return undefined;
    const control = new AbortController();
    const take = (told: Explanation): void => {
      if (!control.signal.aborted) setKnown({ a, b, told });
    };
    api()
      .groups.explain({ shoot, a, b }, { signal: control.signal })
      .then((reason) => take({ reason, message: '' }))
      .catch((reason: unknown) => take({ reason: null, message: errorOf(reason).message }));
    return () => control.abort();
  }, [shoot, a, b, group]);
  return known && known.a === a && known.b === b ? known.told : null;
}
