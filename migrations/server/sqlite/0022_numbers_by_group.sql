-- The numbers have no minutes any more: nobody read them. The rows behind a number are read by group,
-- the newest first.

DELETE FROM metric_cell WHERE grain = 'minute';
DROP INDEX metric_cell_age;
CREATE INDEX metric_cell_age ON metric_cell (tenant, at) WHERE grain = 'hour';

DROP INDEX metric_case_opened;
CREATE INDEX metric_case_opened ON metric_case (tenant, grp, opened_at);
-- With when it was opened, so that a case which is passed over is not read.
DROP INDEX metric_case_last;
CREATE INDEX metric_case_last ON metric_case (tenant, grp, last_at, opened_at);
DROP INDEX metric_case_standing;
CREATE INDEX metric_case_standing ON metric_case (tenant, grp, opened_at) WHERE standing = 1;
