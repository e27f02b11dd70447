/** Starts an Electron under Playwright. */
import { _electron } from 'playwright-core';
import type { ElectronApplication } from 'playwright-core';

const attempts = 3;

/**
 * Playwright's handshake with a starting Electron is lost now and then on a busy machine (it waits for a message that was sent
 * before it listened); then the app is up, but nobody holds it. Such a start is given up and tried again.
 * @throws what Playwright says of the last try.
 */
export async function launchElectron(options: Parameters<typeof _electron.launch>[0] & { timeout: number }): Promise<ElectronApplication> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await _electron.launch(options);
    } catch (error) {
      if (attempt === attempts || !(error instanceof Error) || error.name !== 'TimeoutError') throw error;
      console.log(`electron.launch timed out after ${options.timeout} ms, attempt ${attempt} of ${attempts}`);
    }
  }
}
