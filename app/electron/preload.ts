/** Hands the engine's port over to the page, and nothing else: the page gets no other way into Electron. */
import { ipcRenderer } from 'electron';
import type { IpcRendererEvent } from 'electron';

ipcRenderer.on('parjanya-port', (event: IpcRendererEvent) => {
  window.postMessage('parjanya-port', '*', [...event.ports]);
});
