/** How fast the grid is being scrolled. Read by tiles when they appear; never drives anything else. */
import { createEmitter } from '../../main/base/index.ts';

const settled = createEmitter<void>();
/** Screens per second above which pictures cannot be seen anyway. */
const fastScreens = 6;
const settleAfter = 90;

let fast = false;
let lastTop = 0;
let lastTime = 0;
let timer: ReturnType<typeof setTimeout> | null = null;

/** @param top scroll offset and @param height visible height in CSS pixels, @param time in milliseconds. */
export function noteScroll(top: number, height: number, time: number): void {
  const elapsed = Math.max(1, time - lastTime);
  const distance = Math.abs(top - lastTop) / Math.max(1, height);
  const speed = (distance / elapsed) * 1000;
  lastTop = top;
  lastTime = time;
  // one short hop, such as a key or a notch of the wheel, is not flying past
  fast = elapsed < 200 && distance > 0.2 && speed > fastScreens;
  if (timer) clearTimeout(timer);
  if (!fast) settle();
  else timer = setTimeout(settle, settleAfter);
}

function settle(): void {
  timer = null;
  fast = false;
  settled.emit();
}

export function isScrollingFast(): boolean {
  return fast;
}

/** Tells once when scrolling has calmed down; returns its own undo. */
export function onScrollSettled(listener: () => void): () => void {
  return settled.on(listener);
}
