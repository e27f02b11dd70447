/** Small tables of Parjanya's own in a JSON file: values by name. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A damaged or missing table is an empty one. */
export async function readJsonTable(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const table: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof table === 'object' && table !== null && !Array.isArray(table) ? (table as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/**
 * Puts one value into a table, in one step: another process sees the old table or the new one. Of two that write at once, one value may be lost.
 * @throws what the disk says.
 */
export async function addToJsonTable(file: string, key: string, value: unknown): Promise<void> {
  await writeJsonTable(file, { ...(await readJsonTable(file)), [key]: value });
}

/**
 * Puts a whole table in the place of what is there, in one step. The folder is made where it is not there.
 * @throws what the disk says.
 */
export async function writeJsonTable(file: string, table: Readonly<Record<string, unknown>>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, `${JSON.stringify(table, null, 2)}\n`, { flag: 'wx', flush: true });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
