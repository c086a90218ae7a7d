//! What customers answer, at the chat page or under a link.

use lt_db::{
    Acted, DbError, Tx,
    table::{conversation, inbox, org, survey},
};
use lt_model::{
    Millis,
    id::{ContactId, SurveyId},
    message::Event,
    survey::{NotTaken, Survey},
};
use lt_protocol::{
    code::{Code, WireError},
    survey::{AnswerForm, Link},
};

use crate::{
    audit,
    backoffice::Backoffice,
    error::{Error, Refused},
    thread::Thread,
    visitor::Visitor,
};

/// What the page behind a link shows.
#[derive(Clone, Debug)]
pub struct LinkSurvey {
    /// Name of the organisation.
    pub organisation: String,
    /// The shop's wording in Chinese and English; empty for the standard one.
    pub question: (String, String),
    /// It.
    pub survey: Survey,
    /// Whether the customer does not want to be asked again.
    pub opted_out: bool,
}

impl Backoffice {
    /// A customer at the chat page marks a conversation of theirs.
    ///
    /// # Errors
    /// [`Code::NotFound`], [`Code::BadRequest`], [`Code::TooLarge`]; [`Code::IllegalState`] when its
    /// time is over or the answer is fixed.
    pub fn visitor_rate(
        &self,
        visitor: &Visitor,
        id: SurveyId,
        (score, comment): (u8, &str),
        now: Millis,
    ) -> Result<(), WireError> {
        let form = AnswerForm::Mark {
            score,
            comment: comment.to_owned(),
        };
        Ok(self.take_form(id, Some(visitor.contact_id), &form, now)?)
    }

    /// A customer at the chat page does not want to be asked again.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub fn visitor_opt_out(
        &self,
        visitor: &Visitor,
        id: SurveyId,
        now: Millis,
    ) -> Result<(), WireError> {
        Ok(self.take_form(id, Some(visitor.contact_id), &AnswerForm::OptOut, now)?)
    }

    /// What stands behind a link.
    ///
    /// # Errors
    /// [`Code::NotFound`] when it opens nothing, or not any more.
    pub fn survey_by_link(&self, token: &str, now: Millis) -> Result<LinkSurvey, WireError> {
        let id = self.opened(token, now)?;
        let found = self.read(|reader| {
            let Some(survey) = survey::by_id(reader, id)? else {
                return Ok(None);
            };
            let settings = inbox::by_id(reader, survey.inbox_id)?.map(|inbox| inbox.survey);
            let settings = settings.unwrap_or_default();
            let person = conversation::by_id(reader, survey.conversation_id)?
                .map_or(survey.contact_id, |conversation| conversation.person());
            Ok(Some(LinkSurvey {
                organisation: org::name(reader)?.unwrap_or_default(),
                question: (settings.question, settings.question_en),
                opted_out: survey::is_opted_out(reader, survey.contact_id, person)?,
                survey,
            }))
        })?;
        Ok(found.ok_or_else(no_such_survey).map_err(Error::from)?)
    }

    /// What was posted under a link.
    ///
    /// # Errors
    /// As for [`Backoffice::visitor_rate`].
    pub fn answer_by_link(
        &self,
        token: &str,
        form: &AnswerForm,
        now: Millis,
    ) -> Result<(), WireError> {
        let id = self.opened(token, now)?;
        Ok(self.take_form(id, None, form, now)?)
    }

    fn opened(&self, token: &str, now: Millis) -> Result<SurveyId, Error> {
        let link = Link::read(token, &self.keys.survey, now).map_err(|_| no_such_survey())?;
        Ok(link.survey)
    }

    fn take_form(
        &self,
        id: SurveyId,
        by: Option<ContactId>,
        form: &AnswerForm,
        now: Millis,
    ) -> Result<(), Error> {
        let told = self.act(|tx| {
            let asked = survey::by_id(tx, id)?;
            let Some(asked) = asked.filter(|asked| by.is_none_or(|by| by == asked.contact_id))
            else {
                return Ok(Acted::nothing(Err(no_such_survey())));
            };
            match form {
                AnswerForm::Mark { score, comment } => rate(tx, asked, *score, comment, now),
                AnswerForm::OptOut => opt_out(tx, &asked, now),
            }
        })?;
        self.hint_contacts(told.into_iter().collect());
        Ok(())
    }
}

type Told = Result<Acted<Result<Option<ContactId>, Refused>>, Error>;

fn rate(tx: &Tx<'_>, mut asked: Survey, score: u8, comment: &str, now: Millis) -> Told {
    let contact = asked.contact_id;
    let (actor, object) = (audit::customer(contact), audit::object("survey", asked.id));
    match asked.answer(score, comment, now) {
        Ok(true) => {}
        // The same again, as a page sends it that heard no answer.
        Ok(false) => return Ok(Acted::nothing(Ok(None))),
        Err(why) => {
            let why = refused(why);
            let entry = audit::denied(now, actor, "survey.answer", object, why);
            return Ok(Acted::logged(Err(why), entry));
        }
    }
    let about = asked.conversation_id;
    let found = conversation::by_id(tx, about)?.ok_or(DbError::Missing("conversation"))?;
    survey::update(tx, &asked, found.group_id)?;
    let mut thread = Thread::resume(found);
    let comment = asked
        .answer
        .map(|answer| answer.comment)
        .unwrap_or_default();
    let score = Some(score);
    thread.note_event(Event::Survey { score, comment }, now)?;
    thread.save(tx)?;
    let entry = audit::allowed(now, actor, "survey.answer", object);
    Ok(Acted::logged(Ok(Some(contact)), entry))
}

fn opt_out(tx: &Tx<'_>, asked: &Survey, now: Millis) -> Told {
    let contact = asked.contact_id;
    let person = conversation::by_id(tx, asked.conversation_id)?
        .map_or(contact, |conversation| conversation.person());
    if survey::is_opted_out(tx, contact, person)? {
        return Ok(Acted::nothing(Ok(None)));
    }
    let mut contacts = vec![contact, person];
    contacts.dedup();
    survey::opt_out(tx, &contacts, now)?;
    let object = audit::object("contact", contact);
    let entry = audit::allowed(now, audit::customer(contact), "survey.opt_out", object);
    Ok(Acted::logged(Ok(Some(contact)), entry))
}

fn refused(why: NotTaken) -> Refused {
    match why {
        NotTaken::Score => Refused::new(Code::BadRequest, "no such mark"),
        NotTaken::TooLong => Refused::new(Code::TooLarge, "the comment is too long"),
        NotTaken::Expired => Refused::new(Code::IllegalState, "the survey is over"),
        NotTaken::Fixed => Refused::new(Code::IllegalState, "the answer is fixed"),
    }
}

fn no_such_survey() -> Refused {
    Refused::new(Code::NotFound, "no such survey")
}
