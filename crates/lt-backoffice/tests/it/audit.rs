use lt_model::agent::{Presence, Role};
use lt_protocol::{
    api::{NewAgent, NewGroup},
    sync::Action,
};

use crate::back_end::is_postgres;
use crate::world::{PASSWORD, T0, World, device, id, login, send};

/// What an act adds to the log and to the feed.
struct Ledger<'w> {
    world: &'w World,
    n_audited: i64,
    n_changes: i64,
}

impl<'w> Ledger<'w> {
    fn new(world: &'w World) -> Self {
        Self {
            world,
            n_audited: world.n_audited(),
            n_changes: world.number("SELECT count(*) FROM change"),
        }
    }

    /// Exactly so many records since the last look, and changes or none.
    fn check(&mut self, name: &str, n_records: i64, has_changes: bool) {
        let next = Self::new(self.world);
        assert_eq!(
            next.n_audited - self.n_audited,
            n_records,
            "{name}: records"
        );
        assert_eq!(
            next.n_changes > self.n_changes,
            has_changes,
            "{name}: changes"
        );
        *self = next;
    }
}

#[test]
fn every_mutation_has_exactly_one_record_in_its_transaction() {
    let world = World::with_faq();
    let mut ledger = Ledger::new(&world);
    let mut desk = world.agent("wang", Role::Agent, &["售前组", "售后组", "投诉专席"]);
    ledger.check("an account and its login", 2, true);
    let group = NewGroup {
        name: "物流组".to_owned(),
        categories: Vec::new(),
        assign: None,
    };
    world.bo.create_group(&world.admin, group, T0).unwrap();
    ledger.check("a group", 1, true);
    let visitor = world.visitor("林晓棠");
    ledger.check("a visitor", 1, false);
    world.say(&visitor, "退款几天能收到", T0 + 1);
    ledger.check("a question and its answer", 2, true);
    world.say(&visitor, "转人工", T0 + 2);
    ledger.check("a wish and a hand-over", 2, true);
    world.say(&visitor, "有人吗", T0 + 3);
    ledger.check("a message into the queue", 1, true);
    desk.online(&world);
    ledger.check("presence", 1, true);
    let conversation = world.conversation(&visitor);
    let conversation_id = conversation.id;
    desk.act(&world, Action::Claim { conversation_id }, T0 + 4);
    ledger.check("a claim", 1, true);
    desk.act(&world, Action::Claim { conversation_id }, T0 + 5);
    ledger.check("a claim of what one has", 1, false);
    desk.act(&world, send(conversation_id, "您好", 0), T0 + 6);
    ledger.check("a stale reply", 1, false);
    desk.reply(&world, &conversation, "您好", T0 + 7);
    ledger.check("a reply", 1, true);
    world.bo.visitor_read(&visitor, u64::MAX, T0 + 8).unwrap();
    ledger.check("the customer reads", 1, true);
    world.say(&visitor, "再不处理我就打12315投诉", T0 + 9);
    ledger.check("a threat, and what it raises", 1, true);
    let read = Action::Read {
        conversation_id,
        seq: u64::MAX,
    };
    desk.act(&world, read, T0 + 10);
    ledger.check("the agent reads", 1, true);
    desk.act(&world, Action::Resolve { conversation_id }, T0 + 11);
    ledger.check("a resolution", 1, true);
    let _ = login(&world.bo, "wang", "wrong password 1", &device(), T0);
    ledger.check("a failed login", 1, false);
    let new = NewAgent {
        username: "x".to_owned(),
        display_name: "x".to_owned(),
        password: PASSWORD.to_owned(),
        role: Role::Agent,
        groups: Vec::new(),
        capacity: 1,
    };
    let _ = world.bo.create_agent(&desk.principal, new, T0);
    ledger.check("a denied account", 1, false);
    world.bo.logout(&desk.principal, T0 + 12).unwrap();
    ledger.check("a logout", 1, true);

    let report = world.bo.verify_audit().unwrap();
    assert_eq!(report.broken_at, None);
    assert_eq!(report.count, u64::try_from(world.n_audited()).unwrap());
    let orphans = world.number(
        "SELECT count(*) FROM change c WHERE
             (SELECT count(*) FROM audit a WHERE a.n = c.audit_n) <> 1",
    );
    assert_eq!(orphans, 0);
}

#[test]
fn tampering_is_found() {
    let world = World::with_faq();
    world.say(&world.visitor(""), "转人工", T0 + 1);
    if is_postgres() {
        // The database's own tests tamper with both back ends.
        return;
    }
    let raw = world.raw();
    raw.execute(
        "DROP TRIGGER audit_no_update;
         UPDATE audit SET record = replace(record, 'bot.hand_over', 'bot.answered')
         WHERE record LIKE '%bot.hand_over%';",
    )
    .unwrap();
    let report = world.bo.verify_audit().unwrap();
    assert_eq!(report.broken_at, Some(report.count + 1));
    let n = raw
        .number("SELECT n FROM audit WHERE record LIKE '%bot.answered%'")
        .unwrap();
    assert_eq!(report.broken_at, u64::try_from(n).ok());
}

#[test]
fn the_log_holds_no_words_and_no_secrets() {
    let world = World::with_faq();
    let mut desk = world.agent("wang", Role::Agent, &["售前组", "售后组"]);
    let visitor = world.visitor("林晓棠");
    world.say(&visitor, "我叫林晓棠，电话13912345678，转人工", T0 + 1);
    let conversation = world.conversation(&visitor);
    desk.reply(&world, &conversation, "好的林女士", T0 + 2);
    let _ = login(&world.bo, "林晓棠", PASSWORD, &device(), T0);
    let mut presence = desk.op(Action::SetPresence {
        presence: Presence::Away,
    });
    presence.id = id();
    world.bo.apply(&desk.principal, &presence, T0 + 3).unwrap();
    for needle in ["林晓棠", "13912345678", "林女士", PASSWORD, "argon2"] {
        let found = world.number(&format!(
            "SELECT count(*) FROM audit WHERE record LIKE '%{needle}%'"
        ));
        assert_eq!(found, 0, "{needle}");
    }
    let known = world.number("SELECT count(*) FROM audit WHERE record LIKE '%客服wang%'");
    assert!(known > 0, "an agent's name is kept on purpose");
}
