/** `parjanya preview`: writes what is to be seen in one file as a JPEG. No catalog is touched. */
import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fail, ok } from '../../../main/base/index.ts';
import type { Result } from '../../../main/base/index.ts';
import type { CommandOf } from '../arguments.ts';
import { failWith, succeeded } from '../outcome.ts';
import { passingEngineFiles, withEngine } from '../session.ts';
import { toJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

export async function runPreview(command: CommandOf<'preview'>, terminal: Terminal): Promise<number> {
  const file = resolve(terminal.folder, command.file);
  const out = resolve(terminal.folder, command.out);
  const target = await checkTarget(file, out);
  if (!target.ok) return failWith(target.error, command.json, terminal);
  const made = await withEngine(passingEngineFiles(), terminal, (engine) => engine.previewFile(file, command.size, command.source, terminal.signal));
  if (!made.ok) return failWith(made.error, command.json, terminal);
  const { jpeg, width, height, source, refusal } = made.value;
  const written = await replaceFile(out, jpeg);
  if (!written.ok) return failWith(written.error, command.json, terminal);
  if (refusal) terminal.tell(`all pixels could not be had: ${refusal.message}`);
  await terminal.print(command.json ? toJson({ out, width, height, source, bytes: jpeg.byteLength }) : `${out}: ${width} x ${height}, ${sourceWords[source]}\n`);
  return succeeded;
}

const sourceWords = { embedded: 'the preview embedded in the file', rendered: 'rendered by Parjanya', self: 'the picture itself' } as const;

/**
 * Is `out` a name that may be written? Errors: file-vanished (the photo is not there), destination-missing,
 * destination-unwritable (a folder, or the photo itself by this or another name).
 */
async function checkTarget(file: string, out: string): Promise<Result<void>> {
  const source = await stat(file).catch(() => null);
  if (!source) return fail('file-vanished', `The file ${file} is not there.`);
  const folder = await stat(dirname(out)).catch(() => null);
  if (!folder?.isDirectory()) return fail('destination-missing', `The folder ${dirname(out)} does not exist.`);
  const old = await stat(out).catch(() => null);
  if (!old) return ok(undefined);
  if (old.isDirectory()) return fail('destination-unwritable', `${out} is a folder.`);
  // links of both kinds count: the original is never written to
  const isSame = (await realpath(out)) === (await realpath(file)) || (old.ino !== 0 && old.ino === source.ino && old.dev === source.dev);
  return isSame ? fail('destination-unwritable', `${out} is the photo itself; choose another name.`) : ok(undefined);
}

/** Writes under a temporary name in the same folder and renames: nothing half-written ever has the final name. */
async function replaceFile(out: string, bytes: Uint8Array): Promise<Result<void>> {
  const temporary = join(dirname(out), `.${basename(out)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, out);
    return ok(undefined);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') return fail('disk-full', 'The disk is full.');
    return fail('destination-unwritable', `${out} cannot be written: ${message}`);
  }
}
