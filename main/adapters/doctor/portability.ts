/** Which compiled packages there are for which desktop, found in the lockfile and in the installed packages. */
import { readFile, readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { PackagePortability, PortabilityAnswer } from '../../ports/index.ts';

const desktopPlatforms = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-arm64', 'win32-x64'] as const;

interface LockEntry {
  readonly version?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * Packages with compiled code among those that the app itself needs (not those of development). Null where `root` has no lockfile (an
 * installed app has none).
 */
export async function readPortability(root: string): Promise<readonly PackagePortability[] | null> {
  const text = await readFile(join(root, 'package-lock.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const { packages = {} } = JSON.parse(text) as { packages?: Record<string, LockEntry> };
  const found: PackagePortability[] = [];
  for (const path of productPackages(packages)) {
    const entry = packages[path]!;
    // one made for one processor is counted where it is asked for
    if (entry.cpu) continue;
    const judge = judgeByParts(path, entry, packages) ?? judgeByFiles(await listBinaries(join(root, path)));
    if (judge) found.push({ package: path.slice(path.lastIndexOf('node_modules/') + 13), version: entry.version ?? '', platforms: Object.fromEntries(desktopPlatforms.map((one) => [one, judge(one)])) });
  }
  return found.toSorted((a, b) => (a.package < b.package ? -1 : 1));
}

type Judge = (platform: string) => PortabilityAnswer;

/** Everything that the root's dependencies lead to. */
function productPackages(packages: Readonly<Record<string, LockEntry>>): Set<string> {
  const seen = new Set<string>();
  const visit = (from: string): void => {
    const { dependencies = {}, optionalDependencies = {} } = packages[from] ?? {};
    for (const name of [...Object.keys(dependencies), ...Object.keys(optionalDependencies)]) {
      const path = resolveIn(packages, from, name);
      if (path === null || seen.has(path)) continue;
      seen.add(path);
      visit(path);
    }
  };
  visit('');
  return seen;
}

/** As Node finds a package: in the nearest node_modules upwards. */
function resolveIn(packages: Readonly<Record<string, LockEntry>>, from: string, name: string): string | null {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    const path = base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`;
    if (packages[path]) return path;
    if (base === '') return null;
  }
}

/** A package for each platform, as optional dependencies. */
function judgeByParts(path: string, entry: LockEntry, packages: Readonly<Record<string, LockEntry>>): Judge | null {
  const parts = Object.keys(entry.optionalDependencies ?? {}).flatMap((name) => {
    const part = packages[resolveIn(packages, path, name) ?? ''];
    return part?.os && part.cpu && !(part.libc?.includes('musl') ?? false) ? [{ name, part }] : [];
  });
  if (parts.length === 0) return null;
  return (platform) => {
    const [os = '', cpu = ''] = platform.split('-');
    const one = parts.find(({ part }) => part.os!.includes(os) && part.cpu!.includes(cpu));
    return one ? { answer: 'yes', why: `the package ${one.name} ${one.part.version ?? ''}`.trim() } : { answer: 'no', why: 'no package for it in the lockfile' };
  };
}

/** Binaries inside the package: `.../platform/arch/x.node` or `.../platform-arch/x.node`; WebAssembly serves all. */
function judgeByFiles(files: readonly string[]): Judge | null {
  const natives = files.filter((file) => file.endsWith('.node'));
  const wasm = files.find((file) => file.endsWith('.wasm'));
  if (natives.length === 0 && !wasm) return null;
  return (platform) => {
    const native = natives.find((file) => file.includes(`/${platform.replace('-', '/')}/`) || file.includes(`/${platform}/`));
    if (native) return { answer: 'yes', why: `has ${native.slice(1)}` };
    return wasm ? { answer: 'WASM', why: `has ${wasm.slice(1)}, the same for all` } : { answer: 'no', why: 'no binary for it in the installed package' };
  };
}

/** Paths inside a package, beginning with `/`, `/` between; empty where it is not installed. */
async function listBinaries(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  return entries.map((name) => `/${name.split(sep).join('/')}`).filter((name) => !name.includes('/node_modules/') && /\.(node|wasm)$/.test(name)).toSorted();
}
