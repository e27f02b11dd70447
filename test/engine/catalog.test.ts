import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqlite } from '../../main/adapters/sqlite/index.ts';
import { openCatalog } from '../../main/catalog/index.ts';
import { coded } from '../../main/base/index.ts';
import type { Catalog, SidecarRow } from '../../main/catalog/index.ts';
import { migrations } from '../../main/catalog/migrations.ts';
import { defaultGrouping, noMarks } from '../../main/domain/index.ts';
import { graph } from '../../main/pipeline/graph.ts';
import { need } from '../config/needs.ts';
import { rightsBind } from '../fixtures/index.ts';
import { answer, failure, file, identity, makeTempFolder, openCatalogFile, shaA, shaB } from './catalog-kit.ts';

let temp: ReturnType<typeof makeTempFolder>;
let path: string;
let catalog: Catalog;

beforeEach(() => {
  temp = makeTempFolder();
  path = join(temp.folder, 'deep', 'catalog.sqlite');
  catalog = openCatalogFile(path);
});
afterEach(() => {
  catalog.close();
  temp.remove();
});

/** As after a restart. */
function reopen(specs = graph): void {
  catalog.close();
  catalog = openCatalogFile(path, specs);
}

function shootOf(...files: ReturnType<typeof file>[]): { shoot: number; ids: number[] } {
  const { id } = catalog.openShoot('/photos/shoot', 'shoot', 1);
  catalog.syncFiles(id, files);
  const rows = catalog.photos(id);
  return { shoot: id, ids: files.map(({ path }) => rows.find((row) => row.path === path)!.id) };
}

function value<T>(result: { ok: true; value: T } | { ok: false; error: { code: string } }): T {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

const phash = answer('phash', { hash: '0123456789abcdef', usable: true, view: '' });
const exposure = answer('exposure', { mean: 0.4, clippedHigh: 0, crushedLow: 0.1, p1: 0.01, p99: 0.9 });

describe('shoots and files', () => {
  test('a folder is one shoot, however often it is opened', () => {
    const first = catalog.openShoot('/photos/a', 'a', 1);
    const other = catalog.openShoot('/photos/b', 'b', 2);
    expect(catalog.openShoot('/photos/a', 'renamed', 3)).toEqual({ id: first.id, folder: '/photos/a', name: 'renamed' });
    expect(catalog.shoots().map((shoot) => shoot.id)).toEqual([first.id, other.id]);
  });

  test('files come, change, go and come back; ids and marks stay', () => {
    const { shoot, ids } = shootOf(file('b.jpg'), file('a.jpg'), file('c.jpg'));
    value(catalog.decide(shoot, [{ id: ids[0]!, change: { rating: 4 } }], 'Rated 4', 5));
    expect(catalog.photos(shoot).map((photo) => photo.path)).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
    expect(catalog.syncFiles(shoot, [file('a.jpg', 1000, 99), file('c.jpg', 7), file('d.jpg')])).toEqual({ added: 1, changed: 2, removed: 1 });
    expect(catalog.photos(shoot).map((photo) => photo.path)).toEqual(['a.jpg', 'c.jpg', 'd.jpg']);
    expect(catalog.photo(ids[1]!)).toMatchObject({ path: 'a.jpg', mtimeMs: 99, sha256: null });
    expect(catalog.syncFiles(shoot, [file('a.jpg', 1000, 99), file('b.jpg'), file('c.jpg', 7), file('d.jpg')])).toEqual({ added: 1, changed: 0, removed: 0 });
    expect(catalog.photo(ids[0]!)).toEqual({ id: ids[0], shootId: shoot, path: 'b.jpg', bytes: 1000, mtimeMs: 1_700_000_000_000.5, sha256: null, imageSha256: null, place: null, marks: { flag: 'none', rating: 4, label: null } });
    expect(catalog.photo(12_345)).toBeNull();
  });

  test('the same files again change nothing', () => {
    const { shoot } = shootOf(file('a.jpg'), file('ünï/b.jpg'));
    expect(catalog.syncFiles(shoot, [file('a.jpg'), file('ünï/b.jpg')])).toEqual({ added: 0, changed: 0, removed: 0 });
    expect(catalog.syncFiles(shoot, [])).toEqual({ added: 0, changed: 0, removed: 2 });
    expect(catalog.photos(shoot)).toEqual([]);
  });
});

describe('answers of stages', () => {
  test('come back as they were stored, in the order of the graph, after a restart', () => {
    const { shoot, ids } = shootOf(file('a.jpg'), file('b.jpg'));
    const broken = failure('focus', 'truncated');
    catalog.saveResults([{ photo: ids[0]!, results: [exposure, broken, phash] }]);
    reopen();
    expect(catalog.resultsOf(ids[0]!)).toEqual([phash, broken, exposure]);
    expect(catalog.results(shoot, 0, 1000)).toEqual(new Map([[ids[0], [phash, broken, exposure]], [ids[1], []]]));
  });

  test('of another version or other settings are unreadable until they are made again', () => {
    const { ids } = shootOf(file('a.jpg'));
    const broken = failure('focus', 'truncated');
    catalog.saveResults([{ photo: ids[0]!, results: [phash, broken, exposure] }]);
    reopen({ ...graph, phash: { ...graph.phash, version: graph.phash.version + 1 }, exposure: { ...graph.exposure, settings: { edge: 800 } } });
    expect(catalog.resultsOf(ids[0]!)).toEqual([broken]);
    const again = { ...phash, version: graph.phash.version + 1 };
    catalog.saveResults([{ photo: ids[0]!, results: [again, exposure] }]);
    expect(catalog.resultsOf(ids[0]!)).toEqual([again, broken, exposure]);
    // the settings that an answer was made with are those that are current when it is stored
    reopen();
    expect(catalog.resultsOf(ids[0]!)).toEqual([broken]);
  });

  test('a changed file has none', () => {
    const { shoot, ids } = shootOf(file('a.jpg'));
    catalog.saveResults([{ photo: ids[0]!, results: [phash] }]);
    catalog.syncFiles(shoot, [file('a.jpg', 1000, 5)]);
    expect(catalog.resultsOf(ids[0]!)).toEqual([]);
    expect(catalog.results(shoot, 0, 1000).get(ids[0]!)).toEqual([]);
  });

  test('an identified photo keeps what was measured before, and a copy of it needs no measuring', () => {
    const { shoot, ids } = shootOf(file('a.jpg'), file('copy.jpg'));
    catalog.saveResults([{ photo: ids[0]!, results: [phash] }]);
    catalog.saveResults([{ photo: ids[0]!, results: [identity(shaA, 1000)] }]);
    expect(catalog.photo(ids[0]!)!.sha256).toBe(shaA);
    expect(catalog.resultsOf(ids[0]!)).toEqual([identity(shaA, 1000), phash]);
    catalog.saveResults([{ photo: ids[1]!, results: [identity(shaA, 1000)] }]);
    expect(catalog.results(shoot, 0, 1000).get(ids[1]!)).toEqual([identity(shaA, 1000), phash]);
  });

  test('where equal content has an answer already, it stays; a passing failure there gives way', () => {
    const { ids } = shootOf(file('a.jpg'), file('copy.jpg'));
    catalog.saveResults([{ photo: ids[0]!, results: [identity(shaA, 1000), phash, failure('exposure', 'timeout')] }]);
    const late = answer('phash', { hash: 'ffffffffffffffff', usable: true, view: '' });
    catalog.saveResults([{ photo: ids[1]!, results: [late, exposure] }]);
    expect(catalog.resultsOf(ids[1]!)).toEqual([late, exposure]);
    catalog.saveResults([{ photo: ids[1]!, results: [identity(shaA, 1000)] }]);
    for (const id of ids) expect(catalog.resultsOf(id)).toEqual([identity(shaA, 1000), phash, exposure]);
  });

  test('a passing failure is kept to be shown, but not over an answer', () => {
    const { ids } = shootOf(file('a.jpg'));
    const crashed = failure('phash', 'worker-crashed', true);
    catalog.saveResults([{ photo: ids[0]!, results: [crashed] }]);
    expect(catalog.resultsOf(ids[0]!)).toEqual([crashed]);
    catalog.saveResults([{ photo: ids[0]!, results: [phash] }]);
    catalog.saveResults([{ photo: ids[0]!, results: [crashed] }]);
    expect(catalog.resultsOf(ids[0]!)).toEqual([phash]);
    const damaged = failure('phash', 'preview-broken');
    catalog.saveResults([{ photo: ids[0]!, results: [damaged] }]);
    expect(catalog.resultsOf(ids[0]!)).toEqual([damaged]);
  });

  test('read from a file that has changed since are dropped', () => {
    const { shoot, ids } = shootOf(file('a.jpg', 1000));
    catalog.syncFiles(shoot, [file('a.jpg', 2000)]);
    catalog.saveResults([{ photo: ids[0]!, results: [identity(shaA, 1000), phash] }]);
    expect(catalog.photo(ids[0]!)!.sha256).toBeNull();
    expect(catalog.resultsOf(ids[0]!)).toEqual([]);
    catalog.saveResults([{ photo: 999, results: [phash] }]);
  });

  test('a file that comes back unchanged has its answers at once', () => {
    const { shoot, ids } = shootOf(file('a.jpg'));
    catalog.saveResults([{ photo: ids[0]!, results: [identity(shaA, 1000), phash] }]);
    catalog.syncFiles(shoot, []);
    catalog.syncFiles(shoot, [file('a.jpg')]);
    expect(catalog.results(shoot, 0, 1000).get(ids[0]!)).toEqual([identity(shaA, 1000), phash]);
  });
});

describe('a renamed file', () => {
  test('takes over marks and undo of the one that left', () => {
    const { shoot, ids } = shootOf(file('a.jpg'));
    catalog.saveResults([{ photo: ids[0]!, results: [identity(shaA, 1000)] }]);
    value(catalog.decide(shoot, [{ id: ids[0]!, change: { flag: 'pick', label: 'Green' } }], 'Picked', 5));
    catalog.syncFiles(shoot, [file('renamed.jpg')]);
    const [renamed] = catalog.photos(shoot);
    expect(renamed!.marks).toEqual(noMarks);
    const marks = { flag: 'pick', rating: 0, label: 'Green' };
    expect(catalog.saveResults([{ photo: renamed!.id, results: [identity(shaA, 1000)] }])).toEqual([{ id: renamed!.id, marks }]);
    expect(catalog.photo(renamed!.id)!.marks).toEqual(marks);
    expect(value(catalog.undo(shoot)).changed).toEqual([{ id: renamed!.id, marks: noMarks }]);
  });

  test('not where it has marks of its own, nor where the other one is still there, nor across shoots', () => {
    const { shoot, ids } = shootOf(file('a.jpg'), file('b.jpg'), file('c.jpg'));
    for (const id of ids.slice(0, 2)) value(catalog.decide(shoot, [{ id, change: { rating: 3 } }], 'Rated', 5));
    catalog.saveResults([{ photo: ids[0]!, results: [identity(shaA, 1000)] }, { photo: ids[1]!, results: [identity(shaB, 1000)] }]);
    expect(catalog.saveResults([{ photo: ids[2]!, results: [identity(shaA, 1000)] }])).toEqual([]);
    catalog.syncFiles(shoot, [file('a.jpg'), file('c.jpg')]);
    value(catalog.decide(shoot, [{ id: ids[2]!, change: { rating: 1 } }], 'Rated', 6));
    catalog.syncFiles(shoot, [file('a.jpg'), file('c.jpg', 1000, 9)]);
    expect(catalog.saveResults([{ photo: ids[2]!, results: [identity(shaB, 1000)] }])).toEqual([]);
    const elsewhere = catalog.openShoot('/photos/other', 'other', 2).id;
    catalog.syncFiles(elsewhere, [file('b.jpg')]);
    expect(catalog.saveResults([{ photo: catalog.photos(elsewhere)[0]!.id, results: [identity(shaB, 1000)] }])).toEqual([]);
  });
});

describe('the journal', () => {
  test('one decide is one step, undone and redone across restarts', () => {
    const { shoot, ids } = shootOf(file('a.jpg'), file('b.jpg'));
    const [a, b] = ids as [number, number];
    const both = value(catalog.decide(shoot, [{ id: a, change: { flag: 'pick' } }, { id: b, change: { flag: 'pick' } }], 'Picked 2 photos', 10));
    expect(both).toEqual({ text: 'Picked 2 photos', changed: [a, b].map((id) => ({ id, marks: { flag: 'pick', rating: 0, label: null } })), places: [], verdict: null });
    value(catalog.decide(shoot, [{ id: a, change: { rating: 5, label: 'Red' } }], 'Rated 5', 11));
    reopen();
    expect(value(catalog.undo(shoot))).toEqual({ text: 'Rated 5', places: [], verdict: null, changed: [{ id: a, marks: { flag: 'pick', rating: 0, label: null } }] });
    reopen();
    expect(value(catalog.undo(shoot)).changed.map((photo) => photo.id)).toEqual([a, b]);
    expect(catalog.undo(shoot)).toMatchObject({ ok: false, error: { code: 'nothing-to-undo' } });
    expect(catalog.history(shoot, 10).map(({ text, at, undone }) => [text, at, undone])).toEqual([['Rated 5', 11, true], ['Picked 2 photos', 10, true]]);
    reopen();
    expect(value(catalog.redo(shoot)).text).toBe('Picked 2 photos');
    expect(value(catalog.redo(shoot)).changed).toEqual([{ id: a, marks: { flag: 'pick', rating: 5, label: 'Red' } }]);
    expect(catalog.redo(shoot)).toMatchObject({ ok: false, error: { code: 'nothing-to-undo' } });
    expect(catalog.history(shoot, 1)).toHaveLength(1);
  });

  test('a new step ends redo; a step that changes nothing is none', () => {
    const { shoot, ids } = shootOf(file('a.jpg'));
    const id = ids[0]!;
    value(catalog.decide(shoot, [{ id, change: { rating: 1 } }], 'Rated 1', 1));
    value(catalog.undo(shoot));
    expect(value(catalog.decide(shoot, [{ id, change: { flag: 'none', rating: 0 } }], 'Unflagged', 2)).changed).toEqual([]);
    expect(value(catalog.redo(shoot)).text).toBe('Rated 1');
    value(catalog.undo(shoot));
    value(catalog.decide(shoot, [{ id, change: { rating: 2 } }], 'Rated 2', 3));
    expect(catalog.redo(shoot)).toMatchObject({ ok: false, error: { code: 'nothing-to-undo' } });
    expect(catalog.history(shoot, 10).map((step) => step.text)).toEqual(['Rated 2']);
  });

  test('an unknown photo, or one of another shoot, changes nothing', () => {
    const { shoot, ids } = shootOf(file('a.jpg'));
    const other = catalog.openShoot('/photos/other', 'other', 2).id;
    catalog.syncFiles(other, [file('z.jpg')]);
    for (const id of [999, catalog.photos(other)[0]!.id])
      expect(catalog.decide(shoot, [{ id: ids[0]!, change: { rating: 5 } }, { id, change: { rating: 5 } }], 'Rated', 1)).toMatchObject({ ok: false, error: { code: 'not-found', photoId: id } });
    expect(catalog.photo(ids[0]!)!.marks).toEqual(noMarks);
    expect(catalog.history(shoot, 10)).toEqual([]);
  });

  test('the last of several changes of one photo counts, and undo goes back before the first', () => {
    const { shoot, ids } = shootOf(file('a.jpg'));
    const id = ids[0]!;
    const step = value(catalog.decide(shoot, [{ id, change: { rating: 1, label: 'Blue' } }, { id, change: { rating: 4 } }], 'Marked', 1));
    expect(step.changed).toEqual([{ id, marks: { flag: 'none', rating: 4, label: 'Blue' } }]);
    expect(value(catalog.undo(shoot)).changed).toEqual([{ id, marks: noMarks }]);
  });

  test('every shoot has its own', () => {
    const { shoot, ids } = shootOf(file('a.jpg'));
    const other = catalog.openShoot('/photos/other', 'other', 2).id;
    value(catalog.decide(shoot, [{ id: ids[0]!, change: { rating: 1 } }], 'Rated 1', 1));
    expect(catalog.undo(other)).toMatchObject({ ok: false, error: { code: 'nothing-to-undo' } });
    expect(catalog.history(other, 5)).toEqual([]);
  });
});

test('exports are remembered by destination and target', () => {
  const record = { destination: '/out', target: 'a.jpg', preset: 'web', source: '/photos/a.CR2', sourceSha256: shaA, sha256: shaB, bytes: 5, at: 7 };
  catalog.recordExport(record);
  catalog.recordExport({ ...record, bytes: 6, at: 8 });
  catalog.recordExport({ ...record, destination: '/else' });
  reopen();
  expect(catalog.exportsTo('/out')).toEqual(new Map([['a.jpg', { ...record, bytes: 6, at: 8 }]]));
  expect(catalog.exportsTo('/nowhere').size).toBe(0);
});

describe('the file', () => {
  test('is busy while it is open, and free afterwards', () => {
    expect(openSqlite(path)).toMatchObject({ ok: false, error: { code: 'catalog-busy' } });
    reopen();
    expect(catalog.shoots()).toEqual([]);
  });

  test('of a newer version is refused and not touched', () => {
    catalog.openShoot('/photos/a', 'a', 1);
    catalog.close();
    const raw = new DatabaseSync(path);
    raw.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    raw.close();
    const before = readFileSync(path);
    const db = openSqlite(path);
    expect(openCatalog(value(db), graph)).toMatchObject({ ok: false, error: { code: 'catalog-newer' } });
    expect(readFileSync(path)).toEqual(before);
    // a refused catalog is closed, not left locked
    expect(openSqlite(path).ok).toBe(true);
  });

  test('of another program is refused and not touched', () => {
    const other = join(temp.folder, 'other.lrcat');
    const raw = new DatabaseSync(other);
    raw.exec('CREATE TABLE images (id INTEGER)');
    raw.close();
    const before = readFileSync(other);
    expect(openSqlite(other)).toMatchObject({ ok: false, error: { code: 'catalog-unusable' } });
    expect(readFileSync(other)).toEqual(before);
    expect(readdirSync(temp.folder).sort()).toEqual(['deep', 'other.lrcat']);
  });

  test('that is text, a folder or below a file is unusable', () => {
    const text = join(temp.folder, 'text.sqlite');
    writeFileSync(text, 'This is no database at all, but a text that is long enough to be looked at. '.repeat(20));
    const folder = join(temp.folder, 'folder.sqlite');
    mkdirSync(folder);
    for (const bad of [text, folder, join(text, 'catalog.sqlite')]) expect(openSqlite(bad)).toMatchObject({ ok: false, error: { code: 'catalog-unusable' } });
    expect(readFileSync(text, 'utf8')).toMatch(/^This is no database/);
  });

  test('that is damaged behind its header is unusable', () => {
    shootOf(...Array.from({ length: 2000 }, (_, index) => file(`IMG_${index}.jpg`)));
    catalog.close();
    const bytes = readFileSync(path);
    const handle = openSync(path, 'r+');
    writeSync(handle, Buffer.alloc(bytes.length - 4096, 0x5a), 0, bytes.length - 4096, 4096); // the first page stays
    closeSync(handle);
    const db = openSqlite(path);
    expect(db.ok ? openCatalog(db.value, graph) : db).toMatchObject({ ok: false, error: { code: 'catalog-unusable' } });
  });

  test('that may not be written is unusable', (context) => {
    need(context, 'rights', rightsBind(), 'rights do not hold this user back');
    catalog.close();
    chmodSync(path, 0o444);
    chmodSync(join(temp.folder, 'deep'), 0o555);
    const db = openSqlite(path);
    chmodSync(join(temp.folder, 'deep'), 0o755);
    expect(db).toMatchObject({ ok: false, error: { code: 'catalog-unusable' } });
  });

  test('an older catalog is brought up to date in steps', () => {
    const old = join(temp.folder, 'old.sqlite');
    const db = value(openSqlite(old));
    expect(db.get('PRAGMA user_version')).toMatchObject({ user_version: 0 });
    const opened = value(openCatalog(db, graph));
    expect(db.get('PRAGMA user_version')).toMatchObject({ user_version: migrations.length });
    opened.close();
  });

  test('in memory works too', () => {
    const opened = openCatalogFile(':memory:');
    expect(opened.openShoot('/a', 'a', 1).id).toBe(1);
    opened.close();
  });
});

describe('places among the groups', () => {
  test('are steps of the same journal as marks, and go with a renamed file', () => {
    const { shoot, ids } = shootOf(file('a.jpg'), file('b.jpg'), file('c.jpg'));
    const [a, b, c] = ids as [number, number, number];
    value(catalog.decide(shoot, [{ id: a, change: { flag: 'pick' } }], 'Picked', 1));
    expect(value(catalog.place(shoot, [{ id: a, place: 'x' }, { id: b, place: 'x' }, { id: c, place: null }], 'Grouped', 2)).places).toEqual([{ id: a, place: 'x' }, { id: b, place: 'x' }]);
    expect(value(catalog.place(shoot, [{ id: a, place: 'x' }], 'Again', 3)).places).toEqual([]);
    reopen();
    expect(catalog.photos(shoot).map(({ place }) => place)).toEqual(['x', 'x', null]);
    expect(value(catalog.undo(shoot))).toEqual({ text: 'Grouped', changed: [], places: [{ id: a, place: null }, { id: b, place: null }], verdict: null });
    expect(value(catalog.undo(shoot))).toMatchObject({ text: 'Picked', places: [] });
    value(catalog.redo(shoot));
    expect(value(catalog.redo(shoot)).places).toEqual([{ id: a, place: 'x' }, { id: b, place: 'x' }]);
    expect(catalog.history(shoot, 9).map(({ text }) => text)).toEqual(['Grouped', 'Picked']);
    const refused = catalog.place(shoot, [{ id: c, place: 'y' }, { id: 99_999, place: 'y' }], 'Wrong', 4);
    expect([refused.ok, catalog.photo(c)!.place]).toEqual([false, null]);
    // a.jpg becomes d.jpg
    catalog.saveResults([{ photo: a, results: [identity(shaA, 1000)] }]);
    catalog.syncFiles(shoot, [file('b.jpg'), file('c.jpg'), file('d.jpg')]);
    const d = catalog.photos(shoot).find(({ path }) => path === 'd.jpg')!.id;
    catalog.saveResults([{ photo: d, results: [identity(shaA, 1000)] }]);
    expect(catalog.photo(d)).toMatchObject({ place: 'x', marks: { flag: 'pick' } });
  });

  test('the choice of a shoot is kept; what makes no sense is the usual', () => {
    const { shoot } = shootOf(file('a.jpg'));
    expect(catalog.grouping(shoot)).toEqual(defaultGrouping);
    const grouping = { choice: { window: 3, likeness: 10 }, shifts: { 'Maker Model': -3_600_000 } };
    value(catalog.setGrouping(shoot, grouping));
    reopen();
    expect(catalog.grouping(shoot)).toEqual(grouping);
    for (const text of ['not json', 'null', '{"choice":{"window":"x","likeness":1e9},"shifts":{"a":"b","c":1e300}}', '[]']) {
      catalog.close();
      const db = new DatabaseSync(path);
      db.prepare('UPDATE shoots SET grouping = ? WHERE id = ?').run(text, shoot);
      db.close();
      catalog = openCatalogFile(path);
      expect(catalog.grouping(shoot).shifts, text).toEqual({});
    }
  });
});

describe('sidecars', () => {
  const sidecar = (name: string, mtimeMs: number, rating: number | null): SidecarRow => ({
    path: name,
    bytes: 100,
    mtimeMs,
    version: 1,
    facts: rating === null ? null : { rating, label: 'Gr\u00fcn', flag: null, keywords: ['sea', 'sky'], forExtension: null },
    error: rating === null ? coded('truncated', 'It ends too early.') : null,
  });

  test('are kept by shoot and path, replaced, forgotten and listed in pages, across restarts', () => {
    const { shoot } = shootOf(file('a.jpg'));
    const other = catalog.openShoot('/photos/other', 'other', 1).id;
    const rows = ['a.xmp', 'b.xmp', 'c.xmp', 'd.xmp', 'e.xmp'].map((name, index) => sidecar(name, 1_700_000_000_000.25 + index, index === 3 ? null : index));
    catalog.saveSidecars(shoot, rows, []);
    catalog.saveSidecars(other, [sidecar('a.xmp', 5, 5)], []);
    reopen();
    expect(catalog.sidecars(shoot, '', 3)).toEqual(rows.slice(0, 3));
    expect(catalog.sidecars(shoot, 'c.xmp', 3)).toEqual(rows.slice(3));
    expect(catalog.sidecars(shoot, 'e.xmp', 3)).toEqual([]);
    const changed = sidecar('b.xmp', 9, null);
    catalog.saveSidecars(shoot, [changed], ['a.xmp', 'unknown.xmp']);
    expect(catalog.sidecars(shoot, '', 2)).toEqual([changed, rows[2]]);
    expect(catalog.sidecars(other, '', 10)).toEqual([sidecar('a.xmp', 5, 5)]);
  });

  test('of the first version come back after the upgrade, as made here for nothing; later ones keep place, bytes and cost', () => {
    const old = join(temp.folder, 'old-results.sqlite');
    const raw = value(openSqlite(old));
    raw.exec(`${migrations[0]!} PRAGMA user_version = 1;`);
    raw.exec(`INSERT INTO shoots VALUES (1, '/photos/old', 'old', 1); INSERT INTO photos (shoot_id, path, bytes, mtime_ms, content_key) VALUES (1, 'a.jpg', 1, 1, 'p:1');
      INSERT INTO results VALUES ('p:1', 'phash', ${graph.phash.version}, '{}', 'local', 'Here.', 1.5, '{"hash":"0123456789abcdef","usable":true,"view":""}', NULL, 1)`);
    raw.close();
    const upgraded = openCatalogFile(old);
    const [kept] = upgraded.resultsOf(1);
    expect(kept).toEqual({ stage: 'phash', version: graph.phash.version, place: 'local', placeReason: 'Here.', ms: 1.5, output: { hash: '0123456789abcdef', usable: true, view: '' }, error: null });
    const elsewhere = { ...answer('clip', { score: 5, model: 'a' }), place: 'lambda-arm64' as const, placeReason: 'There.', bytesSent: 53_333, usd: 0.000_002_8 };
    upgraded.saveResults([{ photo: 1, results: [elsewhere] }]);
    upgraded.close();
    const again = openCatalogFile(old);
    expect(again.resultsOf(1)).toEqual([kept, elsewhere]);
    again.close();
  });

  test('come to a catalog of the first version without touching what is in it', () => {
    const old = join(temp.folder, 'old.sqlite');
    const raw = value(openSqlite(old));
    raw.exec(`${migrations[0]!} PRAGMA user_version = 1;`);
    raw.exec("INSERT INTO shoots VALUES (1, '/photos/old', 'old', 1); INSERT INTO photos (shoot_id, path, bytes, mtime_ms, content_key, rating) VALUES (1, 'a.jpg', 1, 1, 'p:1', 4);");
    raw.close();
    const upgraded = openCatalogFile(old);
    expect(upgraded.photos(1)).toMatchObject([{ path: 'a.jpg', marks: { rating: 4 } }]);
    upgraded.saveSidecars(1, [sidecar('a.xmp', 1, 2)], []);
    upgraded.close();
    const again = openCatalogFile(old);
    expect(again.sidecars(1, '', 10)).toEqual([sidecar('a.xmp', 1, 2)]);
    again.close();
  });
});
