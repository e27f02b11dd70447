import { memo, useLayoutEffect, useRef } from 'react';
import { nameOf } from '../../main/base/index.ts';
import { StripActions } from '../groups/strip-actions.tsx';
import { shortKinds } from '../groups/words.ts';
import { addressOf } from '../pixels/eye.ts';
import { FlagIcon, LabelDot, Stars } from '../parts/icons.tsx';
import { places, selectPhoto, useList } from '../state/list.ts';
import { bestCodes } from '../state/photo-table.ts';
import './strip.css';

const neighbours = 14;
/** More than this are not looked at one by one; the strip shows those around the shown photo. */
const largestStrip = 60;

/** The group of the shown photo; without a group, its neighbours in the list. */
export function Strip({ id }: { readonly id: number }) {
  const { table, list } = useList();
  const current = useRef<HTMLButtonElement>(null);
  const index = table.indexOf.get(id);
  const group = index === undefined ? null : (table.group[index] ?? null);
  const members = group === null ? [] : table.membersOf(group);
  const grouped = members.length > 1;

  useLayoutEffect(() => {
    const shown = current.current;
    const box = shown?.parentElement;
    if (shown && box) box.scrollLeft = shown.offsetLeft - (box.clientWidth - shown.offsetWidth) / 2;
  }, [id]);

  if (index === undefined) return null;
  const frames = grouped ? around(members, members.indexOf(index), largestStrip) : around([...list.order.subarray(...span(id, list.order.length))], -1, largestStrip);
  const place = grouped ? members.indexOf(index) + 1 : 0;
  return (
    <div className="strip" data-testid="strip" data-grouped={grouped} aria-label={grouped ? 'Photos of this group' : 'Photos before and after'}>
      <div className="strip-title">
        {grouped ? (
          <>
            <strong>{shortKinds[table.kind[index]!]}</strong>
            <span className="numbers">
              {place} of {members.length}
            </span>
            {table.best[index] === bestCodes.whole ? <span>kept together</span> : null}
          </>
        ) : (
          <span>Before and after</span>
        )}
      </div>
      <div className="strip-frames">
        {frames.map((at) => (
          <Frame
            key={table.id[at]}
            id={table.id[at]!}
            name={nameOf(table.name[at]!)}
            address={addressOf(at, 'grid', table)}
            best={grouped && table.best[at] === bestCodes.best}
            flag={table.flag[at]!}
            rating={table.rating[at]!}
            label={table.label[at]!}
            shown={at === index}
            buttonRef={at === index ? current : null}
          />
        ))}
      </div>
      {grouped ? <StripActions isFirst={place === 1} /> : null}
    </div>
  );
}

function span(id: number, length: number): [number, number] {
  const position = places().positionOf(id);
  return [Math.max(0, position - neighbours), Math.min(length, position + neighbours + 1)];
}

function around(indexes: readonly number[], at: number, most: number): readonly number[] {
  if (indexes.length <= most) return indexes;
  const start = Math.max(0, Math.min(indexes.length - most, at - Math.floor(most / 2)));
  return indexes.slice(start, start + most);
}

/** Plain values, so that going through photos draws only the two frames that change. */
interface FrameProps {
  readonly id: number;
  readonly name: string;
  readonly address: string | null;
  readonly best: boolean;
  readonly flag: number;
  readonly rating: number;
  readonly label: number;
  readonly shown: boolean;
  readonly buttonRef: React.RefObject<HTMLButtonElement | null> | null;
}

const Frame = memo(function Frame({ id, name, address, best, flag, rating, label, shown, buttonRef }: FrameProps) {
  return (
    <button
      ref={buttonRef}
      type="button"
      className={`frame${shown ? ' is-shown' : ''}${flag === 2 ? ' is-rejected' : ''}`}
      aria-label={`${name}${best ? ', best of the group' : ''}`}
      aria-current={shown}
      title={name}
      data-testid={`frame-${id}`}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => selectPhoto(id)}
    >
      {address === null ? null : <img src={address} alt="" draggable={false} decoding="async" />}
      {best ? <span className="frame-best">Best</span> : null}
      <span className="frame-marks">
        <LabelDot label={label} />
        <Stars rating={rating} size={9} />
        <FlagIcon flag={flag} size={11} />
      </span>
    </button>
  );
});
