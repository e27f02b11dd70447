/** What else can lie in a folder of photos, and what can happen to a file while it is read. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { drawScene, makeJpeg, makeRaw } from '../fixtures/index.ts';
import { isHarmful } from '../fuzz/child.ts';
import { findProgram, need } from '../config/needs.ts';
import { lookAt, useDecodeBench } from './decode-kit.ts';
import { createHome, listAll, openAndFinish } from './engine-kit.ts';

const home = createHome();
const bench = useDecodeBench();

afterAll(() => home.close());

test('pipes, sockets, folders and links under the names of photos, and names of every kind: nothing waits, nothing is lost', { timeout: 240_000 }, async (context) => {
  const mkfifo = findProgram('mkfifo');
  need(context, 'mkfifo', process.platform !== 'win32' && mkfifo !== null, 'this system has no named pipes');
  const folder = join(home.folder, 'odd');
  mkdirSync(join(folder, 'IMG_0001.CR2'), { recursive: true });
  const jpeg = await makeJpeg(drawScene({ seed: 71, width: 96, height: 64 }));
  execFileSync(mkfifo!, [join(folder, 'pipe.jpg')]);
  const server = createServer().listen(join(folder, 'socket.NEF'));
  symlinkSync('/dev/zero', join(folder, 'device.jpg'));
  symlinkSync('loop-b.jpg', join(folder, 'loop-a.jpg'));
  symlinkSync('loop-a.jpg', join(folder, 'loop-b.jpg'));
  symlinkSync('nowhere.jpg', join(folder, 'dangling.jpg'));
  writeFileSync(join(folder, 'empty.jpg'), '');
  writeFileSync(join(folder, 'one-byte.CR3'), new Uint8Array([0xff]));
  const good = ['two\nlines.jpg', '  blanks  .jpg', 'quote"\'`$(x).jpg', `${'long'.repeat(62)}.jpg`, 'r\u202egpj.jpg', '\u4e09\u{1f4f7}.jpg', '%2e%2e%2f.jpg', 'back\\slash.jpg', '-rf.jpg'];
  for (const name of good) writeFileSync(join(folder, name), jpeg);
  // A name that is no UTF-8: it cannot be spelled here, so it cannot be opened either, and that is told.
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/bad-`), Buffer.from([0xff, 0xfe]), Buffer.from('.jpg')]), jpeg);

  const { engine, api } = await home.open();
  const shoot = await openAndFinish(engine, api, folder);
  server.close();
  const rows = await listAll(api, shoot);
  expect([...rows.keys()].sort()).toEqual([...good, 'empty.jpg', 'one-byte.CR3'].sort());
  for (const name of good) expect([rows.get(name)?.error, rows.get(name)?.pixels === null], name).toEqual([null, false]);
  expect([rows.get('empty.jpg')?.error, rows.get('one-byte.CR3')?.error]).toEqual(['empty-file', 'not-a-photo']);
  expect(home.bugs).toEqual([]);
});

test('a file that is cut, replaced or grows while it is read: a picture or a code, every time', { timeout: 240_000 }, async () => {
  const jpeg = await makeJpeg(drawScene({ seed: 72, width: 900, height: 600, noise: 4 }));
  const raw = makeRaw('nef', { previews: [jpeg], exif: { date: '2024:05:01 12:00:00' }, rawBytes: 3_000_000 });
  const path = bench.put('changing.NEF', raw);
  let turn = 0;
  const timer = setInterval(() => {
    turn += 1;
    if (turn % 3 === 0) writeFileSync(path, turn % 2 ? raw : jpeg);
    else truncateSync(path, (turn * 7_919) % (raw.length * 2));
  }, 1);
  try {
    for (let round = 0; round < 20; round++) {
      const looked = await Promise.all([lookAt(bench.pool, path), bench.pool.picture({ path, size: 'full', known: {} }, {})]);
      const codes = [looked[0].error?.code, ...Object.values(looked[0].errors).map(({ code }) => code), looked[1].ok ? undefined : looked[1].error.code];
      expect(codes.filter((code) => code !== undefined && isHarmful(code))).toEqual([]);
      expect(looked[0].thumbnail !== null || codes[0] !== undefined || looked[0].errors.preview !== undefined).toBe(true);
    }
  } finally {
    clearInterval(timer);
  }
  expect(turn).toBeGreaterThan(20);
});
