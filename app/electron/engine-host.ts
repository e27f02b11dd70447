/**
 * The engine process: the engine, and nothing of Electron. It runs in plain Node (the line is file descriptor 3) or in
 * Electron's utility process (the line is `process.parentPort`, and pages' ports are handed over). It ends when the line does.
 */
import { join } from 'node:path';
import { userDataFolder } from '../../main/adapters/files/user-folders.ts';
import { openEngine } from '../../main/engine.ts';
import { openHostLine, serveHostLine } from './host-line.ts';

serveHostLine(openHostLine(), ({ workerExecutable, workerScript }) => {
  const folder = userDataFolder();
  return openEngine({ catalogFile: join(folder, 'catalog.db'), cacheFolder: join(folder, 'cache'), workerExecutable, workerScript });
});
