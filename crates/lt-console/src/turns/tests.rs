use lt_model::{
    id::{AgentId, ConversationId, MessageId},
    message::{Content, Delivery, Event},
};
use uuid::Uuid;

use super::*;

fn message(seq: u64, author: Author, text: &str) -> Message {
    Message {
        id: MessageId(Uuid::from_u128(seq.into())),
        conversation_id: ConversationId(Uuid::nil()),
        seq,
        author,
        content: Content::Text {
            text: text.to_owned(),
        },
        delivery: Delivery::Sent,
        at: 0,
    }
}

fn conversation(lines: &[(char, &str)]) -> Vec<Message> {
    let author = |who| match who {
        'c' => Author::Customer,
        'b' => Author::Bot { source: None },
        _ => Author::Agent {
            agent: AgentId(Uuid::nil()),
            name: String::new(),
            source: None,
        },
    };
    (1..)
        .zip(lines)
        .map(|(seq, (who, text))| message(seq, author(*who), text))
        .collect()
}

#[test]
fn the_last_message_is_asked_and_the_turns_before_it_are_history() {
    let messages = conversation(&[
        ('c', "怎么退货"),
        ('b', "七天内可退"),
        ('c', "转人工"),
        ('c', "在吗"),
    ]);
    let asked = asked(&messages).unwrap();
    assert_eq!((asked.seq, asked.last), (4, "在吗"));
    let history: Vec<_> = asked.history.iter().map(|turn| turn.text).collect();
    assert_eq!(history, ["怎么退货", "七天内可退", "转人工"]);
    assert_eq!(asked.whole.as_deref(), Some("怎么退货\n在吗"));
    assert!(asked.before.is_empty());
}

#[test]
fn a_wish_for_a_person_leaves_the_question_before_it_asked() {
    for (lines, expected, history) in [
        (
            &[('c', "怎么退货"), ('b', "七天内可退"), ('c', "转人工")][..],
            (1, "怎么退货"),
            0,
        ),
        (
            &[
                ('c', "怎么退货"),
                ('c', "运费谁出"),
                ('c', "转人工"),
                ('c', "给我转个人工啊"),
            ],
            (2, "运费谁出"),
            1,
        ),
        (
            &[('c', "怎么退货"), ('c', "转人工，运费谁出")],
            (2, "转人工，运费谁出"),
            1,
        ),
        (&[('c', "转人工"), ('c', "人工客服")], (2, "人工客服"), 1),
    ] {
        let messages = conversation(lines);
        let asked = asked(&messages).unwrap();
        assert_eq!((asked.seq, asked.last), expected, "{lines:?}");
        assert_eq!(asked.history.len(), history, "{lines:?}");
    }
}

#[test]
fn what_an_agent_answered_is_not_asked_again() {
    let messages = conversation(&[('c', "怎么退货"), ('a', "七天内"), ('c', "运费呢")]);
    let asked = asked(&messages).unwrap();
    assert_eq!((asked.last, asked.whole), ("运费呢", None));
    assert_eq!(asked.history.len(), 2);
}

#[test]
fn after_a_reply_the_last_question_stays_and_events_say_nothing() {
    let mut messages = conversation(&[('c', "怎么退货"), ('a', "七天内")]);
    let mut event = message(3, Author::System, "");
    event.content = Content::Event(Event::Reopened);
    messages.push(event);
    assert_eq!(asked(&messages).unwrap().last, "怎么退货");
    assert!(asked(&messages[2..]).is_none());
    assert!(asked(&messages[1..]).is_none());
}

#[test]
fn an_answer_is_for_what_asks_something_by_itself() {
    for (lines, seq, expected) in [
        (
            &[('c', "怎么退货"), ('c', "转人工"), ('c', "在吗")][..],
            9,
            Some(1),
        ),
        (
            &[('c', "怎么退货"), ('b', "七天内"), ('c', "怎么开发票")][..],
            9,
            Some(3),
        ),
        (
            &[('c', "怎么退货"), ('b', "七天内"), ('c', "怎么开发票")][..],
            2,
            Some(1),
        ),
        (&[('c', "在吗"), ('c', "转人工")][..], 9, Some(2)),
        (&[('a', "您好")][..], 9, None),
    ] {
        let messages = conversation(lines);
        let found = question(messages.iter(), seq);
        let expected = expected.map(|seq: u64| MessageId(Uuid::from_u128(seq.into())));
        assert_eq!(found, expected, "{lines:?}");
    }
}
