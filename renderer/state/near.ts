/** Photos of other shoots that look nearly the same as one, asked when its facts are here. */
import { useEffect, useState } from 'react';
import type { NearCopies, PhotoDetail } from '../../main/contract/index.ts';
import { api } from '../client/index.ts';

/** @param detail of the photo; another value once anything about it has changed, so that it is asked anew. Null: nothing is asked. */
export function useNear(id: number, detail: PhotoDetail | null): NearCopies | null {
  const [known, setKnown] = useState<{ id: number; near: NearCopies } | null>(null);
  useEffect(() => {
    if (detail === null) return undefined;
    const control = new AbortController();
    api()
      .library.near({ id }, { signal: control.signal })
      .then((near) => (control.signal.aborted ? undefined : setKnown({ id, near })))
      // what cannot be told is not said; the photo's own failures are told by its detail
      .catch(() => undefined);
    return () => control.abort();
  }, [id, detail]);
  return known?.id === id ? known.near : null;
}
