import { useEffect, useState } from 'react';
import { Folder, FolderOpen, FolderX, ImageOff, Images } from 'lucide-react';
import type { CodedError } from '../../main/base/index.ts';
import { useSession } from '../client/index.ts';
import { JobBar } from '../jobs/job-bar.tsx';
import { keyOf } from '../commands/current.ts';
import { Button } from '../parts/button.tsx';
import { Message } from '../parts/message.tsx';
import { useJobs } from '../state/jobs.ts';
import { closeShoot, openShoot, pickShoot, useShoot } from '../state/shoot.ts';
import { GoneMessage } from './gone.tsx';

/** What there is to see while no shoot is open. */
export function Outside() {
  const session = useSession((state) => state.status);
  const status = useShoot((state) => state.status);
  const working = useJobs((state) => state.fresh.size > 0 || state.jobs.some((job) => job.state === 'running'));
  return (
    <>
      <main className="outside">{session === 'gone' ? <GoneMessage /> : session === 'connecting' ? <Starting /> : status === 'none' ? <Welcome /> : status === 'opening' ? <Opening /> : <Failed />}</main>
      {working && session === 'open' ? <JobBar /> : null}
    </>
  );
}

/** Most waits are shorter than a word takes to read. */
function useLater(milliseconds: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return late;
}

function Starting() {
  return useLater(400) ? <Message testId="starting" title="Starting…" /> : null;
}

function Opening() {
  const name = useShoot((state) => state.name);
  return useLater(400) ? <Message testId="opening" icon={Images} title={name === '' ? 'Opening the folder…' : `Opening ${name}…`} /> : null;
}

function Welcome() {
  const canPick = useSession((state) => state.info?.canPickFolder ?? false);
  const grants = useShoot((state) => state.grants);
  const shoots = grants.filter((grant) => grant.kind === 'shoot');
  return (
    <Message
      testId="welcome"
      icon={Images}
      title="Open a folder of photos"
      actions={
        canPick ? (
          <Button look="primary" testId="pick-folder" autoFocus title={`Open a folder (${keyOf('window.open')})`} onClick={() => void pickShoot()}>
            <FolderOpen size={15} strokeWidth={1.8} aria-hidden="true" />
            Choose a folder…
          </Button>
        ) : null
      }
    >
      <p>RAW and JPEG files are looked at where they are, and never changed.</p>
      {shoots.length > 0 ? (
        <ul className="folder-list">
          {/* folders handed over now come before those of earlier sessions */}
          {[...shoots.filter((one) => !one.recent), ...shoots.filter((one) => one.recent)].map((shoot, at) => (
            <li key={shoot.grant}>
              <button type="button" className="folder-item" autoFocus={at === 0 && !canPick} data-testid={`open-${shoot.name}`} onClick={() => void openShoot(shoot.grant)}>
                <Folder size={16} strokeWidth={1.6} aria-hidden="true" />
                <span>{shoot.name}</span>
              </button>
            </li>
          ))}
        </ul>
      ) : canPick ? null : (
        <p>
          No folder has been handed over. Start Parjanya with one: <code className="selectable">parjanya serve &lt;folder&gt;</code>
        </p>
      )}
    </Message>
  );
}

const failures: Partial<Record<CodedError['code'], { title: string; text: string | null }>> = {
  'folder-empty': { title: 'There are no photos in this folder', text: null },
  'folder-missing': { title: 'The folder is not there', text: 'It may have been moved or renamed, or its card or disk is not connected.' },
  'folder-unreadable': { title: 'The folder cannot be read', text: 'Check that you have the right to open it.' },
  cancelled: { title: 'Opening the folder was stopped', text: null },
  'not-found': { title: 'The folder is not known any more', text: 'Open it again.' },
};

function Failed() {
  const error = useShoot((state) => state.error);
  const grant = useShoot((state) => state.grant);
  const name = useShoot((state) => state.name);
  const canPick = useSession((state) => state.info?.canPickFolder ?? false);
  const known = error ? failures[error.code] : undefined;
  return (
    <Message
      testId="open-failed"
      urgent
      icon={error?.code === 'folder-empty' ? ImageOff : FolderX}
      title={known?.title ?? 'The folder cannot be opened'}
      actions={
        <>
          {grant === null ? null : (
            <Button look="primary" testId="open-again" autoFocus onClick={() => void openShoot(grant)}>
              {error?.code === 'folder-empty' ? 'Look again' : 'Try again'}
            </Button>
          )}
          <Button testId="other-folder" onClick={() => (canPick ? void pickShoot() : closeShoot())}>
            {canPick ? 'Choose another folder…' : 'Back'}
          </Button>
        </>
      }
    >
      <span data-testid="open-failed-text" data-code={error?.code}>
        {name === '' ? null : (
          <>
            <strong>{name}</strong>
            <br />
          </>
        )}
        {known ? known.text : error?.message}
      </span>
    </Message>
  );
}
