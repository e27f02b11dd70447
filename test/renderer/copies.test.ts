import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { CopiesElsewhere } from '../../renderer/reasons/copies.tsx';

type Copies = Parameters<typeof CopiesElsewhere>[0]['copies'];

/** What a person reads, a line an item. */
function read(copies: Copies): string[] {
  const html = renderToStaticMarkup(createElement(CopiesElsewhere, { copies }));
  return html.replaceAll(/<\/(?:li|h3)>/g, '\n').replaceAll(/<[^>]*>/g, '').split('\n').filter(Boolean);
}

const copy = (shoot: string, isPresent = true, isSameFile = true): Copies['list'][number] => ({ shoot, path: 'card/DSC_1.NEF', isPresent, isSameFile });

test('nothing is said of a photo that is nowhere else', () => {
  expect(read({ count: 0, present: 0, isMore: false, list: [] })).toEqual([]);
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
