//! Who a visitor is.

use lt_db::{
    Acted, Tx,
    table::{contact, contact_identity, inbox, org},
};
use lt_model::{
    Millis,
    contact::{Contact, ValueTier},
    id::{ContactId, InboxId},
};
use lt_protocol::{
    code::{Code, WireError},
    widget::{SessionRequest, VisitorSession},
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
                return back_again(tx, id, &name, session(token)?, now);
            }
            let token = random_token()?;
            let contact = Contact {
                id: ids::new(now)?,
                display_name: name.clone(),
                value_tier: ValueTier::Normal,
                created_at: now,
            };
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

    /// Who holds this token.
    ///
    /// # Errors
    /// [`Code::SignedOut`] when nobody does.
    pub fn visitor(&self, token: &str) -> Result<Visitor, WireError> {
        let hash = sha256(token.as_bytes());
        let found = self.read(|reader| contact_identity::by_token(reader, &hash))?;
        let (inbox_id, contact_id) = found.ok_or(Error::Refused(Refused::new(
            Code::SignedOut,
            "no such visitor",
        )))?;
        Ok(Visitor {
            contact_id,
            inbox_id,
        })
    }
}

/// A name that is new is kept.
fn back_again(
    tx: &Tx<'_>,
    id: ContactId,
    name: &str,
    session: VisitorSession,
    now: Millis,
) -> Result<Acted<Result<VisitorSession, Refused>>, Error> {
    let mut known = contact::by_id(tx, id)?.ok_or(lt_db::DbError::Missing("contact"))?;
    if name.is_empty() || name == known.display_name {
        return Ok(Acted::nothing(Ok(session)));
    }
    known.display_name = name.to_owned();
    contact::update(tx, &known)?;
    let object = audit::object("contact", id);
    let entry = audit::allowed(now, audit::customer(id), "contact.rename", object);
    Ok(Acted::logged(Ok(session), entry))
}

/// What a page gives as a name is bounded and loses its control characters.
fn clean_name(given: &str) -> String {
    let visible: String = given.chars().filter(|c| !c.is_control()).collect();
    visible.trim().chars().take(MAX_NAME_CHARS).collect()
}
