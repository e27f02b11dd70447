/** Collects what changed and tells pages about ten times a second: a page cannot show more, and every event is a message. */
import { createEmitter } from '../../base/index.ts';
import type { Emitter } from '../../base/index.ts';
import type { PhotoColumns } from '../../contract/index.ts';
import type { PhotoId } from '../../domain/index.ts';
import type { Clock } from '../../ports/index.ts';
import { columnsOf } from './columns.ts';
import type { OpenShoot } from './shoot.ts';

export interface ShootChange {
  readonly shoot: number;
  readonly rev: number;
  readonly order: boolean;
  readonly photos: PhotoColumns;
}

const eventPause = 100;
/** Above this many rows the page does better to list again, page by page. */
const mostRows = 5_000;

export interface Changes {
  note(shoot: OpenShoot, ids: ReadonlySet<PhotoId>, order: boolean): void;
  readonly changed: Emitter<ShootChange>;
}

export function createChanges(clock: Clock): Changes {
  const changed = createEmitter<ShootChange>();
  const waiting = new Map<OpenShoot, { ids: Set<PhotoId>; order: boolean }>();
  const flush = (): void => {
    for (const [shoot, { ids, order }] of waiting) {
      const many = ids.size > mostRows;
      const entries = many ? [] : [...ids].map((id) => shoot.entries.get(id)).filter((entry) => entry !== undefined);
      changed.emit({ shoot: shoot.row.id, rev: shoot.rev, order: order || many, photos: columnsOf(entries, shoot) });
    }
    waiting.clear();
  };
  return {
    changed,
    note(shoot, ids, order) {
      if (waiting.size === 0) clock.after(eventPause, flush);
      const pending = waiting.get(shoot);
      if (!pending) {
        waiting.set(shoot, { ids: new Set(ids), order });
        return;
      }
      for (const id of ids) pending.ids.add(id);
      pending.order ||= order;
    },
  };
}
