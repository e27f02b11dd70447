/** What goes into the desktop packages: told from real files, from electron-builder's own reading of our configuration, and checked. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { binaryKindOf, readBinaryKind } from '../../app/build/binary-kind.ts';
import { findPackageFaults, readPackedFacts } from '../../app/build/check-package.ts';
import type { PackedFacts, PackedTarget } from '../../app/build/check-package.ts';
import { chooseElectron } from '../../app/build/electron-to-pack.ts';
import { readElectronFolder } from '../../app/build/electron-runtime.ts';
import { projectFolder } from '../config/needs.ts';

const targets = (['darwin', 'linux', 'win32'] as const).flatMap((platform) => (['arm64', 'x64'] as const).map((arch) => ({ platform, arch })));

describe('the kind of a compiled file', () => {
  it('is read from the file itself', async () => {
    expect(await binaryKindOf(process.execPath)).toEqual({ system: process.platform, arch: process.arch });
    expect(await binaryKindOf(join(projectFolder, 'package.json'))).toBeNull();
  });

  it('is right for the parts that onnxruntime-node brings for every system', async () => {
    const folder = join(projectFolder, 'node_modules/onnxruntime-node/bin/napi-v6');
    let seen = 0;
    for (const system of await readdir(folder))
      for (const arch of await readdir(join(folder, system))) {
        seen += 1;
        expect(await binaryKindOf(join(folder, system, arch, 'onnxruntime_binding.node')), `${system} ${arch}`).toEqual({ system, arch });
      }
    expect(seen).toBeGreaterThanOrEqual(5);
  });

  it('is none for short, empty and damaged heads', () => {
    expect(readBinaryKind(new Uint8Array())).toBeNull();
    expect(readBinaryKind(Buffer.from('MZ'))).toBeNull();
    const cutHeader = Buffer.alloc(64);
    cutHeader.write('MZ');
    cutHeader.writeUInt32LE(0xffffff00, 0x3c);
    expect(readBinaryKind(cutHeader)).toBeNull();
    // a Java class begins like a fat Mach-O, with a version where that has its count
    const javaClass = Buffer.alloc(64);
    javaClass.writeUInt32BE(0xcafebabe, 0);
    javaClass.writeUInt32BE(61, 4);
    expect(readBinaryKind(javaClass)).toBeNull();
    const fat = Buffer.alloc(64);
    fat.writeUInt32BE(0xcafebabe, 0);
    fat.writeUInt32BE(2, 4);
    expect(readBinaryKind(fat)).toEqual({ system: 'darwin', arch: 'universal' });
  });
});

/** What a package of this target holds when all is well. */
function rightFacts({ platform, arch }: Pick<PackedTarget, 'platform' | 'arch'>): PackedFacts {
  const modules = 'app.asar.unpacked/node_modules';
  const kind = { system: platform, arch };
  const decoders = [`${modules}/libraw-wasm/dist/libraw.wasm`, `${modules}/libheif-js/libheif-wasm/libheif.wasm`];
  const natives = [
    `${modules}/@img/sharp-${platform}-${arch}/lib/sharp-${platform}-${arch}.node`,
    ...(platform === 'win32' ? [] : [`${modules}/@img/sharp-libvips-${platform}-${arch}/lib/libvips-cpp.so`]),
    ...(platform === 'darwin' && arch === 'x64' ? [] : [`${modules}/onnxruntime-node/bin/napi-v6/${platform}/${arch}/onnxruntime_binding.node`]),
    `node/bin/node${platform === 'win32' ? '.exe' : ''}`,
  ];
  return {
    binaries: natives.map((path) => ({ path, kind })),
    files: ['app.asar', ...natives, 'app.asar.unpacked/dist/electron/engine-host.mjs', 'app.asar.unpacked/dist/workers/decode.mjs', ...decoders],
    archive: ['/package.json', '/dist/electron/main.cjs', '/dist/electron/preload.cjs', '/dist/renderer/index.html'],
  };
}

describe.each(targets)('the check of a package for $platform $arch', (target) => {
  const faultsOf = (facts: PackedFacts): string[] => findPackageFaults({ ...target, resources: '' }, facts);

  it('passes what is right', () => {
    expect(faultsOf(rightFacts(target))).toEqual([]);
  });

  it('refuses natives of every other target', () => {
    for (const other of targets) {
      if (other.platform === target.platform && other.arch === target.arch) continue;
      const wrong = rightFacts(other).binaries[0]!;
      const right = rightFacts(target);
      expect(faultsOf({ ...right, binaries: [...right.binaries, wrong] })).toEqual([`${wrong.path} is for ${other.platform} ${other.arch}, not for ${target.platform} ${target.arch}.`]);
    }
  });

  it('misses each needed file', () => {
    const right = rightFacts(target);
    for (const file of right.files.slice(1)) expect(faultsOf({ ...right, files: right.files.filter((one) => one !== file) }), file).not.toEqual([]);
    for (const entry of right.archive) expect(faultsOf({ ...right, archive: right.archive.filter((one) => one !== entry) }), entry).toEqual([`${entry} is not in app.asar.`]);
  });

  it('refuses sources, tests and tools of development', () => {
    const right = rightFacts(target);
    for (const entry of ['/main/engine.ts', '/test/unit/a.test.ts', '/node_modules/electron/index.js', '/node_modules/vite/bin.js', '/dist/renderer/index.js.map'])
      expect(faultsOf({ ...right, archive: [...right.archive, entry] })).toEqual([`${entry} should not be in app.asar.`]);
  });
});

/** electron-builder's own reading of file patterns; internal to it, which is why it is reached by path. */
interface FileMatcher {
  readonly patterns: string[];
  containsOnlyIgnore(): boolean;
  createFilter(): (path: string, stat: { isDirectory(): boolean; moduleName?: string; moduleRootPath?: string }) => boolean;
}
const load = createRequire(import.meta.url);
const library = join(projectFolder, 'node_modules/app-builder-lib/out');
const { getConfig } = load(`${library}/util/config/config.js`) as { getConfig(folder: string, file: string | null, options: object): Promise<Record<string, { files: string[] }>> };
const { getNodeModuleFileMatcher } = load(`${library}/fileMatcher.js`) as {
  getNodeModuleFileMatcher(from: string, to: string, expand: (text: string) => string, platform: { files: string[] }, packager: unknown): FileMatcher;
};

describe.each(targets)('what electron-builder packs for $platform $arch', ({ platform, arch }) => {
  const section = { darwin: 'mac', win32: 'win', linux: 'linux' }[platform];
  let packs: (path: string) => boolean;
  let patterns: string[];

  beforeAll(async () => {
    const config = await getConfig(projectFolder, null, {});
    patterns = config[section]!.files;
    const matcher = getNodeModuleFileMatcher(projectFolder, '/to', (text) => text.replaceAll('${arch}', arch), config[section]!, { config, debugLogger: { isEnabled: false } });
    const filter = matcher.createFilter();
    packs = (path) => filter(join(projectFolder, path), { isDirectory: () => false });
  });

  it('are the natives of that target and of no other', () => {
    for (const other of targets) {
      const isOwn = other.platform === platform && other.arch === arch;
      const name = `${other.platform}-${other.arch}`;
      expect(packs(`node_modules/@img/sharp-${name}/lib/sharp-${name}.node`), name).toBe(isOwn);
      expect(packs(`node_modules/@img/sharp-libvips-${name}/lib/libvips-cpp.so.1`), name).toBe(isOwn);
      expect(packs(`node_modules/onnxruntime-node/bin/napi-v6/${other.platform}/${other.arch}/onnxruntime_binding.node`), name).toBe(isOwn);
    }
    for (const name of ['linuxmusl-x64', 'linuxmusl-arm64', 'linux-arm', 'linux-ppc64', 'win32-ia32', 'wasm32']) expect(packs(`node_modules/@img/sharp-${name}/lib/a.node`), name).toBe(false);
  });

  it('are of the packages only those that are not bundled', () => {
    for (const path of ['sharp/dist/index.cjs', '@img/colour/index.cjs', 'detect-libc/lib/detect-libc.js', 'semver/index.js', 'onnxruntime-node/dist/index.js', 'onnxruntime-common/dist/cjs/index.js', 'libraw-wasm/dist/libraw.js', 'libraw-wasm/dist/libraw.wasm', 'libheif-js/libheif-wasm/libheif.js', 'libheif-js/libheif-wasm/libheif.wasm'])
      expect(packs(`node_modules/${path}`), path).toBe(true);
    for (const path of ['zod/index.js', 'react/index.js', 'electron/index.js', '@aws-sdk/client-lambda/dist-cjs/index.js', 'ws/index.js', 'node/bin/node', 'sharp/src/common.cc', 'onnxruntime-common/lib/env.ts', 'sharp/lib/index.d.ts', 'libraw-wasm/dist/worker.js', 'libraw-wasm/dist/libraw.js.map', 'libheif-js/libheif/libheif.js', 'libheif-js/libheif-wasm/libheif-bundle.mjs'])
      expect(packs(`node_modules/${path}`), path).toBe(false);
  });

  it('does not say "everything but": a list of exclusions alone would let all sources in', () => {
    expect(patterns.some((pattern) => !pattern.startsWith('!'))).toBe(true);
  });
});

describe('the fuses', () => {
  it('forbid what an installed app never needs', async () => {
    const { electronFuses } = (await getConfig(projectFolder, null, {})) as unknown as { electronFuses: Record<string, boolean> };
    expect(electronFuses).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
  });
});

describe('reading a packed folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parjanya-packed-'));
    const source = join(folder, 'source');
    await mkdir(join(source, 'dist/electron'), { recursive: true });
    await writeFile(join(source, 'package.json'), '{}');
    await writeFile(join(source, 'dist/electron/main.cjs'), '');
    await mkdir(join(folder, 'resources/app.asar.unpacked'), { recursive: true });
    await createPackage(source, join(folder, 'resources/app.asar'));
    await writeFile(join(folder, 'resources/app.asar.unpacked/readme.txt'), 'no binary');
    await mkdir(join(folder, 'resources/node/bin'), { recursive: true });
    // an ELF head for arm64
    const head = Buffer.alloc(64);
    head.writeUInt32BE(0x7f454c46, 0);
    head.writeUInt16LE(0xb7, 18);
    await writeFile(join(folder, 'resources/node/bin/node'), head);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('lists the archive, the files beside it and what they are', async () => {
    const facts = await readPackedFacts(join(folder, 'resources'));
    expect(facts.archive.toSorted()).toEqual(['/dist', '/dist/electron', '/dist/electron/main.cjs', '/package.json']);
    expect(facts.files.toSorted()).toEqual(['app.asar', 'app.asar.unpacked/readme.txt', 'node/bin/node']);
    expect(facts.binaries).toEqual([{ path: 'node/bin/node', kind: { system: 'linux', arch: 'arm64' } }]);
  });

  it('is empty-handed, not confused, where there is no archive', async () => {
    expect((await readPackedFacts(join(folder, 'source'))).archive).toEqual([]);
  });
});

describe('the Electron that goes into a package', () => {
  it('is the named one, or a sentence says that there is none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parjanya-electron-'));
    try {
      const choose = () => chooseElectron({ folder, platform: 'linux', isHost: true, forRelease: true, log: () => undefined });
      expect(await choose()).toEqual({ ok: false, error: `There is no unpacked Electron for linux in ${folder}.` });
      await writeFile(join(folder, 'electron'), '');
      await writeFile(join(folder, 'version'), 'v45.4.1\n');
      expect(await choose()).toEqual({ ok: true, runtime: { folder, executable: join(folder, 'electron'), version: '45.4.1' } });
      expect(readElectronFolder(folder, 'win32')).toBeNull();
      expect(existsSync(join(folder, 'electron.exe'))).toBe(false);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('is left to electron-builder for another system', async () => {
    expect(await chooseElectron({ folder: null, platform: 'win32', isHost: false, forRelease: true, log: () => undefined })).toEqual({ ok: true, runtime: null });
  });
});
