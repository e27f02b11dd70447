/** How photos are grouped, as the person wants it: choices, clocks, their own groups, and reasons. */
import { fail, nameOf, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import type { Catalog, PlaceChange } from '../../catalog/types.ts';
import type { GroupEffect, HandlersOf, ParjanyaContract, ShootGroups } from '../../contract/index.ts';
import { cameraOf, describePlaces, explainPair, isFoldedHalf, isKeptWhole, presetOf, settingsOfChoice } from '../../domain/index.ts';
import type { Group, PhotoFacts, PhotoId } from '../../domain/index.ts';
import type { Clock } from '../../ports/index.ts';
import type { Library, OpenShoot } from '../library/index.ts';

export interface GroupsDeps {
  readonly catalog: Catalog;
  readonly library: Library;
  readonly clock: Clock;
}

export function createGroups({ catalog, library, clock }: GroupsDeps): HandlersOf<ParjanyaContract>['groups'] {
  return {
    settings({ shoot: id }) {
      const session = library.session(id);
      return session.ok ? ok(describeGroups(session.value.shoot)) : session;
    },
    preview({ shoot: id, choice }) {
      const session = library.session(id);
      return session.ok ? ok(effectOf(session.value.shoot.groupBy(choice))) : session;
    },
    choose({ shoot: id, choice, shifts }) {
      const session = library.session(id);
      if (!session.ok) return session;
      const { shoot } = session.value;
      const wrong = Object.entries({ ...shoot.grouping.shifts, ...shifts }).filter(([, ms]) => ms !== 0);
      const grouping = { choice, shifts: Object.fromEntries(wrong) };
      const stored = catalog.setGrouping(id, grouping);
      if (!stored.ok) return stored;
      shoot.regroup(grouping);
      session.value.assess();
      return ok(describeGroups(shoot));
    },
    place({ shoot: id, ids, target: to, with: other }) {
      const session = library.session(id);
      if (!session.ok) return session;
      const { shoot } = session.value;
      const wanted = placesFor(shoot, [...new Set(ids)], to, other, (members) => `set-${Math.min(...members)}-${clock.now().toString(36)}`);
      if (!wanted.ok) return wanted;
      const { changes, moved } = wanted.value;
      const joined = to === 'with' && other !== undefined ? shoot.entries.get(other)?.row.path : undefined;
      const text = describePlaces(moved.length, to, { ...(joined === undefined ? {} : { joined: nameOf(joined) }), split: splitSets(shoot, moved, to) });
      const outcome = catalog.place(id, changes, text, clock.now());
      if (!outcome.ok) return outcome;
      shoot.place(outcome.value.places);
      session.value.assess();
      return ok({ rev: shoot.rev, changed: outcome.value.places.length, text: outcome.value.text });
    },
    explain({ shoot: id, a, b }) {
      const session = library.session(id);
      if (!session.ok) return session;
      const { shoot } = session.value;
      const group = shoot.entries.get(a)?.group;
      if (!group || a === b || !group.photoIds.includes(b)) return fail('not-found', 'These two photos are in no group together.');
      const facts = group.photoIds.map((one) => shoot.entries.get(one)?.facts).filter((one) => one !== undefined);
      const of = (one: PhotoId): PhotoFacts => facts.find((photo) => photo.id === one)!;
      return ok(explainPair(of(a), of(b), group, facts, settingsOfChoice(shoot.grouping.choice)));
    },
  };
}

function effectOf(groups: readonly Group[]): GroupEffect {
  const kinds: GroupEffect['kinds'] = {};
  for (const { kind } of groups) kinds[kind] = (kinds[kind] ?? 0) + 1;
  const sizes = groups.map(({ photoIds }) => photoIds.length);
  return { groups: groups.length, photos: sizes.reduce((sum, size) => sum + size, 0), kinds, largest: sizes.reduce((most, size) => Math.max(most, size), 0) };
}

function describeGroups(shoot: OpenShoot): ShootGroups {
  const { choice, shifts } = shoot.grouping;
  const entries = [...shoot.entries.values()].filter((entry) => !isFoldedHalf(entry.facts));
  const counts = new Map<string, number>();
  for (const { facts } of entries) {
    const camera = cameraOf(facts.metadata);
    if (camera !== '') counts.set(camera, (counts.get(camera) ?? 0) + 1);
  }
  const cameras = [...counts].sort((one, other) => other[1] - one[1]).map(([camera, photos]) => {
    const suggested = shoot.suggestedShifts.find((one) => one.camera === camera);
    return { camera, photos, shiftMs: shifts[camera] ?? 0, suggestedMs: suggested?.shiftMs ?? null, pairs: suggested?.pairs ?? 0 };
  });
  return { choice, preset: presetOf(choice), effect: effectOf(shoot.groups), cameras, placed: entries.filter(({ row }) => row.place !== null).length };
}

type Target = 'alone' | 'together' | 'with' | 'rules';

interface Wanted {
  readonly changes: PlaceChange[];
  /** The photos that the person named; others may have to be written down so that they stay where they are. */
  readonly moved: readonly PhotoId[];
}

/** Sets that are kept whole and lose some of their frames by it. */
function splitSets(shoot: OpenShoot, moved: readonly PhotoId[], to: Target): { kind: Group['kind']; count: number }[] {
  if (to === 'rules') return [];
  const going = new Set(moved);
  const touched = new Set(moved.map((id) => shoot.entries.get(id)?.group).filter((group) => group && isKeptWhole(group.kind)));
  return [...touched].flatMap((group) => (group && (to === 'alone' || !group.photoIds.every((id) => going.has(id))) ? [{ kind: group.kind, count: group.photoIds.length }] : []));
}

function placesFor(shoot: OpenShoot, ids: readonly PhotoId[], to: Target, other: PhotoId | undefined, nameFor: (members: readonly PhotoId[]) => string): Result<Wanted> {
  for (const id of ids) if (!shoot.entries.has(id)) return fail('not-found', 'A photo of this step is not known here (any more).', { photoId: id });
  // the RAW half stands for both
  const leads = [...new Set(ids.map((id) => leadOf(shoot, id)))];
  const all = (place: string | null): Result<Wanted> => ok({ changes: leads.map((id) => ({ id, place })), moved: leads });
  if (to === 'alone') return all('');
  if (to === 'rules') return all(null);
  if (to === 'together') return leads.length < 2 ? fail('bad-input', 'A group needs two photos at least.') : all(nameFor(leads));
  const entry = other === undefined ? undefined : shoot.entries.get(leadOf(shoot, other));
  if (!entry) return fail('not-found', 'The photo to join is not known here (any more).');
  // The group that is joined is the person's own from now on: or else it would be made anew without them.
  const place = entry.row.place || nameFor([entry.id, ...leads]);
  const members = entry.group?.photoIds ?? [entry.id];
  return ok({ changes: [...new Set([...members, ...leads])].map((id) => ({ id, place })), moved: leads });
}

function leadOf(shoot: OpenShoot, id: PhotoId): PhotoId {
  const facts = shoot.entries.get(id)?.facts;
  return facts && isFoldedHalf(facts) ? facts.pairId! : id;
}
