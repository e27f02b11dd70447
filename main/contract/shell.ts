/** What only the shell can do: windows, dialogs. Each shell says what it has; the page hides the rest. */
import { z } from 'zod';
import { call } from './define.ts';
import { GrantId } from './schemas.ts';

const Granted = z.object({ grant: GrantId, name: z.string() }).nullable();

export const shell = {
  info: call({
    in: z.object({}),
    out: z.object({
      shell: z.enum(['electron', 'web', 'test']),
      version: z.string(),
      /** `photo://p/` or `/photo/p/`: what goes before `<id>/<size>?k=`. */
      pixels: z.string(),
      canPickFolder: z.boolean(),
      platform: z.string(),
    }),
  }),
  /** Asks the person for a folder; null when they closed the dialog. */
  pickFolder: call({ in: z.object({ for: z.enum(['shoot', 'destination']) }), out: Granted, errors: ['not-available'] }),
};
