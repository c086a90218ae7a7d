//! Quality scoring: what is sampled, who may review it, who sees what, and that nothing is lost or
//! done twice.

use lt_backoffice::visitor::Visitor;
use lt_model::{
    Millis,
    agent::Role,
    id::{QaFormId, QaReviewId, QaRuleId},
    quality::{
        act::QaAct,
        form::{FormEdit, ItemMark, Mark, QaForm, Verdict},
        pre::{FoundWhat, prescore},
        review::{QaCalibration, QaReview, QaState},
        sample::{QaRule, SampleBy, SampleDraft, SampleEdit, SampleWhy},
        standard,
    },
    routing::{Setting, TransferTo},
    survey::SurveySettings,
};
use lt_protocol::{
    code::Code,
    sync::{Action, Entity, OpOutcome, RowChange},
};

use crate::world::{Desk, T0, World, id, refused};

fn done(at: Millis) -> OpOutcome {
    OpOutcome::Done { at }
}

fn quality(act: QaAct) -> Action {
    Action::Quality { act: Box::new(act) }
}

/// A shop in which every conversation is reviewed, with people of all kinds.
struct Shop {
    world: World,
    admin: Desk,
    agent: Desk,
    lead: Desk,
    visitor: Visitor,
    rule: QaRule,
}

impl Shop {
    fn new() -> Self {
        let world = World::with_faq();
        world.bo.run_quality(T0).unwrap();
        let mut admin = Desk::of(&world.admin);
        let rules = rules(&world, &admin);
        let random = |rule: &&QaRule| matches!(rule.draft.by, SampleBy::Random { .. });
        let mut rule = rules.iter().find(random).unwrap().clone();
        rule.draft.by = SampleBy::Random { permille: 1_000 };
        let edit = SampleEdit {
            id: rule.id,
            base: rule.edition,
            draft: rule.draft.clone(),
        };
        let outcome = admin.act(&world, quality(QaAct::SaveRule { edit }), T0);
        assert_eq!(outcome, done(T0));
        Self {
            agent: world.agent("wang", Role::Agent, &["售前组"]),
            lead: world.agent("lead", Role::TeamLead, &["售前组"]),
            visitor: world.visitor("张三"),
            admin,
            world,
            rule,
        }
    }

    /// The customer is answered by the agent with this, and it ends.
    fn serve(&mut self, said: &str, at: Millis) {
        serve(&self.world, &self.visitor, &mut self.agent, said, at);
    }

    fn run(&self, at: Millis) {
        self.world.bo.run_quality(at).unwrap();
    }

    /// The only review that a desk has.
    fn review(&self, desk: &Desk) -> QaReview {
        let mut all = reviews(&self.world, desk);
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    fn lead_scores(&mut self, marks: Vec<ItemMark>, at: Millis) -> OpOutcome {
        let review_id = self.review(&self.lead).id;
        let act = QaAct::Score {
            review_id,
            ended_at: None,
            marks,
            comment: "注意结束语".to_owned(),
        };
        self.lead.act(&self.world, quality(act), at)
    }
}

/// A customer is answered by somebody with this, and it ends.
fn serve(world: &World, visitor: &Visitor, by: &mut Desk, said: &str, at: Millis) {
    world.say(visitor, "转人工", at - 50);
    let mut all = world.conversations(visitor.contact_id);
    let conversation_id = all.pop().unwrap().id;
    let claim = Action::Claim { conversation_id };
    assert_eq!(by.act(world, claim, at - 40), done(at - 40));
    let mut all = world.conversations(visitor.contact_id);
    let seen = all.pop().unwrap();
    assert_eq!(by.reply(world, &seen, said, at - 30), done(at - 30));
    let resolve = Action::Resolve { conversation_id };
    assert_eq!(by.act(world, resolve, at), done(at));
}

/// The newest of what somebody receives of one kind.
fn newest<T: Clone>(
    world: &World,
    desk: &Desk,
    of: impl Fn(&Entity) -> Option<(String, T)>,
) -> Vec<T> {
    let mut found: Vec<(String, T)> = Vec::new();
    for row in world.rows(&desk.principal) {
        match &row.change {
            RowChange::Put { entity } => {
                if let Some((id, one)) = of(entity) {
                    found.retain(|(known, _)| *known != id);
                    found.push((id, one));
                }
            }
            RowChange::Del { id, .. } => found.retain(|(known, _)| known != id),
        }
    }
    found.into_iter().map(|(_, one)| one).collect()
}

fn reviews(world: &World, desk: &Desk) -> Vec<QaReview> {
    newest(world, desk, |entity| match entity {
        Entity::QaReview(one) => Some((one.id.to_string(), QaReview::clone(one))),
        _ => None,
    })
}

fn calibrations(world: &World, desk: &Desk) -> Vec<QaCalibration> {
    newest(world, desk, |entity| match entity {
        Entity::QaCalibration(one) => Some((one.id.to_string(), QaCalibration::clone(one))),
        _ => None,
    })
}

fn rules(world: &World, desk: &Desk) -> Vec<QaRule> {
    newest(world, desk, |entity| match entity {
        Entity::QaRule(one) => Some((one.id.to_string(), QaRule::clone(one))),
        _ => None,
    })
}

fn forms(world: &World, desk: &Desk) -> Vec<QaForm> {
    newest(world, desk, |entity| match entity {
        Entity::QaForm(one) => Some((one.id.to_string(), QaForm::clone(one))),
        _ => None,
    })
}

fn with(marks: &[ItemMark], item: &str, mark: Mark) -> Vec<ItemMark> {
    let mut marks = marks.to_vec();
    let found = marks.iter_mut().find(|known| known.item == item);
    found.unwrap().mark = mark;
    marks
}

#[test]
fn a_new_organisation_has_a_form_and_rules_once() {
    let world = World::with_faq();
    let admin = Desk::of(&world.admin);
    for at in [T0, T0 + 1] {
        world.bo.run_quality(at).unwrap();
    }
    let form = forms(&world, &admin).pop().unwrap();
    assert_eq!(form.draft, standard::form());
    let made = rules(&world, &admin);
    assert_eq!(made.len(), standard::rules(form.id).len());
    assert!(made.iter().all(|rule| rule.draft.form_id == form.id));
    let agent = world.agent("wang", Role::Agent, &["售前组"]);
    assert_eq!(forms(&world, &agent), [], "agents need no forms");
}

#[test]
fn a_conversation_is_sampled_once_and_reviewed() {
    let mut shop = Shop::new();
    let other = shop.world.agent("olead", Role::TeamLead, &["售后组"]);
    shop.serve("您好，我保证明天到", T0 + 100);
    for at in [T0 + 101, T0 + 102] {
        shop.run(at);
    }
    let read = "SELECT count(*) FROM audit WHERE record LIKE '%\"quality.sample\"%'";
    assert_eq!(shop.world.number(read), 1, "nothing is read again");
    let review = shop.review(&shop.lead);
    assert_eq!(review.state(), QaState::Open);
    assert_eq!(review.agent, shop.agent.principal.agent.id);
    assert_eq!(review.reasons[0].why, SampleWhy::Random);
    assert_eq!((review.ended_at, review.sampled_at), (T0 + 100, T0 + 101));
    let found: Vec<_> = review
        .pre
        .findings
        .iter()
        .map(|one| (one.item.as_str(), &one.what))
        .collect();
    let word = "保证".to_owned();
    let expected = [
        ("closing", &FoundWhat::NoClosing),
        ("promise", &FoundWhat::Word { word }),
    ];
    assert_eq!(found, expected);
    assert_eq!(review.pre.score.tenths, 900);
    assert_eq!(
        reviews(&shop.world, &shop.agent),
        [],
        "not before it is done"
    );
    assert_eq!(reviews(&shop.world, &other), [], "of another group");

    // The reviewer goes beyond the machine; the agent sees it then.
    let marks = with(&review.pre.marks, "correctness", Mark::Points { points: 5 });
    let short = marks[1..].to_vec();
    assert_eq!(shop.lead_scores(short, T0 + 200), refused(Code::BadRequest));
    assert_eq!(shop.lead_scores(marks.clone(), T0 + 200), done(T0 + 200));
    assert_eq!(
        shop.lead_scores(marks, T0 + 201),
        done(T0 + 201),
        "the same again"
    );
    let seen = shop.review(&shop.agent);
    let scored = seen.scored.as_ref().unwrap();
    assert_eq!(
        (scored.score.tenths, scored.score.verdict),
        (700, Verdict::Failed)
    );
    assert_eq!(
        (scored.by.at, scored.comment.as_str()),
        (T0 + 200, "注意结束语")
    );
    assert_eq!(seen, shop.review(&shop.lead));
    assert_eq!(reviews(&shop.world, &other), []);
}

#[test]
fn who_may_do_what() {
    let mut shop = Shop::new();
    shop.serve("您好，明天到。谢谢", T0 + 100);
    shop.run(T0 + 101);
    let review = shop.review(&shop.lead);
    let (review_id, marks) = (review.id, review.pre.marks);
    let score = || {
        let (marks, comment) = (marks.clone(), String::new());
        quality(QaAct::Score {
            review_id,
            ended_at: None,
            marks,
            comment,
        })
    };
    let appeal = |text: &str| {
        let text = text.to_owned();
        quality(QaAct::Appeal { review_id, text })
    };
    let (no, hidden) = (refused(Code::Forbidden), refused(Code::NotFound));
    let mut colleague = shop.world.agent("li", Role::Agent, &["售前组"]);
    let mut other = shop.world.agent("olead", Role::TeamLead, &["售后组"]);
    let world = &shop.world;
    assert_eq!(shop.agent.act(world, score(), T0 + 110), no);
    assert_eq!(colleague.act(world, score(), T0 + 110), no);
    assert_eq!(other.act(world, score(), T0 + 110), hidden);
    assert_eq!(
        shop.agent.act(world, appeal("太早"), T0 + 110),
        hidden,
        "the agent does not learn of what is not done"
    );
    assert_eq!(shop.lead.act(world, score(), T0 + 120), done(T0 + 120));
    let mut second = shop.admin;
    let late = second.act(world, score(), T0 + 121);
    assert_eq!(late, refused(Code::ChangedMeanwhile), "somebody was first");
    assert_eq!(colleague.act(world, appeal("我"), T0 + 130), hidden);
    assert_eq!(reviews(world, &colleague), []);

    let edit = FormEdit {
        id: id::<QaFormId>(),
        base: 0,
        draft: standard::form(),
    };
    let save = || quality(QaAct::SaveForm { edit: edit.clone() });
    for desk in [&mut shop.agent, &mut shop.lead] {
        assert_eq!(desk.act(world, save(), T0 + 140), no);
        let rule_id = shop.rule.id;
        let remove = quality(QaAct::RemoveRule { rule_id });
        assert_eq!(desk.act(world, remove, T0 + 140), no);
    }
    assert_eq!(second.act(world, save(), T0 + 141), done(T0 + 141));
    let mut stale = edit.clone();
    stale.draft.name = "改名".to_owned();
    let stale = quality(QaAct::SaveForm { edit: stale });
    let outcome = second.act(world, stale, T0 + 142);
    assert_eq!(outcome, refused(Code::ChangedMeanwhile));
    let rule = SampleEdit {
        id: id::<QaRuleId>(),
        base: 0,
        draft: SampleDraft {
            form_id: id(),
            ..shop.rule.draft.clone()
        },
    };
    let rule = quality(QaAct::SaveRule { edit: rule });
    assert_eq!(second.act(world, rule, T0 + 143), hidden, "no such form");
}

#[test]
fn nobody_reviews_themselves() {
    let mut shop = Shop::new();
    // The lead answers this time.
    std::mem::swap(&mut shop.agent, &mut shop.lead);
    shop.serve("您好，明天到。谢谢", T0 + 100);
    std::mem::swap(&mut shop.agent, &mut shop.lead);
    shop.run(T0 + 101);
    let marks = shop.review(&shop.lead).pre.marks;
    let outcome = shop.lead_scores(marks, T0 + 110);
    assert_eq!(outcome, refused(Code::Forbidden));
}

#[test]
fn nobody_picks_their_own_work() {
    let mut shop = Shop::new();
    draws_nothing(&mut shop);
    let form_id = forms(&shop.world, &shop.admin).remove(0).id;
    // The lead answers this time.
    std::mem::swap(&mut shop.agent, &mut shop.lead);
    shop.serve("您好，明天到。谢谢", T0 + 100);
    std::mem::swap(&mut shop.agent, &mut shop.lead);
    shop.run(T0 + 101);
    let mut all = shop.world.conversations(shop.visitor.contact_id);
    let conversation_id = all.pop().unwrap().id;
    let pick = || {
        quality(QaAct::Pick {
            review_id: id(),
            conversation_id,
            form_id,
        })
    };
    let (world, no) = (&shop.world, refused(Code::Forbidden));
    assert_eq!(shop.lead.act(world, pick(), T0 + 110), no);
    assert_eq!(reviews(world, &shop.admin), []);
    assert_eq!(shop.admin.act(world, pick(), T0 + 111), done(T0 + 111));
    let again = shop.lead.act(world, pick(), T0 + 112);
    assert_eq!(again, no, "that somebody picked it is not said");
}

#[test]
fn an_appeal_is_made_once_and_decided() {
    let mut shop = Shop::new();
    shop.serve("您好，明天到。谢谢", T0 + 100);
    shop.run(T0 + 101);
    let review = shop.review(&shop.lead);
    let (review_id, pre) = (review.id, review.pre.marks);
    let low = with(&pre, "correctness", Mark::Points { points: 0 });
    assert_eq!(shop.lead_scores(low, T0 + 110), done(T0 + 110));
    let appeal = |text: &str| {
        let text = text.to_owned();
        quality(QaAct::Appeal { review_id, text })
    };
    let world = &shop.world;
    assert_eq!(
        shop.agent.act(world, appeal("当日政策如此"), T0 + 120),
        done(T0 + 120)
    );
    assert_eq!(
        shop.agent.act(world, appeal("再说一次"), T0 + 121),
        refused(Code::ChangedMeanwhile)
    );
    assert_eq!(reviews(world, &shop.lead)[0].state(), QaState::Appealed);
    let decide = |reason: &str| {
        quality(QaAct::Decide {
            review_id,
            marks: Some(pre.clone()),
            reason: reason.to_owned(),
        })
    };
    let own = shop.agent.act(world, decide("我同意"), T0 + 125);
    assert_eq!(own, refused(Code::Forbidden));
    let outcome = shop.admin.act(world, decide(""), T0 + 130);
    assert_eq!(outcome, refused(Code::Empty));
    let outcome = shop.admin.act(world, decide("情况属实，改判"), T0 + 130);
    assert_eq!(outcome, done(T0 + 130));
    for desk in [&shop.agent, &shop.lead] {
        let seen = reviews(world, desk).remove(0);
        assert_eq!(seen.state(), QaState::Decided);
        assert_eq!(seen.result().unwrap().1.tenths, 1_000);
        assert_eq!(seen.scored.unwrap().score.tenths, 750);
    }
}

#[test]
fn a_second_reviewer_is_seen_by_leads_alone() {
    let mut shop = Shop::new();
    shop.serve("您好，明天到。谢谢", T0 + 100);
    shop.run(T0 + 101);
    let review = shop.review(&shop.lead);
    let (review_id, pre) = (review.id, review.pre.marks);
    let calibrate = |marks: Vec<ItemMark>| {
        quality(QaAct::Calibrate {
            review_id,
            marks,
            comment: "偏宽".to_owned(),
        })
    };
    let early = shop
        .admin
        .act(&shop.world, calibrate(pre.clone()), T0 + 105);
    assert_eq!(early, refused(Code::IllegalState));
    assert_eq!(shop.lead_scores(pre.clone(), T0 + 110), done(T0 + 110));
    let world = &shop.world;
    let other = with(&pre, "record", Mark::Points { points: 0 });
    let own = shop.lead.act(world, calibrate(other.clone()), T0 + 111);
    assert_eq!(own, refused(Code::Forbidden));
    let outcome = shop.admin.act(world, calibrate(other), T0 + 112);
    assert_eq!(outcome, done(T0 + 112));
    let seen = calibrations(world, &shop.lead).remove(0);
    assert_eq!(seen.scored[0].score.tenths, 950);
    assert_eq!(calibrations(world, &shop.agent), []);
    let result = reviews(world, &shop.agent)[0].result().unwrap().1;
    assert_eq!(result.tenths, 1_000, "it changes nothing for the agent");
}

#[test]
fn a_bad_mark_is_sampled_when_it_comes() {
    let mut shop = Shop::new();
    // Nothing is drawn but what was marked badly.
    draws_nothing(&mut shop);
    let setting = Setting::InboxSurvey {
        inbox_id: shop.world.made.inbox.id,
        survey: SurveySettings {
            on: true,
            delay_ms: 0,
            ..SurveySettings::default()
        },
    };
    let on = Action::Configure { setting };
    assert_eq!(shop.admin.act(&shop.world, on, T0), done(T0));
    shop.serve("您好，明天到。谢谢", T0 + 100);
    shop.world.bo.run_surveys(T0 + 101).unwrap();
    shop.run(T0 + 102);
    assert_eq!(reviews(&shop.world, &shop.lead), []);
    let page = shop.world.bo.visitor_state(&shop.visitor, T0 + 103);
    let asked = page.unwrap().survey.unwrap();
    let bo = &shop.world.bo;
    bo.visitor_rate(&shop.visitor, asked.id, (1, "太慢"), T0 + 104)
        .unwrap();
    for at in [T0 + 105, T0 + 106] {
        shop.run(at);
    }
    let review = shop.review(&shop.lead);
    assert_eq!(review.reasons.len(), 1);
    assert_eq!(review.reasons[0].why, SampleWhy::LowMark { mark: 1 });
    assert_eq!(review.mark, Some(1));
}

#[test]
fn what_only_the_bot_answered_is_nobodys_work() {
    let mut shop = Shop::new();
    shop.world.say(&shop.visitor, "退款多久能到账", T0 + 1);
    let conversation_id = shop.world.conversation(&shop.visitor).id;
    let resolve = Action::Resolve { conversation_id };
    assert_eq!(shop.agent.act(&shop.world, resolve, T0 + 3), done(T0 + 3));
    shop.run(T0 + 4);
    assert_eq!(reviews(&shop.world, &shop.lead), []);
}

/// Nothing is drawn any more.
fn draws_nothing(shop: &mut Shop) {
    let edit = SampleEdit {
        id: shop.rule.id,
        base: shop.rule.edition + 1,
        draft: SampleDraft {
            enabled: false,
            ..shop.rule.draft.clone()
        },
    };
    let off = quality(QaAct::SaveRule { edit });
    assert_eq!(shop.admin.act(&shop.world, off, T0), done(T0));
}

#[test]
fn a_conversation_is_picked_by_hand_once() {
    let mut shop = Shop::new();
    draws_nothing(&mut shop);
    let form_id = forms(&shop.world, &shop.admin).remove(0).id;
    shop.serve("您好，我保证明天到", T0 + 100);
    shop.run(T0 + 101);
    let mut all = shop.world.conversations(shop.visitor.contact_id);
    let conversation_id = all.pop().unwrap().id;
    let review_id = id::<QaReviewId>();
    let pick = |review_id: QaReviewId| {
        quality(QaAct::Pick {
            review_id,
            conversation_id,
            form_id,
        })
    };
    let (no, hidden) = (refused(Code::Forbidden), refused(Code::NotFound));
    let mut other = shop.world.agent("olead", Role::TeamLead, &["售后组"]);
    let world = &shop.world;
    assert_eq!(shop.agent.act(world, pick(review_id), T0 + 110), no);
    assert_eq!(other.act(world, pick(review_id), T0 + 110), hidden);
    let no_form = quality(QaAct::Pick {
        review_id,
        conversation_id,
        form_id: id(),
    });
    assert_eq!(shop.lead.act(world, no_form, T0 + 111), hidden);
    let act = pick(review_id);
    assert_eq!(shop.lead.act(world, act.clone(), T0 + 112), done(T0 + 112));
    assert_eq!(shop.lead.act(world, act, T0 + 113), done(T0 + 113));
    let review = shop.review(&shop.lead);
    assert_eq!((review.id, review.state()), (review_id, QaState::Open));
    assert_eq!(review.agent, shop.agent.principal.agent.id);
    assert_eq!((review.ended_at, review.sampled_at), (T0 + 100, T0 + 112));
    let reason = &review.reasons[0];
    assert_eq!((reason.rule_id, &reason.why), (None, &SampleWhy::Picked));
    assert_eq!(reason.name, shop.lead.principal.agent.display_name);
    assert_eq!(review.pre.score.tenths, 900, "as if it had been sampled");
    assert_eq!(reviews(world, &shop.agent), [], "not before it is done");
    let again = shop.admin.act(world, pick(id()), T0 + 114);
    assert_eq!(again, refused(Code::AlreadyPicked));
    let marks = review.pre.marks;
    assert_eq!(shop.lead_scores(marks, T0 + 115), done(T0 + 115));
    let again = shop.admin.act(&shop.world, pick(id()), T0 + 116);
    assert_eq!(
        again,
        refused(Code::AlreadyPicked),
        "a review is not done twice"
    );
}

#[test]
fn what_goes_on_is_not_picked() {
    let mut shop = Shop::new();
    draws_nothing(&mut shop);
    let form_id = forms(&shop.world, &shop.admin).remove(0).id;
    shop.world.say(&shop.visitor, "退款多久能到账", T0 + 1);
    let conversation_id = shop.world.conversation(&shop.visitor).id;
    let review_id = id::<QaReviewId>();
    let pick = || {
        quality(QaAct::Pick {
            review_id,
            conversation_id,
            form_id,
        })
    };
    let early = shop.lead.act(&shop.world, pick(), T0 + 2);
    assert_eq!(early, refused(Code::NotResolved));
    let resolve = Action::Resolve { conversation_id };
    assert_eq!(shop.agent.act(&shop.world, resolve, T0 + 3), done(T0 + 3));
    let only_bot = shop.lead.act(&shop.world, pick(), T0 + 4);
    assert_eq!(only_bot, refused(Code::IllegalState), "nobody's work");
    assert_eq!(reviews(&shop.world, &shop.lead), []);
}

/// By hand, by the lead.
fn lead_picks(shop: &mut Shop, at: Millis) {
    let form_id = forms(&shop.world, &shop.admin).remove(0).id;
    let conversation_id = shop.world.conversation(&shop.visitor).id;
    let pick = quality(QaAct::Pick {
        review_id: id(),
        conversation_id,
        form_id,
    });
    assert_eq!(shop.lead.act(&shop.world, pick, at), done(at));
}

#[test]
fn what_ends_again_is_reviewed_as_it_ended_last() {
    for (who, is_picked) in [
        ("wang", false),
        ("wang", true),
        ("li", false),
        ("li", true),
        ("lead", false),
    ] {
        let mut shop = Shop::new();
        let mut li = shop.world.agent("li", Role::Agent, &["售前组"]);
        if is_picked {
            draws_nothing(&mut shop);
        }
        shop.serve("您好，我保证明天到", T0 + 100);
        shop.run(T0 + 101);
        if is_picked {
            lead_picks(&mut shop, T0 + 102);
        }
        let first = shop.review(&shop.lead);
        let Shop {
            world,
            agent,
            lead,
            visitor,
            ..
        } = &mut shop;
        let second = match who {
            "wang" => agent,
            "li" => &mut li,
            _ => lead,
        };
        serve(world, visitor, second, "您好，明天到。谢谢", T0 + 300);
        let served_by = second.principal.agent.id;
        for at in [T0 + 301, T0 + 302] {
            shop.run(at);
        }
        let review = shop.review(&shop.lead);
        let messages = shop
            .world
            .messages(&shop.lead.principal, review.conversation_id);
        let expected = QaReview {
            agent: served_by,
            ended_at: T0 + 300,
            pre: prescore(&first.form.draft, served_by, &messages),
            ..first.clone()
        };
        assert_eq!(review, expected, "{who} {is_picked}");
        assert_ne!(review.pre, first.pre, "{who} {is_picked}");
        let outcome = shop.lead_scores(review.pre.marks, T0 + 310);
        if who == "lead" {
            assert_eq!(outcome, refused(Code::Forbidden), "their own work by now");
            continue;
        }
        assert_eq!(outcome, done(T0 + 310));
        // Once it is scored it stays as it was scored.
        serve(
            &shop.world,
            &shop.visitor,
            &mut shop.lead,
            "您好，已到",
            T0 + 500,
        );
        shop.run(T0 + 501);
        let scored = shop.review(&shop.lead);
        assert_eq!((scored.agent, scored.ended_at), (served_by, T0 + 300));
    }
}

#[test]
fn a_review_goes_with_its_conversation_to_another_group() {
    let mut shop = Shop::new();
    let mut other = shop.world.agent("olead", Role::TeamLead, &["售后组"]);
    shop.serve("您好，我保证明天到", T0 + 100);
    shop.run(T0 + 101);
    let first = shop.review(&shop.lead);
    let conversation_id = first.conversation_id;
    shop.world.say(&shop.visitor, "转人工", T0 + 200);
    let claim = Action::Claim { conversation_id };
    assert_eq!(shop.agent.act(&shop.world, claim, T0 + 201), done(T0 + 201));
    let transfer = Action::Transfer {
        conversation_id,
        to: TransferTo::Group {
            group_id: shop.world.group("售后组"),
        },
        note: "售后问题".to_owned(),
    };
    assert_eq!(
        shop.agent.act(&shop.world, transfer, T0 + 202),
        done(T0 + 202)
    );
    serve(
        &shop.world,
        &shop.visitor,
        &mut other,
        "您好，已退款。谢谢",
        T0 + 300,
    );
    shop.run(T0 + 301);
    assert_eq!(reviews(&shop.world, &shop.lead), []);
    let review = shop.review(&other);
    assert_eq!(
        (review.id, review.agent, review.group_id),
        (
            first.id,
            other.principal.agent.id,
            shop.world.group("售后组")
        )
    );
}

#[test]
fn a_score_is_not_held_against_who_came_in_later() {
    let mut shop = Shop::new();
    let mut li = shop.world.agent("li", Role::Agent, &["售前组"]);
    shop.serve("您好，我保证明天到", T0 + 100);
    shop.run(T0 + 101);
    let first = shop.review(&shop.lead);
    serve(
        &shop.world,
        &shop.visitor,
        &mut li,
        "您好，明天到。谢谢",
        T0 + 300,
    );
    shop.run(T0 + 301);
    let (review_id, marks) = (first.id, first.pre.marks);
    let score = |ended_at: Millis| {
        quality(QaAct::Score {
            review_id,
            ended_at: Some(ended_at),
            marks: marks.clone(),
            comment: String::new(),
        })
    };
    let world = &shop.world;
    let late = shop.lead.act(world, score(first.ended_at), T0 + 310);
    assert_eq!(late, refused(Code::ChangedMeanwhile));
    assert_eq!(reviews(world, &shop.lead)[0].state(), QaState::Open);
    for at in [T0 + 311, T0 + 312] {
        assert_eq!(shop.lead.act(world, score(T0 + 300), at), done(at));
    }
    assert_eq!(reviews(world, &shop.lead)[0].state(), QaState::Done);
}
