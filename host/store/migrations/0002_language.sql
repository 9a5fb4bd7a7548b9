-- What the workflow language adds. `extra` and `origin` are JSON objects of what hardly ever differs from its default, '' where nothing does.

ALTER TABLE runs ADD COLUMN extra TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN expires_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE run_steps ADD COLUMN extra TEXT NOT NULL DEFAULT '';
CREATE INDEX runs_expired ON runs (expires_us, id) WHERE expires_us > 0;

-- A paused run's attempts go on: it is one of those that must be taken up.
DROP INDEX runs_active;
CREATE INDEX runs_active ON runs (id) WHERE status IN ('PENDING', 'RUNNING', 'CANCELING', 'PAUSED');

-- Runs that share a limit of their workflow: who has a place and who waits is found by the live ones.
ALTER TABLE runs ADD COLUMN limit_key TEXT NOT NULL DEFAULT '';
CREATE INDEX runs_limited ON runs (created_us, id)
  WHERE limit_key <> '' AND status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED', 'TIMED_OUT');

-- What one run has to tell another, until it is read.
CREATE TABLE run_mail (
  to_run TEXT NOT NULL,
  from_run TEXT NOT NULL,
  kind INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  step INTEGER NOT NULL,
  item INTEGER NOT NULL,
  PRIMARY KEY (to_run, from_run, kind, attempt)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_mail_from ON run_mail (from_run);

-- A schedule is known by its workflow and name. `active` says whether the current version has it; the state stays when it has not.
CREATE TABLE schedules (
  id TEXT PRIMARY KEY NOT NULL,
  workflow_id TEXT NOT NULL,
  name TEXT NOT NULL,
  created_us INTEGER NOT NULL,
  active INTEGER NOT NULL,
  workflow_version INTEGER NOT NULL,
  cron TEXT NOT NULL,
  timezone TEXT NOT NULL,
  overlap TEXT NOT NULL,
  catch_up TEXT NOT NULL,
  paused INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  next_us INTEGER NOT NULL,
  owed_us INTEGER NOT NULL,
  backlog_us INTEGER NOT NULL,
  backlog_end_us INTEGER NOT NULL,
  last_fired_us INTEGER NOT NULL,
  last_run_id TEXT NOT NULL,
  skipped INTEGER NOT NULL,
  last_skipped_us INTEGER NOT NULL,
  last_missed_us INTEGER NOT NULL,
  context TEXT NOT NULL,
  UNIQUE (workflow_id, name)
) STRICT;
CREATE INDEX schedules_created ON schedules (created_us, id) WHERE active = 1;
CREATE INDEX schedules_due ON schedules (next_us, id) WHERE active = 1 AND paused = 0;
CREATE INDEX schedules_owing ON schedules (id) WHERE owed_us > 0;

ALTER TABLE runs ADD COLUMN schedule_id TEXT NOT NULL DEFAULT '';
CREATE INDEX runs_schedule ON runs (schedule_id, created_us, id) WHERE schedule_id <> '';
CREATE INDEX runs_schedule_live ON runs (schedule_id, id) WHERE schedule_id <> ''
  AND status IN ('PENDING', 'RUNNING', 'WAITING_APPROVAL', 'WAITING', 'PAUSED', 'CANCELING');
