/** Folders that the person has opened to us. The page sees a grant and a name, never a path. */
import { fail, nameHash, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';

export interface Grant {
  readonly grant: string;
  readonly name: string;
  readonly kind: 'shoot' | 'destination';
  /** Real path. */
  readonly folder: string;
  /** Opened in an earlier session, not in this one. */
  readonly recent: boolean;
}

export interface Grants {
  /** The same folder always gets the same grant, so that a page finds its folder again after a restart of the engine. */
  add(folder: string, kind: Grant['kind'], recent?: boolean): Grant;
  list(): Grant[];
  /** Errors: not-found. */
  folderOf(grant: string, kind: Grant['kind']): Result<Grant>;
}

export function createGrants(): Grants {
  const all = new Map<string, Grant>();
  return {
    add(folder, kind, recent = false) {
      const grant: Grant = { grant: `${kind[0]}${nameHash(folder)}`, name: nameOfFolder(folder), kind, folder, recent };
      all.set(grant.grant, grant);
      return grant;
    },
    list: () => [...all.values()],
    folderOf(grant, kind) {
      const found = all.get(grant);
      return found?.kind === kind ? ok(found) : fail('not-found', 'This folder has not been opened here.');
    },
  };
}

/** The last part of a path; the path itself for the root of a disk. */
export function nameOfFolder(folder: string): string {
  return folder.split(/[\\/]/).filter(Boolean).at(-1) ?? folder;
}
