/** Listens to the keyboard of the window and runs commands. Never waits for the engine. */
import { useShoot } from '../state/shoot.ts';
import { useView } from '../state/view.ts';
import { noteKey } from '../pixels/timing.ts';
import type { Keymap, Place } from './command.ts';
import { createKeyTable } from './keys.ts';
import { commands } from './table.ts';

function currentPlace(): Place {
  if (useShoot.getState().status !== 'open') return 'welcome';
  return useView.getState().mode;
}

/** Starts listening; returns a function that stops. */
export function listenToKeys(keymap: Keymap): () => void {
  const table = createKeyTable(keymap, commands);
  const watchCapsLock = (event: KeyboardEvent): void => {
    const autoAdvance = event.getModifierState('CapsLock');
    if (autoAdvance !== useView.getState().autoAdvance) useView.setState({ autoAdvance });
  };
  const press = (event: KeyboardEvent): void => {
    watchCapsLock(event);
    if (event.defaultPrevented || event.isComposing || useView.getState().dialog !== 'none' || belongsToControl(event)) return;
    const found = table.find(event, currentPlace());
    if (!found) return;
    event.preventDefault();
    if (event.repeat && !found.command.repeats) return;
    noteKey(found.command.id, event.timeStamp);
    found.command.run({ advance: found.binding.advance === true || useView.getState().autoAdvance });
  };
  window.addEventListener('keydown', press);
  window.addEventListener('keyup', watchCapsLock);
  return () => {
    window.removeEventListener('keydown', press);
    window.removeEventListener('keyup', watchCapsLock);
  };
}

/** Typing into a field, or pressing a button that has the keyboard, is not a command. */
function belongsToControl(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('dialog[open]')) return true;
  if (target instanceof HTMLInputElement && target.type === 'range') return /^(Arrow|Home|End|Page)/.test(event.key);
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement) return true;
  const acts = target.closest('button, summary, a[href]');
  return acts !== null && (event.key === ' ' || event.key === 'Enter');
}
