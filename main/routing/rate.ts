/** How long a photo takes where several are worked on at once: busy time by what came of it, recent work counting most. Pure. */
export interface RateMeter {
  /** A photo was worked on from `start` to `end`, in milliseconds of one clock, told in order of ends. */
  note(start: number, end: number): void;
  /** Null until there are some. */
  msPerPhoto(): number | null;
}

/** The first few pay for the loading of a model. */
const skipped = 8;
const fewest = 8;
/** What was measured earlier counts half after so many photos. */
const halfLife = 64;

export function createRateMeter(): RateMeter {
  const keep = 0.5 ** (1 / halfLife);
  let [told, photos, busy, last] = [0, 0, 0, -Infinity];
  return {
    note(start, end) {
      const fresh = Math.max(0, end - Math.max(start, last));
      last = Math.max(last, end);
      if (++told <= skipped) return;
      photos = photos * keep + 1;
      busy = busy * keep + fresh;
    },
    msPerPhoto: () => (told < skipped + fewest ? null : busy / photos),
  };
}
