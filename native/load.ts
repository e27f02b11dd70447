/**
 * The way to compiled code: loads a native module and, where that fails, says which package this computer lacks and what to
 * do, as a coded error. A module that is wrong for the machine may also kill its process; that is why only worker children
 * load any.
 */
import { fail, ok } from '../main/base/index.ts';
import type { Result } from '../main/base/index.ts';

export interface NativeModule<T> {
  /** The npm package a person would install, e.g. `sharp`. */
  readonly name: string;
  /** What it does, in words: `the picture decoder`. */
  readonly purpose: string;
  /** The packages that carry its binaries on a platform, e.g. `@img/sharp-linux-x64`. */
  readonly platformPackages: (platform: string) => readonly string[];
  /** Does the import; lives with the adapter, so that the package is named in one folder only. */
  readonly load: () => Promise<T>;
}

/** `linux-x64`, `linuxmusl-arm64`, `darwin-arm64`, `win32-x64`: as packages of prebuilt binaries are named. */
export function platformName(platform: string = process.platform, arch: string = process.arch, isMusl: boolean = detectMusl()): string {
  return `${platform === 'linux' && isMusl ? 'linuxmusl' : platform}-${arch}`;
}

/** Loads a native module. Errors: native-missing, with the missing package, the platform and the remedy in the message. */
export async function loadNative<T>(module: NativeModule<T>, platform: string = platformName()): Promise<Result<T>> {
  try {
    return ok(await module.load());
  } catch (error) {
    return fail('native-missing', explainLoadFailure(module, platform, error));
  }
}

/** One sentence on what is wrong and one on what helps. */
export function explainLoadFailure(module: Pick<NativeModule<unknown>, 'name' | 'purpose' | 'platformPackages'>, platform: string, error: unknown): string {
  const packages = module.platformPackages(platform);
  const reason = firstLine(error instanceof Error ? error.message : String(error));
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const { what, remedy } =
    code === 'ERR_MODULE_NOT_FOUND' && reason.includes(`'${module.name}'`)
      ? { what: `the package ${module.name} is not installed`, remedy: 'Run npm ci in the folder of Parjanya.' }
      : packages.length === 0
        ? { what: `${module.name} has no build for ${platform}`, remedy: 'Use Parjanya on one of the computers named in its README.' }
        : {
            what: `${packages.join(' or ')} is missing or does not fit this computer (${platform})`,
            remedy: `Install the Parjanya made for ${platform}, or run npm ci again on this computer without --omit=optional.`,
          };
  return `${capital(module.purpose)} could not be started: ${what}. ${remedy} (${reason})`;
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').slice(0, 200);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** On Linux, whether the C library is musl (Alpine): Node's own report names glibc where it is glibc. */
function detectMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime === undefined;
}
