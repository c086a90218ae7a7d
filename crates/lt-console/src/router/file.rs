//! Pictures and files: chosen, sent, looked at, saved.

use std::{path::Path, sync::Arc};

use lt_media::{MediaError, Taken};
use lt_model::{
    agent::Permission,
    attachment::{Attachment, FilePart, MAX_FILE_BYTES},
    id::{AttachmentId, ConversationId, MessageId},
    message::Delivery,
};
use lt_protocol::{
    canned::CannedUseArgs,
    code::{Code, WireError},
    command::{ConversationArgs, NoArgs},
    event::UiEvent,
    file::{
        FileArgs, FileList, FilePiece, FileReadArgs, FileSaved, FileSendArgs, FileStageArgs,
        FileStaged, PIECE_BYTES, READ_BYTES,
    },
    sync::Action,
    teamwork::MessageArgs,
    view::{MessageView, ReplyState},
};
use lt_seal::encode::{base64url_decode, base64url_encode};
use lt_store::{Account, Upload};

use super::message;
use crate::{
    console::Console,
    desk::Desk,
    error::{wire, wire_sync},
    host::Host,
    safekeeping, view, whole,
};

/// Names that are tried beside one that is taken.
const N_NAMES: usize = 1_000;

/// `file.stage`
pub(super) async fn stage(
    console: &Arc<Console>,
    args: FileStageArgs,
) -> Result<FileStaged, WireError> {
    let desk = console.desk()?;
    let own = Arc::clone(&desk);
    let conversation = args.conversation_id;
    let taken = blocking(move || take(&own, &args)).await?;
    let Some(taken) = taken else {
        return Ok(FileStaged {
            file: None,
            held: None,
        });
    };
    let file = view::message::file(&taken.file);
    let held = taken.file.clone();
    if conversation.is_none() {
        let account = account(&desk)?;
        let upload = Upload {
            file: taken.file,
            bytes: taken.bytes,
        };
        lt_sync::upload_file(&account, upload)
            .await
            .map_err(wire_sync)?;
    }
    Ok(FileStaged {
        file: Some(file),
        held: Some(held),
    })
}

/// Adds a piece. With the last one the file is looked at, and kept where it waits beside a reply.
fn take(desk: &Desk, args: &FileStageArgs) -> Result<Option<Taken>, WireError> {
    desk.permit(match args.conversation_id {
        Some(_) => Permission::ConvReply,
        None => Permission::CannedManage,
    })?;
    let total = usize::try_from(args.total).unwrap_or(usize::MAX);
    if total > MAX_FILE_BYTES || args.data.len() > PIECE_BYTES * 2 {
        return Err(WireError::new(Code::TooLarge, "the file is too large"));
    }
    let piece = base64url_decode(&args.data)
        .map_err(|_| WireError::new(Code::BadRequest, "the piece cannot be read"))?;
    let offset = usize::try_from(args.offset).unwrap_or(usize::MAX);
    let Some(bytes) = desk.pieces.add(args.file_id, offset, total, &piece)? else {
        return Ok(None);
    };
    let taken = lt_media::take(args.file_id, &args.name, bytes).map_err(refused)?;
    if let Some(conversation) = args.conversation_id {
        keep(desk, conversation, &taken)?;
    }
    Ok(Some(taken))
}

fn keep(desk: &Desk, conversation: ConversationId, taken: &Taken) -> Result<(), WireError> {
    let thumb = taken.thumb.as_deref();
    desk.store
        .stage_file(conversation, &taken.file, &taken.bytes, thumb, desk.now())
        .map_err(wire)
}

/// `file.canned`: each becomes a file of its own, as if the agent had chosen it.
pub(super) async fn canned(
    console: &Arc<Console>,
    args: CannedUseArgs,
) -> Result<FileList, WireError> {
    let desk = console.desk()?;
    desk.permit(Permission::ConvReply)?;
    let found = desk.store.canned_reply(args.canned_id).map_err(wire)?;
    let files = found.map(|found| found.draft.files).unwrap_or_default();
    for file in files {
        let (own, id) = (Arc::clone(&desk), file.id);
        let here = blocking(move || {
            own.store
                .file_part(id, FilePart::Whole, own.now())
                .map_err(wire)
        });
        let bytes = match here.await? {
            Some(bytes) => bytes,
            None => fetch(&desk, &file, None, FilePart::Whole).await?,
        };
        let own = Arc::clone(&desk);
        blocking(move || {
            let id = own.store.new_id(own.now()).map_err(wire)?;
            let taken = lt_media::take(AttachmentId(id), &file.name, bytes).map_err(refused)?;
            keep(&own, args.conversation_id, &taken)
        })
        .await?;
    }
    let conversation_id = args.conversation_id;
    blocking(move || list(&desk, &ConversationArgs { conversation_id })).await
}

fn refused(why: MediaError) -> WireError {
    let code = match why {
        MediaError::Empty => Code::Empty,
        MediaError::TooLarge => Code::TooLarge,
        MediaError::Type => Code::FileType,
        MediaError::Damaged => Code::FileDamaged,
    };
    WireError::new(code, why.to_string())
}

/// `file.list`
pub(super) fn list(desk: &Desk, args: &ConversationArgs) -> Result<FileList, WireError> {
    desk.permit(Permission::ConvView)?;
    let files = desk
        .store
        .staged_files(args.conversation_id)
        .map_err(wire)?;
    Ok(FileList {
        files: files.iter().map(view::message::file).collect(),
    })
}

/// `file.drop`
pub(super) fn drop_one(desk: &Desk, args: &FileArgs) -> Result<NoArgs, WireError> {
    desk.permit(Permission::ConvReply)?;
    desk.pieces.forget(args.file_id);
    desk.store.drop_file(args.file_id).map_err(wire)?;
    Ok(NoArgs {})
}

/// `file.send`: durable here when it returns, like a text.
pub(super) fn send(desk: &Desk, args: &FileSendArgs) -> Result<MessageView, WireError> {
    desk.permit(Permission::ConvReply)?;
    if let Some(known) = desk.shown_message(args.message_id)? {
        return Ok(known);
    }
    let file = desk.store.staged_file(args.file_id).map_err(wire)?;
    let file = file.ok_or_else(|| WireError::new(Code::NotFound, "no such file was chosen"))?;
    let line = desk.line(args.conversation_id)?;
    match view::row::reply_state(&line, &desk.viewer()?) {
        ReplyState::Allowed | ReplyState::Claims => {}
        ReplyState::HeldBy { .. } => {
            return Err(WireError::new(Code::HeldByOther, "a colleague has it"));
        }
        ReplyState::Ended => return Err(WireError::new(Code::IllegalState, "it has ended")),
    }
    let seen_seq = message::seen_up_to(desk, args.conversation_id, args.seen_seq)?;
    desk.enqueue(Action::SendFile {
        conversation_id: args.conversation_id,
        message_id: args.message_id,
        file,
        seen_seq,
    })?;
    let sent = desk.shown_message(args.message_id)?;
    sent.ok_or_else(|| WireError::new(Code::Internal, "a stored file is not there"))
}

/// `file.cancel`
pub(super) fn cancel(desk: &Desk, args: &MessageArgs) -> Result<NoArgs, WireError> {
    desk.permit(Permission::ConvReply)?;
    desk.store
        .cancel_file(args.message_id, desk.now())
        .map_err(wire)?;
    desk.link.nudge();
    Ok(NoArgs {})
}

/// `file.read`
pub(super) async fn read(
    console: &Arc<Console>,
    args: FileReadArgs,
) -> Result<FilePiece, WireError> {
    let desk = console.desk()?;
    desk.permit(Permission::ConvView)?;
    let (file, bytes) = bytes(&desk, args.file_id, args.message_id, args.part).await?;
    let from = usize::try_from(args.offset).unwrap_or(usize::MAX);
    let piece = bytes.get(from..).unwrap_or_default();
    let piece = piece.get(..READ_BYTES).unwrap_or(piece);
    let end = from.saturating_add(piece.len());
    let next = (end < bytes.len()).then(|| u32::try_from(end).unwrap_or(u32::MAX));
    let mime = match args.part {
        FilePart::Whole => file.kind.mime(),
        FilePart::Thumb => lt_media::thumb_mime(&bytes),
    };
    Ok(FilePiece {
        mime: mime.to_owned(),
        data: base64url_encode(piece),
        next,
    })
}

/// `file.save`: outside of the sealed store, where the agent's own things are; noted in the log.
pub(super) async fn save(
    console: &Arc<Console>,
    args: FileReadArgs,
) -> Result<FileSaved, WireError> {
    let desk = console.desk()?;
    desk.permit(Permission::ConvView)?;
    let (file, bytes) = bytes(&desk, args.file_id, args.message_id, FilePart::Whole).await?;
    let folder = desk
        .host
        .downloads()
        .unwrap_or_else(|| safekeeping::export_folder(console));
    let written = tokio::task::spawn_blocking(move || {
        // What is masked on the screen is in no name outside of the store either.
        let name = view::message::file(&file).name.replace('*', "x");
        let path = write(&folder, &name, &bytes)?;
        Ok::<_, std::io::Error>((path, file.id))
    });
    let failed = || WireError::new(Code::Storage, "no file was written");
    let (path, id) = written.await.map_err(|_| failed())?.map_err(|_| failed())?;
    desk.store.note_saved(id, desk.now()).map_err(wire)?;
    Ok(FileSaved { path })
}

/// All bytes, from here or from the server.
async fn bytes(
    desk: &Arc<Desk>,
    id: AttachmentId,
    message: Option<MessageId>,
    part: FilePart,
) -> Result<(Attachment, Vec<u8>), WireError> {
    let own = Arc::clone(desk);
    let here = blocking(move || look(&own, id, message, part)).await?;
    let (file, conversation) = match here {
        Here::Bytes(file, bytes) => return Ok((file, bytes)),
        Here::Elsewhere(file, conversation) => (file, conversation),
    };
    let fetched = fetch(desk, &file, Some(conversation), part).await?;
    Ok((file, fetched))
}

fn account(desk: &Desk) -> Result<Account, WireError> {
    let account = desk.store.account().map_err(wire)?;
    account.ok_or_else(|| WireError::new(Code::SignedOut, "no account"))
}

/// Bytes from the server, kept here for a while.
async fn fetch(
    desk: &Arc<Desk>,
    file: &Attachment,
    conversation: Option<ConversationId>,
    part: FilePart,
) -> Result<Vec<u8>, WireError> {
    let account = account(desk)?;
    let host = Arc::clone(&desk.host);
    let tell = move |step: lt_sync::Transfer| {
        host.emit(UiEvent::File {
            file_id: step.file,
            is_upload: false,
            done: step.done,
            total: step.total,
        });
    };
    let fetched = lt_sync::fetch_file(&account, file.id, part, tell)
        .await
        .map_err(wire_sync)?;
    let (own, kept, known) = (Arc::clone(desk), fetched.clone(), file.clone());
    blocking(move || {
        own.store
            .keep_file(conversation, &known, part, &kept, own.now())
            .map_err(wire)
    })
    .await?;
    Ok(fetched)
}

enum Here {
    Bytes(Attachment, Vec<u8>),
    Elsewhere(Attachment, ConversationId),
}

/// What is here of a file that the agent may see: one of a message, or one that they chose.
fn look(
    desk: &Desk,
    id: AttachmentId,
    message: Option<MessageId>,
    part: FilePart,
) -> Result<Here, WireError> {
    let not_there = || WireError::new(Code::NotFound, "no such file");
    let held = desk.store.file_part(id, part, desk.now()).map_err(wire)?;
    let Some(message) = message else {
        let file = desk.store.staged_file(id).map_err(wire)?;
        return Ok(Here::Bytes(
            file.ok_or_else(not_there)?,
            held.ok_or_else(not_there)?,
        ));
    };
    let stored = desk.store.message(message).map_err(wire)?;
    let message = stored.map(|stored| stored.message).ok_or_else(not_there)?;
    let file = message
        .file()
        .filter(|file| file.id == id && message.delivery != Delivery::Recalled)
        .ok_or_else(not_there)?
        .clone();
    Ok(match held {
        Some(bytes) => Here::Bytes(file, bytes),
        None => Here::Elsewhere(file, message.conversation_id),
    })
}

async fn blocking<T: Send + 'static>(
    act: impl FnOnce() -> Result<T, WireError> + Send + 'static,
) -> Result<T, WireError> {
    let done = tokio::task::spawn_blocking(act).await;
    done.unwrap_or_else(|_| Err(WireError::new(Code::Internal, "a handler broke off")))
}

/// Writes a new file, beside one of the same name; never over it.
pub(super) fn write(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<String> {
    std::fs::create_dir_all(folder)?;
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "bin"));
    for n in 0..N_NAMES {
        let path = folder.join(match n {
            0 => name.to_owned(),
            n => format!("{stem} ({n}).{ending}"),
        });
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&path).map(drop) {
            // The name is this file's from now on; what it says comes all at once.
            Ok(()) => {
                if let Err(error) = whole::write(&path, bytes) {
                    let _ = std::fs::remove_file(&path);
                    return Err(error);
                }
                mark(&path);
                return Ok(path.display().to_string());
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(std::io::ErrorKind::AlreadyExists.into())
}

/// Says that it came from elsewhere: programs that open it are careful then.
#[cfg(windows)]
fn mark(path: &Path) {
    let mut stream = path.as_os_str().to_owned();
    stream.push(":Zone.Identifier");
    // Not every file system has a place for it.
    let _ = std::fs::write(stream, "[ZoneTransfer]\r\nZoneId=3\r\n");
}

#[cfg(not(windows))]
fn mark(_path: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_file_never_replaces_another() {
        let folder = tempfile::tempdir().unwrap();
        let first = write(folder.path(), "发票.pdf", b"1").unwrap();
        let second = write(folder.path(), "发票.pdf", b"2").unwrap();
        assert!(first.ends_with("发票.pdf") && second.ends_with("发票 (1).pdf"));
        assert_eq!(std::fs::read(first).unwrap(), b"1");
    }
}
