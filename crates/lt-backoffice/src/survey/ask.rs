//! Asking, and reminding once.

use lt_db::{
    Acted, DbError, Tx,
    table::{
        conversation,
        inbox::{self, Inbox},
        message, survey,
    },
};
use lt_model::{
    Millis,
    audit::Actor,
    contact::ChannelKind,
    conversation::{Conversation, Status},
    id::{ContactId, ConversationId, SurveyId},
    message::{Author, Content, Event},
    survey::{CHANGE_WITHIN_MS, Marked, NotAsked, OPEN_MS, Past, Survey, judge},
};
use lt_protocol::survey::Link;

use super::N_AT_ONCE;
use crate::{
    audit,
    backoffice::Backoffice,
    error::{Error, Refused},
    ids,
    pass_over::passed_over,
    texts,
    thread::Thread,
};

/// Messages by which it is found whom a mark is for.
const N_LOOKED_AT: u64 = 200;

/// The customer who has news, if one has.
type Told = Result<Acted<Result<Option<ContactId>, Refused>>, Error>;

impl Backoffice {
    pub(super) fn ask_due(&self, now: Millis) -> Result<(), Error> {
        for (id, resolved_at) in self.read(|reader| survey::due(reader, now, N_AT_ONCE))? {
            let asked = self.act(|tx| self.ask(tx, id, resolved_at, now));
            let told = passed_over("conversation", id, asked)?.flatten();
            self.hint_contacts(told.into_iter().collect());
        }
        Ok(())
    }

    pub(super) fn remind_due(&self, now: Millis) -> Result<(), Error> {
        for id in self.read(|reader| survey::ringing(reader, now, N_AT_ONCE))? {
            let reminded = self.act(|tx| self.remind(tx, id, now));
            let told = passed_over("survey", id, reminded)?.flatten();
            self.hint_contacts(told.into_iter().collect());
        }
        Ok(())
    }

    fn ask(&self, tx: &Tx<'_>, id: ConversationId, resolved_at: Millis, now: Millis) -> Told {
        if !survey::judged(tx, id, resolved_at)? {
            // Another process was faster.
            return Ok(Acted::nothing(Ok(None)));
        }
        let found = conversation::by_id(tx, id)?.ok_or(DbError::Missing("conversation"))?;
        let inbox = inbox::by_id(tx, found.inbox_id)?.ok_or(DbError::Missing("inbox"))?;
        let marked = match self.may_ask(tx, &found, &inbox, resolved_at, now)? {
            Ok(marked) => marked,
            Err(why) => {
                let object = audit::conversation(id);
                let mut entry = audit::allowed(now, Actor::System, "survey.pass", object);
                why.name().clone_into(&mut entry.reason);
                return Ok(Acted::logged(Ok(None), entry));
            }
        };
        let asked = Survey {
            id: ids::new(now)?,
            conversation_id: id,
            number: found.number,
            inbox_id: found.inbox_id,
            contact_id: found.contact_id,
            agent: marked.agent,
            source: marked.source,
            resolved_at,
            asked_at: now,
            remind_at: inbox
                .survey
                .remind_after_ms
                .map(|ms| now.saturating_add(ms)),
            is_reminded: false,
            expires_at: now.saturating_add(OPEN_MS),
            answer: None,
        };
        survey::insert(tx, &asked, found.person(), found.group_id)?;
        let contact = found.contact_id;
        let mut thread = Thread::resume(found);
        let line = Event::Survey {
            score: None,
            comment: String::new(),
        };
        thread.note_event(line, now)?;
        if let Some(link) = self.link(&asked, inbox.kind) {
            write(
                &mut thread,
                texts::survey_ask(&inbox.survey.question, &link),
                now,
            )?;
        }
        thread.save(tx)?;
        let object = audit::object("survey", asked.id);
        let entry = audit::allowed(now, Actor::System, "survey.ask", object);
        Ok(Acted::logged(Ok(Some(contact)), entry))
    }

    fn may_ask(
        &self,
        tx: &Tx<'_>,
        found: &Conversation,
        inbox: &Inbox,
        resolved_at: Millis,
        now: Millis,
    ) -> Result<Result<Marked, NotAsked>, Error> {
        let newest = survey::newest(tx, found.id)?;
        if newest.is_some_and(|newest| newest.resolved_at == resolved_at) {
            return Ok(Err(NotAsked::AskedLately));
        }
        if inbox.kind != ChannelKind::Web && self.config.public_url.is_none() {
            return Ok(Err(NotAsked::NoWay));
        }
        let past = Past {
            asked_at: survey::asked_last(tx, found.contact_id, found.person())?,
            opted_out: survey::is_opted_out(tx, found.contact_id, found.person())?,
        };
        let messages: Vec<_> = message::tail(tx, found.id, N_LOOKED_AT)?
            .into_iter()
            .map(|stored| stored.message)
            .collect();
        let settings = &inbox.survey;
        Ok(judge(settings, found, resolved_at, &messages, past, now))
    }

    fn remind(&self, tx: &Tx<'_>, id: SurveyId, now: Millis) -> Told {
        let Some(mut asked) = survey::by_id(tx, id)? else {
            return Ok(Acted::nothing(Ok(None)));
        };
        if asked.rings_at().is_none_or(|at| at > now) {
            // Another process was faster.
            return Ok(Acted::nothing(Ok(None)));
        }
        let about = asked.conversation_id;
        let found = conversation::by_id(tx, about)?.ok_or(DbError::Missing("conversation"))?;
        let inbox = inbox::by_id(tx, found.inbox_id)?.ok_or(DbError::Missing("inbox"))?;
        let is_over = found.status == Status::Resolved || found.status == Status::Closed;
        let is_wanted = inbox.survey.on
            && is_over
            && !survey::is_opted_out(tx, found.contact_id, found.person())?;
        let object = audit::object("survey", id);
        if !(is_wanted && asked.remind(now)) {
            asked.remind_at = None;
            survey::update(tx, &asked, found.group_id)?;
            let entry = audit::allowed(now, Actor::System, "survey.let_be", object);
            return Ok(Acted::logged(Ok(None), entry));
        }
        survey::update(tx, &asked, found.group_id)?;
        let contact = found.contact_id;
        let link = self.link(&asked, inbox.kind);
        let mut thread = Thread::resume(found);
        write(&mut thread, texts::survey_reminder(link.as_deref()), now)?;
        thread.save(tx)?;
        let entry = audit::allowed(now, Actor::System, "survey.remind", object);
        Ok(Acted::logged(Ok(Some(contact)), entry))
    }

    /// The address under which a customer answers whose channel has no page.
    fn link(&self, asked: &Survey, kind: ChannelKind) -> Option<String> {
        if kind == ChannelKind::Web {
            return None;
        }
        let link = Link {
            survey: asked.id,
            // What was answered in the last moment can still be changed.
            ends_at: asked.expires_at.saturating_add(CHANGE_WITHIN_MS),
        };
        let token = link.sign(&self.keys.survey);
        let base = self.config.public_url.as_deref()?;
        Some(format!("{base}/s/{token}"))
    }
}

/// The bot writes to the customer; the conversation keeps its place in lists by time.
fn write(thread: &mut Thread, text: String, now: Millis) -> Result<(), Error> {
    let last_message_at = thread.conversation.last_message_at;
    let author = Author::Bot { source: None };
    thread.push(ids::new(now)?, author, Content::Text { text }, now);
    thread.conversation.last_message_at = last_message_at;
    Ok(())
}
