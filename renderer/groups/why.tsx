import { useState } from 'react';
import { nameOf } from '../../main/base/index.ts';
import type { PhotoDetail } from '../../main/contract/index.ts';
import { describeLead, isKeptWhole, isTie } from '../../main/domain/index.ts';
import { addressOf } from '../pixels/eye.ts';
import { Select } from '../parts/select.tsx';
import { useExplanation } from '../state/explanations.ts';
import { useList } from '../state/list.ts';
import { describeGroup, describeMeasures } from './words.ts';
import './why.css';

type GroupDetail = NonNullable<PhotoDetail['group']>;

/** What group the photo is in, which is the best, and why the photo is with any other of it. */
export function GroupReasons({ id, group }: { readonly id: number; readonly group: GroupDetail }) {
  const table = useList((state) => state.table);
  const [chosen, setChosen] = useState<{ id: number; other: number } | null>(null);
  const nameOfPhoto = (photo: number): string => {
    const index = table.indexOf.get(photo);
    return index === undefined ? '' : nameOf(table.name[index]!);
  };
  const others = group.photos.filter((photo) => photo !== id);
  const other = chosen?.id === id && others.includes(chosen.other) ? chosen.other : defaultOther(id, group);
  return (
    <section className="reasons-section" data-testid="reasons-group">
      <h3>Group</h3>
      <p data-testid="group-kind">
        {describeGroup(group.kind, group.photos.length)}
        {group.isManual ? ', put together by you' : ''}
      </p>
      <p data-testid="group-best">{describeBest(id, group, nameOfPhoto)}</p>
      {other === null ? null : (
        <Pair
          id={id}
          other={other}
          group={group}
          picker={
            <Select
              label="Why with this photo"
              testId="group-other"
              value={String(other)}
              options={others.map((photo) => ({ value: String(photo), text: `${nameOfPhoto(photo)}${!isKeptWhole(group.kind) && photo === group.best ? ' (best)' : ''}` }))}
              onChoose={(value) => setChosen({ id, other: Number(value) })}
            />
          }
        />
      )}
    </section>
  );
}

/** The best; for the best itself the second; in sets that are kept whole, where none is better, the frame beside it. */
function defaultOther(id: number, { kind, photos, best, runnerUp }: GroupDetail): number | null {
  if (isKeptWhole(kind)) return photos[photos.indexOf(id) - 1] ?? photos[1] ?? null;
  return id === best ? runnerUp : best;
}

function describeBest(id: number, group: GroupDetail, name: (photo: number) => string): string {
  const { kind, best, runnerUp } = group;
  if (isKeptWhole(kind)) return 'Kept together: they are one picture.';
  const who = id === best ? 'This is the best' : `The best is ${name(best)}`;
  if (runnerUp === null) return `${who}.`;
  const second = id === runnerUp ? 'this one' : name(runnerUp);
  return isTie(group) ? `${who} in name only: ${second} is as good.` : `${who}, ${describeLead(group, second)}.`;
}

interface PairProps {
  readonly id: number;
  readonly other: number;
  readonly group: GroupDetail;
  readonly picker: React.ReactNode;
}

function Pair({ id, other, group, picker }: PairProps) {
  const table = useList((state) => state.table);
  const told = useExplanation(id, other, group);
  const index = table.indexOf.get(other);
  const address = index === undefined ? null : addressOf(index, 'grid', table);
  return (
    <div className="pair" data-testid="group-pair" data-other={other} data-told={told !== null}>
      <span className="pair-with">Why with {picker}</span>
      <span className="pair-picture">{address === null ? null : <img src={address} alt="" draggable={false} decoding="async" />}</span>
      <div className="pair-words">
        <span data-testid="group-why">{told ? (told.reason?.text ?? told.message) : ''}</span>
        <span className="reason-numbers numbers" data-testid="group-measures">
          {told?.reason ? describeMeasures(told.reason) : ''}
        </span>
      </div>
    </div>
  );
}
