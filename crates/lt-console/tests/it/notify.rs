//! Notifications and events.

use std::sync::atomic::Ordering;

use lt_console::Target;
use lt_model::{conversation::Handler, id::ConversationId, message::Author};
use lt_protocol::{
    event::{NoticeCode, Tag, UiEvent},
    sync::Entity,
    view::{Settings, Toggle},
};
use serde_json::json;

use crate::world::{NOW, Story, World, agent_id, conversation_id, group_id};

/// Waits until the window was told of a conversation.
async fn told_of(world: &mut World, id: ConversationId) {
    let tag = Tag::Conversation { id };
    world
        .event(|event| matches!(event, UiEvent::Changed { tags } if tags.contains(&tag)))
        .await;
}

/// Waits until what came in has popped up or not: the window is told first, and changes are told
/// one after the other, so when it is told of one more change, those before are through.
async fn settled(world: &mut World, n: u128) {
    told_of(world, conversation_id(n)).await;
    let marker = Story {
        handler: Handler::Bot,
        ..Story::queued(1_000 + n, "在吗")
    };
    world.conversation(&marker);
    told_of(world, conversation_id(1_000 + n)).await;
}

#[tokio::test]
async fn a_new_conversation_in_my_group_pops_up_and_says_nothing_of_the_customer() {
    let mut world = World::new().await;
    let story = Story {
        name: "张三",
        ..Story::queued(293, "我的快递呢，电话13812345678")
    };
    world.conversation(&story);
    let shown = world.notification().await;
    assert_eq!(
        (shown.title.as_str(), shown.body.as_str()),
        ("新会话", "C-10293 等待接待")
    );
    world.console.notification_clicked(shown.opens);
    let opened = UiEvent::Open {
        conversation_id: conversation_id(293),
    };
    world.event(|event| *event == opened).await;
    assert!(world.heard.focus_calls.load(Ordering::Acquire));
}

#[tokio::test]
async fn what_does_not_concern_me_and_what_i_look_at_does_not_pop_up() {
    let mut world = World::new().await;
    let theirs = Handler::Agent { agent: agent_id(2) };
    world.conversation(&Story {
        handler: theirs,
        ..Story::queued(1, "在吗")
    });
    settled(&mut world, 1).await;
    let mut elsewhere = Story::queued(2, "在吗").row(1);
    elsewhere.group_id = group_id(2);
    world.group_rows(vec![Entity::Conversation(Box::new(elsewhere))]);
    settled(&mut world, 2).await;
    world.heard.focused.store(true, Ordering::Release);
    world.conversation(&Story::queued(3, "在吗"));
    settled(&mut world, 3).await;
    world.heard.focused.store(false, Ordering::Release);
    let quiet = Settings {
        notifications: Toggle::Off,
        ..Settings::default()
    };
    world.ask("settings.set", json!(quiet)).await.unwrap();
    world.conversation(&Story::queued(4, "在吗"));
    settled(&mut world, 4).await;
    world
        .ask("settings.set", json!(Settings::default()))
        .await
        .unwrap();
    // The one that does pop up comes after all that did not.
    world.conversation(&Story::queued(5, "在吗"));
    let shown = world.notification().await;
    assert_eq!(shown.opens, Target::Conversation(conversation_id(5)));
    assert_eq!(world.heard.notifications.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_message_in_one_of_mine_pops_up() {
    let mut world = World::new().await;
    world.conversation(&Story::mine(1, "在吗"));
    let shown = world.notification().await;
    assert_eq!(
        (shown.title.as_str(), shown.body.as_str()),
        ("新消息", "C-10001 客户有新消息")
    );
}

#[tokio::test]
async fn what_i_set_aside_is_told_when_its_time_is_over_and_kept_in_the_bell() {
    let mut world = World::new().await;
    let mut row = Story::mine(1, "在吗").row(1);
    row.snooze(NOW + 9, agent_id(1), false).unwrap();
    world.group_rows(vec![Entity::Conversation(Box::new(row.clone()))]);
    assert!(row.wake());
    world.group_rows(vec![Entity::Conversation(Box::new(row))]);
    let shown = world.notification().await;
    assert_eq!(
        (shown.title.as_str(), shown.body.as_str()),
        ("挂起到时间了", "C-10001 的挂起结束，请继续跟进")
    );
    let bell = world.ask("bell.list", json!({})).await.unwrap();
    assert_eq!(bell["lines"][0]["what"]["kind"], json!("woken"), "{bell}");
}

#[tokio::test]
async fn without_notifications_the_window_is_told_once_why_and_each_time_what() {
    let mut world = World::new().await;
    world.heard.is_mute.store(true, Ordering::Release);
    world.conversation(&Story::queued(1, "在吗"));
    let is = |code| move |event: &UiEvent| *event == UiEvent::Notice { code };
    world.event(is(NoticeCode::NotificationsUnavailable)).await;
    world.event(is(NoticeCode::NewConversation)).await;
    world.conversation(&Story::queued(2, "在吗"));
    world.event(is(NoticeCode::NewConversation)).await;
    let events = world.heard.events.lock().unwrap();
    let n_why = events
        .iter()
        .filter(|event| is(NoticeCode::NotificationsUnavailable)(event))
        .count();
    assert_eq!(n_why, 1);
}

#[tokio::test]
async fn many_changes_become_few_events_and_none_is_lost() {
    let mut world = World::new().await;
    for n in 1..=100 {
        let mut story = Story::queued(n, "在吗");
        story.said.push((Author::Bot { source: None }, "请稍等"));
        world.conversation(&story);
    }
    told_of(&mut world, conversation_id(100)).await;
    let events = world.heard.events.lock().unwrap();
    let changed: Vec<&Vec<Tag>> = events
        .iter()
        .filter_map(|event| match event {
            UiEvent::Changed { tags } => Some(tags),
            _ => None,
        })
        .collect();
    for n in 1..=100 {
        let tag = Tag::Conversation {
            id: conversation_id(n),
        };
        assert!(
            changed.iter().any(|tags| tags.contains(&tag)),
            "conversation {n} is lost"
        );
    }
    assert!(
        changed.len() < 80,
        "{} events for 100 batches",
        changed.len()
    );
    drop(events);
    assert!(
        world.heard.notifications.lock().unwrap().len() <= 10,
        "a flood is cut"
    );
}
