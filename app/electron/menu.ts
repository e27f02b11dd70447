/**
 * The menu. What a person does in the page is defined once, by the page's own commands and keys; a menu entry shows the same
 * key and, when chosen, presses it. Keys are not registered as accelerators, so nothing is done twice.
 */
import { Menu, app } from 'electron';
import type { BrowserWindow, MenuItemConstructorOptions } from 'electron';

/** A key press for the page: `Mod` is Command on macOS and Ctrl elsewhere. */
interface PageKey {
  readonly key: string;
  readonly mod?: boolean;
  readonly shift?: boolean;
  readonly alt?: boolean;
}

function press(window: BrowserWindow | null, { key, mod, shift, alt }: PageKey): void {
  if (!window) return;
  const modifiers: ('meta' | 'control' | 'shift' | 'alt')[] = [];
  if (mod) modifiers.push(process.platform === 'darwin' ? 'meta' : 'control');
  if (shift) modifiers.push('shift');
  if (alt) modifiers.push('alt');
  const contents = window.webContents;
  contents.focus();
  contents.sendInputEvent({ type: 'keyDown', keyCode: key, modifiers });
  contents.sendInputEvent({ type: 'keyUp', keyCode: key, modifiers });
}

function pageItem(window: () => BrowserWindow | null, label: string, key: PageKey): MenuItemConstructorOptions {
  const accelerator = [key.mod && 'CommandOrControl', key.alt && 'Alt', key.shift && 'Shift', key.key].filter(Boolean).join('+');
  return { label, accelerator, registerAccelerator: false, click: () => press(window(), key) };
}

/** @param window the window that is meant, asked at each click. */
export function setMenu(window: () => BrowserWindow | null): void {
  const isMac = process.platform === 'darwin';
  const item = (label: string, key: PageKey): MenuItemConstructorOptions => pageItem(window, label, key);
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
    {
      label: '&File',
      submenu: [
        item('Open Folder…', { key: 'O', mod: true }),
        item('Export…', { key: 'E', mod: true, shift: true }),
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        item('Undo', { key: 'Z', mod: true }),
        item('Redo', { key: 'Z', mod: true, shift: true }),
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        item('Select All', { key: 'A', mod: true }),
      ],
    },
    {
      label: '&View',
      submenu: [
        item('Grid', { key: 'G' }),
        item('One Photo', { key: 'E' }),
        item('Fit or 100 %', { key: 'Z' }),
        item('Camera Preview or Rendering', { key: 'V' }),
        item('Facts and Reasons', { key: 'I' }),
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } satisfies MenuItemConstructorOptions]),
      ],
    },
    {
      label: '&Groups',
      submenu: [
        item('Rules and Clocks', { key: 'G', shift: true }),
        { type: 'separator' },
        item('Make One Group', { key: 'G', mod: true }),
        item('Not a Duplicate', { key: 'G', mod: true, shift: true }),
        item('Add to the Group of the Focused Photo', { key: 'G', alt: true }),
        item('Split the Group Here', { key: 'S', shift: true }),
        item('Group by the Rules Again', { key: 'G', alt: true, shift: true }),
      ],
    },
    ...(isMac ? [{ role: 'windowMenu' } satisfies MenuItemConstructorOptions] : []),
    { label: '&Help', role: 'help', submenu: [item('Keys', { key: '?' }), item('What Runs Where', { key: 'D', shift: true }), ...(isMac ? [] : [{ role: 'about' } satisfies MenuItemConstructorOptions])] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
