/** What is still to be sent to a place: in batches, each content once, and never again what is stored. */
import type { FailureKind } from './failures.ts';

export interface WorkItem {
  /** SHA-256 of the picture's content. */
  readonly contentSha256: string;
  /** As it travels. */
  readonly bytes: number;
}

export interface WorkBatch {
  readonly items: readonly WorkItem[];
}

export interface WorkListOptions {
  readonly modelSha256: string;
  /** True for an idempotency key whose answer is stored already: it was paid for. */
  readonly isStored: (key: string) => boolean;
  /** Items a batch, at most. */
  readonly together: number;
  /** Bytes a batch, at most; null: no limit. */
  readonly mostBytes: number | null;
}

export interface WorkList {
  /** The next batch; null where all are stored, given up, or out. Items that are out are handed to nobody else. */
  next(): WorkBatch | null;
  /** One item's answer is stored. */
  keep(item: WorkItem): void;
  /** One item failed: it waits again where that is passing, and is given up otherwise. */
  refuse(item: WorkItem, kind: FailureKind): void;
  /** A batch ended without telling of all its items: those wait again. `halve`: it was too much at once, so the next ones are half as large. */
  giveBack(batch: WorkBatch, options?: { readonly halve?: boolean }): void;
  /** Items that wait or are out. */
  readonly left: number;
  readonly givenUp: readonly WorkItem[];
}

/** One answer is paid for once: the same content asked of the same model. */
export function idempotencyKey(contentSha256: string, modelSha256: string): string {
  return `${contentSha256}:${modelSha256}`;
}

/** @param items of one content several times: one is sent. What alone is larger than a batch may be is given up. */
export function createWorkList(items: readonly WorkItem[], { modelSha256, isStored, together, mostBytes }: WorkListOptions): WorkList {
  const limit = mostBytes ?? Infinity;
  const waiting = new Map<string, WorkItem>();
  const out = new Map<string, WorkItem>();
  const givenUp: WorkItem[] = [];
  let most = Math.max(1, together);
  const keyOf = (item: WorkItem): string => idempotencyKey(item.contentSha256, modelSha256);
  for (const item of items) {
    const key = keyOf(item);
    if (waiting.has(key) || isStored(key)) continue;
    if (item.bytes > limit) {
      if (!givenUp.some((one) => keyOf(one) === key)) givenUp.push(item);
    } else waiting.set(key, item);
  }

  return {
    next() {
      const batch: WorkItem[] = [];
      let bytes = 0;
      for (const [key, item] of waiting) {
        // somebody else may have stored it meanwhile
        if (isStored(key)) waiting.delete(key);
        else {
          if (batch.length >= most || bytes + item.bytes > limit) break;
          batch.push(item);
          bytes += item.bytes;
        }
      }
      for (const item of batch) {
        waiting.delete(keyOf(item));
        out.set(keyOf(item), item);
      }
      return batch.length > 0 ? { items: batch } : null;
    },
    keep(item) {
      out.delete(keyOf(item));
      waiting.delete(keyOf(item));
    },
    refuse(item, kind) {
      if (!out.delete(keyOf(item))) return;
      if (kind === 'passing') waiting.set(keyOf(item), item);
      else givenUp.push(item);
    },
    giveBack(batch, { halve = false } = {}) {
      if (halve) most = Math.max(1, Math.min(most, Math.ceil(batch.items.length / 2)));
      for (const item of batch.items) if (out.delete(keyOf(item)) && !isStored(keyOf(item))) waiting.set(keyOf(item), item);
    },
    get left() {
      return waiting.size + out.size;
    },
    get givenUp() {
      return givenUp;
    },
  };
}
