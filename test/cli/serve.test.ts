/** `parjanya serve`: the page on loopback, from the real command; and what docs/cli.md must name. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFolder } from '../config/needs.ts';
import { descendantsOf, stillRunning } from '../config/processes.ts';
import { makeShoot } from '../fixtures/index.ts';
import type { ShootTruth } from '../fixtures/index.ts';
import { runCommand, startCommand } from './run-command.ts';
import { linkIn, visit } from './visit.ts';

let folder: string;
let truth: ShootTruth;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parjanya-serve-'));
  truth = await makeShoot(join(folder, 'shoot'), { photos: 3, edge: 480 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const newCatalog = (): string => join(folder, `catalog-${++count}.db`);
describe('serve', { timeout: 180_000 }, () => {
  it('prints the link, serves the page with the folder, and ends well at Ctrl+C', async () => {
    const running = startCommand(['serve', truth.folder, '--to', join(folder, 'keepers'), '--catalog', newCatalog()]);
    await expect.poll(() => linkIn(running.out()), { timeout: 110_000 }).not.toBeNull();
    expect(running.out().trim()).toBe(linkIn(running.out()));
    const { title, grants } = await visit(linkIn(running.out())!);
    expect(title).toBe('Parjanya');
    expect(grants).toEqual([expect.objectContaining({ name: 'shoot', kind: 'shoot' }), expect.objectContaining({ name: 'keepers', kind: 'destination' })]);
    const children = descendantsOf(running.process.pid!);
    running.process.kill('SIGINT');
    expect(await running.ended).toMatchObject({ status: 0, signal: null });
    await expect.poll(() => stillRunning(children), { timeout: 15_000 }).toEqual([]);
  });

  it('says which port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    try {
      const ran = await runCommand(['serve', truth.folder, '--port', String(port), '--catalog', newCatalog()]);
      expect([ran.status, ran.out]).toEqual([1, '']);
      expect(ran.err).toContain(`not-available: Port ${port} is in use by another program; choose another one.`);
    } finally {
      other.close();
    }
  });

  it('tells a folder that is not there', async () => {
    const ran = await runCommand(['serve', join(folder, 'nowhere')]);
    expect([ran.status, ran.out]).toEqual([1, '']);
    expect(ran.err).toMatch(/^folder-missing: /);
  });
});

describe('the documentation', () => {
  it('names every command and option', async () => {
    const text = await readFile(join(projectFolder, 'docs/cli.md'), 'utf8');
    const { commandNames, usages } = await import('../../app/cli/usage.ts');
    for (const name of commandNames) {
      expect(text).toContain(`## ${name}`);
      for (const [option] of usages[name].options) for (const [word] of option.matchAll(/--[a-z]+/g)) expect(text, `${name} ${word}`).toContain(word);
    }
  });

  it('names every error code of the product', async () => {
    const text = await readFile(join(projectFolder, 'docs/cli.md'), 'utf8');
    const { errorCodes } = await import('../../main/base/index.ts');
    for (const code of errorCodes) expect(text, code).toContain(`\`${code}\``);
  });
});
