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
