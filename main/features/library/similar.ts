/** Photos of a shoot whose content is alike, by the embeddings that aesthetics have left in the catalog. */
import type { Catalog } from '../../catalog/types.ts';
import { findNearest, isFoldedHalf } from '../../domain/index.ts';
import type { PhotoId } from '../../domain/index.ts';
import { knownOutputs } from '../../pipeline/index.ts';
import type { Clock } from '../../ports/index.ts';
import type { ShootSession } from './session.ts';

/** Read together: 4 MB, some milliseconds. */
const page = 2_000;

/** The most alike first; null where the photo has no embedding. Only embeddings of the tower that embedded it are compared. */
export async function findSimilar({ shoot, answers }: ShootSession, id: PhotoId, most: number, { catalog, clock }: { readonly catalog: Catalog; readonly clock: Clock }): Promise<{ photo: PhotoId; cosine: number }[] | null> {
  const model = knownOutputs(answers.resultsOf(id)).clip?.model;
  const target = model === undefined ? null : catalog.embeddingOf(id, model);
  if (model === undefined || !target) return null;
  const pair = shoot.entries.get(id)?.facts.pairId ?? null;
  const isOther = (photo: PhotoId): boolean => {
    const entry = shoot.entries.get(photo);
    return entry !== undefined && photo !== id && photo !== pair && !isFoldedHalf(entry.facts);
  };
  let nearest: { of: PhotoId; cosine: number }[] = [];
  for (let after = 0; ; ) {
    const rows = catalog.embeddings(shoot.row.id, model, after, page);
    const found = findNearest(target, rows.filter(({ photo }) => isOther(photo)).map(({ photo, vector }) => ({ of: photo, vector })), most);
    nearest = [...nearest, ...found].sort((a, b) => b.cosine - a.cosine).slice(0, most);
    if (rows.length < page) break;
    after = rows.at(-1)!.photo;
    // others are answered meanwhile
    await new Promise<void>((resolve) => void clock.after(0, resolve));
  }
  return nearest.map(({ of: photo, cosine }) => ({ photo, cosine: Math.round(cosine * 1e4) / 1e4 }));
}
