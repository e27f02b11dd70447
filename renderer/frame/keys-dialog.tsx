import { sections } from '../commands/command.ts';
import type { Command } from '../commands/command.ts';
import { keymap } from '../commands/current.ts';
import { keysOf } from '../commands/keys.ts';
import { commands } from '../commands/table.ts';
import { Dialog } from '../parts/dialog.tsx';
import { closeDialog } from '../state/view.ts';
import './dialogs.css';

/** The view that a key is for, where it means something else in the other. */
function viewOf(command: Command): string | null {
  if (command.where.length > 1 || command.section === 'Select') return null;
  return command.where[0] ?? null;
}

/** All keys, from the same table that the keyboard is read by. */
export function KeysDialog() {
  return (
    <Dialog title="Keys" testId="keys-dialog" wide="widest" onClose={closeDialog}>
      <div className="keys-columns">
        {sections.map((section) => (
          <section key={section} className="keys-section">
            <h3>{section}</h3>
            <dl>
              {commands
                .filter((command) => command.section === section && keysOf(keymap, command.id).length > 0)
                .map((command) => (
                  <div key={command.id} className="keys-line">
                    <dt>
                      {command.title}
                      {viewOf(command) === null ? null : <small> {viewOf(command)}</small>}
                    </dt>
                    <dd>
                      {keysOf(keymap, command.id).map((key) => (
                        <kbd key={key}>{key}</kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="keys-note">With Caps Lock on, or with Shift held, a mark goes on to the next photo. In the grid a mark is for all selected photos, in the loupe for the photo that is shown.</p>
    </Dialog>
  );
}
