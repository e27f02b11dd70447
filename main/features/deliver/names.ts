/** Names of exported files. Paths are text with `/` between, as contract and ports have them. */

/**
 * The name of one file of a family whose first file's stem has `stemLength` characters: `IMG_1.CR2.xmp` -> `IMG_1-2.CR2.xmp`.
 * @param turn 1 = the name as it is, 2 = the first other name, ...
 */
export function familyName(name: string, stemLength: number, turn: number): string {
  return turn === 1 ? name : `${name.slice(0, stemLength)}-${turn}${name.slice(stemLength)}`;
}

/** Which turn of {@link familyName} made `target` of `name`; null where none did. */
export function turnOf(target: string, name: string, stemLength: number): number | null {
  if (target === name) return 1;
  const rest = name.slice(stemLength);
  if (!target.startsWith(`${name.slice(0, stemLength)}-`) || !target.endsWith(rest)) return null;
  const digits = target.slice(stemLength + 1, target.length - rest.length);
  return /^[1-9]\d{0,3}$/.test(digits) && digits !== '1' ? Number(digits) : null;
}

/**
 * Two names with the same key may be one file: macOS and Windows take letters of either case, and of either Unicode form, as
 * the same. Kept apart everywhere, so that an export can be carried from one disk to another.
 */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** True where `inner` is `outer` or lies below it; both are absolute. Windows paths are told by their drive or share. */
export function isInside(inner: string, outer: string): boolean {
  const isWindows = /^([a-z]:|[\\/]{2})/i.test(outer);
  const plain = (path: string): string => {
    const text = isWindows ? path.replaceAll('\\', '/').toLowerCase() : path;
    return text.endsWith('/') ? text : `${text}/`;
  };
  return plain(inner).startsWith(plain(outer));
}
