/** The window. */
import { join } from 'node:path';
import { BrowserWindow, app, screen } from 'electron';
import { pageAddress } from './protocol.ts';
import { readWindowState, writeWindowState } from './window-state.ts';

/** The page's own ground colour (neutral, R=G=B), so that nothing flashes before it has drawn. */
const ground = '#1e1e1e';

/** Opens the window on the page, hidden until there is something to see. */
export function openWindow(preload: string): BrowserWindow {
  const stateFile = join(app.getPath('userData'), 'window.json');
  const kept = readWindowState(stateFile, screen.getAllDisplays().map((display) => display.workArea));
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    ...kept.bounds,
    minWidth: 640,
    minHeight: 400,
    show: false,
    backgroundColor: ground,
    title: app.name,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      webviewTag: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  if (kept.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => writeWindowState(stateFile, { bounds: window.getNormalBounds(), maximized: window.isMaximized() }));
  // a page that cannot be loaded shows Chromium's own error page; there is nobody to tell more
  window.loadURL(pageAddress).catch(() => window.show());
  return window;
}
