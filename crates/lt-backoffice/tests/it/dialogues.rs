//! The sample shop's dialogues, played through.

use lt_backoffice::sample::{self, Turn};
use lt_model::{agent::Role, conversation::Handler};
use lt_protocol::{
    sync::{Action, OpOutcome},
    widget::WidgetAuthor,
};

use crate::world::{T0, World};

#[test]
fn every_dialogue_plays_to_its_end() {
    let world = World::with_faq();
    let mut desk = world.agent("wang", Role::Agent, &["售前组", "售后组", "投诉专席"]);
    desk.online(&world);
    let mut now = T0;
    let (mut n_turns, mut n_answered, mut n_handed_over) = (0, 0, 0);
    for dialogue in sample::dialogues().unwrap() {
        let visitor = world.visitor(&dialogue.contact.name);
        let mut n_replies = 0;
        for turn in &dialogue.turns {
            now += 1_000;
            match turn {
                Turn::Customer { text, .. } => {
                    n_turns += 1;
                    let before = world.conversations(visitor.contact_id).pop();
                    let with_bot = before
                        .as_ref()
                        .is_none_or(|before| before.handler == Handler::Bot);
                    let history = world.say(&visitor, text, now);
                    assert_eq!(history[0].text, *text);
                    let bot = history
                        .iter()
                        .find(|shown| shown.author == WidgetAuthor::Bot);
                    assert_eq!(bot.is_some(), with_bot, "{}: {text}", dialogue.id);
                    n_answered += i32::from(bot.is_some_and(|bot| !bot.source.is_empty()));
                    let after = world.conversation(&visitor);
                    n_handed_over += i32::from(with_bot && after.handler == Handler::Queue);
                }
                Turn::Agent { text } => {
                    let conversation = world.conversation(&visitor);
                    let outcome = desk.reply(&world, &conversation, text, now);
                    assert_eq!(outcome, OpOutcome::Done { at: now }, "{}", dialogue.id);
                    n_replies += 1;
                }
            }
        }
        let conversation = world.conversation(&visitor);
        let history = world.bo.visitor_messages(&visitor, 0).unwrap();
        assert_eq!(history.len() as u64, conversation.seq);
        let n_shown = history
            .iter()
            .filter(|shown| shown.author == WidgetAuthor::Agent)
            .count();
        assert_eq!(n_shown, n_replies);
        let resolve = Action::Resolve {
            conversation_id: conversation.id,
        };
        now += 1_000;
        assert_eq!(
            desk.act(&world, resolve, now),
            OpOutcome::Done { at: now },
            "{}",
            dialogue.id
        );
    }
    println!("{n_turns} turns, {n_answered} answered, {n_handed_over} handed over");
    assert!(n_answered >= 10 && n_handed_over >= 10);
    assert_eq!(world.bo.verify_audit().unwrap().broken_at, None);
}
