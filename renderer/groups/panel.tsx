import { useEffect, useRef } from 'react';
import { X } from 'lucide-react';
import type { GroupChoice } from '../../main/contract/index.ts';
import { isSameChoice, likenessRange, presetNames, presetOf } from '../../main/domain/index.ts';
import type { PresetName } from '../../main/domain/index.ts';
import { keyOf } from '../commands/current.ts';
import { commandById } from '../commands/table.ts';
import { Button, IconButton, titleOf } from '../parts/button.tsx';
import { Select } from '../parts/select.tsx';
import { plural } from '../parts/words.ts';
import { choosePreset, goBack, keepDraft, previewChoice, useFollowGroups, useGroups } from '../state/groups.ts';
import { togglePanel } from '../state/view.ts';
import { Clocks } from './clocks.tsx';
import { describeChoiceLikeness, describeDifference, describeEffect, describeWindow, presetWords, stopOf, windowStops } from './words.ts';
import './panel.css';

/** How the shoot is grouped, beside the photos, so that the effect is seen on them. */
export function GroupsPanel() {
  const panel = useRef<HTMLElement>(null);
  const settings = useGroups((state) => state.settings);
  const error = useGroups((state) => state.error);
  useFollowGroups();
  // Tab goes on to the first control; the letters still mean photos
  useEffect(() => panel.current?.focus({ preventScroll: true }), []);
  return (
    <aside
      ref={panel}
      className="groups-panel"
      tabIndex={-1}
      aria-label="Groups"
      data-testid="groups-panel"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        togglePanel('groups');
      }}
    >
      <header className="groups-head">
        <h2>Groups</h2>
        <IconButton label="Close" keys="Esc" testId="groups-close" onClick={() => togglePanel('groups')}>
          <X size={15} strokeWidth={1.7} aria-hidden="true" />
        </IconButton>
      </header>
      {settings ? <Rules /> : <p className="groups-note">{error ? error.message : ''}</p>}
      {settings && settings.cameras.length > 1 ? <Clocks cameras={settings.cameras} /> : null}
      {settings ? <ByHand placed={settings.placed} /> : null}
    </aside>
  );
}

/** Preset, sliders, and what they make of the shoot. */
function Rules() {
  const { settings, draft, before } = useGroups();
  if (!settings) return null;
  const choice = draft ?? settings.choice;
  return (
    <section className="groups-section">
      <div className="groups-line">
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

interface SliderProps {
  readonly name: string;
  readonly testId: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  /** The value in words. */
  readonly told: string;
  readonly ends: readonly [string, string];
  onMove(value: number): void;
}

/** The effect is told while it moves; it is kept when it is let go. */
function Slider({ name, testId, value, least, most, told, ends, onMove }: SliderProps) {
  return (
    <div className="groups-slider">
      <div className="groups-slider-name">
        <span>{name}</span>
        <strong className="numbers" data-testid={`${testId}-told`}>
          {told}
        </strong>
      </div>
      <input
        type="range"
        aria-label={name}
        aria-valuetext={told}
        data-testid={testId}
        min={least}
        max={most}
        step={1}
        value={value}
        onChange={(event) => onMove(event.currentTarget.valueAsNumber)}
        onKeyUp={keepDraft}
        onBlur={keepDraft}
        onPointerUp={(event) => {
          keepDraft();
          // after the mouse, the arrow keys mean photos again
          event.currentTarget.blur();
        }}
      />
      <div className="groups-slider-ends" aria-hidden="true">
        <span>{ends[0]}</span>
        <span>{ends[1]}</span>
      </div>
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
    <section className="groups-section">
      <h3>By hand, for the selected photos</h3>
      <div className="groups-commands">
        {byHand.map(([id, word]) => (
          <CommandButton key={id} id={id} word={word} />
        ))}
      </div>
      <p className="groups-note" data-testid="groups-placed">
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
