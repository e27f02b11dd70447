/** `parjanya doctor`: what runs where, proven by real work; what it takes and costs; and which desktops the packages are made for. Nothing is sent anywhere. */
import { ok } from '../../../main/base/index.ts';
import type { Result } from '../../../main/base/index.ts';
import type { DoctorPackage } from '../../../main/contract/index.ts';
import { placeNames } from '../../../main/domain/index.ts';
import type { CommandOf } from '../arguments.ts';
import { failWith, failed, succeeded } from '../outcome.ts';
import { passingEngineFiles, withEngine } from '../session.ts';
import type { Client } from '../session.ts';
import { layOut } from '../tables.ts';
import { toJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

/** What `--json` prints. */
type DoctorReport = Awaited<ReturnType<Client['doctor']['examine']>> & Awaited<ReturnType<Client['doctor']['packages']>>;

export async function runDoctor(command: CommandOf<'doctor'>, terminal: Terminal): Promise<number> {
  const report = await examine(command, terminal);
  if (!report.ok) return failWith(report.error, command.json, terminal);
  await terminal.print(command.json ? toJson(report.value) : describeReport(report.value, terminal.columns));
  // what was never fetched or set up is no failure
  return report.value.rows.some(({ state }) => state !== 'ok' && state !== 'missing' && state !== 'not-set-up') ? failed : succeeded;
}

function examine({ stages }: CommandOf<'doctor'>, terminal: Terminal): Promise<Result<DoctorReport>> {
  return withEngine(passingEngineFiles(), terminal, async (engine) => {
    const { doctor } = engine.connect();
    const found = await doctor.examine({ stages: [...stages] }, ({ stage, place, done, total }) => terminal.showProgress(stage, { done, total, note: placeNames[place] }), { signal: terminal.signal });
    return ok({ ...found, ...(await doctor.packages({}, { signal: terminal.signal })) });
  });
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

function describePackages(packages: readonly DoctorPackage[], columns: number | null): string {
  const platforms = Object.keys(packages[0]?.platforms ?? {});
  const rows = packages.map((one) => [`${one.package} ${one.version}`, ...platforms.map((platform) => one.platforms[platform]!.answer)]);
  const holes = packages.flatMap((one) => platforms.filter((platform) => one.platforms[platform]!.answer === 'no').map((platform) => `${one.package} on ${platform}: ${one.platforms[platform]!.why}`));
  return [layOut([['PACKAGE', ...platforms.map((platform) => platform.toUpperCase())], ...rows], columns), ...holes].join('\n');
}
