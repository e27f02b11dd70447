/** `npm run bench -- search` on few hashes, on a machine without a C compiler; and the plot. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { hashDistance } from '../../main/domain/index.ts';
import type { HashBits } from '../../main/domain/index.ts';
import { createBkTree } from '../bench/bk-tree.ts';
import { bytesOf, hashesOf, plantHashes } from '../bench/search-hashes.ts';
import { plotGrowth } from '../bench/search-plot.ts';
import { projectFolder } from '../config/needs.ts';

test('measures small numbers, and says what it cannot without a compiler', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'parjanya-bench-test-'));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [join(projectFolder, 'test', 'bench', 'main.ts'), 'search', '--sizes', '2000'], {
      env: { ...process.env, PATH: empty },
    });
    expect(stdout).toMatch(/2,000 planted hashes: all pairs within 10 bits +\| [\d,.]+ ms of processor, 66\d pairs +\| BK-tree/);
    expect(stdout).toMatch(/2,000 planted hashes: against C +\| not measured +\| no C compiler here/);
    expect(stdout).toMatch(/2,000 copies of one picture without times, grouped +\| [\d,.]+ ms of processor, 1 group/);
    expect(stdout).toMatch(/2,000 equal hashes: all pairs told one by one +\| .* 1,999,000 pairs/);
    expect(stdout).not.toContain('Not measured:');
  } finally {
    await rm(empty, { recursive: true, force: true });
  }
}, 600_000);

test('planted hashes: every third is at most ten bits from the one before, and files give back what went in', () => {
  const hashes = plantHashes(3000, 4);
  const at = (place: number): HashBits => [hashes.high[place]!, hashes.low[place]!];
  const distances = Array.from({ length: 1000 }, (_, third) => hashDistance(at(3 * third + 1), at(3 * third + 2)));
  expect(Math.min(...distances)).toBe(1);
  expect(Math.max(...distances)).toBe(10);
  expect(hashesOf(bytesOf(hashes))).toEqual(hashes);
});

test('the BK-tree finds what comparing with everything finds', () => {
  const { high, low } = plantHashes(400, 8);
  const tree = createBkTree();
  const hashes = Array.from(high, (value, place): HashBits => [value, low[place]!]);
  hashes.forEach((hash, place) => tree.add(hash, place));
  for (const hash of hashes.slice(0, 100)) {
    const found: number[] = [];
    tree.search(hash, 20, (place, distance) => {
      expect(distance).toBe(hashDistance(hash, hashes[place]!));
      found.push(place);
    });
    expect(found.sort((a, b) => a - b)).toEqual(hashes.flatMap((other, place) => (hashDistance(hash, other) <= 20 ? [place] : [])));
  }
});

test('the plot has a line for each, higher for what takes longer, and its axes named', () => {
  const svg = plotGrowth([
    { name: 'fast', points: [{ count: 1000, ms: 1 }, { count: 100_000, ms: 10 }] },
    { name: 'slow', points: [{ count: 1000, ms: 10 }, { count: 100_000, ms: 10_000 }] },
  ]);
  const ends = [...svg.matchAll(/<path d="M(\d+) (\d+)L(\d+) (\d+)" fill="none"/g)].map((match) => match.slice(1).map(Number));
  expect(ends).toHaveLength(2);
  expect(ends[0]![3]!).toBeGreaterThan(ends[1]![3]!);
  expect(ends[0]![1]!).toBeGreaterThan(ends[0]![3]!);
  for (const words of ['>fast<', '>slow<', '>hashes<', '>100,000<', '>10 s<', 'processor time']) expect(svg).toContain(words);
});
