/** PromptStore over a JSON file of Parjanya's own: by key 32-bit floats in base64, with their SHA-256, because a changed digit would be believed. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { coded, fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import type { PromptStore } from '../../ports/index.ts';
import { explainDiskError } from '../models/download.ts';
import { writeJsonTable } from '../files/json-table.ts';

/** @param file made, with its folder, at the first writing. */
export function createPromptStore(file: string): PromptStore {
  const damaged = fail('model-wrong', `The file of prompt embeddings ${file} is damaged. To make it anew: parjanya models prompts.`);
  return {
    async read() {
      let text: string;
      try {
        text = await readFile(file, 'utf8');
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'ENOENT' ? ok(new Map()) : { ok: false, error: coded('model-wrong', `The file of prompt embeddings ${file} cannot be read.`) };
      }
      const found = new Map<string, Float32Array>();
      for (const [key, value] of entriesOf(text) ?? [['', null]]) {
        const vector = parseVector(value);
        if (!vector) return damaged;
        found.set(key, vector);
      }
      return ok(found);
    },
    async write(embeddings): Promise<Result<void>> {
      try {
        await writeJsonTable(file, Object.fromEntries([...embeddings].map(([key, vector]) => [key, describeVector(vector)])));
        return ok(undefined);
      } catch (error) {
        return { ok: false, error: explainDiskError(error, file) };
      }
    },
  };
}

function entriesOf(text: string): [string, unknown][] | null {
  try {
    const table: unknown = JSON.parse(text);
    return typeof table === 'object' && table !== null && !Array.isArray(table) ? Object.entries(table) : null;
  } catch {
    return null;
  }
}

function describeVector(vector: Float32Array): { vector: string; sha256: string } {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, at) => bytes.writeFloatLE(value, at * 4));
  return { vector: bytes.toString('base64'), sha256: hashOf(bytes) };
}

/** Null for what was not written here. */
function parseVector(value: unknown): Float32Array | null {
  const { vector, sha256 } = (value ?? {}) as { readonly vector?: unknown; readonly sha256?: unknown };
  if (typeof vector !== 'string' || typeof sha256 !== 'string') return null;
  const bytes = Buffer.from(vector, 'base64');
  if (bytes.length === 0 || bytes.length % 4 !== 0 || hashOf(bytes) !== sha256) return null;
  return Float32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4));
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
