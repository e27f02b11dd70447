import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import sharp from 'sharp';
import { drawScene, makeJpeg, stampExif } from '../fixtures/index.ts';
import { makeTempFolder } from './catalog-kit.ts';
import { createExportHome } from './deliver-kit.ts';
import type { ExportHome } from './deliver-kit.ts';

const child = fileURLToPath(new URL('./deliver-kill-child.ts', import.meta.url));
const names = Array.from({ length: 24 }, (_, index) => `IMG_${String(index).padStart(2, '0')}.JPG`);
const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Exports in a process of its own and kills that `afterMs` after its first file; true where it came to its end before. */
async function exportAndKill(root: string, preset: 'copy' | 'web', afterMs: number): Promise<boolean> {
  const exporter = spawn(process.execPath, [child, root, preset, ...names], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let problems = '';
  exporter.stderr.on('data', (data: Buffer) => (problems += data.toString()));
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => exporter.on('close', (code, signal) => resolve([code, signal])));
  let killing: NodeJS.Timeout | null = null;
  exporter.stdout.on('data', (data: Buffer) => {
    out += data.toString();
    if (/^\d/m.test(out)) killing ??= setTimeout(() => exporter.kill('SIGKILL'), afterMs);
  });
  const [code, signal] = await ended;
  if (killing) clearTimeout(killing);
  expect(signal === 'SIGKILL' || code === 0, problems).toBe(true);
  return out.includes('\nend ');
}

async function fill(home: ExportHome): Promise<void> {
  const base = await makeJpeg(drawScene({ seed: 1, width: 480, height: 320 }), { quality: 90 });
  for (const [index, name] of names.entries()) home.put(name, stampExif(base, { make: 'Canon', model: 'Canon EOS 6D', date: `2024:05:01 12:00:${String(index).padStart(2, '0')}` }));
}

test.each(['copy', 'web'] as const)('%s: killed with -9 again and again, an export comes to its end with every file once and whole', async (preset) => {
  const temp = makeTempFolder();
  const made = createExportHome({ root: temp.folder });
  await fill(made);
  await made.close();
  const seen = new Map<string, string>();
  for (const afterMs of [1, 25, Math.random() * 100]) {
    if (await exportAndKill(temp.folder, preset, afterMs)) break;
    const home = createExportHome({ root: temp.folder });
    for (const name of home.names().filter((one) => !one.startsWith('.'))) {
      const bytes = home.read(name);
      // whatever has a final name is whole, and stays as it is
      if (preset === 'copy') expect(hash(bytes), name).toBe(hash(new Uint8Array(readFileSync(join(home.shoot, name)))));
      else expect(await sharp(bytes, { failOn: 'warning' }).stats().then(({ channels }) => channels.length), name).toBe(3);
      if (seen.has(name)) expect(hash(bytes), name).toBe(seen.get(name));
      seen.set(name, hash(bytes));
    }
    await home.close();
  }
  const home = createExportHome({ root: temp.folder });
  home.choices = names;
  const last = await home.export(preset);
  expect(last.plan.done).toBeGreaterThanOrEqual(seen.size);
  expect(last.plan.renamed).toBe(0);
  expect(last.end).toMatchObject({ ok: true, value: { failed: 0 } });
  expect(home.names()).toEqual(names.map((name) => (preset === 'copy' ? name : name.replace('.JPG', '.jpg'))));
  for (const [name, was] of seen) expect(hash(home.read(name)), name).toBe(was);
  await home.close();
  temp.remove();
  // several processes, each with its decode children: slow where many tests run at once
}, 180_000);
