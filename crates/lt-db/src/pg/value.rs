//! Values as PostgreSQL has them. A sealed text begins with [`SEALED`], which no other text does.

use std::error::Error;

use bytes::BytesMut;
use postgres::{
    Row as PgRow,
    types::{FromSql, IsNull, ToSql, Type, to_sql_checked},
};

use lt_seal::{
    Key32,
    aead::{open, seal},
    encode::{base64url_decode, base64url_encode},
};

use crate::{
    error::{DbError, Result},
    value::{Row, Value},
};

/// First character of a sealed text; then its seal as base64url.
const SEALED: char = '\u{1}';
/// What the seal covers besides the text.
const AAD: &[u8] = b"lingtai/pg-body/v1";

/// First bytes of sealed bytes: no id and no hash begins so.
const SEALED_BYTES: &[u8] = b"lingtai/sealed-bytes/v1\0";
/// What their seal covers besides them.
const AAD_BYTES: &[u8] = b"lingtai/pg-bytes/v1";

/// A value on its way into a statement.
pub(super) struct Bound<'v> {
    pub(super) value: &'v Value,
    pub(super) key: &'v Key32,
}

// Says nothing of what it holds.
impl std::fmt::Debug for Bound<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.value {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(number) => match *ty {
                Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
                _ => number.to_sql(ty, out),
            },
            Value::Text(text) => text.to_sql(ty, out),
            Value::Sealed(text) => {
                let sealed = seal(self.key, AAD, text.as_bytes())?;
                format!("{SEALED}{}", base64url_encode(&sealed)).to_sql(ty, out)
            }
            Value::SealedBytes(bytes) => {
                let mut sealed = SEALED_BYTES.to_vec();
                sealed.extend(seal(self.key, AAD_BYTES, bytes)?);
                sealed.to_sql(ty, out)
            }
            Value::Blob(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// The values of a row.
pub(super) fn read(row: &PgRow, key: &Key32) -> Result<Row> {
    let mut values = Vec::with_capacity(row.len());
    for column_idx in 0..row.len() {
        let value: Read = row.try_get(column_idx)?;
        values.push(match value.0 {
            Value::Text(text) if text.starts_with(SEALED) => Value::Text(unsealed(&text, key)?),
            Value::Blob(bytes) => match bytes.strip_prefix(SEALED_BYTES) {
                Some(sealed) => {
                    Value::Blob(open(key, AAD_BYTES, sealed).map_err(|_| DbError::WrongKey)?)
                }
                None => Value::Blob(bytes),
            },
            value => value,
        });
    }
    Ok(Row(values))
}

fn unsealed(text: &str, key: &Key32) -> Result<String> {
    let sealed = text.trim_start_matches(SEALED);
    base64url_decode(sealed)
        .and_then(|sealed| open(key, AAD, &sealed))
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or(DbError::WrongKey)
}

struct Read(Value);

impl<'a> FromSql<'a> for Read {
    fn from_sql(
        ty: &Type,
        raw: &'a [u8],
    ) -> std::result::Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(match *ty {
            Type::INT8 => Value::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Value::Int(i32::from_sql(ty, raw)?.into()),
            Type::BOOL => Value::Int(bool::from_sql(ty, raw)?.into()),
            Type::BYTEA => Value::Blob(raw.to_vec()),
            _ => Value::Text(String::from_sql(ty, raw)?),
        }))
    }

    fn from_sql_null(_: &Type) -> std::result::Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(Value::Null))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::INT8 | Type::INT4 | Type::BOOL | Type::BYTEA | Type::TEXT | Type::VARCHAR
        )
    }
}
