//! Reviews at the desk: what the feed brings, and what is done here before the server has it.

use lt_model::{
    agent::{Agent, Role},
    change::EntityKind,
    conversation::Conversation,
    id::{AgentId, QaFormId, QaReviewId, QaRuleId},
    quality::{
        act::QaAct,
        form::{FormEdit, QaForm},
        pre::prescore,
        review::{FormUsed, QaNotDone, QaReview, QaState},
        sample::{QaRule, SampleEdit, SampleReason, SampleWhy},
        standard,
    },
};
use lt_protocol::{
    event::Tag,
    sync::{Action, Entity, OpOutcome, RowChange},
};
use lt_store::{Enqueued, StoreError};

use crate::world::{
    CARE, CONFIG, FAQ, NOW, SALES, World, colleague, conversation, del, group_id, heads, me,
    new_op, put, uuid,
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
            rule_id: QaRuleId(uuid(81)),
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
        let found = world.store.reviews(&[QaState::Open], None, false, 10);
        found.unwrap().len()
    };
    assert_eq!(open(&world), 1);
    let score = QaAct::Score {
        review_id: review.id,
        marks: review.pre.marks.clone(),
        comment: String::new(),
    };
    let short = QaAct::Score {
        review_id: review.id,
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
    let done = [QaState::Done];
    let shown = world.store.reviews(&done, None, true, 10).unwrap();
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
fn an_agent_appeals_and_reviews_nobody() {
    let mut world = World::with_conversation();
    let mut own = review(1, me().id);
    let lead = lt_model::quality::review::QaBy {
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
        marks,
        comment,
    });
    let done = world.store.enqueue(score, NOW + 1);
    assert!(matches!(done, Err(StoreError::Forbidden)), "{done:?}");
    let text = "当时系统故障".to_owned();
    let appeal = quality(QaAct::Appeal { review_id, text });
    world.store.enqueue(appeal, NOW + 1).unwrap();
    let mine = world.store.reviews_of(me().id, NOW - 1, 10).unwrap();
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
