/** What several stages do to pixels. */
export { measureBlocking } from './blocking.ts';
export { createPlaneBuffers, halvePlane } from './halve.ts';
export type { Plane, PlaneBuffers } from './halve.ts';
