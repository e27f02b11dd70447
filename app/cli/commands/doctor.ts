/** `parjanya doctor`: what runs where, proven by real work; what it takes and costs; and which desktops the packages are made for. Nothing is sent anywhere. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLocalProbe, encodePng, makeRawSample, readPortability } from '../../../main/adapters/doctor/index.ts';
import type { PackagePortability } from '../../../main/adapters/doctor/index.ts';
import { createModelShelf } from '../../../main/adapters/models/index.ts';
import { createSelfTests } from '../../../main/adapters/self-tests/index.ts';
import { placeNames, stageIds } from '../../../main/domain/index.ts';
import type { PlaceId, StageId } from '../../../main/domain/index.ts';
import { graph } from '../../../main/pipeline/index.ts';
import { unmeasured } from '../../../main/ports/index.ts';
import type { PlaceProbe, ProbeReport } from '../../../main/ports/index.ts';
import { choose, pricePhoto, routedStages, routes } from '../../../main/routing/index.ts';
import type { Choice, Route, RoutedStage } from '../../../main/routing/index.ts';
import { drawTestPicture } from '../../../main/workers/self-test/picture.ts';
import type { CommandOf } from '../arguments.ts';
import { failed, succeeded } from '../outcome.ts';
import { layOut } from '../tables.ts';
import { toJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

/** One stage at one place, as `--json` prints it. */
interface DoctorRow extends ProbeReport {
  readonly stage: RoutedStage;
  readonly place: PlaceId;
  /** US dollars; null = not measured, so not known. */
  readonly usdPer1000: number | null;
  readonly bytesPerPhoto: number;
}

interface DoctorReport {
  readonly rows: readonly DoctorRow[];
  readonly recommended: readonly { readonly stage: RoutedStage; readonly place: Choice['place']; readonly code: string; readonly reason: string }[];
  /** Null where there is no lockfile: an installed app has none. */
  readonly packages: readonly PackagePortability[] | null;
}

export async function runDoctor(command: CommandOf<'doctor'>, terminal: Terminal): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'parjanya-doctor-'));
  try {
    const report = await examine(folder, command, terminal);
    await terminal.print(command.json ? toJson(report) : describeReport(report, terminal.columns));
    // what was never fetched or set up is no failure
    return report.rows.some(({ state }) => state !== 'ok' && state !== 'missing' && state !== 'not-set-up') ? failed : succeeded;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function examine(folder: string, command: CommandOf<'doctor'>, terminal: Terminal): Promise<DoctorReport> {
  const cores = availableParallelism();
  const bytes = encodePng(drawTestPicture(1_600, 1_200));
  const path = join(folder, 'picture.png');
  await writeFile(path, bytes);
  const rawPath = join(folder, 'picture.dng');
  await writeFile(rawPath, makeRawSample());
  const script = fileURLToPath(new URL('../../../main/workers/decode.ts', import.meta.url));
  const log = { info: () => undefined, warn: (text: string) => terminal.tell(text), bug: (where: string, error: unknown) => terminal.tell(`bug in ${where}: ${String(error)}`) };
  const { locate } = createModelShelf();
  // kept apart from what the app goes by: this is measured anew each time
  const selfTests = createSelfTests({ script, log, locate, file: join(folder, 'self-tests.json'), versions: Object.fromEntries(Object.values(graph).map(({ id, version }) => [id, version])) });
  const probes: readonly PlaceProbe[] = [createLocalProbe({ script, log, selfTests, locate, picture: { path, bytes }, rawPath, children: cores })];
  const wanted = routedStages.filter((stage) => command.stages.length === 0 || command.stages.some((one) => one === stage));
  const rows: DoctorRow[] = [];
  try {
    for (const stage of wanted)
      for (const route of routes[stage]) {
        if (terminal.signal.aborted) break;
        terminal.showProgress(stage, { done: rows.length, total: wanted.length, note: placeNames[route.place] });
        const report = await probeAt(stage, route, probes);
        rows.push({ stage, place: route.place, ...report, usdPer1000: priceThousand(route, report), bytesPerPhoto: route.payload?.meanBytes ?? 0 });
      }
  } finally {
    await selfTests.close();
  }
  return { rows, recommended: wanted.flatMap((stage) => recommend(stage, rows, cores)), packages: await readPortability(fileURLToPath(new URL('../../../', import.meta.url))) };
}

function probeAt(stage: RoutedStage, { place }: Route, probes: readonly PlaceProbe[]): Promise<ProbeReport> | ProbeReport {
  const probe = probes.find((one) => one.place === place);
  const real = stageIds.find((one): one is StageId => one === stage);
  if (probe && real) return probe.probe(real);
  return unmeasured('not-set-up', `${placeNames[place]} is not set up, so nothing was sent there and nothing was measured.`);
}

function priceThousand({ price, batch }: Route, { state, medianMs }: ProbeReport): number | null {
  const usd = state === 'ok' ? pricePhoto(price, medianMs, batch) : null;
  return usd === null ? null : 1_000 * usd;
}

/** What `choose` says of these facts, for a thousand photos on mains; none where the stage was not tried here. */
function recommend(stage: RoutedStage, rows: readonly DoctorRow[], cores: number): DoctorReport['recommended'] {
  const here = rows.find((row) => row.stage === stage && row.place === 'local');
  if (!rows.some((row) => row.stage === stage)) return [];
  const selfTest = here && here.state !== 'not-set-up' ? here.state : null;
  const localMsPerPhoto = here?.photosPerSecond ? 1_000 / here.photosPerSecond : null;
  const { place, reason } = choose(stage, { selfTest, localMsPerPhoto, consent: [], isOnline: false, power: 'mains', cores, queue: 1_000, places: {}, budgetUsd: null });
  return [{ stage, place, code: reason.code, reason: reason.text }];
}

function describeReport({ rows, recommended, packages }: DoctorReport, columns: number | null): string {
  const ms = (value: number | null): string => (value === null ? '-' : `${value} ms`);
  const matrix = rows.map((row) => [
    row.stage, row.place, row.state, ms(row.coldStartMs), ms(row.medianMs), ms(row.p95Ms), row.photosPerSecond === null ? '-' : String(row.photosPerSecond),
    row.usdPer1000 === null ? 'not measured' : `$${row.usdPer1000.toFixed(4)}`, row.message ?? '',
  ]);
  const places = recommended.map(({ stage, place, reason }) => [stage, place, reason]);
  const parts = [
    layOut([['STAGE', 'PLACE', 'STATE', 'COLD START', 'MEDIAN', 'P95', 'PHOTOS/S', 'COST OF 1,000', 'WHY NOT'], ...matrix], columns),
    layOut([['STAGE', 'RECOMMENDED', 'WHY'], ...places], columns),
    packages === null ? 'There is no package-lock.json here, so packages could not be looked into.' : describePackages(packages, columns),
  ];
  return `${parts.join('\n\n')}\n`;
}

function describePackages(packages: readonly PackagePortability[], columns: number | null): string {
  const platforms = Object.keys(packages[0]?.platforms ?? {});
  const rows = packages.map((one) => [`${one.package} ${one.version}`, ...platforms.map((platform) => one.platforms[platform]!.answer)]);
  const holes = packages.flatMap((one) => platforms.filter((platform) => one.platforms[platform]!.answer === 'no').map((platform) => `${one.package} on ${platform}: ${one.platforms[platform]!.why}`));
  return [layOut([['PACKAGE', ...platforms.map((platform) => platform.toUpperCase())], ...rows], columns), ...holes].join('\n');
}
