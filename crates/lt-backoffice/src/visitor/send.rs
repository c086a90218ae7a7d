//! A customer writes.

use lt_db::{
    Acted, DbError, Tx,
    table::{
        contact,
        conversation::{self, Added},
        inbox, message,
    },
};
use lt_guard::PiiKind;
use lt_model::{
    Millis,
    contact::MAX_MARK_CHARS,
    conversation::{Conversation, Handler, Status},
    id::{AttachmentId, ContactId, ConversationId, MessageId},
    message::{Author, Content, Event, Message, TextError, check_text},
};
use lt_protocol::code::{Code, WireError};

use super::{Looked, Visitor};
use crate::{
    attach, audit,
    backoffice::Backoffice,
    error::{Error, Refused},
    learning::note,
    responder::{Ahead, queue_contacts},
    routing,
    thread::Thread,
    tickets,
};

/// A message that is durable.
struct Received {
    conversation: ConversationId,
    /// Place in the customer's history before it.
    before: u64,
    /// Whether nothing is left to be said or found out about it.
    is_judged: bool,
    /// Whose places in the queue it changed.
    contacts: Vec<ContactId>,
    /// What was added to a conversation that was as it had been seen.
    added: Option<Added>,
}

/// What was looked at before an act.
struct Foreseen<'a> {
    ahead: Option<&'a Ahead>,
    /// Whether that was a while ago.
    is_old: bool,
}

impl Backoffice {
    /// Stores a customer's message (once, however often it is sent), and lets the bot answer or
    /// hand over. Returns the place in the customer's history before that message: what came of it
    /// is read from there on by [`Backoffice::visitor_messages`].
    ///
    /// The message is durable before the bot answers it; when answering fails, the message stays and
    /// [`Backoffice::resume`] answers it later. Where a person is at it, what it means is stored with
    /// it.
    ///
    /// # Errors
    /// [`Code::Empty`], [`Code::TooLarge`]; [`Code::BadRequest`] when the id belongs to another
    /// message.
    pub fn visitor_send(
        &self,
        visitor: &Visitor,
        id: MessageId,
        text: &str,
        now: Millis,
    ) -> Result<u64, WireError> {
        let text = check_text(text).map_err(|error| match error {
            TextError::Empty => WireError::new(Code::Empty, "the message is empty"),
            TextError::TooLong { .. } => WireError::new(Code::TooLarge, "the message is too long"),
        })?;
        let received = match self.recent.take(visitor) {
            Some(looked) => self.receive(visitor, (id, &text), Some(looked), true, now)?,
            None => None,
        };
        let received = match received {
            Some(received) => Some(received),
            None => {
                let looked = self.look_at_newest(visitor);
                self.receive(visitor, (id, &text), looked, false, now)?
            }
        };
        let (received, looked) = received.ok_or(Error::Db(DbError::Missing("conversation")))?;
        let before = self.follow_up(visitor, received, now);
        if let Some(looked) = looked {
            self.recent.put(visitor, looked);
        }
        Ok(before)
    }

    /// Stores a message, with what the conversation is after it where that is known. None where what
    /// was looked at a while ago is so no more.
    fn receive(
        &self,
        visitor: &Visitor,
        (id, text): (MessageId, &str),
        looked: Option<Looked>,
        is_old: bool,
        now: Millis,
    ) -> Result<Option<(Received, Option<Looked>)>, Error> {
        let ahead = looked.map(|looked| self.understand_ahead(looked, (id, text), now));
        let foreseen = Foreseen {
            ahead: ahead.as_ref(),
            is_old,
        };
        let received = self.act(|tx| receive(tx, visitor, (id, text), &foreseen, now));
        let received = match received {
            Err(Error::Db(DbError::Exists)) => {
                self.act(|tx| again(tx, visitor, id, text, now)).map(Some)?
            }
            other => other?,
        };
        Ok(received.map(|mut received| {
            let added = received.added.take().filter(|_| received.is_judged);
            let looked = ahead
                .zip(added)
                .and_then(|(ahead, added)| ahead.looked.after(added));
            (received, looked)
        }))
    }

    /// What a stored message leads to. Returns the place before it.
    fn follow_up(&self, visitor: &Visitor, received: Received, now: Millis) -> u64 {
        let mut contacts = received.contacts;
        contacts.push(visitor.contact_id);
        self.hint_contacts(contacts);
        if !received.is_judged
            && let Err(error) = self.respond(received.conversation, now)
        {
            // Logged there with its trace; the customer's message is safe.
            let _ = WireError::from(error);
        }
        received.before
    }

    /// The same for a picture or file that the customer has uploaded. The bot cannot look at it: it
    /// asks for words, or hands over.
    ///
    /// # Errors
    /// [`Code::NotFound`] when it was not uploaded; [`Code::BadRequest`] when an id belongs to
    /// something else.
    pub fn visitor_send_file(
        &self,
        visitor: &Visitor,
        id: MessageId,
        file: AttachmentId,
        now: Millis,
    ) -> Result<u64, WireError> {
        let received = self.act(|tx| receive_file(tx, visitor, id, file, now))?;
        Ok(self.follow_up(visitor, received, now))
    }
}

fn receive_file(
    tx: &Tx<'_>,
    visitor: &Visitor,
    id: MessageId,
    file: AttachmentId,
    now: Millis,
) -> Result<Acted<Result<Received, Refused>>, Error> {
    let actor = audit::customer(visitor.contact_id);
    let object = audit::message(id);
    let refuse = |why| {
        let entry = audit::denied(now, actor.clone(), "message.receive", object.clone(), why);
        Ok(Acted::logged(Err(why), entry))
    };
    let is_it = |known: &Message| known.file().is_some_and(|known| known.id == file);
    if let Some(known) = received_before(tx, visitor, id, is_it, now)? {
        return Ok(known);
    }
    let file = match attach::claim(tx, attach::of_customer(visitor.contact_id), file, id) {
        Ok(file) => file,
        Err(Error::Refused(why)) => return refuse(why),
        Err(other) => return Err(other),
    };
    let (mut thread, n_tickets) = open_thread(tx, visitor, now)?;
    thread.push(id, Author::Customer, Content::File { file }, now);
    let saved = thread.save(tx)?;
    if n_tickets > 0 {
        tickets::customer_wrote(tx, saved.conversation.id, now)?;
    }
    let received = Received {
        conversation: saved.conversation.id,
        before: saved.before(),
        is_judged: false,
        contacts: Vec::new(),
        added: None,
    };
    let entry = audit::allowed(now, actor, "message.receive", object);
    Ok(Acted::logged(Ok(received), entry))
}

/// Stores a message that is not there yet; one that is there is [`DbError::Exists`]. None, and nothing
/// is written, where what was looked at a while ago is so no more.
fn receive(
    tx: &Tx<'_>,
    visitor: &Visitor,
    said: (MessageId, &str),
    foreseen: &Foreseen<'_>,
    now: Millis,
) -> Result<Acted<Result<Option<Received>, Refused>>, Error> {
    let (id, text) = said;
    let as_seen = match foreseen.ahead {
        Some(ahead) => receive_as_seen(tx, said, ahead, now)?,
        None => None,
    };
    let (conversation, received) = match as_seen {
        Some(done) => {
            learn(tx, visitor.contact_id, text)?;
            done
        }
        None if foreseen.is_old => return Ok(Acted::nothing(Ok(None))),
        None => {
            learn(tx, visitor.contact_id, text)?;
            receive_as_it_is(tx, visitor, said, foreseen.ahead, now)?
        }
    };
    let mut entry = audit::allowed(
        now,
        audit::customer(visitor.contact_id),
        "message.receive",
        audit::message(id),
    );
    let (judged, mut received) = received;
    received.is_judged = judged.is_some();
    if judged == Some(true) {
        "raised".clone_into(&mut entry.reason);
        if conversation.handler == Handler::Queue {
            received.contacts = queue_contacts(tx, conversation.group_id)?;
        }
    }
    Ok(Acted::logged(Ok(Some(received)), entry))
}

/// A conversation after a message; whether the message made it more urgent, where that is known; and
/// what came of it.
type Stored = (Conversation, (Option<bool>, Received));

/// Where the conversation is as it was seen.
fn receive_as_seen(
    tx: &Tx<'_>,
    (id, text): (MessageId, &str),
    ahead: &Ahead,
    now: Millis,
) -> Result<Option<Stored>, Error> {
    let mut conversation = ahead.looked.seen.conversation.clone();
    // It is open.
    if conversation.customer_wrote(now).is_err() {
        return Ok(None);
    }
    let judged = ahead.judge(&mut conversation, now);
    let content = Content::Text {
        text: text.to_owned(),
    };
    let mut thread = Thread::stay(conversation);
    thread.push(id, Author::Customer, content, now);
    let Some((conversation, added)) = thread.save_as_seen(tx, &ahead.looked.seen)? else {
        return Ok(None);
    };
    note::wrote_after(tx, &ahead.looked.tail, &conversation, text, now)?;
    if added.n_tickets > 0 {
        tickets::customer_wrote(tx, conversation.id, now)?;
    }
    let received = Received {
        conversation: conversation.id,
        before: added.stored.contact_seq.saturating_sub(1),
        is_judged: false,
        contacts: Vec::new(),
        added: Some(added),
    };
    Ok(Some((conversation, (judged, received))))
}

/// Wherever the customer's message belongs now.
fn receive_as_it_is(
    tx: &Tx<'_>,
    visitor: &Visitor,
    (id, text): (MessageId, &str),
    ahead: Option<&Ahead>,
    now: Millis,
) -> Result<Stored, Error> {
    let (mut thread, n_tickets) = open_thread(tx, visitor, now)?;
    let ahead = ahead.filter(|ahead| ahead.holds(&thread.conversation));
    match ahead {
        Some(ahead) => {
            note::wrote_after(tx, &ahead.looked.tail, &thread.conversation, text, now)?;
        }
        None => note::wrote(tx, &thread.conversation, text, now)?,
    }
    let judged = ahead.and_then(|ahead| ahead.judge(&mut thread.conversation, now));
    let content = Content::Text {
        text: text.to_owned(),
    };
    thread.push(id, Author::Customer, content, now);
    let saved = thread.save(tx)?;
    if n_tickets > 0 {
        tickets::customer_wrote(tx, saved.conversation.id, now)?;
    }
    let received = Received {
        conversation: saved.conversation.id,
        before: saved.before(),
        is_judged: false,
        contacts: Vec::new(),
        added: None,
    };
    Ok((saved.conversation, (judged, received)))
}

/// The message was stored before.
fn again(
    tx: &Tx<'_>,
    visitor: &Visitor,
    id: MessageId,
    text: &str,
    now: Millis,
) -> Result<Acted<Result<Received, Refused>>, Error> {
    let is_it = |known: &Message| known.text() == Some(text);
    received_before(tx, visitor, id, is_it, now)?.ok_or(Error::Db(DbError::Exists))
}

/// What came of a message of this id, if there is one: the same again is fine, another is refused.
fn received_before(
    tx: &Tx<'_>,
    visitor: &Visitor,
    id: MessageId,
    is_it: impl Fn(&Message) -> bool,
    now: Millis,
) -> Result<Option<Acted<Result<Received, Refused>>>, Error> {
    let Some(known) = message::by_id(tx, id)? else {
        return Ok(None);
    };
    let is_same = known.contact == visitor.contact_id
        && known.message.author == Author::Customer
        && is_it(&known.message);
    if !is_same {
        let why = Refused::new(Code::BadRequest, "the message id is used");
        let actor = audit::customer(visitor.contact_id);
        let entry = audit::denied(now, actor, "message.receive", audit::message(id), why);
        return Ok(Some(Acted::logged(Err(why), entry)));
    }
    Ok(Some(Acted::nothing(Ok(Received {
        conversation: known.message.conversation_id,
        before: known.contact_seq.saturating_sub(1),
        is_judged: false,
        contacts: Vec::new(),
        added: None,
    }))))
}

/// The first phone number and address that a customer gives are kept: an agent is told where another
/// customer gave the same.
fn learn(tx: &Tx<'_>, id: ContactId, text: &str) -> Result<(), Error> {
    let mut found = lt_guard::scan(text);
    found.retain(|span| matches!(span.kind, PiiKind::Phone | PiiKind::Email));
    if found.is_empty() {
        return Ok(());
    }
    let before = contact::by_id(tx, id)?.ok_or(lt_db::DbError::Missing("contact"))?;
    let mut known = before.clone();
    for span in found {
        let said: String = text
            .chars()
            .skip(span.start)
            .take(span.end - span.start)
            .collect();
        let field = match span.kind {
            PiiKind::Phone => &mut known.phone,
            _ => &mut known.email,
        };
        if field.is_empty() && said.chars().count() <= MAX_MARK_CHARS {
            *field = said;
        }
    }
    if known != before {
        contact::update(tx, &known)?;
    }
    Ok(())
}

/// The conversation that the message belongs to: the open one, a resolved one that opens again
/// within its time, or a new one. And on how many tickets it is.
fn open_thread(tx: &Tx<'_>, visitor: &Visitor, now: Millis) -> Result<(Thread, u64), Error> {
    let found = conversation::newest_and_tickets(tx, visitor.contact_id, visitor.inbox_id)?;
    let (newest, n_tickets) = found.map_or((None, 0), |(newest, n)| (Some(newest), n));
    let was_snoozed = newest
        .as_ref()
        .is_some_and(|newest| newest.status == Status::Snoozed);
    if let Some(mut newest) = newest
        && let Ok(reopened) = newest.customer_wrote(now)
    {
        if was_snoozed {
            routing::back_if_gone(tx, &mut newest, now)?;
        }
        if !reopened {
            return Ok((Thread::stay(newest), n_tickets));
        }
        note::reopened(tx, &newest, now)?;
        // What comes now is judged anew.
        newest.begin_judging_anew(now);
        let mut thread = Thread::resume(newest);
        thread.event(Event::Reopened, now)?;
        return Ok((thread, n_tickets));
    }
    let inbox = inbox::by_id(tx, visitor.inbox_id)?.ok_or(lt_db::DbError::Missing("inbox"))?;
    let mut thread = Thread::begin(tx, &inbox, visitor.contact_id, now)?;
    thread
        .conversation
        .customer_wrote(now)
        .map_err(|_| Refused::new(Code::IllegalState, "a new conversation is open"))?;
    Ok((thread, 0))
}
