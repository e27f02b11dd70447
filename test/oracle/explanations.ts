/** Why the product's answer differs from a tool's, by kind of difference or by file. The first that fits counts. */
import type { Field } from './compare.ts';

export interface Explanation {
  readonly field: Field;
  /** Files, by path in the folder of photos; absent: all. */
  readonly file?: RegExp;
  /** The detail's text, which starts with the format that the product has told; absent: all. */
  readonly detail?: RegExp;
  readonly why: string;
}

export const explanations: readonly Explanation[] = [
];
