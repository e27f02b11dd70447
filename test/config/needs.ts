/**
 * What a test may need that a machine may lack. A test that lacks something is skipped by name and reason; where
 * PARJANYA_REQUIRE names the thing (CI: `chromium,electron,photos,models`), it fails instead.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';

export const projectFolder = fileURLToPath(new URL('../..', import.meta.url));
const shared = join(projectFolder, '..', 'shared');
export const photosFolder = join(shared, 'photos');
export const modelsFolder = join(shared, 'models');

const required = new Set((process.env['PARJANYA_REQUIRE'] ?? '').split(',').filter(Boolean));

/** Path of a program on PATH, or null. */
export function findProgram(...names: string[]): string | null {
  for (const name of names)
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not in this folder
      }
    }
  return null;
}

/** Chromium's path, or null. PARJANYA_CHROMIUM overrides. */
export function findChromium(): string | null {
  return process.env['PARJANYA_CHROMIUM'] ?? findProgram('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable');
}

/** Skips (or fails, where required) the running test unless `present`. Use as the first line of a test. */
export function need(context: TestContext, thing: string, present: boolean, reason: string): void {
  if (present) return;
  if (required.has(thing)) throw new Error(`${thing} is required here but absent: ${reason}`);
  context.skip(reason);
}

export function needPhotos(context: TestContext): void {
  need(context, 'photos', existsSync(join(photosFolder, 'manifest.json')), 'the shared photos (../shared/photos) are not here');
}

export function needModels(context: TestContext): void {
  need(context, 'models', existsSync(join(modelsFolder, 'README.md')), 'the shared models (../shared/models) are not here');
}

export function needChromium(context: TestContext): string {
  const path = findChromium();
  need(context, 'chromium', path !== null, 'no Chromium on this machine (apt-get install chromium, or set PARJANYA_CHROMIUM)');
  return path ?? '';
}
