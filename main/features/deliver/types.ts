/** What export needs from the rest of the engine. */
import type { Result } from '../../base/index.ts';
import type { Catalog } from '../../catalog/types.ts';
import type { Where } from '../../contract/index.ts';
import type { ShootId } from '../../domain/index.ts';
import type { CopyTarget, DecodePool, ShootFolder } from '../../ports/index.ts';
import type { Jobs } from '../jobs/index.ts';
import type { ChosenPhoto } from '../library/index.ts';

export interface Chosen {
  /** Real path of the shoot's folder. */
  readonly folder: string;
  /** In the order in which they are to be exported; a pair is one photo. */
  readonly photos: readonly ChosenPhoto[];
}

export interface DeliverDeps {
  readonly catalog: Pick<Catalog, 'exportsTo' | 'recordExport'>;
  readonly files: Pick<ShootFolder, 'resolve' | 'companions'>;
  readonly target: CopyTarget;
  readonly pool: Pick<DecodePool, 'deliver' | 'size'>;
  readonly clock: { now(): number };
  /** Path of the destination behind a grant (it need not exist yet). Errors: not-found. */
  folderOf(grant: string): Result<string>;
  /**
   * The photos of a shoot that `where` chooses, by the person's marks and the suggestions as they are now (contract Where).
   * Called when planning and again when running: a plan whose photos are no longer the chosen ones has expired.
   * Errors: not-found.
   */
  chosen(shoot: ShootId, where: Where): Result<Chosen>;
  readonly jobs: Pick<Jobs, 'start'>;
}
