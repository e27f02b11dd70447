import { CircleCheck, CircleDashed, Hourglass, OctagonX, PackageX, TriangleAlert } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { DoctorAdvice, DoctorRow } from '../../main/contract/index.ts';
import { modelIds, placeNames } from '../../main/domain/index.ts';
import { stageWords, writeCount, writeMilliseconds } from '../parts/words.ts';
import { useDoctor } from '../state/doctor.ts';

const states: Readonly<Record<DoctorRow['state'], readonly [LucideIcon, string]>> = {
  ok: [CircleCheck, 'Works'],
  slow: [Hourglass, 'Too slow'],
  wrong: [TriangleAlert, 'Answers wrongly'],
  crashed: [OctagonX, 'Stops its process'],
  missing: [PackageX, 'Missing'],
  'not-set-up': [CircleDashed, 'Not set up'],
};

/** Titles, and how their cells stand. */
const columns = [
  ['Step', ''], ['Where', 'doctor-place'], ['State', 'doctor-state'], ['First answer', 'doctor-number'], ['Median', 'doctor-number'], ['Photos a second', 'doctor-number'],
  ['Cost of 1,000', 'doctor-number'], ['Best done', 'doctor-best'],
] as const;

/** A stage's rows stand together, as they come. */
function groupByStage(rows: readonly DoctorRow[]): DoctorRow[][] {
  const groups = new Map<string, DoctorRow[]>();
  for (const row of rows) groups.set(row.stage, [...(groups.get(row.stage) ?? []), row]);
  return [...groups.values()];
}

/** Steps and places: whether it works there, how fast, at what cost, and where it is best done. */
export function PlaceTable() {
  const rows = useDoctor((state) => state.rows);
  const advice = useDoctor((state) => state.advice);
  if (rows.length === 0) return null;
  return (
    <div className="doctor-scroll">
      <table className="doctor-table numbers" data-testid="doctor-places">
        <thead>
          <tr>
            {columns.map(([title, className]) => (
              <th key={title} scope="col" className={className}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        {groupByStage(rows).map((group) => (
          <tbody key={group[0]!.stage}>
            {group.map((row, at) => (
              <PlaceRow key={row.place} row={row} advice={advice.find((one) => one.stage === row.stage) ?? null} span={at === 0 ? group.length : 0} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

/** @param span of the cells that a stage has once; 0 where an earlier row has them */
function PlaceRow({ row, advice, span }: { readonly row: DoctorRow; readonly advice: DoctorAdvice | null; readonly span: number }) {
  const [Icon, words] = states[row.state];
  return (
    <tr data-testid={`doctor-${row.stage}-${row.place}`} data-state={row.state}>
      {span > 0 ? (
        <th scope="rowgroup" rowSpan={span}>
          {stageWords[row.stage] ?? row.stage}
        </th>
      ) : null}
      <td className="doctor-place">{capitalise(placeNames[row.place])}</td>
      <td className="doctor-state">
        <span className="doctor-state-word">
          <Icon size={14} strokeWidth={1.7} aria-hidden="true" />
          {words}
        </span>
        {row.message === null ? null : <Help text={row.message} />}
      </td>
      <Measure value={row.coldStartMs === null ? null : writeMilliseconds(row.coldStartMs)} />
      <Measure value={row.medianMs === null ? null : writeMilliseconds(row.medianMs)} />
      <Measure value={row.photosPerSecond === null ? null : writeCount(row.photosPerSecond)} />
      <Measure value={row.usdPer1000 === null ? null : writeDollars(row.usdPer1000)} />
      {span > 0 ? (
        <td className="doctor-best" rowSpan={span} data-testid={`doctor-best-${row.stage}`}>
          {advice ? (
            <>
              <strong>{advice.place === 'nowhere' ? 'Nowhere' : capitalise(placeNames[advice.place])}</strong>
              <small>{advice.reason}</small>
            </>
          ) : null}
        </td>
      ) : null}
    </tr>
  );
}

function Measure({ value }: { readonly value: string | null }) {
  return (
    <td className="doctor-number">
      {value ?? (
        <>
          <span aria-hidden="true">–</span>
          <span className="visually-hidden">not measured</span>
        </>
      )}
    </td>
  );
}

/** Commands that help, inside a sentence of the engine. */
const command = new RegExp(`(parjanya models (?:pull|verify)(?: (?:${modelIds.join('|')}))*)`);

/** What is amiss; a command in it can be marked and copied. */
function Help({ text }: { readonly text: string }) {
  return (
    <small className="selectable">
      {text.split(command).map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part))}
    </small>
  );
}

function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** US dollars; a fraction of a cent keeps two digits. */
export function writeDollars(usd: number): string {
  if (usd === 0) return '$0';
  return usd < 0.01 ? `$${Number(usd.toPrecision(2))}` : `$${usd.toFixed(2)}`;
}
