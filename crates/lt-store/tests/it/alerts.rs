//! Alerts at the desk of somebody who leads.

use lt_model::{
    agent::{Agent, Role},
    alert::{
        Alert, AlertState,
        act::AlertAct,
        judge::{Bounds, Seen, begin},
        notify::AlertPrefs,
        rule::{AlertRule, Condition},
        standard,
    },
    change::EntityKind,
    id::{AlertId, AlertRuleId},
};
use lt_protocol::{
    alert::{AlertNews, AlertRuleEdit},
    event::Tag,
    personal::PersonalEdit,
    sync::{Action, Entity, OpOutcome},
};
use lt_store::{Change, Enqueued, News, StoreError};

use crate::world::{CARE, CONFIG, FAQ, NOW, SALES, World, del, heads, me, put, uuid};

fn alert() -> Alert {
    let draft = standard::rules().remove(1);
    let seen = Seen {
        reading: lt_model::alert::Reading {
            level: Some(51),
            n: 51,
            n_bad: 51,
        },
        bounds: Some(Bounds {
            limit: 50,
            clear: 40,
            is_above: true,
        }),
    };
    let ids = (AlertId(uuid(1)), AlertRuleId(uuid(2)));
    begin(ids, &draft, seen, NOW).0
}

fn rule() -> AlertRule {
    AlertRule {
        id: AlertRuleId(uuid(2)),
        edition: 1,
        draft: standard::rules().remove(1),
        by: String::new(),
        at: NOW,
    }
}

fn put_alert(alert: &Alert) -> lt_protocol::sync::RowChange {
    put(Entity::Alert(Box::new(alert.clone())))
}

/// A desk of somebody who leads.
fn world() -> World {
    let world = World::with_conversation();
    let lead = Agent {
        role: Role::TeamLead,
        ..me()
    };
    let streams = heads(&[CONFIG, FAQ, SALES, CARE]);
    world
        .store
        .set_streams("g1", &streams, 0, &lead, NOW)
        .unwrap();
    world
}

fn news(change: &Change) -> Vec<AlertNews> {
    let told = change.news.iter().filter_map(|news| match news {
        News::Alert { news, .. } => Some(*news),
        _ => None,
    });
    told.collect()
}

#[test]
fn each_thing_is_told_once() {
    let mut world = world();
    let mut alert = alert();
    let change = world.feed(SALES, vec![put_alert(&alert)]);
    assert!(change.tags.contains(&Tag::Alerts));
    assert_eq!(news(&change), [AlertNews::Fired]);
    // Another reading is no news.
    alert.reading.level = Some(60);
    assert_eq!(news(&world.feed(SALES, vec![put_alert(&alert)])), []);
    let draft = rule().draft;
    let at = alert.next_step_at.unwrap();
    assert!(alert.tick(Some(&draft), at).is_some());
    let change = world.feed(SALES, vec![put_alert(&alert)]);
    assert_eq!(news(&change), [AlertNews::Escalated]);
    alert.end(None, at + 1);
    let change = world.feed(SALES, vec![put_alert(&alert)]);
    assert_eq!(news(&change), [AlertNews::Resolved]);
    assert_eq!(news(&world.feed(SALES, vec![put_alert(&alert)])), []);
    world.feed(SALES, vec![del(EntityKind::Alert, alert.id)]);
    assert_eq!(world.store.alerts(10).unwrap(), []);
}

#[test]
fn what_a_lead_does_shows_at_once_and_waits_for_the_server() {
    let mut world = world();
    let mut alert = alert();
    world.feed(SALES, vec![put_alert(&alert)]);
    let acknowledge = Action::Alert {
        alert_id: alert.id,
        act: AlertAct::Acknowledge,
    };
    let (done, _) = world.store.enqueue(acknowledge.clone(), NOW + 1).unwrap();
    let Enqueued::New(op) = done else {
        panic!("{done:?}")
    };
    let shown = world.store.alerts(10).unwrap().remove(0);
    assert_eq!(shown.alert.state, AlertState::Acknowledged);
    assert!(shown.is_pending);
    let (again, _) = world.store.enqueue(acknowledge, NOW + 2).unwrap();
    assert_eq!(again, Enqueued::AlreadyThere);
    let done = OpOutcome::Done { at: NOW + 3 };
    world.store.op_result(op, &done, NOW + 3).unwrap();
    let by = shown.alert.acknowledged.unwrap();
    alert.act(AlertAct::Acknowledge, by).unwrap();
    let change = world.feed(SALES, vec![put_alert(&alert)]);
    assert_eq!(news(&change), [], "one's own act is no news");
    let shown = world.store.alerts(10).unwrap().remove(0);
    assert_eq!(shown.alert, alert);
    assert!(!shown.is_pending);
}

#[test]
fn rules_are_edited_here_and_unfit_ones_are_not() {
    let mut world = world();
    let rule = rule();
    let row = put(Entity::AlertRule(Box::new(rule.clone())));
    world.feed(SALES, vec![row]);
    let edit = |draft| Action::SaveAlertRule {
        edit: Box::new(AlertRuleEdit {
            id: rule.id,
            base: 1,
            draft,
        }),
    };
    let same = world.store.enqueue(edit(rule.draft.clone()), NOW).unwrap();
    assert_eq!(same.0, Enqueued::AlreadyThere);
    let mut draft = rule.draft.clone();
    draft.condition = Condition::Above {
        limit: 9,
        clear: 10,
    };
    let unfit = world.store.enqueue(edit(draft.clone()), NOW);
    assert!(matches!(unfit, Err(StoreError::AlertRule(_))), "{unfit:?}");
    draft.condition = Condition::Above { limit: 9, clear: 9 };
    world.store.enqueue(edit(draft.clone()), NOW).unwrap();
    let shown = world.store.alert_rules().unwrap().remove(0);
    assert_eq!((shown.rule.draft, shown.rule.edition), (draft, 2));
    assert!(shown.is_pending);
    let remove = Action::RemoveAlertRule { rule_id: rule.id };
    world.store.enqueue(remove, NOW).unwrap();
    assert_eq!(world.store.alert_rules().unwrap(), []);
}

#[test]
fn an_agent_does_none_of_it_and_wishes_are_ones_own() {
    let mut world = World::with_conversation();
    world.feed(SALES, vec![put_alert(&alert())]);
    let silence = Action::Alert {
        alert_id: alert().id,
        act: AlertAct::Silence { minutes: 30 },
    };
    let done = world.store.enqueue(silence, NOW);
    assert!(matches!(done, Err(StoreError::Forbidden)), "{done:?}");
    assert_eq!(world.store.alert_prefs().unwrap(), AlertPrefs::unset());
    let prefs = AlertPrefs {
        email: "chen@example.com".to_owned(),
        ..AlertPrefs::unset()
    };
    let edits = vec![PersonalEdit::AlertPrefs {
        prefs: prefs.clone(),
    }];
    world
        .store
        .enqueue(Action::EditPersonal { edits }, NOW)
        .unwrap();
    assert_eq!(world.store.alert_prefs().unwrap(), prefs);
}
