import type { ReactNode } from 'react';
import { FolderOpen } from 'lucide-react';
import { useSession } from '../client/index.ts';
import { Button } from '../parts/button.tsx';
import { Select } from '../parts/select.tsx';
import { chooseExport, pickDestination, useExport } from '../state/export.ts';
import { useShoot } from '../state/shoot.ts';

/** What, which, where to. */
export function Choices({ locked }: { readonly locked: boolean }) {
  const { preset, where, rating } = useExport();
  return (
    <fieldset className="export-choices" disabled={locked}>
      <Choice legend="What">
        <Radio group="preset" value="copy" chosen={preset} title="Original files" text="RAW, its JPEG and sidecar files together, byte for byte" onChoose={() => chooseExport({ preset: 'copy' })} />
        <Radio group="preset" value="web" chosen={preset} title="JPEGs for the web" text="2048 pixels, quality 85, sRGB, with metadata" onChoose={() => chooseExport({ preset: 'web' })} />
      </Choice>
      <Choice legend="Which">
        <Radio group="where" value="keep" chosen={where} title="Keepers" text="Picked ones, and suggested ones that you did not reject" onChoose={() => chooseExport({ where: 'keep' })} />
        <Radio group="where" value="pick" chosen={where} title="Picked only" text="Those with your flag" onChoose={() => chooseExport({ where: 'pick' })} />
        <Radio group="where" value="rating" chosen={where} title="By stars" text="Those with at least so many stars" onChoose={() => chooseExport({ where: 'rating' })}>
          <Select
            label="Least number of stars"
            testId="export-rating"
            value={String(rating)}
            disabled={locked || where !== 'rating'}
            options={[1, 2, 3, 4, 5].map((stars) => ({ value: String(stars), text: stars === 5 ? '5 stars' : `${stars} or more` }))}
            onChoose={(value) => chooseExport({ rating: Number(value) })}
          />
        </Radio>
      </Choice>
      <Choice legend="Where to">
        <Destinations />
      </Choice>
    </fieldset>
  );
}

function Choice({ legend, children }: { readonly legend: string; readonly children: ReactNode }) {
  return (
    <div className="export-choice" role="radiogroup" aria-label={legend}>
      <h3>{legend}</h3>
      {children}
    </div>
  );
}

interface RadioProps {
  readonly group: string;
  readonly value: string;
  readonly chosen: string;
  readonly title: string;
  readonly text?: string;
  readonly children?: ReactNode;
  onChoose(): void;
}

function Radio({ group, value, chosen, title, text, children, onChoose }: RadioProps) {
  return (
    <div className="radio">
      <label>
        <input type="radio" name={`export-${group}`} data-testid={`export-${group}-${value}`} checked={value === chosen} onChange={onChoose} />
        <span className="radio-words">
          <span>{title}</span>
          {text === undefined ? null : <small>{text}</small>}
        </span>
      </label>
      {children}
    </div>
  );
}

function Destinations() {
  const destination = useExport((state) => state.destination);
  const grants = useShoot((state) => state.grants);
  const canPick = useSession((state) => state.info?.canPickFolder ?? false);
  const destinations = grants.filter((grant) => grant.kind === 'destination');
  return (
    <>
      {destinations.map((one) => (
        <Radio key={one.grant} group="destination" value={one.grant} chosen={destination?.grant ?? ''} title={one.name} onChoose={() => chooseExport({ destination: one })} />
      ))}
      {canPick ? (
        <Button testId="export-pick" onClick={() => void pickDestination()}>
          <FolderOpen size={15} strokeWidth={1.8} aria-hidden="true" />
          {destinations.length === 0 ? 'Choose a folder…' : 'Another folder…'}
        </Button>
      ) : destinations.length === 0 ? (
        <p className="export-note" data-testid="export-no-destination">
          No folder to export to has been handed over. Start Parjanya with one: <code className="selectable">parjanya serve &lt;folder&gt; --to &lt;folder&gt;</code>
        </p>
      ) : null}
    </>
  );
}
