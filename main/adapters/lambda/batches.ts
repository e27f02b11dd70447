/** Which pictures go together, and several calls at a time. */

/** Request and JSON of AWS Lambda's "Invoke" (6 MB: 6,291,456 bytes), less room for what stands around the pictures. */
export const mostRequestBytes = 6_291_456;
const roomAround = 1_024;

export interface Batch<T> {
  readonly images: readonly T[];
  /** How often it has failed as it is. */
  readonly tries: number;
}

/** Bytes that a picture takes in a request: base64, its key of 64 digits, and the JSON around. */
export function bytesInRequest(jpegBytes: number): number {
  return Math.ceil(jpegBytes / 3) * 4 + 96;
}

export function fitsRequest(jpegBytes: number): boolean {
  return bytesInRequest(jpegBytes) + roomAround <= mostRequestBytes;
}

/** In the order they came, at most `most` together and none larger than a request may be. Each picture must fit one. */
export function packBatches<T extends { readonly jpeg: Uint8Array }>(images: readonly T[], most: number): Batch<T>[] {
  const batches: T[][] = [];
  let bytes = Infinity;
  for (const image of images) {
    const its = bytesInRequest(image.jpeg.length);
    const last = batches.at(-1);
    if (last && last.length < most && bytes + its + roomAround <= mostRequestBytes) {
      last.push(image);
      bytes += its;
    } else {
      batches.push([image]);
      bytes = its;
    }
  }
  return batches.map((one) => ({ images: one, tries: 0 }));
}

/** Two of half the size, tried anew. */
export function halve<T>({ images }: Batch<T>): Batch<T>[] {
  const middle = Math.ceil(images.length / 2);
  return [images.slice(0, middle), images.slice(middle)].map((half) => ({ images: half, tries: 0 }));
}

/**
 * Works off `queue` with `most` at a time; what `work` answers is work too, done next. Ends when nothing is left. Where `work` rejects, nothing more is begun, and once
 * all that was has ended, this rejects with the same.
 */
export async function workOff<T>(queue: readonly T[], most: number, work: (one: T) => Promise<readonly T[]>): Promise<void> {
  const waiting = [...queue];
  const thrown: unknown[] = [];
  await new Promise<void>((resolve) => {
    let busy = 0;
    const next = (): void => {
      if (thrown.length > 0) waiting.length = 0;
      if (busy === 0 && waiting.length === 0) resolve();
      while (busy < most && waiting.length > 0) {
        busy += 1;
        void work(waiting.shift()!)
          .then(
            (more) => waiting.unshift(...more),
            (error: unknown) => thrown.push(error),
          )
          .then(() => {
            busy -= 1;
            next();
          });
      }
    };
    next();
  });
  if (thrown.length > 0) throw thrown[0];
}
