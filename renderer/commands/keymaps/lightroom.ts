/** Lightroom Classic's keys (Library module), which the hands of most photographers know. */
import type { Binding, Keymap } from '../command.ts';

const marks: readonly Binding[] = [
  { key: 'P', command: 'mark.pick' },
  { key: 'X', command: 'mark.reject' },
  { key: 'U', command: 'mark.unflag' },
  { key: '`', command: 'mark.toggle-flag' },
  { key: '1', command: 'mark.rating-1' },
  { key: '2', command: 'mark.rating-2' },
  { key: '3', command: 'mark.rating-3' },
  { key: '4', command: 'mark.rating-4' },
  { key: '5', command: 'mark.rating-5' },
  { key: '0', command: 'mark.rating-0' },
  { key: '[', command: 'mark.rating-down' },
  { key: ']', command: 'mark.rating-up' },
  { key: '6', command: 'mark.label-red' },
  { key: '7', command: 'mark.label-yellow' },
  { key: '8', command: 'mark.label-green' },
  { key: '9', command: 'mark.label-blue' },
];

/** Ctrl or Cmd+G and Shift with it are Lightroom's for stacks; the others are near them. */
const groups: readonly Binding[] = [
  { key: 'Shift+G', command: 'groups.panel' },
  { key: 'Shift+S', command: 'groups.split' },
  { key: 'Shift+W', command: 'weights.panel' },
  { key: 'Alt+G', command: 'groups.join' },
  { key: 'Alt+Shift+G', command: 'groups.rules' },
];

const plain: readonly Binding[] = [
  { key: 'ArrowLeft', command: 'move.previous' },
  { key: 'ArrowRight', command: 'move.next' },
  { key: 'ArrowUp', command: 'move.row-up' },
  { key: 'ArrowDown', command: 'move.row-down' },
  { key: 'ArrowUp', command: 'move.group-previous' },
  { key: 'ArrowDown', command: 'move.group-next' },
  { key: 'PageUp', command: 'move.page-up' },
  { key: 'PageDown', command: 'move.page-down' },
  { key: 'Home', command: 'move.first' },
  { key: 'End', command: 'move.last' },
  { key: 'Shift+ArrowLeft', command: 'select.left' },
  { key: 'Shift+ArrowRight', command: 'select.right' },
  { key: 'Shift+ArrowUp', command: 'select.up' },
  { key: 'Shift+ArrowDown', command: 'select.down' },
  { key: 'Shift+Home', command: 'select.to-first' },
  { key: 'Shift+End', command: 'select.to-last' },
  { key: 'Shift+ArrowLeft', command: 'look.pan-left' },
  { key: 'Shift+ArrowRight', command: 'look.pan-right' },
  { key: 'Shift+ArrowUp', command: 'look.pan-up' },
  { key: 'Shift+ArrowDown', command: 'look.pan-down' },
  { key: 'G', command: 'look.grid' },
  { key: 'E', command: 'look.loupe' },
  { key: 'Enter', command: 'look.loupe', shown: false },
  { key: 'Z', command: 'look.zoom' },
  { key: 'Space', command: 'look.space' },
  { key: 'V', command: 'look.source' },
  { key: 'I', command: 'look.info' },
  { key: '\\', command: 'look.filter' },
  { key: '=', command: 'look.larger' },
  { key: '+', command: 'look.larger', shown: false },
  { key: '-', command: 'look.smaller' },
  { key: 'Escape', command: 'look.back' },
  { key: '?', command: 'window.keys' },
  { key: 'Shift+D', command: 'window.doctor' },
];

/** Keys with the platform's main modifier. */
function modified(modifier: 'Ctrl' | 'Meta'): readonly Binding[] {
  // the order of modifiers in a key is fixed: Ctrl before Shift, Shift before Meta
  const withShift = (key: string): string => (modifier === 'Ctrl' ? `Ctrl+Shift+${key}` : `Shift+Meta+${key}`);
  return [
    { key: `${modifier}+Z`, command: 'mark.undo' },
    { key: withShift('Z'), command: 'mark.redo' },
    { key: `${modifier}+G`, command: 'groups.together' },
    { key: withShift('G'), command: 'groups.alone' },
    { key: `${modifier}+A`, command: 'select.all' },
    { key: `${modifier}+D`, command: 'select.one' },
    { key: `${modifier}+O`, command: 'window.open' },
    { key: withShift('E'), command: 'window.export' },
  ];
}

/** Shift and a mark moves on to the next photo. */
const advancing: readonly Binding[] = marks.map((binding) => ({ ...binding, key: `Shift+${binding.key}`, advance: true, shown: false }));

export const lightroomMac: Keymap = { name: 'lightroom', platform: 'mac', bindings: [...marks, ...advancing, ...groups, ...plain, ...modified('Meta')] };

export const lightroomOther: Keymap = {
  name: 'lightroom',
  platform: 'other',
  bindings: [...marks, ...advancing, ...groups, ...plain, ...modified('Ctrl'), { key: 'Ctrl+Y', command: 'mark.redo', shown: false }],
};
