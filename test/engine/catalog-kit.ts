/** Catalogs in temporary folders, and answers to be stored in them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqlite } from '../../main/adapters/sqlite/index.ts';
import { coded } from '../../main/base/index.ts';
import type { ErrorCode } from '../../main/base/index.ts';
import { openCatalog } from '../../main/catalog/index.ts';
import type { Catalog } from '../../main/catalog/index.ts';
import type { StageId, StageOutputs, StageResult } from '../../main/domain/index.ts';
import { graph } from '../../main/pipeline/graph.ts';
import type { FoundFile } from '../../main/ports/index.ts';

export function makeTempFolder(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'parjanya-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Opens the catalog of a file; a failure fails the test. */
export function openCatalogFile(file: string, specs: typeof graph = graph): Catalog {
  const db = openSqlite(file);
  if (!db.ok) throw new Error(`${db.error.code}: ${db.error.message}`);
  const catalog = openCatalog(db.value, specs);
  if (!catalog.ok) throw new Error(`${catalog.error.code}: ${catalog.error.message}`);
  return catalog.value;
}

export function answer<S extends StageId>(stage: S, output: StageOutputs[S], version = graph[stage].version): StageResult {
  return { stage, version, place: 'local', placeReason: 'The file is on this computer.', ms: 1.5, output, error: null } as StageResult;
}

export function failure(stage: StageId, code: ErrorCode, retry = false): StageResult {
  return { stage, version: graph[stage].version, place: 'local', placeReason: 'The file is on this computer.', ms: 2, output: null, error: coded(code, `It failed: ${code}.`, { retry }) };
}

export function identity(sha256: string, bytes: number, imageSha256: string | null = null): StageResult {
  return answer('identify', { format: 'jpeg', sha256, imageSha256, bytes });
}

export function file(path: string, bytes = 1000, mtimeMs = 1_700_000_000_000.5): FoundFile {
  return { path, bytes, mtimeMs };
}

export const shaA = 'a'.repeat(64);
export const shaB = 'b'.repeat(64);
