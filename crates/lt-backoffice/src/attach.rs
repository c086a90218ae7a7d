//! Pictures and files: taken in, given out to who may see them, thrown away when nothing carries them.
//!
//! One that is uploaded belongs to nobody's conversation until a message carries it. Who may see the
//! conversation of that message may have its bytes, and nobody else.

mod day;

pub(crate) use day::reason;

use std::sync::{Condvar, Mutex, PoisonError};

use lt_db::{
    Acted, Reader, Tx,
    table::{
        attachment::{self, StoredAttachment, Uploader},
        canned, conversation, message,
    },
};
use lt_media::{MediaError, Taken};
use lt_model::{
    Millis,
    agent::{Agent, Permission, Role},
    attachment::{Attachment, FilePart},
    audit::Actor,
    canned::CannedScope,
    id::{AttachmentId, CannedId, ContactId, MessageId},
    message::Delivery,
};
use lt_protocol::code::{Code, WireError};
use lt_seal::hmac_sha256;

use crate::{
    access::{Principal, current_agent},
    audit,
    authz::{self, Scope},
    backoffice::Backoffice,
    config::DayBytes,
    error::{Error, Refused},
    visitor::Visitor,
};

/// What nothing carries after so long is thrown away.
const LOOSE_FOR_MS: Millis = 24 * 60 * 60 * 1_000;
/// Files of one customer that nothing carries.
const MAX_LOOSE_OF_A_CUSTOMER: u64 = 20;
/// Files of one agent that nothing carries: more, since some wait for canned replies.
const MAX_LOOSE_OF_AN_AGENT: u64 = 200;
/// Files thrown away in one transaction.
const SWEEP_AT_ONCE: u64 = 50;
/// Pictures that are unpacked at the same time: each may take a quarter of a gigabyte.
const MAX_DRAWING: usize = 2;

/// A file on its way out.
pub struct Given {
    /// What it is.
    pub attachment: Attachment,
    /// Which bytes of it.
    pub part: FilePart,
    /// They.
    pub bytes: Vec<u8>,
}

/// Lets few pictures be unpacked at a time.
#[derive(Default)]
pub(crate) struct Drawing {
    n: Mutex<usize>,
    freed: Condvar,
}

impl Drawing {
    fn take(&self, id: AttachmentId, name: &str, bytes: Vec<u8>) -> Result<Taken, MediaError> {
        let full = |n: &mut usize| *n >= MAX_DRAWING;
        let held = self.n.lock().unwrap_or_else(PoisonError::into_inner);
        let mut held = self
            .freed
            .wait_while(held, full)
            .unwrap_or_else(PoisonError::into_inner);
        *held += 1;
        drop(held);
        let _place = Place(self);
        lt_media::take(id, name, bytes)
    }
}

/// A place to draw at. It is given back in any case: also when a picture breaks its decoder.
struct Place<'a>(&'a Drawing);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.0.n.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.freed.notify_one();
    }
}

impl Backoffice {
    /// Takes in what a customer uploads, once, however often it comes.
    ///
    /// # Errors
    /// [`Code::Empty`], [`Code::TooLarge`], [`Code::FileType`], [`Code::FileDamaged`];
    /// [`Code::SlowDown`] when too many were uploaded and not sent; [`Code::UploadsFull`] when it is
    /// too much for a day; [`Code::BadRequest`] when the id
    /// is of something else.
    pub fn visitor_upload(
        &self,
        visitor: &Visitor,
        id: AttachmentId,
        name: &str,
        bytes: Vec<u8>,
        now: Millis,
    ) -> Result<Attachment, WireError> {
        let uploader = Uploader::Customer(visitor.contact_id);
        let actor = audit::customer(visitor.contact_id);
        self.upload(uploader, actor, (id, name, bytes), now)
    }

    /// Takes in what an agent uploads, likewise.
    ///
    /// # Errors
    /// As for [`Backoffice::visitor_upload`].
    pub fn agent_upload(
        &self,
        principal: &Principal,
        id: AttachmentId,
        name: &str,
        bytes: Vec<u8>,
        now: Millis,
    ) -> Result<Attachment, WireError> {
        let agent = self
            .db
            .read(|reader| current_agent(reader, principal, Some(now)))?;
        let actor = audit::agent(&agent, principal.device);
        self.upload(Uploader::Agent(agent.id), actor, (id, name, bytes), now)
    }

    fn upload(
        &self,
        uploader: Uploader,
        actor: Actor,
        (id, name, bytes): (AttachmentId, &str, Vec<u8>),
        now: Millis,
    ) -> Result<Attachment, WireError> {
        let digest = hmac_sha256(&self.keys.attach, &[&bytes]);
        // The same again needs no second look.
        if let Some(known) = self
            .db
            .read(|reader| attachment::by_id(reader, id).map_err(Error::from))?
            && known.uploader == uploader
            && known.digest == digest
        {
            return Ok(known.attachment);
        }
        let most = self.config.uploads;
        let room = self
            .db
            .read(|reader| day::room(reader, uploader, bytes.len(), most, now));
        // What is too much is not even looked at.
        let taken = match room {
            Ok(()) => self.drawing.take(id, name, bytes).map_err(refused),
            Err(Error::Refused(why)) => Err(why),
            Err(other) => return Err(other.into()),
        };
        let stored = self.act(|tx| {
            let object = audit::object("attachment", id);
            let kept = match &taken {
                Ok(taken) => keep(tx, (uploader, most), taken, digest, now),
                Err(why) => Err((*why).into()),
            };
            match kept {
                Ok(stored) => {
                    let entry = audit::allowed(now, actor.clone(), "attachment.upload", object);
                    Ok(Acted::logged(Ok(stored), entry))
                }
                Err(Error::Refused(why)) => {
                    let entry = audit::denied(now, actor.clone(), "attachment.upload", object, why);
                    Ok(Acted::logged(Err(why), entry))
                }
                Err(other) => Err(other),
            }
        })?;
        Ok(stored)
    }

    /// Gives an agent a file of a conversation that they may see. All of it is audited, small
    /// pictures are not: they are seen with the messages.
    ///
    /// # Errors
    /// [`Code::NotFound`] where there is none, or not for them.
    pub fn file_for_agent(
        &self,
        principal: &Principal,
        id: AttachmentId,
        part: FilePart,
        now: Millis,
    ) -> Result<Given, WireError> {
        let given = self.db.read(|reader| {
            let agent = current_agent(reader, principal, Some(now))?;
            let found = for_agent(reader, &agent, id)?;
            Ok::<_, Error>((audit::agent(&agent, principal.device), found))
        });
        let (actor, found) = given?;
        let object = audit::object("attachment", id);
        let found = match found {
            Ok(found) => found,
            Err(why) => {
                let entry =
                    || audit::denied(now, actor.clone(), "attachment.view", object.clone(), why);
                self.act(|_| Ok(Acted::logged(Err::<(), _>(why), entry())))?;
                return Err(WireError::new(why.code, why.why));
            }
        };
        let given = self.give(found, part)?;
        if part == FilePart::Whole {
            let entry = || audit::allowed(now, actor.clone(), "attachment.view", object.clone());
            self.act(|_| Ok(Acted::logged(Ok(()), entry())))?;
        }
        Ok(given)
    }

    /// Gives a customer a file of their own history.
    ///
    /// # Errors
    /// [`Code::NotFound`] where there is none.
    pub fn file_for_visitor(
        &self,
        visitor: &Visitor,
        id: AttachmentId,
        part: FilePart,
    ) -> Result<Given, WireError> {
        let found = self.db.read(|reader| {
            let found = attachment::by_id(reader, id)?.ok_or(NOT_THERE)?;
            let message = found.message.ok_or(NOT_THERE)?;
            let carried = message::by_id(reader, message)?.ok_or(NOT_THERE)?;
            let is_theirs = carried.contact == visitor.contact_id
                && carried.message.delivery != Delivery::Recalled;
            match is_theirs {
                true => Ok(found.attachment),
                false => Err(Error::Refused(NOT_THERE)),
            }
        })?;
        self.give(found, part)
    }

    fn give(&self, attachment: Attachment, part: FilePart) -> Result<Given, WireError> {
        let id = attachment.id;
        let bytes = self
            .db
            .read(|reader| attachment::part(reader, id, part)?.ok_or(Error::Refused(NOT_THERE)))?;
        Ok(Given {
            attachment,
            part,
            bytes,
        })
    }

    /// Throws away what was uploaded a day ago and is carried by nothing. Returns how many went.
    ///
    /// # Errors
    /// When the store fails.
    pub fn sweep_attachments(&self, now: Millis) -> Result<usize, WireError> {
        let mut n_swept = 0;
        loop {
            let n = self.act(|tx| {
                let n = attachment::sweep(tx, now - LOOSE_FOR_MS, SWEEP_AT_ONCE)?;
                if n == 0 {
                    return Ok(Acted::nothing(Ok(0)));
                }
                let object = audit::object("attachments", n);
                let entry = audit::allowed(now, Actor::System, "attachment.sweep", object);
                Ok(Acted::logged(Ok(n), entry))
            })?;
            if n == 0 {
                return Ok(n_swept);
            }
            n_swept += n;
        }
    }
}

const NOT_THERE: Refused = Refused::new(Code::NotFound, "no such file");

fn refused(why: MediaError) -> Refused {
    match why {
        MediaError::Empty => Refused::new(Code::Empty, "the file is empty"),
        MediaError::TooLarge => Refused::new(Code::TooLarge, "the file is too large"),
        MediaError::Type => Refused::new(Code::FileType, "files of this kind are not taken"),
        MediaError::Damaged => Refused::new(Code::FileDamaged, "the picture is damaged"),
    }
}

fn keep(
    tx: &Tx<'_>,
    (uploader, of_a_day): (Uploader, DayBytes),
    taken: &Taken,
    digest: [u8; 32],
    now: Millis,
) -> Result<Attachment, Error> {
    let attachment = taken.file.clone();
    if let Some(known) = attachment::by_id(tx, attachment.id)? {
        return match known.uploader == uploader && known.digest == digest {
            true => Ok(known.attachment),
            false => Err(Refused::new(Code::BadRequest, "the id is of another file").into()),
        };
    }
    let most = match uploader {
        Uploader::Customer(_) => MAX_LOOSE_OF_A_CUSTOMER,
        Uploader::Agent(_) => MAX_LOOSE_OF_AN_AGENT,
    };
    if attachment::n_loose(tx, uploader)? >= most {
        return Err(Refused::new(Code::SlowDown, "too many files were not sent").into());
    }
    day::room(tx, uploader, taken.bytes.len(), of_a_day, now)?;
    let stored = StoredAttachment {
        attachment: attachment.clone(),
        uploader,
        message: None,
        canned: None,
        digest,
    };
    attachment::insert(tx, &stored, &taken.bytes, taken.thumb.as_deref(), now)?;
    Ok(attachment)
}

/// What was uploaded by somebody, for a message that is to carry it.
pub(crate) fn claim(
    tx: &Tx<'_>,
    uploader: Uploader,
    id: AttachmentId,
    message: MessageId,
) -> Result<Attachment, Error> {
    let found = attachment::by_id(tx, id)?
        .filter(|found| found.uploader == uploader)
        .ok_or(Refused::new(Code::NotFound, "no such file was uploaded"))?;
    if found.message.is_some() || found.canned.is_some() {
        return Err(Refused::new(Code::BadRequest, "the file was sent before").into());
    }
    attachment::set_message(tx, id, message)?;
    Ok(found.attachment)
}

/// The files of a canned reply as they were uploaded: by this agent just now, or for it before.
pub(crate) fn of_canned(
    tx: &Tx<'_>,
    agent: &Agent,
    canned: CannedId,
    files: &[Attachment],
) -> Result<Vec<Attachment>, Error> {
    let known = |file: &Attachment| {
        let found = attachment::by_id(tx, file.id)?.filter(|found| {
            let is_loose = found.message.is_none() && found.canned.is_none();
            found.canned == Some(canned)
                || (is_loose && found.uploader == Uploader::Agent(agent.id))
        });
        let found = found.ok_or(Refused::new(Code::NotFound, "no such file was uploaded"))?;
        Ok::<_, Error>(found.attachment)
    };
    files.iter().map(known).collect()
}

/// A canned reply holds these from now on, and no others.
pub(crate) fn hold(
    tx: &Tx<'_>,
    canned: CannedId,
    files: &[Attachment],
    now: Millis,
) -> Result<(), Error> {
    for id in attachment::of_canned(tx, canned)? {
        if !files.iter().any(|file| file.id == id) {
            attachment::set_canned(tx, id, None, now)?;
        }
    }
    for file in files {
        attachment::set_canned(tx, file.id, Some(canned), now)?;
    }
    Ok(())
}

/// The customer to whose history a file belongs, for nobody but who may see it.
fn for_agent(
    reader: &Reader<'_>,
    agent: &Agent,
    id: AttachmentId,
) -> Result<Result<Attachment, Refused>, Error> {
    let Some(found) = attachment::by_id(reader, id)? else {
        return Ok(Err(NOT_THERE));
    };
    if let Some(canned) = found.canned {
        // Those of a group are for whoever sees its canned replies.
        let scope = match canned::get(reader, canned)?.map(|canned| canned.draft.scope) {
            Some(CannedScope::Group { group }) if agent.role != Role::Admin => Scope::Group(group),
            Some(_) | None => Scope::Organisation,
        };
        let allowed = authz::check(agent, Permission::ConvReply, scope);
        return Ok(allowed.map(|()| found.attachment));
    }
    let Some(message) = found.message else {
        let is_own = found.uploader == Uploader::Agent(agent.id);
        return Ok(is_own.then_some(found.attachment).ok_or(NOT_THERE));
    };
    let Some(carried) = message::by_id(reader, message)? else {
        return Ok(Err(NOT_THERE));
    };
    if carried.message.delivery == Delivery::Recalled {
        return Ok(Err(NOT_THERE));
    }
    let Some(conversation) = conversation::by_id(reader, carried.message.conversation_id)? else {
        return Ok(Err(NOT_THERE));
    };
    let scope = Scope::Group(conversation.group_id);
    Ok(authz::check(agent, Permission::ConvView, scope).map(|()| found.attachment))
}

/// A customer's own history has it.
pub(crate) fn of_customer(contact: ContactId) -> Uploader {
    Uploader::Customer(contact)
}
