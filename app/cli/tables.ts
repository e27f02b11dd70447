/** Results as text for a person. Programs read the JSON instead. */
import type { Plan } from '../../main/contract/index.ts';
import { describeLead, groupNames, isKeptWhole, isTie } from '../../main/domain/index.ts';
import type { CullReport } from '../../main/engine.ts';
import type { GroupsReport, ToldGroup } from './commands/groups.ts';

/** One line a photo, then a line of counts. @param columns width to keep to; null: whatever it takes. */
export function describeCull(report: CullReport, columns: number | null): string {
  const rows = report.photos.map((photo) => [
    photo.verdict,
    photo.scores.technical === null ? '-' : photo.scores.technical.toFixed(2),
    photo.group ?? '-',
    photo.path,
    photo.errors[0] ? `${photo.errors[0].code}: ${photo.errors[0].message}` : [photo.reasons[0]?.text ?? '', ...describeAdvice(photo)].join(' '),
  ]);
  const count = (verdict: string): number => report.photos.filter((photo) => photo.verdict === verdict).length;
  const failures = report.photos.filter((photo) => photo.errors.length > 0).length;
  const closing = `${plural(report.photos.length, 'file')}: ${count('keep')} keep, ${count('review')} review, ${count('reject')} reject; ${plural(report.groups.length, 'group')}; ${failures} with errors`;
  return `${layOut([['VERDICT', 'SCORE', 'GROUP', 'FILE', 'WHY'], ...rows], columns)}\n${closing}\n`;
}

/** Words of a vision model, told apart from our own. */
function describeAdvice({ advice: { description } }: CullReport['photos'][number]): string[] {
  return description ? [`(${description.model}: ${description.verdict ?? 'cannot tell'}. ${description.doubt ?? description.reason})`] : [];
}

/** A paragraph a group, then a line of counts. */
export function describeGroups({ groups }: GroupsReport, columns: number | null): string {
  const paragraphs = groups.map((group) => {
    const rows = group.photos.map((path) => [`  ${path}`, group.why.find((one) => one.path === path)?.text ?? describeBest(group)]);
    return `${groupNames[group.kind]} of ${group.photos.length}${group.manual ? ', put together by you' : ''} (${group.id})\n${layOut(rows, columns)}\n`;
  });
  const photos = groups.reduce((sum, group) => sum + group.photos.length, 0);
  return `${paragraphs.map((paragraph) => `${paragraph}\n`).join('')}${plural(groups.length, 'group')}, ${plural(photos, 'photo')} in them\n`;
}

function describeBest(group: ToldGroup): string {
  if (isKeptWhole(group.kind)) return 'Kept together with the others.';
  if (group.runnerUp === null) return 'The best.';
  if (isTie(group)) return `As good as ${group.runnerUp}.`;
  return `The best, ${describeLead(group, group.runnerUp)}.`;
}

/** What an export is going to do. */
export function describePlan(plan: Plan, destination: string): string {
  const parts = [
    `${plural(plan.photos, 'photo')} as ${plan.preset}, ${plural(plan.files, 'file')}, about ${megabytes(plan.bytes)}`,
    ...(plan.done > 0 ? [`${plan.done} already there`] : []),
    ...(plan.renamed > 0 ? [`${plan.renamed} renamed because the name is taken`] : []),
    ...(plan.problems > 0 ? [`${plan.problems} cannot be exported`] : []),
  ];
  return `Plan: ${parts.join('; ')}, to ${destination}`;
}

/** Columns of equal width, two spaces between; the last one takes what is left and is cut where it does not fit. */
export function layOut(rows: readonly (readonly string[])[], columns: number | null): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]!))).join('  ').trimEnd())
    .map((line) => (columns !== null && line.length > columns ? `${line.slice(0, Math.max(1, columns - 1))}…` : line))
    .join('\n');
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
