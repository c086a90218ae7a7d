//! Several server processes on one PostgreSQL database.

use std::sync::Arc;

use lt_backoffice::Backoffice;
use lt_db::{Db, ServerKeys, scratch::Scratch};

use crate::{
    back_end::is_postgres,
    world::{World, config, root},
};

/// A database of their own, with the shop that the first process has set up.
pub(crate) struct Nodes {
    /// As the first process sees it.
    pub(crate) world: World,
    /// Declared last: the processes let go of it first.
    scratch: Scratch,
}

impl Nodes {
    /// None where there is no PostgreSQL, or the tests of this process have run with it before.
    pub(crate) fn new() -> Option<Self> {
        if is_postgres() {
            return None;
        }
        let scratch = Scratch::new()?;
        let world = World::at(tempfile::tempdir().unwrap(), open(&scratch));
        Some(Self { world, scratch })
    }

    /// One more process.
    pub(crate) fn another(&self) -> Arc<Backoffice> {
        open(&self.scratch)
    }
}

fn open(scratch: &Scratch) -> Arc<Backoffice> {
    let db = Db::connect(scratch.url(), &root()).unwrap();
    Backoffice::open(db, ServerKeys::from_root(&root()), config()).unwrap()
}
