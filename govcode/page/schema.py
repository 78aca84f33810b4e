"""The tables of a store, as SQL. Decisions are only ever appended; triggers refuse anything else."""

from __future__ import annotations

VERSION = 1

_STATE = (
    "CASE WHEN NEW.code = 'NA' THEN 'na' WHEN NEW.code <> '' THEN 'coded' "
    "WHEN NEW.skipped THEN 'skipped' ELSE 'open' END"
)
SCHEMA = f"""
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE post(
  position INTEGER PRIMARY KEY,
  post_id TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL, text TEXT NOT NULL, reply TEXT NOT NULL,
  account TEXT NOT NULL, platform TEXT NOT NULL, published_at TEXT NOT NULL,
  stratum TEXT NOT NULL, inclusion_prob REAL
);
CREATE TABLE decision(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  role TEXT NOT NULL CHECK (role IN ('coding', 'gold')),
  coder TEXT NOT NULL,
  post_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('code', 'note', 'skip', 'undo')),
  code TEXT NOT NULL, secondary TEXT NOT NULL, form TEXT NOT NULL,
  sure INTEGER NOT NULL, note TEXT NOT NULL, rule TEXT NOT NULL,
  skipped INTEGER NOT NULL,
  codebook TEXT NOT NULL, assisted INTEGER NOT NULL, seconds REAL NOT NULL, at TEXT NOT NULL,
  before INTEGER,
  head INTEGER
);
CREATE TRIGGER decision_kept BEFORE DELETE ON decision
  BEGIN SELECT RAISE(ABORT, 'decisions are only ever appended'); END;
CREATE TRIGGER decision_unchanged BEFORE UPDATE ON decision
  BEGIN SELECT RAISE(ABORT, 'decisions are only ever appended'); END;
CREATE INDEX decision_coder ON decision(role, coder, seq);

-- What each person last decided on each post: derived from the decisions by the trigger below.
CREATE TABLE current(
  role TEXT NOT NULL, coder TEXT NOT NULL, post_id TEXT NOT NULL,
  seq INTEGER NOT NULL, state TEXT NOT NULL, sure INTEGER NOT NULL, noted INTEGER NOT NULL,
  seconds REAL NOT NULL,
  PRIMARY KEY (role, coder, post_id)
) WITHOUT ROWID;
CREATE INDEX current_post ON current(post_id);
CREATE INDEX current_latest ON current(role, coder, seq);
-- How many posts of each person are in which state, so that counting does not take longer with more posts.
CREATE TABLE tally(
  role TEXT NOT NULL, coder TEXT NOT NULL, state TEXT NOT NULL, sure INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (role, coder, state, sure)
) WITHOUT ROWID;
CREATE TRIGGER decision_current AFTER INSERT ON decision BEGIN
  UPDATE tally SET number = number - 1 WHERE (role, coder, state, sure) = (
    SELECT role, coder, state, sure FROM current
    WHERE role = NEW.role AND coder = NEW.coder AND post_id = NEW.post_id);
  INSERT INTO tally VALUES (NEW.role, NEW.coder, {_STATE}, NEW.sure, 1)
  ON CONFLICT (role, coder, state, sure) DO UPDATE SET number = number + 1;
  INSERT INTO current VALUES (
    NEW.role, NEW.coder, NEW.post_id, NEW.seq,
    {_STATE},
    NEW.sure, NEW.note <> '' OR NEW.rule <> '', NEW.seconds)
  ON CONFLICT (role, coder, post_id) DO UPDATE SET
    seq = excluded.seq, state = excluded.state, sure = excluded.sure, noted = excluded.noted,
    seconds = current.seconds + excluded.seconds;
END;

CREATE TABLE remark(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  post_id TEXT NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL
);
CREATE TABLE person(name TEXT PRIMARY KEY, token_hash TEXT NOT NULL) WITHOUT ROWID;
"""
