//! Who gets what, and when.

mod passed;
mod places;

use lt_backoffice::visitor::Visitor;
use lt_db::table::assignment::Outcome;
use lt_model::{
    Millis,
    agent::{Presence, Role},
    conversation::{Conversation, Handler, Status},
    hours::{BusinessHours, Day, Period, Workday},
    id::AgentId,
    message::{Content, Event},
    routing::{
        Assign, AssignReason, ChannelCapacity, DECLINE_PAUSE_MS, RoutingReason, Setting, Skill,
        TransferTo,
    },
};
use lt_protocol::{
    code::Code,
    sync::{Action, OpOutcome},
    widget::WidgetHandler,
};

use crate::world::{Desk, PASSWORD, T0, World, device, id, login, refused};

const ACCEPT: Millis = 30_000;
const HOUR: Millis = 3_600_000;

/// A shop whose groups offer what waits.
struct Shop {
    world: World,
    admin: Desk,
}

fn done(at: Millis) -> OpOutcome {
    OpOutcome::Done { at }
}

impl Shop {
    fn new() -> Self {
        let world = World::with_faq();
        let admin = Desk::of(&world.admin);
        let mut shop = Self { world, admin };
        for group in shop.world.made.groups.clone() {
            shop.set(Setting::Group {
                group_id: group.id,
                assign: Assign::Auto { accept_ms: ACCEPT },
            });
        }
        shop
    }

    fn set(&mut self, setting: Setting) {
        let action = Action::Configure { setting };
        assert_eq!(self.admin.act(&self.world, action, T0), done(T0));
    }

    fn agent(&self, name: &str, groups: &[&str]) -> Desk {
        let mut desk = self.world.agent(name, Role::Agent, groups);
        desk.online(&self.world);
        desk
    }

    /// The same agent, signed in again.
    fn back(&self, desk: &Desk, now: Millis) -> Desk {
        let username = &desk.principal.agent.username;
        let session = login(&self.world.bo, username, PASSWORD, &device(), now).unwrap();
        Desk::of(&self.world.bo.authenticate(&session.token, now).unwrap())
    }

    /// A new customer who asks for a person.
    fn asks(&self, now: Millis) -> Visitor {
        let visitor = self.world.visitor("");
        self.world.say(&visitor, "转人工", now);
        visitor
    }

    fn of(&self, visitor: &Visitor) -> Conversation {
        let found = self.world.conversations(visitor.contact_id);
        found.into_iter().next_back().unwrap()
    }

    fn offered(&self, visitor: &Visitor) -> Option<AgentId> {
        self.of(visitor).offered_to()
    }

    fn tick(&self, now: Millis) {
        self.world.bo.tick(now).unwrap();
    }

    /// The events of a conversation, oldest first.
    fn events(&self, visitor: &Visitor) -> Vec<Event> {
        let id = self.of(visitor).id;
        let messages = self.world.messages(&self.world.admin, id);
        let event = |content| match content {
            Content::Event(event) => Some(event),
            _ => None,
        };
        messages
            .into_iter()
            .filter_map(|message| event(message.content))
            .collect()
    }

    fn presence(&self, agent: AgentId) -> Presence {
        let rows = self.world.rows(&self.world.admin);
        let presence = rows.into_iter().rev().find_map(|row| match row.change {
            lt_protocol::sync::RowChange::Put {
                entity: lt_protocol::sync::Entity::Agent(found),
            } if found.id == agent => Some(found.presence),
            _ => None,
        });
        presence.unwrap()
    }
}

fn me(desk: &Desk) -> AgentId {
    desk.principal.agent.id
}

fn claim(of: &Conversation) -> Action {
    Action::Claim {
        conversation_id: of.id,
    }
}

fn resolve(of: &Conversation) -> Action {
    Action::Resolve {
        conversation_id: of.id,
    }
}

fn presence(presence: Presence) -> Action {
    Action::SetPresence { presence }
}

#[test]
fn what_waits_is_offered_and_accepting_it_tells_why() {
    let shop = Shop::new();
    let mut wang = shop.agent("wang", &["售前组"]);
    let visitor = shop.asks(T0 + 1);
    let waiting = shop.of(&visitor);
    assert_eq!(waiting.handler, Handler::Queue);
    let offer = waiting.routing.offer.clone().unwrap();
    assert_eq!(
        (offer.agent, offer.offered_at, offer.expires_at),
        (me(&wang), T0 + 1, T0 + 1 + ACCEPT)
    );
    assert_eq!(wang.act(&shop.world, claim(&waiting), T0 + 9), done(T0 + 9));
    let held = shop.of(&visitor);
    assert_eq!(held.assignee(), Some(me(&wang)));
    let assigned = held.routing.assigned.unwrap();
    assert_eq!((assigned.at, assigned.reason), (T0 + 9, AssignReason::Auto));
    assert_eq!(
        assigned.why,
        [
            RoutingReason::OnlyOne,
            RoutingReason::Load {
                held: 0,
                capacity: 5
            },
            RoutingReason::Idle { since: None },
        ]
    );
    shop.tick(T0 + 10 * ACCEPT);
    assert_eq!(shop.presence(me(&wang)), Presence::Online, "it was taken");
}

#[test]
fn an_offer_is_for_one_and_the_second_is_stopped() {
    let shop = Shop::new();
    let mut wang = shop.agent("wang", &["售前组"]);
    let visitor = shop.asks(T0 + 1);
    let mut li = shop.agent("li", &["售前组"]);
    let waiting = shop.of(&visitor);
    assert_eq!(waiting.offered_to(), Some(me(&wang)));
    let other = refused(Code::HeldByOther);
    assert_eq!(li.act(&shop.world, claim(&waiting), T0 + 2), other);
    assert_eq!(li.reply(&shop.world, &waiting, "您好", T0 + 2), other);
    let decline = Action::Decline {
        conversation_id: waiting.id,
    };
    assert_eq!(
        li.act(&shop.world, decline, T0 + 2),
        refused(Code::IllegalState)
    );
    assert_eq!(
        wang.reply(&shop.world, &waiting, "您好", T0 + 3),
        done(T0 + 3),
        "writing accepts"
    );
    assert_eq!(shop.of(&visitor).assignee(), Some(me(&wang)));
}

#[test]
fn an_offer_that_is_not_taken_goes_to_the_next_and_sets_the_agent_away() {
    let shop = Shop::new();
    let wang = shop.agent("wang", &["售前组"]);
    let first = shop.asks(T0 + 1);
    let second = shop.asks(T0 + 2);
    assert_eq!(shop.offered(&second), None, "one question at a time");
    shop.tick(T0 + ACCEPT);
    assert_eq!(shop.offered(&first), Some(me(&wang)), "a moment is left");
    let mut li = shop.world.agent("li", Role::Agent, &["售前组"]);
    li.act(&shop.world, presence(Presence::Online), T0 + ACCEPT);
    shop.tick(T0 + 1 + ACCEPT);
    assert_eq!(shop.presence(me(&wang)), Presence::Away);
    // The colleague was asked about the other one, and is asked about this one next.
    assert_eq!(shop.offered(&second), Some(me(&li)));
    assert_eq!(shop.offered(&first), None);
    let other = shop.of(&second);
    li.act(&shop.world, claim(&other), T0 + ACCEPT + 8);
    assert_eq!(shop.offered(&first), Some(me(&li)));
    assert_eq!(
        shop.of(&first).waiting_since,
        Some(T0 + 1),
        "its place stays"
    );
    let missed = Event::NotTaken {
        agent: "客服wang".to_owned(),
        declined: false,
    };
    assert!(shop.events(&first).contains(&missed));
    let again = shop.of(&first);
    assert_eq!(
        li.act(&shop.world, claim(&again), T0 + ACCEPT + 9),
        done(T0 + ACCEPT + 9)
    );
    // The history tells it all.
    let id = again.id;
    let history: Vec<(AgentId, Option<Outcome>)> = shop
        .world
        .bo
        .assignments(id)
        .unwrap()
        .into_iter()
        .map(|row| (row.agent, row.outcome))
        .collect();
    assert_eq!(
        history,
        [(me(&wang), Some(Outcome::TimedOut)), (me(&li), None)]
    );
}

#[test]
fn whoever_declines_is_left_alone_for_a_while() {
    let shop = Shop::new();
    let mut wang = shop.agent("wang", &["售前组"]);
    let visitor = shop.asks(T0 + 1);
    let decline = Action::Decline {
        conversation_id: shop.of(&visitor).id,
    };
    assert_eq!(wang.act(&shop.world, decline, T0 + 5), done(T0 + 5));
    assert_eq!(shop.offered(&visitor), None, "nobody else is there");
    assert_eq!(shop.presence(me(&wang)), Presence::Online);
    shop.tick(T0 + 1_000);
    assert_eq!(shop.offered(&visitor), None);
    let other = shop.asks(T0 + 2_000);
    assert_eq!(shop.offered(&other), Some(me(&wang)), "another one is fine");
    let taken = shop.of(&other);
    wang.act(&shop.world, claim(&taken), T0 + 3_000);
    shop.tick(T0 + 5 + DECLINE_PAUSE_MS);
    assert_eq!(shop.offered(&visitor), Some(me(&wang)));
}

#[test]
fn the_queue_is_run_when_somebody_is_free_again() {
    let mut shop = Shop::new();
    let mut wang = shop.agent("wang", &["售前组"]);
    shop.set(Setting::Agent {
        agent_id: me(&wang),
        capacity: 1,
        capacities: Vec::new(),
        skills: Vec::new(),
    });
    let (first, second) = (shop.asks(T0 + 1), shop.asks(T0 + 2));
    assert_eq!(
        (shop.offered(&first), shop.offered(&second)),
        (Some(me(&wang)), None)
    );
    let state = shop.world.bo.visitor_state(&second, T0 + 3).unwrap();
    assert_eq!(
        (state.queue_position, state.wait_ms),
        (Some(2), Some(360_000)),
        "two conversations of three minutes each"
    );
    let held = shop.of(&first);
    wang.act(&shop.world, claim(&held), T0 + 4);
    assert_eq!(shop.offered(&second), None);
    // A resolve frees.
    wang.act(&shop.world, resolve(&held), T0 + 5);
    assert_eq!(shop.offered(&second), Some(me(&wang)));
    // Going away takes the offer back; coming back brings it.
    wang.act(&shop.world, presence(Presence::Busy), T0 + 6);
    assert_eq!(shop.offered(&second), None);
    let state = shop.world.bo.visitor_state(&second, T0 + 6).unwrap();
    assert_eq!((state.queue_position, state.wait_ms), (Some(1), None));
    wang.act(&shop.world, presence(Presence::Online), T0 + 7);
    assert_eq!(shop.offered(&second), Some(me(&wang)));
    // More room lets the next one in at once, a snooze too.
    let held = shop.of(&second);
    wang.act(&shop.world, claim(&held), T0 + 8);
    let third = shop.asks(T0 + 8);
    assert_eq!(shop.offered(&third), None);
    shop.set(Setting::Agent {
        agent_id: me(&wang),
        capacity: 2,
        capacities: Vec::new(),
        skills: Vec::new(),
    });
    assert_eq!(shop.offered(&third), Some(me(&wang)));
    let fourth = shop.asks(T0 + 9);
    let taken = shop.of(&third);
    wang.act(&shop.world, claim(&taken), T0 + 10);
    assert_eq!(shop.offered(&fourth), None);
    let snooze = Action::Snooze {
        conversation_id: held.id,
        until: T0 + HOUR,
    };
    assert_eq!(wang.act(&shop.world, snooze, T0 + 11), done(T0 + 11));
    assert_eq!(shop.offered(&fourth), Some(me(&wang)));
}

#[test]
fn skill_load_and_the_last_agent_decide() {
    let mut shop = Shop::new();
    let mut wang = shop.agent("wang", &["售前组", "售后组"]);
    let mut li = shop.agent("li", &["售前组", "售后组"]);
    // Whoever had the customer is asked first, even with more to do.
    let regular = shop.asks(T0 + 1);
    let first = shop.offered(&regular).unwrap();
    let (holder, other) = if first == me(&wang) {
        (&mut wang, &mut li)
    } else {
        (&mut li, &mut wang)
    };
    let held = shop.of(&regular);
    holder.act(&shop.world, claim(&held), T0 + 2);
    // The load decides: the other one has none.
    let next = shop.asks(T0 + 3);
    assert_eq!(shop.offered(&next), Some(me(other)));
    let why = shop.of(&next).routing.offer.unwrap().why;
    assert_eq!(
        why.first(),
        Some(&RoutingReason::Load {
            held: 0,
            capacity: 5
        })
    );
    let taken = shop.of(&next);
    other.act(&shop.world, claim(&taken), T0 + 4);
    holder.act(&shop.world, resolve(&held), T0 + 5);
    other.act(&shop.world, resolve(&taken), T0 + 6);
    shop.world.say(&next, "转人工", T0 + 7);
    assert_eq!(shop.offered(&next), Some(me(other)));
    let why = shop.of(&next).routing.offer.unwrap().why;
    assert_eq!(why.first(), Some(&RoutingReason::LastAgent));
    let again = shop.of(&next);
    other.act(&shop.world, claim(&again), T0 + 7);
    // A skill decides where nobody had the customer.
    let expert = me(other);
    shop.set(Setting::Agent {
        agent_id: expert,
        capacity: 5,
        capacities: Vec::new(),
        skills: vec![
            Skill {
                name: "投诉".to_owned(),
                level: 90,
            },
            Skill {
                name: "售后".to_owned(),
                level: 90,
            },
        ],
    });
    let angry = shop.world.visitor("");
    shop.world.say(&angry, "退款几天能收到", T0 + 8);
    shop.world.say(&angry, "转人工", T0 + 9);
    let waiting = shop.of(&angry);
    let offer = waiting.routing.offer.unwrap();
    assert_eq!(offer.agent, expert, "{}", waiting.category);
    assert!(matches!(
        offer.why.first(),
        Some(RoutingReason::Skill { level: 90, .. })
    ));
}

#[test]
fn a_channel_has_a_limit_of_its_own() {
    let mut shop = Shop::new();
    let wang = shop.agent("wang", &["售前组"]);
    shop.set(Setting::Agent {
        agent_id: me(&wang),
        capacity: 5,
        capacities: vec![ChannelCapacity {
            channel: lt_model::contact::ChannelKind::Web,
            limit: 1,
        }],
        skills: Vec::new(),
    });
    let (first, second) = (shop.asks(T0 + 1), shop.asks(T0 + 2));
    assert_eq!(shop.offered(&first), Some(me(&wang)));
    assert_eq!(shop.offered(&second), None);
}

#[test]
fn a_transfer_asks_the_colleague_and_then_the_queue() {
    let shop = Shop::new();
    let mut wang = shop.agent("wang", &["售前组"]);
    let visitor = shop.asks(T0 + 1);
    let held = shop.of(&visitor);
    wang.act(&shop.world, claim(&held), T0 + 2);
    let mut li = shop.world.agent("li", Role::Agent, &["售后组"]);
    let transfer = |note: &str| Action::Transfer {
        conversation_id: held.id,
        to: TransferTo::Agent { agent_id: me(&li) },
        note: note.to_owned(),
    };
    let (first, second) = (transfer(""), transfer(" 客户要开发票，已核对抬头 "));
    assert_eq!(
        wang.act(&shop.world, first, T0 + 3),
        refused(Code::IllegalState),
        "the colleague is not there"
    );
    li.act(&shop.world, presence(Presence::TransferOnly), T0 + 4);
    shop.tick(T0 + 4);
    assert_eq!(wang.act(&shop.world, second, T0 + 5), done(T0 + 5));
    let waiting = shop.of(&visitor);
    let offer = waiting.routing.offer.clone().unwrap();
    assert_eq!(
        (offer.agent, offer.reason),
        (me(&li), AssignReason::Transfer)
    );
    assert_eq!(
        offer.why,
        [RoutingReason::Transferred {
            by: "客服wang".to_owned()
        }]
    );
    assert_eq!(waiting.group_id, shop.world.group("售后组"));
    // The colleague has the whole of it: what was said, and the note.
    let seen = shop.world.messages(&li.principal, held.id);
    assert_eq!(seen.first().unwrap().seq, 1);
    assert!(seen.iter().any(|message| message.content
        == Content::Event(Event::Transferred {
            agent: "客服wang".to_owned(),
            to: "客服li".to_owned(),
            note: "客户要开发票，已核对抬头".to_owned(),
        })));
    // The customer is told where it goes, not what was noted.
    let shown = shop.world.bo.visitor_messages(&visitor, 0).unwrap();
    assert!(shown.iter().any(|line| line.text == "正在为您转接到客服li"));
    assert!(!shown.iter().any(|line| line.text.contains("发票")));
    li.act(&shop.world, claim(&held), T0 + 6);
    assert_eq!(shop.of(&visitor).assignee(), Some(me(&li)));
    // Whoever takes only transfers is offered nothing from the queue.
    let other = shop.world.visitor("");
    shop.world.say(&other, "退款几天能收到", T0 + 7);
    shop.world.say(&other, "转人工", T0 + 8);
    shop.tick(T0 + 9);
    assert_ne!(shop.offered(&other), Some(me(&li)));
    // Back by a transfer to the group: it waits there and is offered to who is free.
    let back = Action::Transfer {
        conversation_id: held.id,
        to: TransferTo::Group {
            group_id: shop.world.group("售前组"),
        },
        note: String::new(),
    };
    assert_eq!(li.act(&shop.world, back, T0 + 10), done(T0 + 10));
    let waiting = shop.of(&visitor);
    assert_eq!(waiting.group_id, shop.world.group("售前组"));
    assert_eq!(waiting.offered_to(), Some(me(&wang)));
    assert!(
        shop.world
            .rows(&li.principal)
            .iter()
            .rev()
            .any(|row| matches!(&row.change, lt_protocol::sync::RowChange::Del { id, .. } if *id == held.id.to_string())),
        "it left the other group's desks"
    );
}

#[test]
fn a_lead_takes_over_and_an_agent_may_not() {
    let shop = Shop::new();
    let mut wang = shop.agent("wang", &["售前组"]);
    let mut li = shop.world.agent("li", Role::Agent, &["售前组"]);
    let mut lead = shop.world.agent("lead", Role::TeamLead, &["售前组"]);
    let visitor = shop.asks(T0 + 1);
    let held = shop.of(&visitor);
    wang.act(&shop.world, claim(&held), T0 + 2);
    let take_over = || Action::TakeOver {
        conversation_id: held.id,
    };
    assert_eq!(
        li.act(&shop.world, take_over(), T0 + 3),
        refused(Code::Forbidden)
    );
    assert_eq!(lead.act(&shop.world, take_over(), T0 + 4), done(T0 + 4));
    assert_eq!(shop.of(&visitor).assignee(), Some(me(&lead)));
    let taken = Event::TakenOver {
        agent: "客服lead".to_owned(),
        from: "客服wang".to_owned(),
    };
    assert!(shop.events(&visitor).contains(&taken));
    let now = shop.of(&visitor);
    assert_eq!(
        wang.reply(&shop.world, &now, "我来", T0 + 5),
        refused(Code::HeldByOther)
    );
}

#[test]
fn a_snooze_ends_by_the_clock_or_by_the_customer() {
    let shop = Shop::new();
    let mut wang = shop.agent("wang", &["售前组"]);
    let visitor = shop.asks(T0 + 1);
    let held = shop.of(&visitor);
    wang.act(&shop.world, claim(&held), T0 + 2);
    let until = |until| Action::Snooze {
        conversation_id: held.id,
        until,
    };
    assert_eq!(
        wang.act(&shop.world, until(T0 + HOUR), T0 + 3),
        done(T0 + 3)
    );
    shop.tick(T0 + HOUR - 1);
    assert_eq!(shop.of(&visitor).status, Status::Snoozed);
    shop.tick(T0 + HOUR);
    let woken = shop.of(&visitor);
    assert_eq!(
        (woken.status, woken.assignee()),
        (Status::Open, Some(me(&wang)))
    );
    wang.act(&shop.world, until(T0 + 3 * HOUR), T0 + HOUR + 1);
    shop.world.say(&visitor, "还在吗", T0 + HOUR + 2);
    assert_eq!(shop.of(&visitor).status, Status::Open);
    assert_eq!(
        shop.events(&visitor)
            .iter()
            .filter(|event| **event == Event::Woken)
            .count(),
        1
    );
    // Whoever set it aside is gone: somebody else takes it up.
    wang.act(&shop.world, until(T0 + 4 * HOUR), T0 + HOUR + 2);
    wang.act(&shop.world, presence(Presence::Offline), T0 + HOUR + 2);
    shop.world.say(&visitor, "有人吗", T0 + HOUR + 2);
    let waiting = shop.of(&visitor);
    assert_eq!(
        (waiting.status, waiting.handler),
        (Status::Open, Handler::Queue)
    );
    wang.act(&shop.world, presence(Presence::Online), T0 + HOUR + 2);
    wang.act(&shop.world, claim(&held), T0 + HOUR + 2);
    // Taken back at once it did not come back; later it did.
    let minute = lt_model::conversation::UNDO_RESOLVE_MS;
    for (n, after, n_reopened) in [(1, minute, 0), (2, minute + 1, 1)] {
        let resolved_at = T0 + HOUR + n * 2 * minute;
        wang.act(&shop.world, resolve(&held), resolved_at);
        let reopen = Action::Reopen {
            conversation_id: held.id,
        };
        let at = resolved_at + after;
        assert_eq!(wang.act(&shop.world, reopen, at), done(at));
        let again = shop.of(&visitor);
        assert_eq!(
            (again.assignee(), again.reopened_count),
            (Some(me(&wang)), n_reopened)
        );
        let last = shop.events(&visitor).pop().unwrap();
        let is_undone = matches!(last, Event::ResolveUndone { .. });
        assert_eq!(is_undone, n_reopened == 0, "{last:?}");
    }
}

/// Nine to six on workdays. [`T0`] is a Thursday, 9 October 2025, 16:53 in China.
fn office() -> BusinessHours {
    BusinessHours::china(id(), "客服工作时间", &[Period::of((9, 0), (18, 0))], &[])
}

#[test]
fn out_of_hours_a_message_is_left_and_drained_when_somebody_is_there() {
    let mut shop = Shop::new();
    let hours = office();
    shop.set(Setting::Hours {
        hours: hours.clone(),
    });
    shop.set(Setting::InboxHours {
        inbox_id: None,
        hours_id: Some(hours.id),
    });
    let in_time = shop.asks(T0 + 1);
    assert_eq!(shop.of(&in_time).handler, Handler::Queue);
    let evening = T0 + 2 * HOUR;
    let morning = hours.next_open(evening).unwrap();
    let visitor = shop.world.visitor("");
    let history = shop.world.say(&visitor, "转人工", evening);
    let told = history
        .iter()
        .any(|line| line.text.contains("客服将在 明天 09:00 上班后按顺序回复您"));
    assert!(told, "{history:?}");
    let left = shop.of(&visitor);
    assert_eq!(left.handler, Handler::None);
    assert!(left.routing.left_message);
    let state = shop.world.bo.visitor_state(&visitor, evening).unwrap();
    assert_eq!(
        state.handler,
        WidgetHandler::LeftMessage {
            opens_at: Some(morning)
        }
    );
    shop.world.say(&visitor, "订单还没到", evening + 60_000);
    // Somebody is there at night: not yet. It is open and nobody is there: not yet either.
    let mut wang = shop.agent("wang", &["售前组", "售后组", "投诉专席"]);
    wang.act(&shop.world, presence(Presence::Online), evening);
    shop.tick(evening + HOUR);
    assert_eq!(shop.of(&visitor).handler, Handler::None);
    wang.act(&shop.world, presence(Presence::Away), evening + HOUR);
    shop.tick(morning + 1);
    assert_eq!(shop.of(&visitor).handler, Handler::None);
    let mut wang = shop.back(&wang, morning + 2);
    wang.act(&shop.world, presence(Presence::Online), morning + 2);
    // Whoever came in time is first.
    let earlier = shop.of(&in_time);
    assert_eq!(earlier.offered_to(), Some(me(&wang)));
    wang.act(&shop.world, claim(&earlier), morning + 2);
    shop.tick(morning + 3);
    let drained = shop.of(&visitor);
    assert_eq!(
        (drained.handler, drained.waiting_since),
        (Handler::Queue, Some(evening)),
        "it has waited since then"
    );
    assert_eq!(drained.offered_to(), Some(me(&wang)));
    assert!(shop.events(&visitor).contains(&Event::Drained));
    // What was said at night is there for whoever takes it.
    assert_eq!(
        wang.act(&shop.world, claim(&drained), morning + 4),
        done(morning + 4)
    );
    let seen = shop.world.messages(&wang.principal, drained.id);
    assert!(
        seen.iter()
            .any(|message| message.text() == Some("订单还没到"))
    );
}

#[test]
fn a_saturday_that_is_worked_is_open_and_a_holiday_is_not() {
    let mut shop = Shop::new();
    // T0's Saturday is worked in exchange, T0's Friday is off.
    let mut hours = office();
    let day = |text: &str| text.parse::<Day>().unwrap();
    hours.workdays.push(Workday {
        day: day("2025-10-11"),
        name: "国庆节调休".to_owned(),
        periods: vec![Period::of((9, 0), (18, 0))],
    });
    hours.holidays.push(lt_model::hours::Holiday {
        day: day("2025-10-10"),
        name: "店庆".to_owned(),
    });
    shop.set(Setting::Hours {
        hours: hours.clone(),
    });
    shop.set(Setting::InboxHours {
        inbox_id: None,
        hours_id: Some(hours.id),
    });
    let wang = shop.agent("wang", &["售前组"]);
    let friday = T0 + 20 * HOUR; // 12:53
    let on_holiday = shop.asks(friday);
    assert!(shop.of(&on_holiday).routing.left_message);
    let told = shop.world.bo.visitor_messages(&on_holiday, 0).unwrap();
    assert!(
        told.iter().any(|line| line.text.contains("明天 09:00")),
        "{told:?}"
    );
    let saturday = T0 + 44 * HOUR;
    let mut wang = shop.back(&wang, saturday);
    wang.act(&shop.world, presence(Presence::Away), saturday);
    wang.act(&shop.world, presence(Presence::Online), saturday);
    shop.tick(saturday);
    assert_eq!(shop.offered(&on_holiday), Some(me(&wang)));
    let on_saturday = shop.asks(saturday + 1);
    assert_eq!(shop.of(&on_saturday).handler, Handler::Queue);
    let sunday = shop.asks(saturday + 24 * HOUR);
    assert!(shop.of(&sunday).routing.left_message);
    let told = shop.world.bo.visitor_messages(&sunday, 0).unwrap();
    assert!(
        told.iter().any(|line| line.text.contains("明天 09:00")),
        "Monday"
    );
}

#[test]
fn a_group_where_agents_pick_offers_nothing() {
    let world = World::with_faq();
    let mut wang = world.agent("wang", Role::Agent, &["售前组"]);
    wang.online(&world);
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0 + 1);
    world.bo.tick(T0 + 2).unwrap();
    let waiting = world.conversation(&visitor);
    assert_eq!(waiting.offered_to(), None);
    assert_eq!(wang.act(&world, claim(&waiting), T0 + 3), done(T0 + 3));
    let assigned = world.conversation(&visitor).routing.assigned.unwrap();
    assert_eq!(assigned.reason, AssignReason::Manual);
}

#[test]
fn settings_are_for_administrators_and_make_sense() {
    let mut shop = Shop::new();
    let mut lead = shop.world.agent("lead", Role::TeamLead, &["售前组"]);
    let group_id = shop.world.group("售前组");
    let pick = Setting::Group {
        group_id,
        assign: Assign::Pick,
    };
    let action = Action::Configure {
        setting: pick.clone(),
    };
    assert_eq!(lead.act(&shop.world, action, T0), refused(Code::Forbidden));
    shop.set(pick);
    let mut nonsense = office();
    nonsense.week[0] = vec![Period::of((18, 0), (9, 0))];
    for (setting, code) in [
        (Setting::Hours { hours: nonsense }, Code::BadRequest),
        (
            Setting::InboxHours {
                inbox_id: None,
                hours_id: Some(id()),
            },
            Code::NotFound,
        ),
        (
            Setting::Agent {
                agent_id: id(),
                capacity: 1,
                capacities: Vec::new(),
                skills: Vec::new(),
            },
            Code::NotFound,
        ),
        (
            Setting::Agent {
                agent_id: me(&lead),
                capacity: 1,
                capacities: Vec::new(),
                skills: vec![Skill {
                    name: "售后".to_owned(),
                    level: 101,
                }],
            },
            Code::BadRequest,
        ),
    ] {
        let action = Action::Configure { setting };
        assert_eq!(shop.admin.act(&shop.world, action, T0), refused(code));
    }
}

#[test]
fn nothing_to_do_writes_nothing() {
    let shop = Shop::new();
    shop.asks(T0 + 1);
    let before = shop.world.n_audited();
    for n in 0..5 {
        shop.tick(T0 + 1_000 * n);
    }
    assert_eq!(shop.world.n_audited(), before, "nobody is there");
}
