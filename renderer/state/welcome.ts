/** Back to the list of folders. */
import { closeShoot, loadGrants } from './shoot.ts';
import { errorOf } from '../client/index.ts';
import { tell } from './notices.ts';
import { showGrid } from './view.ts';

/** Leaves the open shoot; its work in the engine goes on. */
export function closeShootToWelcome(): void {
  closeShoot();
  showGrid();
  loadGrants().catch((reason: unknown) => tell(errorOf(reason).message, 'error'));
}
