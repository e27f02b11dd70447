/** The decode child as the product runs it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect } from 'vitest';
import { createDecodePool } from '../../main/adapters/decode-pool/index.ts';
import type { CodedError } from '../../main/base/index.ts';
import { modelsOfStage, stageIds } from '../../main/domain/index.ts';
import type { StageId, StageOutputs } from '../../main/domain/index.ts';
import { askedStages } from '../../main/pipeline/index.ts';
import type { DecodePool } from '../../main/ports/index.ts';

export interface DecodeBench {
  readonly pool: DecodePool;
  /** Empty at first, and removed at the end. */
  readonly folder: string;
  /** Writes a file into the folder; its path. */
  put(name: string, bytes: Uint8Array): string;
}

/**
 * Children that run main/workers/decode.ts, and a folder, for all tests of a file; at the end, no child may have died and no throw
 * been met. The time limit is wide, because the tests' machine may be busy.
 */
export function useDecodeBench(): DecodeBench {
  const told: string[] = [];
  const log = { info: (text: string) => void told.push(text), warn: (text: string) => void told.push(text), bug: (where: string) => void told.push(`bug in ${where}`) };
  const script = fileURLToPath(new URL('../../main/workers/decode.ts', import.meta.url));
  const pool = createDecodePool({ script, size: 2, timeLimitMs: 60_000, log });
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'parjanya-decode-'));
  });
  afterAll(async () => {
    await pool.close();
    rmSync(folder, { recursive: true, force: true });
    expect(told.filter((line) => /ended|bug/.test(line)), 'no child died and no throw was met').toEqual([]);
  });
  return {
    pool,
    get folder() {
      return folder;
    },
    put(name, bytes) {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return path;
    },
  };
}

/** Everything that the stages say of one file. */
export interface Looked {
  readonly error: CodedError | null;
  readonly outputs: Partial<StageOutputs>;
  readonly errors: Partial<Record<StageId, CodedError>>;
  readonly thumbnail: Uint8Array | null;
}

/** Every stage that needs no model and need not be asked for by itself. */
const usualStages = stageIds.filter((stage) => modelsOfStage[stage] === undefined && !askedStages.includes(stage));

export async function lookAt(pool: DecodePool, path: string, stages: readonly StageId[] = usualStages): Promise<Looked> {
  const result = await pool.analyse({ path, stages, known: {}, thumbnail: true }, {});
  if (!result.ok) return { error: result.error, outputs: {}, errors: {}, thumbnail: null };
  const { results, thumbnail, error } = result.value;
  return {
    error,
    thumbnail,
    outputs: Object.fromEntries(results.filter(({ output }) => output !== null).map(({ stage, output }) => [stage, output])),
    errors: Object.fromEntries(results.flatMap(({ stage, error: failure }) => (failure ? [[stage, failure]] : []))),
  };
}
