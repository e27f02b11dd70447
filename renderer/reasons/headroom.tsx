import { useState } from 'react';
import type { Headroom as HeadroomOf } from '../../main/contract/index.ts';
import { api, errorOf } from '../client/index.ts';
import { Button } from '../parts/button.tsx';

/**
 * What the sensor holds of what is clipped or black as shown. Measuring takes about a second for a whole file, so it is done when the person asks,
 * and by itself where a rendering is looked at.
 */
export function Headroom({ id, headroom }: { readonly id: number; readonly headroom: HeadroomOf }) {
  const [state, setState] = useState<{ readonly isAsked: boolean; readonly failure: string | null }>({ isAsked: false, failure: null });
  const { measure, error } = headroom;
  if (measure)
    return (
      <span data-testid="headroom" data-state="measured" title={measure.saturation === 'seen' ? 'The level of saturation was seen in the data.' : 'The level of saturation is what the file states.'}>
        {measure.text.join(' ').replaceAll(/ (?=%|EV)/g, '\u00a0')}
      </span>
    );
  if (headroom.state === 'none') return <span data-testid="headroom" data-state="none">no sensor data</span>;
  if (headroom.state === 'refused') return <span data-testid="headroom" data-state="refused">{`cannot tell: ${error?.message ?? ''}`}</span>;
  const failure = state.failure ?? error?.message ?? null;
  const ask = (): void => {
    setState({ isAsked: true, failure: null });
    // the answer comes with the photo's facts
    api()
      .library.measureHeadroom({ id })
      .catch((reason: unknown) => setState({ isAsked: false, failure: errorOf(reason).message }));
  };
  if (state.isAsked && error === null) return <span data-testid="headroom" data-state="running">measuring…</span>;
  return (
    <span data-testid="headroom" data-state="possible">
      {failure === null ? '' : `${failure} `}
      <Button testId="headroom-measure" onClick={ask}>
        Measure in the RAW file
      </Button>
    </span>
  );
}
