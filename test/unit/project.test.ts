/** What the project promises about itself. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes, errorTexts } from '../../main/base/index.ts';
import { contract, methodNames } from '../../main/contract/index.ts';
import type { Def } from '../../main/contract/index.ts';
import { stageIds } from '../../main/domain/index.ts';
import { firstLook, graph } from '../../main/pipeline/graph.ts';
import { projectFolder } from '../config/needs.ts';

const read = (path: string): string => readFileSync(join(projectFolder, path), 'utf8');

describe('project', () => {
  it('has the top level of the card', () => {
    for (const name of ['app', 'renderer', 'main', 'native', 'models', 'test', 'electron-builder.yml', 'package.json', 'tsconfig.json', 'README.md', 'ARCHITECTURE.md', 'LICENSE'])
      expect(existsSync(join(projectFolder, name)), name).toBe(true);
  });

  it('keeps download addresses out of the lockfile', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { resolved?: string }> };
    expect(Object.keys(packages).filter((name) => packages[name]!.resolved !== undefined)).toEqual([]);
  });

  it('needs only packages with prebuilt binaries for the six desktop platforms', () => {
    const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, unknown> };
    for (const platform of ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-arm64', 'win32-x64'])
      expect(Object.keys(lock.packages), platform).toContain(`node_modules/@img/sharp-${platform}`);
  });

  it('names in README pictures and documents that exist', () => {
    for (const [, path] of read('README.md').matchAll(/\]\(([^)#:]+)\)/g)) expect(existsSync(join(projectFolder, path!)), path).toBe(true);
  });

  it('runs only scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const name of ['start', 'test', 'bench', 'lint', 'layers', 'parjanya', 'package']) expect(scripts, name).toHaveProperty(name);
    for (const command of Object.values(scripts))
      for (const [, file] of command.matchAll(/node (\S+\.ts)/g)) expect(existsSync(join(projectFolder, file!)), file).toBe(true);
  });

  it('has no path of a machine and no link to a private host in tracked files', () => {
    let files: string[];
    try {
      files = execFileSync('git', ['ls-files', '-z'], { cwd: projectFolder, encoding: 'utf8' }).split('\0').filter(Boolean);
    } catch {
      files = [];
    }
    const parent = join(projectFolder, '..') + '/';
    const hits = files
      .filter((file) => /\.(ts|tsx|js|cjs|json|md|yml|css|html|sh)$/.test(file) || file === '.ci/run')
      .filter((file) => existsSync(join(projectFolder, file)) && parent.length > 2 && read(file).includes(parent));
    expect(hits).toEqual([]);
  });
});

describe('tables', () => {
  it('has a sentence for every error code', () => {
    for (const code of errorCodes) expect(errorTexts[code]).toMatch(/^[A-Z].*\.$/);
  });

  it('declares only known error codes in the contract', () => {
    for (const defs of Object.values(contract))
      for (const def of Object.values(defs as Record<string, Def>)) if (def.kind !== 'event') for (const code of def.errors) expect(errorCodes).toContain(code);
    expect(new Set(methodNames(contract)).size).toBe(methodNames(contract).length);
  });

  it('orders the stage graph: whatever a stage needs is a stage, and there is no cycle', () => {
    const depth = (id: keyof typeof graph, seen: readonly string[] = []): number => {
      expect(seen).not.toContain(id);
      return 1 + Math.max(0, ...graph[id].needs.map((need) => depth(need, [...seen, id])));
    };
    for (const id of stageIds) {
      expect(graph[id].id).toBe(id);
      expect(depth(id)).toBeLessThan(10);
    }
    expect(firstLook.every((id) => stageIds.includes(id))).toBe(true);
  });
});
