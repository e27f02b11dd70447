/** Remembers where the window was. A cache: whatever is wrong with the file, the window opens at its usual place. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Rectangle } from 'electron';

export interface WindowState {
  readonly bounds: Rectangle | null;
  readonly maximized: boolean;
}

/** Screen areas, in the same units as the bounds. */
type Area = Pick<Rectangle, 'x' | 'y' | 'width' | 'height'>;

/** Is enough of the window on a screen that is there now to take hold of it? */
export function isReachable(bounds: Rectangle, areas: readonly Area[]): boolean {
  return areas.some((area) => {
    const width = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
    const height = Math.min(bounds.y + bounds.height, area.y + area.height) - Math.max(bounds.y, area.y);
    return width >= 200 && height >= 100;
  });
}

export function readWindowState(file: string, areas: readonly Area[]): WindowState {
  const usual: WindowState = { bounds: null, maximized: false };
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { bounds?: Partial<Rectangle>; maximized?: unknown };
    const { x, y, width, height } = kept.bounds ?? {};
    const numbers = [x, y, width, height];
    if (!numbers.every((value) => typeof value === 'number' && Number.isSafeInteger(value))) return usual;
    const bounds = { x: x!, y: y!, width: width!, height: height! };
    return { bounds: isReachable(bounds, areas) ? bounds : null, maximized: kept.maximized === true };
  } catch {
    return usual;
  }
}

export function writeWindowState(file: string, state: WindowState): void {
  try {
    writeFileSync(`${file}.new`, JSON.stringify(state));
    renameSync(`${file}.new`, file);
  } catch {
    // a full disk or a read-only folder: next time the window opens at its usual place
  }
}
