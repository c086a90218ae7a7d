//! Where log lines go: a redacted file in the data directory, bounded in size.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// Size at which a log file is set aside, in bytes.
const ROTATE_AT_BYTES: u64 = 10 * 1024 * 1024;
/// Files that are kept, the current one included.
const KEPT_FILES: usize = 7;

/// A log file that finds personal data in every line and replaces it: the second line of defence
/// behind types that do not print themselves. Clones write to the same file.
#[derive(Clone)]
pub struct RedactedFile {
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    path: PathBuf,
    file: File,
    size_bytes: u64,
}

impl RedactedFile {
    /// Opens `desk.log` in `dir`, which is created where it is missing, for this user only.
    ///
    /// # Errors
    /// When the directory or the file cannot be written.
    pub fn open(dir: &Path) -> io::Result<Self> {
        fs::create_dir_all(dir)?;
        let path = dir.join("desk.log");
        let file = private(&path)?;
        let size_bytes = file.metadata()?.len();
        Ok(Self {
            inner: Arc::new(Mutex::new(Inner {
                path,
                file,
                size_bytes,
            })),
        })
    }
}

impl Write for RedactedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let line = lt_guard::redact_log(&text);
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.write(line.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.file.flush()
    }
}

impl Inner {
    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        if self.size_bytes >= ROTATE_AT_BYTES {
            self.rotate()?;
        }
        self.file.write_all(line)?;
        self.size_bytes += line.len() as u64;
        Ok(())
    }

    /// `desk.log` becomes `desk.log.1`, and so on; the oldest goes.
    fn rotate(&mut self) -> io::Result<()> {
        let numbered = |n: usize| self.path.with_extension(format!("log.{n}"));
        for n in (1..KEPT_FILES - 1).rev() {
            if numbered(n).exists() {
                fs::rename(numbered(n), numbered(n + 1))?;
            }
        }
        fs::rename(&self.path, numbered(1))?;
        self.file = private(&self.path)?;
        self.size_bytes = 0;
        Ok(())
    }
}

fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_redacted_and_files_turn_over() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = RedactedFile::open(dir.path()).unwrap();
        log.write_all("来电 13812345678，重试\n".as_bytes())
            .unwrap();
        log.inner.lock().unwrap().size_bytes = ROTATE_AT_BYTES;
        log.write_all(b"after\n").unwrap();
        let old = fs::read_to_string(dir.path().join("desk.log.1")).unwrap();
        let new = fs::read_to_string(dir.path().join("desk.log")).unwrap();
        assert!(
            old.contains("重试") && !old.contains("13812345678"),
            "{old}"
        );
        assert_eq!(new, "after\n");
    }
}
