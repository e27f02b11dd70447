/** Four short hashes, as their papers and imagededup (Jain et al. 2019) define them. One number 0 or 1 a bit. */
import type { Pixels } from '../../../main/ports/index.ts';
import { cosineTransform, medianOf, resizeGray } from './picture.ts';

const bitsWhere = (values: ArrayLike<number>, isSet: (value: number, at: number) => boolean): Uint8Array => Uint8Array.from(values, (value, at) => (isSet(value, at) ? 1 : 0));

/** pHash by the median (Zauner 2010; imagededup): 32 x 32, the 8 x 8 lowest frequencies with the mean, which the median leaves out. */
export async function computeMedianPhash(pixels: Pixels): Promise<Uint8Array> {
  const frequencies = cosineTransform(await resizeGray(pixels, 32, 32), 8, 0);
  const median = medianOf(frequencies.subarray(1));
  return bitsWhere(frequencies, (value) => value >= median);
}

/** dHash (Krawetz 2013, "Kind of like that"): 9 x 8, whether each is brighter than the one to its left. */
export async function computeDhash(pixels: Pixels): Promise<Uint8Array> {
  const { values, width } = await resizeGray(pixels, 9, 8);
  return Uint8Array.from({ length: 64 }, (_, at) => {
    const place = Math.floor(at / 8) * width + (at % 8);
    return values[place + 1]! > values[place]! ? 1 : 0;
  });
}

/** aHash (Krawetz 2011, "Looks like it"): 8 x 8 against their mean. */
export async function computeAhash(pixels: Pixels): Promise<Uint8Array> {
  const { values } = await resizeGray(pixels, 8, 8);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return bitsWhere(values, (value) => value >= mean);
}

/** wHash (imagededup): five Haar steps of 256 x 256, which leave the sums of 32 x 32 pixels, against their median. */
export async function computeWhash(pixels: Pixels): Promise<Uint8Array> {
  const { values, width } = await resizeGray(pixels, 256, 256);
  const sums = new Float64Array(64);
  values.forEach((value, at) => (sums[8 * Math.floor(at / width / 32) + Math.floor((at % width) / 32)]! += value));
  const median = medianOf(sums);
  return bitsWhere(sums, (value) => value >= median);
}
