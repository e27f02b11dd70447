import { useEffect } from 'react';
import { useSession } from '../client/index.ts';
import { DoctorDialog } from '../doctor/doctor-dialog.tsx';
import { ExportDialog } from '../export/export-dialog.tsx';
import { JobsDialog } from '../jobs/jobs-dialog.tsx';
import { Toasts } from '../parts/toasts.tsx';
import { useShoot } from '../state/shoot.ts';
import { useView } from '../state/view.ts';
import { FilesDialog } from './files-dialog.tsx';
import { GoneBanner } from './gone.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { Outside } from './outside.tsx';
import { Workplace } from './workplace.tsx';
import './frame.css';

/** The whole page: the open shoot or what stands in its place, the dialog that is open, and notices. */
export function Frame() {
  const session = useSession((state) => state.status);
  const status = useShoot((state) => state.status);
  const name = useShoot((state) => state.name);
  useEffect(() => {
    document.title = name === '' ? 'Parjanya' : `${name} – Parjanya`;
  }, [name]);
  return (
    <div className="app" data-testid="app" data-session={session} data-shoot={status}>
      {status === 'open' ? <Workplace /> : <Outside />}
      {status === 'open' && session === 'gone' ? <GoneBanner /> : null}
      <OpenDialog />
      <Toasts />
    </div>
  );
}

function OpenDialog() {
  const dialog = useView((view) => view.dialog);
  switch (dialog) {
    case 'keys':
      return <KeysDialog />;
    case 'files':
      return <FilesDialog />;
    case 'export':
      return <ExportDialog />;
    case 'jobs':
      return <JobsDialog />;
    case 'doctor':
      return <DoctorDialog />;
    case 'none':
      return null;
  }
}
