/**
 * Decides what is worked on next. A lane is the work of one shoot; each lane has four passes: `look` makes a photo visible and
 * judged, `study` looks closer (faces), `identify` reads the whole file, `embed` runs the CLIP tower. Order: what is on screen, then its neighbours, then the rest,
 * and every look before any study, every study before any identify. The queue holds ids only; what runs at once is bounded by the pool.
 */
import { createCancel } from '../base/index.ts';
import type { CancelSignal } from '../base/index.ts';
import type { PhotoId } from '../domain/index.ts';

export const passes = ['look', 'study', 'identify', 'embed'] as const;
export type Pass = (typeof passes)[number];

export interface LaneOptions {
  /** Does the work on one photo; never rejects. The signal is aborted when the lane is cleared. */
  run(photo: PhotoId, pass: Pass, signal: CancelSignal): Promise<void>;
  /** Called whenever a pass has nothing waiting and nothing running any more. */
  onIdle?(pass: Pass): void;
}

export interface Lane {
  /** Adds photos to a pass, in this order, behind what waits already; each once. */
  add(pass: Pass, photos: Iterable<PhotoId>): void;
  /** Where the eye is; replaces the previous look. Also brings this lane before all others. */
  look(visible: readonly PhotoId[], near: readonly PhotoId[]): void;
  /** Drops what waits of a pass and aborts what runs of it. */
  clear(pass: Pass): void;
  /** Photos waiting or running. */
  left(pass: Pass): number;
  /** Resolves when no pass has anything left. */
  whenIdle(): Promise<void>;
  close(): void;
}

export interface Scheduler {
  createLane(options: LaneOptions): Lane;
}

interface LaneState {
  readonly options: LaneOptions;
  readonly waiting: Readonly<Record<Pass, Set<PhotoId>>>;
  /** With the way to stop each. */
  readonly running: Readonly<Record<Pass, Map<PhotoId, () => void>>>;
  visible: readonly PhotoId[];
  near: readonly PhotoId[];
  idleListeners: (() => void)[];
  closed: boolean;
}

/** @param size tasks in flight at once, all lanes together. */
export function createScheduler(size: number): Scheduler {
  /** The lane looked at last comes first. */
  let lanes: LaneState[] = [];
  let inFlight = 0;

  const next = (): { lane: LaneState; pass: Pass; photo: PhotoId } | null => {
    for (const pass of passes)
      for (const lane of lanes) {
        const photo = mostUrgent(lane, pass);
        if (photo !== null) return { lane, pass, photo };
      }
    return null;
  };

  const pump = (): void => {
    while (inFlight < size) {
      const found = next();
      if (!found) return;
      start(found.lane, found.pass, found.photo);
    }
  };

  const start = (lane: LaneState, pass: Pass, photo: PhotoId): void => {
    const { signal, cancel } = createCancel();
    lane.waiting[pass].delete(photo);
    lane.running[pass].set(photo, cancel);
    inFlight += 1;
    void lane.options.run(photo, pass, signal).then(() => {
      inFlight -= 1;
      lane.running[pass].delete(photo);
      settle(lane, pass);
      pump();
    });
  };

  const settle = (lane: LaneState, pass: Pass): void => {
    if (leftOf(lane, pass) > 0) return;
    if (!lane.closed) lane.options.onIdle?.(pass);
    if (passes.every((one) => leftOf(lane, one) === 0)) for (const listener of lane.idleListeners.splice(0)) listener();
  };

  return {
    createLane(options) {
      const lane: LaneState = {
        options,
        waiting: { look: new Set(), study: new Set(), identify: new Set(), embed: new Set() },
        running: { look: new Map(), study: new Map(), identify: new Map(), embed: new Map() },
        visible: [],
        near: [],
        idleListeners: [],
        closed: false,
      };
      lanes.push(lane);
      const clear = (pass: Pass): void => {
        const had = leftOf(lane, pass) > 0;
        lane.waiting[pass].clear();
        for (const cancel of lane.running[pass].values()) cancel();
        if (had && lane.running[pass].size === 0) settle(lane, pass);
      };
      return {
        add(pass, photos) {
          if (lane.closed) return;
          for (const photo of photos) if (!lane.running[pass].has(photo)) lane.waiting[pass].add(photo);
          pump();
        },
        look(visible, near) {
          lane.visible = visible;
          lane.near = near;
          lanes = [lane, ...lanes.filter((other) => other !== lane)];
        },
        clear,
        left: (pass) => leftOf(lane, pass),
        whenIdle: () =>
          passes.every((pass) => leftOf(lane, pass) === 0) ? Promise.resolve() : new Promise((resolve) => lane.idleListeners.push(resolve)),
        close() {
          lane.closed = true;
          for (const pass of passes) clear(pass);
          lanes = lanes.filter((other) => other !== lane);
        },
      };
    },
  };
}

function leftOf(lane: LaneState, pass: Pass): number {
  return lane.waiting[pass].size + lane.running[pass].size;
}

/** A photo on which another pass is running waits for that: what it builds on is not there yet. */
function mostUrgent(lane: LaneState, pass: Pass): PhotoId | null {
  const waiting = lane.waiting[pass];
  if (waiting.size === 0) return null;
  const isReady = (photo: PhotoId): boolean => waiting.has(photo) && !passes.some((other) => lane.running[other].has(photo));
  for (const photo of lane.visible) if (isReady(photo)) return photo;
  for (const photo of lane.near) if (isReady(photo)) return photo;
  for (const photo of waiting) if (isReady(photo)) return photo;
  return null;
}
