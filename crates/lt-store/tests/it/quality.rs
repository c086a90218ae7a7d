//! Reviews at the desk: what the feed brings, and what is done here before the server has it.

use lt_model::{
    agent::{Agent, Role},
    change::EntityKind,
    conversation::{Conversation, Status},
    id::{AgentId, ConversationId, QaFormId, QaReviewId, QaRuleId},
    message::Author,
    quality::{
        act::QaAct,
        form::{FormEdit, Mark, QaForm},
        pre::prescore,
        review::{FormUsed, QaBy, QaNotDone, QaReview, QaState},
        sample::{QaRule, SampleEdit, SampleReason, SampleWhy},
        standard,
    },
};
use lt_protocol::{
    bell::{BellNews, ReviewNews},
    code::Code,
    event::Tag,
    quality::QaScope,
    sync::{Action, Entity, OpOutcome, RowChange},
};
use lt_store::{Enqueued, StoreError};

use crate::world::{
    CARE, CONFIG, FAQ, NOW, SALES, World, colleague, conversation, del, group_id, heads, me,
    new_op, put, put_conversation, sent_message, uuid,
};

fn form() -> QaForm {
    QaForm {
        id: QaFormId(uuid(80)),
        edition: 1,
        draft: standard::form(),
        by: String::new(),
        at: NOW,
    }
}

fn review(n: u64, agent: AgentId) -> QaReview {
    let Conversation { id, number, .. } = conversation(1);
    let draft = standard::form();
    QaReview {
        id: QaReviewId(uuid(n)),
        conversation_id: id,
        number,
        group_id: group_id(SALES),
        agent,
        ended_at: NOW,
        sampled_at: NOW,
        reasons: vec![SampleReason {
            rule_id: Some(QaRuleId(uuid(81))),
            name: "随机".to_owned(),
            why: SampleWhy::Random,
        }],
        mark: None,
        pre: prescore(&draft, agent, &[]),
        form: FormUsed {
            id: form().id,
            edition: 1,
            draft,
        },
        scored: None,
        appeal: None,
    }
}

fn put_review(review: &QaReview) -> RowChange {
    put(Entity::QaReview(Box::new(review.clone())))
}

fn quality(act: QaAct) -> Action {
    Action::Quality { act: Box::new(act) }
}

/// A desk of somebody with this role.
fn world(role: Role) -> World {
    let world = World::with_conversation();
    let account = Agent { role, ..me() };
    let streams = heads(&[CONFIG, FAQ, SALES, CARE]);
    world
        .store
        .set_streams("g1", &streams, 0, &account, NOW)
        .unwrap();
    world
}

#[test]
fn a_review_shows_at_once_and_waits_for_the_server() {
    let mut world = world(Role::TeamLead);
    let mut review = review(1, colleague().id);
    let change = world.feed(SALES, vec![put_review(&review)]);
    assert!(change.tags.contains(&Tag::Quality));
    let open = |world: &World| {
        let (found, total) = world.store.reviews(QaScope::Todo, None, (0, 10)).unwrap();
        assert_eq!(found.len(), usize::try_from(total).unwrap());
        found.len()
    };
    assert_eq!(open(&world), 1);
    let score = QaAct::Score {
        review_id: review.id,
        ended_at: None,
        marks: review.pre.marks.clone(),
        comment: String::new(),
    };
    let short = QaAct::Score {
        review_id: review.id,
        ended_at: None,
        marks: Vec::new(),
        comment: String::new(),
    };
    let unfit = world.store.enqueue(quality(short), NOW + 1);
    assert!(matches!(
        unfit,
        Err(StoreError::Quality(QaNotDone::Marks(_)))
    ));
    let done = world.store.enqueue(quality(score.clone()), NOW + 1);
    let op = new_op(done);
    let again = world.store.enqueue(quality(score), NOW + 2).unwrap().0;
    assert_eq!(again, Enqueued::AlreadyThere);
    assert_eq!(open(&world), 0, "it has left the list");
    let shown = world.store.reviews(QaScope::Done, None, (0, 10)).unwrap().0;
    assert!(shown[0].is_pending);
    let outcome = OpOutcome::Done { at: NOW + 3 };
    world.store.op_result(op, &outcome, NOW + 3).unwrap();
    assert!(world.store.review(review.id).unwrap().unwrap().is_pending);
    review.scored = shown[0].review.scored.clone();
    world.feed(SALES, vec![put_review(&review)]);
    let known = world.store.review(review.id).unwrap().unwrap();
    assert_eq!((known.review, known.is_pending), (review.clone(), false));
    let counts = world.store.review_counts().unwrap();
    assert_eq!(counts[0].0, review.agent);
    assert_eq!((counts[0].1.n, counts[0].1.tenths), (1, 1_000));

    // Somebody else was first: what the server has counts.
    world.feed(SALES, vec![del(EntityKind::QaReview, review.id)]);
    assert_eq!(world.store.review(review.id).unwrap(), None);
}

#[test]
fn a_score_does_not_stand_for_what_came_after_it() {
    let mut world = world(Role::TeamLead);
    let mut review = review(1, colleague().id);
    world.feed(SALES, vec![put_review(&review)]);
    let score = QaAct::Score {
        review_id: review.id,
        ended_at: None,
        marks: review.pre.marks.clone(),
        comment: String::new(),
    };
    world
        .store
        .enqueue(quality(score.clone()), NOW + 1)
        .unwrap();
    let n_open = |world: &World| world.store.n_reviews(QaScope::Todo, None).unwrap();
    assert_eq!(n_open(&world), 0);
    review.ended_at = NOW + 2;
    world.feed(SALES, vec![put_review(&review)]);
    assert_eq!(n_open(&world), 1);
    let known = world.store.review(review.id).unwrap().unwrap();
    assert_eq!((known.review, known.is_pending), (review, false));
    // What is scored now is what has ended by now.
    world.store.enqueue(quality(score), NOW + 3).unwrap();
    assert_eq!(n_open(&world), 0);
}

#[test]
fn an_agent_appeals_and_reviews_nobody() {
    let mut world = World::with_conversation();
    let mut own = review(1, me().id);
    let lead = QaBy {
        agent: colleague().id,
        name: "组长".to_owned(),
        at: NOW,
    };
    let marks = own.pre.marks.clone();
    own.score(lead, &marks, "").unwrap();
    world.feed(SALES, vec![put_review(&own)]);
    let review_id = own.id;
    let (comment, marks) = (String::new(), marks);
    let score = quality(QaAct::Score {
        review_id,
        ended_at: None,
        marks,
        comment,
    });
    let done = world.store.enqueue(score, NOW + 1);
    assert!(matches!(done, Err(StoreError::Forbidden)), "{done:?}");
    let text = "当时系统故障".to_owned();
    let appeal = quality(QaAct::Appeal { review_id, text });
    world.store.enqueue(appeal, NOW + 1).unwrap();
    let mine = world.store.reviews_of(me().id, NOW - 1).unwrap();
    assert_eq!(mine[0].review.state(), QaState::Appealed);
    assert!(mine[0].is_pending);
}

#[test]
fn forms_and_rules_are_edited_here_and_unfit_ones_are_not() {
    let mut world = world(Role::Admin);
    let row = put(Entity::QaForm(Box::new(form())));
    world.feed(SALES, vec![row]);
    let mut edit = FormEdit {
        id: form().id,
        base: 1,
        draft: form().draft,
    };
    let save = |edit: &FormEdit| quality(QaAct::SaveForm { edit: edit.clone() });
    let same = world.store.enqueue(save(&edit), NOW).unwrap().0;
    assert_eq!(same, Enqueued::AlreadyThere);
    edit.draft.items.clear();
    let unfit = world.store.enqueue(save(&edit), NOW);
    assert!(matches!(unfit, Err(StoreError::QaForm(_))), "{unfit:?}");
    edit.draft = standard::form();
    edit.draft.name = "电话客服评分表".to_owned();
    world.store.enqueue(save(&edit), NOW).unwrap();
    let shown = world.store.qa_forms().unwrap().remove(0);
    assert_eq!((shown.form.draft, shown.form.edition), (edit.draft, 2));
    assert!(shown.is_pending);

    let rule = QaRule {
        id: QaRuleId(uuid(81)),
        edition: 1,
        draft: standard::rules(form().id).remove(0),
        by: String::new(),
        at: NOW,
    };
    world.feed(SALES, vec![put(Entity::QaRule(Box::new(rule.clone())))]);
    let mut edit = SampleEdit {
        id: rule.id,
        base: 1,
        draft: rule.draft,
    };
    edit.draft.form_id = QaFormId(uuid(99));
    let unknown = quality(QaAct::SaveRule { edit });
    let done = world.store.enqueue(unknown, NOW);
    assert!(matches!(done, Err(StoreError::NotFound(_))), "{done:?}");
    let remove = quality(QaAct::RemoveRule { rule_id: rule.id });
    world.store.enqueue(remove, NOW).unwrap();
    assert_eq!(world.store.qa_rules().unwrap(), []);
}

/// The conversation, answered by somebody and ended.
fn ended(world: &mut World, by: AgentId) -> ConversationId {
    let one = Conversation {
        status: Status::Resolved,
        resolved_at: Some(NOW),
        seq: 3,
        ..conversation(1)
    };
    let mut answered = sent_message(3, 1, 3, "您好，明天发");
    if let Author::Agent { agent, .. } = &mut answered.author {
        *agent = by;
    }
    let rows = vec![
        put_conversation(&one),
        put(Entity::Message(answered)),
        put(Entity::QaForm(Box::new(form()))),
    ];
    world.feed(SALES, rows);
    one.id
}

#[test]
fn a_pick_makes_a_review_that_can_be_scored_before_the_server_has_it() {
    let mut world = world(Role::TeamLead);
    let going_on = world.store.picking(conversation(1).id).unwrap();
    assert_eq!(going_on, (None, Some(QaNotDone::NotEnded)));
    let conversation_id = ended(&mut world, colleague().id);
    assert_eq!(world.store.picking(conversation_id).unwrap(), (None, None));
    let review_id = QaReviewId(uuid(90));
    let pick = |n| {
        quality(QaAct::Pick {
            review_id: QaReviewId(uuid(n)),
            conversation_id,
            form_id: form().id,
        })
    };
    let no_form = quality(QaAct::Pick {
        review_id,
        conversation_id,
        form_id: QaFormId(uuid(99)),
    });
    let unknown = world.store.enqueue(no_form, NOW + 1);
    assert!(
        matches!(unknown, Err(StoreError::NotFound(_))),
        "{unknown:?}"
    );
    let op = new_op(world.store.enqueue(pick(90), NOW + 1));
    let again = world.store.enqueue(pick(90), NOW + 2).unwrap().0;
    assert_eq!(again, Enqueued::AlreadyThere);
    let other = world.store.enqueue(pick(91), NOW + 2);
    assert!(matches!(other, Err(StoreError::Quality(QaNotDone::Picked))));
    let known = (Some(review_id), Some(QaNotDone::Picked));
    assert_eq!(world.store.picking(conversation_id).unwrap(), known);
    let todo = |world: &World| world.store.reviews(QaScope::Todo, None, (0, 10)).unwrap();
    let (shown, total) = todo(&world);
    assert_eq!((shown[0].review.id, total), (review_id, 1));
    assert!(shown[0].is_pending);
    assert_eq!(shown[0].review.reasons[0].why, SampleWhy::Picked);
    let score = QaAct::Score {
        review_id,
        ended_at: None,
        marks: shown[0].review.pre.marks.clone(),
        comment: String::new(),
    };
    world.store.enqueue(quality(score), NOW + 3).unwrap();
    assert_eq!(todo(&world).1, 0);
    let done = world.store.n_reviews(QaScope::Done, None).unwrap();
    assert_eq!(done, 1);

    // The rules were faster than the pick: theirs counts.
    let code = Code::AlreadyPicked;
    let outcome = OpOutcome::Refused { code };
    world.store.op_result(op, &outcome, NOW + 4).unwrap();
    let theirs = QaReview {
        id: QaReviewId(uuid(95)),
        ..review(95, colleague().id)
    };
    world.feed(SALES, vec![put_review(&theirs)]);
    let (shown, total) = todo(&world);
    assert_eq!((shown[0].review.id, total), (theirs.id, 1));
    let known = (Some(theirs.id), Some(QaNotDone::Picked));
    assert_eq!(world.store.picking(conversation_id).unwrap(), known);
}

#[test]
fn nobody_picks_their_own_work() {
    let mut world = world(Role::TeamLead);
    let conversation_id = ended(&mut world, me().id);
    let own = Some(QaNotDone::OwnWork);
    let is_refused = |world: &World| {
        let pick = quality(QaAct::Pick {
            review_id: QaReviewId(uuid(90)),
            conversation_id,
            form_id: form().id,
        });
        let done = world.store.enqueue(pick, NOW + 1);
        assert!(
            matches!(done, Err(StoreError::Quality(QaNotDone::OwnWork))),
            "{done:?}"
        );
    };
    let looked = world.store.picking(conversation_id).unwrap();
    assert_eq!(looked, (None, own));
    is_refused(&world);
    // A rule has taken it: that is not said.
    let sampled = review(95, me().id);
    world.feed(SALES, vec![put_review(&sampled)]);
    let looked = world.store.picking(conversation_id).unwrap();
    assert_eq!(looked, (Some(sampled.id), own));
    is_refused(&world);
    assert!(world.store.outbox().unwrap().is_empty());
}

#[test]
fn an_edit_over_what_somebody_changed_is_told_at_once() {
    let mut world = world(Role::Admin);
    let theirs = QaForm {
        edition: 2,
        ..form()
    };
    let rule = QaRule {
        id: QaRuleId(uuid(81)),
        edition: 2,
        draft: standard::rules(form().id).remove(0),
        by: String::new(),
        at: NOW,
    };
    let rows = vec![
        put(Entity::QaForm(Box::new(theirs))),
        put(Entity::QaRule(Box::new(rule.clone()))),
    ];
    world.feed(SALES, rows);
    let form_over = |base, name: &str| {
        let mut draft = form().draft;
        name.clone_into(&mut draft.name);
        let id = form().id;
        quality(QaAct::SaveForm {
            edit: FormEdit { id, base, draft },
        })
    };
    let rule_over = |base, name: &str| {
        let mut draft = rule.draft.clone();
        name.clone_into(&mut draft.name);
        let id = rule.id;
        quality(QaAct::SaveRule {
            edit: SampleEdit { id, base, draft },
        })
    };
    for late in [form_over(1, "改名"), rule_over(1, "改名")] {
        let done = world.store.enqueue(late, NOW + 1);
        assert!(
            matches!(done, Err(StoreError::Quality(QaNotDone::Before))),
            "{done:?}"
        );
    }
    // Over what is here, and over one's own that waits, it is done.
    for (base, name) in [(2, "改名"), (3, "又改名")] {
        for edit in [form_over(base, name), rule_over(base, name)] {
            new_op(world.store.enqueue(edit, NOW + 2));
        }
    }
}

#[test]
fn lists_are_counted_beyond_a_page_and_walked_by_pages() {
    let mut world = world(Role::TeamLead);
    let of = |n: u64| QaReview {
        sampled_at: NOW + i64::try_from(n % 7).unwrap(),
        ..review(n, colleague().id)
    };
    let n_all = 1_203;
    let rows: Vec<_> = (1_000..1_000 + n_all).map(|n| put_review(&of(n))).collect();
    world.feed(SALES, rows);
    let own = review(5_000, me().id);
    world.feed(SALES, vec![put_review(&own)]);
    let n_todo = world.store.n_reviews(QaScope::Todo, None).unwrap();
    assert_eq!(u64::from(n_todo), n_all, "nobody reviews themselves");
    let mut seen = Vec::new();
    for from in (0..n_todo).step_by(500) {
        let page = world.store.reviews(QaScope::Todo, None, (from, 500));
        let (page, total) = page.unwrap();
        assert_eq!(total, n_todo);
        seen.extend(
            page.iter()
                .map(|one| (one.review.sampled_at, one.review.id)),
        );
    }
    assert_eq!(seen.len(), usize::try_from(n_all).unwrap());
    assert!(seen.is_sorted(), "each once, the oldest first");
    let of_me = world.store.n_reviews(QaScope::Todo, Some(me().id)).unwrap();
    assert_eq!(of_me, 0);
}

#[test]
fn what_is_to_be_calibrated_is_of_others_and_counted_so() {
    let mut world = world(Role::TeamLead);
    let lead = Agent {
        id: AgentId(uuid(700)),
        ..me()
    };
    let rows = [(1, colleague().id), (2, me().id), (3, colleague().id)].map(|(n, agent)| {
        let mut one = review(n, agent);
        let marks = one.pre.marks.clone();
        one.score(by(&lead, NOW), &marks, "").unwrap();
        put_review(&one)
    });
    world.feed(SALES, rows.into());
    for (scope, n) in [(QaScope::Done, 3), (QaScope::Calibrate, 2)] {
        let (found, total) = world.store.reviews(scope, None, (0, 10)).unwrap();
        assert_eq!((found.len(), total), (usize::try_from(n).unwrap(), n));
    }
}

/// What the bell says of reviews, the oldest first.
fn told(world: &World) -> Vec<ReviewNews> {
    let lines = world.store.bell().unwrap().lines.into_iter().rev();
    let news = lines.filter_map(|line| match line.what {
        BellNews::Review { news, number, .. } => {
            assert_eq!(number, "C-10001");
            Some(news)
        }
        _ => None,
    });
    news.collect()
}

fn by(agent: &Agent, at: i64) -> QaBy {
    QaBy {
        agent: agent.id,
        name: agent.display_name.clone(),
        at,
    }
}

#[test]
fn the_agent_hears_once_of_a_review_and_of_what_was_decided() {
    let mut world = World::with_conversation();
    let mut own = review(1, me().id);
    let marks = own.pre.marks.clone();
    own.score(by(&colleague(), NOW), &marks, "").unwrap();
    let change = world.feed(SALES, vec![put_review(&own)]);
    assert!(change.tags.contains(&Tag::Bell));
    assert_eq!(told(&world), [ReviewNews::Scored]);
    let bell = world.store.bell().unwrap();
    world.store.bell_seen(bell.lines[0].n).unwrap();
    // By another stream, and after the rows were fetched again.
    world.feed(SALES, vec![put_review(&own)]);
    world.feed(SALES, vec![del(EntityKind::QaReview, own.id)]);
    world.feed(SALES, vec![put_review(&own)]);
    assert_eq!(told(&world), [ReviewNews::Scored]);
    own.appeal(me().id, "当时系统故障", NOW + 1).unwrap();
    world.feed(SALES, vec![put_review(&own)]);
    assert_eq!(told(&world), [ReviewNews::Scored], "it is their own appeal");
    own.decide(by(&colleague(), NOW + 2), Some(&marks), "情况属实")
        .unwrap();
    world.feed(SALES, vec![put_review(&own)]);
    assert_eq!(told(&world), [ReviewNews::Scored, ReviewNews::Changed]);
    let mut world = world.crash();
    world.feed(SALES, vec![put_review(&own)]);
    assert_eq!(told(&world), [ReviewNews::Scored, ReviewNews::Changed]);
}

#[test]
fn a_reviewer_hears_of_an_appeal_against_their_own_review_alone() {
    let mut world = world(Role::TeamLead);
    let lead = me();
    let other = Agent {
        id: AgentId(uuid(700)),
        ..me()
    };
    for (n, reviewer) in [(1, &lead), (2, &other)] {
        let mut one = review(n, colleague().id);
        let marks = one.pre.marks.clone();
        world.feed(SALES, vec![put_review(&one)]);
        one.score(by(reviewer, NOW), &marks, "").unwrap();
        world.feed(SALES, vec![put_review(&one)]);
        one.appeal(colleague().id, "不同意", NOW + 1).unwrap();
        world.feed(SALES, vec![put_review(&one)]);
        assert_eq!(told(&world), [ReviewNews::Appealed]);
    }
}

#[test]
fn scores_are_summed_by_span_agent_and_group() {
    let mut world = world(Role::TeamLead);
    let other = Agent {
        id: AgentId(uuid(700)),
        ..me()
    };
    let scored = |n: u64, agent: AgentId, at: i64, group: u64, points: u16| {
        let mut one = QaReview {
            group_id: group_id(group),
            ..review(n, agent)
        };
        let mut marks = one.pre.marks.clone();
        let mark = marks.iter_mut().find(|mark| mark.item == "correctness");
        mark.unwrap().mark = Mark::Points { points };
        one.score(by(&other, at), &marks, "").unwrap();
        put_review(&one)
    };
    let (first, second) = (colleague().id, AgentId(uuid(701)));
    let rows = vec![
        scored(1, first, NOW, SALES, 25),
        scored(2, first, NOW + 9, SALES, 0),
        scored(3, first, NOW + 10, CARE, 5),
        scored(4, second, NOW + 5, CARE, 25),
        put_review(&review(5, second)),
    ];
    world.feed(SALES, rows);
    let spans = [(NOW, NOW + 10), (NOW + 10, NOW + 20)];
    let sums = |group| {
        let found = world.store.review_counts_in(&spans, group).unwrap();
        let of = |agent| {
            let months = found.iter().map(|month| {
                let one = month.iter().find(|(other, _)| *other == agent);
                one.map_or((0, 0, 0), |(_, sum)| (sum.n, sum.n_passed, sum.tenths))
            });
            months.collect::<Vec<_>>()
        };
        (of(first), of(second))
    };
    let all = (
        vec![(2, 1, 1_750), (1, 1, 800)],
        vec![(1, 1, 1_000), (0, 0, 0)],
    );
    assert_eq!(sums(None), all);
    let care = (vec![(0, 0, 0), (1, 1, 800)], vec![(1, 1, 1_000), (0, 0, 0)]);
    assert_eq!(sums(Some(group_id(CARE))), care);
}
