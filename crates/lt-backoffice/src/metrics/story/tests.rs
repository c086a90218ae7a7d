use lt_model::{
    contact::ChannelKind,
    id::{ContactId, ConversationId, GroupId, InboxId, MessageId},
    message::{Content, Delivery},
    priority::Priority,
};
use uuid::Uuid;

use super::*;

fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

fn conversation(status: Status, handler: Handler) -> Conversation {
    Conversation {
        id: id::<ConversationId>(1),
        number: 1,
        inbox_id: id::<InboxId>(1),
        channel: ChannelKind::Web,
        contact_id: id::<ContactId>(1),
        merged_into: None,
        group_id: id::<GroupId>(1),
        status,
        handler,
        priority: Priority::Normal,
        reasons: Vec::new(),
        category: String::new(),
        intent: String::new(),
        waiting_since: None,
        first_reply_at: None,
        last_customer_at: None,
        last_message_at: 900,
        seq: 0,
        reopened_count: 0,
        agent_read_seq: 0,
        customer_read_seq: 0,
        failed_turns: 0,
        dialogue: Default::default(),
        properties: Default::default(),
        routing: Default::default(),
        created_at: 0,
        resolved_at: None,
    }
}

fn message(at: Millis, author: Author, content: Content) -> Message {
    Message {
        id: id::<MessageId>(at.unsigned_abs().into()),
        conversation_id: id(1),
        seq: 0,
        author,
        content,
        delivery: Delivery::Sent,
        at,
    }
}

fn text(text: &str) -> Content {
    Content::Text {
        text: text.to_owned(),
    }
}

fn customer(at: Millis) -> Message {
    message(at, Author::Customer, text("在吗"))
}

fn bot(at: Millis, answer: bool, said: &str) -> Message {
    let source = answer.then(|| FaqSource {
        faq_id: "f".to_owned(),
        version: 1,
        question: String::new(),
        confidence: 1.0,
    });
    message(at, Author::Bot { source }, text(said))
}

fn agent(at: Millis, n: u128) -> Message {
    let author = Author::Agent {
        agent: id(n),
        name: String::new(),
        source: None,
    };
    message(at, author, text("您好"))
}

fn event(at: Millis, happened: Happened) -> Message {
    message(at, Author::System, Content::Event(happened))
}

fn handed_over(at: Millis, reason: HandoverReason) -> Message {
    let group = String::new();
    event(at, Happened::HandedOver { group, reason })
}

/// What of the messages the numbers are told, besides that it was opened.
fn check(of: &Conversation, messages: &[Message], expected: &[(Millis, EventKind)]) {
    let mut told: Vec<(Millis, EventKind)> = read(of, messages.iter(), &[])
        .events
        .iter()
        .map(|event| (event.at, event.kind))
        .collect();
    assert_eq!(told.remove(0), (0, EventKind::Opened));
    told.sort_by_key(|(at, _)| *at);
    assert_eq!(told, expected);
}

#[test]
fn turns_of_the_bot() {
    use EventKind::{AutoAnswered, HandedOver, Queued, Turn};
    let open = conversation(Status::Open, Handler::Bot);
    let turn = |failed| Turn { failed };
    // Two answers to one question are one turn; a polite word is one too.
    check(
        &open,
        &[
            customer(1),
            bot(2, true, "甲"),
            bot(3, true, "乙"),
            customer(4),
            bot(5, false, "您好"),
        ],
        &[
            (2, AutoAnswered),
            (2, turn(false)),
            (3, AutoAnswered),
            (5, turn(false)),
        ],
    );
    check(
        &open,
        &[customer(1), bot(2, false, texts::say_again(Why::Unsure))],
        &[(2, turn(true))],
    );
    // What it says by itself before anybody asked is none.
    check(&open, &[bot(1, false, texts::GREETING)], &[]);
    let queued = conversation(Status::Open, Handler::Queue);
    for (reason, turns) in [
        (HandoverReason::NoAnswer, Some(turn(true))),
        (HandoverReason::Unsure, Some(turn(true))),
        (HandoverReason::Asked, None),
        (HandoverReason::NeedsPerson, None),
    ] {
        let mut expected = vec![(3, HandedOver), (3, Queued)];
        expected.extend(turns.map(|turn| (3, turn)));
        check(
            &queued,
            &[
                customer(1),
                bot(2, false, "正在转接"),
                handed_over(3, reason),
            ],
            &expected,
        );
    }
}

#[test]
fn people_answer_and_the_queue_moves() {
    use EventKind::{FirstResponse, HandedOver, Queued, Resolved, Unqueued};
    let name = String::new;
    let messages = [
        customer(1),
        handed_over(2, HandoverReason::Asked),
        event(3, Happened::Claimed { agent: name() }),
        agent(4, 7),
        message(
            5,
            Author::Agent {
                agent: id(8),
                name: name(),
                source: None,
            },
            Content::Note {
                text: "内部".to_owned(),
                mentions: Vec::new(),
            },
        ),
        event(
            6,
            Happened::Transferred {
                agent: name(),
                to: name(),
                note: name(),
            },
        ),
        event(7, Happened::Claimed { agent: name() }),
        event(8, Happened::Resolved { agent: name() }),
    ];
    let told = [
        (2, HandedOver),
        (2, Queued),
        (3, HandedOver),
        (3, Unqueued),
        (4, FirstResponse),
        (6, Queued),
        (7, HandedOver),
        (7, Unqueued),
        (8, Resolved),
    ];
    let resolved = conversation(Status::Resolved, Handler::None);
    check(&resolved, &messages, &told);
    let story = read(&resolved, messages.iter(), &[]);
    assert_eq!(story.answered_by, Some(id(7)));
    // It waits although no line says so: it does from the last thing that is known on.
    let waits = conversation(Status::Open, Handler::Queue);
    let mut told = told.to_vec();
    told.push((900, Queued));
    check(&waits, &messages, &told);
}

#[test]
fn what_is_set_aside_is_taken_up_again_by_whatever_comes_first() {
    use EventKind::{FirstResponse, HandedOver, Paused, Queued, Resolved, Resumed, Unqueued};
    let name = String::new;
    let aside = || {
        let agent = name();
        event(2, Happened::Snoozed { agent, until: 100 })
    };
    let handed = Happened::HandedOver {
        group: name(),
        reason: HandoverReason::Asked,
    };
    let transferred = Happened::Transferred {
        agent: name(),
        to: name(),
        note: name(),
    };
    let taken_over = Happened::TakenOver {
        agent: name(),
        from: name(),
    };
    let own = Happened::Claimed { agent: name() };
    let aside_again = Happened::Snoozed {
        agent: name(),
        until: 200,
    };
    let cases: [(Message, &[EventKind]); 7] = [
        (event(5, Happened::Woken), &[Resumed]),
        (customer(5), &[Resumed]),
        (agent(5, 7), &[Resumed, FirstResponse]),
        (event(5, taken_over), &[Resumed, HandedOver]),
        (event(5, transferred), &[Resumed, Queued]),
        (
            event(5, Happened::Resolved { agent: name() }),
            &[Resumed, Resolved],
        ),
        // Until later than before: it stays aside.
        (event(5, aside_again), &[]),
    ];
    for (next, expected) in cases {
        let is_queued = expected.contains(&Queued);
        let handler = if is_queued {
            Handler::Queue
        } else {
            Handler::None
        };
        let of = conversation(Status::Open, handler);
        let what = format!("{next:?}");
        let messages = [
            event(1, handed.clone()),
            event(1, own.clone()),
            aside(),
            message(
                3,
                Author::Agent {
                    agent: id(8),
                    name: name(),
                    source: None,
                },
                Content::Note {
                    text: "内部".to_owned(),
                    mentions: Vec::new(),
                },
            ),
            next,
        ];
        let mut told = read(&of, messages.iter(), &[]).events;
        told.drain(..1);
        let begin = [HandedOver, Queued, HandedOver, Unqueued, Paused];
        let kinds: Vec<EventKind> = told.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [&begin[..], expected].concat(), "{what}");
        let resumed = told.iter().find(|event| event.kind == Resumed);
        assert!(resumed.is_none_or(|event| event.at == 5), "{what}");
    }
}

#[test]
fn what_is_resolved_and_taken_back_at_once_is_not_told() {
    use EventKind::{FirstResponse, HandedOver, Resolved};
    let name = String::new;
    let messages = [
        customer(1),
        event(2, Happened::Claimed { agent: name() }),
        agent(3, 7),
        event(4, Happened::Resolved { agent: name() }),
        event(5, Happened::ResolveUndone { agent: name() }),
        agent(6, 7),
        event(7, Happened::Resolved { agent: name() }),
    ];
    let told = [
        (2, HandedOver),
        (3, FirstResponse),
        (6, FirstResponse),
        (7, Resolved),
    ];
    check(
        &conversation(Status::Resolved, Handler::None),
        &messages,
        &told,
    );
}

#[test]
fn marks_come_from_surveys() {
    let open = conversation(Status::Resolved, Handler::None);
    let survey = |score: Option<u8>| Survey {
        id: id(1),
        conversation_id: id(1),
        number: 1,
        inbox_id: id(1),
        contact_id: id(1),
        agent: None,
        source: None,
        resolved_at: 5,
        asked_at: 6,
        remind_at: None,
        is_reminded: false,
        expires_at: 100,
        answer: score.map(|score| lt_model::survey::Answer {
            score,
            comment: String::new(),
            at: 7,
            changed_at: Some(9),
        }),
    };
    for (score, at) in [(None, 6), (Some(4), 9)] {
        let story = read(&open, [].iter(), &[survey(score)]);
        let csat = Event {
            at,
            kind: EventKind::Csat { score },
        };
        assert_eq!(story.events[1], csat);
    }
}
