import { Unplug } from 'lucide-react';
import { reconnect, useSession } from '../client/index.ts';
import { Button } from '../parts/button.tsx';
import { Message } from '../parts/message.tsx';

/** Words for a lost engine; a browser cannot start it again, the desktop shell does. */
function useAdvice(): string {
  const shell = useSession((state) => state.info?.shell ?? 'web');
  return shell === 'web'
    ? 'If Parjanya was ended, start it again and open the link that it prints.'
    : 'It is being started again.';
}

function RetryButton() {
  const retrying = useSession((state) => state.retrying);
  return (
    <Button testId="reconnect" disabled={retrying} onClick={reconnect}>
      {retrying ? 'Trying…' : 'Try now'}
    </Button>
  );
}

/** Lies over the open shoot, which can still be looked at. */
export function GoneBanner() {
  const advice = useAdvice();
  return (
    <div className="gone-banner" role="alert" data-testid="engine-gone">
      <Unplug size={16} strokeWidth={1.8} aria-hidden="true" />
      <span>
        <strong>Parjanya’s engine does not answer.</strong> What you have marked is saved; new marks cannot be saved now. {advice}
      </span>
      <RetryButton />
    </div>
  );
}

/** In place of everything, where no shoot is open. */
export function GoneMessage() {
  const advice = useAdvice();
  return (
    <Message testId="engine-gone" urgent icon={Unplug} title="Parjanya’s engine does not answer" actions={<RetryButton />}>
      {advice}
    </Message>
  );
}
