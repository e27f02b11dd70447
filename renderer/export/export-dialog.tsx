import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { plural } from '../parts/words.ts';
import { planAgain, runExport, stopExport, useExport } from '../state/export.ts';
import { closeDialog } from '../state/view.ts';
import { Choices } from './choices.tsx';
import { Outcome } from './outcome.tsx';
import { PlanView } from './plan-view.tsx';
import './export.css';

/** Choose, see the plan, run, stop, see what came of it. Nothing is written before the plan was shown. */
export function ExportDialog() {
  const step = useExport((state) => state.step);
  return (
    <Dialog title="Export" testId="export-dialog" wide="wide" onClose={closeDialog} onEnter={runShownPlan} footer={<Actions />}>
      <div className="export" data-testid="export" data-step={step}>
        <Choices locked={step === 'running'} />
        <div className="export-plan">{step === 'running' || step === 'finished' || step === 'stopped' ? <Outcome /> : <PlanView />}</div>
      </div>
    </Dialog>
  );
}

/** Enter carries out the plan that is shown. */
function runShownPlan(): void {
  const { step, plan } = useExport.getState();
  if (step === 'planned' && plan && plan.files > 0) void runExport();
}

function Actions() {
  const step = useExport((state) => state.step);
  const plan = useExport((state) => state.plan);
  switch (step) {
    case 'running':
      return (
        <>
          <span className="export-hint">The export goes on when this is closed.</span>
          <Button testId="export-stop" onClick={stopExport}>
            Stop
          </Button>
          <Button onClick={closeDialog}>Close</Button>
        </>
      );
    case 'finished':
      return (
        <>
          <Button testId="export-plan-again" onClick={planAgain}>
            Plan again
          </Button>
          <Button look="primary" testId="export-close" onClick={closeDialog}>
            Close
          </Button>
        </>
      );
    case 'stopped':
      return (
        <>
          <Button onClick={closeDialog}>Close</Button>
          <Button look="primary" testId="export-plan-again" onClick={planAgain}>
            Go on
          </Button>
        </>
      );
    default: {
      const files = plan?.files ?? 0;
      return (
        <>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button look="primary" testId="export-run" disabled={step !== 'planned' || files === 0} onClick={() => void runExport()}>
            {step === 'planned' && files > 0 ? `Export ${plural(files, 'file', 'files')}` : 'Export'}
          </Button>
        </>
      );
    }
  }
}
