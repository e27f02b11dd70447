import { useLayoutEffect } from 'react';
import type { RefObject } from 'react';

/** Calls `take` with the element before it is painted and whenever its size has changed; `take` has to stay the same function. */
export function useSize<T extends HTMLElement>(element: RefObject<T | null>, take: (element: T) => void): void {
  useLayoutEffect(() => {
    const watched = element.current;
    if (!watched) return undefined;
    take(watched);
    const observer = new ResizeObserver(() => take(watched));
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element, take]);
}
