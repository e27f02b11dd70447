/** Shoots and their photos: open, list, look, ask why. */
import { z } from 'zod';
import { call, event } from './define.ts';
import { WireError } from './wire.ts';
import { GrantId, GroupKind, PhotoColumns, PhotoId, PhotoIds, Reason, Rev, ShootId, StageTrace, State, Verdict } from './schemas.ts';

export const ShootInfo = z.object({
  shoot: ShootId,
  name: z.string(),
  rev: Rev,
  /** Photos found so far, JPEG halves of pairs and files that are no photos included. */
  count: z.number().int(),
});
export type ShootInfo = z.infer<typeof ShootInfo>;

export const PhotoDetail = z.object({
  id: PhotoId,
  name: z.string(),
  format: z.string(),
  bytes: z.number(),
  sha256: z.string().nullable(),
  state: State,
  camera: z.object({ make: z.string().nullable(), model: z.string().nullable() }),
  lens: z.string().nullable(),
  capturedAt: z.string().nullable(),
  orientation: z.number(),
  exposureTime: z.number().nullable(),
  fNumber: z.number().nullable(),
  iso: z.number().nullable(),
  focalLength: z.number().nullable(),
  preview: z.object({ source: z.enum(['embedded', 'rendered', 'self', 'none']), width: z.number(), height: z.number() }),
  scores: z.object({ technical: z.number().nullable(), focus: z.number().nullable(), exposure: z.number().nullable() }),
  verdict: Verdict.nullable(),
  reasons: z.array(Reason),
  /** Which stage ran where, in which version, and how long it took. */
  trace: z.array(StageTrace),
  errors: z.array(WireError),
  pair: PhotoId.nullable(),
  group: z
    .object({
      id: z.string(),
      kind: GroupKind,
      photos: z.array(PhotoId),
      best: PhotoId,
      runnerUp: PhotoId.nullable(),
      /** How much better the best is than the second, in technical quality 0..1; null where it cannot be told. */
      margin: z.number().nullable(),
      /** The person put it together. */
      isManual: z.boolean(),
    })
    .nullable(),
});
export type PhotoDetail = z.infer<typeof PhotoDetail>;

export const library = {
  /** Opens the folder behind a grant: scans it, starts the cull (unless `analyse` is false), answers at once with what the catalog already knows. */
  open: call({ in: z.object({ grant: GrantId, analyse: z.boolean().default(true) }), out: ShootInfo, errors: ['not-found', 'folder-missing', 'folder-unreadable', 'folder-empty'] }),
  /** Folders that may be opened now: given on the command line or by a dialog, and (`recent`) those opened in earlier sessions. */
  grants: call({ in: z.object({}), out: z.array(z.object({ grant: GrantId, name: z.string(), kind: z.enum(['shoot', 'destination']), recent: z.boolean().optional() })) }),
  /** A page of a shoot's photos in capture order. */
  photos: call({
    in: z.object({ shoot: ShootId, from: z.number().int().nonnegative(), count: z.number().int().min(1).max(20000) }),
    out: z.object({ rev: Rev, total: z.number().int(), photos: PhotoColumns }),
    errors: ['not-found'],
  }),
  photo: call({ in: z.object({ id: PhotoId }), out: PhotoDetail, errors: ['not-found'] }),
  /** Where the eye is: these first, then the neighbours, then the rest. Replaces the previous look. */
  look: call({ in: z.object({ shoot: ShootId, visible: PhotoIds, near: PhotoIds }), out: z.object({}), errors: ['not-found'] }),
  /** Photos that changed, whole rows; coalesced to about ten a second. `order` says that photos came, went or moved: list again. */
  changed: event(z.object({ shoot: ShootId, rev: Rev, order: z.boolean(), photos: PhotoColumns })),
};
