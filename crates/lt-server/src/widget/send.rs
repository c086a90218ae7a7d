//! What a visitor does, whichever way it came.

use lt_backoffice::visitor::Visitor;
use lt_model::id::{AttachmentId, MessageId, SurveyId};
use lt_protocol::{
    code::{Code, WireError},
    widget::{ClientEvent, ServerEvent},
};

use crate::app::{App, now};

/// Stores a message and has it answered. A refusal comes back as an event for the page.
pub(super) async fn message(
    app: &App,
    visitor: &Visitor,
    id: MessageId,
    text: String,
) -> Option<ServerEvent> {
    let now = now();
    if !app.visitor_sends.take(visitor.contact_id, now) {
        return Some(ServerEvent::Refused {
            id,
            code: Code::SlowDown,
        });
    }
    let visitor = *visitor;
    let sent = app
        .call(move |backoffice| backoffice.visitor_send(&visitor, id, &text, now))
        .await;
    match sent {
        Ok(_) => None,
        Err(error) => {
            log(&error);
            Some(ServerEvent::Refused {
                id,
                code: error.code,
            })
        }
    }
}

/// The same with a picture or file that was uploaded.
pub(super) async fn file(
    app: &App,
    visitor: &Visitor,
    id: MessageId,
    file: AttachmentId,
) -> Option<ServerEvent> {
    let now = now();
    if !app.visitor_sends.take(visitor.contact_id, now) {
        return Some(ServerEvent::Refused {
            id,
            code: Code::SlowDown,
        });
    }
    let visitor = *visitor;
    let sent = app
        .call(move |backoffice| backoffice.visitor_send_file(&visitor, id, file, now))
        .await;
    let error = sent.err()?;
    log(&error);
    Some(ServerEvent::Refused {
        id,
        code: error.code,
    })
}

/// Takes a mark. A refusal comes back as an event for the page.
pub(super) async fn mark(
    app: &App,
    visitor: &Visitor,
    survey: SurveyId,
    score: u8,
    comment: String,
) -> Option<ServerEvent> {
    let (visitor, now) = (*visitor, now());
    let refused = |code| ServerEvent::SurveyRefused { survey, code };
    if !app.visitor_marks.take(visitor.contact_id, now) {
        return Some(refused(Code::SlowDown));
    }
    let taken = app
        .call(move |backoffice| backoffice.visitor_rate(&visitor, survey, (score, &comment), now))
        .await;
    let error: WireError = taken.err()?;
    log(&error);
    Some(refused(error.code))
}

/// The visitor does not want to be asked again.
pub(super) async fn opt_out(app: &App, visitor: &Visitor, survey: SurveyId) {
    let (visitor, now) = (*visitor, now());
    if !app.visitor_marks.take(visitor.contact_id, now) {
        return;
    }
    let noted = app
        .call(move |backoffice| backoffice.visitor_opt_out(&visitor, survey, now))
        .await;
    if let Err(error) = noted {
        log(&error);
    }
}

/// Tells whoever answers that the visitor is typing. Nothing hangs on it.
pub(super) async fn typing(app: &App, visitor: &Visitor) {
    let visitor = *visitor;
    let told = app
        .call(move |backoffice| backoffice.customer_typing(&visitor))
        .await;
    if let Err(error) = told {
        log(&error);
    }
}

/// Notes how far the visitor has read.
pub(super) async fn read(app: &App, visitor: &Visitor, seq: u64) {
    let visitor = *visitor;
    let at = now();
    let noted = app
        .call(move |backoffice| backoffice.visitor_read(&visitor, seq, at))
        .await;
    if let Err(error) = noted {
        log(&error);
    }
}

fn log(error: &WireError) {
    if matches!(error.code, Code::Internal | Code::Storage) {
        tracing::error!(code = ?error.code, why = error.message, "a visitor was not served");
    } else {
        tracing::debug!(code = ?error.code, "a visitor was refused");
    }
}

/// Reads an event of at most [`lt_protocol::widget::MAX_EVENT_BYTES`].
pub(super) fn read_event(text: &str) -> Result<ClientEvent, Code> {
    serde_json::from_str(text).map_err(|_| Code::BadRequest)
}
