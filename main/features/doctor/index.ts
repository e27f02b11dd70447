/** What runs where: each stage tried at each of its places, priced, and what the router says of it. */
import { anySignal, fail, ok } from '../../base/index.ts';
import type { CancelSignal, Result } from '../../base/index.ts';
import type { DoctorAdvice, DoctorRow, DoctorStep, HandlersOf, ParjanyaContract } from '../../contract/index.ts';
import { placeNames, stageIds } from '../../domain/index.ts';
import { unmeasured } from '../../ports/index.ts';
import type { PlaceProbe, ProbeReport, Probes } from '../../ports/index.ts';
import { choose, pricePhoto, routedStages, routes } from '../../routing/index.ts';
import type { Route, RoutedStage } from '../../routing/index.ts';
import type { Jobs } from '../jobs/index.ts';
import { factsOfThisComputer } from '../models/index.ts';

export interface DoctorDeps {
  readonly probes: Probes;
  readonly jobs: Pick<Jobs, 'start'>;
}

interface Try {
  readonly stage: RoutedStage;
  readonly route: Route;
  /** The last place of its stage. */
  readonly isLast: boolean;
}

interface Findings {
  readonly rows: DoctorRow[];
  readonly recommended: DoctorAdvice[];
}

/** The queue that places are recommended for, on mains. */
const photos = 1_000;

/** The handlers of the contract's `doctor`. */
export function createDoctor({ probes, jobs }: DoctorDeps): HandlersOf<ParjanyaContract>['doctor'] {
  let isAtWork = false;

  const examine = async (tries: readonly Try[], signal: CancelSignal, tell: (step: DoctorStep) => void): Promise<Result<Findings>> => {
    const session = await probes.open(signal);
    if (!session.ok) return session;
    const [rows, recommended]: [DoctorRow[], DoctorAdvice[]] = [[], []];
    try {
      for (const { stage, route, isLast } of tries) {
        const step = { done: rows.length, total: tries.length, stage, place: route.place };
        tell({ ...step, row: null, advice: null });
        const report = await probeAt(stage, route, session.value.probes);
        // what was stopped answers like what has crashed
        if (signal.aborted) return fail('cancelled', 'Trying out was stopped.');
        const row = { stage, place: route.place, ...report, usdPer1000: priceThousand(route, report), bytesPerPhoto: route.payload?.meanBytes ?? 0 };
        rows.push(row);
        const advice = isLast ? recommend(stage, rows, probes.cores) : null;
        if (advice) recommended.push(advice);
        tell({ ...step, done: rows.length, row, advice });
      }
      return ok({ rows, recommended });
    } finally {
      await session.value.close();
    }
  };

  return {
    async examine({ stages }, { signal: asked, item }) {
      if (isAtWork) return fail('place-busy', 'This computer is being tried out already; wait until that has ended.', { retry: true });
      isAtWork = true;
      const tries = planTries(stages);
      const job = jobs.start('doctor', 'Trying out what runs where', tries.length);
      try {
        const found = await examine(tries, anySignal(asked, job.signal), (step) => {
          job.progress(step.done, `${step.stage}: ${placeNames[step.place]}`);
          item(step);
        });
        if (found.ok) job.end('done');
        else if (found.error.code === 'cancelled') job.end('cancelled');
        else job.end('failed', found.error);
        return found;
      } finally {
        isAtWork = false;
        // after a throw, which is a bug, the job must not look as if it ran for ever; after anything else this does nothing
        job.end('failed');
      }
    },
    async packages() {
      const packages = await probes.portability();
      return ok({ packages: packages && packages.map((one) => ({ ...one, platforms: { ...one.platforms } })) });
    },
  };
}

/** @param stages none: all, and what runs elsewhere only */
function planTries(stages: readonly RoutedStage[]): Try[] {
  const wanted = routedStages.filter((stage) => stages.length === 0 || stages.includes(stage));
  return wanted.flatMap((stage) => routes[stage].map((route, at) => ({ stage, route, isLast: at === routes[stage].length - 1 })));
}

function probeAt(stage: RoutedStage, { place }: Route, probes: readonly PlaceProbe[]): Promise<ProbeReport> | ProbeReport {
  const probe = probes.find((one) => one.place === place);
  const real = stageIds.find((one) => one === stage);
  if (probe && real) return probe.probe(real);
  return unmeasured('not-set-up', `Nothing was sent to ${placeNames[place]} and nothing was measured, because it is not set up.`);
}

function priceThousand({ price, batch }: Route, { state, medianMs }: ProbeReport): number | null {
  const usd = state === 'ok' ? pricePhoto(price, medianMs, batch) : null;
  return usd === null ? null : 1_000 * usd;
}

/** What the router says of these rows. */
function recommend(stage: RoutedStage, rows: readonly DoctorRow[], cores: number): DoctorAdvice {
  const here = rows.find((row) => row.stage === stage && row.place === 'local');
  const selfTest = here && here.state !== 'not-set-up' ? here.state : null;
  const localMsPerPhoto = here?.photosPerSecond ? 1_000 / here.photosPerSecond : null;
  const { place, reason } = choose(stage, { ...factsOfThisComputer(cores), selfTest, localMsPerPhoto, queue: photos });
  return { stage, place, code: reason.code, reason: reason.text };
}
