-- The first schema. Times are microseconds since the epoch, 0 means "never"; statuses have the spellings of the API.

CREATE TABLE workflows (
  id TEXT PRIMARY KEY NOT NULL,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  version INTEGER NOT NULL,
  archived INTEGER NOT NULL,
  created_us INTEGER NOT NULL,
  updated_us INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX workflows_key ON workflows (key) WHERE key <> '';
CREATE INDEX workflows_created ON workflows (created_us, id);

CREATE TABLE workflow_versions (
  id TEXT PRIMARY KEY NOT NULL,
  workflow_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_us INTEGER NOT NULL,
  payload TEXT NOT NULL,
  UNIQUE (workflow_id, version)
) STRICT;

CREATE TABLE templates (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  created_us INTEGER NOT NULL,
  updated_us INTEGER NOT NULL,
  document TEXT NOT NULL
) STRICT;
CREATE INDEX templates_created ON templates (created_us, id);

-- One row per run, rewritten by every decision: what is large or grows is kept apart.
CREATE TABLE runs (
  id TEXT PRIMARY KEY NOT NULL,
  status TEXT NOT NULL,
  revision INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  next_step INTEGER NOT NULL,
  next_event INTEGER NOT NULL,
  wake_us INTEGER NOT NULL,
  started_us INTEGER NOT NULL,
  updated_us INTEGER NOT NULL,
  finished_us INTEGER NOT NULL,
  cancel_forced INTEGER NOT NULL,
  error TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  workflow_version INTEGER NOT NULL,
  created_us INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  approve_every_step INTEGER NOT NULL,
  labels TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX runs_created ON runs (created_us, id);
CREATE INDEX runs_workflow ON runs (workflow_id, created_us, id);
CREATE INDEX runs_status ON runs (status, created_us, id);
CREATE INDEX runs_active ON runs (id) WHERE status IN ('PENDING', 'RUNNING', 'CANCELING');
CREATE INDEX runs_due ON runs (wake_us, id) WHERE wake_us > 0;

CREATE TABLE run_steps (
  run_id TEXT NOT NULL,
  step INTEGER NOT NULL,
  item INTEGER NOT NULL,
  status TEXT NOT NULL,
  since_us INTEGER NOT NULL,  -- when it came to that status
  tries INTEGER NOT NULL,
  due_us INTEGER NOT NULL,
  started_us INTEGER NOT NULL,
  finished_us INTEGER NOT NULL,
  http_code INTEGER NOT NULL,
  error TEXT,     -- a JSON object, or NULL
  approval TEXT,  -- likewise
  PRIMARY KEY (run_id, step, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_steps_waiting ON run_steps (since_us, run_id, step, item) WHERE status = 'WAITING_APPROVAL';

-- `bytes` comes before `text`, so that the length of a long text is known without reading it.
CREATE TABLE run_documents (
  run_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  step INTEGER NOT NULL,
  item INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (run_id, kind, step, item)
) STRICT, WITHOUT ROWID;

-- Append-only. AUTOINCREMENT: the id of a deleted row is never given out again, or a reader's cursor could skip the new one.
CREATE TABLE run_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  at_us INTEGER NOT NULL,
  type TEXT NOT NULL,
  step INTEGER NOT NULL,
  item INTEGER NOT NULL,
  payload TEXT NOT NULL
) STRICT;
CREATE INDEX run_events_run ON run_events (run_id, id);

CREATE TABLE run_logs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL,
  at_us INTEGER NOT NULL,
  step INTEGER NOT NULL,
  try_number INTEGER NOT NULL,
  level TEXT NOT NULL,
  source TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX run_logs_run ON run_logs (run_id, id);

CREATE TABLE idempotency_keys (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  status INTEGER NOT NULL,
  location TEXT NOT NULL,
  created_us INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (scope, key)
) STRICT;
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_us);

CREATE TABLE hook_cursors (
  hook TEXT PRIMARY KEY NOT NULL,
  event_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Runs that are gone, but whose events some hook has not delivered yet.
CREATE TABLE deleted_runs (
  run_id TEXT PRIMARY KEY NOT NULL
) STRICT, WITHOUT ROWID;
