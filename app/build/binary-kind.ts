/** For which system and processor a file was compiled, read from its first bytes and not from its name. */
import { open } from 'node:fs/promises';

export type BinarySystem = 'linux' | 'darwin' | 'win32';
export interface BinaryKind {
  readonly system: BinarySystem;
  /** `arm64` and `x64` as Node names them, or what it is instead. */
  readonly arch: string;
}

const elfMachines: Readonly<Record<number, string>> = { 0x3e: 'x64', 0xb7: 'arm64', 0x03: 'ia32', 0x28: 'arm' };
const peMachines: Readonly<Record<number, string>> = { 0x8664: 'x64', 0xaa64: 'arm64', 0x14c: 'ia32' };
const machProcessors: Readonly<Record<number, string>> = { 0x01000007: 'x64', 0x0100000c: 'arm64' };

/**
 * Recognises ELF (System V ABI, e_machine), PE (Microsoft PE format, Machine) and Mach-O (cputype; fat files are `universal`).
 * @param head the first 4 KiB of a file. Null: not a compiled binary.
 */
export function readBinaryKind(head: Uint8Array): BinaryKind | null {
  if (head.length < 64) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const magic = view.getUint32(0);
  if (magic === 0x7f454c46) return { system: 'linux', arch: elfMachines[view.getUint16(18, true)] ?? 'unknown' };
  if (magic === 0xcffaedfe) return { system: 'darwin', arch: machProcessors[view.getUint32(4, true)] ?? 'unknown' };
  if (magic === 0xcafebabe && view.getUint32(4) < 20) return { system: 'darwin', arch: 'universal' };
  if (view.getUint16(0) === 0x4d5a) {
    const header = view.getUint32(0x3c, true);
    if (header + 6 > head.length || view.getUint32(header) !== 0x50450000) return null;
    return { system: 'win32', arch: peMachines[view.getUint16(header + 4, true)] ?? 'unknown' };
  }
  return null;
}

/** As {@link readBinaryKind}, of a file. */
export async function binaryKindOf(file: string): Promise<BinaryKind | null> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
    return readBinaryKind(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}
