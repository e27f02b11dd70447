/** Pixels and their ICC profile as one uncompressed TIFF (TIFF 6.0; tag 34675): the way to hand libvips both. */
import type { Pixels } from '../../ports/index.ts';

const [shortType, longType, undefinedType] = [3, 4, 7];

export function wrapAsTiff({ width, height, channels, data }: Pixels, profile: Uint8Array): Uint8Array {
  const entries = 11;
  const bitsAt = 8 + 2 + entries * 12 + 4;
  const profileAt = bitsAt + 8;
  const dataAt = profileAt + Math.ceil(profile.length / 4) * 4;
  const bytes = new Uint8Array(dataAt + data.length);
  const view = new DataView(bytes.buffer);
  let at = 10;
  const entry = (tag: number, type: number, count: number, value: number): void => {
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    if (type === shortType && count === 1) view.setUint16(at + 8, value, true);
    else view.setUint32(at + 8, value, true);
    at += 12;
  };
  bytes.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, 8, true);
  view.setUint16(8, entries, true);
  entry(256, longType, 1, width);
  entry(257, longType, 1, height);
  if (channels === 1) entry(258, shortType, 1, 8);
  else entry(258, shortType, 3, bitsAt);
  entry(259, shortType, 1, 1); // no compression
  entry(262, shortType, 1, channels === 1 ? 1 : 2); // black is zero, or RGB
  entry(273, longType, 1, dataAt);
  entry(277, shortType, 1, channels);
  entry(278, longType, 1, height);
  entry(279, longType, 1, data.length);
  entry(284, shortType, 1, 1); // channels interleaved
  entry(34_675, undefinedType, profile.length, profileAt);
  for (let channel = 0; channel < 3; channel++) view.setUint16(bitsAt + channel * 2, 8, true);
  bytes.set(profile, profileAt);
  bytes.set(data, dataAt);
  return bytes;
}
