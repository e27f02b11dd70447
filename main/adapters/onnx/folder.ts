/** Finds model files by name in one folder, without asking whether they are the ones that are meant. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import type { ModelId } from '../../domain/index.ts';
import type { LocateModel, ModelFile } from '../../ports/index.ts';

export const modelFileNames: Readonly<Record<ModelId, string>> = {
  yunet: 'face_detection_yunet_2023mar.onnx',
  'face-mesh': 'face_landmark_468.onnx',
  iris: 'iris_landmark.onnx',
  ocec: 'ocec_s.onnx',
  'clip-b32-image': 'clip_vit_b32_image.onnx',
};

/** A file is hashed at the first asking. Errors: model-missing. */
export function createFolderLocator(folder: string): LocateModel {
  const found = new Map<ModelId, ModelFile>();
  return async (model): Promise<Result<ModelFile>> => {
    const known = found.get(model);
    if (known) return ok(known);
    const path = join(folder, modelFileNames[model]);
    try {
      const sha256 = createHash('sha256').update(await readFile(path)).digest('hex');
      const file = { path, sha256, version: sha256.slice(0, 8) };
      found.set(model, file);
      return ok(file);
    } catch {
      return fail('model-missing', `The file of the model "${model}" is not on this computer.`);
    }
  };
}
