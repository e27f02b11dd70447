/**
 * Whether an ICC profile is sRGB, by its own description (ICC.1:2022 section 9.2.41, tag `desc`; text in ASCII for
 * version 2 and UTF-16 for version 4).
 */
export function isSrgbProfile(profile: Uint8Array): boolean {
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  if (profile.length < 132) return false;
  const count = Math.min(view.getUint32(128), 100);
  for (let index = 0; index < count; index++) {
    const at = 132 + index * 12;
    if (at + 12 > profile.length) return false;
    if (view.getUint32(at) !== 0x64657363) continue;
    const offset = view.getUint32(at + 4);
    const length = Math.min(view.getUint32(at + 8), 512);
    if (offset + length > profile.length) return false;
    const text = String.fromCharCode(...profile.subarray(offset, offset + length).filter((byte) => byte >= 0x20 && byte < 0x7f));
    // `c2` is the compact sRGB that some web services write.
    return /srgb|61966-2[.-]1/i.test(text) || /\bc2\b/.test(text);
  }
  return false;
}
