//! The cached knowledge as a list, and its check.

use lt_engine::{Doc, tailoring};
use lt_model::agent::Permission;
use lt_protocol::{
    code::{Code, WireError},
    command::{FaqArgs, FaqListArgs, NoArgs},
    knowledge::{FaqEntryView, FaqPage, HealthView},
};

use crate::{
    desk::Desk,
    error::wire,
    view::{knowledge, survey},
};

/// `faq.list`
pub(super) fn list(desk: &Desk, args: &FaqListArgs) -> Result<FaqPage, WireError> {
    desk.permit(Permission::FaqView)?;
    Ok(knowledge::page(desk.store.faq().map_err(wire)?, args))
}

/// `faq.get`
pub(super) fn get(desk: &Desk, args: &FaqArgs) -> Result<FaqEntryView, WireError> {
    desk.permit(Permission::FaqView)?;
    let found = desk.store.faq_entry(&args.faq_id).map_err(wire)?;
    let marks = desk.store.survey_of_faq(&args.faq_id).map_err(wire)?;
    found
        .map(|faq| knowledge::entry(faq, survey::marks(marks)))
        .ok_or_else(|| WireError::new(Code::NotFound, "no such entry"))
}

/// `health.get`
pub(super) fn health(desk: &Desk, _: NoArgs) -> Result<HealthView, WireError> {
    desk.permit(Permission::FaqReview)?;
    Ok(desk.checkup.view())
}

/// `health.run`
pub(super) fn check(desk: &Desk, _: NoArgs) -> Result<HealthView, WireError> {
    desk.permit(Permission::FaqReview)?;
    let docs: Vec<Doc> = desk
        .store
        .faq()
        .map_err(wire)?
        .into_iter()
        .map(Doc::from)
        .collect();
    let settings = desk.store.engine_settings().map_err(wire)?;
    desk.checkup.run(docs, tailoring::parts(settings.as_ref()));
    Ok(desk.checkup.view())
}

/// `health.stop`
pub(super) fn stop(desk: &Desk, _: NoArgs) -> Result<HealthView, WireError> {
    desk.permit(Permission::FaqReview)?;
    desk.checkup.stop();
    Ok(desk.checkup.view())
}
