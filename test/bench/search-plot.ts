/** Growth drawn as an SVG: processor time over number of hashes, both by powers of ten. */

export interface PlotLine {
  readonly name: string;
  /** Rising counts; milliseconds above 0. */
  readonly points: readonly { readonly count: number; readonly ms: number }[];
}

const [width, height] = [720, 440];
const frame = { left: 80, right: 150, top: 20, bottom: 60 };
/** Greys that differ in print too, and a dash for each: readable on white and on dark pages. */
const looks = ['stroke="#1f6f8b" stroke-width="3"', 'stroke="#808080" stroke-width="2"', 'stroke="#808080" stroke-width="2" stroke-dasharray="8 4"', 'stroke="#808080" stroke-width="2" stroke-dasharray="2 4"', 'stroke="#a08060" stroke-width="2" stroke-dasharray="12 4 2 4"'];

export function plotGrowth(lines: readonly PlotLine[]): string {
  const points = lines.flatMap((line) => line.points);
  const across = decadesOf(points.map(({ count }) => count));
  const down = decadesOf(points.map(({ ms }) => ms));
  const x = (count: number): number => Math.round(frame.left + ((Math.log10(count) - across.from) / (across.to - across.from)) * (width - frame.left - frame.right));
  const y = (ms: number): number => Math.round(height - frame.bottom - ((Math.log10(ms) - down.from) / (down.to - down.from)) * (height - frame.top - frame.bottom));
  const [right, bottom] = [width - frame.right, height - frame.bottom];
  const grid = [
    ...stepsOf(across).map((step) => `<path d="M${x(10 ** step)} ${frame.top}V${bottom}" stroke="#808080" stroke-opacity=".25"/>${text(x(10 ** step), bottom + 20, 'middle', (10 ** step).toLocaleString('en-US'))}`),
    ...stepsOf(down).map((step) => `<path d="M${frame.left} ${y(10 ** step)}H${right}" stroke="#808080" stroke-opacity=".25"/>${text(frame.left - 8, y(10 ** step) + 4, 'end', timeOf(step))}`),
  ];
  const labels = spread(lines.map((line) => y(line.points.at(-1)!.ms)));
  const drawn = lines.map((line, at) => {
    const path = line.points.map(({ count, ms }, place) => `${place === 0 ? 'M' : 'L'}${x(count)} ${y(ms)}`).join('');
    return `<path d="${path}" fill="none" ${looks[at % looks.length]}/>${text(right + 8, labels[at]! + 4, 'start', line.name)}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13" role="img" aria-label="Processor time of finding all near pairs over the number of hashes">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...grid,
    ...drawn,
    text((frame.left + right) / 2, height - 14, 'middle', 'hashes'),
    `<text transform="translate(18 ${(frame.top + bottom) / 2}) rotate(-90)" text-anchor="middle" fill="#404040">processor time, all pairs within 10 bits</text>`,
    '</svg>\n',
  ].join('\n');
}

/** Whole powers of ten around the values, at least one apart. */
function decadesOf(values: readonly number[]): { from: number; to: number } {
  const from = Math.floor(Math.log10(Math.min(...values)));
  return { from, to: Math.max(from + 1, Math.ceil(Math.log10(Math.max(...values)))) };
}

function stepsOf({ from, to }: { from: number; to: number }): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

function timeOf(exponent: number): string {
  return exponent >= 3 ? `${(10 ** (exponent - 3)).toLocaleString('en-US')} s` : `${10 ** exponent} ms`;
}

/** Heights moved down where two labels would touch. */
function spread(heights: readonly number[]): number[] {
  const moved = [...heights];
  const order = heights.map((_, at) => at).sort((a, b) => heights[a]! - heights[b]!);
  order.slice(1).forEach((at, before) => (moved[at] = Math.max(moved[at]!, moved[order[before]!]! + 16)));
  return moved;
}

function text(x: number, y: number, anchor: string, words: string): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="#404040">${words}</text>`;
}
