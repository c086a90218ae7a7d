use proptest::prelude::*;
use uuid::Uuid;

use super::{
    form::{
        AutoCheck, FULL, FormDraft, FormItem, FormProblem, ItemKind, ItemMark, Mark, MarkProblem,
        Verdict, scored,
    },
    pre::{FoundWhat, PreScore, prescore},
    review::{
        APPEAL_WITHIN_MS, FormUsed, QaBy, QaCalibration, QaNotDone, QaReview, QaState, apart,
    },
    sample::{
        Candidate, QaRule, SampleBy, SampleDraft, SampleProblem, SampleWhy, WrittenBy, takes,
    },
    standard,
};
use crate::{
    Millis,
    id::{AgentId, ConversationId, GroupId, MessageId, QaFormId, QaReviewId, QaRuleId},
    message::{Author, Content, Delivery, Event, HandoverReason, Message},
};

const AGENT: AgentId = AgentId(Uuid::from_u128(1));
const LEAD: AgentId = AgentId(Uuid::from_u128(2));
const SECOND: AgentId = AgentId(Uuid::from_u128(3));
const T0: Millis = 1_760_000_000_000;

fn message(seq: u64, author: Author, content: Content, at_s: Millis) -> Message {
    Message {
        id: MessageId(Uuid::from_u128(u128::from(seq))),
        conversation_id: ConversationId(Uuid::from_u128(9)),
        seq,
        author,
        content,
        delivery: Delivery::Sent,
        at: T0 + at_s * 1_000,
    }
}

fn text(text: &str) -> Content {
    Content::Text {
        text: text.to_owned(),
    }
}

fn by_agent(who: AgentId) -> Author {
    Author::Agent {
        agent: who,
        name: "王晓彤".to_owned(),
        source: None,
    }
}

fn customer(seq: u64, said: &str, at_s: Millis) -> Message {
    message(seq, Author::Customer, text(said), at_s)
}

fn agent(seq: u64, said: &str, at_s: Millis) -> Message {
    message(seq, by_agent(AGENT), text(said), at_s)
}

fn event(seq: u64, event: Event, at_s: Millis) -> Message {
    message(seq, Author::System, Content::Event(event), at_s)
}

fn claimed(seq: u64, at_s: Millis) -> Message {
    let agent = "王晓彤".to_owned();
    event(seq, Event::Claimed { agent }, at_s)
}

fn mark(pre: &PreScore, item: &str) -> Mark {
    pre.marks
        .iter()
        .find(|mark| mark.item == item)
        .unwrap()
        .mark
}

fn found<'p>(pre: &'p PreScore, item: &str) -> Vec<(&'p FoundWhat, u64)> {
    let of_item = pre.findings.iter().filter(|one| one.item == item);
    of_item.map(|one| (&one.what, one.seq)).collect()
}

fn good() -> Vec<Message> {
    vec![
        customer(1, "转人工", 0),
        event(
            2,
            Event::HandedOver {
                group: "售后".to_owned(),
                reason: HandoverReason::Asked,
            },
            1,
        ),
        claimed(3, 400),
        agent(4, "您好，请问有什么可以帮您？", 410),
        customer(5, "快递三天没动了", 420),
        agent(6, "已为您催促，明天送达。感谢您的理解", 500),
    ]
}

#[test]
fn what_is_shipped_makes_sense() {
    let form = standard::form();
    assert_eq!(form.problems(), []);
    assert_eq!(form.clone().check(), Ok(form.clone()));
    assert_eq!(form.weight(), 100);
    for rule in standard::rules(QaFormId(Uuid::nil())) {
        assert_eq!(rule.clone().check(), Ok(rule));
    }
}

#[test]
fn good_work_has_all_points() {
    let pre = prescore(&standard::form(), AGENT, &good());
    assert_eq!(pre.findings, []);
    assert_eq!(
        (pre.score.tenths, pre.score.verdict),
        (FULL, Verdict::Passed)
    );
    assert_eq!(
        mark(&pre, "abuse"),
        Mark::Veto { hit: false },
        "the queue is not the agent's wait, and nobody was abused"
    );
}

#[test]
fn what_the_machine_finds() {
    let mut messages = good();
    messages[3] = agent(4, "什么事", 410);
    // Late by a second over 90 from the customer's first message, not from the second.
    messages.push(customer(7, "到底哪天", 600));
    messages.push(customer(8, "？", 680));
    messages.push(agent(9, "我保 证明天到，我不知道的别问", 691));
    let pre = prescore(&standard::form(), AGENT, &messages);
    assert_eq!(found(&pre, "greeting"), [(&FoundWhat::NoGreeting, 4)]);
    assert_eq!(found(&pre, "closing"), [(&FoundWhat::NoClosing, 9)]);
    let late = FoundWhat::Late { waited_s: 91 };
    assert_eq!(found(&pre, "response"), [(&late, 9)]);
    assert_eq!(
        mark(&pre, "response"),
        Mark::Points { points: 10 },
        "two of three"
    );
    let word = |word: &str| FoundWhat::Word {
        word: word.to_owned(),
    };
    assert_eq!(found(&pre, "wording"), [(&word("我不知道"), 9)]);
    assert_eq!(mark(&pre, "wording"), Mark::Points { points: 10 });
    assert_eq!(found(&pre, "promise"), [(&word("保证"), 9)]);
    assert_eq!(mark(&pre, "promise"), Mark::Points { points: 5 });
    assert_eq!(pre.score.tenths, 700);
    assert_eq!(pre.score.verdict, Verdict::Failed);

    messages.push(agent(10, "闭嘴", 700));
    let pre = prescore(&standard::form(), AGENT, &messages);
    assert_eq!(pre.score.verdict, Verdict::Vetoed);
    assert_eq!(pre.score.tenths, 0);
    messages.last_mut().unwrap().delivery = Delivery::Recalled;
    let pre = prescore(&standard::form(), AGENT, &messages);
    assert_eq!(pre.score.verdict, Verdict::Failed, "taken back");
}

#[test]
fn what_is_denied_is_no_promise() {
    for (said, is_promise) in [
        ("我们保证三天到", true),
        ("这个不能保证", false),
        ("没法保证时间", false),
        ("不能保证时间，但保证尽力", true),
        ("１００％退", true),
    ] {
        let pre = prescore(&standard::form(), AGENT, &[agent(1, said, 0)]);
        assert_eq!(!found(&pre, "promise").is_empty(), is_promise, "{said}");
    }
}

#[test]
fn only_this_agents_work_counts() {
    let mut messages = good();
    messages.push(message(7, by_agent(SECOND), text("我不知道，闭嘴"), 900));
    messages.push(customer(8, "你自己看我不知道吗", 901));
    let pre = prescore(&standard::form(), AGENT, &messages);
    assert_eq!(pre.findings, []);
    let note = Content::Note {
        text: "客户有病吧".to_owned(),
        mentions: Vec::new(),
    };
    messages.push(message(9, by_agent(AGENT), note, 902));
    let pre = prescore(&standard::form(), AGENT, &messages);
    assert_eq!(pre.findings, [], "the customer never sees a note");
}

fn points(id: &str, weight: u16) -> FormItem {
    FormItem {
        id: id.to_owned(),
        part: String::new(),
        name: id.to_owned(),
        hint: String::new(),
        kind: ItemKind::Points { weight },
        auto: None,
    }
}

fn veto(id: &str) -> FormItem {
    FormItem {
        kind: ItemKind::Veto,
        ..points(id, 1)
    }
}

fn form(items: Vec<FormItem>) -> FormDraft {
    FormDraft {
        name: "表".to_owned(),
        enabled: true,
        pass_tenths: 800,
        items,
    }
}

fn says(item: &str, mark: Mark) -> ItemMark {
    ItemMark {
        item: item.to_owned(),
        mark,
        comment: String::new(),
    }
}

#[test]
fn sums() {
    let form = form(vec![points("a", 3), points("b", 4), veto("v")]);
    let of = |points: u16| Mark::Points { points };
    let (none, hit, clear) = (
        Mark::NotApplicable,
        Mark::Veto { hit: true },
        Mark::Veto { hit: false },
    );
    for (a, b, v, tenths, verdict) in [
        (of(3), of(4), clear, 1_000, Verdict::Passed),
        (of(2), of(4), clear, 857, Verdict::Passed),
        (of(2), of(3), clear, 714, Verdict::Failed),
        (of(3), none, clear, 1_000, Verdict::Passed),
        (of(2), none, none, 667, Verdict::Failed),
        (none, none, none, 1_000, Verdict::Passed),
        (of(3), of(4), hit, 0, Verdict::Vetoed),
    ] {
        let marks = [says("v", v), says("a", a), says("b", b)];
        let (ordered, score) = scored(&form, &marks).unwrap();
        assert_eq!(
            (score.tenths, score.verdict),
            (tenths, verdict),
            "{marks:?}"
        );
        let order: Vec<&str> = ordered.iter().map(|mark| mark.item.as_str()).collect();
        assert_eq!(order, ["a", "b", "v"]);
    }
    let fails = |marks: &[ItemMark]| scored(&form, marks).unwrap_err();
    let all = [says("a", of(3)), says("b", of(4)), says("v", clear)];
    assert_eq!(fails(&all[..2]), MarkProblem::Missing);
    let twice = [&all[..], &all[..1]].concat();
    assert_eq!(fails(&twice), MarkProblem::Missing);
    let unknown = [&all[..], &[says("x", clear)]].concat();
    assert_eq!(fails(&unknown), MarkProblem::Unknown);
    for (at, mark) in [(0, of(4)), (0, clear), (2, of(0))] {
        let mut marks = all.clone();
        marks[at].mark = mark;
        assert_eq!(fails(&marks), MarkProblem::Unfit);
    }
    let mut long = all;
    long[0].comment = "长".repeat(501);
    assert_eq!(fails(&long), MarkProblem::LongComment);
}

#[test]
fn unfit_forms_and_rules() {
    let with = |change: fn(&mut FormDraft)| {
        let mut draft = form(vec![points("a", 3), veto("v")]);
        change(&mut draft);
        draft.problems()
    };
    assert_eq!(with(|_| {}), []);
    assert_eq!(with(|form| form.name.clear()), [FormProblem::NoName]);
    assert_eq!(
        with(|form| form.items[0].hint = "长".repeat(201)),
        [FormProblem::LongName]
    );
    assert_eq!(
        with(|form| form.items.clear()),
        [FormProblem::Items, FormProblem::Weight]
    );
    assert_eq!(
        with(|form| form.items[1].id = "a".to_owned()),
        [FormProblem::Key]
    );
    assert_eq!(
        with(|form| form.items[0].kind = ItemKind::Veto),
        [FormProblem::Weight]
    );
    assert_eq!(with(|form| form.pass_tenths = 1_001), [FormProblem::Pass]);
    assert_eq!(
        with(|form| form.items[0].auto = Some(AutoCheck::Greeting { words: vec![] })),
        [FormProblem::Auto]
    );
    for (by, problem) in [
        (SampleBy::Random { permille: 0 }, SampleProblem::Share),
        (SampleBy::Random { permille: 1_001 }, SampleProblem::Share),
        (SampleBy::LowMark { at_most: 5 }, SampleProblem::Mark),
        (
            SampleBy::Long {
                messages: 0,
                minutes: 0,
            },
            SampleProblem::Length,
        ),
        (
            SampleBy::Words {
                words: vec![" ".to_owned()],
                by: WrittenBy::Anybody,
            },
            SampleProblem::Words,
        ),
    ] {
        assert_eq!(rule(by).draft.check(), Err(problem));
    }
}

fn rule(by: SampleBy) -> QaRule {
    QaRule {
        id: QaRuleId(Uuid::from_u128(70)),
        edition: 1,
        draft: SampleDraft {
            name: "规则".to_owned(),
            enabled: true,
            group_id: None,
            form_id: QaFormId(Uuid::nil()),
            by,
        },
        by: String::new(),
        at: T0,
    }
}

fn candidate(n: u128, messages: &[Message]) -> Candidate<'_> {
    Candidate {
        conversation_id: ConversationId(Uuid::from_u128(n)),
        group_id: GroupId(Uuid::from_u128(5)),
        messages,
        mark: None,
    }
}

#[test]
fn rules_take_what_they_say() {
    let messages = good();
    let why = |by, mark| {
        let candidate = Candidate {
            mark,
            ..candidate(1, &messages)
        };
        takes(&rule(by), &candidate).map(|reason| reason.why)
    };
    let low = |mark| why(SampleBy::LowMark { at_most: 2 }, mark);
    assert_eq!(low(None), None);
    assert_eq!(low(Some(3)), None);
    assert_eq!(low(Some(2)), Some(SampleWhy::LowMark { mark: 2 }));
    let long = |messages, minutes| why(SampleBy::Long { messages, minutes }, None);
    assert_eq!(long(5, 9), None);
    let took = SampleWhy::Long {
        messages: 4,
        minutes: 8,
    };
    assert_eq!(long(4, 0), Some(took.clone()));
    assert_eq!(long(0, 8), Some(took));
    let words = |by| {
        let words = vec!["12315".to_owned(), "三天没动".to_owned()];
        why(SampleBy::Words { words, by }, None)
    };
    assert_eq!(words(WrittenBy::Agent), None);
    let word = "三天没动".to_owned();
    assert_eq!(words(WrittenBy::Customer), Some(SampleWhy::Word { word }));
    let all = SampleBy::Random { permille: 1_000 };
    assert_eq!(why(all.clone(), None), Some(SampleWhy::Random));
    let mut off = rule(all.clone());
    off.draft.enabled = false;
    assert_eq!(takes(&off, &candidate(1, &messages)), None);
    let mut other = rule(all);
    other.draft.group_id = Some(GroupId(Uuid::from_u128(6)));
    assert_eq!(takes(&other, &candidate(1, &messages)), None);
}

#[test]
fn a_share_is_a_share() {
    let messages = good();
    let drawn = |permille: u16| {
        let rule = rule(SampleBy::Random { permille });
        let all = (0..20_000_u128).map(|n| n * 7 + 3);
        all.filter(|n| takes(&rule, &candidate(*n, &messages)).is_some())
            .count()
    };
    for permille in [10_u16, 30, 200, 500] {
        let expected = usize::from(permille) * 20;
        let n = drawn(permille);
        // Five standard deviations.
        let room = 5.0 * (expected as f64).sqrt();
        assert!(n.abs_diff(expected) as f64 <= room, "{permille}: {n}");
    }
    assert_eq!(drawn(1_000), 20_000);
}

fn by(agent: AgentId, at: Millis) -> QaBy {
    QaBy {
        agent,
        name: "某人".to_owned(),
        at,
    }
}

fn review() -> QaReview {
    let draft = form(vec![points("a", 10), points("b", 10), veto("v")]);
    QaReview {
        id: QaReviewId(Uuid::from_u128(30)),
        conversation_id: ConversationId(Uuid::from_u128(9)),
        number: 10_001,
        group_id: GroupId(Uuid::from_u128(5)),
        agent: AGENT,
        ended_at: T0,
        sampled_at: T0 + 1,
        reasons: Vec::new(),
        mark: None,
        pre: prescore(&draft, AGENT, &good()),
        form: FormUsed {
            id: QaFormId(Uuid::nil()),
            edition: 1,
            draft,
        },
        scored: None,
        appeal: None,
    }
}

fn marks(a: u16, b: u16) -> Vec<ItemMark> {
    vec![
        says("a", Mark::Points { points: a }),
        says("b", Mark::Points { points: b }),
        says("v", Mark::Veto { hit: false }),
    ]
}

#[test]
fn the_course_of_a_review() {
    let mut review = review();
    assert_eq!(review.state(), QaState::Open);
    let early = review.appeal(AGENT, "不同意", T0 + 2);
    assert_eq!(early, Err(QaNotDone::TooEarly));
    let own = review.score(by(AGENT, T0 + 2), &marks(10, 10), "");
    assert_eq!(own, Err(QaNotDone::NotYours));
    assert_eq!(
        review.score(by(LEAD, T0 + 2), &marks(6, 8), " 注意时效 "),
        Ok(true)
    );
    assert_eq!(
        review.score(by(LEAD, T0 + 3), &marks(6, 8), "注意时效"),
        Ok(false)
    );
    let other = review.score(by(SECOND, T0 + 3), &marks(6, 8), "注意时效");
    assert_eq!(other, Err(QaNotDone::Before));
    assert_eq!(review.state(), QaState::Done);
    assert_eq!(review.result().unwrap().1.tenths, 700);

    assert_eq!(
        review.decide(by(LEAD, T0 + 4), None, "无"),
        Err(QaNotDone::TooEarly)
    );
    let stranger = review.appeal(SECOND, "不同意", T0 + 4);
    assert_eq!(stranger, Err(QaNotDone::NotYours));
    assert_eq!(review.appeal(AGENT, " ", T0 + 4), Err(QaNotDone::NoText));
    let late = review.appeal(AGENT, "不同意", T0 + 2 + APPEAL_WITHIN_MS + 1);
    assert_eq!(late, Err(QaNotDone::TooLate));
    let in_time = T0 + 2 + APPEAL_WITHIN_MS;
    assert_eq!(review.appeal(AGENT, "当时在查单", in_time), Ok(true));
    assert_eq!(review.appeal(AGENT, "当时在查单", in_time + 9), Ok(false));
    assert_eq!(
        review.appeal(AGENT, "另一个理由", in_time),
        Err(QaNotDone::Before)
    );
    assert_eq!(review.state(), QaState::Appealed);

    let own = review.decide(by(AGENT, in_time), Some(&marks(10, 10)), "同意");
    assert_eq!(own, Err(QaNotDone::NotYours));
    assert_eq!(
        review.decide(by(SECOND, in_time), None, ""),
        Err(QaNotDone::NoText)
    );
    let decided = review.decide(by(SECOND, in_time), Some(&marks(10, 8)), "情况属实");
    assert_eq!(decided, Ok(true));
    assert_eq!(review.state(), QaState::Decided);
    assert_eq!(review.result().unwrap().1.tenths, 900);
    let first = review.scored.as_ref().unwrap();
    assert_eq!(first.score.tenths, 700, "what was said stays");
    let again = review.decide(by(SECOND, in_time + 5), Some(&marks(10, 8)), "情况属实");
    assert_eq!(again, Ok(false));
    assert_eq!(
        review.decide(by(LEAD, in_time), None, "维持"),
        Err(QaNotDone::Before)
    );
}

#[test]
fn a_second_reviewer_is_compared() {
    let mut review = review();
    let mut calibration = QaCalibration::of(&review);
    let early = calibration.add(&review, by(SECOND, T0 + 2), &marks(1, 1), "");
    assert_eq!(early, Err(QaNotDone::TooEarly));
    review.score(by(LEAD, T0 + 2), &marks(6, 8), "").unwrap();
    for who in [LEAD, AGENT] {
        let refused = calibration.add(&review, by(who, T0 + 3), &marks(1, 1), "");
        assert_eq!(refused, Err(QaNotDone::NotYours));
    }
    let mut other = marks(9, 8);
    other[2].mark = Mark::NotApplicable;
    assert_eq!(
        calibration.add(&review, by(SECOND, T0 + 3), &other, ""),
        Ok(true)
    );
    assert_eq!(
        calibration.add(&review, by(SECOND, T0 + 4), &other, ""),
        Ok(false)
    );
    let changed = calibration.add(&review, by(SECOND, T0 + 4), &marks(1, 1), "");
    assert_eq!(changed, Err(QaNotDone::Before));
    let first = &review.scored.as_ref().unwrap().marks;
    let found = apart(&review.form.draft, first, &calibration.scored[0].marks);
    let found: Vec<_> = found
        .iter()
        .map(|one| (one.item.as_str(), one.points))
        .collect();
    assert_eq!(found, [("a", Some(3)), ("v", None)]);
}

/// Any message of a conversation: whose, what, and how long after the one before.
fn any_message() -> impl Strategy<Value = (u8, &'static str, Millis)> {
    let said = prop::sample::select(vec![
        "您好",
        "我不知道",
        "保证没问题",
        "不能保证",
        "闭嘴",
        "谢谢",
        "好的",
        "",
    ]);
    (0..6_u8, said, 0..400_i64)
}

fn conversation(parts: &[(u8, &'static str, Millis)]) -> Vec<Message> {
    let mut at = 0;
    let made = parts.iter().enumerate().map(|(idx, (who, said, after))| {
        at += after;
        let seq = idx as u64 + 1;
        match who {
            0 => customer(seq, said, at),
            1 | 2 => agent(seq, said, at),
            3 => message(seq, by_agent(SECOND), text(said), at),
            4 => message(seq, Author::Bot { source: None }, text(said), at),
            _ => claimed(seq, at),
        }
    });
    made.collect()
}

proptest! {
    #[test]
    fn prescores_fit_their_form(parts in prop::collection::vec(any_message(), 0..40)) {
        let (form, messages) = (standard::form(), conversation(&parts));
        let pre = prescore(&form, AGENT, &messages);
        // The marks fit, in the form's order, and their sum is theirs.
        let (marks, score) = scored(&form, &pre.marks).unwrap();
        prop_assert_eq!(&marks, &pre.marks);
        prop_assert_eq!(score, pre.score);
        prop_assert!(score.tenths <= FULL);
        // Points are lost only where something was found, in a message of this agent.
        for (item, mark) in form.items.iter().zip(&pre.marks) {
            let is_whole = match mark.mark {
                Mark::Points { points } => u32::from(points) == item.weight(),
                Mark::Veto { hit } => !hit,
                Mark::NotApplicable => false,
            };
            let has_findings = pre.findings.iter().any(|one| one.item == item.id);
            prop_assert_eq!(is_whole, !has_findings);
        }
        for finding in &pre.findings {
            let about = messages.iter().find(|one| one.id == finding.message_id).unwrap();
            prop_assert_eq!(about.written_by(), Some(AGENT));
            prop_assert_eq!(about.seq, finding.seq);
        }
    }

    #[test]
    fn a_bad_word_never_helps(
        parts in prop::collection::vec(any_message(), 1..30),
        place in any::<prop::sample::Index>(),
        bad in prop::sample::select(vec!["我不知道", "闭嘴", "百分之百"]),
    ) {
        let (form, messages) = (standard::form(), conversation(&parts));
        let before = prescore(&form, AGENT, &messages);
        let mut worse = messages;
        let at = place.index(worse.len());
        if worse[at].written_by() != Some(AGENT) {
            return Ok(());
        }
        let said = worse[at].text().unwrap_or_default().to_owned();
        worse[at].content = text(&format!("{said}。。。{bad}"));
        let after = prescore(&form, AGENT, &worse);
        prop_assert!(after.score.tenths <= before.score.tenths);
    }

    #[test]
    fn more_points_never_lower_the_sum(
        weights in prop::collection::vec(1..=100_u16, 1..20),
        shares in prop::collection::vec(0..=100_u16, 20),
        raised in any::<prop::sample::Index>(),
    ) {
        let items = weights.iter().enumerate();
        let form = form(items.map(|(n, weight)| points(&n.to_string(), *weight)).collect());
        let mut marks: Vec<ItemMark> = form
            .items
            .iter()
            .zip(&shares)
            .map(|(item, share)| {
                let points = item.weight() * u32::from(*share) / 100;
                let points = u16::try_from(points).unwrap();
                says(&item.id, Mark::Points { points })
            })
            .collect();
        let (_, before) = scored(&form, &marks).unwrap();
        let at = raised.index(marks.len());
        marks[at].mark = Mark::Points { points: weights[at] };
        let (_, after) = scored(&form, &marks).unwrap();
        prop_assert!(before.tenths <= after.tenths && after.tenths <= FULL);
    }

    #[test]
    fn a_draw_does_not_hang_on_when_it_is_made(n in any::<u128>(), permille in 1..=1_000_u16) {
        let rule = rule(SampleBy::Random { permille });
        let (early, late) = (good(), good()[..2].to_vec());
        let is_taken = |messages: &[Message]| takes(&rule, &candidate(n, messages)).is_some();
        prop_assert_eq!(is_taken(&early), is_taken(&late));
        // Whoever is taken for a share is taken for every larger one.
        let mut more = rule.clone();
        more.draft.by = SampleBy::Random { permille: 1_000 };
        prop_assert!(takes(&more, &candidate(n, &early)).is_some());
    }
}
