//! Whole desktops among the agents: the console's commands, the sync client and an encrypted store.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result};
use lt_model::{
    id::{ConversationId, GroupId, MessageId},
    message::Author,
};
use lt_protocol::{code::Code, sync::Entity};
use serde_json::{Value, json};
use tokio::time::sleep;
use uuid::Uuid;

use super::{
    Hired,
    check::Truth,
    ledger::{Said, World},
    view::Share,
};
use crate::{
    desk::{Desk, PASSPHRASE},
    shop::PASSWORD,
};

/// Between two looks at the inbox.
const LOOK: Duration = Duration::from_millis(400);

/// An agent with a desktop.
pub(super) struct RealDesk {
    world: World,
    username: String,
    group: GroupId,
    share: Share,
    desk: Desk,
    /// What the desktop took: it is to be sent, whatever happens.
    taken: Vec<Said>,
}

impl RealDesk {
    pub(super) async fn sign_in(world: World, hired: &Hired, folder: PathBuf) -> Result<Self> {
        let desk = Desk::start(folder);
        let args = json!({"server": world.server.to_string(), "username": hired.username,
            "password": PASSWORD, "passphrase": PASSPHRASE});
        desk.ask("session.login", args).await?;
        Ok(Self {
            world,
            username: hired.username.clone(),
            group: hired.group,
            share: hired.share,
            desk,
            taken: Vec::new(),
        })
    }

    /// Works, and tells when nothing of its own is under way any more, or never will be.
    pub(super) async fn work(mut self) -> Result<Self> {
        let worked = self.serve().await;
        self.world.ledger.idle();
        let who = self.username.clone();
        worked.with_context(|| format!("the desktop of {who}"))?;
        Ok(self)
    }

    /// Claims and answers until the work is over, then waits until all of it is delivered.
    async fn serve(&mut self) -> Result<()> {
        while self.world.is_working() {
            for row in self.rows("queue").await? {
                let id: ConversationId = row["id"].as_str().context("an id")?.parse()?;
                if self.share.has(id) {
                    // Somebody else's is nothing to do with.
                    let _ = self
                        .desk
                        .ask("conversation.claim", json!({"conversation_id": id}))
                        .await;
                }
            }
            for row in self.rows("mine").await? {
                self.answer(&row["id"]).await?;
            }
            sleep(LOOK).await;
        }
        self.deliver().await?;
        let outbox = self.desk.ask("outbox.list", json!({})).await?;
        let refused = outbox["items"].to_string();
        for said in std::mem::take(&mut self.taken) {
            if refused.contains(&said.text) {
                self.world.ledger.refused(said.id);
            } else {
                self.world.ledger.agent_sent(said);
            }
        }
        Ok(())
    }

    async fn rows(&self, scope: &str) -> Result<Vec<Value>> {
        let args = json!({"scope": scope, "sort": "waiting"});
        let page = self.desk.ask("inbox.list", args).await?;
        Ok(page["rows"].as_array().cloned().unwrap_or_default())
    }

    async fn answer(&mut self, id: &Value) -> Result<()> {
        let args = json!({"conversation_id": id});
        let view = self.desk.ask("conversation.get", args).await?;
        let messages = view["messages"].as_array().context("messages")?;
        let last = messages
            .iter()
            .rfind(|message| message["author"] != "system");
        if last.is_none_or(|message| message["author"] != "customer") {
            return Ok(());
        }
        let said = Said {
            id: MessageId(Uuid::now_v7()),
            text: format!("{}的第{}句", self.username, self.taken.len()),
        };
        let args = json!({"conversation_id": id, "message_id": said.id, "text": said.text,
            "seen_seq": view["last_seq"], "faq_id": null});
        match self.desk.ask("message.send", args).await {
            Ok(_) => self.taken.push(said),
            // Something came in between: it looks again.
            Err(error) if error.code == Code::StaleReply => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Waits until nothing is pending, as long as it becomes less.
    async fn deliver(&mut self) -> Result<()> {
        let mut last = u64::MAX;
        while last > 0 {
            let view = self
                .desk
                .wait_for("delivery", "connection.get", json!({}), move |view| {
                    view["state"] == "online" && view["pending"].as_u64() < Some(last)
                })
                .await?;
            last = view["pending"].as_u64().context("a count of what waits")?;
        }
        Ok(())
    }

    /// Conversations of its group that it does not show as the database has them, though it has had
    /// time enough.
    pub(super) async fn n_differing(&mut self, truth: &Truth) -> Result<usize> {
        let mut n_differing = 0;
        for (_, entity) in truth.rows.values() {
            let Entity::Conversation(conversation) = entity else {
                continue;
            };
            if conversation.group_id != self.group {
                continue;
            }
            let messages = truth.thread(conversation.id);
            let shows_them = |view: &Value| {
                let mut shown = view["messages"].as_array().cloned().unwrap_or_default();
                // What was refused stands after what was said.
                shown.retain(|message| message["seq"] != 0);
                let all = messages.iter().rev().take(shown.len());
                // A desktop shows all but what is too old for one page.
                let is_enough = shown.len() == messages.len() || view["has_older"] == true;
                let is_same = all.rev().zip(&shown).all(|(message, shown)| {
                    let is_customers = message.author == Author::Customer;
                    shown["id"] == json!(message.id)
                        && shown["seq"] == json!(message.seq)
                        && (shown["author"] == "customer") == is_customers
                });
                is_enough && is_same && view["last_seq"] == json!(conversation.seq)
            };
            let args = json!({"conversation_id": conversation.id});
            let shown = self
                .desk
                .wait_for("the same", "conversation.get", args, shows_them)
                .await;
            n_differing += usize::from(shown.is_err());
        }
        Ok(n_differing)
    }

    pub(super) async fn close(self) {
        self.desk.close().await;
    }
}
