//! Errors of the layers below, as codes that a window acts on.

use lt_model::{
    canned::CannedError, contact::merge::MergeError, conversation::Illegal, message::TextError,
    properties::PatchError,
};
use lt_protocol::code::{Code, WireError};
use lt_store::{StoreError, keys::KeysError};
use lt_sync::SyncError;
use uuid::Uuid;

/// A store's error as it crosses to the window.
#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
pub(crate) fn wire(error: StoreError) -> WireError {
    WireError::new(store_code(&error), error.to_string())
}

fn store_code(error: &StoreError) -> Code {
    match error {
        StoreError::WrongKey | StoreError::Damaged(_) => Code::StoreDamaged,
        StoreError::InUse => Code::InUse,
        StoreError::Full | StoreError::Io(_) => Code::Storage,
        StoreError::TooNew => Code::UpgradeRequired,
        StoreError::NoAccount => Code::SignedOut,
        StoreError::OtherAccount => Code::Taken,
        StoreError::Forbidden => Code::Forbidden,
        StoreError::NotFound(_) => Code::NotFound,
        StoreError::Illegal(illegal) => illegal_code(illegal),
        StoreError::TooMany => Code::TooLarge,
        StoreError::Text(TextError::Empty) => Code::Empty,
        StoreError::Text(TextError::TooLong { .. }) => Code::TooLarge,
        StoreError::Patch(PatchError::Empty) => Code::Empty,
        StoreError::Patch(PatchError::TooLong) => Code::TooLarge,
        StoreError::Canned(CannedError::Empty) => Code::Empty,
        StoreError::Canned(CannedError::TooLong) => Code::TooLarge,
        StoreError::Canned(CannedError::Shortcode) => Code::BadRequest,
        StoreError::AlertRule(_) | StoreError::QaForm(_) | StoreError::QaRule(_) => {
            Code::BadRequest
        }
        StoreError::Quality(why) => lt_protocol::quality::code_of(*why),
        StoreError::Ticket(illegal) => lt_protocol::ticket::code_of(illegal),
        StoreError::Merge(why) => merge_code(*why),
        StoreError::NotRefused | StoreError::TooLate => Code::IllegalState,
        StoreError::OutOfStep { .. }
        | StoreError::Broken(_)
        | StoreError::Unreadable(_)
        | StoreError::Seal(_)
        | StoreError::Sql(_) => Code::Internal,
    }
}

/// What is wrong with an archive, where that is it.
fn archive_code(error: &StoreError) -> Option<Code> {
    use lt_seal::Error;
    match error {
        StoreError::Seal(Error::WrongSecret) => Some(Code::WrongPassphrase),
        StoreError::Seal(
            Error::Archive(_)
            | Error::Malformed(_)
            | Error::NoSuchSlot
            | Error::OutOfRange(_)
            | Error::UnknownVersion(_),
        ) => Some(Code::BadBackup),
        StoreError::Io(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Some(Code::NotFound)
        }
        _ => None,
    }
}

/// An error of making or reading an archive as it crosses to the window.
#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
pub(crate) fn wire_archive(error: StoreError) -> WireError {
    let code = archive_code(&error).unwrap_or_else(|| store_code(&error));
    WireError::new(code, error.to_string())
}

fn merge_code(why: MergeError) -> Code {
    match why {
        MergeError::Same => Code::BadRequest,
        MergeError::Merged => Code::MergedMeanwhile,
        MergeError::TooMany => Code::TooLarge,
        MergeError::NotMerged => Code::ChangedMeanwhile,
        MergeError::TooLate => Code::IllegalState,
    }
}

fn illegal_code(illegal: &Illegal) -> Code {
    match illegal {
        Illegal::HeldBy(_) | Illegal::OfferedTo(_) => Code::HeldByOther,
        Illegal::State(_) | Illegal::NoOffer => Code::IllegalState,
        Illegal::Stale { .. } => Code::StaleReply,
        Illegal::TooManyTags => Code::TooLarge,
    }
}

/// A key ring's error as it crosses to the window.
#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
pub(crate) fn wire_keys(error: KeysError) -> WireError {
    let code = match &error {
        KeysError::NeedsPassphrase => Code::NeedsPassphrase,
        KeysError::ShortPassphrase => Code::BadRequest,
        KeysError::WrongPassphrase => Code::WrongPassphrase,
        KeysError::KeychainForgot | KeysError::Keychain(_) | KeysError::NoKeyFile => Code::Locked,
        KeysError::NoShare => Code::NoShare,
        // It is whole, and made by a later build: nothing to throw away.
        KeysError::KeyFile(lt_seal::Error::UnknownVersion(_)) => Code::UpgradeRequired,
        KeysError::KeyFile(_) => Code::StoreDamaged,
        KeysError::Unsent => Code::Unsent,
        KeysError::InUse => Code::InUse,
        KeysError::Io(_) => Code::Storage,
        KeysError::AlreadyThere | KeysError::Unsettled => Code::IllegalState,
        KeysError::Store(error) => archive_code(error).unwrap_or_else(|| store_code(error)),
    };
    WireError::new(code, error.to_string())
}

/// An error between desktop and server as it crosses to the window. The server's own code is kept.
#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
pub(crate) fn wire_sync(error: SyncError) -> WireError {
    WireError::new(error.code(), error.to_string())
}

/// Gives an error its trace id and logs it, once, at the boundary. What is a state of the desk
/// rather than a fault of the program is no error in the log.
pub(crate) fn logged(command: &str, mut error: WireError) -> WireError {
    error.trace_id = Uuid::now_v7().to_string();
    let WireError {
        code,
        message,
        trace_id,
        ..
    } = &error;
    match code {
        Code::Internal | Code::Storage | Code::StoreDamaged => {
            tracing::error!(command, ?code, message, trace_id, "a command failed");
        }
        _ => tracing::info!(command, ?code, message, trace_id, "a command was refused"),
    }
    error
}

#[cfg(test)]
mod tests {
    use lt_seal::Error;

    use super::*;

    #[test]
    fn a_key_file_of_a_later_build_is_not_damaged() {
        for (error, expected) in [
            (Error::UnknownVersion(9), Code::UpgradeRequired),
            (Error::DamagedFile("checksum"), Code::StoreDamaged),
        ] {
            assert_eq!(wire_keys(KeysError::KeyFile(error)).code, expected);
        }
    }
}
