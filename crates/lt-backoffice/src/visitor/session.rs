//! Who a visitor is.

use lt_db::{
    Acted, Tx,
    table::{contact, contact_identity, inbox, org},
};
use lt_model::{
    Millis,
    contact::{Contact, MAX_MARK_CHARS},
    id::{ContactId, InboxId},
};
use lt_protocol::{
    code::{Code, WireError},
    widget::{Known, SessionRequest, VisitorSession},
};
use lt_seal::{Secret, random_token, sha256};

use crate::{
    audit,
    backoffice::Backoffice,
    error::{Error, Refused},
    ids, texts,
};

const MAX_NAME_CHARS: usize = 64;

/// A customer at the chat page of an inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// The customer.
    pub contact_id: ContactId,
    /// Where they write.
    pub inbox_id: InboxId,
}

impl Backoffice {
    /// Lets a visitor in: as who they were when their token is still good, as somebody new
    /// otherwise. The token is in the answer alone; the store has its hash.
    ///
    /// # Errors
    /// [`Code::NotFound`] when there is no such inbox.
    pub fn visitor_session(
        &self,
        request: SessionRequest,
        now: Millis,
    ) -> Result<VisitorSession, WireError> {
        let name = clean_name(&request.name);
        let earlier = request.token.map(Secret::new);
        let session = self.act(|tx| {
            let Some(inbox) = inbox::by_key(tx, &request.inbox)? else {
                let why = Refused::new(Code::NotFound, "no such inbox");
                return Ok(Acted::nothing(Err(why)));
            };
            let session = |token: &Secret<String>| -> Result<VisitorSession, Error> {
                Ok(VisitorSession {
                    token: token.expose().clone(),
                    organisation: org::name(tx)?.unwrap_or_default(),
                    greeting: texts::GREETING.to_owned(),
                })
            };
            if let Some(token) = &earlier
                && let Some((of_inbox, id)) =
                    contact_identity::by_token(tx, &sha256(token.as_bytes()))?
                && of_inbox == inbox.id
            {
                let said = (name.as_str(), &request.known);
                return back_again(tx, id, said, session(token)?, now);
            }
            let token = random_token()?;
            let mut contact = Contact::new(ids::new(now)?, name.clone(), now);
            tell(&mut contact, &request.known);
            contact::insert(tx, &contact)?;
            let hash = sha256(token.as_bytes());
            contact_identity::insert(tx, inbox.id, &hash, contact.id, now)?;
            let object = audit::object("contact", contact.id);
            let actor = audit::customer(contact.id);
            let entry = audit::allowed(now, actor, "contact.create", object);
            Ok(Acted::logged(Ok(session(&token)?), entry))
        })?;
        Ok(session)
    }

    /// Who holds this token, if that is known without asking anybody.
    pub fn visitor_known(&self, token: &str) -> Option<Visitor> {
        self.visitors.get(&sha256(token.as_bytes()))
    }

    /// Who holds this token.
    ///
    /// # Errors
    /// [`Code::SignedOut`] when nobody does.
    pub fn visitor(&self, token: &str) -> Result<Visitor, WireError> {
        let hash = sha256(token.as_bytes());
        if let Some(visitor) = self.visitors.get(&hash) {
            return Ok(visitor);
        }
        let found = self
            .db
            .glance(|reader| contact_identity::by_token(reader, &hash))
            .map_err(Error::from)?;
        let (inbox_id, contact_id) = found.ok_or(Error::Refused(Refused::new(
            Code::SignedOut,
            "no such visitor",
        )))?;
        let visitor = Visitor {
            contact_id,
            inbox_id,
        };
        self.visitors.add(hash, visitor);
        Ok(visitor)
    }
}

/// What is new of what the page says is kept.
fn back_again(
    tx: &Tx<'_>,
    id: ContactId,
    (name, also): (&str, &Known),
    session: VisitorSession,
    now: Millis,
) -> Result<Acted<Result<VisitorSession, Refused>>, Error> {
    let mut known = contact::by_id(tx, id)?.ok_or(lt_db::DbError::Missing("contact"))?;
    let before = known.clone();
    if !name.is_empty() {
        name.clone_into(&mut known.display_name);
    }
    tell(&mut known, also);
    if known == before {
        return Ok(Acted::nothing(Ok(session)));
    }
    contact::update(tx, &known)?;
    let object = audit::object("contact", id);
    let entry = audit::allowed(now, audit::customer(id), "contact.update", object);
    Ok(Acted::logged(Ok(session), entry))
}

/// Keeps what the page knows; what it does not know stays.
fn tell(contact: &mut Contact, known: &Known) {
    for (field, said) in [
        (&mut contact.phone, &known.phone),
        (&mut contact.email, &known.email),
        (&mut contact.member, &known.member),
    ] {
        let said: String = said.chars().filter(|c| !c.is_control()).collect();
        let said = said.trim();
        if !said.is_empty() && said.chars().count() <= MAX_MARK_CHARS {
            said.clone_into(field);
        }
    }
}

/// What a page gives as a name is bounded and loses its control characters.
fn clean_name(given: &str) -> String {
    let visible: String = given.chars().filter(|c| !c.is_control()).collect();
    visible.trim().chars().take(MAX_NAME_CHARS).collect()
}
