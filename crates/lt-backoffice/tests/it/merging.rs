//! Customers who turn out to be one, and who are not after all.

use std::collections::{BTreeMap, BTreeSet};

use lt_backoffice::{Principal, visitor::Visitor};
use lt_model::{
    agent::Role,
    change::EntityKind,
    contact::{
        Contact,
        merge::{ContactAct, ContactField, SPLIT_WINDOW_MS},
    },
    conversation::{Conversation, REOPEN_WINDOW_MS},
    id::{ContactId, ConversationId, GroupId},
    priority::Priority,
    routing::TransferTo,
    ticket::{
        TicketType,
        act::{TicketAct, TicketDraft},
    },
};
use lt_protocol::{
    code::Code,
    sync::{Action, Entity, OpOutcome, RowChange},
    widget::{Known, SessionRequest},
};
use proptest::prelude::*;

use crate::world::{Desk, PASSWORD, T0, World, device, id, login, refused};

/// What a desktop has of customers and conversations.
#[derive(Default)]
struct Mirror {
    contacts: BTreeMap<ContactId, Contact>,
    conversations: BTreeMap<ConversationId, Conversation>,
}

impl Mirror {
    fn of(world: &World, principal: &Principal) -> Self {
        let mut mirror = Self::default();
        // A row is there as long as one stream brings it.
        let mut brought: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
        for row in world.rows(principal) {
            match row.change {
                RowChange::Put { entity } => {
                    brought.entry(entity.id()).or_default().insert(row.stream);
                    match entity {
                        Entity::Contact(one) => drop(mirror.contacts.insert(one.id, *one)),
                        Entity::Conversation(one) => {
                            drop(mirror.conversations.insert(one.id, *one));
                        }
                        _ => {}
                    }
                }
                RowChange::Del { entity, id } => {
                    let streams = brought.entry(id.clone()).or_default();
                    streams.remove(&row.stream);
                    if !streams.is_empty() {
                        continue;
                    }
                    match entity {
                        EntityKind::Contact => drop(mirror.contacts.remove(&id.parse().unwrap())),
                        EntityKind::Conversation => {
                            drop(mirror.conversations.remove(&id.parse().unwrap()));
                        }
                        _ => {}
                    }
                }
            }
        }
        mirror
    }

    fn of_person(&self, person: ContactId) -> Vec<&Conversation> {
        let all = self.conversations.values();
        all.filter(|one| one.person() == person).collect()
    }
}

fn merge(one: ContactId, into: ContactId, take: &[ContactField]) -> Action {
    Action::Contact {
        contact_id: one,
        act: ContactAct::Merge {
            into,
            take: take.to_vec(),
        },
    }
}

fn split(one: ContactId, from: ContactId) -> Action {
    Action::Contact {
        contact_id: one,
        act: ContactAct::Split { from },
    }
}

fn done(at: i64) -> OpOutcome {
    OpOutcome::Done { at }
}

/// A customer who is signed in at the shop.
fn member(world: &World, name: &str, phone: &str) -> Visitor {
    let request = SessionRequest {
        inbox: world.made.inbox.public_key.clone(),
        token: None,
        name: name.to_owned(),
        known: Known {
            phone: phone.to_owned(),
            member: "M20938".to_owned(),
            ..Known::default()
        },
    };
    let session = world.bo.visitor_session(request, T0).unwrap();
    world.bo.visitor(&session.token).unwrap()
}

/// Signed in again, at a new desktop.
fn back_at_work(world: &World, username: &str, now: i64) -> Desk {
    let session = login(&world.bo, username, PASSWORD, &device(), now).unwrap();
    Desk::of(&world.bo.authenticate(&session.token, now).unwrap())
}

fn move_to(world: &World, desk: &mut Desk, visitor: &Visitor, group: &str, now: i64) {
    let action = Action::Transfer {
        conversation_id: world.conversation(visitor).id,
        to: TransferTo::Group {
            group_id: world.group(group),
        },
        note: String::new(),
    };
    assert_eq!(desk.act(world, action, now), done(now));
}

#[test]
fn two_histories_become_one_and_two_again() {
    let world = World::new();
    let mut both = world.agent("both", Role::Agent, &["售前组", "售后组"]);
    let before_sale = world.agent("before", Role::Agent, &["售前组"]);
    let mut lead = world.agent("lead", Role::TeamLead, &["售后组", "售前组"]);
    let stranger = world.visitor("");
    let known = member(&world, "林女士", "");
    world.say(&stranger, "我的手机号是13812345678，转人工", T0 + 1);
    world.say(&known, "转人工", T0 + 2);
    move_to(&world, &mut both, &known, "售后组", T0 + 3);
    let (s, k) = (stranger.contact_id, known.contact_id);
    let first = Mirror::of(&world, &lead.principal);
    assert_eq!(
        first.contacts[&s].phone, "13812345678",
        "as the customer said"
    );
    assert_eq!(first.contacts[&k].member, "M20938", "as the page says");
    let page = world.bo.visitor_messages(&stranger, 0).unwrap();

    assert_eq!(
        both.act(&world, merge(s, k, &[ContactField::Phone]), T0 + 10),
        done(T0 + 10)
    );
    assert_eq!(world.last_audit()[0], "contact.merge");
    let seen = Mirror::of(&world, &lead.principal);
    assert_eq!(seen.of_person(k).len(), 2);
    assert_eq!(seen.contacts[&k].phone, "13812345678");
    assert_eq!(seen.contacts[&k].display_name, "林女士");
    assert_eq!(
        seen.contacts[&s].merged.as_ref().unwrap().into,
        k,
        "the old one leads on"
    );
    // Who sees one group sees the one customer, and no conversation of the other group.
    let seen = Mirror::of(&world, &before_sale.principal);
    assert_eq!(seen.of_person(k).len(), 1);
    assert_eq!(seen.conversations.len(), 1);
    assert!(seen.contacts.contains_key(&k));

    // What comes under the old identity is a part of the one history; the page shows its own alone.
    let much_later = T0 + REOPEN_WINDOW_MS;
    let resolve = Action::Resolve {
        conversation_id: world.conversation(&stranger).id,
    };
    assert_eq!(both.act(&world, resolve, T0 + 20), done(T0 + 20));
    world.say(&stranger, "我又来了", much_later + 30);
    let seen = Mirror::of(&world, &lead.principal);
    assert_eq!(seen.of_person(k).len(), 3);
    let now_on_page = world.bo.visitor_messages(&stranger, 0).unwrap();
    assert_eq!(now_on_page[..page.len()], page);
    assert!(now_on_page.iter().any(|message| message.text == "我又来了"));
    let other_page = world.bo.visitor_messages(&known, 0).unwrap();
    assert!(!other_page.iter().any(|message| message.text == "我又来了"));

    // Neither is merged again, and an agent does not take it back.
    let third = world.visitor("第三位");
    world.say(&third, "转人工", T0 + 40);
    for act in [
        merge(s, third.contact_id, &[]),
        merge(third.contact_id, s, &[]),
    ] {
        assert_eq!(
            both.act(&world, act, T0 + 41),
            refused(Code::MergedMeanwhile)
        );
    }
    assert_eq!(
        both.act(&world, split(s, k), T0 + 42),
        refused(Code::Forbidden)
    );
    let wrong = split(s, third.contact_id);
    assert_eq!(
        lead.act(&world, wrong, T0 + 43),
        refused(Code::ChangedMeanwhile)
    );
    let late = T0 + 10 + SPLIT_WINDOW_MS;
    let mut lead = back_at_work(&world, "lead", late);
    let too_late = lead.act(&world, split(s, k), late + 1);
    assert_eq!(too_late, refused(Code::IllegalState));
    assert_eq!(lead.act(&world, split(s, k), late), done(late));
    assert_eq!(world.last_audit()[0], "contact.split");
    let seen = Mirror::of(&world, &lead.principal);
    assert_eq!(seen.of_person(s).len(), 2, "what came since is its own too");
    assert_eq!(seen.of_person(k).len(), 1);
    assert_eq!(seen.contacts[&k], first.contacts[&k]);
    assert_eq!(seen.contacts[&s], first.contacts[&s]);
    let seen = Mirror::of(&world, &before_sale.principal);
    assert!(
        !seen.contacts.contains_key(&k),
        "its customer is not of this group any more"
    );
}

#[test]
fn tickets_go_with_their_conversation() {
    let world = World::new();
    let mut agent = world.agent("agent", Role::Agent, &["售前组"]);
    let mut lead = world.agent("lead", Role::TeamLead, &["售前组"]);
    let (stranger, known) = (world.visitor(""), world.visitor("林女士"));
    for visitor in [&stranger, &known] {
        world.say(visitor, "转人工", T0 + 1);
    }
    let (s, k) = (stranger.contact_id, known.contact_id);
    let kind = a_type(&world);
    let draft = TicketDraft {
        type_id: kind.id,
        title: "快递破损".to_owned(),
        priority: Priority::Normal,
        group_id: world.group("售前组"),
        conversation_id: Some(world.conversation(&stranger).id),
        values: BTreeMap::new(),
        note: String::new(),
    };
    let act = TicketAct::Create {
        draft: Box::new(draft),
    };
    let create = Action::Ticket {
        ticket_id: id(),
        act,
    };
    assert_eq!(agent.act(&world, create, T0 + 2), done(T0 + 2));
    let customer = |world: &World| {
        let rows = world.rows(&agent.principal).into_iter().rev();
        let mut tickets = rows.filter_map(|row| match row.change {
            RowChange::Put {
                entity: Entity::Ticket(ticket),
            } => ticket.customer,
            _ => None,
        });
        let customer = tickets.next().unwrap();
        (customer.contact_id, customer.name)
    };
    assert_eq!(customer(&world), (s, String::new()));
    assert_eq!(lead.act(&world, merge(s, k, &[]), T0 + 3), done(T0 + 3));
    assert_eq!(customer(&world), (k, "林女士".to_owned()));
    assert_eq!(lead.act(&world, split(s, k), T0 + 4), done(T0 + 4));
    assert_eq!(customer(&world), (s, String::new()));
}

/// A type of tickets without a form.
fn a_type(world: &World) -> TicketType {
    let some = world
        .rows(&world.admin)
        .into_iter()
        .find_map(|row| match row.change {
            RowChange::Put {
                entity: Entity::TicketType(kind),
            } => Some(*kind),
            _ => None,
        });
    let kind = TicketType {
        id: id(),
        version: 0,
        name: "随手记".to_owned(),
        fields: Vec::new(),
        ..some.unwrap()
    };
    let save = Action::SaveTicketType {
        ticket_type: Box::new(kind.clone()),
    };
    assert_eq!(Desk::of(&world.admin).act(world, save, T0), done(T0));
    kind
}

#[test]
fn a_customer_whom_one_does_not_see_is_not_merged() {
    let world = World::new();
    let mut here = world.agent("here", Role::Agent, &["售前组"]);
    let mut there = world.agent("there", Role::Agent, &["售前组", "售后组"]);
    let (one, other) = (world.visitor("甲"), world.visitor("乙"));
    for visitor in [&one, &other] {
        world.say(visitor, "转人工", T0 + 1);
    }
    move_to(&world, &mut there, &other, "售后组", T0 + 2);
    for act in [
        merge(one.contact_id, other.contact_id, &[]),
        merge(other.contact_id, one.contact_id, &[]),
    ] {
        assert_eq!(here.act(&world, act, T0 + 3), refused(Code::NotFound));
    }
    let same = merge(one.contact_id, one.contact_id, &[]);
    assert_eq!(here.act(&world, same, T0 + 4), refused(Code::BadRequest));
}

/// One thing that happens.
#[derive(Clone, Debug)]
enum Step {
    Merge(usize, usize, bool),
    Split(usize),
    Say(usize),
    Move(usize, bool),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let n = 0..4_usize;
    let step = prop_oneof![
        3 => (n.clone(), n.clone(), any::<bool>()).prop_map(|(a, b, take)| Step::Merge(a, b, take)),
        2 => n.clone().prop_map(Step::Split),
        2 => n.clone().prop_map(Step::Say),
        1 => (n, any::<bool>()).prop_map(|(a, to)| Step::Move(a, to)),
    ];
    prop::collection::vec(step, 1..16)
}

/// Who is who, kept in the plainest way.
struct Forest(Vec<Option<usize>>);

impl Forest {
    fn root(&self, mut at: usize) -> usize {
        while let Some(next) = self.0[at] {
            at = next;
        }
        at
    }
}

const GROUPS: [&str; 2] = ["售前组", "售后组"];

/// Every conversation is a part of the history of whom its customer turned out to be, wherever it is
/// and whenever it came; everybody sees the customers of what their groups see, and no others; and
/// when all is taken back everybody is who they were.
fn check(steps: &[Step]) -> Result<(), TestCaseError> {
    let world = World::new();
    let mut lead = world.agent("lead", Role::TeamLead, &GROUPS);
    let visitors: Vec<Visitor> = (0..4).map(|n| world.visitor(&format!("客户{n}"))).collect();
    let ids: Vec<ContactId> = visitors.iter().map(|visitor| visitor.contact_id).collect();
    let mut forest = Forest(vec![None; 4]);
    for visitor in &visitors {
        world.say(visitor, "转人工", T0 + 1);
    }
    let begun = Mirror::of(&world, &lead.principal).contacts;
    let mut now = T0 + 10;
    for step in steps {
        now += 10;
        match *step {
            Step::Merge(one, other, take) => {
                let fields: &[ContactField] = if take { &ContactField::ALL } else { &[] };
                let may = one != other && forest.0[one].is_none() && forest.0[other].is_none();
                let outcome = lead.act(&world, merge(ids[one], ids[other], fields), now);
                prop_assert_eq!(outcome == done(now), may, "{:?}", step);
                if may {
                    forest.0[one] = Some(other);
                }
            }
            Step::Split(one) => {
                let from = forest.0[one];
                let other = from.unwrap_or((one + 1) % 4);
                let outcome = lead.act(&world, split(ids[one], ids[other]), now);
                prop_assert_eq!(outcome == done(now), from.is_some(), "{:?}", step);
                forest.0[one] = None;
            }
            Step::Say(one) => {
                // A new conversation, long after the last one.
                let all = world.conversations(ids[one]);
                for open in all {
                    let resolve = Action::Resolve {
                        conversation_id: open.id,
                    };
                    lead.act(&world, resolve, now);
                }
                let late = now + REOPEN_WINDOW_MS + 1;
                world.say(&visitors[one], "转人工", late);
            }
            Step::Move(one, to) => {
                let Some(last) = world.conversations(ids[one]).pop() else {
                    continue;
                };
                let transfer = Action::Transfer {
                    conversation_id: last.id,
                    to: TransferTo::Group {
                        group_id: world.group(GROUPS[usize::from(to)]),
                    },
                    note: String::new(),
                };
                lead.act(&world, transfer, now);
            }
        }
        agree(&world, &lead.principal, &ids, &forest)?;
    }
    for group in GROUPS {
        let one = world.agent(
            if group == GROUPS[0] { "a" } else { "b" },
            Role::Agent,
            &[group],
        );
        agree(&world, &one.principal, &ids, &forest)?;
    }
    // All is taken back, from the outside in.
    while let Some(one) = (0..4).find(|one| forest.0[*one].is_some()) {
        let other = forest.0[one].unwrap_or(one);
        now += 10;
        prop_assert_eq!(
            lead.act(&world, split(ids[one], ids[other]), now),
            done(now)
        );
        forest.0[one] = None;
        agree(&world, &lead.principal, &ids, &forest)?;
    }
    prop_assert_eq!(Mirror::of(&world, &lead.principal).contacts, begun);
    Ok(())
}

fn agree(
    world: &World,
    principal: &Principal,
    ids: &[ContactId],
    forest: &Forest,
) -> Result<(), TestCaseError> {
    let seen = Mirror::of(world, principal);
    let groups: BTreeSet<GroupId> = principal.agent.groups.iter().copied().collect();
    let mut expected = BTreeSet::new();
    for one in seen.conversations.values() {
        prop_assert!(groups.contains(&one.group_id));
        let at = ids.iter().position(|id| *id == one.contact_id);
        let person = ids[forest.root(at.unwrap())];
        prop_assert_eq!(one.person(), person);
        expected.extend([one.contact_id, person]);
    }
    let contacts: BTreeSet<ContactId> = seen.contacts.keys().copied().collect();
    prop_assert_eq!(contacts, expected);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_merged_and_taken_back_every_conversation_finds_its_person(steps in steps()) {
        check(&steps)?;
    }
}
