/**
 * A short name for a long text, the same on every machine: 64 bits as 16 hex digits (FNV-1a by Fowler, Noll and Vo, twice 32 bits
 * from two starts, mixed once more). It names things and protects nothing.
 */
export function nameHash(text: string): string {
  return `${fnv(text, 0x811c9dc5)}${fnv(text, 0x1b873593)}`;
}

function fnv(text: string, start: number): string {
  let hash = start;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash ^= hash >>> 15;
  return (Math.imul(hash, 0x2c1b3c6d) >>> 0).toString(16).padStart(8, '0');
}
