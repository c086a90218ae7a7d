//! Pictures and files: taken in once, carried by one message, seen by who may see that, thrown away.

use lt_backoffice::visitor::Visitor;
use lt_model::{
    Millis,
    agent::Role,
    attachment::{Attachment, FileKind, FilePart},
    canned::{CannedDraft, CannedEdit, CannedScope},
    conversation::{Conversation, Handler},
    id::{AttachmentId, CannedId, MessageId},
    message::{Content, Delivery},
};
use lt_protocol::{
    code::Code,
    sync::{Action, Entity, OpOutcome, RowChange},
    widget::WidgetAuthor,
};
use lt_seal::encode::base64url_decode;

use crate::world::{Desk, T0, World, code, id, refused};

mod day;

/// A picture of one point.
const POINT: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk-M9QDwADhgGAWjR9awAAAABJRU5ErkJggg";
const DAY_MS: Millis = 24 * 3_600_000;

fn point() -> Vec<u8> {
    base64url_decode(POINT).unwrap()
}

/// The customer sends a picture.
fn sends(world: &World, visitor: &Visitor, now: Millis) -> (AttachmentId, MessageId) {
    let (file, message) = (id(), id());
    world
        .bo
        .visitor_upload(visitor, file, "照片.png", point(), now)
        .unwrap();
    world
        .bo
        .visitor_send_file(visitor, message, file, now)
        .unwrap();
    (file, message)
}

fn send_file(conversation: &Conversation, file: AttachmentId) -> Action {
    Action::SendFile {
        conversation_id: conversation.id,
        message_id: id(),
        file: Attachment {
            id: file,
            name: "不是真的.exe".to_owned(),
            kind: FileKind::Pdf,
            n_bytes: 1,
            width: 9_999,
            height: 9_999,
        },
        seen_seq: conversation.seq,
    }
}

fn upload(world: &World, desk: &Desk, now: Millis) -> AttachmentId {
    let file = id();
    world
        .bo
        .agent_upload(&desk.principal, file, "说明.png", point(), now)
        .unwrap();
    file
}

#[test]
fn a_customers_picture_reaches_who_may_see_the_conversation_and_nobody_else() {
    let world = World::new();
    let wang = world.agent("wang", Role::Agent, &["售前组"]);
    let zhao = world.agent("zhao", Role::Agent, &["售后组"]);
    let visitor = world.visitor("张三");
    world.say(&visitor, "转人工", T0 + 1);
    let (file, message) = sends(&world, &visitor, T0 + 2);
    let conversation = world.conversation(&visitor);
    assert_eq!(
        conversation.handler,
        Handler::Queue,
        "nobody answers for the person"
    );

    let messages = world.messages(&wang.principal, conversation.id);
    let last = messages.last().unwrap();
    let Content::File { file: told } = &last.content else {
        panic!("{:?}", last.content);
    };
    assert_eq!((told.id, told.kind, told.width), (file, FileKind::Png, 1));
    assert_eq!(told.name, "照片.png");

    let give = |desk: &Desk, part| world.bo.file_for_agent(&desk.principal, file, part, T0 + 3);
    let n_before = world.n_audited();
    let thumb = give(&wang, FilePart::Thumb).unwrap();
    assert!(thumb.bytes.starts_with(b"\x89PNG"));
    assert_eq!(world.n_audited(), n_before, "it is seen with the message");
    assert!(give(&wang, FilePart::Whole).unwrap().bytes == point());
    assert_eq!(
        world.last_audit(),
        ["attachment.view", "allowed", ""].map(str::to_owned)
    );
    for part in [FilePart::Whole, FilePart::Thumb] {
        assert_eq!(code(give(&zhao, part).map(drop)), Some(Code::NotFound));
        assert_eq!(
            world.last_audit(),
            ["attachment.view", "denied", "not_found"].map(str::to_owned)
        );
    }

    let page = world.bo.visitor_messages(&visitor, 0).unwrap();
    let shown = page.iter().find(|shown| shown.id == message).unwrap();
    assert_eq!(shown.author, WidgetAuthor::Me);
    assert_eq!(
        shown.file.as_ref().map(|file| file.kind),
        Some(FileKind::Png)
    );
    let own = world.bo.file_for_visitor(&visitor, file, FilePart::Whole);
    assert!(own.unwrap().bytes == point());
    let other = world.visitor("李四");
    let other = world.bo.file_for_visitor(&other, file, FilePart::Whole);
    assert_eq!(code(other.map(drop)), Some(Code::NotFound));
}

#[test]
fn what_is_uploaded_twice_is_kept_once_and_an_id_is_of_one_file() {
    let world = World::new();
    let (visitor, other) = (world.visitor("张三"), world.visitor("李四"));
    let file: AttachmentId = id();
    let up = |visitor: &Visitor, bytes: Vec<u8>| {
        world.bo.visitor_upload(visitor, file, "a.png", bytes, T0)
    };
    let first = up(&visitor, point()).unwrap();
    assert_eq!(up(&visitor, point()).unwrap(), first);
    assert_eq!(world.number("SELECT count(*) FROM attachment"), 1);
    assert_eq!(code(up(&other, point())), Some(Code::BadRequest));
    assert_eq!(code(up(&visitor, b"text".to_vec())), Some(Code::BadRequest));

    let message: MessageId = id();
    let send = |visitor: &Visitor, message| world.bo.visitor_send_file(visitor, message, file, T0);
    assert_eq!(code(send(&other, id())), Some(Code::NotFound), "not theirs");
    let place = send(&visitor, message).unwrap();
    assert_eq!(send(&visitor, message).unwrap(), place);
    assert_eq!(code(send(&visitor, id())), Some(Code::BadRequest), "sent");
    let page = world.bo.visitor_messages(&visitor, 0).unwrap();
    assert_eq!(page.iter().filter(|shown| shown.file.is_some()).count(), 1);
}

#[test]
fn what_may_not_be_sent_is_refused_and_audited() {
    let world = World::new();
    let visitor = world.visitor("张三");
    let up = |name: &str, bytes: &[u8]| {
        let refused = world
            .bo
            .visitor_upload(&visitor, id(), name, bytes.to_vec(), T0);
        (code(refused), world.last_audit())
    };
    for (name, bytes, expected, reason) in [
        ("a.exe", b"MZ\x90\0".as_slice(), Code::FileType, "file_type"),
        (
            "a.png",
            b"\x89PNG\r\n\x1a\nxx",
            Code::FileDamaged,
            "file_damaged",
        ),
        ("a.txt", b"", Code::Empty, "empty"),
    ] {
        let (refused, audit) = up(name, bytes);
        assert_eq!(refused, Some(expected), "{name}");
        assert_eq!(
            audit,
            ["attachment.upload", "denied", reason].map(str::to_owned)
        );
    }
    assert_eq!(world.number("SELECT count(*) FROM attachment"), 0);
    for _ in 0..20 {
        assert_eq!(up("a.txt", b"text").0, None);
    }
    assert_eq!(
        up("a.txt", b"text").0,
        Some(Code::SlowDown),
        "too many wait"
    );
}

#[test]
fn an_agents_file_is_what_was_uploaded_and_goes_with_a_recall() {
    let world = World::new();
    let mut wang = world.agent("wang", Role::Agent, &["售前组"]);
    let li = world.agent("li", Role::Agent, &["售前组"]);
    let visitor = world.visitor("张三");
    world.say(&visitor, "转人工", T0 + 1);
    let conversation = world.conversation(&visitor);

    let missing = send_file(&conversation, id());
    assert_eq!(wang.act(&world, missing, T0 + 2), refused(Code::NotFound));
    let others = send_file(&conversation, upload(&world, &li, T0 + 2));
    assert_eq!(wang.act(&world, others, T0 + 2), refused(Code::NotFound));
    assert_eq!(
        world.conversation(&visitor).handler,
        Handler::Queue,
        "a refusal takes nothing"
    );

    let file = upload(&world, &wang, T0 + 3);
    let action = send_file(&conversation, file);
    let Action::SendFile { message_id, .. } = action else {
        panic!("{action:?}");
    };
    let done = OpOutcome::Done { at: T0 + 3 };
    assert_eq!(wang.act(&world, action, T0 + 3), done);
    let page = world.bo.visitor_messages(&visitor, 0).unwrap();
    let shown = page.iter().find(|shown| shown.id == message_id).unwrap();
    let told = shown.file.as_ref().unwrap();
    assert_eq!(
        (told.name.as_str(), told.kind, told.width),
        ("说明.png", FileKind::Png, 1),
        "what the desktop says of it does not count"
    );
    assert!(
        world
            .bo
            .file_for_visitor(&visitor, file, FilePart::Whole)
            .is_ok()
    );

    let recall = Action::Recall {
        conversation_id: conversation.id,
        message_id,
    };
    let done = OpOutcome::Done { at: T0 + 4 };
    assert_eq!(wang.act(&world, recall, T0 + 4), done);
    let messages = world.messages(&wang.principal, conversation.id);
    let taken = messages.iter().find(|message| message.id == message_id);
    assert_eq!(taken.unwrap().delivery, Delivery::Recalled);
    for part in [FilePart::Whole, FilePart::Thumb] {
        let given = world.bo.file_for_visitor(&visitor, file, part);
        assert_eq!(code(given.map(drop)), Some(Code::NotFound));
        let given = world.bo.file_for_agent(&wang.principal, file, part, T0 + 5);
        assert_eq!(code(given.map(drop)), Some(Code::NotFound));
    }
    let left = "SELECT count(*) FROM attachment_part WHERE attachment IN
        (SELECT id FROM attachment WHERE message IS NOT NULL)";
    assert_eq!(world.number(left), 0, "the bytes are gone");
}

#[test]
fn what_nobody_sends_goes_after_a_day_and_what_was_sent_stays() {
    let world = World::new();
    let visitor = world.visitor("张三");
    let (sent, _) = sends(&world, &visitor, T0);
    let loose: AttachmentId = id();
    let up = || {
        world
            .bo
            .visitor_upload(&visitor, loose, "a.png", point(), T0)
    };
    up().unwrap();
    assert_eq!(world.bo.sweep_attachments(T0 + DAY_MS).unwrap(), 0);
    assert_eq!(world.bo.sweep_attachments(T0 + DAY_MS + 1).unwrap(), 1);
    assert_eq!(world.number("SELECT count(*) FROM attachment"), 1);
    assert_eq!(world.number("SELECT count(*) FROM attachment_part"), 2);
    let kept = world.bo.file_for_visitor(&visitor, sent, FilePart::Whole);
    assert!(kept.unwrap().bytes == point());
    assert!(up().is_ok(), "it can be uploaded again");
}

#[test]
fn the_bot_asks_for_words_once_and_hands_over_after_that() {
    let world = World::with_faq();
    let visitor = world.visitor("张三");
    sends(&world, &visitor, T0 + 1);
    let said = world.bo.visitor_messages(&visitor, 0).unwrap();
    let last = said.last().unwrap();
    assert_eq!(last.author, WidgetAuthor::Bot);
    assert_eq!(last.text, lt_backoffice::texts::ASK_FOR_WORDS);
    assert_eq!(world.bo.resume(T0 + 2).unwrap(), 0, "nothing is owed");
    let answered = world.say(&visitor, "怎么申请退款", T0 + 3);
    assert!(answered.iter().any(|shown| !shown.source.is_empty()));

    sends(&world, &visitor, T0 + 4);
    assert_eq!(world.conversation(&visitor).handler, Handler::Bot);
    sends(&world, &visitor, T0 + 5);
    assert_eq!(world.conversation(&visitor).handler, Handler::Queue);
}

#[test]
fn a_canned_reply_holds_files_until_it_lets_go_of_them() {
    let world = World::new();
    let mut lead = world.agent("lead", Role::TeamLead, &["售前组"]);
    let wang = world.agent("wang", Role::Agent, &["售前组"]);
    let canned: CannedId = id();
    let save = |base, files: Vec<Attachment>| Action::SaveCanned {
        items: vec![CannedEdit {
            id: canned,
            base,
            draft: CannedDraft {
                title: "安装示意".to_owned(),
                files,
                ..CannedDraft::default()
            },
        }],
    };
    let claimed = |file: AttachmentId| Attachment {
        id: file,
        name: "假的.exe".to_owned(),
        kind: FileKind::Pdf,
        n_bytes: 1,
        width: 0,
        height: 0,
    };
    let missing = save(0, vec![claimed(id())]);
    assert_eq!(lead.act(&world, missing, T0 + 1), refused(Code::NotFound));
    let others = save(0, vec![claimed(upload(&world, &wang, T0 + 1))]);
    assert_eq!(lead.act(&world, others, T0 + 1), refused(Code::NotFound));

    let (first, second) = (upload(&world, &lead, T0 + 2), upload(&world, &lead, T0 + 2));
    let both = save(0, vec![claimed(first), claimed(second)]);
    let done = |at| OpOutcome::Done { at };
    assert_eq!(lead.act(&world, both, T0 + 2), done(T0 + 2));
    let give = |file| {
        world
            .bo
            .file_for_agent(&wang.principal, file, FilePart::Whole, T0 + 3)
    };
    assert!(give(first).unwrap().bytes == point());
    let held = world.rows(&wang.principal).into_iter().rev();
    let held = held.filter_map(|row| match row.change {
        RowChange::Put {
            entity: Entity::Canned(canned),
        } => Some(canned.draft.files),
        _ => None,
    });
    let held = held.into_iter().next().unwrap();
    assert_eq!(held[0].name, "说明.png", "as it was uploaded");

    // One is left out: it goes in a day. What a canned reply holds stays, and is sent by no message.
    let one = save(1, vec![claimed(second)]);
    assert_eq!(lead.act(&world, one, T0 + 4), done(T0 + 4));
    let swept = world.bo.sweep_attachments(T0 + DAY_MS + 5).unwrap();
    assert_eq!(swept, 2, "and what the colleague never sent");
    assert_eq!(code(give(first).map(drop)), Some(Code::NotFound));
    assert!(give(second).is_ok());
    let visitor = world.visitor("张三");
    world.say(&visitor, "转人工", T0 + 5);
    let stolen = send_file(&world.conversation(&visitor), second);
    assert_eq!(lead.act(&world, stolen, T0 + 6), refused(Code::BadRequest));

    let remove = Action::RemoveCanned { ids: vec![canned] };
    assert_eq!(lead.act(&world, remove, T0 + 7), done(T0 + 7));
    assert_eq!(world.bo.sweep_attachments(T0 + DAY_MS + 8).unwrap(), 1);
}

#[test]
fn the_files_of_a_groups_canned_reply_are_for_that_group() {
    let world = World::new();
    let mut lead = world.agent("lead", Role::TeamLead, &["售前组"]);
    let file = upload(&world, &lead, T0 + 1);
    let item = CannedEdit {
        id: id(),
        base: 0,
        draft: CannedDraft {
            scope: CannedScope::Group {
                group: world.group("售前组"),
            },
            title: "内部流程".to_owned(),
            files: vec![Attachment {
                id: file,
                name: String::new(),
                kind: FileKind::Png,
                n_bytes: 1,
                width: 0,
                height: 0,
            }],
            ..CannedDraft::default()
        },
    };
    let save = Action::SaveCanned { items: vec![item] };
    assert_eq!(
        lead.act(&world, save, T0 + 2),
        OpOutcome::Done { at: T0 + 2 }
    );
    for (name, group, expected) in [
        ("wang", "售前组", None),
        ("li", "售后组", Some(Code::NotFound)),
    ] {
        let desk = world.agent(name, Role::Agent, &[group]);
        let given = world
            .bo
            .file_for_agent(&desk.principal, file, FilePart::Whole, T0 + 3);
        assert_eq!(code(given.map(drop)), expected, "{name}");
    }
}
