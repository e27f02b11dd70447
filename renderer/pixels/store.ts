/**
 * Decoded pictures, ready to be drawn in the frame in which they are asked for. A wish list says what is wanted; whatever is on
 * its way and no longer wanted is cancelled, and what was not looked at for longest goes first when memory is full.
 */
export interface DecodedPicture {
  readonly width: number;
  readonly height: number;
  close(): void;
}

export interface PictureStoreOptions<T extends DecodedPicture> {
  load(address: string, signal: AbortSignal): Promise<T>;
  /** Called when a picture is ready, and when one turned out not to be had. */
  onSettled(address: string): void;
  /** Bytes of decoded pixels to keep, 4 per pixel. */
  readonly maxBytes: number;
  readonly parallel: number;
}

/** Pictures that take the engine seconds: begun only when all that is more urgent is there, so that one is made at a time. */
export interface WishCosts {
  readonly costly: ReadonlySet<string>;
  /** False while the person is on the way somewhere: what is being made goes on, nothing costly is begun. */
  readonly mayStart: boolean;
}

export interface PictureStore<T extends DecodedPicture> {
  /** The picture, if it is decoded. Counts as a look at it. */
  get(address: string): T | null;
  /** Of the pictures for whose address `test` is true the one that was looked at last. */
  find(test: (address: string) => boolean): T | null;
  hasFailed(address: string): boolean;
  /** What its load rejected with; undefined where it has not failed. */
  failureOf(address: string): unknown;
  /** Replaces the wish list; most urgent first. */
  want(addresses: readonly string[], costs?: WishCosts): void;
  /** Tries again what could not be had. */
  retry(): void;
  readonly bytes: number;
}

const noCosts: WishCosts = { costly: new Set(), mayStart: true };

export function createPictureStore<T extends DecodedPicture>(options: PictureStoreOptions<T>): PictureStore<T> {
  /** Insertion order is order of use, oldest first. */
  const ready = new Map<string, T>();
  const loading = new Map<string, AbortController>();
  const failed = new Map<string, unknown>();
  let wishes: readonly string[] = [];
  let wanted = new Set<string>();
  let costs: WishCosts = noCosts;
  let bytes = 0;

  const size = (picture: T): number => picture.width * picture.height * 4;

  const drop = (address: string): void => {
    const picture = ready.get(address);
    if (!picture) return;
    ready.delete(address);
    bytes -= size(picture);
    picture.close();
  };

  const makeRoom = (): void => {
    for (const address of [...ready.keys()]) {
      if (bytes <= options.maxBytes) return;
      if (!wanted.has(address)) drop(address);
    }
    // the wishes alone are too many: keep the most urgent ones
    for (const address of [...wishes].reverse()) {
      if (bytes <= options.maxBytes || ready.size <= 1) return;
      if (address !== wishes[0]) drop(address);
    }
  };

  const start = async (address: string): Promise<void> => {
    const control = new AbortController();
    loading.set(address, control);
    try {
      const picture = await options.load(address, control.signal);
      if (control.signal.aborted) {
        picture.close();
        return;
      }
      ready.set(address, picture);
      bytes += size(picture);
      makeRoom();
    } catch (reason) {
      if (control.signal.aborted) return;
      failed.set(address, reason);
    } finally {
      if (loading.get(address) === control) loading.delete(address);
      if (!control.signal.aborted) {
        options.onSettled(address);
        pump();
      }
    }
  };

  const pump = (): void => {
    let isAllHere = true;
    for (const address of wishes) {
      if (ready.has(address) || failed.has(address)) continue;
      const mayStart = !costs.costly.has(address) || (costs.mayStart && isAllHere);
      isAllHere = false;
      if (loading.has(address) || !mayStart) continue;
      if (loading.size >= options.parallel) return;
      // beyond the budget, further wishes would only push out more urgent ones
      if (bytes >= options.maxBytes) return;
      void start(address);
    }
  };

  return {
    get(address) {
      const picture = ready.get(address);
      if (!picture) return null;
      ready.delete(address);
      ready.set(address, picture);
      return picture;
    },
    find(test) {
      const address = [...ready.keys()].findLast(test);
      return address === undefined ? null : this.get(address);
    },
    hasFailed: (address) => failed.has(address),
    failureOf: (address) => failed.get(address),
    want(addresses, newCosts = noCosts) {
      costs = newCosts;
      wishes = [...new Set(addresses)];
      wanted = new Set(wishes);
      for (const [address, control] of loading)
        if (!wanted.has(address)) {
          control.abort();
          loading.delete(address);
        }
      // a new wish is a new chance for what could not be had
      for (const address of failed.keys()) if (!wanted.has(address)) failed.delete(address);
      // what nobody wants any more makes way for what is wanted now
      if (bytes >= options.maxBytes) for (const address of [...ready.keys()]) if (!wanted.has(address)) drop(address);
      pump();
    },
    retry() {
      failed.clear();
      pump();
    },
    get bytes() {
      return bytes;
    },
  };
}
