import { useEffect, useState } from 'react';
import type { PhotoDetail } from '../../main/contract/index.ts';
import { useSession } from '../client/index.ts';
import { cropAddress } from '../pixels/address.ts';
import { Button } from '../parts/button.tsx';
import { writeMeasure } from '../parts/words.ts';
import { useList } from '../state/list.ts';
import { pointAt } from '../state/view.ts';

type ReasonDetail = PhotoDetail['reasons'][number];

export interface ReasonLineProps {
  readonly id: number;
  readonly reason: ReasonDetail;
  /** The photo's pixels have to be rendered. */
  readonly isRendered: boolean;
  /** A reason above has shown the same part. */
  readonly isShownBefore: boolean;
}

/** A reason with its numbers and, where it was measured on a part of the picture, that part; the loupe shows where it is while it is pointed at. */
export function ReasonLine({ id, reason, isRendered, isShownBefore }: ReasonLineProps) {
  const { code, text, value, threshold, region } = reason;
  useEffect(() => () => pointAt(id, null), [id]);
  const point = region === null ? {} : { tabIndex: 0, onMouseEnter: () => pointAt(id, region), onMouseLeave: () => pointAt(id, null), onFocus: () => pointAt(id, region), onBlur: () => pointAt(id, null) };
  return (
    <li data-testid={`reason-${code}`} {...point}>
      <span>{text}</span>
      {value === null ? null : (
        <span className="reason-numbers numbers">
          measured {writeMeasure(value)}
          {threshold === null ? '' : ` · limit ${writeMeasure(threshold)}`}
        </span>
      )}
      {region === null || isShownBefore ? null : <Crop key={id} id={id} code={code} region={region} isRendered={isRendered} />}
    </li>
  );
}

/** Real pixels of what was measured. Where they have to be rendered, which takes seconds, they are asked for by hand. */
function Crop({ id, code, region, isRendered }: { readonly id: number; readonly code: string; readonly region: NonNullable<ReasonDetail['region']>; readonly isRendered: boolean }) {
  const [isWanted, setWanted] = useState(!isRendered);
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading');
  const table = useList((list) => list.table);
  const pixels = useSession((session) => session.info?.pixels);
  const index = table.indexOf.get(id);
  const address = pixels === undefined || index === undefined ? null : cropAddress(pixels, table, index, region);
  if (address === null || state === 'failed') return null;
  if (!isWanted)
    return (
      <Button className="reason-show" testId={`reason-${code}-show`} onClick={() => setWanted(true)}>
        Show it at 100 %
      </Button>
    );
  return (
    <span className="reason-crop">
      <img
        src={address}
        alt="The part that this was measured on, at 100 %"
        data-testid={`reason-${code}-crop`}
        data-state={state}
        draggable={false}
        decoding="async"
        onLoad={(event) => {
          // a pixel of the picture on a pixel of the screen
          event.currentTarget.style.width = `${event.currentTarget.naturalWidth / devicePixelRatio}px`;
          setState('shown');
        }}
        onError={() => setState('failed')}
      />
    </span>
  );
}
