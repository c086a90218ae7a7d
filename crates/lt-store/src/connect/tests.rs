use rusqlite::Connection;
use rusqlite_migration::Migrations;

use super::*;

#[test]
fn the_engines_settings_come_to_a_store_that_has_rows() {
    let mut connection = Connection::open_in_memory().unwrap();
    Migrations::from_slice(STEPS)
        .to_version(&mut connection, 1)
        .unwrap();
    connection
        .execute_batch(
            "INSERT INTO faq (id, rev, body) VALUES ('ec-001', 1, '{}');
             INSERT INTO setting (key, value) VALUES ('settings', '{}');",
        )
        .unwrap();
    assert!(
        connection
            .execute_batch("SELECT version FROM engine_settings")
            .is_err()
    );
    migrate(&mut connection).unwrap();
    let kept: (String, i64) = connection
        .query_row(
            "SELECT id, (SELECT count(*) FROM setting) FROM faq",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!(kept, ("ec-001".to_owned(), 1));
    connection
        .execute_batch("INSERT INTO engine_settings (version, body) VALUES (1, '{}')")
        .unwrap();
}

#[test]
fn picks_come_to_a_store_that_has_rows() {
    let mut connection = Connection::open_in_memory().unwrap();
    Migrations::from_slice(STEPS)
        .to_version(&mut connection, 1)
        .unwrap();
    connection
        .execute_batch(
            "INSERT INTO message (id, conversation_id, seq, author, is_text, rev, body)
             VALUES (x'01', x'02', 1, 'customer', 1, 1, '{}');",
        )
        .unwrap();
    migrate(&mut connection).unwrap();
    let pick = "INSERT INTO pick (message_id, faq_id, conversation_id, kind, at)
         SELECT id, 'ec-001', conversation_id, '{}', 0 FROM message";
    assert_eq!(connection.execute(pick, []).unwrap(), 1);
    assert!(connection.execute(pick, []).is_err(), "one for each");
}

#[test]
fn sums_and_snapshots_come_to_a_store_that_has_rows() {
    let mut connection = Connection::open_in_memory().unwrap();
    Migrations::from_slice(STEPS)
        .to_version(&mut connection, 3)
        .unwrap();
    connection
        .execute_batch(
            "INSERT INTO stream (id, kind, cursor) VALUES (4, '{}', 9);
             INSERT INTO faq (id, rev, body) VALUES ('ec-001', 3, '{}');
             INSERT INTO contact (id, rev, name, tier, body) VALUES (x'01', 5, '', 'normal', '{}');
             INSERT INTO engine_settings (version, body) VALUES (2, '{}');
             INSERT INTO row_stream (kind, id, stream) VALUES
               ('faq', 'ec-001', 4), ('contact', x'01', 4), ('engine_settings', '2', 4),
               ('message', x'09', 4);",
        )
        .unwrap();
    migrate(&mut connection).unwrap();
    let mut statement = connection
        .prepare("SELECT rev FROM row_stream ORDER BY kind")
        .unwrap();
    let revs = statement.query_map([], |row| row.get::<_, i64>(0)).unwrap();
    let revs: Vec<_> = revs.map(Result::unwrap).collect();
    assert_eq!(revs, [5, 2, 3, 0], "contact, settings, faq, a lost message");
    let stream: (i64, Option<i64>, i64, Option<i64>) = connection
        .query_row(
            "SELECT cursor, sum, is_suspect, snapshot_at FROM stream",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .unwrap();
    assert_eq!(stream, (9, None, 0, None), "the sum is counted later");
}

#[test]
fn conflicts_come_to_a_store_that_has_rows() {
    let mut connection = Connection::open_in_memory().unwrap();
    Migrations::from_slice(STEPS)
        .to_version(&mut connection, 4)
        .unwrap();
    connection
        .execute_batch(
            "INSERT INTO outbox (n, op_id, state, conversation_id, at, action)
               VALUES (3, x'0a', 'queued', x'01', 5, '{}');
             INSERT INTO conversation_body (id, rev, server) VALUES (x'01', 2, '{}');
             INSERT INTO conversation (id, number, channel, contact_id, group_id, status, handler,
               priority, category, last_message_at, created_at, seq, agent_read_seq, unread, pending)
               VALUES (x'01', 7, 'web', x'02', x'03', 'open', 'bot', 1, '', 0, 0, 4, 0, 1, 0);",
        )
        .unwrap();
    migrate(&mut connection).unwrap();
    let kept: (i64, Option<Vec<u8>>, i64, bool) = connection
        .query_row(
            "SELECT o.n, o.after_op, c.number, c.conflict FROM outbox o
             JOIN conversation c ON c.id = o.conversation_id",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .unwrap();
    assert_eq!(kept, (3, None, 7, false));
    let conflict = "INSERT INTO conflict (conversation_id, field, op_id, at, body)
         SELECT conversation_id, 'priority', op_id, at, '{}' FROM outbox";
    assert_eq!(connection.execute(conflict, []).unwrap(), 1);
    assert!(
        connection.execute(conflict, []).is_err(),
        "one for each field"
    );
    let draft =
        "INSERT INTO summary_draft (conversation_id, rev, base, at) VALUES (x'01', 0, '', 0)";
    assert_eq!(connection.execute(draft, []).unwrap(), 1);
}

#[test]
fn offers_and_calendars_come_to_a_store_that_has_rows() {
    let mut connection = Connection::open_in_memory().unwrap();
    Migrations::from_slice(STEPS)
        .to_version(&mut connection, 6)
        .unwrap();
    connection
        .execute_batch(
            "PRAGMA foreign_keys = ON;
             INSERT INTO conversation_body (id, rev, server) VALUES (x'01', 1, '{}');",
        )
        .unwrap();
    migrate(&mut connection).unwrap();
    let count = |connection: &Connection| -> i64 {
        let sql = "SELECT count(*) FROM offer";
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    connection
        .execute_batch(
            "INSERT INTO offer (conversation_id, agent, expires_at) VALUES (x'01', x'02', 9);
             INSERT INTO business_hours (id, rev, body) VALUES (x'03', 1, '{}');",
        )
        .unwrap();
    assert_eq!(count(&connection), 1);
    connection
        .execute_batch("DELETE FROM conversation_body")
        .unwrap();
    assert_eq!(count(&connection), 0, "an offer goes with its conversation");
}

#[test]
fn people_come_to_a_store_that_has_rows() {
    let mut connection = Connection::open_in_memory().unwrap();
    Migrations::from_slice(STEPS)
        .to_version(&mut connection, 9)
        .unwrap();
    connection
        .execute_batch(
            "INSERT INTO contact (id, rev, name, tier, body) VALUES (x'01', 5, '林', 'normal', '{}');
             INSERT INTO outbox (n, op_id, state, conversation_id, at, action)
               VALUES (3, x'0a', 'queued', x'01', 5, '{}');",
        )
        .unwrap();
    migrate(&mut connection).unwrap();
    let kept: (String, String, bool, Option<String>, Option<Vec<u8>>) = connection
        .query_row(
            "SELECT c.name, c.phone_key, c.is_merged, c.server, o.contact_id
             FROM contact c, outbox o",
            [],
            |row| {
                let (a, b, c) = (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok((a, b, c, row.get(3)?, row.get(4)?))
            },
        )
        .unwrap();
    assert_eq!(kept, ("林".to_owned(), String::new(), false, None, None));
    let whisper = "INSERT INTO whisper (id, rev, conversation_id, at, body)
         VALUES (x'02', 1, x'01', 5, '{}')";
    assert_eq!(connection.execute(whisper, []).unwrap(), 1);
}

#[test]
fn lines_learn_where_they_came_from_and_when_they_wake() {
    let mut connection = Connection::open_in_memory().unwrap();
    Migrations::from_slice(STEPS)
        .to_version(&mut connection, 9)
        .unwrap();
    connection
        .execute_batch(
            r#"INSERT INTO conversation_body (id, rev, server) VALUES (x'01', 1,
               '{"inbox_id":"0190f000-0000-7000-8000-000000000031","routing":{"snoozed_until":77}}');
             INSERT INTO conversation (id, number, channel, contact_id, group_id, status, handler,
                 priority, category, last_message_at, created_at, seq, agent_read_seq, unread, pending)
             VALUES (x'01', 1, 'web', x'02', x'03', 'snoozed', 'agent', 1, '', 5, 5, 1, 0, 0, 0);
             INSERT INTO offer (conversation_id, agent, expires_at) VALUES (x'01', x'04', 9);"#,
        )
        .unwrap();
    migrate(&mut connection).unwrap();
    let line: (String, i64, Option<i64>, i64) = connection
        .query_row(
            "SELECT hex(c.inbox_id), c.snoozed_until, c.returned_at, o.offered_at
             FROM conversation c JOIN offer o ON o.conversation_id = c.id",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .unwrap();
    let inbox = "0190F000000070008000000000000031".to_owned();
    assert_eq!(line, (inbox, 77, None, 0));
    connection
        .execute_batch("PRAGMA foreign_keys = ON")
        .unwrap();
    connection
        .execute_batch("INSERT INTO facts (conversation_id, at, body) VALUES (x'01', 5, '[]')")
        .unwrap();
    connection
        .execute_batch("DELETE FROM conversation_body WHERE id = x'01'")
        .unwrap();
    let n_facts: i64 = connection
        .query_row("SELECT count(*) FROM facts", [], |row| row.get(0))
        .unwrap();
    assert_eq!(n_facts, 0, "what was said goes with the conversation");
}

#[test]
fn surveys_have_a_place_in_a_store_that_has_rows() {
    let mut connection = Connection::open_in_memory().unwrap();
    Migrations::from_slice(STEPS)
        .to_version(&mut connection, 13)
        .unwrap();
    let inbox = r#"INSERT INTO inbox (id, rev, body) VALUES (x'01', 3,
        '{"id":"0190f000-0000-7000-8000-000000000031","kind":"web","name":"官网",
          "group":"0190f000-0000-7000-8000-000000000001","hours":null}')"#;
    connection.execute_batch(inbox).unwrap();
    migrate(&mut connection).unwrap();
    let known = crate::table::inbox::all(&connection).unwrap();
    assert!(!known[0].survey.on, "it asked nobody");
    let survey = "INSERT INTO survey (id, rev, conversation_id, asked_at, body)
         VALUES (x'02', 1, x'01', 5, '{}')";
    assert_eq!(connection.execute(survey, []).unwrap(), 1);
}

/// A store from before each of three steps, with a conversation and what the steps before had brought:
/// all is there afterwards, and is read as ever.
#[test]
fn numbers_alerts_and_surveys_come_to_a_store_that_has_rows() {
    const CELL: &str =
        "INSERT INTO metric_cell (grain, dim, at, grp, value, opened, queue, tickets, cell)
         VALUES ('day', '', 0, x'03', '', 1, 0, 0, x'01010002')";
    const ASKED: &str =
        "INSERT INTO metric_cell (grain, dim, at, grp, value, opened, queue, tickets, cell)
         VALUES ('month', 'intent', 0, x'03', '问', 2, 0, 0, x'01'),
           ('month', 'intent', 0, x'04', '问', 5, 0, 0, x'01'),
           ('month', 'agent', 0, x'04', '问', 5, 0, 0, x'01')";
    const STAND: &str = "INSERT INTO metric_stand (id, as_of, generation, utc_offset_minutes)
         VALUES (1, 9, 'g', 480);
         INSERT INTO metric_group (grp, version) VALUES (x'01900000000070008000000000000001', 5)";
    const ALERT: &str = "INSERT INTO alert (id, rev, is_open, fired_at, body)
         VALUES (x'05', 1, 1, 7, '{}')";
    const SURVEY: &str = "INSERT INTO survey (id, rev, conversation_id, asked_at, body)
         VALUES (x'06', 1, x'01', 5, '{}')";
    // How many steps there were, and which rows of them.
    for (n_steps, before) in [
        (13, &[][..]),
        (14, &[CELL, ASKED, STAND]),
        (15, &[CELL, ASKED, STAND, ALERT]),
    ] {
        let mut connection = Connection::open_in_memory().unwrap();
        Migrations::from_slice(STEPS)
            .to_version(&mut connection, n_steps)
            .unwrap();
        connection
            .execute_batch(
                "INSERT INTO conversation_body (id, rev, server) VALUES (x'01', 2, '{}');
                 INSERT INTO message (id, conversation_id, seq, author, is_text, rev, body)
                 VALUES (x'02', x'01', 1, 'customer', 1, 1, '{}');",
            )
            .unwrap();
        for sql in before {
            connection.execute_batch(sql).unwrap();
        }
        migrate(&mut connection).unwrap();
        let count = |sql: &str| -> i64 { connection.query_row(sql, [], |row| row.get(0)).unwrap() };
        assert_eq!(count("SELECT count(*) FROM message"), 1);
        assert_eq!(count("SELECT rev FROM conversation_body"), 2);
        let stand = crate::table::metric::stand(&connection).unwrap();
        let stand = stand.map(|stand| (stand.as_of, stand.generation, stand.groups[0].version));
        let expected = (n_steps > 13).then(|| (9, "g".to_owned(), 5));
        assert_eq!(stand, expected, "after {n_steps} steps");
        // What is there already is refused, and what is not is taken.
        for (sql, since) in [(CELL, 13), (ALERT, 14), (SURVEY, 15)] {
            let is_new = n_steps <= since;
            assert_eq!(
                connection.execute_batch(sql).is_ok(),
                is_new,
                "{n_steps}: {sql}"
            );
        }
        let totals = "SELECT count(*) FROM metric_total WHERE grain = 'day' AND cell = x'01010002'";
        assert_eq!(count(totals), if n_steps > 13 { 1 } else { 0 });
        let asked = count("SELECT coalesce(sum(opened), 0) FROM metric_opened_sum");
        assert_eq!(asked, if n_steps > 13 { 7 } else { 0 }, "of both groups");
        let opened = "SELECT sum(opened) FROM metric_cell WHERE grain = 'day' AND dim = ''";
        assert_eq!(count(opened), 1);
        assert_eq!(count("SELECT count(*) FROM alert WHERE is_open = 1"), 1);
    }
}

/// Cells that nothing can be read from would be missing from the sums: all are asked for again.
#[test]
fn numbers_that_cannot_be_read_are_fetched_anew() {
    let mut connection = Connection::open_in_memory().unwrap();
    Migrations::from_slice(STEPS)
        .to_version(&mut connection, 21)
        .unwrap();
    connection
        .execute_batch(
            "INSERT INTO metric_cell (grain, dim, at, grp, value, opened, queue, tickets, cell)
             VALUES ('day', '', 0, x'03', '', 1, 0, 0, x'01010002'),
               ('day', '', 1, x'03', '', 1, 0, 0, x'0909');
             INSERT INTO metric_stand (id, as_of, generation, utc_offset_minutes)
             VALUES (1, 9, 'g', 480);",
        )
        .unwrap();
    migrate(&mut connection).unwrap();
    for table in ["metric_cell", "metric_total", "metric_stand"] {
        let n_rows: i64 = connection
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(n_rows, 0, "{table}");
    }
    migrate(&mut connection).unwrap();
}

#[test]
fn quality_has_a_place_in_a_store_that_has_rows() {
    let mut connection = Connection::open_in_memory().unwrap();
    Migrations::from_slice(STEPS)
        .to_version(&mut connection, 16)
        .unwrap();
    connection
        .execute_batch(
            "INSERT INTO survey (id, rev, conversation_id, asked_at, body)
             VALUES (x'02', 1, x'01', 5, '{}')",
        )
        .unwrap();
    migrate(&mut connection).unwrap();
    let n_surveys: i64 = connection
        .query_row("SELECT count(*) FROM survey", [], |row| row.get(0))
        .unwrap();
    assert_eq!(n_surveys, 1);
    let agent = lt_model::id::AgentId(uuid::Uuid::nil());
    let none = crate::table::quality::of_agent(&connection, agent, 0).unwrap();
    assert_eq!(none, []);
}

#[test]
fn a_review_is_found_by_its_conversation_in_a_store_that_has_reviews() {
    let mut connection = Connection::open_in_memory().unwrap();
    Migrations::from_slice(STEPS)
        .to_version(&mut connection, 19)
        .unwrap();
    let review = r#"INSERT INTO qa_review (id, rev, agent_id, state, at, body)
        VALUES (x'0190f000000070008000000000000001', 1, x'03', 'open', 7,
          '{"conversation_id":"0190f000-0000-7000-8000-000000000002"}')"#;
    connection.execute_batch(review).unwrap();
    migrate(&mut connection).unwrap();
    let find = |n: u128| {
        let id = lt_model::id::ConversationId(uuid::Uuid::from_u128(n));
        crate::table::quality::of_conversation(&connection, id).unwrap()
    };
    let of = 0x0190_f000_0000_7000_8000_0000_0000_0002;
    assert_eq!(find(of).unwrap().0.as_u128(), of - 1);
    assert_eq!(find(of + 1), None);
    let plan: String = connection
        .query_row(
            "EXPLAIN QUERY PLAN SELECT id FROM qa_review WHERE body ->> '$.conversation_id' = ?1",
            [""],
            |row| row.get(3),
        )
        .unwrap();
    assert!(plan.contains("qa_review_of_conversation"), "{plan}");
}

/// A former build dropped what it did not know of the agent's settings: they come from the server anew,
/// and are kept until then.
#[test]
fn the_agents_settings_are_fetched_anew_in_a_store_that_has_them() {
    let mut connection = Connection::open_in_memory().unwrap();
    Migrations::from_slice(STEPS)
        .to_version(&mut connection, 21)
        .unwrap();
    connection
        .execute_batch(
            "INSERT INTO stream (id, kind, cursor) VALUES (4, '{}', 9), (5, '{}', 7);
             INSERT INTO agent_settings (id, rev, body) VALUES (x'01', 3, '{}');
             INSERT INTO row_stream (kind, id, stream, rev)
             VALUES ('agent_settings', x'01', 4, 3), ('faq', 'ec-001', 5, 2);",
        )
        .unwrap();
    migrate(&mut connection).unwrap();
    assert_eq!(crate::table::stream::unsound(&connection).unwrap(), [4]);
    let rev: i64 = connection
        .query_row("SELECT rev FROM agent_settings", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rev, 3);
}
