//! Exporting knowledge, in the form of an import.

use lt_db::table::faq_entry;
use lt_model::{Millis, agent::Permission};
use lt_protocol::{api::FaqLine, code::WireError};

use crate::{access::Principal, audit, backoffice::Backoffice, error::Error};

impl Backoffice {
    /// Everything that is published, as JSON lines.
    ///
    /// # Errors
    /// [`lt_protocol::code::Code::Forbidden`].
    pub fn export_faq(&self, principal: &Principal, now: Millis) -> Result<Vec<u8>, WireError> {
        let permission = Permission::FaqPublish;
        let published = self.act_as(principal, "faq.export", permission, now, |tx, _| {
            let published = faq_entry::published(tx)?;
            let object = audit::object("faq", published.len());
            Ok((published, object))
        })?;
        let mut jsonl = Vec::new();
        for faq in published {
            let line = FaqLine {
                id: faq.id,
                business_line: faq.business_line,
                category: faq.category,
                question: faq.question,
                similar: faq.similar,
                answer: faq.answer,
            };
            serde_json::to_writer(&mut jsonl, &line).map_err(Error::from)?;
            jsonl.push(b'\n');
        }
        Ok(jsonl)
    }
}
