/** Which Electron goes into a package. */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fetchElectron, findElectron, readElectronFolder } from './electron-runtime.ts';
import type { ElectronRuntime } from './electron-runtime.ts';
import { projectFolder } from './sources.ts';

export interface PackRequest {
  /** What the person named, or null. */
  readonly folder: string | null;
  readonly platform: string;
  /** Is the target this machine's own system and architecture? */
  readonly isHost: boolean;
  /** Installers go to people: the stand-in for tests is never used for them. */
  readonly forRelease: boolean;
  readonly log: (text: string) => void;
}

/** `runtime` null: electron-builder downloads the one for the target itself. */
export type PackedElectron = { readonly ok: true; readonly runtime: ElectronRuntime | null } | { readonly ok: false; readonly error: string };

/** The Electron that the tests drive (`npm run setup:electron`), where it has been made. */
export function findTestElectron(parent = join(projectFolder, '.cache', 'electron-test')): ElectronRuntime | null {
  let names: string[];
  try {
    names = readdirSync(parent).filter((name) => name.startsWith('electron-'));
  } catch {
    return null;
  }
  return names.map((name) => readElectronFolder(join(parent, name))).find((runtime) => runtime !== null) ?? null;
}

/**
 * In this order: the folder that was named; the Electron that is installed; a downloaded one; and, where nothing can be
 * downloaded and no installer is wanted, the tests' own, which is said aloud because it is too old to be given to people.
 */
export async function chooseElectron(request: PackRequest): Promise<PackedElectron> {
  const { folder, platform, isHost, forRelease, log } = request;
  if (folder !== null) {
    const named = readElectronFolder(resolve(folder), platform);
    return named ? { ok: true, runtime: named } : { ok: false, error: `There is no unpacked Electron for ${platform} in ${resolve(folder)}.` };
  }
  if (!isHost) return { ok: true, runtime: null };
  const real = findElectron() ?? (await fetchElectron(log));
  if (real) return { ok: true, runtime: real };
  const stand = forRelease ? null : findTestElectron();
  if (!stand) return { ok: false, error: 'There is no Electron to pack: connect to the network, or name an unpacked one with --electron-dist.' };
  log(`Packing the Electron of the tests (${stand.version}) instead: good for trying the package out, not for giving it to anybody.`);
  return { ok: true, runtime: stand };
}
