/** Finds what is wrong with a keymap. The gate runs it over every keymap that ships. */
import type { Command, Keymap } from './command.ts';

export interface Clash {
  readonly kind: 'same-key' | 'unknown-command' | 'bad-key' | 'unreachable-command';
  readonly key: string;
  readonly commands: readonly string[];
}

const modifierOrder = ['Ctrl', 'Alt', 'Shift', 'Meta'];

/** True for the one spelling of a key that the dispatcher looks up: modifiers in order, letters in capitals. */
export function isWellFormed(key: string): boolean {
  const { modifiers, name } = splitKey(key);
  const places = modifiers.map((modifier) => modifierOrder.indexOf(modifier));
  if (places.includes(-1) || places.some((place, at) => at > 0 && place <= places[at - 1]!)) return false;
  return name !== '' && (name.length > 1 ? /^[A-Z][A-Za-z0-9]*$/.test(name) : name === name.toUpperCase() && name !== ' ');
}

/** `Ctrl+Shift+Z` -> modifiers and `Z`; the key `+` is its own name. */
export function splitKey(key: string): { modifiers: readonly string[]; name: string } {
  const parts = key.endsWith('+') ? [...key.slice(0, -1).split('+').filter(Boolean), '+'] : key.split('+');
  return { modifiers: parts.slice(0, -1), name: parts.at(-1)! };
}

/** Two commands on one key in one place, keys for commands that are not there, spellings that can never be pressed, commands without a key. */
export function findClashes(keymap: Keymap, commands: readonly Command[]): Clash[] {
  const byId = new Map(commands.map((command) => [command.id, command]));
  const clashes: Clash[] = [];
  const taken = new Map<string, string>();
  for (const { key, command: id } of keymap.bindings) {
    const command = byId.get(id);
    if (!command) {
      clashes.push({ kind: 'unknown-command', key, commands: [id] });
      continue;
    }
    if (!isWellFormed(key)) clashes.push({ kind: 'bad-key', key, commands: [id] });
    for (const place of command.where) {
      const slot = `${place} ${key}`;
      const other = taken.get(slot);
      if (other !== undefined) clashes.push({ kind: 'same-key', key, commands: [other, id] });
      else taken.set(slot, id);
    }
  }
  const bound = new Set(keymap.bindings.map((binding) => binding.command));
  for (const command of commands) if (!bound.has(command.id)) clashes.push({ kind: 'unreachable-command', key: '', commands: [command.id] });
  return clashes;
}
