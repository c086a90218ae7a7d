//! A customer: the calls that the chat page makes.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use lt_model::{
    attachment::Attachment,
    id::{AttachmentId, MessageId, SurveyId},
};
use lt_protocol::{
    code::Code,
    enrol::Enrolment,
    widget::{
        ClientEvent, ServerEvent, SessionRequest, VisitorSession, WidgetHandler, WidgetMessage,
        WidgetSurvey,
    },
};
use lt_server::cli::client::{Client, Request};
use serde::{Serialize, de::DeserializeOwned};

use crate::shop::Shop;

/// The longest that a customer waits for one thing.
const PATIENCE: Duration = Duration::from_secs(120);

/// A customer in a browser of their own.
#[derive(Clone)]
pub struct Customer {
    server: Enrolment,
    token: String,
}

impl Customer {
    /// Opens the chat page.
    ///
    /// # Errors
    /// What the server refuses.
    pub async fn visit(shop: &Shop, name: &str) -> Result<Self> {
        Self::visit_at(&shop.enrolment, &shop.inbox, name).await
    }

    /// Opens the chat page of an inbox at a server.
    ///
    /// # Errors
    /// What the server refuses.
    pub async fn visit_at(server: &Enrolment, inbox: &str, name: &str) -> Result<Self> {
        let request = SessionRequest {
            inbox: inbox.to_owned(),
            token: None,
            name: name.to_owned(),
            known: Default::default(),
        };
        let mut customer = Self {
            server: server.clone(),
            token: String::new(),
        };
        let session: VisitorSession = customer
            .call("POST", "/widget/v1/session", Some(&request))
            .await?;
        customer.token = session.token;
        Ok(customer)
    }

    /// Writes, and waits until the server has done what it does about it.
    ///
    /// # Errors
    /// What the server refuses.
    pub async fn says(&self, text: &str) -> Result<MessageId> {
        let id = MessageId(uuid::Uuid::now_v7());
        self.says_as(id, text).await?;
        Ok(id)
    }

    /// Writes under an id of one's own, as a page does that sends again.
    ///
    /// # Errors
    /// What the server refuses.
    pub async fn says_as(&self, id: MessageId, text: &str) -> Result<()> {
        let event = ClientEvent::Send {
            id,
            text: text.to_owned(),
        };
        let events: Vec<ServerEvent> = self.call("POST", "/widget/v1/post", Some(&event)).await?;
        match events.as_slice() {
            [] => Ok(()),
            refused => anyhow::bail!("refused: {refused:?}"),
        }
    }

    /// Everything on the page, oldest first.
    ///
    /// # Errors
    /// What the server refuses.
    pub async fn sees(&self) -> Result<Vec<WidgetMessage>> {
        let events = self.events(0, 0).await?;
        Ok(events
            .into_iter()
            .flat_map(|event| match event {
                ServerEvent::Messages { items } => items,
                _ => Vec::new(),
            })
            .collect())
    }

    /// Who answers, and the place in the queue.
    ///
    /// # Errors
    /// What the server refuses.
    pub async fn is_served_by(&self) -> Result<(WidgetHandler, Option<u32>)> {
        let events = self.events(0, 0).await?;
        events
            .into_iter()
            .find_map(|event| match event {
                ServerEvent::State {
                    handler,
                    queue_position,
                    ..
                } => Some((handler, queue_position)),
                _ => None,
            })
            .context("the page is told its state")
    }

    /// The choices that the page shows as buttons.
    ///
    /// # Errors
    /// What the server refuses.
    pub async fn is_offered(&self) -> Result<Vec<String>> {
        let events = self.events(0, 0).await?;
        events
            .into_iter()
            .find_map(|event| match event {
                ServerEvent::State { choices, .. } => Some(choices),
                _ => None,
            })
            .context("the page is told its state")
    }

    /// What the page asks about the conversation that ended, or shows of the answer.
    ///
    /// # Errors
    /// What the server refuses.
    pub async fn survey(&self) -> Result<Option<WidgetSurvey>> {
        let events = self.events(0, 0).await?;
        events
            .into_iter()
            .find_map(|event| match event {
                ServerEvent::State { survey, .. } => Some(survey),
                _ => None,
            })
            .context("the page is told its state")
    }

    /// Waits until the page asks for a mark.
    ///
    /// # Errors
    /// What the server refuses, or it asked for none in time.
    pub async fn is_asked(&self) -> Result<WidgetSurvey> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            // Nothing is behind this place: the poll ends when something happens.
            let events = self.events(1_000_000, 2).await?;
            let asked = events.into_iter().find_map(|event| match event {
                ServerEvent::State { survey, .. } => survey,
                _ => None,
            });
            if let Some(asked) = asked {
                return Ok(asked);
            }
        }
        anyhow::bail!("no survey came")
    }

    /// Gives a mark: why it was refused, if it was.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn rates(&self, survey: SurveyId, score: u8, comment: &str) -> Result<Option<Code>> {
        let event = ClientEvent::Rate {
            survey,
            score,
            comment: comment.to_owned(),
        };
        let events: Vec<ServerEvent> = self.call("POST", "/widget/v1/post", Some(&event)).await?;
        Ok(events.into_iter().find_map(|event| match event {
            ServerEvent::SurveyRefused { code, .. } => Some(code),
            _ => None,
        }))
    }

    /// Says that they do not want to be asked again.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn opts_out(&self, survey: SurveyId) -> Result<()> {
        let event = ClientEvent::OptOut { survey };
        let _: Vec<ServerEvent> = self.call("POST", "/widget/v1/post", Some(&event)).await?;
        Ok(())
    }

    /// Opens or posts to a page by its path, as a browser without any cookie: status and page.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn browses(
        &self,
        method: &'static str,
        path: &str,
        form: &str,
    ) -> Result<(u16, String)> {
        let (server, path, form) = (self.server.clone(), path.to_owned(), form.to_owned());
        tokio::task::spawn_blocking(move || {
            let form_type = "application/x-www-form-urlencoded".to_owned();
            let answer = Client::new(&server)?.send(&Request {
                method,
                path: &path,
                headers: vec![("content-type", form_type)],
                body: form.as_bytes(),
            })?;
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            Ok((answer.status, text))
        })
        .await?
    }

    /// Waits for a message after `seq` that the customer did not write.
    ///
    /// # Errors
    /// What the server refuses, or nothing came in time.
    pub async fn hears_after(&self, seq: u64) -> Result<Vec<WidgetMessage>> {
        use lt_protocol::widget::WidgetAuthor::Me;
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            let events = self.events(seq, 10).await?;
            let heard: Vec<WidgetMessage> = events
                .into_iter()
                .flat_map(|event| match event {
                    ServerEvent::Messages { items } => items,
                    _ => Vec::new(),
                })
                .filter(|message| message.author != Me && message.seq > seq)
                .collect();
            if !heard.is_empty() {
                return Ok(heard);
            }
        }
        anyhow::bail!("nothing came after {seq}")
    }

    /// Uploads a file: what the server says of it, or the code of its refusal.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn uploads(
        &self,
        id: AttachmentId,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<Result<Attachment, String>> {
        let name: String = name.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let path = format!("/widget/v1/files/{id}?name={name}");
        let (status, body) = self.send("PUT", path, bytes).await?;
        let value: serde_json::Value = serde_json::from_slice(&body)?;
        Ok(match status {
            200 => Ok(serde_json::from_value(value)?),
            _ => Err(value["code"].as_str().unwrap_or_default().to_owned()),
        })
    }

    /// Uploads a file, and sends it.
    ///
    /// # Errors
    /// What the server refuses.
    pub async fn sends(&self, name: &str, bytes: Vec<u8>) -> Result<Attachment> {
        let id = AttachmentId(uuid::Uuid::now_v7());
        let kept = self.uploads(id, name, bytes).await?;
        let kept = kept.map_err(|code| anyhow::anyhow!("refused: {code}"))?;
        let event = ClientEvent::SendFile {
            id: MessageId(uuid::Uuid::now_v7()),
            file: id,
        };
        let events: Vec<ServerEvent> = self.call("POST", "/widget/v1/post", Some(&event)).await?;
        anyhow::ensure!(events.is_empty(), "refused: {events:?}");
        Ok(kept)
    }

    /// Fetches a file, or with `/thumb` behind its id its small picture: the status and the bytes.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn fetches(&self, what: &str) -> Result<(u16, Vec<u8>)> {
        self.send("GET", format!("/widget/v1/files/{what}"), Vec::new())
            .await
    }

    async fn send(
        &self,
        method: &'static str,
        path: String,
        body: Vec<u8>,
    ) -> Result<(u16, Vec<u8>)> {
        let server = self.server.clone();
        let token = format!("Bearer {}", self.token);
        tokio::task::spawn_blocking(move || {
            let answer = Client::new(&server)?.send(&Request {
                method,
                path: &path,
                headers: vec![("authorization", token)],
                body: &body,
            })?;
            Ok((answer.status, answer.body))
        })
        .await?
    }

    /// Posts any bytes to where the page posts: the status and the answer.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn posts(&self, bytes: Vec<u8>) -> Result<(u16, String)> {
        let server = self.server.clone();
        let token = format!("Bearer {}", self.token);
        tokio::task::spawn_blocking(move || {
            let answer = Client::new(&server)?.send(&Request {
                method: "POST",
                path: "/widget/v1/post",
                headers: vec![
                    ("content-type", "application/json".to_owned()),
                    ("authorization", token),
                ],
                body: &bytes,
            })?;
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            Ok((answer.status, text))
        })
        .await?
    }

    /// What the page keeps to be known again.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The same customer with another token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            server: self.server.clone(),
            token: token.to_owned(),
        }
    }

    async fn events(&self, after: u64, wait_s: u64) -> Result<Vec<ServerEvent>> {
        let path = format!("/widget/v1/events?after={after}&wait={wait_s}");
        self.call::<(), _>("GET", &path, None).await
    }

    async fn call<B: Serialize, T: DeserializeOwned + Send + 'static>(
        &self,
        method: &'static str,
        path: &str,
        body: Option<&B>,
    ) -> Result<T> {
        let server = self.server.clone();
        let path = path.to_owned();
        let body = body
            .map(serde_json::to_vec)
            .transpose()?
            .unwrap_or_default();
        let mut headers = vec![("content-type", "application/json".to_owned())];
        if !self.token.is_empty() {
            headers.push(("authorization", format!("Bearer {}", self.token)));
        }
        tokio::task::spawn_blocking(move || {
            let request = Request {
                method,
                path: &path,
                headers,
                body: &body,
            };
            let answer = Client::new(&server)?.send(&request)?.success()?;
            serde_json::from_slice(&answer).context("the answer is not the expected JSON")
        })
        .await?
    }
}
