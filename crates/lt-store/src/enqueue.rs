//! What the agent does: checked, shown at once, put into the outbox and audited, in one transaction.

use lt_model::{
    Millis,
    agent::{Agent, Permission},
    contact::merge::ContactAct,
    conversation::{Conversation, Status},
    id::{ConversationId, MessageId, OpId},
    message::{Author, Content, Delivery, Message, RECALL_WINDOW_MS, check_text},
};
use lt_protocol::sync::{Action, Op};
use rusqlite::Transaction;

use crate::{
    Account, Change, Result, Store, StoreError, alert, canned,
    change::Touched,
    edit::editor,
    feed, file, people, personal, picked, quality,
    read::StoredMessage,
    routing,
    store::{Act, new_op_id, require_account},
    table::{
        self, conversation_body,
        draft::{NOTES, REPLIES, WHISPERS},
        message, meta, outbox, overtake, ticket_body,
    },
    ticket, whisper,
};

/// Messages behind what was seen that are looked at: more of them are not by one agent alone.
const LOOK_BACK: u32 = 200;

/// What became of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enqueued {
    /// It is in the outbox.
    New(OpId),
    /// It was done before, or changes nothing: nothing was put into the outbox.
    AlreadyThere,
}

impl Store {
    /// Does what the agent wants: shows the effect, keeps the operation for the server, writes the
    /// audit record. A message that is here already is not sent again.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`], [`StoreError::NotFound`], [`StoreError::Illegal`] (held by another
    /// agent, closed, or messages that the writer has not seen), [`StoreError::Text`],
    /// [`StoreError::Full`]. Nothing is kept then.
    pub fn enqueue(&self, action: Action, now: Millis) -> Result<(Enqueued, Change)> {
        self.write(|tx, touched| self.enqueue_in(tx, action, touched, now))
    }

    /// The same in a transaction that does more.
    pub(crate) fn enqueue_in(
        &self,
        tx: &Transaction<'_>,
        action: Action,
        touched: &mut Touched,
        now: Millis,
    ) -> Result<Enqueued> {
        let account = require_account(tx)?;
        let Some(action) = permitted(tx, &account.agent, action, now)? else {
            return Ok(Enqueued::AlreadyThere);
        };
        let op = next_op(tx, action, now)?;
        self.add(tx, &account, &op, touched, now)?;
        if let Some(conversation) = op.action.conversation() {
            match op.action {
                Action::SendMessage { .. } => REPLIES.delete(tx, conversation)?,
                Action::AddNote { .. } => NOTES.delete(tx, conversation)?,
                Action::Whisper { .. } => WHISPERS.delete(tx, conversation)?,
                _ => {}
            }
        }
        Ok(Enqueued::New(op.id))
    }

    /// Tries a refused operation again under a new number, having seen what came in since; and with
    /// it those that were refused because it was, as far as they still make sense.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::NotRefused`], and as for [`Store::enqueue`]; it stays
    /// refused then.
    pub fn retry(&self, op_id: OpId, seen_seq: u64, now: Millis) -> Result<(Enqueued, Change)> {
        self.write(|tx, touched| {
            let account = require_account(tx)?;
            let enqueued = self.again(tx, &account, op_id, seen_seq, touched, now)?;
            let mut before = vec![op_id];
            while let Some(op_id) = before.pop() {
                for entry in outbox::refused_after(tx, op_id)? {
                    match self.again(tx, &account, entry.op.id, seen_seq, touched, now) {
                        Ok(_) => before.push(entry.op.id),
                        // It waits for the agent as before.
                        Err(StoreError::Illegal(_) | StoreError::NotFound(_)) => {}
                        Err(other) => return Err(other),
                    }
                }
            }
            Ok(enqueued)
        })
    }

    fn again(
        &self,
        tx: &Transaction<'_>,
        account: &Account,
        op_id: OpId,
        seen_seq: u64,
        touched: &mut Touched,
        now: Millis,
    ) -> Result<Enqueued> {
        let mut action = refused(tx, op_id)?.action;
        if let Action::SendMessage { seen_seq: seen, .. }
        | Action::SendFile { seen_seq: seen, .. } = &mut action
        {
            *seen = (*seen).max(seen_seq);
        }
        if let Action::Ticket { ticket_id, act } = &mut action
            && let Some(shown) = ticket_body::shown(tx, *ticket_id)?
        {
            // Who tries again has seen what there is.
            *act = act.clone().anew(&shown);
        }
        let action = legal(tx, &account.agent, action, now)?;
        outbox::delete_refused(tx, op_id)?;
        touched.outbox = true;
        let retried = Act::done("outbox.retry", format!("operation:{op_id}"));
        self.audit(tx, &retried, account, now)?;
        let Some(action) = action else {
            return Ok(Enqueued::AlreadyThere);
        };
        let op = next_op(tx, action, now)?;
        self.add(tx, account, &op, touched, now)?;
        Ok(Enqueued::New(op.id))
    }

    /// Gives up a refused operation. The text of a message goes back to the draft, behind what is
    /// being written there.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::NotRefused`].
    pub fn discard(&self, op_id: OpId, now: Millis) -> Result<Change> {
        let ((), change) = self.write(|tx, touched| {
            let account = require_account(tx)?;
            let op = refused(tx, op_id)?;
            outbox::delete_refused(tx, op_id)?;
            let unsent = match &op.action {
                Action::SendMessage {
                    conversation_id,
                    message_id,
                    text,
                    ..
                } => Some((REPLIES, conversation_id, message_id, text)),
                Action::AddNote {
                    conversation_id,
                    message_id,
                    text,
                    ..
                } => Some((NOTES, conversation_id, message_id, text)),
                _ => None,
            };
            if let Action::SendFile {
                message_id, file, ..
            } = &op.action
            {
                message::delete_unsent(tx, *message_id)?;
                file::give_back(tx, file.id)?;
            }
            if let Some((drafts, conversation_id, message_id, text)) = unsent {
                message::delete_unsent(tx, *message_id)?;
                drafts.give_back(tx, *conversation_id, text, now)?;
            }
            if let Action::Whisper {
                conversation_id,
                whisper,
            } = &op.action
            {
                WHISPERS.give_back(tx, *conversation_id, &whisper.text, now)?;
            }
            self.after_op(tx, &op.action, &account.agent, touched)?;
            let act = Act::done("outbox.discard", format!("operation:{op_id}"));
            self.audit(tx, &act, &account, now)
        })?;
        Ok(change)
    }

    /// Keeps what is being written in a conversation; an empty text forgets it.
    ///
    /// # Errors
    /// [`StoreError::Full`] and the like.
    pub fn save_draft(&self, conversation: ConversationId, text: &str, now: Millis) -> Result<()> {
        self.write(|tx, _| REPLIES.put(tx, conversation, text, now))?;
        Ok(())
    }

    /// Puts a checked operation into the outbox, with its effect and its audit record.
    fn add(
        &self,
        tx: &Transaction<'_>,
        account: &Account,
        op: &Op,
        touched: &mut Touched,
        now: Millis,
    ) -> Result<()> {
        let place = outbox::insert(tx, op)?;
        overtake::let_pass(tx)?;
        if let Some(message) = written(&account.agent, op) {
            message::put_unsent(tx, &message, place)?;
        }
        touched.outbox_grew = true;
        touched.canned |= canned::note_use(tx, &op.action)?;
        // What the agent says of an entry counts at this desk at once.
        touched.faq |= picked::note(tx, &op.action, now)?;
        self.after_op(tx, &op.action, &account.agent, touched)?;
        let act = Act::done(op.action.name(), object(&op.action, account));
        self.audit(tx, &act, account, now)
    }

    /// Draws again what an operation has an effect on.
    pub(crate) fn after_op(
        &self,
        tx: &Transaction<'_>,
        action: &Action,
        me: &Agent,
        touched: &mut Touched,
    ) -> Result<()> {
        touched.outbox = true;
        touched.engine |= outbox::is_about_engine(action);
        touched.ticket_types |= matches!(action, Action::SaveTicketType { .. });
        if let Some(id) = action.ticket() {
            touched.ticket(id);
            return ticket::redraw(tx, id, me);
        }
        let contacts = people::both(action);
        if !contacts.is_empty() {
            people::redraw(tx, me, &contacts)?;
            for id in people::conversations(tx, &contacts)? {
                touched.conversation(id);
                feed::redraw_conversation(tx, id, me)?;
            }
            return Ok(());
        }
        touched.canned |= outbox::is_about_canned(action);
        if outbox::is_about_alerts(action) {
            (touched.alerts, touched.alert_rules) = (true, true);
        }
        touched.quality |= matches!(action, Action::Quality { .. });
        touched.personal |= matches!(action, Action::EditPersonal { .. });
        match action.conversation() {
            Some(conversation) => {
                touched.conversation(conversation);
                feed::redraw_conversation(tx, conversation, me)
            }
            None => {
                touched.inbox = true;
                feed::redraw_self(tx, me)
            }
        }
    }
}

/// The message or note that an operation writes, as it stands here until the server has it.
pub(crate) fn written(me: &Agent, op: &Op) -> Option<Message> {
    let (conversation_id, id, content, source) = match &op.action {
        Action::SendMessage {
            conversation_id,
            message_id,
            text,
            source,
            composed,
            ..
        } => {
            let text = text.clone();
            let content = match composed.reply_to {
                Some(to) => Content::Reply { text, to },
                None => Content::Text { text },
            };
            (*conversation_id, *message_id, content, source.clone())
        }
        Action::SendFile {
            conversation_id,
            message_id,
            file,
            ..
        } => {
            let content = Content::File { file: file.clone() };
            (*conversation_id, *message_id, content, None)
        }
        Action::AddNote {
            conversation_id,
            message_id,
            text,
            mentions,
        } => {
            let (text, mentions) = (text.clone(), mentions.clone());
            let content = Content::Note { text, mentions };
            (*conversation_id, *message_id, content, None)
        }
        _ => return None,
    };
    Some(Message {
        id,
        conversation_id,
        seq: 0,
        author: Author::Agent {
            agent: me.id,
            name: me.display_name.clone(),
            source,
        },
        content,
        delivery: Delivery::Pending,
        at: op.at,
    })
}

/// What an audit record names, by its id.
pub(crate) fn object(action: &Action, account: &Account) -> String {
    match action {
        Action::SendMessage { message_id, .. }
        | Action::SendFile { message_id, .. }
        | Action::AddNote { message_id, .. }
        | Action::Recall { message_id, .. } => format!("message:{message_id}"),
        Action::Whisper { whisper, .. } => format!("whisper:{}", whisper.id),
        Action::Contact { contact_id, .. } => format!("contact:{contact_id}"),
        Action::SaveCanned { items } => match items.first() {
            Some(first) => format!("canned:{}", first.id),
            None => "canned:".to_owned(),
        },
        Action::RemoveCanned { ids } => match ids.first() {
            Some(first) => format!("canned:{first}"),
            None => "canned:".to_owned(),
        },
        Action::Alert { alert_id, .. } => format!("alert:{alert_id}"),
        Action::SaveAlertRule { edit } => format!("alert_rule:{}", edit.id),
        Action::RemoveAlertRule { rule_id } => format!("alert_rule:{rule_id}"),
        Action::Quality { act } => act.object(),
        Action::Claim { conversation_id }
        | Action::Resolve { conversation_id }
        | Action::Decline { conversation_id }
        | Action::Transfer {
            conversation_id, ..
        }
        | Action::TakeOver { conversation_id }
        | Action::Snooze {
            conversation_id, ..
        }
        | Action::Wake { conversation_id }
        | Action::Reopen { conversation_id }
        | Action::TakeBack { conversation_id }
        | Action::PatchConversation {
            conversation_id, ..
        }
        | Action::Read {
            conversation_id, ..
        } => format!("conversation:{conversation_id}"),
        Action::Thumb { message_id, .. } => format!("message:{message_id}"),
        Action::RuleLearned { faq_id, .. } => format!("faq:{faq_id}"),
        Action::SetPresence { .. } | Action::EditPersonal { .. } | Action::Configure { .. } => {
            format!("agent:{}", account.agent.id)
        }
        Action::Ticket { ticket_id, .. } => format!("ticket:{ticket_id}"),
        Action::SaveTicketType { ticket_type } => format!("ticket_type:{}", ticket_type.id),
        Action::SetEngineSettings { base, .. } | Action::RestoreEngineSettings { base, .. } => {
            format!("engine_settings:{base}")
        }
    }
}

/// The next operation, with the next number.
fn next_op(tx: &Transaction<'_>, action: Action, now: Millis) -> Result<Op> {
    let n = meta::get_int(tx, meta::NEXT_N)?.unwrap_or(1);
    meta::set(tx, meta::NEXT_N, &n.saturating_add(1).to_string())?;
    Ok(Op {
        n: crate::sql::count(n),
        id: new_op_id(now)?,
        at: now,
        after: outbox::to_follow(tx, &action)?,
        action,
    })
}

fn refused(tx: &Transaction<'_>, op_id: OpId) -> Result<Op> {
    let entry = outbox::get(tx, op_id)?.ok_or(StoreError::NotFound("operation"))?;
    match entry.state {
        outbox::OpState::Refused(_) => Ok(entry.op),
        outbox::OpState::Queued => Err(StoreError::NotRefused),
    }
}

/// Checks the permission, then the rest. None: nothing is to be done.
fn permitted(
    tx: &Transaction<'_>,
    me: &Agent,
    action: Action,
    now: Millis,
) -> Result<Option<Action>> {
    let permission = match &action {
        Action::SendMessage { .. }
        | Action::SendFile { .. }
        | Action::AddNote { .. }
        | Action::Recall { .. }
        | Action::Thumb { .. } => Permission::ConvReply,
        Action::Whisper { whisper, .. } if whisper.agent == me.id => Permission::ConvReply,
        Action::Whisper { .. } => Permission::ConvWhisper,
        Action::Contact { act, .. } => match act {
            ContactAct::Merge { .. } => Permission::CustMerge,
            ContactAct::Split { .. } => Permission::CustSplit,
        },
        Action::SaveCanned { .. } | Action::RemoveCanned { .. } => Permission::CannedManage,
        Action::Alert { .. } | Action::SaveAlertRule { .. } | Action::RemoveAlertRule { .. } => {
            Permission::AlertManage
        }
        Action::Quality { act } => act.permission(),
        Action::RuleLearned { .. } => Permission::FaqReview,
        Action::Claim { .. } | Action::Decline { .. } => Permission::ConvClaim,
        Action::Transfer { .. } | Action::TakeBack { .. } => Permission::ConvReply,
        Action::TakeOver { .. } => Permission::ConvSupervise,
        Action::Configure { setting } => setting.permission(),
        Action::EditPersonal { .. } => Permission::PersonalEdit,
        Action::Resolve { .. }
        | Action::Snooze { .. }
        | Action::Wake { .. }
        | Action::Reopen { .. } => Permission::ConvResolve,
        Action::PatchConversation { .. } => Permission::ConvEdit,
        Action::Read { .. } => Permission::ConvView,
        Action::Ticket { .. } => Permission::TicketWork,
        Action::SaveTicketType { .. } => Permission::TicketManage,
        Action::SetPresence { .. } => Permission::PresenceSet,
        Action::SetEngineSettings { .. } | Action::RestoreEngineSettings { .. } => {
            Permission::EngineManage
        }
    };
    if !me.role.may(permission) {
        return Err(StoreError::Forbidden);
    }
    if let Some(message) = outbox::message_of(&action)
        && is_here(tx, message)?
    {
        return Ok(None);
    }
    legal(tx, me, action, now)
}

fn is_here(tx: &Transaction<'_>, message: MessageId) -> Result<bool> {
    Ok(message::exists(tx, message)? || outbox::by_message(tx, message)?.is_some())
}

/// Up to where all is seen: the agent's own words and event lines count as that. Such may have come
/// since whoever sends looked, the echo of the reply before this one above all.
fn seen_up_to(tx: &Transaction<'_>, me: &Agent, shown: &Conversation, seen: u64) -> Result<u64> {
    let n_later = shown.seq.saturating_sub(seen);
    let limit = u32::try_from(n_later).unwrap_or(u32::MAX).min(LOOK_BACK);
    let later = message::after(tx, shown.id, seen, limit)?;
    let is_seen = |stored: &StoredMessage| {
        let said = &stored.message;
        !said.is_said() || matches!(&said.author, Author::Agent { agent, .. } if *agent == me.id)
    };
    // What is not here was not seen either.
    let all_here = u64::try_from(later.len()) == Ok(n_later);
    Ok(match all_here && later.iter().all(is_seen) {
        true => shown.seq.max(seen),
        false => seen,
    })
}

/// Tries the move on a copy of what is shown: what the domain forbids is not even queued.
fn legal(
    tx: &Transaction<'_>,
    me: &Agent,
    mut action: Action,
    now: Millis,
) -> Result<Option<Action>> {
    if outbox::is_about_engine(&action) {
        // The server compares it with what it has.
        return Ok(Some(action));
    }
    if matches!(
        action,
        Action::RuleLearned { .. } | Action::Configure { .. }
    ) {
        return Ok(Some(action));
    }
    if let Action::Contact { contact_id, act } = &action {
        people::legal(tx, me, *contact_id, act, now)?;
        return Ok(Some(action));
    }
    if let Action::Whisper {
        conversation_id,
        whisper,
    } = &mut action
    {
        let is_news = whisper::legal(tx, *conversation_id, whisper)?;
        return Ok(is_news.then_some(action));
    }
    if let Action::Ticket { ticket_id, act } = action {
        return ticket::legal(tx, me, ticket_id, act, now);
    }
    if matches!(action, Action::SaveTicketType { .. }) {
        return Ok(Some(action));
    }
    if let Action::EditPersonal { edits } = action {
        return personal::legal(tx, me.id, edits, now);
    }
    if outbox::is_about_canned(&action) {
        return canned::legal(tx, action);
    }
    if let Action::Quality { act } = action {
        return quality::legal(tx, me, *act, now);
    }
    if outbox::is_about_alerts(&action) {
        return alert::legal(tx, me, action, now);
    }
    let Some(conversation_id) = action.conversation() else {
        let shown = table::agent::shown(tx, me.id)?.unwrap_or_else(|| me.clone());
        let same = matches!(action, Action::SetPresence { presence } if presence == shown.presence);
        return Ok((!same).then_some(action));
    };
    let Some(before) = conversation_body::shown(tx, conversation_id)? else {
        return match action {
            // It may have gone to a group that this desk does not see; the server knows.
            Action::TakeBack { .. } => Ok(Some(action)),
            _ => Err(StoreError::NotFound("conversation")),
        };
    };
    let mut after = before.clone();
    match &mut action {
        Action::SendMessage { text, seen_seq, .. } => {
            *text = check_text(text)?;
            *seen_seq = seen_up_to(tx, me, &before, *seen_seq)?;
            after.agent_wrote(me.id, *seen_seq, now)?;
            return Ok(Some(action));
        }
        Action::SendFile {
            message_id,
            file,
            seen_seq,
            ..
        } => {
            *file = file::send(tx, conversation_id, *message_id, file)?;
            *seen_seq = seen_up_to(tx, me, &before, *seen_seq)?;
            after.agent_wrote(me.id, *seen_seq, now)?;
            return Ok(Some(action));
        }
        Action::AddNote { text, .. } => {
            *text = check_text(text)?;
            return Ok(Some(action));
        }
        Action::Recall { message_id, .. } => {
            let is_news = may_recall(tx, me, conversation_id, *message_id, now)?;
            return Ok(is_news.then_some(action));
        }
        Action::PatchConversation { patch, .. } => {
            *patch = patch.clone().check()?;
            let patched = after.patch_shown(patch, &editor(me), now)?;
            // What is in conflict by what is here already goes to the server all the same: it says
            // so, and the agent decides.
            let is_news = !patched.applied.is_empty() || !patched.conflicts.is_empty();
            return Ok(is_news.then_some(action));
        }
        Action::Claim { .. }
        | Action::Decline { .. }
        | Action::Transfer { .. }
        | Action::TakeOver { .. }
        | Action::Snooze { .. }
        | Action::Wake { .. }
        | Action::TakeBack { .. }
        | Action::Reopen { .. } => {
            let asked = routing::asked(tx, &before, &action, me)?;
            routing::perform(&mut after, &action, asked, me, now)?;
        }
        Action::Resolve { .. } => resolve(&mut after, me, now)?,
        Action::Read { seq, .. } => {
            *seq = (*seq).min(before.seq);
            let is_news = before.assignee() == Some(me.id) && *seq > before.agent_read_seq;
            return Ok(is_news.then_some(action));
        }
        Action::Thumb { .. } => {
            return Ok(picked::is_news(tx, &action)?.then_some(action));
        }
        Action::SetPresence { .. }
        | Action::Whisper { .. }
        | Action::Contact { .. }
        | Action::EditPersonal { .. }
        | Action::Configure { .. }
        | Action::RuleLearned { .. }
        | Action::SaveCanned { .. }
        | Action::RemoveCanned { .. }
        | Action::Alert { .. }
        | Action::SaveAlertRule { .. }
        | Action::RemoveAlertRule { .. }
        | Action::Quality { .. }
        | Action::Ticket { .. }
        | Action::SaveTicketType { .. }
        | Action::SetEngineSettings { .. }
        | Action::RestoreEngineSettings { .. } => {}
    }
    Ok((before != after).then_some(action))
}

/// Whether a message may be taken back, and is not yet.
fn may_recall(
    tx: &Transaction<'_>,
    me: &Agent,
    conversation: ConversationId,
    id: MessageId,
    now: Millis,
) -> Result<bool> {
    let stored = message::get(tx, id)?.ok_or(StoreError::NotFound("message"))?;
    let message = stored.message;
    if message.conversation_id != conversation || message.written_by() != Some(me.id) {
        return Err(StoreError::Forbidden);
    }
    if message.delivery == Delivery::Failed || now - message.at > RECALL_WINDOW_MS {
        return Err(StoreError::TooLate);
    }
    let taken =
        message.delivery == Delivery::Recalled || outbox::recalls(tx, conversation)?.contains(&id);
    Ok(!taken)
}

fn resolve(conversation: &mut Conversation, me: &Agent, now: Millis) -> Result<()> {
    if conversation.status == Status::Resolved {
        return Ok(());
    }
    Ok(conversation.resolve(me.id, me.role.may(Permission::ConvSupervise), now)?)
}
