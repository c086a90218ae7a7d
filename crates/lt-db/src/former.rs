//! Databases from before a step of the schema: what is in them, and what they say after all steps.
//! Each back end makes them in its own way; what is said of them is the same.

/// A database from before a step.
pub(crate) struct Former {
    /// What came new.
    pub(crate) name: &'static str,
    /// The number of the last step that it had.
    pub(crate) last: i64,
    /// Its rows, beside those of [`SHOP`]. Bytes are written as SQLite does.
    rows: &'static str,
    /// What is counted in it afterwards.
    pub(crate) says: &'static [(&'static str, i64)],
    /// What can be put into it then.
    takes: &'static [&'static str],
    /// What it refuses, after that.
    refuses: &'static [&'static str],
}

impl Former {
    /// Its rows.
    pub(crate) fn rows(&self) -> [&'static str; 2] {
        [SHOP, self.rows]
    }

    /// Puts what it takes, and is refused the rest.
    pub(crate) fn check(&self, mut run: impl FnMut(&str) -> Result<(), String>) {
        for sql in self.takes {
            run(sql).unwrap_or_else(|error| panic!("{}: {sql}: {error}", self.name));
        }
        for sql in self.refuses {
            assert!(run(sql).is_err(), "{}: {sql}", self.name);
        }
    }
}

/// A conversation that waits, of a shop with 41 acts so far.
const SHOP: &str = "
    INSERT INTO audit_head (tenant, n, hash) VALUES (1, 41, x'00');
    INSERT INTO counter (tenant, name, n) VALUES (1, 'conversation', 7);
    INSERT INTO skill_group (tenant, id, name, categories, rev) VALUES (1, x'01', '售后', '[]', 1);
    INSERT INTO inbox (tenant, id, kind, public_key, name, grp)
        VALUES (1, x'02', 'web', 'k', '网页', x'01');
    INSERT INTO contact (tenant, id, last_seq, rev, body) VALUES (1, x'03', 1, 1, '{}');
    INSERT INTO conversation (tenant, id, number, inbox, contact, person, grp, status, handler,
            priority, rev, body)
        VALUES (1, x'04', 7, x'02', x'03', x'03', x'01', 'open', 'queue', 1, 1, '{}');
    INSERT INTO message (tenant, id, conversation, contact, seq, contact_seq, author, delivery, at,
            rev, body)
        VALUES (1, x'05', x'04', x'03', 1, 1, 'customer', 'sent', 0, 1, '{}');";

/// What was in it is still there.
const KEPT: (&str, i64) = (
    "SELECT count(*) FROM conversation c JOIN message m ON m.conversation = c.id
     WHERE c.number = 7 AND c.body = '{}'",
    1,
);
const CELL: &str = "INSERT INTO metric_cell (tenant, grp, grain, dim, at, value, version, cell)
     VALUES (1, x'01', 'day', '', 0, '', 1, x'01')";
const SURVEY: &str = "INSERT INTO survey (tenant, id, conversation, contact, person, resolved_at,
         asked_at, rev, body)
     VALUES (1, x'08', x'04', x'03', x'03', 1, 2, 1, '{}')";
const RING: &str =
    "INSERT INTO alert_outbox (tenant, alert, step, agent, channel, state, next_at, at,
         body)
     VALUES (1, x'07', 1, x'06', 'email', 'pending', 5, 5, '{}')";

const SHARE: &str = "INSERT INTO device_share (tenant, device, agent, share, created_at)
     VALUES (1, x'51', x'06', x'00', 5)";

const REPORT: &str = "INSERT INTO report (tenant, id, agent, span, until, body)
     VALUES (1, x'0d', x'06', 'day', 9, '{}')";

/// The place up to which the log was read for something.
macro_rules! place {
    ($name:literal) => {
        concat!("SELECT n FROM counter WHERE name = '", $name, "'")
    };
}

/// One before each of the steps.
pub(crate) const ALL: &[Former] = &[
    Former {
        name: "numbers",
        last: 12,
        rows: "",
        says: &[
            KEPT,
            // Nothing is counted yet, so that counting begins with the first act.
            ("SELECT count(*) FROM metric_state", 0),
            ("SELECT count(*) FROM metric_cell", 0),
            (place!("alert_read"), 41),
            (place!("alert_opened"), 7),
            (place!("survey_read"), 41),
            (place!("surge_read"), 41),
        ],
        takes: &[
            "INSERT INTO metric_state (tenant, acts, version, as_of, utc_offset_minutes)
             VALUES (1, 41, 1, 9, 480)",
            "INSERT INTO metric_case (tenant, kind, id, number, grp, opened_at, last_at, standing,
                 share)
             VALUES (1, 'conversation', x'04', 7, x'01', 0, 0, 1, x'01')",
            CELL,
        ],
        refuses: &[
            "INSERT INTO metric_state (tenant, acts, version, as_of, utc_offset_minutes)
             VALUES (1, 41, 2, 9, 480)",
            "INSERT INTO metric_case (tenant, kind, id, number, grp, opened_at, last_at, standing,
                 share)
             VALUES (1, 'conversation', x'04', 7, x'01', 0, 0, 1, x'01')",
            CELL,
        ],
    },
    Former {
        name: "alerts",
        last: 13,
        rows: "INSERT INTO metric_state (tenant, acts, version, as_of, utc_offset_minutes)
                   VALUES (1, 40, 1, 9, 480);
               INSERT INTO metric_cell (tenant, grp, grain, dim, at, value, version, cell)
                   VALUES (1, x'01', 'day', '', 0, '', 1, x'01');",
        says: &[
            KEPT,
            ("SELECT acts FROM metric_state", 40),
            ("SELECT count(*) FROM metric_cell", 1),
            (place!("alert_read"), 41),
            (place!("alert_opened"), 7),
        ],
        takes: &[
            "INSERT INTO alert_rule (tenant, id, rev, body) VALUES (1, x'09', 1, '{}')",
            "INSERT INTO alert (tenant, id, is_open, fired_at, rev, body)
             VALUES (1, x'07', 1, 5, 1, '{}')",
            RING,
        ],
        // One step of an alert is told to one person one way once.
        refuses: &[CELL, RING],
    },
    Former {
        name: "surveys",
        last: 14,
        rows: "INSERT INTO counter (tenant, name, n) VALUES (1, 'alert_read', 30);
               INSERT INTO alert_minute (tenant, at, body) VALUES (1, 60000, '{}');
               INSERT INTO alert (tenant, id, is_open, fired_at, rev, body)
                   VALUES (1, x'07', 1, 5, 1, '{}');",
        says: &[
            KEPT,
            (place!("alert_read"), 30),
            ("SELECT count(*) FROM alert WHERE is_open = 1", 1),
            ("SELECT count(*) FROM alert_minute", 1),
            ("SELECT count(*) FROM inbox WHERE survey = ''", 1),
            (place!("survey_read"), 41),
        ],
        takes: &[
            SURVEY,
            "INSERT INTO survey_due (tenant, conversation, resolved_at, due_at)
             VALUES (1, x'04', 1, 2)",
        ],
        refuses: &[
            // One for an end of a conversation, whatever its id.
            "INSERT INTO survey (tenant, id, conversation, contact, person, resolved_at, asked_at,
                 rev, body)
             VALUES (1, x'0a', x'04', x'03', x'03', 1, 2, 1, '{}')",
            // There is no such conversation.
            "INSERT INTO survey_due (tenant, conversation, resolved_at, due_at)
             VALUES (1, x'99', 1, 2)",
        ],
    },
    Former {
        name: "surges",
        last: 15,
        rows: "INSERT INTO counter (tenant, name, n) VALUES (1, 'survey_read', 20);
               INSERT INTO survey (tenant, id, conversation, contact, person, resolved_at, asked_at,
                       rev, body)
                   VALUES (1, x'08', x'04', x'03', x'03', 1, 2, 1, '{}');",
        says: &[
            KEPT,
            (place!("survey_read"), 20),
            ("SELECT count(*) FROM survey WHERE resolved_at = 1", 1),
            (place!("surge_read"), 41),
        ],
        takes: &[
            "INSERT INTO surge_state (tenant, kind, value, state) VALUES (1, 'all', '', x'01')",
            "INSERT INTO surge_case (tenant, conversation, at, is_complaint, product, category,
                 region)
             VALUES (1, x'04', 5, 1, '', '', '')",
        ],
        refuses: &[
            SURVEY,
            "INSERT INTO surge_state (tenant, kind, value, state) VALUES (1, 'all', '', x'02')",
            "INSERT INTO surge_case (tenant, conversation, at, is_complaint, product, category,
                 region)
             VALUES (1, x'04', 6, 0, '', '', '')",
        ],
    },
    Former {
        name: "quality",
        last: 18,
        rows: "INSERT INTO counter (tenant, name, n) VALUES (1, 'surge_read', 20);
               INSERT INTO surge_state (tenant, kind, value, state) VALUES (1, 'all', '', x'01');",
        says: &[
            KEPT,
            (place!("surge_read"), 20),
            ("SELECT count(*) FROM surge_state WHERE kind = 'all'", 1),
            (place!("quality_ends"), 41),
            (place!("quality_marks"), 41),
        ],
        takes: &[
            "INSERT INTO qa_review (tenant, id, conversation, rev, body)
             VALUES (1, x'0b', x'04', 1, '{}')",
            "INSERT INTO qa_calibration (tenant, id, rev, body) VALUES (1, x'0b', 1, '{}')",
        ],
        refuses: &[
            // A conversation is sampled once.
            "INSERT INTO qa_review (tenant, id, conversation, rev, body)
             VALUES (1, x'0c', x'04', 1, '{}')",
            // There is no such review.
            "INSERT INTO qa_calibration (tenant, id, rev, body) VALUES (1, x'99', 1, '{}')",
        ],
    },
    Former {
        name: "reports",
        last: 19,
        rows: "INSERT INTO alert_outbox (tenant, alert, step, agent, channel, state, next_at, at, body)
                   VALUES (1, x'07', 1, x'06', 'email', 'pending', 5, 5, '{}');",
        says: &[
            KEPT,
            ("SELECT count(*) FROM alert_outbox WHERE state = 'pending'", 1),
            ("SELECT count(*) FROM report", 0),
        ],
        takes: &[
            REPORT,
            "INSERT INTO report (tenant, id, agent, span, until, body)
             VALUES (1, x'0e', x'06', 'week', 9, '{}')",
        ],
        refuses: &[
            RING,
            // A period is told to one person once, whatever the id.
            "INSERT INTO report (tenant, id, agent, span, until, body)
             VALUES (1, x'0f', x'06', 'day', 9, '{}')",
        ],
    },
    Former {
        name: "uploads of a day",
        last: 20,
        rows: "INSERT INTO attachment (tenant, id, contact, message, at, bytes, digest, body)
                   VALUES (1, x'41', x'03', x'05', 7, 90, x'00', '{}');",
        says: &[
            KEPT,
            ("SELECT bytes FROM attachment WHERE contact IS NOT NULL AND at > 6", 90),
        ],
        takes: &["INSERT INTO attachment (tenant, id, agent, at, bytes, digest, body)
             VALUES (1, x'42', x'06', 8, 10, x'00', '{}')"],
        refuses: &["INSERT INTO attachment (tenant, id, agent, at, bytes, digest, body)
             VALUES (1, x'42', x'06', 8, 10, x'00', '{}')"],
    },
    Former {
        name: "numbers by group",
        last: 21,
        rows: "INSERT INTO metric_cell (tenant, grp, grain, dim, at, value, version, cell)
                   VALUES (1, x'01', 'minute', '', 0, '', 1, x'01'),
                          (1, x'01', 'minute', 'channel', 60000, 'web', 2, x'01'),
                          (1, x'01', 'hour', '', 0, '', 3, x'01'),
                          (1, x'01', 'day', '', 0, '', 4, x'01');
               INSERT INTO metric_case (tenant, kind, id, number, grp, opened_at, last_at, standing,
                       share)
                   VALUES (1, 'conversation', x'04', 7, x'01', 0, 0, 1, x'01');",
        says: &[
            KEPT,
            // Minutes are gone, and nothing else.
            ("SELECT count(*) FROM metric_cell WHERE grain = 'minute'", 0),
            ("SELECT CAST(sum(version) AS BIGINT) FROM metric_cell", 7),
            ("SELECT opened_at FROM metric_case WHERE standing = 1 AND number = 7", 0),
        ],
        takes: &["INSERT INTO metric_case (tenant, kind, id, number, grp, opened_at, last_at,
                 standing, share)
             VALUES (1, 'ticket', x'04', 8, x'01', 0, 9, 0, x'01')"],
        refuses: &[CELL],
    },
    Former {
        name: "shares of desks",
        last: 22,
        rows: "INSERT INTO agent (tenant, id, username, display_name, role, presence, capacity, active,
                       password, rev, created_at)
                   VALUES (1, x'06', 'wang', '王', 'agent', 'offline', 5, 1, 'p', 1, 1);
               INSERT INTO device (tenant, id, agent, public_key, name, os, last_n, created_at)
                   VALUES (1, x'51', x'06', x'00', '前台', 'macos', 9, 1);",
        says: &[
            KEPT,
            ("SELECT last_n FROM device", 9),
            // Nobody has one before a desk asks.
            ("SELECT count(*) FROM device_share", 0),
        ],
        takes: &[SHARE],
        refuses: &[
            // There is one for an agent on a device.
            SHARE,
            // There is no such device.
            "INSERT INTO device_share (tenant, device, agent, share, created_at)
             VALUES (1, x'99', x'06', x'00', 5)",
        ],
    },
];
