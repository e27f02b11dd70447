/**
 * electron-builder's afterPack hook: looks at what was really packed and stops the build where a native part is for another
 * system or processor, or is missing. A wrong native does not throw at run time, it ends the process.
 */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { listPackage } from '@electron/asar';
import type { AfterPackContext } from 'electron-builder';
import { Arch } from 'electron-builder';
import { binaryKindOf } from './binary-kind.ts';
import type { BinaryKind } from './binary-kind.ts';

export interface PackedTarget {
  readonly platform: 'darwin' | 'linux' | 'win32';
  /** As Node names it. */
  readonly arch: string;
  /** The folder that holds app.asar. */
  readonly resources: string;
}

export interface PackedFacts {
  /** Compiled files below `resources`, paths relative to it. */
  readonly binaries: readonly { readonly path: string; readonly kind: BinaryKind }[];
  /** Entries of app.asar with `/` between and in front. */
  readonly archive: readonly string[];
  /** All files below `resources` outside the archive. */
  readonly files: readonly string[];
}

/** onnxruntime-node has no build for Intel Macs; there the stages that need it say that they are not available. */
function hasOnnxRuntime({ platform, arch }: PackedTarget): boolean {
  return !(platform === 'darwin' && arch === 'x64');
}

function neededFiles(target: PackedTarget): RegExp[] {
  const { platform, arch } = target;
  const unpacked = '^app\\.asar\\.unpacked/';
  const needed = [
    new RegExp(`${unpacked}dist/electron/engine-host\\.mjs$`),
    new RegExp(`${unpacked}dist/workers/decode\\.mjs$`),
    new RegExp(`${unpacked}node_modules/@img/sharp-${platform}-${arch}/.*\\.node$`),
    new RegExp(`${unpacked}node_modules/libraw-wasm/dist/libraw\\.wasm$`),
    new RegExp(`${unpacked}node_modules/libheif-js/libheif-wasm/libheif\\.wasm$`),
    new RegExp(`^node/bin/node${platform === 'win32' ? '\\.exe' : ''}$`),
  ];
  // on Windows libvips lies beside sharp itself
  if (platform !== 'win32') needed.push(new RegExp(`${unpacked}node_modules/@img/sharp-libvips-${platform}-${arch}/lib/libvips`));
  if (hasOnnxRuntime(target)) needed.push(new RegExp(`${unpacked}node_modules/onnxruntime-node/bin/napi-v\\d+/${platform}/${arch}/onnxruntime_binding\\.node$`));
  return needed;
}

const neededInArchive = ['/package.json', '/dist/electron/main.cjs', '/dist/electron/preload.cjs', '/dist/renderer/index.html'];
/** What has no business in an app that people install. */
const unwanted = /^\/(main|app|renderer|native|test|docs|\.ci|\.cache)\/|^\/node_modules\/(electron|electron-builder|playwright-core|vite|vitest|typescript|esbuild|node|@electron)\/|\.(ts|tsx|map|tsbuildinfo)$/;

/** Sentences about what is wrong; empty where all is well. */
export function findPackageFaults(target: PackedTarget, facts: PackedFacts): string[] {
  const faults: string[] = [];
  for (const { path, kind } of facts.binaries)
    if (kind.system !== target.platform || kind.arch !== target.arch)
      faults.push(`${path} is for ${kind.system} ${kind.arch}, not for ${target.platform} ${target.arch}.`);
  for (const needed of neededFiles(target)) if (!facts.files.some((file) => needed.test(file))) faults.push(`Nothing matches ${needed.source}, which the app needs.`);
  for (const needed of neededInArchive) if (!facts.archive.includes(needed)) faults.push(`${needed} is not in app.asar.`);
  for (const entry of facts.archive) if (unwanted.test(entry)) faults.push(`${entry} should not be in app.asar.`);
  if (faults.some((fault) => fault.startsWith('Nothing matches') || fault.startsWith('node/bin/')))
    faults.push(
      `The native packages of ${target.platform} ${target.arch} must be installed to pack for it: run the build on such a machine (one runner per system and architecture), or install them with "npm ci --os=${target.platform} --cpu=${target.arch}".`,
    );
  return faults;
}

/** Looks at the packed folder. */
export async function readPackedFacts(resources: string): Promise<PackedFacts> {
  const binaries: { path: string; kind: BinaryKind }[] = [];
  const files: string[] = [];
  for (const entry of await readdir(resources, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = relative(resources, file).replaceAll('\\', '/');
    files.push(path);
    const kind = path === 'app.asar' ? null : await binaryKindOf(file);
    if (kind) binaries.push({ path, kind });
  }
  const archiveFile = join(resources, 'app.asar');
  const archive = existsSync(archiveFile) ? listPackage(archiveFile, { isPack: false }).map((entry) => entry.replaceAll('\\', '/')) : [];
  return { binaries, archive, files };
}

/** The hook. Throws, which is how electron-builder is stopped. */
export async function afterPack(context: AfterPackContext): Promise<void> {
  const platform = context.electronPlatformName;
  if (platform !== 'darwin' && platform !== 'linux' && platform !== 'win32') throw new Error(`There is no package for ${platform}.`);
  const resources = context.packager.getResourcesDir(context.appOutDir);
  // Electron's own default app; builds from an electronDist folder keep it
  await rm(join(resources, 'default_app.asar'), { force: true });
  const target: PackedTarget = { platform, arch: Arch[context.arch], resources };
  const faults = findPackageFaults(target, await readPackedFacts(resources));
  if (faults.length > 0) throw new Error(`The package is not right:\n- ${faults.join('\n- ')}`);
}
