//! Looks at every page of the open store, a few at a time, beside whatever else goes on.
//!
//! The pages are read from the file itself and their seals are checked without decrypting them, so
//! that neither the writer nor a reader waits. A page that is being written meanwhile may look
//! broken: it is read again while the writer is held, and counts only if it is broken then.

use std::{
    io::{Read, Seek, SeekFrom},
    sync::{
        PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use lt_model::Millis;
use lt_seal::page::{PAGE_BYTES, PageSeal, SALT_BYTES};

use crate::{Result, Store, StoreError};

/// Pages looked at in one go: a megabyte, some milliseconds.
const SLICE_PAGES: u32 = 256;
/// SQLite never writes this page: locks are held at its place.
const LOCK_PAGE: u32 = 0x4000_0000 / PAGE_BYTES as u32 + 1;

/// How far a look at every page has come.
pub struct PageCheck {
    seal: PageSeal,
    next: u32,
}

/// What came of a few pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// They are sound, and there are more.
    More {
        /// Pages looked at so far.
        done: u32,
        /// Pages there are.
        total: u32,
    },
    /// All pages are sound.
    Sound,
    /// This page is damaged: close the store and open it again, which sets the file aside.
    Damaged {
        /// Its number, from 1.
        page: u32,
    },
}

impl Store {
    /// Begins to look at every page.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the file cannot be read.
    pub fn begin_check(&self) -> Result<PageCheck> {
        let mut salt = [0; SALT_BYTES];
        let mut file = self.file();
        file.seek(SeekFrom::Start(0))?;
        file.read_exact(&mut salt)?;
        Ok(PageCheck {
            seal: PageSeal::new(self.key(), &salt),
            next: 1,
        })
    }

    /// Looks at the next few pages. Call it again while there are more, in between other work.
    /// When all are sound, that is remembered with `now`.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the file cannot be read.
    pub fn look_at_pages(&self, check: &mut PageCheck, now: Millis) -> Result<Looked> {
        let (pages, total) = self.pages(check.next, SLICE_PAGES)?;
        for page in pages.chunks_exact(PAGE_BYTES) {
            let number = check.next;
            check.next += 1;
            if number != LOCK_PAGE
                && !check.seal.is_sound(number, page)
                && self.stays_so(check, number)?
            {
                return Ok(Looked::Damaged { page: number });
            }
        }
        if pages.is_empty() || check.next > total {
            self.checked_at.store(now, Ordering::Relaxed);
            return Ok(Looked::Sound);
        }
        Ok(Looked::More {
            done: check.next - 1,
            total,
        })
    }

    /// When every page was last known to be sound: opening the store looks at all of them too.
    pub fn checked_at(&self) -> Millis {
        self.checked_at.load(Ordering::Relaxed)
    }

    /// Whether a page is broken while nobody writes. The log may hold it anew: then it is written
    /// from there first.
    fn stays_so(&self, check: &PageCheck, number: u32) -> Result<bool> {
        let writer = self.writer().lock().unwrap_or_else(PoisonError::into_inner);
        writer
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
            .map_err(StoreError::from)?;
        let (page, _) = self.pages(number, 1)?;
        // It may have been cut off meanwhile.
        Ok(!page.is_empty() && !check.seal.is_sound(number, &page))
    }

    /// So many whole pages from a number on, as far as there are, and how many there are.
    fn pages(&self, from: u32, n_pages: u32) -> Result<(Vec<u8>, u32)> {
        let file = self.file();
        let mut file = &*file;
        let page_bytes = PAGE_BYTES as u64;
        let total = u32::try_from(file.metadata()?.len() / page_bytes).unwrap_or(u32::MAX);
        file.seek(SeekFrom::Start(u64::from(from - 1) * page_bytes))?;
        let mut pages = Vec::new();
        file.take(u64::from(n_pages) * page_bytes)
            .read_to_end(&mut pages)?;
        pages.truncate(pages.len() / PAGE_BYTES * PAGE_BYTES);
        Ok((pages, total))
    }
}

/// When the store was checked last.
pub(crate) fn checked(now: Millis) -> AtomicI64 {
    AtomicI64::new(now)
}
