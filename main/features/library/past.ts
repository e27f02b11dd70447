/** A shoot as it was left: read from the catalog for whoever learns from it, told to no page, and kept by nobody. */
import type { Catalog, ShootRow } from '../../catalog/types.ts';
import type { Clock } from '../../ports/index.ts';
import { createOpenShoot } from './shoot.ts';
import type { OpenShoot } from './shoot.ts';

/** Read at once; the engine answers pages between them. */
const pagePhotos = 1_000;

/** Null where the person has decided nothing in it. */
export async function readDecidedShoot(row: ShootRow, { catalog, clock }: { readonly catalog: Catalog; readonly clock: Clock }): Promise<OpenShoot | null> {
  const rows = catalog.photos(row.id);
  if (!rows.some(({ marks }) => marks.flag !== 'none' || marks.rating > 0)) return null;
  const shoot = createOpenShoot(row, clock.now(), { grouping: catalog.grouping(row.id), verdict: catalog.verdictChoice(row.id) });
  shoot.load(rows);
  let after = 0;
  for (;;) {
    const stored = catalog.results(row.id, after, pagePhotos);
    if (stored.size === 0) break;
    for (const [id, results] of stored) {
      shoot.update(id, results);
      after = id;
    }
    await new Promise<void>((resolve) => void clock.after(0, resolve));
  }
  shoot.assess();
  return shoot;
}
