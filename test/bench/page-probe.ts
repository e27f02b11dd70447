/** Functions that run inside the page. Each must be whole in itself: it travels as text. */

/** Milliseconds since 1970; `full`: every tile inside the window shows its picture. 0 = not yet. */
export interface TileTimes {
  first: number;
  full: number;
  /** Tiles inside the window when it was full. */
  count: number;
}

/** Watches for pictures of tiles from the page's first moment and notes the frames that show them. */
export function watchTiles(): void {
  const times: TileTimes = { first: 0, full: 0, count: 0 };
  (globalThis as { tileTimes?: TileTimes }).tileTimes = times;
  /** The first task after the frame that is drawn next. */
  const afterPaint = (work: (at: number) => void): void => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        channel.port1.close();
        work(performance.timeOrigin + performance.now());
      };
      channel.port2.postMessage(null);
    });
  };
  const isShown = (image: HTMLImageElement | null): boolean => image !== null && image.complete && image.naturalWidth > 0;
  const look = (): void => {
    if (times.full > 0) return;
    const tiles = [...document.querySelectorAll('[role="gridcell"]')].filter((tile) => {
      const box = tile.getBoundingClientRect();
      return box.width > 0 && box.top < innerHeight && box.bottom > 0;
    });
    const shown = tiles.filter((tile) => isShown(tile.querySelector('img'))).length;
    if (shown > 0 && times.first === 0) afterPaint((at) => (times.first ||= at));
    if (tiles.length > 1 && shown === tiles.length)
      afterPaint((at) => {
        times.first ||= at;
        if (times.full > 0) return;
        times.full = at;
        times.count = tiles.length;
      });
  };
  // load events do not bubble, but they can be caught on their way down
  document.addEventListener('load', look, true);
}

/**
 * Pairs every key of `command` (the part before the point) with the first frame after it, by the page's own marks. A move is seen
 * in the first frame that is about another photo than the frame before the key; keys that moved nothing are left out.
 */
export function keyTimes(command: string): { ms: number; picture: string | null }[] {
  const detailOf = (entry: PerformanceEntry | undefined): Record<string, unknown> => ((entry as PerformanceMark | undefined)?.detail ?? {}) as Record<string, unknown>;
  const shown = performance.getEntriesByName('parjanya:shown').sort((a, b) => a.startTime - b.startTime);
  const keys = performance.getEntriesByName('parjanya:key').filter((key) => String(detailOf(key)['command']).split('.')[0] === command);
  const answers: { ms: number; picture: string | null }[] = [];
  for (const key of keys) {
    const before = detailOf(shown.findLast((entry) => entry.startTime <= key.startTime))['id'];
    const frame = shown.find((entry) => entry.startTime > key.startTime && (command !== 'move' || detailOf(entry)['id'] !== before));
    if (!frame) continue;
    const { picture } = detailOf(frame);
    answers.push({ ms: frame.startTime - key.startTime, picture: typeof picture === 'string' ? picture : null });
  }
  return answers;
}

/** The least that a page can do on a key: changes a word, and makes the same marks as the real page does. */
export function answerKeysWithAWord(): void {
  const word = document.createElement('p');
  document.body.append(word);
  let presses = 0;
  addEventListener('keydown', (event) => {
    performance.mark('parjanya:key', { startTime: event.timeStamp, detail: { command: 'mark.floor' } });
    word.textContent = `${++presses}`;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        channel.port1.close();
        performance.mark('parjanya:shown');
      };
      channel.port2.postMessage(null);
    });
  });
}
