/** The pass that embeds photos: from the grid's picture, which is there already, to an embedding in the catalog and a score with the photo. */
import { coded } from '../../base/index.ts';
import type { CancelSignal, CodedError } from '../../base/index.ts';
import type { PhotoId } from '../../domain/index.ts';
import { graph, missingEmbed } from '../../pipeline/index.ts';
import { isUnusableModel } from '../models/index.ts';
import type { Pictures } from './pictures.ts';
import type { OpenShoot } from './shoot.ts';
import type { AnswerStore, PassOutcome, WorkDeps } from './work.ts';

/** Does the pass on one photo, where the router says. Never rejects. Cancelled work leaves no trace. @param queue photos that wait for the pass, this one included */
export async function embedPhoto(deps: WorkDeps, pictures: Pictures, answers: AnswerStore, shoot: OpenShoot, photo: PhotoId, { queue, signal }: { readonly queue: number; readonly signal: CancelSignal }): Promise<PassOutcome> {
  const done = (error: CodedError | null): PassOutcome => ({ photo, pass: 'embed', error });
  const entry = shoot.entries.get(photo);
  const model = deps.gate.filesFor(['clip'])['clip-b32-image'];
  if (!entry || !model || missingEmbed(answers.resultsOf(photo)).length === 0) return done(null);
  const choice = deps.router.choose('clip', queue);
  if (choice.place !== 'local') {
    deps.gate.turnOff('clip', coded('native-missing', choice.reason.text));
    return done(null);
  }
  const start = deps.clock.now();
  const picture = await pictures.get({ folder: shoot.row.folder, row: entry.row, results: answers.resultsOf(photo) }, 'grid', 'auto', signal);
  const embedded = picture.ok ? await deps.embedder.embed(picture.value.jpeg, model, signal) : picture;
  if (!embedded.ok && (embedded.error.code === 'cancelled' || embedded.error.code === 'closed')) return done(embedded.error);
  if (!embedded.ok && isUnusableModel(embedded.error)) {
    // no photo is to blame: the stage is off, and says why once
    deps.gate.turnOff('clip', embedded.error);
    return done(null);
  }
  // the photo may have left the shoot, or the file may be another one, meanwhile
  const now = shoot.entries.get(photo);
  if (!now || now.row.bytes !== entry.row.bytes || now.row.mtimeMs !== entry.row.mtimeMs) return done(null);
  const { version } = graph.clip;
  const end = deps.clock.now();
  const common = { stage: 'clip', version, place: choice.place, placeReason: choice.reason.text, ms: end - start } as const;
  if (embedded.ok) {
    deps.router.note('clip', start, end);
    deps.catalog.saveEmbedding(photo, model.sha256, embedded.value.vector);
    answers.put(photo, [{ ...common, output: { score: embedded.value.score, model: model.sha256 }, error: null }]);
  } else answers.put(photo, [{ ...common, output: null, error: embedded.error }]);
  shoot.update(photo, answers.resultsOf(photo));
  return done(embedded.ok ? null : embedded.error);
}
