import type { GroupChoice } from '../../main/contract/index.ts';
import { isSameChoice, likenessRange, presetNames, presetOf } from '../../main/domain/index.ts';
import type { PresetName } from '../../main/domain/index.ts';
import { keyOf } from '../commands/current.ts';
import { commandById } from '../commands/table.ts';
import { Button, titleOf } from '../parts/button.tsx';
import { Select } from '../parts/select.tsx';
import { SidePanel } from '../parts/side-panel.tsx';
import { Slider } from '../parts/slider.tsx';
import { plural } from '../parts/words.ts';
import { choosePreset, goBack, keepDraft, previewChoice, useFollowGroups, useGroups } from '../state/groups.ts';
import { togglePanel } from '../state/view.ts';
import { Clocks } from './clocks.tsx';
import { describeChoiceLikeness, describeDifference, describeEffect, describeWindow, presetWords, stopOf, windowStops } from './words.ts';
import './panel.css';

/** How the shoot is grouped, beside the photos, so that the effect is seen on them. */
export function GroupsPanel() {
  const settings = useGroups((state) => state.settings);
  const error = useGroups((state) => state.error);
  useFollowGroups();
  return (
    <SidePanel title="Groups" name="groups" onClose={() => togglePanel('groups')}>
      {settings ? <Rules /> : <p className="side-panel-note">{error ? error.message : ''}</p>}
      {settings && settings.cameras.length > 1 ? <Clocks cameras={settings.cameras} /> : null}
      {settings ? <ByHand placed={settings.placed} /> : null}
    </SidePanel>
  );
}

/** Preset, sliders, and what they make of the shoot. */
function Rules() {
  const { settings, draft, before } = useGroups();
  if (!settings) return null;
  const choice = draft ?? settings.choice;
  return (
    <section className="side-panel-section">
      <div className="side-panel-line">
        <h3>For</h3>
        <Select<PresetName | 'own'>
          label="What kind of shoot it is"
          testId="groups-preset"
          value={presetOf(choice) ?? 'own'}
          options={[...presetNames.map((name) => ({ value: name, text: presetWords[name] })), { value: 'own', text: 'Own' }]}
          onChoose={choosePreset}
        />
      </div>
      <Slider
        name="Time between frames of a burst"
        testId="groups-window"
        value={stopOf(choice.window)}
        least={0}
        most={windowStops.length - 1}
        told={describeWindow(choice)}
        ends={['quick', 'slow']}
        onMove={(at) => previewChoice({ ...choice, window: windowStops[at]! })}
        onKeep={keepDraft}
      />
      <Slider
        name="How alike photos of a group are"
        testId="groups-likeness"
        value={choice.likeness}
        least={likenessRange.from}
        most={likenessRange.to}
        told={describeChoiceLikeness(choice)}
        ends={['nearly the same', 'the same scene']}
        onMove={(likeness) => previewChoice({ ...choice, likeness })}
        onKeep={keepDraft}
      />
      <Effect />
      {/* there from the start, so that what is below stays where it is */}
      <Button testId="groups-back" disabled={before === null} onClick={goBack}>
        {before === null ? 'Back' : isSameChoice(before.choice, settings.choice) ? 'Back to the clocks before' : `Back to ${nameChoice(before.choice)}`}
      </Button>
    </section>
  );
}

function nameChoice(choice: GroupChoice): string {
  const preset = presetOf(choice);
  return preset ? presetWords[preset] : `${describeWindow(choice)}, ${describeChoiceLikeness(choice)}`;
}

/** What there is now, or would be where a slider is being moved, and how that differs. */
function Effect() {
  const { settings, draft, preview, before } = useGroups();
  if (!settings) return null;
  const shown = (draft ? preview : null) ?? settings.effect;
  const compared = draft ? settings.effect : (before?.effect ?? null);
  return (
    <div className="groups-effect" role="status" data-testid="groups-effect" data-settled={draft === null}>
      <p>{describeEffect(shown)}</p>
      <p className="groups-difference">{compared ? describeDifference(compared, shown) : ''}</p>
    </div>
  );
}

/** The commands for groups of one's own. */
const byHand: readonly (readonly [id: string, word: string])[] = [
  ['groups.together', 'Make one group'],
  ['groups.alone', 'Not a duplicate'],
  ['groups.join', 'Add to focused group'],
  ['groups.split', 'Split here'],
  ['groups.rules', 'By the rules again'],
];

function ByHand({ placed }: { readonly placed: number }) {
  return (
    <section className="side-panel-section">
      <h3>By hand, for the selected photos</h3>
      <div className="groups-commands">
        {byHand.map(([id, word]) => (
          <CommandButton key={id} id={id} word={word} />
        ))}
      </div>
      <p className="side-panel-note" data-testid="groups-placed">
        {placed === 0 ? 'What you group by hand stays so, whatever the sliders say.' : `${plural(placed, 'photo is', 'photos are')} where you put ${placed === 1 ? 'it' : 'them'}, whatever the sliders say.`}
      </p>
    </section>
  );
}

function CommandButton({ id, word }: { readonly id: string; readonly word: string }) {
  const command = commandById.get(id)!;
  const keys = keyOf(id);
  return (
    <Button className="groups-command" testId={id.replace('.', '-')} title={titleOf(command.title, keys)} onClick={() => command.run({ advance: false })}>
      <span>{word}</span>
      {keys ? <kbd>{keys}</kbd> : null}
    </Button>
  );
}
