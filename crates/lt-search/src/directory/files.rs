//! Names of index files, and making a rename durable.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

/// The name under which a file is written before it replaces the old one.
pub(super) fn temporary_name(path: &Path) -> OsString {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".tmp");
    name
}

/// Whether the search library or this directory made a file of this name, locks excepted.
///
/// Segment files are named by 32 hexadecimal digits and an ending.
pub(super) fn is_index_file(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else {
        return false;
    };
    let is_segment = name.split_once('.').is_some_and(|(stem, _)| {
        stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    is_segment
        || matches!(
            name,
            "meta.json" | ".managed.json" | ".meta.json.tmp" | "..managed.json.tmp"
        )
}

/// Makes what happened to the folder's entries durable.
#[cfg(unix)]
pub(super) fn sync_directory(root: &Path) -> io::Result<()> {
    std::fs::File::open(root)?.sync_all()
}

/// Windows offers no handle of a folder to sync; its file system journals renames itself.
#[cfg(not(unix))]
pub(super) fn sync_directory(_root: &Path) -> io::Result<()> {
    Ok(())
}
