use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    faq::FaqSource,
    id::MessageId,
    message::{Content, Delivery},
};

const MINUTE: Millis = 60_000;

fn survey() -> Survey {
    let id = Uuid::from_u128(1);
    Survey {
        id: SurveyId(id),
        conversation_id: ConversationId(id),
        number: 7,
        inbox_id: InboxId(id),
        contact_id: ContactId(id),
        agent: Some(AgentId(id)),
        source: None,
        resolved_at: 0,
        asked_at: 10_000,
        remind_at: Some(10_000 + DAY_MS),
        is_reminded: false,
        expires_at: 10_000 + OPEN_MS,
        answer: None,
    }
}

fn said(author: Author) -> Message {
    let id = Uuid::from_u128(2);
    Message {
        id: MessageId(id),
        conversation_id: ConversationId(id),
        seq: 1,
        author,
        content: Content::Text {
            text: "好".to_owned(),
        },
        delivery: Delivery::Sent,
        at: 0,
    }
}

fn bot(faq_id: Option<&str>) -> Message {
    said(Author::Bot {
        source: faq_id.map(|faq_id| FaqSource {
            faq_id: faq_id.to_owned(),
            version: 3,
            confidence: 0.9,
            question: String::new(),
        }),
    })
}

fn agent(n: u128) -> Message {
    said(Author::Agent {
        agent: AgentId(Uuid::from_u128(n)),
        name: "林静".to_owned(),
        source: None,
    })
}

#[test]
fn one_answer_which_may_be_changed_for_ten_minutes() {
    let mut survey = survey();
    assert_eq!(survey.answer(0, "", 20_000), Err(NotTaken::Score));
    assert_eq!(survey.answer(6, "", 20_000), Err(NotTaken::Score));
    let long = "长".repeat(MAX_COMMENT_CHARS + 1);
    assert_eq!(survey.answer(5, &long, 20_000), Err(NotTaken::TooLong));
    assert_eq!(survey.answer, None, "what is refused changes nothing");
    assert_eq!(survey.answer(2, " 等了\u{0}很久\n", 20_000), Ok(true));
    assert_eq!(survey.answer(2, "等了很久", 21_000), Ok(false), "the same");
    let last = 20_000 + CHANGE_WITHIN_MS;
    assert_eq!(survey.changeable_until(), Some(last));
    assert_eq!(survey.answer(4, "", last), Ok(true));
    assert_eq!(survey.answer(5, "", last + 1), Err(NotTaken::Fixed));
    assert_eq!(survey.answer(4, "", last + DAY_MS), Ok(false), "a replay");
    let answer = survey.answer.clone().unwrap();
    assert_eq!((answer.score, answer.at), (4, 20_000));
    assert_eq!(answer.changed_at, Some(last));
}

#[test]
fn it_ends_unanswered() {
    let mut survey = survey();
    let end = survey.expires_at;
    assert!(survey.is_open(end - 1));
    assert_eq!(survey.answer(5, "", end), Err(NotTaken::Expired));
    assert_eq!(survey.answer(5, "", end - 1), Ok(true));
    // Answered in the last moment, it may be changed after it.
    assert_eq!(survey.answer(4, "", end + MINUTE), Ok(true));
}

#[test]
fn it_reminds_once_and_only_who_has_not_answered() {
    let mut reminded = survey();
    assert!(!reminded.remind(DAY_MS));
    assert!(reminded.remind(10_000 + DAY_MS));
    assert!(!reminded.remind(10_000 + 2 * DAY_MS));
    assert_eq!(reminded.rings_at(), None);
    let mut answered = survey();
    answered.answer(5, "", 20_000).unwrap();
    assert!(!answered.remind(10_000 + DAY_MS));
    assert_eq!(answered.rings_at(), None);
}

#[test]
fn whom_the_mark_is_for() {
    let check = |messages: &[Message], expected: Option<(Option<u128>, Option<&str>)>| {
        let found = marked(messages).map(|marked| {
            let agent = marked.agent.map(|agent| agent.0.as_u128());
            (agent, marked.source.map(|source| source.faq_id))
        });
        let expected = expected.map(|(agent, source)| (agent, source.map(str::to_owned)));
        assert_eq!(found, expected);
    };
    let customer = || said(Author::Customer);
    check(&[], None);
    check(&[customer()], None);
    check(&[customer(), bot(None)], None);
    check(&[bot(Some("ec-1"))], None);
    check(&[customer(), bot(Some("ec-1"))], Some((None, Some("ec-1"))));
    check(
        &[customer(), bot(Some("ec-1")), customer(), bot(None)],
        Some((None, Some("ec-1"))),
    );
    check(
        &[customer(), bot(Some("ec-1")), agent(4)],
        Some((Some(4), None)),
    );
    check(&[customer(), agent(4), agent(5)], Some((Some(5), None)));
}

#[test]
fn settings_are_bounded() {
    let check = |change: fn(&mut SurveySettings), is_fit| {
        let mut settings = SurveySettings::default();
        change(&mut settings);
        assert_eq!(settings.is_fit(), is_fit, "{settings:?}");
    };
    check(|_| {}, true);
    check(|s| s.question = "满意吗？".repeat(21), false);
    check(|s| s.question_en = "a\u{0}b".to_owned(), false);
    check(|s| s.delay_ms = -1, false);
    check(|s| s.delay_ms = MAX_DELAY_MS + 1, false);
    check(|s| s.remind_after_ms = None, true);
    check(|s| s.remind_after_ms = Some(0), false);
    check(|s| s.remind_after_ms = Some(7 * DAY_MS), false);
    check(|s| s.again_after_ms = 0, true);
    check(|s| s.again_after_ms = Millis::MAX, false);
}

proptest! {
    /// Whatever is sent, in whatever order: there is one answer, in bounds, fixed after its time.
    #[test]
    fn an_answer_is_in_bounds_and_gets_fixed(
        tries in prop::collection::vec((any::<u8>(), ".{0,600}", 0..2 * OPEN_MS), 0..12)
    ) {
        let mut survey = survey();
        let mut tries = tries;
        tries.sort_by_key(|(_, _, at)| *at);
        for (score, comment, at) in tries {
            let before = survey.clone();
            match survey.answer(score, &comment, at) {
                Ok(true) => {
                    let first = before.answer.as_ref().map_or(at, |answer| answer.at);
                    prop_assert!(at - first <= CHANGE_WITHIN_MS);
                    prop_assert!(before.answer.is_some() || at < survey.expires_at);
                    prop_assert_eq!(survey.answer.as_ref().map(|answer| answer.at), Some(first));
                }
                Ok(false) | Err(_) => prop_assert_eq!(&survey, &before),
            }
            if let Some(answer) = &survey.answer {
                prop_assert!((1..=BEST).contains(&answer.score));
                prop_assert!(answer.comment.chars().count() <= MAX_COMMENT_CHARS);
            }
        }
    }
}
