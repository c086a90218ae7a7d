//! What may stand in the fields of an account.

use lt_protocol::code::Code;
use lt_seal::Secret;

use crate::error::Refused;

/// Longest name of anything that people read, in characters.
pub(crate) const MAX_NAME_CHARS: usize = 64;
const MIN_PASSWORD_CHARS: usize = 12;
const MAX_PASSWORD_CHARS: usize = 128;
const MAX_CAPACITY: u16 = 100;

/// A login name: lower case, without blanks.
pub(crate) fn account_name(typed: &str) -> Result<String, Refused> {
    let name = typed.trim().to_lowercase();
    let legal = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@');
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || !name.chars().all(legal) {
        return Err(Refused::new(Code::BadRequest, "not a login name"));
    }
    Ok(name)
}

/// A name that people read.
pub(crate) fn display_name(typed: &str) -> Result<String, Refused> {
    let name = typed.trim();
    if name.is_empty()
        || name.chars().count() > MAX_NAME_CHARS
        || name.chars().any(char::is_control)
    {
        return Err(Refused::new(Code::BadRequest, "not a name to show"));
    }
    Ok(name.to_owned())
}

/// A new password: its length counts, and that it is not the login name.
pub(crate) fn password(typed: &str, username: &str) -> Result<Secret<String>, Refused> {
    let n_chars = typed.chars().count();
    if !(MIN_PASSWORD_CHARS..=MAX_PASSWORD_CHARS).contains(&n_chars) {
        return Err(Refused::new(
            Code::BadRequest,
            "a password has 12 to 128 characters",
        ));
    }
    let mut distinct: Vec<char> = typed.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if typed.to_lowercase().contains(username) && username.chars().count() * 2 > n_chars
        || distinct.len() < 4
    {
        return Err(Refused::new(
            Code::BadRequest,
            "the password is easy to guess",
        ));
    }
    Ok(Secret::new(typed.to_owned()))
}

/// How many conversations somebody holds at most.
pub(crate) fn capacity(wished: u16) -> Result<u16, Refused> {
    if (1..=MAX_CAPACITY).contains(&wished) {
        Ok(wished)
    } else {
        Err(Refused::new(Code::BadRequest, "capacity is 1 to 100"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_names() {
        for (typed, expected) in [
            (" Wang.Xiao ", Some("wang.xiao")),
            ("王小聆", Some("王小聆")),
            ("a b", None),
            ("", None),
            ("x\u{0}", None),
            (&"长".repeat(65), None),
        ] {
            assert_eq!(account_name(typed).ok().as_deref(), expected, "{typed:?}");
        }
    }

    #[test]
    fn passwords() {
        for (typed, good) in [
            ("correct horse battery", true),
            ("十二个字的口令刚刚好啊对", true),
            ("short-one", false),
            ("aaaaaaaaaaaaaaaa", false),
            ("adminadmin01", true),
            ("superadmin-99", false),
            (&"长口令不重复".repeat(22), false),
        ] {
            let username = if typed.starts_with("super") {
                "superadmin"
            } else {
                "admin"
            };
            assert_eq!(password(typed, username).is_ok(), good, "{typed:?}");
        }
    }
}
