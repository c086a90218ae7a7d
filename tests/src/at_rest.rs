//! Searches files for texts that must not stand in them, and shows by a control that the search
//! would find them.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rusqlite::Connection;

use crate::folder::unless_gone;

/// A text that was found in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Where.
    pub file: PathBuf,
    /// Index of the text among those searched for; the text itself is not repeated.
    pub needle: usize,
    /// How it was written.
    pub encoding: Encoding,
}

/// Encodings that are searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, little endian, as Windows and web views keep text.
    Utf16,
}

/// What a search read, and what it found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Files read.
    pub files: usize,
    /// Bytes read.
    pub bytes: u64,
    /// Texts found.
    pub hits: Vec<Hit>,
}

/// Searches every file below `folder` for every text.
///
/// # Errors
/// When a file cannot be read, or `folder` holds none: a search of nothing proves nothing. A file that
/// goes while its folder is read is no error.
pub fn search(folder: &Path, needles: &[String]) -> io::Result<Report> {
    let patterns: Vec<(usize, Encoding, Vec<u8>)> = needles
        .iter()
        .enumerate()
        .flat_map(|(index, text)| {
            let utf16 = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            [
                (index, Encoding::Utf8, text.as_bytes().to_vec()),
                (index, Encoding::Utf16, utf16),
            ]
        })
        .filter(|(_, _, pattern)| !pattern.is_empty())
        .collect();
    let mut report = Report::default();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        // A running program may take what is its own away at any time.
        let Some(entries) = unless_gone(fs::read_dir(&next))? else {
            continue;
        };
        for entry in entries {
            let entry = entry?;
            let Some(kind) = unless_gone(entry.file_type())? else {
                continue;
            };
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                let Some(bytes) = unless_gone(fs::read(entry.path()))? else {
                    continue;
                };
                report.files += 1;
                report.bytes += bytes.len() as u64;
                report
                    .hits
                    .extend(found_in(&entry.path(), &bytes, &patterns));
            }
        }
    }
    if report.files == 0 {
        return Err(io::Error::new(
            io::ErrorKind::NotFound,
            "there is no file to search",
        ));
    }
    Ok(report)
}

fn found_in(file: &Path, bytes: &[u8], patterns: &[(usize, Encoding, Vec<u8>)]) -> Vec<Hit> {
    patterns
        .iter()
        .filter(|(_, _, pattern)| contains(bytes, pattern))
        .map(|(needle, encoding, _)| Hit {
            file: file.to_owned(),
            needle: *needle,
            encoding: *encoding,
        })
        .collect()
}

/// Whether `bytes` hold `pattern`: looks for its first byte, then compares.
fn contains(bytes: &[u8], pattern: &[u8]) -> bool {
    let Some(first) = pattern.first() else {
        return false;
    };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        let candidate = rest.get(at..).unwrap_or_default();
        if candidate.starts_with(pattern) {
            return true;
        }
        rest = candidate.get(1..).unwrap_or_default();
    }
    false
}

/// Writes the texts into a SQLite file without a key, as a desk without encryption would.
///
/// # Errors
/// When the file cannot be written.
pub fn write_control(folder: &Path, needles: &[String]) -> rusqlite::Result<()> {
    let connection = Connection::open(folder.join("unencrypted.db"))?;
    connection
        .execute_batch("CREATE TABLE message (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")?;
    for text in needles {
        connection.execute("INSERT INTO message (body) VALUES (?1)", [text])?;
    }
    connection.close().map_err(|(_, error)| error)
}
