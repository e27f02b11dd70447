/** What a test of the desktop shell needs: the test Electron and a screen, real or virtual. */
import type { TestContext } from 'vitest';
import { findProgram, need } from '../config/needs.ts';
import { isElectronTestReady, testRuntimePlatform } from './electron-runtime.ts';

/** Skips (or fails, where required) the running test where there is no Electron or no screen. */
export function needElectron(context: TestContext): void {
  const platform = testRuntimePlatform();
  need(context, 'electron', platform === null, `no test Electron: ${platform ?? ''}`);
  need(context, 'electron', isElectronTestReady(), 'the test Electron is not set up (npm run setup:electron)');
  need(context, 'electron', findProgram('Xvfb') !== null, 'no virtual screen (apt-get install xvfb)');
}
