/** Copies within a shoot: frames with the content of an earlier one, kept up to date as frames come and go. */
import { compareFrames, diffFrames } from './frames.ts';
import type { Frame } from './frames.ts';

export interface CopyFinder {
  /** Copies by the frame that they equal, which is the first of them in time and path. Takes frames in order. */
  find(frames: readonly Frame[]): ReadonlyMap<Frame, readonly Frame[]>;
}

/** A finder that remembers nothing yet. */
export function createCopyFinder(): CopyFinder {
  /** By content: one frame, or all in order where there are more. */
  const byContent = new Map<string, Frame | readonly Frame[]>();
  const copies = new Map<Frame, readonly Frame[]>();
  let last: readonly Frame[] = [];
  return {
    find(frames) {
      const { gone, fresh } = diffFrames(last, frames);
      last = frames;
      /** Contents of which there was or is more than one frame. */
      const changed = new Map<string, Set<Frame>>();
      const open = (content: string, known: Frame | readonly Frame[]): Set<Frame> => {
        const all = changed.get(content) ?? new Set('id' in known ? [known] : known);
        if (!changed.has(content) && !('id' in known)) copies.delete(known[0]!);
        changed.set(content, all);
        return all;
      };
      for (const frame of gone) {
        if (frame.content === null) continue;
        const known = byContent.get(frame.content)!;
        if (known === frame) byContent.delete(frame.content);
        else open(frame.content, known).delete(frame);
      }
      for (const frame of fresh) {
        if (frame.content === null) continue;
        const known = byContent.get(frame.content);
        if (known === undefined) byContent.set(frame.content, frame);
        else open(frame.content, known).add(frame);
      }
      for (const [content, all] of changed) {
        const inOrder = [...all].sort(compareFrames);
        if (inOrder.length === 0) byContent.delete(content);
        else byContent.set(content, inOrder.length === 1 ? inOrder[0]! : inOrder);
        if (inOrder.length > 1) copies.set(inOrder[0]!, inOrder.slice(1));
      }
      return copies;
    },
  };
}
