/** The keymap in use: the hands are on this machine's keyboard, so the browser's platform decides. */
import { chooseKeymap, keysOf } from './keys.ts';

export const keymap = chooseKeymap(navigator.platform);

/** The first key of a command for a tooltip; undefined where it has none. */
export function keyOf(command: string): string | undefined {
  return keysOf(keymap, command)[0];
}
