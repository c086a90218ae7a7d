//! The lead's small window of alerts: when it comes, when it goes, and what it may ask for.

use std::sync::atomic::Ordering;

use lt_model::{
    Millis,
    agent::{Agent, Role},
    alert::{Alert, AlertAbout, AlertState, Measure, Reading, Severity},
    id::{AlertId, AlertRuleId},
};
use lt_protocol::{
    code::Code,
    event::{Tag, UiEvent},
    sync::Entity,
};
use serde_json::json;
use uuid::Uuid;

use crate::world::{NOW, World, group_id, me};

fn alert(n: u128, state: AlertState, told_at: Millis) -> Entity {
    Entity::Alert(Box::new(Alert {
        id: AlertId(Uuid::from_u128(0xaa00 + n)),
        rule_id: AlertRuleId(Uuid::from_u128(0xab00 + n)),
        name: format!("规则{n}"),
        measure: Measure::Waiting,
        group_id: Some(group_id(1)),
        dedup_key: format!("waiting:{n}"),
        severity: Severity::Critical,
        state,
        reading: Reading {
            level: Some(9),
            n: 9,
            n_bad: 0,
        },
        limit: 5,
        window_min: 0,
        worst: 9,
        trend: vec![1, 9],
        fired_at: told_at,
        resolved_at: None,
        acknowledged: None,
        silenced: None,
        silenced_until: None,
        step: 1,
        level: 0,
        next_step_at: None,
        quiet_until: None,
        told_at,
        about: AlertAbout::default(),
    }))
}

async fn led() -> World {
    let mut world = World::new().await;
    let lead = Agent {
        role: Role::TeamLead,
        ..me()
    };
    world.config(vec![Entity::Agent(lead)]);
    world
}

/// Gives the desk an alert and waits until it was told; says whether the small window is there.
async fn shown_after(world: &mut World, entity: Entity) -> bool {
    world.group_rows(vec![entity]);
    world
        .event(|event| matches!(event, UiEvent::Changed { tags } if tags.contains(&Tag::Alerts)))
        .await;
    // Asked after the event: the window is shown or closed right behind it, before the next one.
    world.store().ring(Vec::new(), NOW).unwrap();
    world
        .event(|event| matches!(event, UiEvent::Changed { tags } if tags.contains(&Tag::Bell)))
        .await;
    world.heard.alert_window.load(Ordering::Acquire)
}

#[tokio::test]
async fn it_comes_with_what_nobody_looks_after_and_goes_with_the_last() {
    let mut world = led().await;
    assert!(shown_after(&mut world, alert(1, AlertState::Firing, NOW)).await);
    assert!(shown_after(&mut world, alert(2, AlertState::Firing, NOW)).await);
    assert!(shown_after(&mut world, alert(1, AlertState::Acknowledged, NOW)).await);
    assert!(!shown_after(&mut world, alert(2, AlertState::Silenced, NOW)).await);
}

#[tokio::test]
async fn what_was_put_away_comes_again_with_what_is_new() {
    let mut world = led().await;
    assert!(shown_after(&mut world, alert(1, AlertState::Firing, NOW)).await);
    let done = world.ask_small("alert_window.put_away", json!({})).await;
    done.unwrap();
    assert!(!world.heard.alert_window.load(Ordering::Acquire));
    assert!(!shown_after(&mut world, alert(1, AlertState::Firing, NOW)).await);
    assert!(shown_after(&mut world, alert(1, AlertState::Firing, NOW + 1)).await);
}

#[tokio::test]
async fn it_may_ask_for_alerts_alone_and_shows_one_in_the_desk() {
    let mut world = led().await;
    shown_after(&mut world, alert(1, AlertState::Firing, NOW)).await;
    let list = json!({"scope": "open", "limit": 10});
    let shown = world.ask_small("alert.list", list.clone()).await.unwrap();
    assert_eq!(shown["n_firing"], json!(1));
    for (name, args) in [
        ("inbox.list", json!({"scope": "all", "sort": "waiting"})),
        ("alert.rules", json!({})),
        ("session.logout", json!({})),
        ("bell.list", json!({})),
    ] {
        let refused = world.ask_small(name, args).await.unwrap_err();
        assert_eq!(refused.code, Code::Forbidden, "{name}");
    }
    // What is the small window's own, the agent's may not ask for.
    let refused = world.ask("alert_window.put_away", json!({})).await;
    assert_eq!(refused.unwrap_err().code, Code::Forbidden);
    let alert_id = AlertId(Uuid::from_u128(0xaa01));
    let show = json!({"alert_id": alert_id});
    world.ask_small("alert_window.show", show).await.unwrap();
    world
        .event(|event| *event == UiEvent::OpenAlert { alert_id })
        .await;
    assert!(world.heard.focus_calls.load(Ordering::Acquire));
    let bell = world.ask("bell.list", json!({})).await.unwrap();
    assert_eq!(bell["lines"][0]["what"]["kind"], json!("alert"));
}

#[tokio::test]
async fn who_does_not_want_it_is_not_called() {
    let mut world = led().await;
    let mut settings = world.ask("settings.get", json!({})).await.unwrap();
    settings["alert_window"] = json!("off");
    world.ask("settings.set", settings).await.unwrap();
    assert!(!shown_after(&mut world, alert(1, AlertState::Firing, NOW)).await);
    let list = json!({"scope": "open", "limit": 10});
    let shown = world.ask("alert.list", list).await.unwrap();
    assert_eq!(
        shown["n_firing"],
        json!(1),
        "it is in the list all the same"
    );
}

#[tokio::test]
async fn an_agent_is_not_called() {
    let mut world = World::new().await;
    assert!(!shown_after(&mut world, alert(1, AlertState::Firing, NOW)).await);
}
