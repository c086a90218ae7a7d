//! Quality scoring. All of it is the desk's own: it works without the server.

use lt_model::{
    Millis,
    agent::{Agent, Permission, Role},
    hours::Day,
    id::QaReviewId,
    metric::period::{Clock, Grain},
    quality::{
        act::QaAct,
        form::{FormDraft, FormEdit, scored},
        review::{QaNotDone, QaState},
        sample::{SampleDraft, SampleEdit},
    },
};
use lt_protocol::{
    canned::GroupRef,
    code::{Code, WireError},
    quality::{
        MAX_MONTHS, MAX_REVIEWS, QaAgentRow, QaAppealArgs, QaDecideArgs, QaFormCheck, QaFormRef,
        QaFormView, QaFormsView, QaGetArgs, QaListArgs, QaListView, QaMineArgs, QaMineView,
        QaMonthsArgs, QaMonthsView, QaNotPicked, QaOfArgs, QaOfView, QaPickArgs, QaRuleArgs,
        QaRuleCheck, QaRuleView, QaRulesView, QaScope, QaScoreArgs, QaSumArgs, QaSummed, QaView,
    },
    sync::Action,
};
use lt_store::{MetricsStand, QaCounts, StoredReview};

use crate::{desk::Desk, error::wire, view::quality as view};

/// Longest time that is looked at.
const MAX_DAYS: u32 = 366;
const DAY_MS: Millis = 24 * 3_600_000;

/// `quality.list`
pub(super) fn list(desk: &Desk, args: &QaListArgs) -> Result<QaListView, WireError> {
    desk.permit(Permission::QualityReview)?;
    let (me, viewer) = (desk.me()?, desk.viewer()?);
    let page = (args.from, args.limit.min(MAX_REVIEWS));
    let (found, total) = desk
        .store
        .reviews(args.scope, args.agent, page)
        .map_err(wire)?;
    let count = |scope| desk.store.n_reviews(scope, args.agent).map_err(wire);
    let counts = desk.store.review_counts().map_err(wire)?;
    let mut agents: Vec<QaAgentRow> = counts
        .into_iter()
        // Of their own work nobody hears before it is scored.
        .filter(|(agent, counts)| *agent != me.id || counts.n > 0)
        .map(|(agent, counts)| QaAgentRow {
            agent,
            name: viewer.agent_name(agent),
            sum: view::sum(counts),
        })
        .collect();
    agents.sort_by(|a, b| (&a.name, a.agent).cmp(&(&b.name, b.agent)));
    Ok(QaListView {
        items: found.iter().map(|one| view::row(one, &viewer)).collect(),
        total,
        n_todo: count(QaScope::Todo)?,
        n_appeals: count(QaScope::Appeals)?,
        agents,
        may_manage: may_manage(&me),
        as_of: as_of(desk)?,
    })
}

/// `quality.get`
pub(super) fn get(desk: &Desk, args: &QaGetArgs) -> Result<QaView, WireError> {
    show(desk, args.review_id, args.blind)
}

fn show(desk: &Desk, id: QaReviewId, blind: bool) -> Result<QaView, WireError> {
    let (me, viewer, now) = (desk.me()?, desk.viewer()?, desk.now());
    let stored = visible(desk, &me, id)?;
    let review = &stored.review;
    let is_own = review.agent == me.id;
    let may_review = me.role.may(Permission::QualityReview) && !is_own;
    let first = review.scored.as_ref().map(|scored| scored.by.agent);
    let others = || stored.calibration.scored.iter();
    let may_calibrate = may_review
        && first.is_some_and(|first| first != me.id)
        && others().all(|other| other.by.agent != me.id);
    let is_blind = blind && may_calibrate;
    let mut row = view::row(&stored, &viewer);
    if is_blind {
        (row.score, row.scored_at) = (None, None);
        row.reviewer.clear();
    }
    let appeal_until = review.appeal_until();
    Ok(QaView {
        row,
        form: review.form.clone(),
        pre: review.pre.clone(),
        scored: review
            .scored
            .as_ref()
            .filter(|_| !is_blind)
            .map(view::scored),
        appeal: review
            .appeal
            .as_ref()
            .filter(|_| !is_blind)
            .map(view::appeal),
        calibrations: match may_review && !is_blind {
            true => view::calibrations(&stored),
            false => Vec::new(),
        },
        appeal_until,
        may_score: may_review && review.state() == QaState::Open,
        may_calibrate,
        may_appeal: is_own
            && review.state() == QaState::Done
            && appeal_until.is_some_and(|until| now <= until),
        may_decide: may_review && review.state() == QaState::Appealed,
    })
}

/// A review that whoever sits here may see: as a reviewer, or a finished one of their own work.
fn visible(desk: &Desk, me: &Agent, id: QaReviewId) -> Result<StoredReview, WireError> {
    desk.permit(Permission::QualityView)?;
    let found = seen(desk, me, id)?;
    found.ok_or_else(|| WireError::new(Code::NotFound, "no such review"))
}

/// The same; none where they may not.
fn seen(desk: &Desk, me: &Agent, id: QaReviewId) -> Result<Option<StoredReview>, WireError> {
    let found = desk.store.review(id).map_err(wire)?;
    Ok(found.filter(|one| match one.review.agent == me.id {
        true => one.review.scored.is_some(),
        false => me.role.may(Permission::QualityReview),
    }))
}

/// `quality.of_conversation`
pub(super) fn of_conversation(desk: &Desk, args: &QaOfArgs) -> Result<QaOfView, WireError> {
    desk.permit(Permission::QualityReview)?;
    let looked = desk.store.picking(args.conversation_id).map_err(wire)?;
    let (known, not_picked) = looked;
    let review_id = match known {
        Some(id) => seen(desk, &desk.me()?, id)?.map(|found| found.review.id),
        None => None,
    };
    let mut forms = form_refs(desk)?;
    forms.retain(|form| form.enabled);
    Ok(QaOfView {
        review_id,
        not_picked: not_picked.map(|why| match why {
            QaNotDone::Picked => QaNotPicked::AlreadyPicked,
            QaNotDone::NobodysWork => QaNotPicked::NobodysWork,
            QaNotDone::OwnWork => QaNotPicked::OwnWork,
            _ => QaNotPicked::NotResolved,
        }),
        forms,
    })
}

/// `quality.pick`
pub(super) fn pick(desk: &Desk, args: &QaPickArgs) -> Result<QaView, WireError> {
    let review_id = QaReviewId(desk.store.new_id(desk.now()).map_err(wire)?);
    act_on(
        desk,
        review_id,
        QaAct::Pick {
            review_id,
            conversation_id: args.conversation_id,
            form_id: args.form_id,
        },
    )
}

/// `quality.sum`
pub(super) fn sum(desk: &Desk, args: &QaSumArgs) -> Result<QaSummed, WireError> {
    let stored = visible(desk, &desk.me()?, args.review_id)?;
    Ok(match scored(&stored.review.form.draft, &args.marks) {
        Ok((_, score)) => QaSummed {
            score: Some(score),
            problem: None,
        },
        Err(problem) => QaSummed {
            score: None,
            problem: Some(problem),
        },
    })
}

/// `quality.score`
pub(super) fn score(desk: &Desk, args: QaScoreArgs) -> Result<QaView, WireError> {
    let QaScoreArgs {
        review_id,
        marks,
        comment,
    } = args;
    act_on(
        desk,
        review_id,
        QaAct::Score {
            review_id,
            // The store knows which end is shown.
            ended_at: None,
            marks,
            comment,
        },
    )
}

/// `quality.calibrate`
pub(super) fn calibrate(desk: &Desk, args: QaScoreArgs) -> Result<QaView, WireError> {
    let QaScoreArgs {
        review_id,
        marks,
        comment,
    } = args;
    act_on(
        desk,
        review_id,
        QaAct::Calibrate {
            review_id,
            marks,
            comment,
        },
    )
}

/// `quality.appeal`
pub(super) fn appeal(desk: &Desk, args: QaAppealArgs) -> Result<QaView, WireError> {
    let QaAppealArgs { review_id, text } = args;
    act_on(desk, review_id, QaAct::Appeal { review_id, text })
}

/// `quality.decide`
pub(super) fn decide(desk: &Desk, args: QaDecideArgs) -> Result<QaView, WireError> {
    let QaDecideArgs {
        review_id,
        marks,
        reason,
    } = args;
    act_on(
        desk,
        review_id,
        QaAct::Decide {
            review_id,
            marks,
            reason,
        },
    )
}

/// `quality.mine`
pub(super) fn mine(desk: &Desk, args: &QaMineArgs) -> Result<QaMineView, WireError> {
    desk.permit(Permission::QualityView)?;
    let (now, viewer) = (desk.now(), desk.viewer()?);
    let since = now - Millis::from(args.days.clamp(1, MAX_DAYS)) * DAY_MS;
    let found = desk.store.reviews_of(viewer.me, since).map_err(wire)?;
    let mut counts = QaCounts::default();
    for (_, score) in found.iter().filter_map(|one| one.review.result()) {
        use lt_model::quality::form::Verdict;
        counts.n += 1;
        counts.n_passed += u32::from(score.verdict == Verdict::Passed);
        counts.n_vetoed += u32::from(score.verdict == Verdict::Vetoed);
        counts.tenths += u64::from(score.tenths);
    }
    let most = usize::try_from(MAX_REVIEWS).unwrap_or(usize::MAX);
    let newest = found.iter().take(most);
    Ok(QaMineView {
        sum: view::sum(counts),
        items: newest.map(|one| view::row(one, &viewer)).collect(),
        total: u32::try_from(found.len()).unwrap_or(u32::MAX),
        losses: view::losses(found.iter().map(|one| &one.review)),
        as_of: as_of(desk)?,
    })
}

/// `quality.months`
pub(super) fn months(desk: &Desk, args: &QaMonthsArgs) -> Result<QaMonthsView, WireError> {
    desk.permit(Permission::QualityReview)?;
    let (me, viewer) = (desk.me()?, desk.viewer()?);
    let stand = desk.store.metrics(|reader| reader.stand());
    let clock = MetricsStand::clock_of(stand.map_err(wire)?.as_ref());
    let spans = last_months(clock, desk.now(), args.months.clamp(1, MAX_MONTHS));
    let counted = desk.store.review_counts_in(&spans, args.group);
    let counted = counted.map_err(wire)?;
    Ok(QaMonthsView {
        months: spans
            .iter()
            .map(|(from, _)| month_name(clock, *from))
            .collect(),
        all: counted
            .iter()
            .map(|month| view::sum(month.iter().map(|(_, counts)| *counts).sum()))
            .collect(),
        agents: view::by_month(&counted, &viewer),
        groups: own_groups(desk, &me)?,
        as_of: as_of(desk)?,
    })
}

/// The last months, this one with them, the oldest first.
fn last_months(clock: Clock, now: Millis, n: u32) -> Vec<(Millis, Millis)> {
    let mut to = clock.next(now, Grain::Month);
    let mut spans: Vec<_> = (0..n)
        .map(|_| {
            let from = clock.floor(to - 1, Grain::Month);
            (from, std::mem::replace(&mut to, from))
        })
        .collect();
    spans.reverse();
    spans
}

fn month_name(clock: Clock, begin: Millis) -> String {
    let local = begin + Millis::from(clock.utc_offset_minutes) * 60_000;
    let (year, month, _) = Day(local.div_euclid(DAY_MS)).date();
    format!("{year}-{month:02}")
}

/// `quality.forms`
pub(super) fn forms(desk: &Desk) -> Result<QaFormsView, WireError> {
    desk.permit(Permission::QualityReview)?;
    let rules = desk.store.qa_rules().map_err(wire)?;
    let forms = desk.store.qa_forms().map_err(wire)?.into_iter();
    let n_rules = |id| {
        let by_it = rules.iter().filter(|one| one.rule.draft.form_id == id);
        u32::try_from(by_it.count()).unwrap_or(u32::MAX)
    };
    Ok(QaFormsView {
        forms: forms
            .map(|stored| QaFormView {
                id: stored.form.id,
                edition: stored.form.edition,
                weight: stored.form.draft.weight(),
                draft: stored.form.draft,
                n_rules: n_rules(stored.form.id),
                by: stored.form.by,
                at: stored.form.at,
                is_pending: stored.is_pending,
            })
            .collect(),
        may_manage: may_manage(&desk.me()?),
    })
}

/// `quality.form_check`
pub(super) fn check_form(desk: &Desk, draft: &FormDraft) -> Result<QaFormCheck, WireError> {
    desk.permit(Permission::QualityReview)?;
    Ok(QaFormCheck {
        problems: draft.problems(),
    })
}

/// `quality.form_save`
pub(super) fn save_form(desk: &Desk, edit: FormEdit) -> Result<QaFormsView, WireError> {
    act(desk, QaAct::SaveForm { edit })?;
    forms(desk)
}

/// `quality.rules`
pub(super) fn rules(desk: &Desk) -> Result<QaRulesView, WireError> {
    desk.permit(Permission::QualityReview)?;
    let (me, viewer) = (desk.me()?, desk.viewer()?);
    let forms = form_refs(desk)?;
    let form_name = |id| {
        let form = forms.iter().find(|form| form.id == id);
        form.map(|form| form.name.clone()).unwrap_or_default()
    };
    let rules = desk.store.qa_rules().map_err(wire)?.into_iter();
    Ok(QaRulesView {
        rules: rules
            .map(|stored| QaRuleView {
                id: stored.rule.id,
                edition: stored.rule.edition,
                group: stored
                    .rule
                    .draft
                    .group_id
                    .map(|group| viewer.group_name(group))
                    .unwrap_or_default(),
                form: form_name(stored.rule.draft.form_id),
                draft: stored.rule.draft,
                by: stored.rule.by,
                at: stored.rule.at,
                is_pending: stored.is_pending,
            })
            .collect(),
        forms,
        groups: own_groups(desk, &me)?,
        may_manage: may_manage(&me),
    })
}

/// `quality.rule_check`
pub(super) fn check_rule(desk: &Desk, draft: &SampleDraft) -> Result<QaRuleCheck, WireError> {
    desk.permit(Permission::QualityReview)?;
    Ok(QaRuleCheck {
        problems: draft.problems(),
    })
}

/// `quality.rule_save`
pub(super) fn save_rule(desk: &Desk, edit: SampleEdit) -> Result<QaRulesView, WireError> {
    act(desk, QaAct::SaveRule { edit })?;
    rules(desk)
}

/// `quality.rule_remove`
pub(super) fn remove_rule(desk: &Desk, args: &QaRuleArgs) -> Result<QaRulesView, WireError> {
    act(
        desk,
        QaAct::RemoveRule {
            rule_id: args.rule_id,
        },
    )?;
    rules(desk)
}

/// The groups that whoever sits here looks after.
fn own_groups(desk: &Desk, me: &Agent) -> Result<Vec<GroupRef>, WireError> {
    let groups = desk.store.groups().map_err(wire)?.into_iter();
    let own = groups.filter(|group| me.role == Role::Admin || me.groups.contains(&group.id));
    let refs = own.map(|group| GroupRef {
        id: group.id,
        name: group.name,
    });
    Ok(refs.collect())
}

fn form_refs(desk: &Desk) -> Result<Vec<QaFormRef>, WireError> {
    let stored = desk.store.qa_forms().map_err(wire)?.into_iter();
    let refs = stored.map(|one| QaFormRef {
        id: one.form.id,
        name: one.form.draft.name,
        enabled: one.form.draft.enabled,
    });
    Ok(refs.collect())
}

/// Does something to a review, and shows what came of it.
fn act_on(desk: &Desk, id: QaReviewId, what: QaAct) -> Result<QaView, WireError> {
    act(desk, what)?;
    show(desk, id, false)
}

fn may_manage(me: &Agent) -> bool {
    me.role.may(Permission::QualityManage)
}

fn act(desk: &Desk, act: QaAct) -> Result<(), WireError> {
    desk.permit(act.permission())?;
    desk.enqueue(Action::Quality { act: Box::new(act) })?;
    Ok(())
}

/// When the desk last stood where the server does; 0: never.
fn as_of(desk: &Desk) -> Result<Millis, WireError> {
    Ok(desk.store.synced_at().map_err(wire)?.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_of_the_organisations_clock() {
        let clock = Clock {
            utc_offset_minutes: 480,
        };
        // 2026-02-28 16:30 UTC is the 1st of March there.
        let now = 1_772_296_200_000;
        let spans = last_months(clock, now, 14);
        let names: Vec<_> = spans.iter().map(|span| month_name(clock, span.0)).collect();
        assert_eq!(names.len(), 14);
        assert_eq!(names[0], "2025-02");
        assert_eq!(names[11..], ["2026-01", "2026-02", "2026-03"]);
        assert!(spans.windows(2).all(|pair| pair[0].1 == pair[1].0));
        assert!(spans[13].0 <= now && now < spans[13].1);
        assert!(now - spans[13].0 == 30 * 60_000);
    }
}
