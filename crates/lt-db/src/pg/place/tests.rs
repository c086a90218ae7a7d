#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use super::*;
use crate::scratch::Scratch;

/// What a connection says of one of its settings.
fn says(link: &PgLink, name: &str) -> String {
    let rows = link.query("SELECT current_setting($1)", &[name.into()]);
    rows.unwrap()[0].text(0).unwrap().to_owned()
}

#[test]
fn an_act_is_bounded_in_time_and_a_reader_may_take_longer() {
    let Some(scratch) = Scratch::new() else {
        return;
    };
    let place = Place::parse(scratch.url(), &Key32::new([1; 32])).unwrap();
    let (reader, writer) = (place.link().unwrap(), place.writer().unwrap());
    let limits = |link: &PgLink| {
        [
            "statement_timeout",
            "lock_timeout",
            "idle_in_transaction_session_timeout",
            "enable_seqscan",
        ]
        .map(|name| says(link, name))
    };
    assert_eq!(limits(&reader), ["1min", "30s", "15s", "off"]);
    writer.begin_write().unwrap();
    assert_eq!(limits(&writer), ["5s", "8s", "5s", "off"]);
    writer.take_long().unwrap();
    assert_eq!(says(&writer, "statement_timeout"), "1min");
    writer.run("COMMIT").unwrap();
    writer.begin_write().unwrap();
    assert_eq!(says(&writer, "statement_timeout"), "5s", "for one act only");
    writer.run("COMMIT").unwrap();
}

#[test]
fn a_standby_is_not_used_and_a_server_that_became_one_is_left() {
    let Some(scratch) = Scratch::new() else {
        return;
    };
    let place = Place::parse(scratch.url(), &Key32::new([1; 32])).unwrap();
    let link = place.writer().unwrap();
    link.run("CREATE TABLE kept (n BIGINT)").unwrap();
    // What a standby says of itself, said by a whole server.
    link.run("SET default_transaction_read_only = on").unwrap();
    let refused = link.run("INSERT INTO kept VALUES (1)");
    assert!(
        matches!(refused, Err(DbError::Unavailable(_))),
        "{refused:?}"
    );
    assert!(link.is_lost(), "another connection is made");

    let link = place.writer().unwrap();
    link.run("INSERT INTO kept VALUES (1)").unwrap();
    assert!(!link.is_lost());
    let name = scratch.url().rsplit('/').next().unwrap();
    link.run(&format!(
        "ALTER DATABASE {name} SET default_transaction_read_only = on"
    ))
    .unwrap();
    for refused in [place.link().map(drop), place.writer().map(drop)] {
        assert!(
            matches!(refused, Err(DbError::Unavailable(_))),
            "{refused:?}"
        );
    }
    assert!(matches!(place.client(), Err(DbError::Unavailable(_))));
}

#[test]
fn addresses() {
    let root = Key32::new([1; 32]);
    for (url, fits) in [
        ("postgres://a:b@127.0.0.1:5432/x", true),
        ("postgres://a:b@localhost/x?application_name=y", true),
        ("postgres://a@%2Frun%2Fpostgresql/x", true),
        ("postgres://a:b@[::1]:5432/x", true),
        ("postgres://a:b@db.example.com/x", false),
        ("postgres://a:b@10.0.0.7/x?sslmode=disable", false),
        ("postgres://a:b@10.0.0.7/x?sslrootcert=/no/such/file", false),
        ("mysql://a", false),
        ("", false),
    ] {
        assert_eq!(Place::parse(url, &root).is_ok(), fits, "{url}");
    }
    assert_eq!(
        without_root_cert("postgres://h/x?sslmode=verify-full&sslrootcert=/a&b=c"),
        ("postgres://h/x?b=c".to_owned(), Some("/a".to_owned()))
    );
}
