/** Runs a script on a file system of 4 MB of its own, so that a disk can be filled without harm to the computer. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestContext } from 'vitest';
import { findProgram, need } from '../config/needs.ts';

/**
 * @param code an ES module; its first argument is the small disk's folder, the others are `parameters`.
 * @returns what it printed. Skips the running test where such a disk cannot be made.
 */
export async function runOnSmallDisk(context: TestContext, folder: string, code: string, parameters: readonly string[]): Promise<string> {
  const unshare = process.platform === 'linux' ? findProgram('unshare') : null;
  const [script, target] = [join(folder, 'small-disk.mjs'), join(folder, 'small-disk')];
  writeFileSync(script, code);
  mkdirSync(target, { recursive: true });
  // In a namespace of its own: nothing of the computer changes.
  const inside = 'mount -t tmpfs -o size=4m none "$1" && node="$0" target="$1" code="$(cat "$2")" && shift 2 && exec "$node" --input-type=module -e "$code" "$target" "$@"';
  const run = await promisify(execFile)(unshare ?? '', ['-rm', 'sh', '-c', inside, process.execPath, target, script, ...parameters]).catch((error: unknown) => error as { stdout: string; stderr: string });
  need(context, 'small disk', unshare !== null && !/(unshare|mount):/.test(run.stderr), 'a small file system cannot be made here (Linux with unshare -rm)');
  return run.stdout || run.stderr;
}
