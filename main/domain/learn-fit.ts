/** Logistic regression with coefficients that are not negative, held near given ones. Deterministic, for a handful of coefficients. */

export interface FitRow {
  readonly x: readonly number[];
  /** True: the outcome happened. */
  readonly y: boolean;
  readonly weight: number;
}

/** What the coefficients are held near to: `strength / 2 * ((value - at) / scale)^2` is added to the loss. */
export interface Prior {
  readonly at: number;
  readonly scale: number;
  readonly strength: number;
  /** The coefficient may be negative too. */
  readonly isFree?: boolean;
}

const mostRounds = 60;
const settled = 1e-9;

/**
 * Minimises the weighted logistic loss plus the priors' penalties over coefficients that are 0 or more (those of free ones apart), by
 * Newton's method projected on these bounds (Bertsekas 1982, "Projected Newton methods for optimization problems with simple
 * constraints") with halved steps until the loss falls. The loss is convex, so that there is one answer.
 * @returns one coefficient for each prior
 */
export function fitLogistic(rows: readonly FitRow[], priors: readonly Prior[]): number[] {
  let beta = priors.map(({ at }) => at);
  let loss = lossOf(rows, priors, beta);
  for (let round = 0; round < mostRounds; round++) {
    const { gradient, hessian } = slopesOf(rows, priors, beta);
    const moving = priors.map((_, at) => at).filter((at) => priors[at]!.isFree || beta[at]! > 0 || gradient[at]! < 0);
    const step = solve(moving.map((row) => moving.map((column) => hessian[row]![column]!)), moving.map((at) => gradient[at]!));
    let [next, nextLoss] = [beta, loss];
    for (let length = 1; length > 1e-6; length /= 2) {
      const tried = [...beta];
      moving.forEach((at, index) => {
        const value = beta[at]! - length * step[index]!;
        tried[at] = priors[at]!.isFree ? value : Math.max(0, value);
      });
      const triedLoss = lossOf(rows, priors, tried);
      if (triedLoss < loss) {
        [next, nextLoss] = [tried, triedLoss];
        break;
      }
    }
    const gain = loss - nextLoss;
    [beta, loss] = [next, nextLoss];
    if (gain <= settled * (1 + Math.abs(loss))) break;
  }
  return beta;
}

function marginOf({ x, y }: FitRow, beta: readonly number[]): number {
  let z = 0;
  for (let at = 0; at < beta.length; at++) z += x[at]! * beta[at]!;
  return y ? z : -z;
}

/** log(1 + exp(-z)) without overflow. */
function softLoss(z: number): number {
  return z > 0 ? Math.log1p(Math.exp(-z)) : -z + Math.log1p(Math.exp(z));
}

function lossOf(rows: readonly FitRow[], priors: readonly Prior[], beta: readonly number[]): number {
  const penalty = priors.reduce((sum, { at, scale, strength }, index) => sum + (strength / 2) * ((beta[index]! - at) / scale) ** 2, 0);
  return rows.reduce((sum, row) => sum + row.weight * softLoss(marginOf(row, beta)), penalty);
}

function slopesOf(rows: readonly FitRow[], priors: readonly Prior[], beta: readonly number[]): { gradient: number[]; hessian: number[][] } {
  const gradient = priors.map(({ at, scale, strength }, index) => (strength * (beta[index]! - at)) / scale ** 2);
  const hessian = priors.map(({ scale, strength }, row) => priors.map((_, column) => (row === column ? strength / scale ** 2 : 0)));
  for (const row of rows) {
    const miss = 1 / (1 + Math.exp(marginOf(row, beta)));
    const push = row.weight * miss * (row.y ? -1 : 1);
    const bend = row.weight * miss * (1 - miss);
    for (let a = 0; a < beta.length; a++) {
      gradient[a]! += push * row.x[a]!;
      for (let b = 0; b < beta.length; b++) hessian[a]![b]! += bend * row.x[a]! * row.x[b]!;
    }
  }
  return { gradient, hessian };
}

/** Gauss with the largest pivot first; the matrix is positive definite by the priors. */
function solve(matrix: number[][], values: readonly number[]): number[] {
  const size = values.length;
  const rows = matrix.map((row, at) => [...row, values[at]!]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let at = column + 1; at < size; at++) if (Math.abs(rows[at]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = at;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let at = column + 1; at < size; at++) {
      const factor = rows[at]![column]! / rows[column]![column]!;
      for (let b = column; b <= size; b++) rows[at]![b]! -= factor * rows[column]![b]!;
    }
  }
  const answer = new Array<number>(size).fill(0);
  for (let at = size - 1; at >= 0; at--) {
    let sum = rows[at]![size]!;
    for (let b = at + 1; b < size; b++) sum -= rows[at]![b]! * answer[b]!;
    answer[at] = sum / rows[at]![at]!;
  }
  return answer;
}
