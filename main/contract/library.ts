/** Shoots and their photos: open, list, look, ask why. */
import { z } from 'zod';
import { call, event } from './define.ts';
import { WireError } from './wire.ts';
import { driveModes } from '../domain/index.ts';
import { PhotoAdvice } from './advice.ts';
import { Face } from './faces.ts';
import { Focus } from './focus.ts';
import { Headroom } from './headroom.ts';
import { ExistingMarks, GrantId, GroupKind, PhotoColumns, PhotoId, PhotoIds, Reason, Rev, Scores, ShootId, Source, StageTrace, State, Verdict } from './schemas.ts';

export const ShootInfo = z.object({
  shoot: ShootId,
  name: z.string(),
  rev: Rev,
  /** Photos found so far, JPEG halves of pairs and files that are no photos included. */
  count: z.number().int(),
});
export type ShootInfo = z.infer<typeof ShootInfo>;

/** A file in another shoot that is the same picture: by the bytes of the file, or by those of the picture in it. */
export const CopyElsewhere = z.object({
  /** Name of the shoot, with the folders around it where others are called so too. */
  shoot: z.string(),
  /** Below the shoot's folder, `/` between. */
  path: z.string(),
  /** Whether it was there when its shoot's folder was last read. */
  isPresent: z.boolean(),
  /** False: the same image data with other metadata. */
  isSameFile: z.boolean(),
});

/** A photo in another shoot that looks nearly the same: an edit, an export, another frame. */
export const NearElsewhere = z.object({
  /** Name of the shoot, with the folders around it where others are called so too. */
  shoot: z.string(),
  /** Below the shoot's folder, `/` between. */
  path: z.string(),
  /** Differing bits of the two perceptual hashes, of 64. */
  bits: z.number().int(),
  /** Milliseconds between the times that the two files state; null where one states none. */
  gapMs: z.number().nullable(),
  /** What was done to this photo so that it looks like that one: `mirrored left to right`; null where they stand alike. */
  position: z.string().nullable(),
});
export type NearElsewhere = z.infer<typeof NearElsewhere>;

export const NearCopies = z.object({
  count: z.number().int(),
  /** There are more than were looked at. */
  isMore: z.boolean(),
  /** The nearest first. */
  list: z.array(NearElsewhere),
});
export type NearCopies = z.infer<typeof NearCopies>;

export const PhotoDetail = z.object({
  id: PhotoId,
  name: z.string(),
  format: z.string(),
  bytes: z.number(),
  sha256: z.string().nullable(),
  /** Of the picture's own coded data; the same in files that differ only in metadata. */
  imageSha256: z.string().nullable(),
  state: State,
  camera: z.object({ make: z.string().nullable(), model: z.string().nullable() }),
  lens: z.string().nullable(),
  capturedAt: z.string().nullable(),
  orientation: z.number(),
  exposureTime: z.number().nullable(),
  fNumber: z.number().nullable(),
  iso: z.number().nullable(),
  focalLength: z.number().nullable(),
  /** True where the flash fired. */
  flash: z.boolean().nullable(),
  driveMode: z.enum(driveModes).nullable(),
  /** Of the camera's body. */
  serial: z.string().nullable(),
  /** Whether the file says where it was taken; where is not told. */
  hasGps: z.boolean(),
  /** What cameras and other programs have said already; never the person's marks here. See domain ExistingMarks. */
  existing: ExistingMarks,
  /** XMP sidecars beside the file, the one that counts most first; `error` where it could not be read. */
  sidecars: z.array(z.object({ name: z.string(), error: WireError.nullable() })),
  preview: z.object({ source: Source, width: z.number(), height: z.number() }),
  /** What 100 % means, orientation applied; null where nothing tells. */
  full: z.object({ width: z.number(), height: z.number() }).nullable(),
  /** The camera's previews inside the file, largest first, upright. */
  embedded: z.array(z.object({ width: z.number(), height: z.number(), kind: z.enum(['thumbnail', 'preview', 'full']) })),
  /** Whether a picture may be computed from the file's own data; `refused`: that was tried, see `refusal`. */
  rendering: z.enum(['none', 'possible', 'refused']),
  refusal: WireError.nullable(),
  scores: Scores,
  /** By all pixels; null while they were not looked at. */
  focus: Focus.nullable(),
  /** What the sensor holds beyond what is shown. */
  headroom: Headroom,
  /** The most important first; null while faces were not looked for. */
  faces: z.array(Face).nullable(),
  /** Why faces are not looked for on this computer, and what helps; null where they are. */
  facesOff: WireError.nullable(),
  /** What people who rate pictures from 1 to 10 would say, as LAION's predictor guesses; null where it was not asked. */
  aesthetics: z.number().nullable(),
  /** Why aesthetics are off on this computer, and what helps; null where they are not. */
  aestheticsOff: WireError.nullable(),
  /** Which of two opposite sentences describes the picture better, as CLIP sees it: 0 the negative, 1 the positive. Null where that was not asked. */
  impressions: z.array(z.object({ pair: z.string(), title: z.string(), positive: z.string(), negative: z.string(), share: z.number() })).nullable(),
  /** Why there are no impressions on this computer, and what helps; null where there are. */
  impressionsOff: WireError.nullable(),
  /** What a vision model said, where it was asked; counted by no rule. */
  advice: PhotoAdvice,
  verdict: Verdict.nullable(),
  reasons: z.array(Reason),
  /** Which stage ran where, in which version, and how long it took. */
  trace: z.array(StageTrace),
  errors: z.array(WireError),
  pair: PhotoId.nullable(),
  /** The same picture in other shoots of the catalog; `isMore`: there are more than were counted. The list has the first few. */
  copies: z.object({ count: z.number().int(), present: z.number().int(), isMore: z.boolean(), list: z.array(CopyElsewhere) }),
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
  /**
   * Measures in the photo's sensor data what is lost as shown and is there after all, unless that was done; takes about a second. The answer is in the
   * photo's detail, with the reason where it cannot be told.
   */
  measureHeadroom: call({ in: z.object({ id: PhotoId }), out: z.object({}), errors: ['not-found', 'cancelled', 'closed'] }),
  /**
   * Photos of other shoots that look nearly the same, exact copies (see PhotoDetail) left out. Answers once the catalog's hashes have been read, which
   * takes seconds for a million photos and is done once, when it is first asked.
   */
  near: call({ in: z.object({ id: PhotoId }), out: NearCopies, errors: ['not-found'] }),
  /**
   * Photos of the same shoot whose content is most alike, as CLIP sees it, the most alike first: `cosine` of the embeddings, at most 1. Null where the photo
   * has no embedding. JPEG halves of pairs are left out.
   */
  similar: call({
    in: z.object({ id: PhotoId, most: z.number().int().min(1).max(1000).default(20) }),
    out: z.array(z.object({ photo: PhotoId, cosine: z.number() })).nullable(),
    errors: ['not-found'],
  }),
  /** Where the eye is: these first, then the neighbours, then the rest. Replaces the previous look. */
  look: call({ in: z.object({ shoot: ShootId, visible: PhotoIds, near: PhotoIds }), out: z.object({}), errors: ['not-found'] }),
  /** Photos that changed, whole rows; coalesced to about ten a second. `order` says that photos came, went or moved: list again. */
  changed: event(z.object({ shoot: ShootId, rev: Rev, order: z.boolean(), photos: PhotoColumns })),
};
