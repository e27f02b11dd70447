/**
 * `npm run bench [-- name...] [--photos N] [--files N] [--sizes N,N] [--plot]`: measures and prints a table; see docs/bench.md. Writes into a
 * temporary folder only, which is removed at the end (with `--plot` docs/images/search.svg too). Speed is shown, never asserted: the exit status says only whether everything could be measured.
 */
import { parseArgs } from 'node:util';
import { benchClip } from './clip.ts';
import { benchCull } from './cull.ts';
import { benchExtract } from './extract.ts';
import { benchFaces } from './faces.ts';
import { benchFallback } from './fallback.ts';
import { printFigures } from './figures.ts';
import type { Figure } from './figures.ts';
import { benchLambda } from './lambda.ts';
import { describeMachine } from './machine.ts';
import { benchMeasures } from './measures.ts';
import { createMaterial } from './material.ts';
import type { Material } from './material.ts';
import { benchLargePage, benchPage, openPageTools } from './page.ts';
import type { PageTools } from './page.ts';
import { benchFirstPass, benchWorker } from './pool.ts';
import { benchMemory, benchRules, benchWorkMemory } from './rules.ts';
import { benchSearch, defaultSizes } from './search.ts';
import { benchThumbnail } from './thumbnail.ts';

const log = (text: string): void => console.error(`bench: ${text}`);

interface Bench {
  readonly title: string;
  run(material: Material): Promise<Figure[]>;
}

let tools: PageTools | null | undefined;

/** Benchmarks that need a browser: without one they have no figures. */
function inBrowser(run: (material: Material, tools: PageTools) => Promise<Figure[]>): Bench['run'] {
  return async (material) => {
    if (tools === undefined) tools = await openPageTools(log);
    return tools ? run(material, tools) : [];
  };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { photos: { type: 'string', default: '1000' }, files: { type: 'string', default: '480' }, sizes: { type: 'string', default: defaultSizes.join() }, plot: { type: 'boolean', default: false } },
});
const sizes = values.sizes.split(',').map(Number);

const benches: Readonly<Record<string, Bench>> = {
  extract: { title: 'Embedded previews', run: benchExtract },
  thumbnail: { title: 'Previews to pictures of the grid', run: (material) => benchThumbnail(material, log) },
  firstpass: { title: 'The first pass', run: benchFirstPass },
  fallback: { title: 'Pictures from sensor data', run: benchFallback },
  worker: { title: "A decode child's memory", run: benchWorker },
  faces: { title: 'Faces and eyes', run: (material) => benchFaces(material, log) },
  clip: { title: 'Embedding pictures', run: (material) => benchClip(material, log) },
  rules: { title: 'Grouping and judging', run: () => benchRules() },
  search: { title: 'Near hashes', run: () => benchSearch({ sizes, plot: values.plot, log }) },
  measures: { title: 'Measures of all pixels', run: benchMeasures },
  cull: { title: 'A whole shoot', run: benchCull },
  page: { title: 'On screen', run: inBrowser(benchPage) },
  large: { title: 'On screen, 100,000 photos', run: inBrowser(benchLargePage) },
  memory: { title: 'Rows and memory', run: benchMemory },
  lambda: { title: 'The function on AWS Lambda, emulated', run: () => benchLambda() },
  work: { title: 'Memory at work', run: benchWorkMemory },
};

async function main(): Promise<number> {
  const [photos, files] = [Number(values.photos), Number(values.files)];
  const unknown = positionals.filter((name) => !(name in benches));
  const isWrong = !Number.isInteger(photos) || photos < 20 || !Number.isInteger(files) || files < 24 || sizes.some((size) => !Number.isInteger(size) || size < 100);
  if (unknown.length > 0 || isWrong) {
    log(`usage: npm run bench [-- ${Object.keys(benches).join('|')} ...] [--photos N, 20 or more] [--files N, 24 or more] [--sizes N,N..., each 100 or more] [--plot]`);
    return 2;
  }
  const names = positionals.length > 0 ? positionals : Object.keys(benches);
  console.log(`${describeMachine()}; a shoot of ${photos.toLocaleString('en-US')} and ${files.toLocaleString('en-US')} files of all kinds\n`);
  const material = await createMaterial({ photos, files }, log);
  let failures = 0;
  try {
    for (const name of names) {
      const { title, run } = benches[name]!;
      log(name);
      try {
        const figures = await run(material);
        if (figures.length > 0) console.log(`${printFigures(title, figures)}\n`);
      } catch (error) {
        failures += 1;
        console.log(`## ${title}\nNot measured: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      }
    }
  } finally {
    await tools?.browser.close();
    await material.remove();
  }
  return failures > 0 ? 1 : 0;
}

process.exitCode = await main();
