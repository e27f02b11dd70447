/**
 * Marks on the browser's own timeline, so that the time from key to paint can be measured from outside:
 * `parjanya:key` when a command's key went down, `parjanya:shown` in the first task after the frame that shows its effect.
 */
const keyMark = 'parjanya:key';
const shownMark = 'parjanya:shown';

const keptMarks = 4000;
let made = 0;

function put(name: string, detail: unknown, startTime?: number): void {
  made += 1;
  // the timeline keeps everything for ever unless told
  if (made % keptMarks === 0) {
    performance.clearMarks(keyMark);
    performance.clearMarks(shownMark);
  }
  performance.mark(name, { detail, ...(startTime === undefined ? {} : { startTime }) });
}

/** @param time when the key went down, in the time of `performance.now()`. */
export function noteKey(command: string, time: number): void {
  put(keyMark, { command }, time);
}

let scheduled = false;
let lastDetail: unknown = null;

/** Call after the document has been changed; the mark is made once the frame has been painted. */
export function noteShown(detail: { readonly kind: 'photo' | 'marks'; readonly id: number; readonly picture?: string }): void {
  lastDetail = detail;
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      scheduled = false;
      channel.port1.close();
      put(shownMark, lastDetail);
    };
    channel.port2.postMessage(null);
  });
}
