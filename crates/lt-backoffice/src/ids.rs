//! Ids that the server makes: UUIDv7 of the act's time.

use uuid::{Builder, Uuid};

use lt_model::Millis;
use lt_seal::random_bytes;

use crate::error::Error;

pub(crate) fn new<T: From<Uuid>>(now: Millis) -> Result<T, Error> {
    let random = random_bytes::<10>()?;
    let millis = u64::try_from(now).unwrap_or_default();
    Ok(T::from(
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid(),
    ))
}
