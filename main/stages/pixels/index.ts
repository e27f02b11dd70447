/** What several stages do to pixels. */
export { createPlaneBuffers, halvePlane } from './halve.ts';
export type { Plane, PlaneBuffers } from './halve.ts';
