/** What no page of ours may do: leave, open windows, ask for permissions, use the network. */
import { app } from 'electron';
import type { Session, WebContents } from 'electron';
import { pageAddress } from './protocol.ts';

const ownSchemes: ReadonlySet<string> = new Set(['app:', 'photo:', 'blob:', 'data:', 'devtools:', 'chrome-extension:']);

/** Nothing leaves the machine: every request that is not for our own schemes is cancelled before it is made. */
export function guardSession(session: Session): void {
  session.webRequest.onBeforeRequest((details, callback) => {
    callback({ cancel: !ownSchemes.has(new URL(details.url).protocol) });
  });
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  // the spelling checker would fetch dictionaries
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
}

/** Applies to every page that is ever made, whoever makes it. */
export function guardAllContents(): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => {
      if (event.url.split('#')[0] !== pageAddress) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
  });
}
