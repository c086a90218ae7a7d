//! Pictures and files: chosen and kept until they are sent, uploaded before the operation that sends
//! them goes up, and kept for a while when they were fetched.
//!
//! Their bytes stand in the same sealed file as all else: what is committed is there after a crash,
//! goes with its conversation when a right is taken, and comes along in a backup.

use lt_model::{
    Millis,
    attachment::{Attachment, FilePart, MAX_FILES},
    id::{AttachmentId, ConversationId, MessageId},
};
use lt_protocol::sync::Action;
use rusqlite::Transaction;

use crate::{
    Change, Result, Store, StoreError,
    store::{Act, require_account},
    table::{
        conversation_body, file, message,
        outbox::{self, OpState},
    },
};

/// What was fetched may take so many bytes; what was looked at last stays.
const MAX_FETCHED_BYTES: u64 = 256 * 1024 * 1024;
/// What is looked at again within this time was not looked at anew.
const SAME_LOOK_MS: Millis = 60 * 60 * 1_000;

/// A file to be uploaded.
#[derive(Clone)]
pub struct Upload {
    /// What it is.
    pub file: Attachment,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Store {
    /// Keeps a file that the agent chose, beside the reply that is being written.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such conversation, [`StoreError::TooMany`] where
    /// there are [`MAX_FILES`] already.
    pub fn stage_file(
        &self,
        conversation: ConversationId,
        chosen: &Attachment,
        bytes: &[u8],
        thumb: Option<&[u8]>,
        now: Millis,
    ) -> Result<()> {
        self.write(|tx, _| {
            conversation_body::shown(tx, conversation)?
                .ok_or(StoreError::NotFound("conversation"))?;
            if file::get(tx, chosen.id)?.is_some() {
                return Ok(());
            }
            if file::staged(tx, conversation)?.len() >= MAX_FILES {
                return Err(StoreError::TooMany);
            }
            file::put(tx, chosen, Some(conversation), file::STAGED, now)?;
            file::put_part(tx, chosen.id, FilePart::Whole, bytes)?;
            match thumb {
                Some(thumb) => file::put_part(tx, chosen.id, FilePart::Thumb, thumb),
                None => Ok(()),
            }
        })?;
        Ok(())
    }

    /// What waits beside the reply that is being written.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn staged_files(&self, conversation: ConversationId) -> Result<Vec<Attachment>> {
        self.read(|connection| file::staged(connection, conversation))
    }

    /// A file that waits beside a reply, if it does.
    ///
    /// # Errors
    /// As above.
    pub fn staged_file(&self, id: AttachmentId) -> Result<Option<Attachment>> {
        let held = self.read(|connection| file::get(connection, id))?;
        Ok(held
            .filter(|held| held.state == file::STAGED)
            .map(|held| held.file))
    }

    /// Drops a file that was chosen and not sent.
    ///
    /// # Errors
    /// As above.
    pub fn drop_file(&self, id: AttachmentId) -> Result<()> {
        self.write(|tx, _| match file::get(tx, id)? {
            Some(held) if held.state == file::STAGED => file::delete(tx, id),
            _ => Ok(()),
        })?;
        Ok(())
    }

    /// Takes back a file that has not left this desk. Its operation keeps its number, since numbers
    /// have no gaps, and says nothing any more. The file waits beside the reply again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such message in the outbox, [`StoreError::TooLate`]
    /// when it is at the server already.
    pub fn cancel_file(&self, id: MessageId, now: Millis) -> Result<Change> {
        let ((), change) = self.write(|tx, touched| {
            let account = require_account(tx)?;
            let op_id = outbox::by_message(tx, id)?.ok_or(StoreError::NotFound("message"))?;
            let entry = outbox::get(tx, op_id)?.ok_or(StoreError::NotFound("message"))?;
            let Action::SendFile {
                conversation_id,
                file: sent,
                ..
            } = &entry.op.action
            else {
                return Err(StoreError::NotFound("message"));
            };
            let waits = file::get(tx, sent.id)?.is_some_and(|held| held.state == file::OUTGOING);
            if entry.state != OpState::Queued || !waits {
                return Err(StoreError::TooLate);
            }
            let nothing = Action::Read {
                conversation_id: *conversation_id,
                seq: 0,
            };
            outbox::replace(tx, entry.op.id, &nothing)?;
            message::delete_unsent(tx, id)?;
            file::set_state(tx, sent.id, file::STAGED)?;
            self.after_op(tx, &entry.op.action, &account.agent, touched)?;
            touched.outbox_grew = true;
            let act = Act::done("file.cancel", format!("message:{id}"));
            self.audit(tx, &act, &account, now)
        })?;
        Ok(change)
    }

    /// Bytes of a file, if they are here.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn file_part(
        &self,
        id: AttachmentId,
        part: FilePart,
        now: Millis,
    ) -> Result<Option<Vec<u8>>> {
        let (bytes, used_at) = self.read(|connection| {
            let used_at: Option<Millis> = file::used_at(connection, id)?;
            Ok((file::part(connection, id, part)?, used_at))
        })?;
        if bytes.is_some() && used_at.is_some_and(|used_at| now - used_at > SAME_LOOK_MS) {
            self.write(|tx, _| file::used(tx, id, now))?;
        }
        Ok(bytes)
    }

    /// Keeps bytes that were fetched, and lets go of what was not looked at for long. Where the
    /// conversation has gone meanwhile, nothing is kept; what canned replies hold is in none.
    ///
    /// # Errors
    /// [`StoreError::Full`] and the like.
    pub fn keep_file(
        &self,
        conversation: Option<ConversationId>,
        fetched: &Attachment,
        part: FilePart,
        bytes: &[u8],
        now: Millis,
    ) -> Result<()> {
        self.write(|tx, _| {
            if let Some(conversation) = conversation
                && conversation_body::server(tx, conversation)?.is_none()
            {
                return Ok(());
            }
            file::put(tx, fetched, conversation, file::SENT, now)?;
            file::put_part(tx, fetched.id, part, bytes)?;
            file::used(tx, fetched.id, now)?;
            for id in file::beyond(tx, MAX_FETCHED_BYTES)? {
                if id != fetched.id {
                    file::delete(tx, id)?;
                }
            }
            Ok(())
        })?;
        Ok(())
    }

    /// The next file that is to be uploaded, of the operations in their order.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn next_upload(&self) -> Result<Option<Upload>> {
        self.read(|connection| {
            let Some(id) = file::next_upload(connection)? else {
                return Ok(None);
            };
            let (held, bytes) = (
                file::get(connection, id)?,
                file::part(connection, id, FilePart::Whole)?,
            );
            Ok(held.zip(bytes).map(|(held, bytes)| Upload {
                file: held.file,
                bytes,
            }))
        })
    }

    /// Whether a file is still to be uploaded.
    ///
    /// # Errors
    /// As above.
    pub fn is_outgoing(&self, id: AttachmentId) -> Result<bool> {
        let held = self.read(|connection| file::get(connection, id))?;
        Ok(held.is_some_and(|held| held.state == file::OUTGOING))
    }

    /// The server has it, or will never take it: the operation that sends it may go up, and the
    /// server says what comes of it.
    ///
    /// # Errors
    /// [`StoreError::Full`] and the like.
    pub fn file_uploaded(&self, id: AttachmentId) -> Result<()> {
        self.write(|tx, touched| {
            let Some(held) = file::get(tx, id)?.filter(|held| held.state == file::OUTGOING) else {
                return Ok(());
            };
            touched.outbox_grew = true;
            if let Some(conversation) = held.conversation {
                touched.conversation(conversation);
            }
            file::set_state(tx, id, file::SENT)
        })?;
        Ok(())
    }

    /// Notes that a file was saved outside of the store.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`] and the like.
    pub fn note_saved(&self, id: AttachmentId, now: Millis) -> Result<()> {
        self.write(|tx, _| {
            let account = require_account(tx)?;
            let act = Act::done("file.save", format!("attachment:{id}"));
            self.audit(tx, &act, &account, now)
        })?;
        Ok(())
    }
}

/// Puts a file that was chosen on its way, with the operation that sends it. Gives it as it is here:
/// what the operation says of it is that.
pub(crate) fn send(
    tx: &Transaction<'_>,
    conversation: ConversationId,
    message: MessageId,
    wanted: &Attachment,
) -> Result<Attachment> {
    let held = file::get(tx, wanted.id)?.ok_or(StoreError::NotFound("file"))?;
    if held.conversation != Some(conversation) {
        return Err(StoreError::NotFound("file"));
    }
    file::send(tx, wanted.id, message)?;
    Ok(held.file)
}

/// A refused file waits beside the reply again.
pub(crate) fn give_back(tx: &Transaction<'_>, id: AttachmentId) -> Result<()> {
    file::set_state(tx, id, file::STAGED)
}

/// Forgets what is here of a file.
pub(crate) fn forget(tx: &Transaction<'_>, id: AttachmentId) -> Result<()> {
    file::delete(tx, id)
}
