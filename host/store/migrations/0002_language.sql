-- What the workflow language adds. `extra` and `origin` are JSON objects of what hardly ever differs from its default, '' where nothing does.

ALTER TABLE runs ADD COLUMN extra TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN expires_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE run_steps ADD COLUMN extra TEXT NOT NULL DEFAULT '';
CREATE INDEX runs_expired ON runs (expires_us, id) WHERE expires_us > 0;

-- A paused run's attempts go on: it is one of those that must be taken up.
DROP INDEX runs_active;
CREATE INDEX runs_active ON runs (id) WHERE status IN ('PENDING', 'RUNNING', 'CANCELING', 'PAUSED');
