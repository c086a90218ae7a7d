//! Surveys: the step in the background, and the page behind a link, for customers whose channel has
//! no page of its own. The page is a form and nothing else: no script, no cookie, no account.
//!
//! **Invariant:** the address is the only key: it is signed, ends by itself, opens one survey, and is
//! never logged (the log names routes, not paths).

mod page;

use std::{net::SocketAddr, time::Duration};

use axum::{
    Extension, Router,
    body::Bytes,
    extract::{ConnectInfo, DefaultBodyLimit, Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use lt_protocol::{
    code::Code,
    survey::{AnswerForm, FormError, MAX_FORM_BYTES},
};
use serde::Deserialize;

use crate::{
    app::{Shared, now, stopping},
    http::{Failure, Page},
};
use page::{Language, Shown, Wrong};

/// How often it is looked at whether somebody is to be asked.
const EVERY: Duration = Duration::from_secs(1);
/// The page has styles of this server and posts to it; nothing else may run, load or frame it.
const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// Asks and reminds, until the server goes away.
pub(crate) async fn run(app: Shared) {
    let mut stop = app.stop.clone();
    let _alive = app.alive.clone();
    let mut beat = tokio::time::interval(EVERY);
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stopping(&mut stop) => return,
            _ = beat.tick() => {}
        }
        if let Err(error) = app.call(|backoffice| backoffice.run_surveys(now())).await {
            // Logged with its trace where it happened.
            tracing::warn!(trace_id = error.trace_id, "surveys are asked later");
        }
    }
}

/// The page.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/s/{token}", get(look).post(answer))
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
}

/// What stands behind the path.
#[derive(Deserialize)]
struct Wish {
    /// `zh` or `en`; the browser's language without it.
    #[serde(default)]
    lang: String,
}

/// `GET /s/{token}`
async fn look(
    State(app): State<Shared>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(token): Path<String>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    limited(&app, peer)?;
    let language = Language::of(&wish.lang, &headers);
    Ok(show(&app, token, language, None).await)
}

/// `POST /s/{token}`: what came of it is shown by the page itself.
async fn answer(
    State(app): State<Shared>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(token): Path<String>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    limited(&app, peer)?;
    let language = Language::of(&wish.lang, &headers);
    let form = match AnswerForm::read(&body) {
        Ok(form) => form,
        Err(FormError::TooLarge) => {
            return Err(Failure::new(Code::TooLarge, "the form is too long"));
        }
        Err(why) => {
            let wrong = match why {
                FormError::NoScore => Wrong::NoScore,
                FormError::NotTaken(lt_model::survey::NotTaken::TooLong) => Wrong::TooLong,
                _ => return Err(Failure::new(Code::BadRequest, "the form cannot be read")),
            };
            return Ok(show(&app, token, language, Some(wrong)).await);
        }
    };
    let posted = token.clone();
    let taken = app
        .call(move |backoffice| backoffice.answer_by_link(&posted, &form, now()))
        .await;
    match taken {
        // The address is asked for again, so that a reload posts nothing.
        Ok(()) => Ok(see_other(&token, language)),
        Err(error) if error.code == Code::NotFound => Ok(show(&app, token, language, None).await),
        Err(error) if error.code == Code::IllegalState => {
            Ok(show(&app, token, language, Some(Wrong::Fixed)).await)
        }
        Err(error) => Err(error.into()),
    }
}

fn limited(app: &Shared, peer: SocketAddr) -> Result<(), Failure> {
    match app.survey_calls.take(peer.ip(), now()) {
        true => Ok(()),
        false => Err(Failure::new(Code::SlowDown, "too many calls")),
    }
}

async fn show(app: &Shared, token: String, language: Language, wrong: Option<Wrong>) -> Response {
    let found = app
        .call(move |backoffice| backoffice.survey_by_link(&token, now()))
        .await;
    let shown = match found {
        Ok(found) => Shown::Survey(Box::new(found)),
        Err(error) if error.code == Code::NotFound => Shown::Nothing,
        Err(error) => return Failure::from(error).into_response(),
    };
    let status = match (&shown, wrong) {
        (Shown::Nothing, _) => StatusCode::GONE,
        (_, Some(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        (_, None) => StatusCode::OK,
    };
    let html = page::render(&shown, language, wrong, now());
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, CSP),
    ];
    (status, headers, Extension(Page), html).into_response()
}

/// Back to the page. A token that was taken is of letters that an address may hold.
fn see_other(token: &str, language: Language) -> Response {
    let address = format!("/s/{token}?lang={}", language.tag());
    match HeaderValue::from_str(&address) {
        Ok(address) => (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response(),
        Err(_) => StatusCode::NO_CONTENT.into_response(),
    }
}
