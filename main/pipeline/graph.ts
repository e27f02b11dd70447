/**
 * The stage graph as data: what there is, in which version, and what must come first. The functions are in main/stages
 * and are bound to these specs in main/workers. Raise a version whenever a function's answers may change.
 */
import type { StageId, StageSpec } from '../domain/index.ts';

export const graph: Readonly<Record<StageId, StageSpec>> = {
  identify: { id: 'identify', version: 2, needs: [], settings: {} },
  metadata: { id: 'metadata', version: 6, needs: [], settings: {} },
  preview: { id: 'preview', version: 4, needs: ['metadata'], settings: {} },
  phash: { id: 'phash', version: 5, needs: ['preview'], settings: {} },
  focus: { id: 'focus', version: 6, needs: ['preview'], settings: { edge: 1600 } },
  exposure: { id: 'exposure', version: 6, needs: ['preview'], settings: {} },
  faces: { id: 'faces', version: 1, needs: ['preview'], settings: {} },
  sharpness: { id: 'sharpness', version: 2, needs: ['metadata', 'preview'], settings: {} },
  clip: { id: 'clip', version: 1, needs: ['preview'], settings: {} },
  headroom: { id: 'headroom', version: 1, needs: ['metadata', 'preview'], settings: {} },
};

/** What makes a photo visible and sortable, run first for everything; `study` and then `identify`, which reads the whole file, come after. */
export const firstLook: readonly StageId[] = ['metadata', 'preview', 'phash', 'focus', 'exposure'];

/** What takes longer than the first grid may wait for, and needs the picture once more: run when every photo has been looked at. */
export const studyStages: readonly StageId[] = ['faces', 'sharpness'];

/**
 * Run where somebody asks or where the photo has no other picture than a rendering: reads the whole file and decodes the sensor's data, a
 * second or so for each photo. An answer of its own, and no setting of `exposure`: that one belongs to the first look of every photo.
 */
export const askedStages: readonly StageId[] = ['headroom'];

/** Run last, from the grid's picture, in a child of its own. */
export const embedStages: readonly StageId[] = ['clip'];

/**
 * What pictures for the eye are made by: raised whenever a rendering, its judgement or the coding of a picture changes, so that none
 * which was kept on disk or by a browser is shown any more.
 */
export const pictureVersion = 1;
