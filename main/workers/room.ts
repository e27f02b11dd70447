/** Keeps the memory of this process bounded: what it lacks the room for is left to a fresh process. */

/** A decode child is to stay below this. */
const mostBytes = 400_000_000;
/** LibRaw takes 7.5 bytes a pixel for 24 megapixels, libheif 7.3 (measured), the picture that comes out included. */
const bytesPerPixel = 7.5;
/** Where the file does not say how many pixels it has. */
const usualPixels = 24_000_000;

/** No failure of the photo, and no bug: the same request in a fresh process will do. Only main/workers/decode.ts catches it. */
export class NoRoom extends Error {}

export interface Room {
  /** Throws NoRoom where rendering so many pixels (null = unknown) would take this process beyond its bounds, though it might fit a fresh one. */
  forRendering(pixels: number | null): void;
}

/** @param isFresh true while the process answers its first request: then it does what it can. */
export function createRoom(isFresh: () => boolean): Room {
  return {
    forRendering(pixels) {
      const most = mostBytes - bytesPerPixel * (pixels ?? usualPixels);
      if (process.memoryUsage.rss() <= most) return;
      // The decoders' own memories, of up to hundreds of megabytes, wait to be given back.
      globalThis.gc?.();
      if (!isFresh() && process.memoryUsage.rss() > most) throw new NoRoom();
    },
  };
}
