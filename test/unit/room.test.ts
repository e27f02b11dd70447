/** What a decode child has no room for is left to a fresh process; what no process has the room for is done all the same. */
import { expect, test } from 'vitest';
import { NoRoom, createRoom } from '../../main/workers/room.ts';

test('a process that has worked before renders what fits, and leaves the rest to a fresh one', () => {
  const used = createRoom(() => false);
  // this process alone takes more than the 25 MB that are left beside 50 megapixels
  expect(() => used.forRendering(50_000_000)).toThrow(NoRoom);
  const free = createRoom(() => true);
  expect(() => free.forRendering(50_000_000)).not.toThrow();
  expect(() => free.forRendering(null)).not.toThrow();
  const { rss } = process.memoryUsage();
  if (rss < 350_000_000) expect(() => used.forRendering(1)).not.toThrow();
});
