import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openSqlite } from '../../main/adapters/sqlite/index.ts';
import { batchOf, hashOfStep, marksOfStep, photoCount } from './catalog-kill-steps.ts';
import { file, makeTempFolder, openCatalogFile } from './catalog-kit.ts';

const child = fileURLToPath(new URL('./catalog-kill-child.ts', import.meta.url));

/** Runs the writer and kills it `afterMs` after its first word; answers with the lines that came out of it. */
async function runAndKill(catalogFile: string, shoot: number, first: number, afterMs: number): Promise<string[]> {
  const writer = spawn(process.execPath, [child, catalogFile, String(shoot), String(first)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let problems = '';
  writer.stderr.on('data', (data: Buffer) => (problems += data.toString()));
  const ended = new Promise<NodeJS.Signals | null>((resolve) => writer.on('close', (_code, signal) => resolve(signal)));
  let killing: NodeJS.Timeout | null = null;
  writer.stdout.on('data', (data: Buffer) => {
    out += data.toString();
    killing ??= setTimeout(() => writer.kill('SIGKILL'), afterMs);
  });
  expect(await ended, problems).toBe('SIGKILL');
  // The last line may have been cut by the kill.
  return out.slice(0, out.lastIndexOf('\n') + 1).split('\n').filter(Boolean);
}

interface State {
  readonly marks: Map<number, object>;
  readonly hashes: Map<number, string>;
}

/** The state after one more step: its answers, and its marks where it came that far. */
function after(state: State, step: number, parts: { marks: boolean }): State {
  const next = { marks: new Map(state.marks), hashes: new Map(state.hashes) };
  for (const index of batchOf(step)) {
    next.hashes.set(index, hashOfStep(step));
    if (parts.marks) next.marks.set(index, { ...marksOfStep(step), label: null });
  }
  return next;
}

test('kill -9 in the middle of writing loses nothing that was acknowledged', async () => {
  const temp = makeTempFolder();
  const path = join(temp.folder, 'catalog.sqlite');
  let catalog = openCatalogFile(path);
  const { id: shoot } = catalog.openShoot('/photos', 'photos', 1);
  catalog.syncFiles(shoot, Array.from({ length: photoCount }, (_, index) => file(`IMG_${String(index).padStart(4, '0')}.CR2`)));
  catalog.close();

  let acknowledged: State = { marks: new Map(), hashes: new Map() };
  let next = 1;
  let steps = 0;
  for (const [round, afterMs] of [3, 40, 150, Math.random() * 300, Math.random() * 80].entries()) {
    const lines = await runAndKill(path, shoot, next, afterMs);
    let last = next;
    let word = '';
    for (const line of lines) {
      const [what, number] = line.split(' ') as [string, string];
      [word, last] = [what, Number(number)];
      if (word === 'saved' || word === 'decided') acknowledged = after(acknowledged, last, { marks: word === 'decided' });
      steps += 1;
    }

    const db = openSqlite(path);
    if (!db.ok) throw new Error(db.error.code);
    expect(db.value.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(db.value.all('PRAGMA foreign_key_check')).toEqual([]);
    db.value.close();

    catalog = openCatalogFile(path);
    // The writer undoes and redoes every seventh step; killed in between, redo is still there.
    if (catalog.history(shoot, 1)[0]?.undone) {
      expect(last % 7).toBe(0);
      expect(catalog.redo(shoot)).toMatchObject({ ok: true, value: { text: `step ${last}` } });
    }
    const photos = catalog.photos(shoot);
    const stored = catalog.results(shoot, 0, 1000);
    const found: State = {
      marks: new Map(photos.map(({ marks }, index) => [index, marks] as const).filter(([, marks]) => marks.rating > 0)),
      hashes: new Map(photos.flatMap(({ id }, index) => (stored.get(id)![0] ? [[index, (stored.get(id)![0]!.output as { hash: string }).hash]] : []))),
    };
    // What the writer was doing when it was killed may be there, each transaction whole or not at all.
    const current = word === 'saved' ? last : last + 1;
    const possible = [acknowledged, after(acknowledged, current, { marks: false }), after(acknowledged, current, { marks: true })];
    expect(possible, `round ${round}, after ${lines.at(-1)}`).toContainEqual(found);
    acknowledged = found;
    catalog.close();
    next = current + 1;
  }
  expect(steps).toBeGreaterThan(10);
  temp.remove();
});
