/** One measured number, what it is held against, and the table they are printed in. */

export interface Figure {
  /** What was measured. */
  readonly name: string;
  /** With its unit. */
  readonly measured: string;
  /** What it is held against: a limit of physics measured in the same run, another program, or a fixed aim. */
  readonly against: string;
  /** Measured over reference; above 1 is more. Null where there is nothing to divide by. */
  readonly ratio: number | null;
  /** Bound of the ratio. */
  readonly aim: { readonly atMost: number } | { readonly atLeast: number } | null;
}

/** A row for what could not be measured here, and why. */
export function notMeasured(name: string, why: string, aim: Figure['aim']): Figure {
  return { name, measured: 'not measured', against: why, ratio: null, aim };
}

export function meetsAim({ ratio, aim }: Figure): boolean | null {
  if (ratio === null || aim === null) return null;
  return 'atMost' in aim ? ratio <= aim.atMost : ratio >= aim.atLeast;
}

/** A table in Markdown, which is also readable in a terminal. */
export function printFigures(title: string, figures: readonly Figure[]): string {
  const head = ['what', 'measured', 'held against', 'ratio', 'aim', 'met'];
  const rows = figures.map((figure) => {
    const { aim } = figure;
    const met = meetsAim(figure);
    return [
      figure.name,
      figure.measured,
      figure.against,
      figure.ratio === null ? '' : formatNumber(figure.ratio),
      aim === null ? '' : 'atMost' in aim ? `<= ${aim.atMost}` : `>= ${aim.atLeast}`,
      met === null ? '' : met ? 'yes' : 'NO',
    ];
  });
  const widths = head.map((word, column) => Math.max(word.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [`## ${title}`, line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** Three significant digits, thousands separated. */
export function formatNumber(value: number): string {
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en-US', { minimumFractionDigits: Math.min(digits, 3), maximumFractionDigits: Math.min(digits, 3) });
}

export function formatMs(ms: number): string {
  return ms >= 10_000 ? `${formatNumber(ms / 1000)} s` : `${formatNumber(ms)} ms`;
}

export function formatMiB(bytes: number): string {
  return `${formatNumber(bytes / 1024 ** 2)} MiB`;
}

/** The value below which `share` (0..1) of the sorted values lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
