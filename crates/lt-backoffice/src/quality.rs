//! Quality scoring (质检): samples what has ended, scores it beforehand, and takes what reviewers and
//! agents say of it.
//!
//! **Invariant:** nothing of it runs inside the act that resolves, or inside a message. A step in the
//! background reads what was committed, after a place in the audit log that is kept in the same
//! transaction as what came of it.
//!
//! **Invariant:** a conversation has one review, which the schema holds to; what was sampled twice has
//! both reasons.

pub(crate) mod edit;

mod sample;

use std::sync::atomic::AtomicU64;

use lt_db::{Tx, table::quality};
use lt_model::{
    Millis,
    quality::{form::QaForm, sample::QaRule, standard},
};
use lt_protocol::code::WireError;

use crate::{backoffice::Backoffice, error::Error, ids};

/// Whether the forms and rules of a new organisation were made.
const SEEDED: &str = "quality_seeded";

/// How far the audit log was read, where nothing was found since what is kept.
#[derive(Default)]
pub(crate) struct Sampling {
    ends: AtomicU64,
    marks: AtomicU64,
}

impl Backoffice {
    /// Samples what has ended and what customers marked. Call it every few seconds; several processes
    /// may. Few reads when there is nothing new.
    ///
    /// # Errors
    /// When the store fails.
    pub fn run_quality(&self, now: Millis) -> Result<(), WireError> {
        // All of them take their turn, whatever comes of those before.
        let done = [
            self.seed_quality(now),
            self.sample_ends(now),
            self.sample_marks(now),
        ];
        done.into_iter().collect::<Result<(), Error>>()?;
        Ok(())
    }

    fn seed_quality(&self, now: Millis) -> Result<(), Error> {
        let named = ("qa_form", "quality.seed");
        self.seed_once(SEEDED, named, now, |tx| seed(tx, now))
    }
}

fn seed(tx: &Tx<'_>, now: Millis) -> Result<(), Error> {
    let form = QaForm {
        id: ids::new(now)?,
        edition: 1,
        draft: standard::form(),
        by: String::new(),
        at: now,
    };
    quality::put_form(tx, &form)?;
    for draft in standard::rules(form.id) {
        let rule = QaRule {
            id: ids::new(now)?,
            edition: 1,
            draft,
            by: String::new(),
            at: now,
        };
        quality::put_rule(tx, &rule)?;
    }
    Ok(())
}
