import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { NearCopies } from '../../main/contract/index.ts';
import { CopiesElsewhere } from '../../renderer/reasons/copies.tsx';

type Copies = Parameters<typeof CopiesElsewhere>[0]['copies'];

/** What a person reads, a line an item. */
function read(copies: Copies, near: NearCopies | null = null): string[] {
  const html = renderToStaticMarkup(createElement(CopiesElsewhere, { copies, near }));
  return html.replaceAll(/<\/(?:li|h3)>/g, '\n').replaceAll(/<[^>]*>/g, '').split('\n').filter(Boolean);
}

const copy = (shoot: string, isPresent = true, isSameFile = true): Copies['list'][number] => ({ shoot, path: 'card/DSC_1.NEF', isPresent, isSameFile });

const none: Copies = { count: 0, present: 0, isMore: false, list: [] };

test('nothing is said of a photo that is nowhere else', () => {
  expect(read(none)).toEqual([]);
  expect(read(none, { count: 0, isMore: false, list: [] })).toEqual([]);
});

test('what looks nearly the same is named with what tells it apart', () => {
  const near = { shoot: 'Friday (in Anna)', path: 'web/DSC_1.jpg', bits: 3, gapMs: 0, position: null };
  const list = [near, { ...near, bits: 0, gapMs: null }, { ...near, bits: 1, gapMs: 12_400 }, { ...near, bits: 2, position: 'turned by 180°' }, { ...near, gapMs: 3 * 86_400_000 }];
  expect(read(none, { count: 7, isMore: false, list })).toEqual([
    'Nearly the same in other shoots',
    'Also in Friday (in Anna): web/DSC_1.jpg (edited or exported: 3 of 64 features differ)',
    'Also in Friday (in Anna): web/DSC_1.jpg (edited or exported: none of 64 features differs)',
    'Also in Friday (in Anna): web/DSC_1.jpg (taken 12 seconds apart: 1 of 64 features differs)',
    'Also in Friday (in Anna): web/DSC_1.jpg (edited or exported, turned by 180°: 2 of 64 features differ)',
    'Also in Friday (in Anna): web/DSC_1.jpg (taken 3 days apart: 3 of 64 features differ)',
    'and 2 others',
  ]);
});

test('each copy is named with its shoot, and what is different about it', () => {
  expect(read({ count: 3, present: 2, isMore: false, list: [copy('Backup'), copy('Edited', true, false), copy('Old card', false)] })).toEqual([
    'Copies in other shoots',
    'Also in Backup: card/DSC_1.NEF',
    'Also in Edited: card/DSC_1.NEF (with other metadata)',
    'Was in Old card: card/DSC_1.NEF, not there any more',
  ]);
});

test('many are counted, and more than were counted said to be more', () => {
  const list = Array.from({ length: 20 }, () => copy('Backup'));
  expect(read({ count: 250, present: 250, isMore: true, list }).slice(1)).toEqual([...Array.from({ length: 5 }, () => 'Also in Backup: card/DSC_1.NEF'), 'and at least 245 others']);
  expect(read({ count: 6, present: 6, isMore: false, list: list.slice(0, 6) }).at(-1)).toBe('and 1 other');
});
