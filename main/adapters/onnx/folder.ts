/** Finds model files by their names in folders, without asking whether they are the ones that are meant. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
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

/** The first folder that has the file counts. A file is hashed again when its size or time has changed. Errors: model-missing. */
export function createFolderLocator(folders: readonly string[]): LocateModel {
  const hashes = new Map<string, { readonly state: string; readonly sha256: string }>();
  const look = async (path: string): Promise<ModelFile | null> => {
    try {
      const { size, mtimeMs } = await stat(path);
      const state = `${size} ${mtimeMs}`;
      const known = hashes.get(path);
      const sha256 = known?.state === state ? known.sha256 : createHash('sha256').update(await readFile(path)).digest('hex');
      hashes.set(path, { state, sha256 });
      return { path, sha256, version: sha256.slice(0, 8) };
    } catch {
      return null;
    }
  };
  return async (model): Promise<Result<ModelFile>> => {
    for (const folder of folders) {
      const file = await look(join(folder, modelFileNames[model]));
      if (file) return ok(file);
    }
    return fail('model-missing', `The model "${model}" is not on this computer. "parjanya models pull" fetches it; or name a folder that has it in PARJANYA_MODELS.`);
  };
}
