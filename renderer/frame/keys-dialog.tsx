import { sections } from '../commands/command.ts';
import { keymap } from '../commands/current.ts';
import { keysOf } from '../commands/keys.ts';
import { commands } from '../commands/table.ts';
import { Dialog } from '../parts/dialog.tsx';
import { closeDialog } from '../state/view.ts';
import './dialogs.css';

const inLoupeOnly = (where: readonly string[]): boolean => where.length === 1 && where[0] === 'loupe';

/** All keys, from the same table that the keyboard is read by. */
export function KeysDialog() {
  return (
    <Dialog title="Keys" testId="keys-dialog" wide onClose={closeDialog}>
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
                      {inLoupeOnly(command.where) ? <small> one photo</small> : null}
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
      <p className="keys-note">With Caps Lock on, or with Shift held, a mark goes on to the next photo. In the grid a mark is for all selected photos, with one photo in view for that one.</p>
    </Dialog>
  );
}
