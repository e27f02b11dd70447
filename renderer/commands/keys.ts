/** From a key press to a command. Looks keys up in the keymap and knows nothing about what they do. */
import type { Binding, Command, Keymap, Place } from './command.ts';
import { splitKey } from './clashes.ts';
import { lightroomMac, lightroomOther } from './keymaps/lightroom.ts';

/** The part of a browser's KeyboardEvent that matters here. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

/**
 * Names under which a press may stand in a keymap, best first: by the character it makes, then by the place of the key, so that
 * digits on a French and letters on a Greek keyboard still work.
 */
export function namesOf(press: KeyPress): string[] {
  const modifiers = [press.ctrlKey && 'Ctrl', press.altKey && 'Alt'].filter(Boolean);
  const compose = (name: string, shift: boolean): string => [...modifiers, shift && 'Shift', press.metaKey && 'Meta', name].filter(Boolean).join('+');
  const names: string[] = [];
  const character = press.key === ' ' ? 'Space' : press.key.length === 1 ? press.key.toUpperCase() : press.key;
  const isLetter = /^[A-Z]$/.test(character);
  const isName = character.length > 1;
  if (isLetter || isName) names.push(compose(character, press.shiftKey));
  // a character that needs Shift on this keyboard, such as ?, is named without it
  else names.push(compose(character, false), compose(character, press.shiftKey));
  // the right Alt key of many keyboards, which makes [ and ], says Ctrl and Alt
  if (!isLetter && !isName && press.ctrlKey && press.altKey) names.push(character);
  const place = nameOfPlace(press.code);
  if (place !== null) names.push(compose(place, press.shiftKey));
  return [...new Set(names)];
}

function nameOfPlace(code: string): string | null {
  if (/^Key[A-Z]$/.test(code)) return code.slice(3);
  if (/^(Digit|Numpad)[0-9]$/.test(code)) return code.at(-1)!;
  return { Backquote: '`', BracketLeft: '[', BracketRight: ']', Minus: '-', Equal: '=', Backslash: '\\' }[code] ?? null;
}

export interface KeyTable {
  find(press: KeyPress, place: Place): { command: Command; binding: Binding } | null;
}

export function createKeyTable(keymap: Keymap, commands: readonly Command[]): KeyTable {
  const byId = new Map(commands.map((command) => [command.id, command]));
  const slots = new Map<string, { command: Command; binding: Binding }>();
  for (const binding of keymap.bindings) {
    const command = byId.get(binding.command);
    for (const place of command?.where ?? []) slots.set(`${place} ${binding.key}`, { command: command!, binding });
  }
  return {
    find(press, place) {
      for (const name of namesOf(press)) {
        const found = slots.get(`${place} ${name}`);
        if (found) return found;
      }
      return null;
    },
  };
}

/** @param platform as of `navigator.platform`. */
export function chooseKeymap(platform: string): Keymap {
  return /mac/i.test(platform) ? lightroomMac : lightroomOther;
}

const macSigns: Record<string, string> = { Ctrl: '⌃', Alt: '⌥', Shift: '⇧', Meta: '⌘' };
const wordOf: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageUp: 'Page Up',
  PageDown: 'Page Down',
  Escape: 'Esc',
};

/** A key as a person reads it: `Ctrl+Z`, on a Mac `⌘Z`. */
export function spellKey(key: string, platform: Keymap['platform']): string {
  const { modifiers, name } = splitKey(key);
  const word = wordOf[name] ?? name;
  if (platform === 'mac') return modifiers.map((modifier) => macSigns[modifier] ?? modifier).join('') + word;
  return [...modifiers, word].join('+');
}

/** Keys of a command as the help shows them. */
export function keysOf(keymap: Keymap, command: string): string[] {
  return keymap.bindings.filter((binding) => binding.command === command && binding.shown !== false).map((binding) => spellKey(binding.key, keymap.platform));
}
