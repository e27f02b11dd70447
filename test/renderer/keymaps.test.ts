/** Keymaps and commands are data; here the data are held against each other and against the key table that people read. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findClashes, isWellFormed, splitKey } from '../../renderer/commands/clashes.ts';
import type { Command, Keymap } from '../../renderer/commands/command.ts';
import { chooseKeymap, createKeyTable, keysOf, namesOf, spellKey } from '../../renderer/commands/keys.ts';
import type { KeyPress } from '../../renderer/commands/keys.ts';
import { lightroomMac, lightroomOther } from '../../renderer/commands/keymaps/lightroom.ts';
import { commands } from '../../renderer/commands/table.ts';
import { projectFolder } from '../config/needs.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({ key, code: '', ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...more });
const command = (id: string, where: Command['where'] = ['grid']): Command => ({ id, title: id, section: 'Marks', where, run: () => undefined });
const keymap = (...bindings: Keymap['bindings']): Keymap => ({ name: 'test', platform: 'other', bindings });

describe('the keymaps that ship', () => {
  it.each([lightroomMac, lightroomOther])('have no clash on $platform', (shipped) => {
    expect(findClashes(shipped, commands)).toEqual([]);
  });

  it('belong to commands with ids of their own', () => {
    expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length);
  });

  it('do what the key table of the README says', () => {
    const table = createKeyTable(lightroomOther, commands);
    const [, section = ''] = /\n## Keys\n([^]*?)\n## /.exec(readFileSync(join(projectFolder, 'README.md'), 'utf8')) ?? [];
    // key, does, key, does
    const told = section.split('\n').flatMap((line) => [line.split('|')[1] ?? '', line.split('|')[3] ?? '']).flatMap((cell) => cell.split(/[ ,]+/));
    const expected: [string, string][] = [
      ['P', 'mark.pick'], ['X', 'mark.reject'], ['U', 'mark.unflag'], ['`', 'mark.toggle-flag'], ['[', 'mark.rating-down'], [']', 'mark.rating-up'],
      ['G', 'look.grid'], ['E', 'look.loupe'], ['Enter', 'look.loupe'], ['Z', 'look.zoom'], ['I', 'look.info'], ['?', 'window.keys'], ['Home', 'move.first'], ['End', 'move.last'],
    ];
    for (const [key, id] of expected) {
      expect(told).toContain(key);
      expect(table.find(press(key.length === 1 ? key.toLowerCase() : key), 'loupe')?.command.id ?? `nothing on ${key}`).toBe(id);
    }
  });

  it('have the keys of 0 to 5 stars and of four labels, with Shift to go on', () => {
    const table = createKeyTable(lightroomOther, commands);
    for (let stars = 0; stars <= 5; stars += 1) {
      expect(table.find(press(String(stars)), 'grid')?.command.id).toBe(`mark.rating-${stars}`);
      const advancing = table.find(press('%', { code: `Digit${stars}`, shiftKey: true }), 'grid');
      expect(advancing?.command.id).toBe(`mark.rating-${stars}`);
      expect(advancing?.binding.advance).toBe(true);
    }
    expect(['6', '7', '8', '9'].map((key) => table.find(press(key), 'grid')?.command.id)).toEqual(['mark.label-red', 'mark.label-yellow', 'mark.label-green', 'mark.label-blue']);
  });

  it('tell grid and loupe apart', () => {
    const table = createKeyTable(lightroomOther, commands);
    expect(table.find(press('ArrowDown'), 'grid')?.command.id).toBe('move.row-down');
    expect(table.find(press('ArrowDown'), 'loupe')?.command.id).toBe('move.group-next');
    expect(table.find(press('p'), 'welcome')).toBeNull();
    expect(table.find(press('?', { shiftKey: true }), 'welcome')?.command.id).toBe('window.keys');
  });

  it('use the main modifier of the platform', () => {
    const mac = createKeyTable(lightroomMac, commands);
    const other = createKeyTable(lightroomOther, commands);
    expect(mac.find(press('z', { metaKey: true }), 'grid')?.command.id).toBe('mark.undo');
    expect(mac.find(press('z', { metaKey: true, shiftKey: true }), 'grid')?.command.id).toBe('mark.redo');
    expect(mac.find(press('z', { ctrlKey: true }), 'grid')).toBeNull();
    expect(other.find(press('z', { ctrlKey: true }), 'grid')?.command.id).toBe('mark.undo');
    expect(other.find(press('y', { ctrlKey: true }), 'grid')?.command.id).toBe('mark.redo');
    expect(chooseKeymap('MacIntel')).toBe(lightroomMac);
    expect(chooseKeymap('Win32')).toBe(lightroomOther);
    expect(chooseKeymap('Linux x86_64')).toBe(lightroomOther);
  });
});

describe('findClashes', () => {
  it('finds two commands on one key in one place, and only there', () => {
    const both = [command('a', ['grid', 'loupe']), command('b', ['loupe'])];
    expect(findClashes(keymap({ key: 'P', command: 'a' }, { key: 'P', command: 'b' }), both)).toEqual([{ kind: 'same-key', key: 'P', commands: ['a', 'b'] }]);
    const apart = [command('a', ['grid']), command('b', ['loupe'])];
    expect(findClashes(keymap({ key: 'P', command: 'a' }, { key: 'P', command: 'b' }), apart)).toEqual([]);
  });

  it('finds keys for commands that are not there, commands without a key, and keys that cannot be pressed', () => {
    expect(findClashes(keymap({ key: 'P', command: 'gone' }), [])).toEqual([{ kind: 'unknown-command', key: 'P', commands: ['gone'] }]);
    expect(findClashes(keymap(), [command('a')])).toEqual([{ kind: 'unreachable-command', key: '', commands: ['a'] }]);
    expect(findClashes(keymap({ key: 'p', command: 'a' }), [command('a')])).toEqual([{ kind: 'bad-key', key: 'p', commands: ['a'] }]);
  });

  it('knows the one spelling of a key', () => {
    expect(['P', '[', '+', 'Ctrl++', 'Ctrl+Shift+Z', 'Shift+Meta+Z', 'ArrowLeft', 'Space'].filter((key) => !isWellFormed(key))).toEqual([]);
    expect(['p', ' ', '', 'Shift+Ctrl+Z', 'Meta+Shift+Z', 'Cmd+Z', 'arrowLeft', 'Ctrl+Ctrl+Z'].filter(isWellFormed)).toEqual([]);
    expect(splitKey('Ctrl++')).toEqual({ modifiers: ['Ctrl'], name: '+' });
  });
});

describe('namesOf', () => {
  it('names letters, characters and named keys', () => {
    expect(namesOf(press('p'))[0]).toBe('P');
    expect(namesOf(press('P', { shiftKey: true }))[0]).toBe('Shift+P');
    expect(namesOf(press(' '))[0]).toBe('Space');
    expect(namesOf(press('?', { shiftKey: true }))).toEqual(['?', 'Shift+?']);
    expect(namesOf(press('ArrowLeft', { shiftKey: true }))).toEqual(['Shift+ArrowLeft']);
  });

  it('falls back to the place of the key on other keyboards', () => {
    // the 3 of a French keyboard makes ", the P key of a Greek one π
    expect(namesOf(press('"', { code: 'Digit3' }))).toContain('3');
    expect(namesOf(press('π', { code: 'KeyP' }))).toContain('P');
    // [ of a German keyboard is AltGr+8, which some systems tell as Ctrl and Alt
    expect(namesOf(press('[', { code: 'Digit8', ctrlKey: true, altKey: true }))).toContain('[');
  });
});

describe('keys as people read them', () => {
  it('are spelled for the platform', () => {
    expect(spellKey('Ctrl+Shift+Z', 'other')).toBe('Ctrl+Shift+Z');
    expect(spellKey('Shift+Meta+Z', 'mac')).toBe('⇧⌘Z');
    expect(spellKey('ArrowLeft', 'other')).toBe('←');
    expect(keysOf(lightroomOther, 'look.loupe')).toEqual(['E']);
  });
});
