/** What the worker's functions need; made once per process and reused for every photo. */
import { createHash } from 'node:crypto';
import { createReadBuffer } from '../adapters/byte-source/index.ts';
import { createMetadataReader } from '../adapters/exifr/index.ts';
import { createHeifRenderer } from '../adapters/heif/index.ts';
import { createRawRenderer, createSensorReader } from '../adapters/libraw/index.ts';
import { createModelRunner } from '../adapters/onnx/index.ts';
import { createSharpCodec } from '../adapters/sharp/index.ts';
import { errorTexts, fail, ok } from '../base/index.ts';
import type { ModelId } from '../domain/index.ts';
import type { ModelFile } from '../ports/index.ts';
import { createHead } from './photo.ts';
import type { Tools } from './photo.ts';
import { createRoom } from './room.ts';

/**
 * @param reportBug told of a throw that should not have been.
 * @param isFresh see createRoom
 */
export function createTools(reportBug: Tools['reportBug'], isFresh: () => boolean = () => true): Tools {
  let models: Readonly<Partial<Record<ModelId, ModelFile>>> = {};
  return {
    codec: createSharpCodec(),
    metadataReader: createMetadataReader(),
    rawRenderer: createRawRenderer(),
    sensorReader: createSensorReader(),
    heifRenderer: createHeifRenderer(),
    modelRunner: createModelRunner({
      locate: async (model) => {
        const file = models[model];
        return file ? ok(file) : fail('model-missing', errorTexts['model-missing']);
      },
    }),
    setModels: (files) => {
      models = files;
    },
    room: createRoom(isFresh),
    buffer: createReadBuffer(),
    head: createHead(),
    createHasher: () => {
      const hash = createHash('sha256');
      return { update: (bytes) => void hash.update(bytes), finish: () => hash.digest('hex') };
    },
    reportBug,
  };
}
