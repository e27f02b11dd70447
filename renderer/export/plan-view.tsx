import type { Plan } from '../../main/contract/index.ts';
import { plural, writeBytes, writeCount } from '../parts/words.ts';
import { useExport } from '../state/export.ts';

const actionWords = { write: '', done: 'already there', renamed: 'new name', problem: 'cannot' } as const;

/** What an export would do: the sums, and the first files by name. */
export function PlanView() {
  const { step, plan, error, destination } = useExport();
  if (step === 'planning') return <p className="export-quiet">Making the plan…</p>;
  if (step === 'failed' && error)
    return (
      <p className="export-quiet" role="alert" data-testid="export-error" data-code={error.code}>
        {error.code === 'nothing-to-do' ? 'No photo is chosen by this.' : error.message}
      </p>
    );
  if (!plan) return <p className="export-quiet">{destination === null ? 'Choose where to export to; the plan is shown here before anything is written.' : ''}</p>;
  return (
    <div data-testid="export-plan">
      <p className="export-sum">
        <strong>{plural(plan.photos, 'photo', 'photos')}</strong>
        {plan.files > 0
          ? `: ${plural(plan.files, 'file', 'files')} to write, ${plan.preset === 'web' ? 'about ' : ''}${writeBytes(plan.bytes)}`
          : ': nothing to write'}
      </p>
      <ul className="export-notes">
        {plan.done > 0 ? <li>{plural(plan.done, 'file is', 'files are')} there already and will be left as {plan.done === 1 ? 'it is' : 'they are'}</li> : null}
        {plan.renamed > 0 ? <li>{plural(plan.renamed, 'file gets', 'files get')} a new name, because the name is taken by another file</li> : null}
        {plan.problems > 0 ? <li>{plural(plan.problems, 'file cannot', 'files cannot')} be exported</li> : null}
      </ul>
      <PlanItems plan={plan} />
    </div>
  );
}

function PlanItems({ plan }: { readonly plan: Plan }) {
  const all = plan.files + plan.done + plan.problems;
  return (
    <>
      <ul className="export-items selectable" data-testid="export-items">
        {plan.items.map((item) => (
          <li key={`${item.from} ${item.to}`} data-action={item.action}>
            <span className="export-name">{item.action === 'problem' ? item.from : item.to}</span>
            <span className="export-action">{item.error?.message ?? actionWords[item.action]}</span>
          </li>
        ))}
      </ul>
      {all > plan.items.length ? <p className="export-quiet">and {writeCount(all - plan.items.length)} more</p> : null}
    </>
  );
}
