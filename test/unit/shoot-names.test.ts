/** Shoots of one name are told apart by the folders around them. */
import { expect, test } from 'vitest';
import { tellShootsApart } from '../../main/domain/index.ts';

const tell = (...folders: string[]): string[] => {
  const told = tellShootsApart(folders.map((folder, id) => ({ id, folder, name: folder.split(/[/\\]/).at(-1)! })));
  return folders.map((_, id) => told.get(id)!);
};

test('a name that is there once is enough', () => {
  expect(tell('/a/Friday', '/a/Saturday', '/Sunday')).toEqual(['Friday', 'Saturday', 'Sunday']);
  expect(tell()).toEqual([]);
});

test('of one name, each has the shortest way that no other has', () => {
  expect(tell('/a/Anna/Friday', '/a/Ben/Friday', '/b/Friday')).toEqual(['Friday (in Anna)', 'Friday (in Ben)', 'Friday (in b)']);
  expect(tell('/x/2023/May/Friday', '/x/2024/May/Friday', '/x/2024/June/Friday')).toEqual(['Friday (in 2023/May)', 'Friday (in 2024/May)', 'Friday (in June)']);
  expect(tell('C:\\Photos\\Friday', 'D:\\Photos\\Friday', '/Friday')).toEqual(['Friday (in C:/Photos)', 'Friday (in D:/Photos)', 'Friday (in /)']);
  expect(tell('/May/Friday', '/x/May/Friday')).toEqual(['Friday (in /May)', 'Friday (in x/May)']);
});
