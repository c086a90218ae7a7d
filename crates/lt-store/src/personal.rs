//! What the agent set for themselves: what the server has, with what waits to be sent. And what other
//! systems said about customers, kept for the time when nobody can ask them.

use lt_model::{
    Millis,
    alert::notify::AlertPrefs,
    id::{AgentId, ConversationId},
    inbox::Inbox,
};
use lt_protocol::{
    personal::{AgentSettings, MAX_PERSONAL_EDITS, PersonalEdit},
    sync::Action,
    teamwork::SavedView,
    ticket::SavedTicketView,
};
use rusqlite::{Connection, Transaction};

use crate::{
    Result, Store, StoreError,
    store::require_account,
    table::{agent_settings, conversation_body, facts, inbox, outbox},
};

/// Conversations of which it is kept what other systems said.
const MOST_FACTS: u32 = 500;
/// Most bytes of one of them: what is longer is not kept.
const MAX_FACTS_BYTES: usize = 32 * 1024;

fn shown(connection: &Connection, me: AgentId) -> Result<AgentSettings> {
    let mut servers = agent_settings::all(connection)?.into_iter();
    let mut settings = servers
        .find(|settings| settings.id == me)
        .unwrap_or_else(|| AgentSettings::new(me));
    for entry in outbox::about_personal(connection)? {
        if let Action::EditPersonal { edits } = &entry.op.action {
            edits
                .iter()
                .for_each(|edit| settings.edit(edit, entry.op.at));
        }
    }
    Ok(settings)
}

/// Checks edits. None: they change nothing.
pub(crate) fn legal(
    tx: &Transaction<'_>,
    me: AgentId,
    edits: Vec<PersonalEdit>,
    now: Millis,
) -> Result<Option<Action>> {
    if edits.len() > MAX_PERSONAL_EDITS || !edits.iter().all(PersonalEdit::is_fit) {
        return Err(StoreError::Forbidden);
    }
    let before = shown(tx, me)?;
    let mut after = before.clone();
    edits.iter().for_each(|edit| after.edit(edit, now));
    let is_news = before.shown_views() != after.shown_views()
        || before.shown_ticket_views() != after.shown_ticket_views()
        || before.alert_prefs() != after.alert_prefs()
        || before.report_plan() != after.report_plan();
    Ok(is_news.then_some(Action::EditPersonal { edits }))
}

impl Store {
    /// The views of the inbox that the agent saved, at whichever desk.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`], [`StoreError::Damaged`] and the like.
    pub fn views(&self) -> Result<Vec<SavedView>> {
        self.read(|connection| {
            let me = require_account(connection)?.agent.id;
            Ok(shown(connection, me)?.shown_views())
        })
    }

    /// The views of the tickets that the agent saved, at whichever desk.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`], [`StoreError::Damaged`] and the like.
    pub fn ticket_views(&self) -> Result<Vec<SavedTicketView>> {
        self.read(|connection| {
            let me = require_account(connection)?.agent.id;
            Ok(shown(connection, me)?.shown_ticket_views())
        })
    }

    /// How the agent wants to be told of alerts.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`], [`StoreError::Damaged`] and the like.
    pub fn alert_prefs(&self) -> Result<AlertPrefs> {
        self.read(|connection| {
            let me = require_account(connection)?.agent.id;
            Ok(shown(connection, me)?.alert_prefs())
        })
    }

    /// Who the agent is, and all that they set for themselves.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`], [`StoreError::Damaged`] and the like.
    pub fn own_settings(&self) -> Result<(AgentId, AgentSettings)> {
        self.read(|connection| {
            let me = require_account(connection)?.agent.id;
            Ok((me, shown(connection, me)?))
        })
    }

    /// Sources of messages.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn inboxes(&self) -> Result<Vec<Inbox>> {
        self.read(inbox::all)
    }

    /// What other systems last said about the customer of a conversation, and when, as it was given to
    /// [`Store::keep_facts`].
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn facts(&self, id: ConversationId) -> Result<Option<(Millis, String)>> {
        self.read(|connection| facts::get(connection, id))
    }

    /// Keeps what other systems said, as long as the conversation is here. Give it masked.
    ///
    /// # Errors
    /// [`StoreError::Full`] and the like.
    pub fn keep_facts(&self, id: ConversationId, at: Millis, body: &str) -> Result<()> {
        if body.len() > MAX_FACTS_BYTES {
            return Ok(());
        }
        self.write(|tx, _| {
            if conversation_body::server(tx, id)?.is_none() {
                // It went while the systems were asked.
                return Ok(());
            }
            facts::put(tx, id, at, body, MOST_FACTS)
        })?;
        Ok(())
    }
}
