//! Files that leave the sealed store, written whole or not at all: who watches the folder never
//! reads a part of one, and a full disk leaves none behind.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
    process,
    sync::atomic::{AtomicU32, Ordering},
};

/// Writes a file that only its owner reads, in place of one of its name. Makes its folder.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Two of one name may be written at once, and a name may be as long as a name can be.
    static N_WRITTEN: AtomicU32 = AtomicU32::new(0);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let n = N_WRITTEN.fetch_add(1, Ordering::Relaxed);
    let beside = path.with_file_name(format!(".lingtai-{}-{n}.part", process::id()));
    let written = fill(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // A part is of no use to anybody; what went wrong is told.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn fill(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::{fs::File, io::Read};

    use super::*;

    #[test]
    fn who_reads_a_file_reads_all_of_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("exports").join("工单.csv");
        write(&path, b"the first one").unwrap();
        let mut reader = File::open(&path).unwrap();
        write(&path, b"another").unwrap();
        let mut read = String::new();
        reader.read_to_string(&mut read).unwrap();
        assert_eq!(read, "the first one", "it is replaced, not written over");
        assert_eq!(fs::read_to_string(&path).unwrap(), "another");
    }

    #[test]
    fn one_that_cannot_be_written_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("taken");
        fs::create_dir_all(taken.join("within")).unwrap();
        assert!(write(&taken, b"new").is_err());
        let left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(left, ["taken"]);
    }
}
