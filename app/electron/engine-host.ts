/**
 * The engine process: the engine, and nothing of Electron. It runs in plain Node (the line is file descriptor 3) or in
 * Electron's utility process (the line is `process.parentPort`, and pages' ports are handed over). It ends when the line does.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { userCacheFolder, userDataFolder } from '../../main/adapters/files/user-folders.ts';
import { openEngine } from '../../main/engine.ts';
import { openHostLine, serveHostLine } from './host-line.ts';

/** Two folders up both from here and from `dist/electron`, where this is bundled to. */
const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

serveHostLine(openHostLine(), ({ workerExecutable, workerScript }) =>
  openEngine({ catalogFile: join(userDataFolder(), 'catalog.db'), cacheFolder: userCacheFolder(), workerExecutable, workerScript, projectFolder, selfTestAfterMs: 15_000 }),
);
