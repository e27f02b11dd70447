/** `npm run lambda -- --arch arm64|x86_64 [--model FILE] [--out FOLDER] [--packages FOLDER] [--image]`: makes what is deployed, and says how large it is. */
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { distFolder } from '../build/sources.ts';
import { architectures, inMegabytes, packFunction } from './package.ts';
import type { Architecture } from './package.ts';

const usage = 'usage: npm run lambda -- --arch arm64|x86_64 [--model FILE] [--out FOLDER] [--packages FOLDER] [--image]';

async function main(): Promise<number> {
  let values;
  try {
    ({ values } = parseArgs({ options: { arch: { type: 'string' }, model: { type: 'string' }, out: { type: 'string' }, packages: { type: 'string' }, image: { type: 'boolean', default: false } } }));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return 2;
  }
  const { arch } = values;
  if (arch === undefined || !Object.hasOwn(architectures, arch)) {
    console.error(usage);
    return 2;
  }
  const folder = values.out === undefined ? join(distFolder, 'lambda', arch) : resolve(values.out);
  // the build's own folder is made anew; one that was named must be empty
  if (values.out === undefined) await rm(folder, { recursive: true, force: true });
  const packed = await packFunction({
    arch: arch as Architecture,
    folder,
    model: values.model === undefined ? null : resolve(values.model),
    isImage: values.image,
    ...(values.packages === undefined ? {} : { packages: resolve(values.packages) }),
  });
  if (!packed.ok) {
    console.error(packed.error.message);
    return 1;
  }
  const { bytes, mostBytes, parts } = packed.value;
  for (const [name, size] of Object.entries(parts)) console.log(`${inMegabytes(size).padStart(10)}  ${name}`);
  console.log(`${inMegabytes(bytes).padStart(10)}  in all, of ${inMegabytes(mostBytes)}: ${folder}`);
  if (values.model === undefined) console.log('There is no model in it: set PARJANYA_MODEL to its file, or build with --model.');
  return 0;
}

process.exitCode = await main();
