/** Words of a vision model about photos: planned, agreed to, sent, kept. They are shown beside the reasons and counted by no rule. */
import { anySignal, coded, createCancel, fail, joinPath, neverCancelled, ok } from '../../base/index.ts';
import type { CancelSignal, CodedError, Result } from '../../base/index.ts';
import type { Catalog } from '../../catalog/types.ts';
import { adviceVersions, isUnencrypted, keepPictureOnly } from '../../domain/index.ts';
import type { Advice, Comparison, Description, EndpointSettings, PhotoId } from '../../domain/index.ts';
import { knownOutputs } from '../../pipeline/index.ts';
import type { Clock, DecodePool, EndpointBook, Vlm, VlmAnswer, VlmQuestion } from '../../ports/index.ts';
import type { Library, ShootSession } from '../library/index.ts';
import { chooseToDescribe } from './choose.ts';
import { createSender, mostTogether } from './sender.ts';
import type { DescribeOutcome, DescribePlan, Descriptions } from './types.ts';

export { isBorderline } from './choose.ts';
export { createSender } from './sender.ts';
export type * from './types.ts';

/** What an answer took; see stages/describe. */
interface Spent {
  readonly requests: number;
  readonly bytes: number;
  readonly tokens: { readonly in: number; readonly out: number } | null;
}
type Ask = (question: VlmQuestion) => Promise<VlmAnswer>;
type Asked<T> = Promise<{ readonly result: Result<T>; readonly spent: Spent }>;

export interface DescribeDeps {
  readonly catalog: Catalog;
  readonly library: Library;
  readonly pool: DecodePool;
  readonly vlm: Vlm;
  readonly endpoint: EndpointBook;
  readonly clock: Clock;
  /** The stage, which features do not import. */
  readonly stage: {
    readonly sentPicture: { readonly maxEdge: number; readonly quality: number };
    describePicture(ask: Ask, endpoint: EndpointSettings, jpeg: Uint8Array): Asked<Description>;
    comparePictures(ask: Ask, endpoint: EndpointSettings, first: Uint8Array, second: Uint8Array): Asked<{ readonly winner: 'first' | 'second' | 'tie'; readonly reason: string }>;
  };
}

/** Pictures that are made to see how large they are. */
const samples = 8;
/** Words, schema and form of a request. */
const wordBytes = 3_500;
/** Photos in a row that fail though each was tried several times: the place is to blame. */
const mostFailures = 3;
/** Photos in a row that are refused, and none answered in between: it is hardly the photos. */
const mostRefusals = 5;

export function createDescriptions(deps: DescribeDeps): Descriptions {
  const { catalog, library, clock, stage } = deps;

  /** The very bytes that leave. */
  const pictureOf = async (session: ShootSession, id: PhotoId, signal: CancelSignal): Promise<Result<Uint8Array>> => {
    const entry = session.shoot.entries.get(id);
    if (!entry) return fail('not-found', 'There is no such photo here (any more).');
    const shown = session.shoot.shownOf(entry);
    const known = knownOutputs(session.answers.resultsOf(shown.id));
    const made = await deps.pool.deliver({ path: joinPath(session.shoot.row.folder, shown.row.path), ...stage.sentPicture, known, metadata: 'none' }, { signal });
    if (!made.ok) return made;
    // a second barrier, in this process: whatever comes, nothing but a picture goes
    const jpeg = keepPictureOnly(made.value.jpeg);
    return jpeg.ok ? jpeg : fail('internal', 'The picture could not be freed of what is written in it, so it was not sent.');
  };

  return {
    async plan(grant, choice, signal = neverCancelled) {
      const endpoint = await deps.endpoint.read();
      if (!endpoint) return fail('endpoint-missing', 'No vision model was set: parjanya endpoint set --url <base URL> --model <name>.');
      if (choice.maxUsd !== null && endpoint.usdPer1000 === null) return fail('bad-input', 'A limit in money needs a price: parjanya endpoint set ... --usd-per-1000 <dollars per 1,000 requests>.');
      const opened = await library.sessionOfGrant(grant);
      if (!opened.ok) return opened;
      const session = opened.value;
      const chosen = chooseToDescribe(session.shoot, choice, endpoint, catalog);
      const affordable = choice.maxUsd === null || !endpoint.usdPer1000 ? Number.POSITIVE_INFINITY : requestsFor(choice.maxUsd, endpoint.usdPer1000);
      const photos = chosen.photos.slice(0, Math.min(choice.maxPhotos ?? Number.POSITIVE_INFINITY, affordable));
      const pairs = pairsWithin(chosen.pairs, photos.map(({ id }) => id), choice.maxPhotos ?? Number.POSITIVE_INFINITY, Math.floor((affordable - photos.length) / 2));
      const left = chosen.photos.length - photos.length + chosen.pairs.length - pairs.length;
      if (photos.length + pairs.length === 0)
        return fail('nothing-to-do', left > 0 ? 'The limits leave nothing that could be asked about.' : `There is nothing to ask about${chosen.known > 0 ? `; ${chosen.known} were answered before` : ''}.`);
      const seen = [...photos.map(({ id }) => id), ...pairs.map(({ best }) => best)];
      const made = await Promise.all(Array.from({ length: Math.min(samples, seen.length) }, (_, index) => pictureOf(session, seen[Math.floor((index * seen.length) / Math.min(samples, seen.length))]!, signal)));
      if (signal.aborted) return fail('cancelled', 'It was cancelled.');
      const sizes = made.flatMap((picture) => (picture.ok ? [Math.ceil(picture.value.length / 3) * 4] : []));
      const size = sizes.length === 0 ? 0 : sizes.reduce((sum, bytes) => sum + bytes, 0) / sizes.length;
      const requests = photos.length + 2 * pairs.length;
      return ok({
        endpoint,
        photos,
        pairs,
        known: chosen.known,
        left,
        requests,
        bytes: Math.round((photos.length + 4 * pairs.length) * size + requests * wordBytes),
        usd: endpoint.usdPer1000 === null ? null : (requests * endpoint.usdPer1000) / 1000,
        fields: ['pixels'],
        isUnencrypted: isUnencrypted(endpoint),
      });
    },

    async run(grant, plan, { maxUsd = null, signal, onProgress } = {}) {
      const opened = await library.sessionOfGrant(grant);
      if (!opened.ok) return opened;
      const session = opened.value;
      const { shoot } = session;
      const { endpoint } = plan;
      const halt = createCancel();
      const stopper = anySignal(halt.signal, signal);
      const mostRequests = maxUsd === null || !endpoint.usdPer1000 ? null : requestsFor(maxUsd, endpoint.usdPer1000);
      const sender = createSender(deps, mostRequests, signal ?? neverCancelled, halt.signal);
      const failed: DescribeOutcome['failed'][number][] = [];
      const sums = { described: 0, compared: 0, requests: 0, bytes: 0, tokensIn: 0, tokensOut: 0, isCounted: false };
      let stopped: CodedError | null = null;
      const inARow = { failed: 0, refused: 0 };
      let done = 0;
      const total = plan.photos.length + plan.pairs.length;

      /** No new work; what is under way is paid for, so it ends and is kept. */
      const stop = (error: CodedError): void => {
        stopped ??= error;
        halt.cancel();
      };
      const spend = ({ requests, bytes, tokens }: Spent): void => {
        sums.requests += requests;
        sums.bytes += bytes;
        sums.tokensIn += tokens?.in ?? 0;
        sums.tokensOut += tokens?.out ?? 0;
        sums.isCounted ||= tokens !== null;
        if (requests > 0) Object.assign(inARow, { failed: 0, refused: 0 });
      };
      const refuse = (id: PhotoId, error: CodedError, isOfPicture: boolean): void => {
        if (error.code === 'cancelled' || error.code === 'closed') return;
        if (error.code === 'not-agreed') return stop(error);
        failed.push({ path: shoot.entries.get(id)?.row.path ?? '', code: error.code, message: error.message });
        if (isOfPicture || error.code === 'answer-invalid') return;
        if (error.code === 'bad-input') {
          inARow.refused += 1;
          if (inARow.refused >= mostRefusals) stop(error);
          return;
        }
        inARow.failed += 1;
        // no other photo would fare better
        if (!error.retry || inARow.failed >= mostFailures) stop(error);
      };
      const isSame = (id: PhotoId, sha256: string | null): boolean => sha256 !== null && shoot.entries.get(id)?.facts.sha256 === sha256;
      const told = (start: number, { bytes, tokens }: Spent): Pick<Advice, 'place' | 'placeReason' | 'ms' | 'bytes' | 'tokens' | 'at'> => ({
        place: 'gpu',
        placeReason: 'It was asked for, and no computer but one with a large graphics card runs a vision model.',
        ms: clock.now() - start,
        bytes,
        tokens,
        at: clock.now(),
      });

      const describe = async (id: PhotoId): Promise<void> => {
        const sha256 = shoot.entries.get(id)?.facts.sha256 ?? null;
        const picture = await pictureOf(session, id, stopper);
        if (!picture.ok) return refuse(id, picture.error, true);
        const start = clock.now();
        const { result, spent } = await stage.describePicture(sender.ask, endpoint, picture.value);
        spend(spent);
        if (!result.ok) return refuse(id, result.error, false);
        sums.described += 1;
        // the file may be another one meanwhile
        if (!isSame(id, sha256)) return;
        catalog.saveAdvice(id, { stage: 'describe', version: adviceVersions.describe, settings: { model: endpoint.model }, ...told(start, spent), output: result.value });
        session.tell([id]);
      };
      const compare = async ({ best, other }: DescribePlan['pairs'][number]): Promise<void> => {
        const [first, second] = [shoot.entries.get(best)?.facts.sha256 ?? null, shoot.entries.get(other)?.facts.sha256 ?? null];
        const pictures = [await pictureOf(session, best, stopper), await pictureOf(session, other, stopper)] as const;
        if (!pictures[0].ok) return refuse(best, pictures[0].error, true);
        if (!pictures[1].ok) return refuse(other, pictures[1].error, true);
        const start = clock.now();
        const { result, spent } = await stage.comparePictures(sender.ask, endpoint, pictures[0].value, pictures[1].value);
        spend(spent);
        if (!result.ok) return refuse(best, result.error, false);
        sums.compared += 1;
        if (!isSame(best, first) || !isSame(other, second)) return;
        const { winner, reason } = result.value;
        const keep = (id: PhotoId, against: string, outcome: Comparison['outcome']): void =>
          catalog.saveAdvice(id, { stage: 'compare', version: adviceVersions.compare, settings: { model: endpoint.model, against }, ...told(start, spent), output: { against, outcome, reason } });
        keep(best, second!, winner === 'tie' ? 'tie' : winner === 'first' ? 'better' : 'worse');
        keep(other, first!, winner === 'tie' ? 'tie' : winner === 'first' ? 'worse' : 'better');
        session.tell([best, other]);
      };

      const work = [...plan.photos.map(({ id }) => () => describe(id)), ...plan.pairs.map((pair) => () => compare(pair))];
      const takeTurns = async (): Promise<void> => {
        for (let next = work.shift(); next && !stopper.aborted; next = work.shift()) {
          try {
            await next();
          } catch (error) {
            // what could not be kept (a full disk) is nothing to go on paying for
            halt.cancel();
            throw error;
          }
          done += 1;
          if (!signal?.aborted) onProgress?.({ done, total });
        }
      };
      const ends = await Promise.allSettled(Array.from({ length: Math.min(mostTogether, total) }, takeTurns));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
      if (signal?.aborted) stopped ??= coded('cancelled', 'It was cancelled; what was answered until then is kept.');
      return ok({
        described: sums.described,
        compared: sums.compared,
        failed,
        requests: sums.requests,
        bytes: sums.bytes,
        tokens: sums.isCounted ? { in: sums.tokensIn, out: sums.tokensOut } : null,
        usd: endpoint.usdPer1000 === null ? null : (sender.counted * endpoint.usdPer1000) / 1000,
        together: sender.together,
        stopped,
      });
    },
  };
}

/** In order, as far as both limits reach: a pair counts by the photos that are sent for it alone. */
function pairsWithin(pairs: DescribePlan['pairs'], described: readonly PhotoId[], mostPhotos: number, mostPairs: number): DescribePlan['pairs'] {
  const sent = new Set(described);
  const within: DescribePlan['pairs'][number][] = [];
  for (const pair of pairs) {
    const added = [pair.best, pair.other].filter((id) => !sent.has(id));
    if (within.length >= mostPairs || sent.size + added.length > mostPhotos) continue;
    for (const id of added) sent.add(id);
    within.push(pair);
  }
  return within;
}

/** Whole requests that an amount pays for; the last cent of rounding is not spent. */
function requestsFor(usd: number, usdPer1000: number): number {
  return Math.floor((usd * 1000) / usdPer1000 + 1e-9);
}
