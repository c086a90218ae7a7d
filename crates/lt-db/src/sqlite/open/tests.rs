use rusqlite_migration::Migrations;

use super::*;

/// The first schema with a row in it, then all steps: the row is still there, and what came new
/// works.
#[test]
fn the_engines_settings_come_to_a_database_that_has_rows() {
    let dir = tempfile::tempdir().unwrap();
    let mut connection = unlocked(&dir.path().join("old.db"), &Key32::new([7; 32])).unwrap();
    Migrations::from_slice(MIGRATIONS)
        .to_version(&mut connection, 1)
        .unwrap();
    connection
        .execute_batch(
            "INSERT INTO meta (tenant, name, value) VALUES (1, 'generation', 'g');
             INSERT INTO faq_version
               (tenant, faq, version, business_line, published_at, author, body)
             VALUES (1, 'ec-001', 1, '商城', 0, x'00', '{}');
             INSERT INTO faq_entry (tenant, id, version) VALUES (1, 'ec-001', 1);",
        )
        .unwrap();
    let has_settings = |connection: &Connection| {
        connection
            .query_row(
                "SELECT count(*) FROM sqlite_master WHERE name = 'engine_settings'",
                [],
                |row| row.get::<_, i64>(0),
            )
            .unwrap()
    };
    assert_eq!(has_settings(&connection), 0);
    Migrations::from_slice(MIGRATIONS)
        .to_latest(&mut connection)
        .unwrap();
    assert_eq!(has_settings(&connection), 1);
    let kept: String = connection
        .query_row("SELECT id FROM faq_entry", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, "ec-001");
    connection
        .execute_batch(
            "INSERT INTO engine_settings (tenant, version, at, author, body)
             VALUES (1, 1, 0, NULL, '{}')",
        )
        .unwrap();
    for change in [
        "UPDATE engine_settings SET body = 'x'",
        "DELETE FROM engine_settings",
    ] {
        assert!(connection.execute_batch(change).is_err(), "{change}");
    }
}

/// A customer's message and an entry from before, then all steps: a pick names both, and cannot be
/// rewritten.
#[test]
fn picks_come_to_a_database_that_has_rows() {
    let dir = tempfile::tempdir().unwrap();
    let mut connection = unlocked(&dir.path().join("old.db"), &Key32::new([7; 32])).unwrap();
    Migrations::from_slice(MIGRATIONS)
        .to_version(&mut connection, 1)
        .unwrap();
    connection
        .execute_batch(
            "INSERT INTO skill_group VALUES (1, x'01', '售后', '[]', 1);
             INSERT INTO inbox VALUES (1, x'02', 'web', 'k', '网页', x'01');
             INSERT INTO contact VALUES (1, x'03', 1, 1, '{}');
             INSERT INTO conversation
               (tenant, id, number, inbox, contact, grp, status, handler, priority, rev, body)
             VALUES (1, x'04', 1, x'02', x'03', x'01', 'open', 'bot', 1, 1, '{}');
             INSERT INTO message VALUES (1, x'05', x'04', x'03', 1, 1, 'customer', NULL, 'sent', 0, 1, '{}');
             INSERT INTO faq_version VALUES (1, 'ec-001', 1, '商城', 0, x'00', '{}');
             INSERT INTO faq_entry VALUES (1, 'ec-001', 1);",
        )
        .unwrap();
    Migrations::from_slice(MIGRATIONS)
        .to_latest(&mut connection)
        .unwrap();
    let pick = |n: u32, message: &str, agent: &str| {
        connection.execute_batch(&format!(
            "INSERT INTO pick VALUES (1, {n}, x'04', {message}, 'ec-001', 1, '{{}}', 1000, {agent}, NULL, 0)"
        ))
    };
    assert!(pick(1, "x'05'", "x'06'").is_ok());
    for (n, message, agent, why) in [
        (1, "x'05'", "x'06'", "the number is used"),
        (2, "x'99'", "x'06'", "there is no such message"),
        (2, "x'05'", "NULL", "nobody picked"),
    ] {
        assert!(pick(n, message, agent).is_err(), "{why}");
    }
    let rewritten = connection.execute_batch("UPDATE pick SET weight = 0");
    assert!(rewritten.is_err());
    let kept: i64 = connection
        .query_row("SELECT count(*) FROM message", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, 1);
}

/// A group, an agent, an inbox and a waiting conversation from before, then all steps: what was there
/// routes as it did, and the new columns take what is new.
#[test]
fn routing_comes_to_a_database_that_has_rows() {
    let dir = tempfile::tempdir().unwrap();
    let mut connection = unlocked(&dir.path().join("old.db"), &Key32::new([7; 32])).unwrap();
    Migrations::from_slice(MIGRATIONS)
        .to_version(&mut connection, 4)
        .unwrap();
    connection
        .execute_batch(
            "INSERT INTO skill_group VALUES (1, x'01', '售后', '[]', 1);
             INSERT INTO agent VALUES (1, x'06', 'wang', '王', 'agent', 'online', 5, 1, '', 1, 0);
             INSERT INTO inbox VALUES (1, x'02', 'web', 'k', '网页', x'01');
             INSERT INTO contact VALUES (1, x'03', 1, 1, '{}');
             INSERT INTO conversation
               (tenant, id, number, inbox, contact, grp, status, handler, priority, rev, body)
             VALUES (1, x'04', 1, x'02', x'03', x'01', 'open', 'queue', 1, 1, '{}');",
        )
        .unwrap();
    Migrations::from_slice(MIGRATIONS)
        .to_latest(&mut connection)
        .unwrap();
    let kept: (String, String, String, Option<i64>) = connection
        .query_row(
            "SELECT g.assign, a.capacities, a.skills, c.due_at
             FROM skill_group g, agent a, conversation c",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .unwrap();
    let pick = serde_json::to_string(&lt_model::routing::Assign::Pick).unwrap();
    assert_eq!(kept, (pick, "[]".to_owned(), "[]".to_owned(), None));
    let assignment = |conversation: &str| {
        connection.execute_batch(&format!(
            "INSERT INTO assignment (tenant, id, conversation, contact, grp, agent, reason, why)
             VALUES (1, x'07', {conversation}, x'03', x'01', x'06', 'auto', '[]')"
        ))
    };
    assert!(
        assignment("x'99'").is_err(),
        "there is no such conversation"
    );
    assignment("x'04'").unwrap();
}

/// Conversations from before anybody was merged: each is a part of the history of who began it.
#[test]
fn people_come_to_a_database_that_has_rows() {
    let dir = tempfile::tempdir().unwrap();
    let mut connection = unlocked(&dir.path().join("old.db"), &Key32::new([7; 32])).unwrap();
    Migrations::from_slice(MIGRATIONS)
        .to_version(&mut connection, 7)
        .unwrap();
    connection
        .execute_batch(
            "INSERT INTO skill_group (tenant, id, name, categories, rev) VALUES (1, x'01', '售后', '[]', 1);
             INSERT INTO inbox (tenant, id, kind, public_key, name, grp) VALUES (1, x'02', 'web', 'k', '网页', x'01');
             INSERT INTO contact VALUES (1, x'03', 1, 1, '{}');
             INSERT INTO conversation
               (tenant, id, number, inbox, contact, grp, status, handler, priority, rev, body)
             VALUES (1, x'04', 1, x'02', x'03', x'01', 'open', 'queue', 1, 1, '{}');",
        )
        .unwrap();
    Migrations::from_slice(MIGRATIONS)
        .to_latest(&mut connection)
        .unwrap();
    let person: Vec<u8> = connection
        .query_row("SELECT person FROM conversation", [], |row| row.get(0))
        .unwrap();
    assert_eq!(person, [3]);
    let whisper = |conversation: &str| {
        connection.execute_batch(&format!(
            "INSERT INTO whisper VALUES (1, x'08', {conversation}, x'06', 5, 1, '{{}}')"
        ))
    };
    assert!(whisper("x'99'").is_err(), "there is no such conversation");
    whisper("x'04'").unwrap();
}

/// Groups and sources of messages from before desks were told of limits and calendars.
#[test]
fn limits_come_to_a_database_that_has_rows() {
    let dir = tempfile::tempdir().unwrap();
    let mut connection = unlocked(&dir.path().join("old.db"), &Key32::new([7; 32])).unwrap();
    Migrations::from_slice(MIGRATIONS)
        .to_version(&mut connection, 7)
        .unwrap();
    connection
        .execute_batch(
            "INSERT INTO skill_group (tenant, id, name, categories, rev) VALUES (1, x'01', '售后', '[]', 1);
             INSERT INTO inbox (tenant, id, kind, public_key, name, grp) VALUES (1, x'02', 'web', 'k', '网页', x'01');",
        )
        .unwrap();
    Migrations::from_slice(MIGRATIONS)
        .to_latest(&mut connection)
        .unwrap();
    let kept: (String, String, i64, i64) = connection
        .query_row(
            "SELECT g.assign, g.capacities, g.return_after, i.rev FROM skill_group g, inbox i",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .unwrap();
    let pick = r#"{"kind":"pick"}"#.to_owned();
    assert_eq!(
        kept,
        (pick, "[]".to_owned(), 300_000, 0),
        "as it was, and not told yet"
    );
}

/// A database from before there were surveys: nobody is asked about what ended in it.
#[test]
fn surveys_come_to_a_database_that_has_rows() {
    let dir = tempfile::tempdir().unwrap();
    let mut connection = unlocked(&dir.path().join("old.db"), &Key32::new([7; 32])).unwrap();
    Migrations::from_slice(MIGRATIONS)
        .to_version(&mut connection, 10)
        .unwrap();
    connection
        .execute_batch(
            "INSERT INTO skill_group (tenant, id, name, categories, rev) VALUES (1, x'01', '售后', '[]', 1);
             INSERT INTO inbox (tenant, id, kind, public_key, name, grp) VALUES (1, x'02', 'web', 'k', '网页', x'01');
             INSERT INTO audit_head (tenant, n, hash) VALUES (1, 41, x'00');",
        )
        .unwrap();
    Migrations::from_slice(MIGRATIONS)
        .to_latest(&mut connection)
        .unwrap();
    let kept: (String, i64) = connection
        .query_row(
            "SELECT i.survey, c.n FROM inbox i, counter c WHERE c.name = 'survey_read'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!(kept, (String::new(), 41));
    let survey = "INSERT INTO survey (tenant, id, conversation, contact, person, resolved_at,
         asked_at, rev, body) VALUES (1, x'08', x'99', x'03', x'03', 1, 2, 1, '{}')";
    assert!(
        connection.execute_batch(survey).is_err(),
        "there is no such conversation"
    );
}

/// A database from before conversations were sampled: what ended in it is not.
#[test]
fn quality_comes_to_a_database_that_has_rows() {
    let dir = tempfile::tempdir().unwrap();
    let mut connection = unlocked(&dir.path().join("old.db"), &Key32::new([7; 32])).unwrap();
    Migrations::from_slice(MIGRATIONS)
        .to_version(&mut connection, 14)
        .unwrap();
    connection
        .execute_batch("INSERT INTO audit_head (tenant, n, hash) VALUES (1, 41, x'00');")
        .unwrap();
    Migrations::from_slice(MIGRATIONS)
        .to_latest(&mut connection)
        .unwrap();
    let places: (i64, i64) = connection
        .query_row(
            "SELECT a.n, b.n FROM counter a, counter b
             WHERE a.name = 'quality_ends' AND b.name = 'quality_marks'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!(places, (41, 41));
    let review = "INSERT INTO qa_review (tenant, id, conversation, rev, body)
         VALUES (1, x'08', x'99', 1, '{}')";
    assert!(
        connection.execute_batch(review).is_err(),
        "there is no such conversation"
    );
}

/// A database from before surges were looked for: what was before counts for nothing.
#[test]
fn surges_are_looked_for_from_where_a_database_is() {
    let dir = tempfile::tempdir().unwrap();
    let mut connection = unlocked(&dir.path().join("old.db"), &Key32::new([7; 32])).unwrap();
    Migrations::from_slice(MIGRATIONS)
        .to_version(&mut connection, 13)
        .unwrap();
    connection
        .execute_batch("INSERT INTO audit_head (tenant, n, hash) VALUES (1, 41, x'00');")
        .unwrap();
    Migrations::from_slice(MIGRATIONS)
        .to_latest(&mut connection)
        .unwrap();
    let place: i64 = connection
        .query_row(
            "SELECT n FROM counter WHERE name = 'surge_read'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(place, 41);
}

/// Numbers of the steps, in their order: this back end has none of those that are about pages.
#[cfg(feature = "raw")]
const STEPS: [i64; 18] = [
    1, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 18, 19, 20, 21, 22,
];

#[cfg(feature = "raw")]
#[test]
fn each_step_comes_to_a_database_that_has_rows() {
    let dir = tempfile::tempdir().unwrap();
    for former in crate::former::ALL {
        let path = dir.path().join(format!("{}.db", former.name));
        let mut connection = unlocked(&path, &Key32::new([7; 32])).unwrap();
        let n_steps = STEPS.iter().filter(|step| **step <= former.last).count();
        Migrations::from_slice(MIGRATIONS)
            .to_version(&mut connection, n_steps)
            .unwrap();
        for rows in former.rows() {
            connection.execute_batch(rows).unwrap();
        }
        Migrations::from_slice(MIGRATIONS)
            .to_latest(&mut connection)
            .unwrap();
        for (sql, expected) in former.says {
            let said: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
            assert_eq!(said, *expected, "{}: {sql}", former.name);
        }
        former.check(|sql| {
            let done = connection.execute_batch(sql);
            done.map_err(|error| error.to_string())
        });
    }
}
