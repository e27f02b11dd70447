import { isSameVerdictChoice, measureNames } from '../../main/domain/index.ts';
import { presetWords } from '../groups/words.ts';
import { Button } from '../parts/button.tsx';
import { learnFromChoices, takeLearned, useWeights } from '../state/weights.ts';
import { describeKeepAt, describeLearned, describeWeight, measureWords } from './words.ts';

/** What the person's own flags and stars say. Off until asked; what was found is shown before it can be taken on. */
export function Learn() {
  const { settings, learned, isLearning } = useWeights();
  if (!settings) return null;
  const isTaken = learned !== null && learned.state !== 'too-few' && isSameVerdictChoice(learned.choice, settings.choice);
  return (
    <section className="side-panel-section" data-testid="learn">
      <h3>Learn from my choices</h3>
      <p className="side-panel-note">Compares your flags and stars in this folder with what was measured. It stays on this computer, and nothing changes until you take it on.</p>
      <Button testId="learn-ask" disabled={isLearning} onClick={() => void learnFromChoices()}>
        {learned === null ? 'Find out' : 'Find out again'}
      </Button>
      {learned === null ? null : (
        <div className="learned" role="status" data-testid="learned" data-state={learned.state}>
          {describeLearned(learned, (genre) => presetWords[genre]).map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          {learned.state === 'better' ? (
            <>
              <dl className="learned-weights numbers">
                {measureNames.map((name) => (
                  <div key={name}>
                    <dt>{measureWords[name]}</dt>
                    <dd>{describeWeight(learned.choice.weights[name])}</dd>
                  </div>
                ))}
                <div>
                  <dt>How strict</dt>
                  <dd>{describeKeepAt(learned.choice.keepAt)}</dd>
                </div>
              </dl>
              <Button look="primary" testId="learn-take" disabled={isTaken} onClick={takeLearned}>
                {isTaken ? 'Suggestions are made by it' : 'Suggest by it'}
              </Button>
            </>
          ) : null}
        </div>
      )}
    </section>
  );
}
