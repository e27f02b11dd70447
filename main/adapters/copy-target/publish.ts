/** Gives a finished copy its final name without ever replacing what has that name. */
import { writeFileSync } from 'node:fs';
import { link, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import { codeOf, explainWriting } from './failures.ts';
import { reservationText } from './temporary.ts';

/** How file systems without hard links (FAT, exFAT, some network disks) answer; Windows says EISDIR or UNKNOWN for some. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'EXDEV', 'EISDIR', 'UNKNOWN', 'EACCES']);

export type Publish = (temporary: string, to: string) => Promise<Result<void>>;

/**
 * Both files are in one folder. A hard link fails where the name is taken, in one step that cannot be interrupted; the
 * temporary name goes afterwards. Where there are no links, see {@link publishByReservation}.
 * Errors: plan-expired (the name was taken meanwhile), and those of writing.
 */
export const publish: Publish = async (temporary, to) => {
  try {
    await link(temporary, to);
  } catch (error) {
    if (noLinks.has(codeOf(error))) return publishByReservation(temporary, to);
    return refuse(error);
  }
  await unlink(temporary).catch(() => undefined);
  return ok(undefined);
};

/**
 * Takes the name by creating it (which fails where it is taken), then moves the copy over this reservation of ours. Killed
 * between the two, one short text stays under the final name, which `removeLeftovers` knows; a copy is never there in part.
 */
export const publishByReservation: Publish = async (temporary, to) => {
  try {
    // In one go, so that an empty file, which nobody could tell from a person's own, exists as shortly as can be.
    writeFileSync(to, reservationText(temporary), { flag: 'wx' });
  } catch (error) {
    return refuse(error);
  }
  try {
    await rename(temporary, to);
    return ok(undefined);
  } catch (error) {
    await unlink(to).catch(() => undefined);
    return { ok: false, error: explainWriting(error) };
  }
};

/** Makes a name survive a power cut. Windows cannot and some network disks will not do this; there it is their own business. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(dirname(path), 'r');
    await folder.sync().finally(() => folder.close());
  } catch (error) {
    codeOf(error);
  }
}

function refuse(error: unknown): Result<void> {
  if (codeOf(error) === 'EEXIST') return fail('plan-expired', 'A file of that name has come to be there meanwhile.', { retry: true });
  return { ok: false, error: explainWriting(error) };
}
