/** Makes the folder that is deployed as a function: one bundled file, and the two packages with compiled code, of one processor alone. */
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build as esbuild } from 'esbuild';
import { fail, ok } from '../../main/base/index.ts';
import type { Result } from '../../main/base/index.ts';
import { binaryKindOf } from '../build/binary-kind.ts';
import { projectFolder } from '../build/sources.ts';

/** As AWS Lambda names them, to what Node does. */
export const architectures = { arm64: 'arm64', x86_64: 'x64' } as const;
export type Architecture = keyof typeof architectures;

/** Quotas of AWS Lambda: a ZIP unfolds to 250 MB with its layers; a container image has 10 GB. */
export const mostZipBytes = 250 * 1_048_576;
export const mostImageBytes = 10 * 1_073_741_824;

export interface PackageOptions {
  readonly arch: Architecture;
  /** Must be empty or absent. */
  readonly folder: string;
  /** The tower, copied in as `model.onnx`; null: the function finds it by PARJANYA_MODEL. */
  readonly model: string | null;
  /** `node_modules` with the packages of that processor; default: the project's own. */
  readonly packages?: string;
  /** Becomes part of a container image instead of a ZIP. */
  readonly isImage?: boolean;
}

export interface PackageFacts {
  readonly bytes: number;
  readonly mostBytes: number;
  /** Bytes by part: the code, each package, the model. */
  readonly parts: Readonly<Record<string, number>>;
}

/** What sharp and onnxruntime-node load when they run; what only their installers need is left out. */
function packagesFor(arch: Architecture): Readonly<Record<string, (path: string) => boolean>> {
  const cpu = architectures[arch];
  const all = (): boolean => true;
  return {
    sharp: all,
    'detect-libc': all,
    semver: all,
    '@img/colour': all,
    [`@img/sharp-linux-${cpu}`]: all,
    [`@img/sharp-libvips-linux-${cpu}`]: all,
    'onnxruntime-common': (path) => !/^(dist\/esm|lib|docs)(\/|$)|\.(map|d\.ts)$/.test(path),
    'onnxruntime-node': (path) => /^(dist(\/.*)?|package\.json|README\.md|bin|bin\/napi-v\d+|bin\/napi-v\d+\/linux)$/.test(path) || new RegExp(`^bin/napi-v\\d+/linux/${cpu}(/|$)`).test(path),
  };
}

/**
 * Errors: destination-unwritable for a folder that holds something, native-missing where the packages of that processor are not installed or are of
 * another, model-missing, too-large for more than AWS Lambda takes.
 */
export async function packFunction(options: PackageOptions): Promise<Result<PackageFacts>> {
  const { arch, folder, model } = options;
  const packages = options.packages ?? join(projectFolder, 'node_modules');
  if (existsSync(folder) && (await readdir(folder)).length > 0) return fail('destination-unwritable', `The folder ${folder} is not empty.`);
  if (model !== null && !existsSync(model)) return fail('model-missing', `There is no file ${model}.`);
  const wanted = packagesFor(arch);
  const missing = Object.keys(wanted).filter((name) => !existsSync(join(packages, name)));
  if (missing.length > 0) return fail('native-missing', `Not installed: ${missing.join(', ')}. In a folder of its own with Parjanya's package.json and package-lock.json, run "npm ci --os=linux --cpu=${architectures[arch]} --libc=glibc --ignore-scripts", then name its node_modules with --packages.`);

  await mkdir(folder, { recursive: true });
  await bundleHandler(join(folder, 'handler.mjs'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  const parts: Record<string, number> = { 'handler.mjs': (await stat(join(folder, 'handler.mjs'))).size };
  for (const [name, keeps] of Object.entries(wanted)) {
    const [from, to] = [join(packages, name), join(folder, 'node_modules', name)];
    await cp(from, to, { recursive: true, dereference: true, filter: (source) => source === from || keeps(relative(from, source).replaceAll('\\', '/')) });
    const { bytes, strangers } = await weigh(to, arch);
    if (strangers.length > 0) return fail('native-missing', `${strangers.join(', ')} of ${name} is not for linux ${architectures[arch]}.`);
    parts[name] = bytes;
  }
  if (model !== null) {
    await copyFile(model, join(folder, 'model.onnx'));
    parts['model.onnx'] = (await stat(model)).size;
  }
  const bytes = Object.values(parts).reduce((sum, one) => sum + one, 0);
  const mostBytes = options.isImage ? mostImageBytes : mostZipBytes;
  if (bytes > mostBytes) return fail('too-large', `The package has ${inMegabytes(bytes)}, and AWS Lambda takes ${inMegabytes(mostBytes)}.${options.isImage ? '' : ' Use it as the content of a container image (--image), or a smaller model.'}`);
  return ok({ bytes, mostBytes, parts });
}

export function inMegabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}

/** @throws with the compiler's own message where a source is wrong. */
async function bundleHandler(file: string): Promise<void> {
  const external = ['sharp', 'onnxruntime-node', 'libraw-wasm', 'libheif-js'];
  await esbuild({
    absWorkingDir: projectFolder,
    entryPoints: ['app/lambda/handler.ts'],
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    external: external.flatMap((name) => [name, `${name}/*`]),
    legalComments: 'none',
    logLevel: 'warning',
  });
}

/** Bytes of all files, and which of them are compiled for something else. */
async function weigh(folder: string, arch: Architecture): Promise<{ bytes: number; strangers: string[] }> {
  let bytes = 0;
  const strangers: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    bytes += (await stat(file)).size;
    const kind = await binaryKindOf(file);
    if (kind && (kind.system !== 'linux' || kind.arch !== architectures[arch])) strangers.push(relative(folder, file));
  }
  return { bytes, strangers };
}
