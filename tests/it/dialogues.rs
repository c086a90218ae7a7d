//! The sample shop's dialogues, played on a real server.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use lt_backoffice::sample::{Dialogue, Expectation, Turn, dialogues, faq};
use lt_model::agent::Role;
use lt_protocol::widget::{WidgetAuthor, WidgetHandler};
use scenarios::{customer::Customer, desk::Desk, shop::Shop};
use serde_json::json;

/// What the bot did with the turns that it saw.
#[derive(Debug, Default)]
struct Score {
    answered: u32,
    right: u32,
    expected: u32,
    given_to_people: u32,
    people_expected: u32,
    /// Turns that the bot saw, and those that it handled as they ask for: answered or asked back with
    /// the right entry, or given to people, not answered with another one.
    turns: u32,
    handled: u32,
    /// Answers to turns that no entry answers.
    outside_answered: u32,
    /// Hand-overs with one right skill group, and those that went to it.
    grouped: u32,
    in_right_group: u32,
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_answers_rightly_and_people_get_what_is_theirs() {
    let shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, &["售前", "售后", "投诉"])
        .await
        .unwrap();
    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let mut score = Score::default();
    let mut waiting = 0_u64;
    let dialogues = dialogues().unwrap();
    let knowledge: BTreeMap<String, String> = faq()
        .unwrap()
        .into_iter()
        .map(|line| (line.id, line.question))
        .collect();
    let mut known = BTreeSet::new();
    for dialogue in &dialogues {
        let customer = Customer::visit(&shop, &dialogue.contact.name)
            .await
            .unwrap();
        for turn in &dialogue.turns {
            let Turn::Customer {
                text,
                expect,
                faq_id,
            } = turn
            else {
                continue;
            };
            let before = customer
                .sees()
                .await
                .unwrap()
                .last()
                .map_or(0, |message| message.seq);
            customer.says(text).await.unwrap();
            let page = customer.sees().await.unwrap();
            let answer = page.iter().find(|message| {
                message.seq > before
                    && message.author == WidgetAuthor::Bot
                    && !message.source.is_empty()
            });
            let id = answer.map(|answer| answer.source.split('@').next().unwrap_or_default());
            let people = customer.is_served_by().await.unwrap().0 == WidgetHandler::Queue;
            let offered = customer.is_offered().await.unwrap();
            let asked_back = faq_id
                .as_ref()
                .and_then(|id| knowledge.get(id))
                .is_some_and(|question| offered.contains(question));
            score.turns += 1;
            score.outside_answered += u32::from(faq_id.is_none() && id.is_some());
            score.handled += u32::from(match expect {
                Expectation::Answer => asked_back || (id.is_some() && id == faq_id.as_deref()),
                Expectation::Suggest => {
                    people || asked_back || (id.is_some() && id == faq_id.as_deref())
                }
                Expectation::Handoff => people,
            });
            score.expected += u32::from(*expect == Expectation::Answer);
            score.people_expected += u32::from(*expect == Expectation::Handoff);
            if let Some(answer) = answer {
                score.answered += 1;
                let is_right = faq_id.as_deref() == id;
                score.right += u32::from(is_right);
                if !is_right {
                    println!(
                        "{}: {text} → {} instead of {faq_id:?}",
                        dialogue.id, answer.source
                    );
                }
            }
            if people {
                score.given_to_people += 1;
                waiting += 1;
                let found = group_of_newest(&mut desk, waiting, &mut known).await;
                if let Some(group) = &dialogue.group {
                    score.grouped += 1;
                    let is_right = found.starts_with(group.as_str());
                    score.in_right_group += u32::from(is_right);
                    if !is_right {
                        println!("{}: {text} → group {found} instead of {group}", dialogue.id);
                    }
                }
                break;
            }
        }
    }
    println!("{score:?} in {} dialogues", dialogues.len());
    assert!(
        score.answered >= 15 && score.given_to_people >= 10,
        "{score:?}"
    );
    assert!(
        f64::from(score.right) >= 0.95 * f64::from(score.answered),
        "{score:?}"
    );
    assert!(3 * score.handled >= 2 * score.turns, "{score:?}");
    assert_eq!(score.outside_answered, 0, "{score:?}");
    assert!(3 * score.in_right_group >= 2 * score.grouped, "{score:?}");

    // Everything that waits is on the desk, and no number of a customer is on its screen.
    let args = json!({"scope": "queue", "sort": "priority"});
    let page = desk
        .wait_for("the queue", "inbox.list", args, |page| {
            page["counts"]["queue"] == waiting
        })
        .await
        .unwrap();
    let mut screens = page.to_string();
    for row in page["rows"].as_array().unwrap() {
        let id = json!({"conversation_id": row["id"]});
        screens.push_str(&desk.ask("conversation.get", id).await.unwrap().to_string());
    }
    for number in personal_numbers(&dialogues) {
        assert!(!screens.contains(&number), "{number} is on the screen");
    }
}

/// The skill group of the conversation that came to the queue since the last call.
async fn group_of_newest(desk: &mut Desk, waiting: u64, known: &mut BTreeSet<String>) -> String {
    let args = json!({"scope": "queue", "sort": "priority"});
    let page = desk
        .wait_for("the queue", "inbox.list", args, |page| {
            page["counts"]["queue"] == waiting
                && page["rows"].as_array().map_or(0, Vec::len) as u64 == waiting
        })
        .await
        .unwrap();
    let mut newest = String::new();
    for row in page["rows"].as_array().unwrap() {
        let id = row["id"].as_str().unwrap().to_owned();
        if known.insert(id.clone()) {
            newest = id;
        }
    }
    let open = json!({"conversation_id": newest});
    let view = desk.ask("conversation.get", open).await.unwrap();
    view["group"].as_str().unwrap_or_default().to_owned()
}

/// Phone, card and identity numbers in the dialogues, found by length alone.
fn personal_numbers(dialogues: &[Dialogue]) -> Vec<String> {
    let mut found = Vec::new();
    for dialogue in dialogues {
        for turn in &dialogue.turns {
            let (Turn::Customer { text, .. } | Turn::Agent { text }) = turn;
            for run in text.split(|c: char| !c.is_ascii_digit()) {
                let is_mobile = run.len() == 11 && run.starts_with('1');
                let is_card = (16..=19).contains(&run.len()) && run.starts_with("62");
                if is_mobile || is_card {
                    found.push(run.to_owned());
                }
            }
        }
    }
    assert!(
        found.len() >= 8,
        "the dialogues hold numbers to mask: {}",
        found.len()
    );
    found
}
