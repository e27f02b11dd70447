/** Small C programs that the product is held against (test/bench/native), built for the run where there is a compiler. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../config/needs.ts';

/** `absent`: why there is none. */
export type NativeProgram = { readonly path: string } | { readonly absent: string };

const sources = {
  ranges: { libraries: [], needs: 'a C library' },
  scaled: { libraries: ['-ljpeg'], needs: "libjpeg-turbo's headers (Debian: libjpeg62-turbo-dev)" },
  half: { libraries: ['-lraw'], needs: "LibRaw's headers (Debian: libraw-dev)" },
} as const;

/** Builds `name` into `folder`. */
export function buildNative(name: keyof typeof sources, folder: string): NativeProgram {
  const compiler = findProgram('cc', 'gcc', 'clang');
  if (!compiler) return { absent: 'no C compiler is here' };
  const { libraries, needs } = sources[name];
  const path = join(folder, name);
  const { status } = spawnSync(compiler, ['-O2', '-o', path, fileURLToPath(new URL(`./native/${name}.c`, import.meta.url)), ...libraries], { stdio: 'ignore' });
  return status === 0 ? { path } : { absent: `it could not be built: ${needs} may be missing` };
}

/** Lines that the program wrote, split at blanks. */
export function runNative(path: string, options: { readonly arguments?: readonly string[]; readonly input?: string } = {}): string[][] {
  const text = execFileSync(path, options.arguments ?? [], { input: options.input ?? '', encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 });
  return text.trim().split('\n').map((line) => line.split(' '));
}

/**
 * Processor milliseconds, user and system, of a program and all that it started, its output thrown away. Null where there is no shell
 * that tells. Its exit status does not matter: exiv2 and exiftool fail over a file that has nothing for them.
 */
export function processorMsOf(program: string, options: { readonly arguments: readonly string[]; readonly folder?: string }): number | null {
  const shell = findProgram('sh');
  if (!shell) return null;
  const script = '"$@" >/dev/null 2>&1; times';
  const text = execFileSync(shell, ['-c', script, 'sh', program, ...options.arguments], { cwd: options.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  // the second line is about the children: minutes and seconds of user and of system
  const parts = [...(text.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  return parts.length === 2 ? parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000, 0) : null;
}
