//! One row that cannot be handled keeps no other row from its turn.

use std::fmt::Display;

use lt_db::DbError;

use crate::error::Error;

/// What came of one row of many. One that fails is logged, by its id, and passed over: none. What is
/// wrong with the store as a whole is no row's fault, and stays an error.
pub(crate) fn passed_over<T>(
    what: &'static str,
    id: impl Display,
    done: Result<T, Error>,
) -> Result<Option<T>, Error> {
    match done {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_of_all(&error) => Err(error),
        Err(error) => {
            // No error of these says what stands in a row.
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::error!(what, %id, %error, cause, "passed over by the clock");
            Ok(None)
        }
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
