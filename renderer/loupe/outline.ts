/** The part of the picture that a reason points at, drawn around it: dark and light, so that it is seen on whatever is there, without a colour of its own. */
import type { Region } from '../../main/domain/index.ts';
import { placeRegion } from './geometry.ts';
import type { Placement } from './geometry.ts';

export function drawOutline(context: CanvasRenderingContext2D, place: Placement, region: Region | null): void {
  const { dataset } = context.canvas;
  if (region === null) {
    delete dataset['outline'];
    return;
  }
  const { left, top, width, height } = placeRegion(place, region);
  const line = Math.max(1, Math.round(devicePixelRatio));
  dataset['outline'] = [left, top, width, height].map(Math.round).join(' ');
  const around = (by: number, colour: string): void => {
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.strokeRect(Math.round(left) - by + line / 2, Math.round(top) - by + line / 2, Math.round(width) + 2 * by - line, Math.round(height) + 2 * by - line);
  };
  around(3 * line, '#0e0e0e');
  around(2 * line, '#ededed');
  around(line, '#0e0e0e');
}
