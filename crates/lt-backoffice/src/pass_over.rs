//! One row that cannot be handled keeps no other row from its turn.

use std::{
    collections::HashMap,
    fmt::Display,
    sync::{Mutex, MutexGuard, PoisonError},
};

use lt_db::DbError;

use crate::error::Error;

/// Rows that are remembered; more than these are passed over without a word.
const MAX_REMEMBERED: usize = 10_000;

/// Rows that were passed over last time, by what was done with them and id, each with what was wrong.
/// They come up again each second, and are worth one line of the log.
static PASSED_OVER: Mutex<Option<Rows>> = Mutex::new(None);

type Rows = HashMap<(&'static str, String), String>;

/// What came of one row of many. One that fails is logged, by its id, and passed over: none. What is
/// wrong with the store as a whole is no row's fault, and stays an error.
pub(crate) fn passed_over<T>(
    what: &'static str,
    id: impl Display,
    done: Result<T, Error>,
) -> Result<Option<T>, Error> {
    match done {
        Ok(value) => {
            forget(what, id);
            Ok(Some(value))
        }
        Err(error) if is_of_all(&error) => Err(error),
        Err(error) => {
            let id = id.to_string();
            // No error of these says what stands in a row.
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            if let Some(n_rows) = remember((what, id.clone()), format!("{error}: {cause:?}")) {
                tracing::error!(what, id, %error, cause, n_rows, "passed over by the clock");
            }
            Ok(None)
        }
    }
}

fn rows() -> MutexGuard<'static, Option<Rows>> {
    PASSED_OVER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many rows there are of the kind, where the same was not told of this one before.
fn remember(row: (&'static str, String), wrong: String) -> Option<usize> {
    let mut rows = rows();
    let rows = rows.get_or_insert_default();
    if rows.get(&row) == Some(&wrong) || rows.len() >= MAX_REMEMBERED {
        return None;
    }
    let what = row.0;
    rows.insert(row, wrong);
    Some(rows.keys().filter(|(of, _)| *of == what).count())
}

/// A row that can be handled again is told of anew when it cannot.
fn forget(what: &'static str, id: impl Display) {
    if let Some(rows) = rows().as_mut().filter(|rows| !rows.is_empty()) {
        rows.remove(&(what, id.to_string()));
    }
}

fn is_of_all(error: &Error) -> bool {
    matches!(
        error,
        Error::Db(
            DbError::Unavailable(_)
                | DbError::Full
                | DbError::InUse
                | DbError::ReadOnly
                | DbError::WrongKey
                | DbError::Emptied { .. }
                | DbError::Newer
        )
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_told_of_once_while_the_same_is_wrong() {
        let row = |id: &str| ("test: told", id.to_owned());
        let wrong = |what: &str| what.to_owned();
        assert_eq!(remember(row("1"), wrong("shape")), Some(1));
        assert_eq!(remember(row("1"), wrong("shape")), None);
        assert_eq!(remember(row("2"), wrong("shape")), Some(2));
        assert_eq!(remember(row("1"), wrong("other")), Some(2));
        let bad = Err::<(), _>(Error::Db(DbError::Shape("test")));
        assert_eq!(passed_over("test: told", "1", bad).unwrap(), None);
        assert_eq!(passed_over("test: told", "1", Ok(7)).unwrap(), Some(7));
        // It was right in between.
        assert_eq!(remember(row("1"), wrong("shape")), Some(2));
        let all = Err::<(), _>(Error::Db(DbError::Full));
        assert!(passed_over("test: told", "1", all).is_err());
    }
}
