//! What customers said, as the feed brings it.

use lt_model::{
    change::EntityKind,
    id::{ContactId, InboxId, SurveyId},
    survey::{Answer, AnsweredFrom, Survey},
};
use lt_protocol::{event::Tag, sync::Entity};
use lt_store::SurveyCounts;

use crate::world::{CARE, NOW, SALES, World, colleague, conv, del, me, put, uuid};

fn survey(n: u64, conversation: u64, score: Option<u8>) -> Survey {
    Survey {
        id: SurveyId(uuid(n)),
        conversation_id: conv(conversation),
        number: conversation,
        inbox_id: InboxId(uuid(1)),
        contact_id: ContactId(uuid(2)),
        agent: Some(me().id),
        source: None,
        resolved_at: NOW,
        asked_at: NOW,
        remind_at: None,
        is_reminded: false,
        expires_at: NOW + 1_000,
        answer: score.map(|score| Answer {
            score,
            comment: "很耐心".to_owned(),
            at: NOW + 1,
            changed_at: None,
        }),
    }
}

fn put_survey(survey: &Survey) -> lt_protocol::sync::RowChange {
    put(Entity::Survey(Box::new(survey.clone())))
}

fn counts(asked: u32, answered: u32, satisfied: u32, sum: u32) -> SurveyCounts {
    SurveyCounts {
        asked,
        answered,
        satisfied,
        sum,
    }
}

fn of_faq(world: &World, id: &str) -> SurveyCounts {
    world.store.survey_of_faq(id).unwrap()
}

#[test]
fn marks_count_for_whom_they_are_and_go_with_their_stream() {
    let mut world = World::with_conversation();
    let asked = survey(1, 1, None);
    let change = world.feed(SALES, vec![put_survey(&asked)]);
    assert!(change.tags.contains(&Tag::Surveys));
    assert!(change.tags.contains(&Tag::Conversation { id: conv(1) }));
    assert!(change.news.is_empty(), "a mark interrupts nobody");
    assert_eq!(world.store.survey(conv(1)).unwrap(), Some(asked));

    // Answered; a later one of the bot's; one of a colleague's; one long ago.
    let mut of_bot = survey(2, 2, Some(2));
    of_bot.agent = None;
    of_bot.source = Some(AnsweredFrom {
        faq_id: "ec-001".to_owned(),
        version: 4,
    });
    let mut of_colleague = survey(3, 3, Some(1));
    of_colleague.agent = Some(colleague().id);
    let mut old = survey(4, 4, Some(3));
    old.asked_at = NOW - 1_000;
    let answered = survey(1, 1, Some(5));
    let rows = [&answered, &of_bot, &of_colleague, &old].map(put_survey);
    world.feed(SALES, rows.to_vec());
    assert_eq!(world.store.survey(conv(1)).unwrap(), Some(answered.clone()));
    let mine = |since| world.store.surveys_of(me().id, since, 10).unwrap();
    assert_eq!(mine(NOW), (counts(1, 1, 1, 5), vec![answered.clone()]));
    let all = (counts(2, 2, 1, 8), vec![answered, old]);
    assert_eq!(mine(NOW - 1_000), all);
    assert_eq!(world.store.surveys_of(me().id, 0, 1).unwrap().1.len(), 1);
    assert_eq!(of_faq(&world, "ec-001"), counts(1, 1, 0, 2));
    assert_eq!(of_faq(&world, "ec-002"), SurveyCounts::default());

    // What leaves the stream leaves the desk, and what is seen by another way stays.
    world.feed(CARE, vec![put_survey(&survey(3, 3, Some(1)))]);
    let gone = [2, 3].map(|n| del(EntityKind::Survey, SurveyId(uuid(n))));
    world.feed(SALES, gone.to_vec());
    assert_eq!(of_faq(&world, "ec-001"), SurveyCounts::default());
    assert!(world.store.survey(conv(3)).unwrap().is_some());
}
