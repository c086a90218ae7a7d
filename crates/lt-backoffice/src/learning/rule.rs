//! A lead's last word on a wording. It takes effect with the next run, which it makes due.

use lt_db::{
    Tx,
    table::{
        faq_entry,
        learned_ruling::{self, Ruled},
    },
};
use lt_engine::learn;
use lt_model::{Millis, agent::Agent, learn::LearnedRuling};
use lt_protocol::code::Code;

use crate::error::{Error, Refused};

/// Longest text, in bytes.
const MAX_BYTES: usize = 2_000;

pub(crate) fn rule(
    tx: &Tx<'_>,
    agent: &Agent,
    faq_id: &str,
    text: &str,
    ruling: LearnedRuling,
    now: Millis,
) -> Result<(), Error> {
    if faq_entry::by_id(tx, faq_id)?.is_none() {
        return Err(Refused::new(Code::NotFound, "no such entry").into());
    }
    let key = learn::key(text);
    if key.is_empty() || text.len() > MAX_BYTES {
        return Err(Refused::new(Code::BadRequest, "no text that can be learned").into());
    }
    let ruled = Ruled {
        faq_id: faq_id.to_owned(),
        key,
        ruling,
        agent: agent.id,
    };
    Ok(learned_ruling::set(tx, &ruled, now)?)
}
