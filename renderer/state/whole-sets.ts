/** A word of caution: sets that are kept whole (brackets, focus stacks, panoramas) of which some frames are rejected and others are not. */
import { describeDividedSets, isKeptWhole } from '../../main/domain/index.ts';
import type { SetState } from '../../main/domain/index.ts';
import { codeOfFlag } from './photo-table.ts';
import type { PhotoTable } from './photo-table.ts';

/** `1 of 3 frames of an exposure bracket is rejected`; null where no set of the photos `ids` is divided. */
export function describeSplitSets(table: PhotoTable, ids: readonly number[]): string | null {
  const rejected = codeOfFlag('reject');
  const sets: SetState[] = [];
  for (const group of new Set(ids.map((id) => table.group[table.indexOf.get(id) ?? -1]))) {
    const members = typeof group === 'string' ? table.membersOf(group) : [];
    const kind = members.length > 0 ? table.kind[members[0]!] : null;
    if (kind && isKeptWhole(kind)) sets.push({ kind, count: members.length, rejected: members.filter((index) => table.flag[index] === rejected).length });
  }
  return describeDividedSets(sets);
}
