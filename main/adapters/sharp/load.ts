/** The one place that names sharp. Loaded on first use and once, in a worker child. */
import { loadNative } from '../../../native/index.ts';
import type { NativeModule } from '../../../native/index.ts';
import type { Result } from '../../base/index.ts';
import type sharp from 'sharp';

export type Sharp = typeof sharp;
export type SharpModule = NativeModule<Sharp>;

/** Platforms with prebuilt sharp binaries (sharp 0.35, optionalDependencies); libvips is inside the Windows ones. */
const platforms = new Set([
  'darwin-arm64', 'darwin-x64', 'linux-arm', 'linux-arm64', 'linux-ppc64', 'linux-riscv64', 'linux-s390x', 'linux-x64',
  'linuxmusl-arm64', 'linuxmusl-x64', 'win32-arm64', 'win32-ia32', 'win32-x64',
]);

const loaders = ['Jpeg', 'Png', 'Webp', 'Tiff', 'Heif'].map((name) => `VipsForeignLoad${name}`);

export const sharpModule: SharpModule = {
  name: 'sharp',
  purpose: 'the picture decoder',
  platformPackages: (platform) => {
    if (!platforms.has(platform)) return [];
    return platform.startsWith('win32') ? [`@img/sharp-${platform}`] : [`@img/sharp-${platform}`, `@img/sharp-libvips-${platform}`];
  },
  load: async () => {
    const module = await import('sharp');
    const sharp = module.default;
    // One picture a process: the pool decides how many run. A cache of decoded pictures would only hold memory.
    sharp.concurrency(1);
    sharp.cache(false);
    // Only the formats that are told by content before; a file that claims otherwise reaches no other parser of libvips.
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({ operation: loaders });
    return sharp;
  },
};

/** Loads on the first call; later calls get the same answer, good or bad. */
export function createSharpLoader(module: SharpModule = sharpModule): () => Promise<Result<Sharp>> {
  let loading: Promise<Result<Sharp>> | null = null;
  return () => (loading ??= loadNative(module));
}
