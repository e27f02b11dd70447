import type { PhotoDetail } from '../../main/contract/index.ts';
import { describeBytes, placeNames } from '../../main/domain/index.ts';
import { stageWords, writeMilliseconds } from '../parts/words.ts';

/** Which step ran where and why there, in which version, for how long, and what went wrong. */
export function Trace({ trace }: { readonly trace: PhotoDetail['trace'] }) {
  return (
    <section className="reasons-section" data-testid="trace">
      <h3>How it was measured</h3>
      <table className="trace numbers">
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Where</th>
            <th scope="col">Version</th>
            <th scope="col">Time</th>
          </tr>
        </thead>
        <tbody>
          {trace.map((line, at) => (
            <TraceLine key={line.stage} line={line} toldBefore={trace.slice(0, at).some((before) => before.error?.code === line.error?.code)} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A step that could not run because an earlier one failed has that one's error; its words are said once. */
function TraceLine({ line, toldBefore }: { readonly line: PhotoDetail['trace'][number]; readonly toldBefore: boolean }) {
  return (
    <>
      <tr data-testid={`trace-${line.stage}`}>
        <th scope="row">{stageWords[line.stage] ?? line.stage}</th>
        <td title={line.placeReason}>{placeNames[line.place]}</td>
        <td>{line.version}</td>
        <td>{line.error && toldBefore ? 'not done' : writeMilliseconds(line.ms)}</td>
      </tr>
      {line.bytesSent > 0 || line.usd > 0 ? (
        <tr className="trace-cost">
          <td colSpan={4}>
            {describeBytes(line.bytesSent)} left this computer; it cost ${line.usd.toFixed(6)}.
          </td>
        </tr>
      ) : null}
      {line.error && !toldBefore ? (
        <tr className="trace-error">
          <td colSpan={4}>{line.error.message}</td>
        </tr>
      ) : null}
    </>
  );
}
