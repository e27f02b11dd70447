/** What the worker's functions need; made once per process and reused for every photo. */
import { createHash } from 'node:crypto';
import { createReadBuffer } from '../adapters/byte-source/index.ts';
import { createMetadataReader } from '../adapters/exifr/index.ts';
import { createHeifRenderer } from '../adapters/heif/index.ts';
import { createRawRenderer } from '../adapters/libraw/index.ts';
import { createSharpCodec } from '../adapters/sharp/index.ts';
import { createHead } from './photo.ts';
import type { Tools } from './photo.ts';

/** @param reportBug told of a throw that should not have been. */
export function createTools(reportBug: Tools['reportBug']): Tools {
  return {
    codec: createSharpCodec(),
    metadataReader: createMetadataReader(),
    rawRenderer: createRawRenderer(),
    heifRenderer: createHeifRenderer(),
    buffer: createReadBuffer(),
    head: createHead(),
    createHasher: () => {
      const hash = createHash('sha256');
      return { update: (bytes) => void hash.update(bytes), finish: () => hash.digest('hex') };
    },
    reportBug,
  };
}
