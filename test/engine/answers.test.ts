/** Answers of stages wait in memory and are written in batches; a catalog whose disk is full loses none of them and stops nothing. */
import { describe, expect, it } from 'vitest';
import { CodedFailure, coded } from '../../main/base/index.ts';
import { openCatalog } from '../../main/catalog/index.ts';
import type { Catalog } from '../../main/catalog/types.ts';
import { openSqlite } from '../../main/adapters/sqlite/index.ts';
import type { StageResult } from '../../main/domain/index.ts';
import { createAnswerStore } from '../../main/features/library/work.ts';
import { graph } from '../../main/pipeline/index.ts';
import type { Log, SqlDatabase } from '../../main/ports/index.ts';

const phash: StageResult = {
  stage: 'phash', version: graph.phash.version, place: 'local', placeReason: 'Here.', ms: 1, output: { hash: '0123456789abcdef', usable: true, view: '' }, error: null,
};

/** A real catalog on a database whose disk can be filled. */
function setUp() {
  const opened = openSqlite(':memory:');
  if (!opened.ok) throw new Error(opened.error.message);
  let isFull = false;
  const database: SqlDatabase = {
    ...opened.value,
    transaction(work) {
      if (isFull) throw new CodedFailure(coded('disk-full', 'The disk that the catalog is on is full.'));
      return opened.value.transaction(work);
    },
  };
  const made = openCatalog(database, graph);
  if (!made.ok) throw new Error(made.error.message);
  const catalog: Catalog = made.value;
  const { id } = catalog.openShoot('/shoot', 'shoot', 1);
  catalog.syncFiles(id, [{ path: 'a.jpg', bytes: 1, mtimeMs: 1 }]);
  const photo = catalog.photos(id)[0]!.id;
  const warnings: string[] = [];
  const timers: (() => void)[] = [];
  const log: Log = { info: () => undefined, warn: (text) => void warnings.push(text), bug: (where) => void warnings.push(`bug ${where}`) };
  const clock = { now: () => 0, after: (_ms: number, work: () => void) => (timers.push(work), () => undefined) };
  const answers = createAnswerStore(catalog, clock, log, { onMarks: () => undefined, onStored: () => undefined });
  return { catalog, answers, photo, warnings, tick: () => timers.splice(0).forEach((work) => work()), fill: (full: boolean) => (isFull = full) };
}

describe('answers of stages', () => {
  it('are known at once and written a moment later', () => {
    const { catalog, answers, photo, tick } = setUp();
    answers.put(photo, [phash]);
    expect(answers.resultsOf(photo)).toEqual([phash]);
    expect(catalog.resultsOf(photo)).toEqual([]);
    tick();
    expect(catalog.resultsOf(photo)).toEqual([phash]);
  });

  it('outlive a full disk: kept, told, and written when there is room again', () => {
    const { catalog, answers, photo, warnings, tick, fill } = setUp();
    fill(true);
    answers.put(photo, [phash]);
    tick();
    expect(warnings).toEqual(['What was measured could not be stored: The disk that the catalog is on is full.']);
    expect(answers.resultsOf(photo)).toEqual([phash]);
    fill(false);
    answers.flush();
    expect(catalog.resultsOf(photo)).toEqual([phash]);
  });
});
