/** The desktop shell: windows, the two schemes, and the line to the engine process. Nothing else happens in this process. */
import { join } from 'node:path';
import { BrowserWindow, MessageChannelMain, app, dialog, session } from 'electron';
import type { CodedError } from '../../main/base/index.ts';
import { startInNode, startInUtilityProcess } from './engine-line.ts';
import { createEngineProcess } from './engine-process.ts';
import type { EngineProcess } from './engine-process.ts';
import type { FolderKind } from './link.ts';
import { chooseEngineHost, distFolder, findNode, folderFromArguments, unpackedDistFile } from './locations.ts';
import { setMenu } from './menu.ts';
import { handleSchemes, registerSchemes } from './protocol.ts';
import { guardAllContents, guardSession } from './session-guard.ts';
import { openWindow } from './windows.ts';

/** Pages by the id of their contents. */
const loaded = new Set<number>();
const granted: string[] = [];
let engine: EngineProcess | null = null;

function mainWindow(): BrowserWindow | null {
  return BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0] ?? null;
}

function windowOfPage(page: number): BrowserWindow | null {
  return BrowserWindow.getAllWindows().find((window) => window.webContents.id === page) ?? null;
}

/** Gives a page that has loaded its own port to the engine. After a restart of the engine it gets a new one. */
function connectPage(page: number): void {
  const window = windowOfPage(page);
  if (!window || !engine?.ready || !loaded.has(page)) return;
  const { port1, port2 } = new MessageChannelMain();
  engine.connect(page, port1);
  window.webContents.postMessage('parjanya-port', null, [port2]);
}

function showWindow(): void {
  const window = openWindow(join(distFolder(), 'electron', 'preload.cjs'));
  const page = window.webContents.id;
  window.webContents.on('did-start-loading', () => loaded.delete(page));
  window.webContents.on('did-finish-load', () => {
    loaded.add(page);
    connectPage(page);
  });
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason !== 'clean-exit') window.webContents.reload();
  });
  window.once('closed', () => loaded.delete(page));
}

/** Makes the folders of the command line openable, then joins the pages that wait. */
async function becomeReady(): Promise<void> {
  for (const folder of granted) {
    const answer = await engine?.grant(folder, 'shoot');
    if (answer && !answer.ok) dialog.showErrorBox('This folder cannot be opened', `${folder}\n\n${answer.error.message}`);
  }
  for (const page of loaded) connectPage(page);
}

async function openFolder(folder: string): Promise<void> {
  granted.splice(0, granted.length, folder);
  const window = mainWindow();
  if (!window) return showWindow();
  if (window.isMinimized()) window.restore();
  window.focus();
  if (!engine?.ready) return;
  await becomeReady();
  // the page asks, when it starts, which folder it was called with
  window.webContents.reload();
}

async function pickFolder(page: number, kind: FolderKind): Promise<string | null> {
  const window = windowOfPage(page);
  const options = {
    title: kind === 'shoot' ? 'Open a folder of photos' : 'Export to this folder',
    properties: kind === 'shoot' ? (['openDirectory'] as const) : (['openDirectory', 'createDirectory'] as const),
  };
  const answer = await (window ? dialog.showOpenDialog(window, { ...options, properties: [...options.properties] }) : dialog.showOpenDialog({ ...options, properties: [...options.properties] }));
  return answer.canceled ? null : (answer.filePaths[0] ?? null);
}

async function tellEngineDown(error: CodedError): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: app.name,
    message: 'Parjanya cannot work with its catalog at the moment.',
    detail: `${error.message}\n\nNothing that was decided is lost.`,
    buttons: ['Try Again', 'Quit'],
    defaultId: 0,
    cancelId: 1,
  });
  if (response === 0) engine?.restart();
  else app.quit();
}

async function startShell(): Promise<void> {
  const node = findNode();
  if (!node) {
    dialog.showErrorBox('Parjanya cannot start', 'The Node executable that belongs to it is missing. Install Parjanya again.');
    return app.exit(1);
  }
  const script = unpackedDistFile('electron', 'engine-host.mjs');
  const host = chooseEngineHost();
  engine = createEngineProcess({
    start: { version: app.getVersion(), workerExecutable: node, workerScript: unpackedDistFile('workers', 'decode.mjs') },
    startLine: () => (host === 'node' ? startInNode(node, script) : startInUtilityProcess(script)),
    onReady: () => void becomeReady(),
    onDown: (error) => void tellEngineDown(error),
    pickFolder,
  });
  guardSession(session.defaultSession);
  await handleSchemes(session.defaultSession, join(distFolder(), 'renderer'), () => engine!);
  setMenu(mainWindow);
  showWindow();
}

function main(): void {
  registerSchemes();
  guardAllContents();
  const data = process.env['PARJANYA_DATA'];
  // the lock below is one per data folder
  if (data) app.setPath('userData', join(data, 'window'));
  const first = folderFromArguments(process.argv, process.cwd());
  if (first) granted.push(first);
  if (!app.requestSingleInstanceLock({ folder: first })) return app.exit(0);

  app.on('second-instance', (_event, _argv, _workingFolder, data: unknown) => {
    const folder = (data as { folder?: unknown } | null)?.folder;
    if (typeof folder === 'string') void openFolder(folder);
    else mainWindow()?.focus();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('activate', () => {
    if (app.isReady() && BrowserWindow.getAllWindows().length === 0) showWindow();
  });
  let stopped = false;
  app.on('will-quit', (event) => {
    if (stopped || !engine) return;
    event.preventDefault();
    void engine.stop().then(() => {
      stopped = true;
      app.quit();
    });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
  void app.whenReady().then(startShell);
}

main();
