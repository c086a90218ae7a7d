use std::sync::mpsc;
use std::time::Duration;

use tantivy::directory::{INDEX_WRITER_LOCK, META_LOCK};
use tempfile::TempDir;

use super::*;

const MASTER: Key32 = Key32::new([0x5A; 32]);

fn open() -> (TempDir, SealedDirectory) {
    let folder = TempDir::new().unwrap();
    let directory = SealedDirectory::open(&folder.path().join("index"), MASTER).unwrap();
    (folder, directory)
}

fn write(directory: &SealedDirectory, name: &str, data: &[u8]) {
    let mut writer = directory.open_write(Path::new(name)).unwrap();
    writer.write_all(data).unwrap();
    writer.terminate().unwrap();
}

fn read(directory: &SealedDirectory, name: &str) -> Result<Vec<u8>, OpenReadError> {
    let bytes = directory.open_read(Path::new(name))?.read_bytes();
    Ok(bytes.unwrap().as_slice().to_vec())
}

#[test]
fn files_come_back_and_are_sealed_on_disk() {
    let (folder, directory) = open();
    for n_bytes in [0, 1, CHUNK_BYTES, 2 * CHUNK_BYTES + 1] {
        let name = format!("{n_bytes}.store");
        let data = vec![0x41; n_bytes];
        write(&directory, &name, &data);
        assert_eq!(read(&directory, &name).unwrap(), data);
        let stored = fs::read(folder.path().join("index").join(&name)).unwrap();
        assert_eq!(stored.first_chunk(), Some(b"LTC1"));
        assert!(!stored.windows(8).any(|window| window == [0x41; 8]));
    }
    directory
        .atomic_write(Path::new(META_FILE), b"one")
        .unwrap();
    directory
        .atomic_write(Path::new(META_FILE), b"two")
        .unwrap();
    assert_eq!(directory.atomic_read(Path::new(META_FILE)).unwrap(), b"two");
    assert!(!folder.path().join("index/.meta.json.tmp").exists());
}

#[test]
fn missing_and_present_files_are_reported() {
    let (_folder, directory) = open();
    let name = Path::new("a.term");
    assert!(!directory.exists(name).unwrap());
    assert!(matches!(
        directory.open_read(name),
        Err(OpenReadError::FileDoesNotExist(_))
    ));
    assert!(matches!(
        directory.atomic_read(name),
        Err(OpenReadError::FileDoesNotExist(_))
    ));
    assert!(matches!(
        directory.delete(name),
        Err(DeleteError::FileDoesNotExist(_))
    ));
    write(&directory, "a.term", b"x");
    assert!(directory.exists(name).unwrap());
    assert!(matches!(
        directory.open_write(name),
        Err(OpenWriteError::FileAlreadyExists(_))
    ));
    directory.delete(name).unwrap();
    assert!(!directory.exists(name).unwrap());
    assert!(read(&directory, "a.term").is_err());
}

#[test]
fn an_open_file_outlives_its_deletion() {
    let (_folder, directory) = open();
    write(&directory, "a.term", b"still here");
    let slice = directory.open_read(Path::new("a.term")).unwrap();
    directory.delete(Path::new("a.term")).unwrap();
    assert_eq!(slice.read_bytes().unwrap().as_slice(), b"still here");
    write(&directory, "a.term", b"another");
    assert_eq!(read(&directory, "a.term").unwrap(), b"another");
}

#[test]
fn altered_cut_and_swapped_files_are_errors() {
    let (folder, directory) = open();
    write(&directory, "a.term", b"first");
    write(&directory, "b.term", b"second");
    let place = |name: &str| folder.path().join("index").join(name);
    let sound = fs::read(place("a.term")).unwrap();
    assert_eq!(read(&directory, "a.term").unwrap(), b"first");
    for position in 0..sound.len() {
        let mut altered = sound.clone();
        altered[position] ^= 0x04;
        fs::write(place("a.term"), altered).unwrap();
        let refused = read(&directory, "a.term");
        assert!(
            matches!(refused, Err(OpenReadError::IoError { .. })),
            "byte {position}"
        );
    }
    for n_bytes in 0..sound.len() {
        fs::write(place("a.term"), &sound[..n_bytes]).unwrap();
        assert!(read(&directory, "a.term").is_err(), "cut at {n_bytes}");
    }
    fs::copy(place("b.term"), place("a.term")).unwrap();
    assert!(read(&directory, "a.term").is_err());
    assert_eq!(read(&directory, "b.term").unwrap(), b"second");

    let stranger = SealedDirectory::open(&folder.path().join("index"), Key32::new([1; 32]));
    assert!(read(&stranger.unwrap(), "b.term").is_err());
}

#[test]
fn names_stay_inside_the_folder() {
    let (folder, directory) = open();
    for name in ["../outside", "sub/file", "/etc/hostname", "..", ""] {
        let path = Path::new(name);
        assert!(directory.open_write(path).is_err(), "{name:?}");
        assert!(directory.atomic_write(path, b"x").is_err(), "{name:?}");
        assert!(directory.open_read(path).is_err(), "{name:?}");
        assert!(directory.delete(path).is_err(), "{name:?}");
    }
    assert!(!folder.path().join("outside").exists());
}

#[test]
fn locks_exclude_each_other_and_end_with_their_holder() {
    let (_folder, directory) = open();
    let again = directory.clone();
    let held = directory.acquire_lock(&INDEX_WRITER_LOCK).unwrap();
    assert!(matches!(
        again.acquire_lock(&INDEX_WRITER_LOCK),
        Err(LockError::LockBusy)
    ));
    let other = again.acquire_lock(&META_LOCK).unwrap();
    drop(held);
    drop(other);
    assert!(again.acquire_lock(&INDEX_WRITER_LOCK).is_ok());
}

#[test]
fn watchers_hear_of_commits_only() {
    let (_folder, directory) = open();
    let (sender, heard) = mpsc::channel();
    let callback = WatchCallback::new(move || sender.send(()).unwrap());
    let handle = directory.watch(callback).unwrap();
    directory
        .atomic_write(Path::new(".managed.json"), b"[]")
        .unwrap();
    directory.atomic_write(Path::new(META_FILE), b"{}").unwrap();
    heard.recv_timeout(Duration::from_secs(10)).unwrap();
    drop(handle);
    assert!(heard.try_recv().is_err());
}

#[test]
fn wiping_spares_what_is_not_the_index() {
    let (folder, directory) = open();
    let segment = "0123456789abcdef0123456789abcdef";
    for name in [format!("{segment}.term"), format!("{segment}.7.del")] {
        write(&directory, &name, b"x");
    }
    directory.atomic_write(Path::new(META_FILE), b"{}").unwrap();
    directory
        .atomic_write(Path::new(".managed.json"), b"[]")
        .unwrap();
    let root = folder.path().join("index");
    for name in ["notes.txt", "keys.json", "store.db"] {
        fs::write(root.join(name), b"mine").unwrap();
    }
    fs::create_dir(root.join("sub")).unwrap();
    directory.wipe().unwrap();
    let mut left: Vec<String> = fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["keys.json", "notes.txt", "store.db", "sub"]);
}
