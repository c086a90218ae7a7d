//! What the chat page shows of a survey.

use lt_db::{
    Reader,
    table::{inbox, survey},
};
use lt_model::{
    Millis,
    conversation::{Conversation, Status},
};
use lt_protocol::widget::WidgetSurvey;

use crate::error::Error;

/// The survey about the customer's newest conversation, while that is over: to be answered, or what
/// was answered.
pub(crate) fn of_page(
    reader: &Reader<'_>,
    newest: &Conversation,
    now: Millis,
) -> Result<Option<WidgetSurvey>, Error> {
    if !matches!(newest.status, Status::Resolved | Status::Closed) {
        return Ok(None);
    }
    let Some(asked) = survey::newest(reader, newest.id)? else {
        return Ok(None);
    };
    let is_unwanted = asked.answer.is_none()
        && (!asked.is_open(now)
            || survey::is_opted_out(reader, newest.contact_id, newest.person())?);
    if is_unwanted {
        return Ok(None);
    }
    let settings = inbox::by_id(reader, asked.inbox_id)?.map(|inbox| inbox.survey);
    let settings = settings.unwrap_or_default();
    let changeable_until = asked.changeable_until();
    let (score, comment) = match asked.answer {
        Some(answer) => (Some(answer.score), answer.comment),
        None => (None, String::new()),
    };
    Ok(Some(WidgetSurvey {
        id: asked.id,
        question: settings.question,
        question_en: settings.question_en,
        is_reminded: asked.is_reminded,
        score,
        comment,
        changeable_until,
    }))
}
