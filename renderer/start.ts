/** Brings the page to life: keys, the connection, and what has to be asked anew whenever the engine has come or come back. */
import { openTransport, startSession } from './client/index.ts';
import type { Api } from './client/index.ts';
import { keymap } from './commands/current.ts';
import { listenToKeys } from './commands/dispatch.ts';
import { forgetLook, pictures } from './pixels/eye.ts';
import { resetJobs, takeJobs } from './state/jobs.ts';
import { resumeShoot, takeChanges } from './state/shoot.ts';

export function startPage(): void {
  listenToKeys(keymap);
  startSession({ open: openTransport, onOpen: takeEngine });
}

/** Subscriptions first, so that nothing that happens during the first answers is missed. */
export function takeEngine(api: Api): void {
  api.library.changed(takeChanges);
  api.jobs.changed(takeJobs);
  // an engine that is gone again is told by the session, which will come back here
  api.jobs.list({}).then(resetJobs).catch(() => undefined);
  void resumeShoot().then(forgetLook);
  pictures.retry();
}
