/** Shoots and their photos: opens folders, lists, shows, explains. The only room that holds photos in memory. */
import { fail, ok } from '../../base/index.ts';
import type { CancelSignal, CodedError, Result } from '../../base/index.ts';
import type { HandlersOf, ParjanyaContract, PhotoAdvice } from '../../contract/index.ts';
import type { Impression, PhotoId, ShootId, SourceChoice } from '../../domain/index.ts';
import type { Picture, PictureView } from '../../ports/index.ts';
import { tellAdvice } from './advice.ts';
import { createChanges } from './changes.ts';
import { columnsOf } from './columns.ts';
import { detailOf } from './detail.ts';
import { createGrants } from './grants.ts';
import type { Grants } from './grants.ts';
import type { PromptBook, StageOff } from '../models/index.ts';
import { headroomErrorOf } from './headroom.ts';
import { createNearFinder } from './near.ts';
import { findSimilar } from './similar.ts';
import { readDecidedShoot } from './past.ts';
import { createPictures } from './pictures.ts';
import { createSession } from './session.ts';
import type { SessionDeps, ShootSession } from './session.ts';
import type { OpenShoot } from './shoot.ts';
import { gone } from './work.ts';

export { choosePhotos } from './chosen.ts';
export { tellFaces } from './faces.ts';
export { traceOf } from './detail.ts';
export { tellFocus } from './focus.ts';
export { tellHeadroom } from './headroom.ts';
export type { ChosenFile, ChosenPhoto } from './chosen.ts';
export type { Entry } from './entry.ts';
export type { Grant, Grants } from './grants.ts';
export type { OpenShoot } from './shoot.ts';
export type { ShootSession, WorkOptions } from './session.ts';

export interface Library {
  readonly grants: Grants;
  readonly handlers: HandlersOf<ParjanyaContract>['library'];
  /**
   * Makes a folder openable; a destination need not be there yet, export makes it. `path` is absolute.
   * Errors: folder-missing, folder-unreadable.
   */
  grant(path: string, kind: 'shoot' | 'destination'): Promise<Result<{ grant: string; name: string }>>;
  /** The shoot behind a grant, with what the catalog knows of it. Errors: not-found, folder-missing, folder-unreadable. */
  sessionOfGrant(grant: string): Promise<Result<ShootSession>>;
  /** A shoot by id, opened again from the catalog where it is not in memory. Errors: not-found. */
  session(shoot: ShootId): Result<ShootSession>;
  /** Resolves once the hashes of the whole catalog are in memory: `near` of a session then knows all. The first call begins it. */
  whenNearReady(): Promise<void>;
  picture(id: PhotoId, size: PictureView, from?: SourceChoice, signal?: CancelSignal): Promise<Result<Picture>>;
  /** The other shoots in which the person has decided something, the latest opened first, as the catalog has them. */
  decidedShoots(except: ShootId): AsyncGenerator<OpenShoot>;
  /** Steps that do not run on this computer, and why. */
  stagesOff(): readonly StageOff[];
  /** What prompts say of a photo; null where they were not embedded, or the photo was not. */
  impressionsOf(photo: PhotoId): Impression[] | null;
  /** What models elsewhere said of a photo of a shoot. */
  adviceOf(photo: PhotoId, shoot: OpenShoot): PhotoAdvice;
  /** Why prompts are not asked on this computer; null where they are. */
  impressionsOff(): CodedError | null;
  close(): void;
}

/** Shoots in memory; others are opened again from the catalog when asked for. */
const mostSessions = 3;
const mostRecent = 12;
/** Copies in other shoots that are named to the page. */
const mostCopies = 20;

export function createLibrary(deps: Omit<SessionDeps, 'onChanged' | 'near'> & { readonly prompts: PromptBook }): Library {
  const { catalog, files, clock, log, prompts } = deps;
  const grants = createGrants();
  const changes = createChanges(clock);
  const pictures = createPictures(deps);
  const near = createNearFinder(catalog, clock, log);
  /** Insertion order is order of use, the latest last. */
  const sessions = new Map<ShootId, ShootSession>();

  const use = (id: ShootId, make: () => ShootSession): ShootSession => {
    const session = sessions.get(id) ?? make();
    sessions.delete(id);
    sessions.set(id, session);
    for (const [other, idle] of sessions) {
      if (sessions.size <= mostSessions) break;
      if (idle.isBusy || other === id) continue;
      idle.close();
      sessions.delete(other);
    }
    return session;
  };
  const open = (row: Parameters<typeof createSession>[0]): ShootSession =>
    use(row.id, () => createSession(row, { ...deps, near, onChanged: (shoot, ids, order) => changes.note(shoot, ids, order) }));

  const session = (id: ShootId): Result<ShootSession> => {
    const known = sessions.get(id);
    if (known) return ok(use(id, () => known));
    const row = catalog.shoots().find((shoot) => shoot.id === id);
    return row ? ok(open(row)) : fail('not-found', 'There is no such shoot here.');
  };

  const sessionOfPhoto = (id: PhotoId): ShootSession | null => {
    for (const one of sessions.values()) if (one.shoot.entries.has(id)) return one;
    const row = catalog.photo(id);
    const found = row ? session(row.shootId) : null;
    return found?.ok && found.value.shoot.entries.has(id) ? found.value : null;
  };

  const sessionOfGrant = async (grant: string): Promise<Result<ShootSession>> => {
    const granted = grants.folderOf(grant, 'shoot');
    if (!granted.ok) return granted;
    // a folder can have gone, or become another one, since it was opened
    const folder = await files.resolve(granted.value.folder);
    if (!folder.ok) return folder;
    return ok(open(catalog.openShoot(folder.value, granted.value.name, clock.now())));
  };

  const impressionsOf = (photo: PhotoId): Impression[] | null => prompts.impressionsOf((tower) => catalog.embeddingOf(photo, tower));

  const startBackground = (opened: ShootSession, analyse: boolean): void => {
    void opened
      .scan()
      .then((scanned) => scanned.ok && analyse && opened.work())
      .catch((error: unknown) => log.bug('scan', error));
  };

  return {
    grants,
    session,
    sessionOfGrant,
    whenNearReady: () => near.whenReady(),
    async grant(path, kind) {
      const folder = await files.resolve(path);
      const isNewTarget = kind === 'destination' && !folder.ok && folder.error.code === 'folder-missing';
      if (!folder.ok && !isNewTarget) return folder;
      const { grant, name } = grants.add(folder.ok ? folder.value : path, kind);
      return ok({ grant, name });
    },
    async picture(id, size, from = 'auto', signal) {
      const owner = sessionOfPhoto(id);
      const entry = owner?.shoot.entries.get(id);
      if (!owner || !entry) return { ok: false, error: gone };
      const { shoot, answers } = owner;
      const shown = shoot.shownOf(entry);
      const picture = await pictures.get({ folder: shoot.row.folder, row: shown.row, results: answers.resultsOf(shown.id) }, size, from, signal);
      // Whoever looks at a rendering asks what the RAW file holds: that was shown first, and what it holds is measured behind it. What failed once is tried again where somebody says so.
      const isAsked = picture.ok && picture.value.source === 'rendered' && size !== 'grid';
      if (isAsked && headroomErrorOf(answers.resultsOf(shown.id)) === null) void owner.measureHeadroom(shown.id).catch((error: unknown) => log.bug('headroom', error));
      return picture;
    },
    handlers: {
      async open({ grant, analyse }) {
        const found = await sessionOfGrant(grant);
        if (!found.ok) return found;
        const opened = found.value;
        const { shoot } = opened;
        // what the catalog knows is shown at once; the folder is compared with it meanwhile
        if (shoot.entries.size > 0) startBackground(opened, analyse);
        else {
          const scanned = await opened.scan();
          if (!scanned.ok) return scanned;
          if (analyse) opened.work();
        }
        return ok({ shoot: shoot.row.id, name: shoot.row.name, rev: shoot.rev, count: shoot.entries.size });
      },
      grants() {
        const isGranted = (folder: string): boolean => grants.list().some((grant) => grant.kind === 'shoot' && grant.folder === folder);
        // folders that were opened before can be opened again
        for (const { folder } of catalog.shoots().slice(0, mostRecent)) if (!isGranted(folder)) grants.add(folder, 'shoot', true);
        return ok(grants.list().map(({ folder: _folder, ...rest }) => rest));
      },
      photos({ shoot: id, from, count }) {
        const found = session(id);
        if (!found.ok) return found;
        const { shoot } = found.value;
        const entries = shoot.order.slice(from, from + count).map((one) => shoot.entries.get(one)!);
        return ok({ rev: shoot.rev, total: shoot.order.length, photos: columnsOf(entries, shoot) });
      },
      photo({ id }) {
        const owner = sessionOfPhoto(id);
        const entry = owner?.shoot.entries.get(id);
        if (!owner || !entry) return { ok: false, error: gone };
        const { shoot, answers } = owner;
        const results = answers.resultsOf(id);
        const refusal = pictures.refusalOf({ folder: shoot.row.folder, row: entry.row, results });
        return ok(detailOf(entry, results, { copies: owner.copies(entry, mostCopies), sidecars: shoot.sidecars.of(entry.row.path), refusal, gate: deps.gate, advice: tellAdvice(catalog.adviceOf(id), shoot), impressions: { list: impressionsOf(id), off: prompts.off() } }));
      },
      async measureHeadroom({ id }) {
        const measured = await (sessionOfPhoto(id)?.measureHeadroom(id) ?? { ok: false as const, error: gone });
        return measured.ok ? ok({}) : measured;
      },
      async near({ id }) {
        await near.whenReady();
        const owner = sessionOfPhoto(id);
        const entry = owner?.shoot.entries.get(id);
        return owner && entry ? ok(owner.near(entry, mostCopies)) : { ok: false, error: gone };
      },
      async similar({ id, most }) {
        const owner = sessionOfPhoto(id);
        return owner ? ok(await findSimilar(owner, id, most, { catalog, clock })) : { ok: false, error: gone };
      },
      look({ shoot: id, visible, near: around }) {
        const found = session(id);
        if (!found.ok) return found;
        found.value.look(visible, around);
        return ok({});
      },
      changed: changes.changed,
    },
    async *decidedShoots(except) {
      for (const row of catalog.shoots()) {
        if (row.id === except) continue;
        const shoot = sessions.get(row.id)?.shoot ?? (await readDecidedShoot(row, deps));
        if (shoot) yield shoot;
      }
    },
    stagesOff: () => deps.gate.off(),
    impressionsOf,
    adviceOf: (photo, shoot) => tellAdvice(catalog.adviceOf(photo), shoot),
    impressionsOff: () => prompts.off(),
    close() {
      near.close();
      for (const one of sessions.values()) one.close();
      sessions.clear();
    },
  };
}
