/**
 * The schema as numbered steps: step n brings a catalog from version n - 1 (SQLite's user_version) to n, in one transaction.
 * A step that has been released is never changed; a new one is added.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE shoots (
    id INTEGER PRIMARY KEY,
    folder TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    opened_at INTEGER NOT NULL
  );
  -- AUTOINCREMENT: an id is never given to another photo, because pages and journals remember it.
  CREATE TABLE photos (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    shoot_id INTEGER NOT NULL REFERENCES shoots (id),
    path TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    mtime_ms REAL NOT NULL,
    sha256 TEXT,
    content_key TEXT NOT NULL,
    present INTEGER NOT NULL DEFAULT 1,
    flag TEXT NOT NULL DEFAULT 'none',
    rating INTEGER NOT NULL DEFAULT 0,
    label TEXT,
    UNIQUE (shoot_id, path)
  );
  CREATE INDEX photos_by_content ON photos (content_key);
  CREATE TABLE results (
    content_key TEXT NOT NULL,
    stage TEXT NOT NULL,
    version INTEGER NOT NULL,
    settings TEXT NOT NULL,
    place TEXT NOT NULL,
    place_reason TEXT NOT NULL,
    ms REAL NOT NULL,
    output TEXT,
    error TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (content_key, stage)
  ) WITHOUT ROWID;
  CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    shoot_id INTEGER NOT NULL REFERENCES shoots (id),
    at INTEGER NOT NULL,
    text TEXT NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX journal_by_shoot ON journal (shoot_id, undone, id);
  CREATE TABLE journal_items (
    step_id INTEGER NOT NULL REFERENCES journal (id) ON DELETE CASCADE,
    photo_id INTEGER NOT NULL REFERENCES photos (id),
    flag_before TEXT NOT NULL,
    flag_after TEXT NOT NULL,
    rating_before INTEGER NOT NULL,
    rating_after INTEGER NOT NULL,
    label_before TEXT,
    label_after TEXT,
    PRIMARY KEY (step_id, photo_id)
  ) WITHOUT ROWID;
  CREATE INDEX journal_items_by_photo ON journal_items (photo_id);
  CREATE TABLE exports (
    destination TEXT NOT NULL,
    target TEXT NOT NULL,
    preset TEXT NOT NULL,
    source TEXT NOT NULL,
    source_sha256 TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (destination, target)
  ) WITHOUT ROWID;
  `,
  // Grouping: what the person chose for a shoot (JSON; null = the usual), and where they put photos themselves.
  `
  ALTER TABLE shoots ADD COLUMN grouping TEXT;
  ALTER TABLE photos ADD COLUMN place TEXT;
  CREATE TABLE journal_places (
    step_id INTEGER NOT NULL REFERENCES journal (id) ON DELETE CASCADE,
    photo_id INTEGER NOT NULL REFERENCES photos (id),
    place_before TEXT,
    place_after TEXT,
    PRIMARY KEY (step_id, photo_id)
  ) WITHOUT ROWID;
  CREATE INDEX journal_places_by_photo ON journal_places (photo_id);
  `,
  // The picture's own data, whatever is written about it; copies in other shoots.
  `
  ALTER TABLE photos ADD COLUMN image_sha256 TEXT;
  CREATE INDEX photos_by_sha256 ON photos (sha256, shoot_id) WHERE sha256 IS NOT NULL;
  CREATE INDEX photos_by_image ON photos (image_sha256, shoot_id) WHERE image_sha256 IS NOT NULL;
  -- Photos that have left their folder and whose marks a renamed file may take over: without it, ten thousand copies of one
  -- frame were searched through for each of them.
  CREATE INDEX photos_marked_gone ON photos (content_key, shoot_id) WHERE present = 0 AND (flag <> 'none' OR rating <> 0 OR label IS NOT NULL OR place IS NOT NULL);
  `,
  `
  -- What the XMP sidecars of a shoot said when they were last read. Not under results: a sidecar changes without its photo.
  CREATE TABLE sidecars (
    shoot_id INTEGER NOT NULL REFERENCES shoots (id),
    path TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    mtime_ms REAL NOT NULL,
    version INTEGER NOT NULL,
    facts TEXT,
    error TEXT,
    PRIMARY KEY (shoot_id, path)
  ) WITHOUT ROWID;
  `,
  // What counts how much for a shoot's suggestions (JSON; null = the usual); a change of it is a step of the journal.
  `
  ALTER TABLE shoots ADD COLUMN verdict TEXT;
  CREATE TABLE journal_verdicts (
    step_id INTEGER PRIMARY KEY REFERENCES journal (id) ON DELETE CASCADE,
    verdict_before TEXT,
    verdict_after TEXT
  );
  `,
  `
  -- Pictures as models see them, once for each content and model: 32-bit floats, little endian. Apart from results, because a list of photos needs none.
  CREATE TABLE embeddings (
    content_key TEXT NOT NULL,
    model TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (content_key, model)
  ) WITHOUT ROWID;
  `,
  // What left this computer for an answer, and what it cost (US dollars); null = nothing did, as with all answers before.
  `
  ALTER TABLE results ADD COLUMN bytes_sent INTEGER;
  ALTER TABLE results ADD COLUMN usd REAL;
  `,
  `
  -- What models on other computers said, once for each content, model and, of two compared, the other's content. Paid for, so a later answer of another
  -- model stands beside it.
  CREATE TABLE advice (
    content_key TEXT NOT NULL,
    stage TEXT NOT NULL,
    version INTEGER NOT NULL,
    model TEXT NOT NULL,
    against TEXT NOT NULL,
    place TEXT NOT NULL,
    place_reason TEXT NOT NULL,
    ms REAL NOT NULL,
    bytes INTEGER NOT NULL,
    tokens_in INTEGER,
    tokens_out INTEGER,
    output TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (content_key, stage, model, against)
  ) WITHOUT ROWID;
  `,
];
