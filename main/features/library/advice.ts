/** What models elsewhere said of a photo, as it is told. */
import type { PhotoAdvice } from '../../contract/index.ts';
import { isAdviceOf } from '../../domain/index.ts';
import type { Advice } from '../../domain/index.ts';
import type { OpenShoot } from './shoot.ts';

/** @param advice the latest first */
export function tellAdvice(advice: readonly Advice[], shoot: OpenShoot): PhotoAdvice {
  const description = advice.find(isAdviceOf('describe'));
  return {
    description: description ? { ...description.output, faults: [...description.output.faults], keywords: [...description.output.keywords], ...originOf(description) } : null,
    comparisons: advice.filter(isAdviceOf('compare')).map((one) => ({ against: pathOf(one.output.against, shoot), outcome: one.output.outcome, reason: one.output.reason, ...originOf(one) })),
  };
}

function originOf({ settings, place, ms, bytes, tokens, at }: Advice) {
  return { model: settings.model, place, ms, bytes, tokens, at };
}

function pathOf(sha256: string, shoot: OpenShoot): string | null {
  for (const { facts, row } of shoot.entries.values()) if (facts.sha256 === sha256) return row.path;
  return null;
}
