/** What export needs from the rest of the engine; it knows neither the engine nor the other features. */
import type { CancelSignal, CodedError, Result } from '../../base/index.ts';
import type { Catalog } from '../../catalog/types.ts';
import type { Where } from '../../contract/index.ts';
import type { PhotoId, ShootId, StageOutputs } from '../../domain/index.ts';
import type { CopyTarget, DecodePool, ShootFolder } from '../../ports/index.ts';

/** One original file to be exported. */
export interface DeliverFile {
  readonly id: PhotoId;
  /** Relative to the shoot's folder, `/` between. */
  readonly path: string;
  readonly bytes: number;
  /** 64 hex digits; null until the whole file has been read. */
  readonly sha256: string | null;
  /** Readable stage answers; spares the decode child from finding the preview again. */
  readonly known: Partial<StageOutputs>;
}

/** A chosen photo: for a RAW+JPEG pair the RAW, its JPEG being `pair`; otherwise the file itself and null. */
export interface DeliverPhoto extends DeliverFile {
  readonly pair: DeliverFile | null;
}

export interface Chosen {
  /** Real path of the shoot's folder. */
  readonly folder: string;
  /** In the order in which they are to be exported; a pair is one photo. */
  readonly photos: readonly DeliverPhoto[];
}

/** A job as its worker sees it; implemented by main/features/jobs. */
export interface JobHandle {
  /** Aborted when the person cancels the job. */
  readonly signal: CancelSignal;
  progress(done: number, note?: string): void;
  /** One more item has failed. */
  itemFailed(): void;
  /** Ends the job, once; later calls of the handle do nothing. */
  end(state: 'done' | 'cancelled' | 'failed', error?: CodedError): void;
}

export interface JobStarter {
  start(kind: 'export', title: string, total: number): JobHandle;
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
  readonly jobs: JobStarter;
}
