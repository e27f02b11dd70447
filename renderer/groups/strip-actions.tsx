import { Scissors, Unlink } from 'lucide-react';
import { keyOf } from '../commands/current.ts';
import { IconButton } from '../parts/button.tsx';
import { setAlone, splitHere } from '../state/own-groups.ts';
import './strip-actions.css';

/** What can be done to the group that the strip shows, from the shown photo on. */
export function StripActions({ isFirst }: { readonly isFirst: boolean }) {
  return (
    <div className="strip-actions">
      <IconButton label="Split the group here" keys={keyOf('groups.split')} testId="strip-split" disabled={isFirst} onClick={splitHere}>
        <Scissors size={15} strokeWidth={1.6} aria-hidden="true" />
      </IconButton>
      <IconButton label="Not a duplicate" keys={keyOf('groups.alone')} testId="strip-alone" onClick={setAlone}>
        <Unlink size={15} strokeWidth={1.6} aria-hidden="true" />
      </IconButton>
    </div>
  );
}
