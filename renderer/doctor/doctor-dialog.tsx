import { placeNames } from '../../main/domain/index.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { ProgressBar } from '../parts/progress.tsx';
import { stageWords } from '../parts/words.ts';
import { runDoctor, stopDoctor, useDoctor } from '../state/doctor.ts';
import { useJobs } from '../state/jobs.ts';
import { closeDialog } from '../state/view.ts';
import { PackageTable } from './package-table.tsx';
import { PlaceTable } from './place-table.tsx';
import './doctor.css';

/** What runs where, tried out when the person says so; closing the dialog lets it go on. */
export function DoctorDialog() {
  const step = useDoctor((state) => state.step);
  const isRunning = step === 'running' || step === 'stopping';
  return (
    <Dialog title="What runs where" testId="doctor-dialog" wide="widest" onClose={closeDialog} footer={<Footer />} onEnter={() => (isRunning ? undefined : void runDoctor())}>
      <div className="doctor" data-testid="doctor" data-step={step}>
        <p className="doctor-words">
          Each step of the work is tried with a drawn picture, in processes of its own: does it answer rightly here, how fast, and where is it best done? That takes a minute or two and all cores. Nothing is
          sent anywhere, and none of your photos is read.
        </p>
        <OtherWork />
        <Outcome />
        <PlaceTable />
        <PackageTable />
      </div>
    </Dialog>
  );
}

/** Work on photos shares the cores. */
function OtherWork() {
  const isBusy = useJobs((state) => state.jobs.some((job) => job.state === 'running' && job.kind !== 'doctor'));
  return isBusy ? (
    <p className="doctor-words" data-testid="doctor-other-work">
      Parjanya is at work on photos now, which makes everything here look slower than it is.
    </p>
  ) : null;
}

function Outcome() {
  const step = useDoctor((state) => state.step);
  const error = useDoctor((state) => state.error);
  if (step === 'failed')
    return (
      <p className="doctor-words" role="alert" data-testid="doctor-error" data-code={error?.code}>
        {error?.message}
      </p>
    );
  return step === 'stopped' ? (
    <p className="doctor-words" role="status" data-testid="doctor-stopped">
      It was stopped; what was found until then stands below.
    </p>
  ) : null;
}

function Footer() {
  const { step, trying, done, total } = useDoctor();
  const isRunning = step === 'running' || step === 'stopping';
  return (
    <>
      {isRunning ? (
        <div className="doctor-progress">
          <span className="numbers" data-testid="doctor-progress">
            {step === 'stopping' ? 'Stopping…' : trying ? `${stageWords[trying.stage] ?? trying.stage}, ${placeNames[trying.place]}: ${done + 1} of ${total}` : 'Starting…'}
          </span>
          <ProgressBar done={done} total={total} label="Trying out what runs where" />
        </div>
      ) : null}
      <Button testId="doctor-close" onClick={closeDialog}>
        Close
      </Button>
      {isRunning ? (
        <Button testId="doctor-stop" disabled={step === 'stopping'} onClick={stopDoctor}>
          Stop
        </Button>
      ) : (
        <Button look="primary" testId="doctor-run" onClick={() => void runDoctor()}>
          {step === 'idle' ? 'Try it out' : 'Try it out again'}
        </Button>
      )}
    </>
  );
}
