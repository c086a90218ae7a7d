//! A directory for the search library whose files are all sealed.
//!
//! Each file is an [`lt_seal::stream`] file bound to its name, so that files can be neither read,
//! altered, cut nor swapped. A file is opened whole: all of it is authentic before the library sees
//! a byte, so that no read fails later. What is not noticed is a roll-back of the whole folder to
//! an older state, which the owner of an index notices by what it stored with the last commit.
//!
//! The lock files are the only ones in clear; they are empty.

mod files;
mod lock;

use std::collections::HashMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use lt_seal::Key32;
use lt_seal::stream::{CHUNK_BYTES, ChunkWriter, open_chunks, seal_chunks};
use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, DirectoryLock, FileHandle, Lock, OwnedBytes, TerminatingWrite, WatchCallback,
    WatchCallbackList, WatchHandle, WritePtr,
};

/// The file whose change means a new commit.
const META_FILE: &str = "meta.json";

/// A folder of sealed index files.
#[derive(Clone)]
pub struct SealedDirectory {
    inner: Arc<Inner>,
}

struct Inner {
    root: PathBuf,
    master: Key32,
    watchers: WatchCallbackList,
    /// Plaintext that some reader still holds; reloading after a commit opens most files again.
    in_use: Mutex<HashMap<PathBuf, Weak<[u8]>>>,
    /// One atomic write at a time, so that its temporary file has a fixed name.
    replacing: Mutex<()>,
}

impl SealedDirectory {
    /// Opens the folder, making it if need be. `master` seals nothing itself: each file has a key
    /// of its own below it.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(root: &Path, master: Key32) -> io::Result<Self> {
        fs::create_dir_all(root)?;
        let inner = Inner {
            root: root.to_owned(),
            master,
            watchers: WatchCallbackList::default(),
            in_use: Mutex::default(),
            replacing: Mutex::default(),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Deletes the index files of the folder and nothing else. For an index that will be rebuilt;
    /// the caller holds the writer's lock.
    ///
    /// # Errors
    /// When a file cannot be deleted.
    pub fn wipe(&self) -> io::Result<()> {
        locked(&self.inner.in_use).clear();
        for entry in fs::read_dir(&self.inner.root)? {
            let entry = entry?;
            if entry.file_type()?.is_file() && files::is_index_file(&entry.file_name()) {
                fs::remove_file(entry.path())?;
            }
        }
        self.sync_directory()
    }

    /// Keeps bytes beside the index, sealed like its files; whole or not at all.
    ///
    /// # Errors
    /// When the name is no plain file name or the file cannot be written.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.replace(Path::new(name), bytes)
    }

    /// What was kept under a name; `None` where there is nothing or it does not authenticate.
    #[must_use]
    pub fn kept(&self, name: &str) -> Option<Vec<u8>> {
        self.read_unshared(Path::new(name)).ok()
    }

    fn read(&self, path: &Path) -> Result<Arc<[u8]>, OpenReadError> {
        if let Some(plain) = locked(&self.inner.in_use).get(path).and_then(Weak::upgrade) {
            return Ok(plain);
        }
        let plain = self.read_unshared(path)?;
        let plain: Arc<[u8]> = Arc::from(plain);
        let mut in_use = locked(&self.inner.in_use);
        in_use.retain(|_, held| held.strong_count() > 0);
        in_use.insert(path.to_owned(), Arc::downgrade(&plain));
        Ok(plain)
    }

    fn read_unshared(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let failed = |error| OpenReadError::wrap_io_error(error, path.to_owned());
        let sealed = fs::read(self.place(path).map_err(failed)?).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                OpenReadError::FileDoesNotExist(path.to_owned())
            } else {
                failed(error)
            }
        })?;
        open_chunks(&self.inner.master, &context(path), &sealed)
            .map_err(|error| failed(error.into()))
    }

    /// Where a file lies. The library names plain files only; anything else is refused.
    fn place(&self, path: &Path) -> io::Result<PathBuf> {
        if path.file_name().is_some_and(|name| Path::new(name) == path) {
            Ok(self.inner.root.join(path))
        } else {
            Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "not a plain file name",
            ))
        }
    }

    fn replace(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        let target = self.place(path)?;
        let sealed = seal_chunks(&self.inner.master, &context(path), data)?;
        let temporary = target.with_file_name(files::temporary_name(path));
        let _one_at_a_time = locked(&self.inner.replacing);
        let mut file = File::create(&temporary)?;
        file.write_all(&sealed)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&temporary, &target)?;
        locked(&self.inner.in_use).remove(path);
        self.sync_directory()
    }
}

impl fmt::Debug for SealedDirectory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SealedDirectory")
            .finish_non_exhaustive()
    }
}

impl Directory for SealedDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        Ok(Arc::new(OwnedBytes::new(self.read(path)?)))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        let failed = |error| DeleteError::IoError {
            io_error: Arc::new(error),
            filepath: path.to_owned(),
        };
        locked(&self.inner.in_use).remove(path);
        fs::remove_file(self.place(path).map_err(failed)?).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                DeleteError::FileDoesNotExist(path.to_owned())
            } else {
                failed(error)
            }
        })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.place(path)
            .and_then(|place| place.try_exists())
            .map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let failed = |error| OpenWriteError::wrap_io_error(error, path.to_owned());
        let place = self.place(path).map_err(failed)?;
        let file = File::create_new(place).map_err(|error| {
            if error.kind() == io::ErrorKind::AlreadyExists {
                OpenWriteError::FileAlreadyExists(path.to_owned())
            } else {
                failed(error)
            }
        })?;
        let writer = ChunkWriter::new(&self.inner.master, &context(path), CHUNK_BYTES, file)
            .map_err(|error| failed(error.into()))?;
        Ok(BufWriter::new(Box::new(SealedWriter(writer))))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.read_unshared(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.replace(path, data)?;
        if path == Path::new(META_FILE) {
            // Watchers run on a thread of their own; nobody here waits for them.
            drop(self.inner.watchers.broadcast());
        }
        Ok(())
    }

    fn sync_directory(&self) -> io::Result<()> {
        files::sync_directory(&self.inner.root)
    }

    fn acquire_lock(&self, wanted: &Lock) -> Result<DirectoryLock, LockError> {
        let place = self
            .place(&wanted.filepath)
            .map_err(LockError::wrap_io_error)?;
        lock::acquire(&place, wanted.is_blocking)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(self.inner.watchers.subscribe(callback))
    }
}

/// A file being written. Until it is terminated its last chunk is missing, so that an interrupted
/// write leaves a file that does not open.
struct SealedWriter(ChunkWriter<File>);

impl Write for SealedWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl TerminatingWrite for SealedWriter {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        self.0.finish()?;
        self.0.get_mut().sync_data()
    }
}

/// What binds a file to its place.
fn context(path: &Path) -> String {
    format!("index/{}", path.to_string_lossy())
}

/// The guarded maps stay whole whatever happens to a holder, so poison is no reason to fail.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
