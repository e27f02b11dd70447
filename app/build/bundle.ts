/** Makes the outputs: the page with vite, everything that runs in Node or Electron's main process with esbuild. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build as esbuild } from 'esbuild';
import type { BuildOptions } from 'esbuild';
import { build as vite } from 'vite';
import { projectFolder } from './sources.ts';

/** Packages with native or WebAssembly parts stay outside and are found in node_modules at run time. */
const externals = ['electron', 'sharp', 'onnxruntime-node', 'libraw-wasm', 'libheif-js'];

interface Bundle {
  readonly source: string;
  /** Below the output folder. */
  readonly output: string;
  readonly options: BuildOptions;
}

/** Electron's main process and its sandboxed preload are CommonJS in one file each (a sandboxed preload cannot import). */
const common: BuildOptions = { format: 'cjs', platform: 'node', target: 'node20' };
/** What plain Node runs. Packages inside that are CommonJS still call `require` for Node's own modules. */
const plain: BuildOptions = {
  format: 'esm',
  platform: 'node',
  target: 'node22',
  banner: { js: "import { createRequire as createRequireHere } from 'node:module';\nconst require = createRequireHere(import.meta.url);" },
};

const bundles: readonly Bundle[] = [
  { source: 'app/electron/main.ts', output: 'electron/main.cjs', options: common },
  { source: 'app/electron/preload.ts', output: 'electron/preload.cjs', options: { ...common, platform: 'browser', external: ['electron'] } },
  { source: 'app/electron/engine-host.ts', output: 'electron/engine-host.mjs', options: plain },
  { source: 'main/workers/decode.ts', output: 'workers/decode.mjs', options: plain },
];

/** Folders that the build owns below `dist/`. */
export const outputFolders = ['renderer', 'electron', 'workers'] as const;

/** Files without which a build is not whole. */
export const outputFiles: readonly string[] = ['renderer/index.html', ...bundles.map((bundle) => bundle.output)];

/**
 * Builds everything into `folder`, which must be empty or absent.
 * @throws with the compiler's own message where a source is wrong: a broken build is not an expected failure of the program.
 */
export async function bundleAll(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { source, output, options } of bundles) {
    await esbuild({
      absWorkingDir: projectFolder,
      entryPoints: [source],
      outfile: join(folder, output),
      bundle: true,
      external: externals.flatMap((name) => [name, `${name}/*`]),
      sourcemap: false,
      legalComments: 'none',
      logLevel: 'warning',
      ...options,
    });
  }
  const configFile = join(projectFolder, 'renderer', 'vite.config.ts');
  await vite({ configFile, root: dirname(configFile), logLevel: 'warn', build: { outDir: join(folder, 'renderer'), emptyOutDir: true } });
}

/** Sources that a checkout lacks; empty where the build can run. */
export function missingSources(): string[] {
  return [...bundles.map((bundle) => bundle.source), 'renderer/vite.config.ts', 'renderer/index.html'].filter((source) => !existsSync(join(projectFolder, source)));
}
