//! A desktop without a window: the console's commands, and what it told its host.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result, bail};
use lt_console::{Console, Host, Notification, NotifyError};
use lt_protocol::{
    code::{Code, WireError},
    command::{Command, Window},
    event::{NoticeCode, UiEvent},
};
use lt_store::{
    Store,
    keys::{NoSecrets, SecretStore},
};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::shop::{PASSWORD, Shop};

/// Passphrase of every desktop's store.
pub const PASSPHRASE: &str = "passphrase of the desk";
/// The longest that a scenario waits for one thing.
const PATIENCE: Duration = Duration::from_secs(120);
/// What has no event of its own, such as the search index, is asked for again after this.
const ASK_AGAIN: Duration = Duration::from_millis(100);

/// What a desktop told the window system.
#[derive(Default)]
pub struct Heard {
    notifications: Mutex<Vec<Notification>>,
    notices: Mutex<Vec<NoticeCode>>,
    focused: AtomicBool,
}

struct Ear {
    heard: Arc<Heard>,
    /// Counts events: whoever waits looks again.
    news: watch::Sender<u64>,
}

impl Host for Ear {
    fn emit(&self, event: UiEvent) {
        if let UiEvent::Notice { code } = event {
            let notices = &self.heard.notices;
            notices
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(code);
        }
        self.news.send_modify(|count| *count += 1);
    }

    fn notify(&self, notification: Notification) -> Result<(), NotifyError> {
        self.heard
            .notifications
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(notification);
        self.news.send_modify(|count| *count += 1);
        Ok(())
    }

    fn window_focused(&self) -> bool {
        self.heard.focused.load(Ordering::Acquire)
    }

    fn focus(&self) {
        self.heard.focused.store(true, Ordering::Release);
    }
}

/// The wall clock in milliseconds.
#[must_use]
pub fn now() -> i64 {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed();
    i64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(i64::MAX)
}

/// A desktop.
pub struct Desk {
    console: Arc<Console>,
    heard: Arc<Heard>,
    news: watch::Receiver<u64>,
    /// Its data folder.
    pub folder: PathBuf,
}

impl Desk {
    /// Starts the program on a folder, on a machine without a keychain; the window counts as looked
    /// at.
    #[must_use]
    pub fn start(folder: PathBuf) -> Self {
        Self::start_with(folder, Arc::new(NoSecrets))
    }

    /// The same, on a machine with this keychain.
    #[must_use]
    pub fn start_with(folder: PathBuf, secrets: Arc<dyn SecretStore>) -> Self {
        let heard = Arc::new(Heard::default());
        heard.focused.store(true, Ordering::Release);
        let (news, receiver) = watch::channel(0);
        let ear = Ear {
            heard: heard.clone(),
            news,
        };
        let console = Console::new(&folder, secrets, Box::new(ear));
        Self {
            console,
            heard,
            news: receiver,
            folder,
        }
    }

    /// A new desktop on which an account of the shop has signed in and caught up.
    ///
    /// # Errors
    /// What was refused.
    pub async fn sign_in(shop: &Shop, username: &str) -> Result<Self> {
        let mut desk = Self::start(shop.desk_folder(&format!("desk-{username}")));
        let args = json!({"server": shop.enrolment.to_string(), "username": username,
            "password": PASSWORD, "passphrase": PASSPHRASE});
        desk.ask("session.login", args).await?;
        desk.wait_for("online", "connection.get", json!({}), |view| {
            view["state"] == "online"
        })
        .await?;
        Ok(desk)
    }

    /// Opens the store of an earlier run.
    ///
    /// # Errors
    /// The command's own error.
    pub async fn unlock(&self) -> Result<Value, WireError> {
        self.ask("session.unlock", json!({"passphrase": PASSPHRASE}))
            .await
    }

    /// Signs in, on a new desk or again.
    ///
    /// # Errors
    /// The command's own error.
    pub async fn log_in(&self, shop: &Shop, username: &str) -> Result<Value, WireError> {
        let args = json!({"server": shop.enrolment.to_string(), "username": username,
            "password": PASSWORD, "passphrase": PASSPHRASE});
        self.ask("session.login", args).await
    }

    /// Closes the program, and gives its folder.
    pub async fn close(self) -> PathBuf {
        self.console.close().await;
        self.folder
    }

    /// Does what is done without the agent at this time.
    pub async fn tick(&self, now: i64) {
        self.console.tick(now).await;
    }

    /// Its store while it is open: for a look past the window.
    #[must_use]
    pub fn store(&self) -> Option<Arc<Store>> {
        self.console.store()
    }

    /// What the window was told in notices so far.
    #[must_use]
    pub fn notices(&self) -> Vec<NoticeCode> {
        let notices = &self.heard.notices;
        notices
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The agent looks at another window.
    pub fn look_away(&self) {
        self.heard.focused.store(false, Ordering::Release);
    }

    /// All notifications that the system was asked to show so far.
    #[must_use]
    pub fn all_shown(&self) -> Vec<Notification> {
        let shown = &self.heard.notifications;
        shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The first notification that the system was asked to show, once there is one.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn notification(&mut self) -> Result<Notification> {
        self.shown("any notification", |_| true).await
    }

    /// The first notification of this title, whatever else was shown before it.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn notification_of(&mut self, title: &str) -> Result<Notification> {
        self.shown(title, |shown| shown.title == title).await
    }

    /// The first notification of this title whose text begins so.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn notification_about(&mut self, title: &str, begins: &str) -> Result<Notification> {
        let is_it = |shown: &Notification| shown.title == title && shown.body.starts_with(begins);
        self.shown(title, is_it).await
    }

    async fn shown(
        &mut self,
        what: &str,
        right: impl Fn(&Notification) -> bool,
    ) -> Result<Notification> {
        let heard = self.heard.clone();
        let all = || {
            heard
                .notifications
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        let found = || all().iter().find(|shown| right(shown)).cloned();
        // Whether it came in time is seen by looking.
        let _ = tokio::time::timeout(PATIENCE, self.news.wait_for(|_| found().is_some())).await;
        found().with_context(|| {
            let titles: Vec<String> = all().iter().map(|shown| shown.title.clone()).collect();
            format!("{what}: not shown within {PATIENCE:?}, but {titles:?}")
        })
    }

    /// Asks a command.
    ///
    /// # Errors
    /// The command's own error.
    pub async fn ask(&self, name: &str, args: Value) -> Result<Value, WireError> {
        let command: Command = serde_json::from_value(json!({"name": name, "args": args}))
            .map_err(|error| WireError::new(Code::BadRequest, error.to_string()))?;
        let answer = self.console.handle(Window::Main, command).await?;
        serde_json::from_str(answer.get())
            .map_err(|error| WireError::new(Code::Internal, error.to_string()))
    }

    /// Asks a command as the window does: text in, text out.
    ///
    /// # Errors
    /// The command's own error.
    pub async fn ask_as_text(&self, command: &str) -> Result<String> {
        let command = serde_json::from_str(command).context("reading the command")?;
        let answer = self.console.handle_json(Window::Main, command).await?;
        Ok(answer.get().to_owned())
    }

    /// Asks a command again, at every event and now and then, until the answer is right.
    ///
    /// # Errors
    /// The command's error, or the answer was never right.
    pub async fn wait_for(
        &mut self,
        what: &str,
        name: &str,
        args: Value,
        right: impl Fn(&Value) -> bool,
    ) -> Result<Value> {
        let end = tokio::time::Instant::now() + PATIENCE;
        loop {
            self.news.mark_unchanged();
            let answer = match self.ask(name, args.clone()).await {
                // What is fetched anew is not there for a moment.
                Err(error) if error.code == Code::NotFound => Value::Null,
                answer => answer?,
            };
            if right(&answer) {
                return Ok(answer);
            }
            if tokio::time::Instant::now() > end {
                bail!("{what}: not within {PATIENCE:?}; last answer: {answer}");
            }
            // Either something happened, or it is time to look again.
            let _ = tokio::time::timeout(ASK_AGAIN, self.news.changed()).await;
        }
    }

    /// The only conversation of a scope, once there is one.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn only(&mut self, scope: &str) -> Result<Value> {
        let args = json!({"scope": scope, "sort": "waiting"});
        let page = self
            .wait_for(scope, "inbox.list", args, |page| {
                // The counts and the rows are read one after the other.
                page["counts"][scope] == 1 && page["rows"][0]["id"].is_string()
            })
            .await?;
        Ok(page["rows"][0].clone())
    }

    /// Writes a reply into a conversation as it stands on the screen.
    ///
    /// # Errors
    /// The command's own error.
    pub async fn reply(&self, conversation: &Value, text: &str) -> Result<Value, WireError> {
        let message_id = uuid::Uuid::now_v7().to_string();
        loop {
            let view = self
                .ask("conversation.get", json!({"conversation_id": conversation}))
                .await?;
            let args = json!({"conversation_id": conversation, "message_id": message_id,
                "text": text, "seen_seq": view["last_seq"], "faq_id": null});
            match self.ask("message.send", args).await {
                // Something came in between: the agent looks again.
                Err(error) if error.code == Code::StaleReply => {}
                answer => return answer,
            }
        }
    }
}
