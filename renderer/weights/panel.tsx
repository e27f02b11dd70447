import { keepRange, measureNames, presetNames, weightRange } from '../../main/domain/index.ts';
import { presetWords } from '../groups/words.ts';
import { Button } from '../parts/button.tsx';
import { SidePanel } from '../parts/side-panel.tsx';
import { Slider } from '../parts/slider.tsx';
import { togglePanel } from '../state/view.ts';
import { chooseGenre, keepWeights, moveKeepAt, moveWeight, useFollowWeights, useWeights } from '../state/weights.ts';
import { Learn } from './learn.tsx';
import { describeChanged, describeEffect, describeKeepAt, describeKnown, describeWeight, measureWords } from './words.ts';
import './panel.css';

/** What counts how much for the suggestions, beside the photos, so that the effect is seen on them. */
export function WeightsPanel() {
  const settings = useWeights((state) => state.settings);
  const error = useWeights((state) => state.error);
  useFollowWeights();
  return (
    <SidePanel title="What counts" name="weights" onClose={() => togglePanel('weights')}>
      {settings ? <Genres /> : <p className="side-panel-note">{error ? error.message : ''}</p>}
      {settings ? <Sliders /> : null}
      {settings ? <Learn /> : null}
    </SidePanel>
  );
}

function Genres() {
  const preset = useWeights((state) => (state.draft ? null : (state.settings?.preset ?? null)));
  return (
    <section className="side-panel-section">
      <h3>For</h3>
      <div className="genres" role="group" aria-label="What kind of shoot it is">
        {presetNames.map((name) => (
          <Button key={name} pressed={preset === name} testId={`genre-${name}`} onClick={() => chooseGenre(name)}>
            {presetWords[name]}
          </Button>
        ))}
      </div>
    </section>
  );
}

function Sliders() {
  const { settings, draft } = useWeights();
  if (!settings) return null;
  const choice = draft ?? settings.choice;
  const isPartly = measureNames.some((name) => describeKnown(settings.known[name], settings.photos) !== null);
  return (
    <section className="side-panel-section">
      {measureNames.map((name) => {
        const remark = describeKnown(settings.known[name], settings.photos);
        return (
          <div key={name} className="weight">
            <Slider
              name={measureWords[name]}
              testId={`weight-${name}`}
              value={choice.weights[name]}
              least={weightRange.from}
              most={weightRange.to}
              step={weightRange.step}
              told={describeWeight(choice.weights[name])}
              ends={['not at all', 'much']}
              onMove={(weight) => moveWeight(name, weight)}
              onKeep={keepWeights}
            />
            {remark === null ? null : (
              <p className="side-panel-note" data-testid={`weight-${name}-known`}>
                {remark}
              </p>
            )}
          </div>
        );
      })}
      {isPartly ? <p className="side-panel-note">What cannot be told of a photo leaves its weight to the rest.</p> : null}
      <Slider
        name="How strict"
        testId="keep-at"
        value={choice.keepAt}
        least={keepRange.from}
        most={keepRange.to}
        step={keepRange.step}
        told={describeKeepAt(choice.keepAt)}
        ends={['easy', 'strict']}
        onMove={moveKeepAt}
        onKeep={keepWeights}
      />
      <Effect />
    </section>
  );
}

/** What is suggested now, or would be where a slider is being moved, and how many suggestions differ. */
function Effect() {
  const { settings, draft, preview } = useWeights();
  if (!settings) return null;
  const shown = (draft ? preview : null) ?? settings.effect;
  return (
    <div className="weights-effect" role="status" data-testid="weights-effect" data-settled={draft === null}>
      <p>{describeEffect(shown)}</p>
      <p className="weights-changed">{draft ? describeChanged(shown) : ''}</p>
    </div>
  );
}
