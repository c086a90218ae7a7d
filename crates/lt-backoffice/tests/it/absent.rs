//! Agents who are gone, and what becomes of what they have.

use lt_backoffice::visitor::Visitor;
use lt_model::{
    Millis,
    agent::{Presence, Role},
    conversation::{Conversation, Handler},
    id::AgentId,
    message::{Content, Event},
    queue,
    routing::{Assign, RETURN_AFTER_MS, ReturnReason, Setting},
};
use lt_protocol::sync::{Action, Entity, OpOutcome, RowChange};

use crate::world::{Desk, T0, World};

const MINUTE: Millis = 60_000;
/// An agent whose desk nobody heard of for so long is offline.
const UNREACHABLE: Millis = 90_000;
/// The clock looks so often in these tests, which is often enough to count as being there.
const BEAT: Millis = 10_000;

struct Shop {
    world: World,
}

impl Shop {
    fn new() -> Self {
        Self {
            world: World::with_faq(),
        }
    }

    fn agent(&self, name: &str) -> Desk {
        let mut desk = self.world.agent(name, Role::Agent, &["售前组", "售后组"]);
        desk.online(&self.world);
        desk
    }

    /// A new customer who asks for a person, and gets this one.
    fn held(&self, desk: &mut Desk, now: Millis) -> Visitor {
        let visitor = self.world.visitor("");
        self.world.say(&visitor, "转人工", now);
        let conversation_id = self.of(&visitor).id;
        let claimed = desk.act(&self.world, Action::Claim { conversation_id }, now);
        assert_eq!(claimed, OpOutcome::Done { at: now });
        visitor
    }

    fn of(&self, visitor: &Visitor) -> Conversation {
        let found = self.world.conversations(visitor.contact_id);
        found.into_iter().next_back().unwrap()
    }

    fn set(&self, desk: &mut Desk, presence: Presence, now: Millis) {
        desk.act(&self.world, Action::SetPresence { presence }, now);
    }

    /// The clock goes from one time to another, while these agents' desks are there.
    fn pass(&self, from: Millis, to: Millis, here: &[AgentId]) {
        let mut now = from;
        while now <= to {
            self.world.bo.note_desks(here, now).unwrap();
            self.world.bo.tick(now).unwrap();
            now += BEAT;
        }
        self.world.bo.tick(to).unwrap();
    }

    fn presence(&self, agent: AgentId) -> Presence {
        let rows = self.world.rows(&self.world.admin);
        let presence = rows.into_iter().rev().find_map(|row| match row.change {
            RowChange::Put {
                entity: Entity::Agent(found),
            } if found.id == agent => Some(found.presence),
            _ => None,
        });
        presence.unwrap()
    }

    fn returns(&self, visitor: &Visitor) -> Vec<Event> {
        let id = self.of(visitor).id;
        let messages = self.world.messages(&self.world.admin, id);
        let event = |content| match content {
            Content::Event(event @ Event::Returned { .. }) => Some(event),
            _ => None,
        };
        messages
            .into_iter()
            .filter_map(|message| event(message.content))
            .collect()
    }
}

fn me(desk: &Desk) -> AgentId {
    desk.principal.agent.id
}

#[test]
fn what_waits_for_an_agent_who_went_offline_goes_to_the_head_and_the_rest_stays() {
    let shop = Shop::new();
    let mut wang = shop.agent("wang");
    // Somebody has waited longer than the one who comes back will have.
    let earlier = shop.world.visitor("");
    shop.world.say(&earlier, "转人工", T0 + 1);
    let waits = shop.held(&mut wang, T0 + 10);
    let answered = shop.held(&mut wang, T0 + 20);
    let conversation = shop.of(&answered);
    wang.reply(&shop.world, &conversation, "您好，已经查到了", T0 + 30);
    shop.set(&mut wang, Presence::Offline, T0 + 40);
    shop.pass(T0 + 40, T0 + 40 + RETURN_AFTER_MS - 1, &[]);
    assert_eq!(shop.of(&waits).assignee(), Some(me(&wang)), "not yet");
    let back_at = T0 + 40 + RETURN_AFTER_MS + BEAT;
    shop.pass(T0 + 40 + RETURN_AFTER_MS, back_at, &[]);
    let returned = shop.of(&waits);
    assert_eq!(returned.handler, Handler::Queue);
    let mark = returned.routing.returned.unwrap();
    assert_eq!(
        (mark.agent, mark.reason),
        (me(&wang), ReturnReason::Offline)
    );
    assert_eq!(
        returned.waiting_since,
        Some(T0 + 10),
        "the clock tells the truth"
    );
    assert!(queue::key(&returned) < queue::key(&shop.of(&earlier)));
    let told = Event::Returned {
        agent: "客服wang".to_owned(),
        reason: ReturnReason::Offline,
    };
    assert_eq!(shop.returns(&waits), [told]);
    assert_eq!(shop.of(&answered).assignee(), Some(me(&wang)));
    let history = shop.world.bo.assignments(returned.id).unwrap();
    assert_eq!(history.len(), 1);
    assert!(history[0].ended_at.is_some());
    // The customer of the other one writes: now that waits too.
    shop.world.say(&answered, "在吗", back_at + 1);
    shop.pass(back_at + BEAT, back_at + 2 * BEAT, &[]);
    assert_eq!(shop.of(&answered).handler, Handler::Queue);
    // Whoever has it again is not told that it went.
    let conversation_id = returned.id;
    let mut li = shop.agent("li");
    li.act(&shop.world, Action::Claim { conversation_id }, back_at + 50);
    let again = shop.of(&waits);
    assert_eq!(again.routing.returned.map(|one| one.agent), Some(me(&wang)));
}

#[test]
fn who_comes_back_in_time_keeps_everything() {
    let shop = Shop::new();
    let mut wang = shop.agent("wang");
    let waits = shop.held(&mut wang, T0 + 1);
    shop.set(&mut wang, Presence::Offline, T0 + 2);
    shop.pass(T0 + 2, T0 + 2 + 4 * MINUTE, &[]);
    shop.set(&mut wang, Presence::Online, T0 + 4 * MINUTE + 3);
    shop.pass(T0 + 4 * MINUTE + 3, T0 + 20 * MINUTE, &[]);
    assert_eq!(shop.of(&waits).assignee(), Some(me(&wang)));
    assert_eq!(shop.returns(&waits), []);
}

#[test]
fn a_group_says_when_or_that_nothing_goes_back() {
    let shop = Shop::new();
    let mut admin = Desk::of(&shop.world.admin);
    let mut limits = |minutes: Option<Millis>| {
        for group in &shop.world.made.groups {
            let setting = Setting::GroupLimits {
                group_id: group.id,
                capacities: Vec::new(),
                return_after_ms: minutes.map(|minutes| minutes * MINUTE),
            };
            let set = admin.act(&shop.world, Action::Configure { setting }, T0);
            assert_eq!(set, OpOutcome::Done { at: T0 });
        }
    };
    limits(None);
    let mut wang = shop.agent("wang");
    let waits = shop.held(&mut wang, T0 + 1);
    shop.set(&mut wang, Presence::Offline, T0 + 2);
    shop.pass(T0 + 2, T0 + 30 * MINUTE, &[]);
    assert_eq!(shop.of(&waits).assignee(), Some(me(&wang)));
    limits(Some(1));
    shop.pass(T0 + 31 * MINUTE, T0 + 31 * MINUTE + BEAT, &[]);
    assert_eq!(shop.of(&waits).handler, Handler::Queue);
}

#[test]
fn a_desk_that_is_heard_of_no_more_is_offline_and_comes_back_as_it_was() {
    let shop = Shop::new();
    let mut wang = shop.agent("wang");
    let waits = shop.held(&mut wang, T0 + 1);
    shop.set(&mut wang, Presence::Busy, T0 + 2);
    let here = [me(&wang)];
    let n_before = shop.world.n_audited();
    shop.pass(T0 + 3, T0 + 3 + MINUTE, &here);
    assert_eq!(shop.world.n_audited(), n_before, "being there is no act");
    let gone = T0 + 3 + MINUTE;
    shop.pass(gone, gone + UNREACHABLE - BEAT, &[]);
    assert_eq!(shop.presence(here[0]), Presence::Busy);
    shop.pass(gone + UNREACHABLE, gone + UNREACHABLE + 3 * BEAT, &[]);
    assert_eq!(shop.presence(here[0]), Presence::Offline);
    let back = gone + 3 * MINUTE;
    shop.pass(back, back + 2 * BEAT, &here);
    assert_eq!(shop.presence(here[0]), Presence::Busy, "a short break");
    assert_eq!(shop.of(&waits).assignee(), Some(here[0]));
    // A long one: what waits goes back, and so does nobody's presence.
    let gone = back + 2 * BEAT;
    shop.pass(gone, gone + RETURN_AFTER_MS + 6 * BEAT, &[]);
    let mark = shop.of(&waits).routing.returned.unwrap();
    assert_eq!(
        (mark.agent, mark.reason),
        (here[0], ReturnReason::Unreachable)
    );
    let back = gone + RETURN_AFTER_MS + 7 * BEAT;
    shop.pass(back, back + 2 * BEAT, &here);
    assert_eq!(shop.presence(here[0]), Presence::Offline);
}

#[test]
fn a_server_that_was_away_itself_blames_nobody() {
    let shop = Shop::new();
    let mut wang = shop.agent("wang");
    let waits = shop.held(&mut wang, T0 + 1);
    let here = [me(&wang)];
    shop.pass(T0 + 2, T0 + MINUTE, &here);
    // Half an hour later it looks again, before any desk has had the time to come back.
    let later = T0 + 30 * MINUTE;
    shop.world.bo.tick(later).unwrap();
    shop.world.bo.tick(later + BEAT).unwrap();
    assert_eq!(shop.presence(here[0]), Presence::Online);
    shop.pass(later + 2 * BEAT, later + 10 * MINUTE, &here);
    assert_eq!(shop.presence(here[0]), Presence::Online);
    assert_eq!(shop.of(&waits).assignee(), Some(here[0]));
}

#[test]
fn what_came_back_is_offered_before_all_others() {
    let shop = Shop::new();
    let mut wang = shop.agent("wang");
    let waits = shop.held(&mut wang, T0 + 10);
    let earlier = shop.world.visitor("");
    shop.world.say(&earlier, "转人工", T0 + 11);
    let mut admin = Desk::of(&shop.world.admin);
    for group in &shop.world.made.groups {
        let setting = Setting::Group {
            group_id: group.id,
            assign: Assign::of_new_group(),
        };
        admin.act(&shop.world, Action::Configure { setting }, T0);
    }
    shop.set(&mut wang, Presence::Offline, T0 + 20);
    shop.pass(T0 + 20, T0 + 20 + RETURN_AFTER_MS + BEAT, &[]);
    let now = T0 + RETURN_AFTER_MS + 3 * BEAT;
    let mut li = shop.world.agent("li", Role::Agent, &["售前组", "售后组"]);
    shop.set(&mut li, Presence::Online, now);
    assert_eq!(shop.of(&waits).offered_to(), Some(me(&li)));
    assert_eq!(
        shop.of(&earlier).offered_to(),
        None,
        "one question at a time"
    );
    let conversation_id = shop.of(&waits).id;
    li.act(&shop.world, Action::Claim { conversation_id }, now + 1);
    assert_eq!(shop.of(&earlier).offered_to(), Some(me(&li)));
}
