//! Taking back a ticket that was passed to another department.

use lt_model::ticket::TicketEventKind;

use super::*;

/// A shop in which 李 has passed a ticket to logistics.
struct Passed {
    shop: Departments,
    li: Desk,
    hai: Desk,
    id: TicketId,
}

impl Passed {
    fn new(returns: bool) -> Self {
        let shop = Departments::new();
        let mut li = shop.agent("li", Role::Agent, vec![shop.after_sales()]);
        let hai = shop.agent("hai", Role::Agent, vec![shop.logistics.id]);
        let kind = types(&shop.world).swap_remove(0);
        let id: TicketId = id();
        let new = create(id, draft(&kind, shop.after_sales()));
        assert_eq!(li.act(&shop.world, new, T0 + 1), done(T0 + 1));
        let claim = on(id, TicketAct::Claim);
        assert_eq!(li.act(&shop.world, claim, T0 + 2), done(T0 + 2));
        let mut passed = Self { shop, li, hai, id };
        passed.pass(returns, T0 + 3);
        passed
    }

    fn pass(&mut self, returns: bool, at: Millis) {
        let transfer = TicketAct::Transfer {
            group_id: self.shop.logistics.id,
            returns,
            note: "请核实".to_owned(),
        };
        let outcome = self.li.act(&self.shop.world, on(self.id, transfer), at);
        assert_eq!(outcome, done(at));
    }

    fn take_back(&self) -> Action {
        let group_id = self.shop.logistics.id;
        on(self.id, TicketAct::TakeBack { group_id })
    }
}

#[test]
fn who_passed_it_on_sees_it_and_takes_it_back() {
    for returns in [false, true] {
        let mut passed = Passed::new(returns);
        let world = &passed.shop.world;
        assert!(ticket(world, &passed.li, passed.id).is_some());
        assert!(ticket(world, &passed.hai, passed.id).is_some());
        let back = passed.take_back();
        assert_eq!(passed.li.act(world, back, T0 + 4), done(T0 + 4));
        assert!(ticket(world, &passed.hai, passed.id).is_none());
        let mine = ticket(world, &passed.li, passed.id).unwrap();
        assert_eq!(mine.group_id, passed.shop.after_sales());
        let me = passed.li.principal.agent.id;
        assert_eq!(mine.assignee.as_ref().unwrap().agent, me);
        assert!(mine.waiting.is_empty() && mine.path.len() == 1);
        let told = &mine.events.last().unwrap().what;
        assert!(matches!(told, TicketEventKind::TakenBack { .. }));
        // Pressed twice it is so already; who lost it has nothing to take.
        let back = passed.take_back();
        assert_eq!(passed.li.act(world, back, T0 + 5), done(T0 + 5));
        let claim = on(passed.id, TicketAct::Claim);
        let late = passed.hai.act(world, claim, T0 + 6);
        assert_eq!(late, refused(Code::NotFound));
        let now = ticket(world, &passed.li, passed.id).unwrap();
        assert_eq!(now.events.len(), mine.events.len());
    }
}

#[test]
fn a_lead_of_the_department_may_and_others_may_not() {
    let mut passed = Passed::new(false);
    let world = &passed.shop.world;
    let here = vec![passed.shop.after_sales()];
    let mut wang = passed.shop.agent("wang", Role::Agent, here.clone());
    let elsewhere = vec![world.group("售前组")];
    let mut stranger = passed.shop.agent("zhao", Role::TeamLead, elsewhere);
    let mut lead = passed.shop.agent("zhang", Role::TeamLead, here);
    for (desk, code) in [
        // To whom it is not shown it is not there.
        (&mut stranger, Code::NotFound),
        (&mut wang, Code::Forbidden),
        (&mut passed.hai, Code::Forbidden),
    ] {
        let group_id = passed.shop.logistics.id;
        let back = on(passed.id, TicketAct::TakeBack { group_id });
        assert_eq!(desk.act(world, back, T0 + 4), refused(code));
    }
    assert!(ticket(world, &lead, passed.id).is_some(), "it is shown");
    let back = passed.take_back();
    assert_eq!(lead.act(world, back, T0 + 5), done(T0 + 5));
    let mine = ticket(world, &passed.li, passed.id).unwrap();
    let me = passed.li.principal.agent.id;
    assert_eq!(mine.assignee.unwrap().agent, me, "it is hers as before");
}

#[test]
fn once_the_department_acts_it_says_so() {
    let note = TicketAct::Comment {
        text: "在查".to_owned(),
        mentions: Vec::new(),
    };
    let pending = move_to(TicketState::Open, TicketState::PendingCustomer);
    for act in [TicketAct::Claim, note, pending] {
        let mut passed = Passed::new(false);
        let world = &passed.shop.world;
        let acted = passed.hai.act(world, on(passed.id, act), T0 + 4);
        assert_eq!(acted, done(T0 + 4));
        let back = passed.take_back();
        let late = passed.li.act(world, back, T0 + 5);
        assert_eq!(late, refused(Code::TakenUp));
        assert!(ticket(world, &passed.hai, passed.id).is_some());
        assert!(
            ticket(world, &passed.li, passed.id).is_none(),
            "it has left"
        );
    }
}

#[test]
fn an_old_wish_does_not_take_back_what_was_passed_elsewhere() {
    let mut passed = Passed::new(true);
    let world = &passed.shop.world;
    let note = String::new();
    let back = on(passed.id, TicketAct::Return { note });
    assert_eq!(passed.hai.act(world, back, T0 + 4), done(T0 + 4));
    let transfer = TicketAct::Transfer {
        group_id: world.group("投诉专席"),
        returns: true,
        note: String::new(),
    };
    let outcome = passed.li.act(world, on(passed.id, transfer), T0 + 5);
    assert_eq!(outcome, done(T0 + 5));
    let wish = passed.take_back();
    let outcome = passed.li.act(world, wish, T0 + 6);
    assert_eq!(outcome, refused(Code::ChangedMeanwhile));
}

#[test]
fn it_is_nobodys_where_whoever_had_it_has_left_the_department() {
    let passed = Passed::new(false);
    let world = &passed.shop.world;
    let here = vec![passed.shop.after_sales()];
    let mut lead = passed.shop.agent("zhang", Role::TeamLead, here);
    let elsewhere = vec![world.group("售前组")];
    let moved = world
        .bo
        .set_agent_groups(&world.admin, "li", elsewhere, T0 + 4);
    moved.unwrap();
    let back = passed.take_back();
    assert_eq!(lead.act(world, back, T0 + 5), done(T0 + 5));
    let found = ticket(world, &lead, passed.id).unwrap();
    assert_eq!(
        (found.group_id, found.assignee),
        (passed.shop.after_sales(), None)
    );
}

#[test]
fn what_waited_for_a_customer_who_has_written_goes_on() {
    let world = World::new();
    let groups = ["售前组", "售后组", "投诉专席"];
    let mut lead = world.agent("zhang", Role::TeamLead, &groups);
    let visitor = world.visitor("张伟");
    world.say(&visitor, "我要投诉，转人工", T0 + 1);
    let conversation = world.conversation(&visitor);
    let kind = types(&world).swap_remove(0);
    let ticket_id: TicketId = id();
    let (from, to) = (world.group("售后组"), world.group("投诉专席"));
    let mut new = draft(&kind, from);
    new.conversation_id = Some(conversation.id);
    let pending = move_to(TicketState::New, TicketState::PendingCustomer);
    let transfer = TicketAct::Transfer {
        group_id: to,
        returns: false,
        note: String::new(),
    };
    for (n, action) in [
        create(ticket_id, new),
        on(ticket_id, pending),
        on(ticket_id, transfer),
    ]
    .into_iter()
    .enumerate()
    {
        let at = T0 + 2 + Millis::try_from(n).unwrap();
        assert_eq!(lead.act(&world, action, at), done(at));
    }
    world.say(&visitor, "照片发了", T0 + 10);
    let group_id = to;
    let back = on(ticket_id, TicketAct::TakeBack { group_id });
    assert_eq!(lead.act(&world, back, T0 + 11), done(T0 + 11));
    let found = ticket(&world, &lead, ticket_id).unwrap();
    assert_eq!((found.group_id, found.state), (from, TicketState::Open));
}
