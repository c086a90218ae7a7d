//! The REST calls: read, act, answer.

use axum::extract::Query;
use lt_backoffice::Backoffice;
use lt_model::{attachment::FilePart, id::AttachmentId};
use lt_protocol::{
    api::{AgentGroups, Health, SetupResponse},
    code::{Code, WireError},
};
use serde_json::json;

use crate::app;

use super::secured::{Answer, Call, OpenCall, json};

pub(super) fn health(backoffice: &Backoffice, _call: OpenCall) -> Result<Answer, WireError> {
    Answer::json(&Health {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        set_up: backoffice.is_set_up()?,
        faq_entries: u32::try_from(backoffice.n_faq_entries()).unwrap_or(u32::MAX),
    })
}

pub(super) fn setup(backoffice: &Backoffice, call: OpenCall) -> Result<Answer, WireError> {
    let made = backoffice.setup(json(&call.body)?, call.now)?;
    Answer::json(&SetupResponse {
        agent: made.agent,
        groups: made.groups,
        inbox_key: made.inbox.public_key,
    })
}

pub(super) fn login(backoffice: &Backoffice, call: OpenCall) -> Result<Answer, WireError> {
    Answer::json(&backoffice.login(json(&call.body)?, Some(call.ip), call.now)?)
}

pub(super) fn logout(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    backoffice.logout(&call.principal, call.now)?;
    Answer::json(&json!({}))
}

pub(super) fn device_share(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    Answer::json(&backoffice.device_share(&call.principal, call.now)?)
}

pub(super) fn share_by_password(
    backoffice: &Backoffice,
    call: OpenCall,
) -> Result<Answer, WireError> {
    let request = json(&call.body)?;
    Answer::json(&backoffice.share_by_password(request, Some(call.ip), call.now)?)
}

pub(super) fn customer_facts(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    // The route has matched: what is asked for stands second from the end.
    let id = call.path.rsplit('/').nth(1).unwrap_or_default();
    let id = id
        .parse()
        .map_err(|_| WireError::new(Code::NotFound, "no such conversation"))?;
    Answer::json(&backoffice.customer_facts(&call.principal, id)?)
}

/// What a file is called, as the call says behind its path.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UploadQuery {
    #[serde(default)]
    pub(crate) name: String,
}

pub(super) fn upload_file(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    let id = file_id(call.path.rsplit('/').next())?;
    let uri = format!("/?{}", call.query)
        .parse()
        .map_err(|_| WireError::new(Code::BadRequest, "the name cannot be read"))?;
    let Query(UploadQuery { name }) = Query::try_from_uri(&uri)
        .map_err(|_| WireError::new(Code::BadRequest, "the name cannot be read"))?;
    let bytes = call.body.to_vec();
    Answer::json(&backoffice.agent_upload(&call.principal, id, &name, bytes, call.now)?)
}

pub(super) fn file(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    let id = file_id(call.path.rsplit('/').next())?;
    let given = backoffice.file_for_agent(&call.principal, id, FilePart::Whole, call.now)?;
    Ok(Answer::File(Box::new(given)))
}

pub(super) fn thumb(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    let id = file_id(call.path.rsplit('/').nth(1))?;
    let given = backoffice.file_for_agent(&call.principal, id, FilePart::Thumb, call.now)?;
    Ok(Answer::File(Box::new(given)))
}

fn file_id(text: Option<&str>) -> Result<AttachmentId, WireError> {
    text.and_then(|text| text.parse().ok())
        .ok_or_else(|| WireError::new(Code::NotFound, "no such file"))
}

pub(super) fn create_agent(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    Answer::json(&backoffice.create_agent(&call.principal, json(&call.body)?, call.now)?)
}

pub(super) fn set_agent_groups(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    // The route has matched: what is asked for stands third from the end.
    let who = call.path.rsplit('/').nth(1).unwrap_or_default();
    let AgentGroups { groups } = json(&call.body)?;
    Answer::json(&backoffice.set_agent_groups(&call.principal, who, groups, call.now)?)
}

pub(super) fn groups(backoffice: &Backoffice, _call: &Call) -> Result<Answer, WireError> {
    Answer::json(&backoffice.groups()?)
}

pub(super) fn create_group(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    Answer::json(&backoffice.create_group(&call.principal, json(&call.body)?, call.now)?)
}

pub(super) fn members(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    Answer::json(&backoffice.members(&call.principal)?)
}

pub(super) fn create_member(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    let args = json(&call.body)?;
    Answer::json(&backoffice.create_member(&call.principal, args, call.now)?)
}

pub(super) fn edit_member(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    let args = json(&call.body)?;
    Answer::json(&backoffice.edit_member(&call.principal, args, call.now)?)
}

pub(super) fn reset_password(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    let args = json(&call.body)?;
    Answer::json(&backoffice.reset_password(&call.principal, &args, call.now)?)
}

pub(super) fn set_member_active(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    let args = json(&call.body)?;
    Answer::json(&backoffice.set_member_active(&call.principal, &args, call.now)?)
}

pub(super) fn own_password(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    backoffice.change_own_password(&call.principal, json(&call.body)?, call.now)?;
    Answer::json(&json!({}))
}

pub(super) fn create_member_group(
    backoffice: &Backoffice,
    call: &Call,
) -> Result<Answer, WireError> {
    let args = json(&call.body)?;
    Answer::json(&backoffice.create_member_group(&call.principal, args, call.now)?)
}

pub(super) fn edit_group(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    let args = json(&call.body)?;
    Answer::json(&backoffice.edit_group(&call.principal, &args, call.now)?)
}

pub(super) fn import_faq(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    Answer::json(&backoffice.import_faq(&call.principal, &call.body, call.now)?)
}

pub(super) fn export_faq(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    Ok(Answer::Lines(
        backoffice.export_faq(&call.principal, call.now)?,
    ))
}

pub(super) fn learning(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    Answer::json(&backoffice.learning(call.now)?)
}

pub(super) fn learn(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    Answer::json(&backoffice.learn_now(&call.principal, call.now)?)
}

pub(super) fn rule_learned(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    backoffice.rule_learned(&call.principal, &json(&call.body)?, call.now)?;
    Answer::json(&json!({}))
}

pub(super) fn metric_cells(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    Answer::json(&backoffice.metric_cells(&call.principal, &json(&call.body)?, call.now)?)
}

pub(super) fn metric_rows(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    Answer::json(&backoffice.metric_rows(&call.principal, &json(&call.body)?, call.now)?)
}

pub(super) fn alert_preview(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    let args = json(&call.body)?;
    Answer::json(&backoffice.alert_preview(&call.principal, &args, call.now)?)
}

pub(super) fn delivery(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    Answer::json(&backoffice.delivery(&call.principal)?)
}

pub(super) fn mail_report(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    Answer::json(&backoffice.mail_report(&call.principal, call.now)?)
}

pub(super) fn save_delivery(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    let args = json(&call.body)?;
    Answer::json(&backoffice.save_delivery(&call.principal, &args, call.now)?)
}

pub(super) fn test_delivery(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    let args = json(&call.body)?;
    Answer::json(&backoffice.test_delivery(&call.principal, &args, app::now)?)
}

pub(super) fn resend_delivery(backoffice: &Backoffice, call: &Call) -> Result<Answer, WireError> {
    let args = json(&call.body)?;
    Answer::json(&backoffice.resend_delivery(&call.principal, &args, call.now)?)
}

pub(super) fn verify_audit(backoffice: &Backoffice, _call: &Call) -> Result<Answer, WireError> {
    Answer::json(&backoffice.verify_audit()?)
}
