//! Importing knowledge: all lines or none, published at once.

use std::sync::{Arc, PoisonError};

use lt_db::{Acted, table::faq_entry};
use lt_engine::{Doc, Engine};
use lt_model::{Millis, agent::Permission, faq::PublishedFaq};
use lt_protocol::{
    api::{FaqLine, ImportReport},
    code::WireError,
};

use super::line;
use crate::{
    access::{Principal, current_agent},
    audit,
    authz::{self, Scope},
    backoffice::Backoffice,
    cluster::Knowledge,
    error::Error,
};

const ACTION: &str = "faq.import";

/// An import, compared with what is published.
struct Plan {
    report: ImportReport,
    /// New versions to publish.
    versions: Vec<PublishedFaq>,
    /// Everything that is published afterwards.
    docs: Vec<Doc>,
}

impl Backoffice {
    /// Publishes the lines of a JSONL file as new entries and new versions. Entries that the file
    /// does not name stay. With a wrong line nothing is published and the report says why. The
    /// engine answers from the new knowledge when this returns.
    ///
    /// # Errors
    /// [`lt_protocol::code::Code::Forbidden`], or when the store or the engine fails.
    pub fn import_faq(
        &self,
        principal: &Principal,
        jsonl: &[u8],
        now: Millis,
    ) -> Result<ImportReport, WireError> {
        Ok(self.import(principal, jsonl, now)?)
    }

    fn import(
        &self,
        principal: &Principal,
        jsonl: &[u8],
        now: Millis,
    ) -> Result<ImportReport, Error> {
        self.may_publish(principal, now)?;
        let lines = match line::read(jsonl) {
            Ok(lines) => lines,
            Err(errors) => {
                return Ok(ImportReport {
                    errors,
                    ..ImportReport::default()
                });
            }
        };
        let mut built_from = self
            .publishing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (published, before) =
            self.read(|reader| Ok((faq_entry::published(reader)?, Knowledge::read(reader)?)))?;
        let plan = compare(published, lines, now);
        if plan.versions.is_empty() {
            return Ok(plan.report);
        }
        // Built before anything is published: what is published can be answered from.
        let engine = Arc::new(Engine::build_with(plan.docs, self.engine_parts()?)?);
        let after = self.act_as(
            principal,
            ACTION,
            Permission::FaqPublish,
            now,
            |tx, agent| {
                for version in &plan.versions {
                    faq_entry::publish(tx, version, agent.id)?;
                }
                let object = audit::object("faq", plan.versions.len());
                Ok((Knowledge::read(tx)?, object))
            },
        )?;
        self.engine.store(engine);
        if after == before.and(plan.versions.len()) {
            *built_from = after;
        }
        self.learning.knowledge_published();
        Ok(plan.report)
    }

    /// Looks before the work is done; a refusal is audited.
    fn may_publish(&self, principal: &Principal, now: Millis) -> Result<(), Error> {
        let permission = Permission::FaqPublish;
        self.act(|tx| {
            let allowed = current_agent(tx, principal, Some(now)).and_then(|agent| {
                authz::check(&agent, permission, Scope::Organisation).map_err(Error::from)
            });
            match allowed {
                Ok(()) => Ok(Acted::nothing(Ok(()))),
                Err(Error::Refused(why)) => {
                    let actor = audit::agent(&principal.agent, principal.device);
                    let object = audit::object("action", ACTION);
                    let entry = audit::denied(now, actor, ACTION, object, why);
                    Ok(Acted::logged(Err(why), entry))
                }
                Err(other) => Err(other),
            }
        })
    }
}

fn compare(published: Vec<PublishedFaq>, lines: Vec<FaqLine>, now: Millis) -> Plan {
    let mut by_id: std::collections::BTreeMap<String, PublishedFaq> = published
        .into_iter()
        .map(|faq| (faq.id.clone(), faq))
        .collect();
    let mut report = ImportReport::default();
    let mut versions = Vec::new();
    for line in lines {
        let mut learned = Vec::new();
        let version = match by_id.get(&line.id) {
            Some(old) if is_same(old, &line) => {
                report.unchanged += 1;
                continue;
            }
            Some(old) => {
                report.changed += 1;
                learned.clone_from(&old.learned);
                old.version + 1
            }
            None => {
                report.added += 1;
                1
            }
        };
        let faq = PublishedFaq {
            id: line.id,
            version,
            business_line: line.business_line,
            category: line.category,
            question: line.question,
            similar: line.similar,
            answer: line.answer,
            published_at: now,
            learned,
        };
        by_id.insert(faq.id.clone(), faq.clone());
        versions.push(faq);
    }
    Plan {
        report,
        versions,
        docs: by_id.into_values().map(Doc::from).collect(),
    }
}

fn is_same(old: &PublishedFaq, line: &FaqLine) -> bool {
    old.business_line == line.business_line
        && old.category == line.category
        && old.question == line.question
        && old.similar == line.similar
        && old.answer == line.answer
}
