-- The first schema on PostgreSQL: the tables of the embedded store (migrations/0001_initial.sql and 0002_language.sql), in the first schema
-- of the search path. Times are microseconds since the epoch, 0 means "never"; statuses have the spellings of the API. Texts compare by
-- bytes ("C"), whatever the database's locale is: lists page by them. Documents are text and no json: they come back to the byte.

CREATE TABLE workflows (
  id text COLLATE "C" PRIMARY KEY,
  key text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  description text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  archived bigint NOT NULL,
  created_us bigint NOT NULL,
  updated_us bigint NOT NULL
);
CREATE UNIQUE INDEX workflows_key ON workflows (key) WHERE key <> '';
CREATE INDEX workflows_created ON workflows (created_us, id);

CREATE TABLE workflow_versions (
  id text COLLATE "C" PRIMARY KEY,
  workflow_id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  created_us bigint NOT NULL,
  payload text COLLATE "C" NOT NULL,
  UNIQUE (workflow_id, version)
);

CREATE TABLE templates (
  id text COLLATE "C" PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  description text COLLATE "C" NOT NULL,
  created_us bigint NOT NULL,
  updated_us bigint NOT NULL,
  document text COLLATE "C" NOT NULL
);
CREATE INDEX templates_created ON templates (created_us, id);

-- One row per run, rewritten by every decision: what is large or grows is kept apart, and pages keep room for the next version of a row.
CREATE TABLE runs (
  id text COLLATE "C" PRIMARY KEY,
  status text COLLATE "C" NOT NULL,
  revision bigint NOT NULL,
  attempt bigint NOT NULL,
  next_step bigint NOT NULL,
  next_event bigint NOT NULL,
  wake_us bigint NOT NULL,
  started_us bigint NOT NULL,
  updated_us bigint NOT NULL,
  finished_us bigint NOT NULL,
  cancel_forced bigint NOT NULL,
  error text COLLATE "C" NOT NULL,
  extra text COLLATE "C" NOT NULL,
  expires_us bigint NOT NULL,
  workflow_id text COLLATE "C" NOT NULL,
  workflow_version bigint NOT NULL,
  created_us bigint NOT NULL,
  created_by text COLLATE "C" NOT NULL,
  approve_every_step bigint NOT NULL,
  labels text COLLATE "C" NOT NULL,
  origin text COLLATE "C" NOT NULL,
  limit_key text COLLATE "C" NOT NULL,
  schedule_id text COLLATE "C" NOT NULL
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
CREATE INDEX runs_created ON runs (created_us, id);
CREATE INDEX runs_workflow ON runs (workflow_id, created_us, id);
CREATE INDEX runs_status ON runs (status, created_us, id);
CREATE INDEX runs_active ON runs (id) WHERE status IN ('PENDING', 'RUNNING', 'CANCELING', 'PAUSED');
CREATE INDEX runs_live ON runs (workflow_id) WHERE status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED', 'TIMED_OUT');
CREATE INDEX runs_due ON runs (wake_us, id) WHERE wake_us > 0;
CREATE INDEX runs_expired ON runs (expires_us, id) WHERE expires_us > 0;
CREATE INDEX runs_limited ON runs (created_us, id)
  WHERE limit_key <> '' AND status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED', 'TIMED_OUT');
CREATE INDEX runs_schedule ON runs (schedule_id, created_us, id) WHERE schedule_id <> '';
CREATE INDEX runs_schedule_live ON runs (schedule_id, id)
  WHERE schedule_id <> '' AND status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED', 'TIMED_OUT');

CREATE TABLE run_steps (
  run_id text COLLATE "C" NOT NULL,
  step bigint NOT NULL,
  item bigint NOT NULL,
  status text COLLATE "C" NOT NULL,
  since_us bigint NOT NULL,  -- when it came to that status
  tries bigint NOT NULL,
  due_us bigint NOT NULL,
  started_us bigint NOT NULL,
  finished_us bigint NOT NULL,
  http_code bigint NOT NULL,
  error text COLLATE "C",     -- a JSON object, or NULL
  approval text COLLATE "C",  -- likewise
  extra text COLLATE "C" NOT NULL,
  PRIMARY KEY (run_id, step, item)
) WITH (fillfactor = 80);
CREATE INDEX run_steps_waiting ON run_steps (since_us, run_id, step, item) WHERE status = 'WAITING_APPROVAL';

-- `bytes`: so that the length of a long text is known without reading it.
CREATE TABLE run_documents (
  run_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  step bigint NOT NULL,
  item bigint NOT NULL,
  bytes bigint NOT NULL,
  text text COLLATE "C" NOT NULL,
  PRIMARY KEY (run_id, kind, step, item)
);

-- What one run has to tell another, until it is read.
CREATE TABLE run_mail (
  to_run text COLLATE "C" NOT NULL,
  from_run text COLLATE "C" NOT NULL,
  kind bigint NOT NULL,
  attempt bigint NOT NULL,
  step bigint NOT NULL,
  item bigint NOT NULL,
  PRIMARY KEY (to_run, from_run, kind, attempt)
);
CREATE INDEX run_mail_from ON run_mail (from_run);

-- A schedule is known by its workflow and name. `active` says whether the current version has it; the state stays when it has not.
CREATE TABLE schedules (
  id text COLLATE "C" PRIMARY KEY,
  workflow_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  created_us bigint NOT NULL,
  active bigint NOT NULL,
  workflow_version bigint NOT NULL,
  cron text COLLATE "C" NOT NULL,
  timezone text COLLATE "C" NOT NULL,
  overlap text COLLATE "C" NOT NULL,
  catch_up text COLLATE "C" NOT NULL,
  paused bigint NOT NULL,
  revision bigint NOT NULL,
  next_us bigint NOT NULL,
  owed_us bigint NOT NULL,
  backlog_us bigint NOT NULL,
  backlog_end_us bigint NOT NULL,
  last_fired_us bigint NOT NULL,
  last_run_id text COLLATE "C" NOT NULL,
  skipped bigint NOT NULL,
  last_skipped_us bigint NOT NULL,
  last_missed_us bigint NOT NULL,
  context text COLLATE "C" NOT NULL,
  UNIQUE (workflow_id, name)
) WITH (fillfactor = 80);
CREATE INDEX schedules_created ON schedules (created_us, id) WHERE active = 1;
CREATE INDEX schedules_due ON schedules (next_us, id) WHERE active = 1 AND paused = 0;
CREATE INDEX schedules_owing ON schedules (id) WHERE owed_us > 0;

-- One source of ids for events and logs: a writer that says from where on it may hold some says it for both (see postgres_sql.cpp).
CREATE SEQUENCE history_ids AS bigint;

CREATE TABLE run_events (
  id bigint PRIMARY KEY DEFAULT nextval('history_ids'),
  run_id text COLLATE "C" NOT NULL,
  workflow_id text COLLATE "C" NOT NULL,
  number bigint NOT NULL,
  at_us bigint NOT NULL,
  type text COLLATE "C" NOT NULL,
  step bigint NOT NULL,
  item bigint NOT NULL,
  payload text COLLATE "C" NOT NULL
) WITH (autovacuum_vacuum_insert_scale_factor = 0.1);
CREATE INDEX run_events_run ON run_events (run_id, id);

CREATE TABLE run_logs (
  id bigint PRIMARY KEY DEFAULT nextval('history_ids'),
  run_id text COLLATE "C" NOT NULL,
  at_us bigint NOT NULL,
  step bigint NOT NULL,
  try_number bigint NOT NULL,
  level text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  text text COLLATE "C" NOT NULL
) WITH (autovacuum_vacuum_insert_scale_factor = 0.1);
CREATE INDEX run_logs_run ON run_logs (run_id, id);

-- The last event that was ever committed, where its row has been deleted: one row, written when events are deleted.
CREATE TABLE history_mark (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  last_event_id bigint NOT NULL
);
INSERT INTO history_mark (last_event_id) VALUES (0);

CREATE TABLE idempotency_keys (
  scope text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  body_hash text COLLATE "C" NOT NULL,
  status bigint NOT NULL,
  location text COLLATE "C" NOT NULL,
  created_us bigint NOT NULL,
  body text COLLATE "C" NOT NULL,
  PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_us);

CREATE TABLE hook_cursors (
  hook text COLLATE "C" PRIMARY KEY,
  event_id bigint NOT NULL
);

-- Runs that are gone, but whose events some hook has not delivered yet.
CREATE TABLE deleted_runs (
  run_id text COLLATE "C" PRIMARY KEY
);
