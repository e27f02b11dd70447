/** The import table is a gate: the tree passes it, and each kind of forbidden import fails it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFolder } from '../config/needs.ts';

const cruiser = join(projectFolder, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

function cruise(folder: string, ...what: string[]): { status: number | null; text: string } {
  const run = spawnSync(process.execPath, [cruiser, '--config', '.dependency-cruiser.cjs', ...what], { cwd: folder, encoding: 'utf8' });
  return { status: run.status, text: run.stdout + run.stderr };
}

describe('import table', () => {
  let folder: string;
  const plant = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'parjanya-layers-'));
    cpSync(join(projectFolder, '.dependency-cruiser.cjs'), join(folder, '.dependency-cruiser.cjs'));
    cpSync(join(projectFolder, 'tsconfig.json'), join(folder, 'tsconfig.json'));
    cpSync(join(projectFolder, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'));
    cpSync(join(projectFolder, 'package.json'), join(folder, 'package.json'));
    symlinkSync(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
    plant('main/base/index.ts', 'export const one = 1;\n');
    plant('main/domain/index.ts', "export { one } from '../base/index.ts';\n");
    plant('main/engine.ts', "export { one } from './domain/index.ts';\n");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is kept by this project', () => {
    const { status, text } = cruise(projectFolder, 'app', 'main', 'models', 'native', 'renderer', 'test');
    expect(text).toContain('no dependency violations');
    expect(status).toBe(0);
  });

  it('lets an allowed import pass', () => {
    expect(cruise(folder, 'main').status).toBe(0);
  });

  describe('refuses', () => {
    const forbidden = [
      ['domain', 'main/domain/reads-disk.ts', "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n"],
      ['base', 'main/base/up.ts', "import { one } from '../domain/index.ts';\nexport const a = one;\n"],
      ['renderer', 'renderer/reaches-in.ts', "import { one } from '../main/engine.ts';\nexport const a = one;\n"],
      ['stages-do-not-know-each-other', 'main/stages/focus/index.ts', "import { b } from '../preview/index.ts';\nexport const a = b;\n"],
      ['only-electron-shell-says-electron', 'main/features/library/window.ts', "import { app } from 'electron';\nexport const a = app;\n"],
      ['sharp-in-one-folder', 'main/adapters/files/thumb.ts', "import sharp from 'sharp';\nexport const a = sharp;\n"],
      ['libraw-in-one-folder', 'main/adapters/files/raw.ts', "import libraw from 'libraw-wasm/dist/libraw.js';\nexport const a = libraw;\n"],
      ['libheif-in-one-folder', 'main/adapters/libraw/heif.ts', "import libheif from 'libheif-js/libheif-wasm/libheif.js';\nexport const a = libheif;\n"],
      ['nothing-imports-test', 'main/features/cull/peeks.ts', "import { b } from '../../../test/fakes/b.ts';\nexport const a = b;\n"],
    ] as const;
    let told: ReturnType<typeof cruise>;

    beforeAll(() => {
      plant('main/stages/preview/index.ts', 'export const b = 1;\n');
      plant('test/fakes/b.ts', 'export const b = 1;\n');
      for (const [, path, text] of forbidden) plant(path, text);
      told = cruise(folder, 'main', 'renderer');
    });

    it.each(forbidden)('%s', (rule, path) => expect(told.text).toContain(`error ${rule}: ${path}`));

    it('nothing else, and says so by its status', () => {
      const refused = new Set([...told.text.matchAll(/error [a-z-]+: (\S+)/g)].map(([, path]) => path));
      expect([...refused].sort()).toEqual(forbidden.map(([, path]) => path).sort());
      expect(told.status).not.toBe(0);
    });
  });
});
