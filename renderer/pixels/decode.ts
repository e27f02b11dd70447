/** Fetches and decodes one picture, off the main thread where the browser can. */

/** @returns a bitmap of the whole picture. Rejects where it cannot be had or `signal` aborts. */
export async function loadBitmap(address: string, signal: AbortSignal): Promise<ImageBitmap> {
  const response = await fetch(address, { signal });
  if (!response.ok) throw new Error(`the picture could not be had (${response.status})`);
  const blob = await response.blob();
  signal.throwIfAborted();
  return await createImageBitmap(blob);
}
