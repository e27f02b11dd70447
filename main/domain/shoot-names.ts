/** Shoots told apart where several have one name: `Friday (in Anna)`, `Friday (in Ben)`. */
import type { ShootId } from './photo.ts';

export interface NamedShoot {
  readonly id: ShootId;
  /** Real path, in the words of its system. */
  readonly folder: string;
  readonly name: string;
}

/** What to call each shoot: its name, and as many of the folders around it as tell it from all others of that name. */
export function tellShootsApart(shoots: readonly NamedShoot[]): Map<ShootId, string> {
  const byName = new Map<string, NamedShoot[]>();
  for (const shoot of shoots) {
    const same = byName.get(shoot.name);
    if (same) same.push(shoot);
    else byName.set(shoot.name, [shoot]);
  }
  const told = new Map<ShootId, string>();
  for (const same of byName.values()) for (const shoot of same) told.set(shoot.id, same.length === 1 ? shoot.name : `${shoot.name} (in ${placeAmong(shoot, same)})`);
  return told;
}

/** The shortest end of the way to a shoot's folder that none of the others has; the whole way where there is none. */
function placeAmong(shoot: NamedShoot, all: readonly NamedShoot[]): string {
  const own = parentsOf(shoot);
  const others = all.filter(({ id }) => id !== shoot.id).map(parentsOf);
  const endOf = (parents: readonly string[], count: number): string => parents.slice(Math.max(0, parents.length - count)).join('/');
  for (let count = 1; count < own.length; count++) {
    const end = endOf(own, count);
    if (others.every((parents) => endOf(parents, count) !== end)) return end;
  }
  return own.join('/') || '/';
}

function parentsOf({ folder }: NamedShoot): string[] {
  return folder.replaceAll('\\', '/').replace(/\/+$/, '').split('/').slice(0, -1);
}
