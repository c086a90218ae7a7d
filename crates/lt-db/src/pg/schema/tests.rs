#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use postgres::NoTls;

use super::*;
use crate::{
    former::{self, Former},
    scratch::Scratch,
};

/// A database that stopped at a former step, with rows in it.
fn made(former: &Former) -> Option<(Scratch, Client)> {
    let scratch = Scratch::new()?;
    let mut client = Client::connect(scratch.url(), NoTls).unwrap();
    migrate_to(&mut client, former.last).unwrap();
    for rows in former.rows() {
        client.batch_execute(&in_own_words(rows)).unwrap();
    }
    Some((scratch, client))
}

/// Bytes are written in another way here. No word of a row may end in an x.
fn in_own_words(sql: &str) -> String {
    sql.replace("x'", r"'\x")
}

#[test]
fn each_step_comes_to_a_database_that_has_rows() {
    for former in former::ALL {
        let Some((_scratch, mut client)) = made(former) else {
            return;
        };
        migrate(&mut client).unwrap();
        for (sql, expected) in former.says {
            let said: i64 = client.query_one(*sql, &[]).unwrap().get(0);
            assert_eq!(said, *expected, "{}: {sql}", former.name);
        }
        former.check(|sql| {
            let done = client.batch_execute(&in_own_words(sql));
            done.map_err(|error| error.to_string())
        });
        // A second time there is nothing to do.
        migrate(&mut client).unwrap();
    }
}

#[test]
fn a_database_of_a_later_version_is_left_alone() {
    let Some(scratch) = Scratch::new() else {
        return;
    };
    let mut client = Client::connect(scratch.url(), NoTls).unwrap();
    migrate(&mut client).unwrap();
    client
        .execute("INSERT INTO schema_step (n) VALUES (9000)", &[])
        .unwrap();
    assert!(matches!(migrate(&mut client), Err(DbError::Newer)));
}
