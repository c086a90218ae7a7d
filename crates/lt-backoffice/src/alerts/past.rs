//! What a rule would have done.

use lt_db::table::alert_minute;
use lt_model::{
    Millis,
    agent::{Permission, Role},
    alert::{
        preview::{Point, preview},
        rule::{Condition, RuleDraft},
        sample::{Course, MINUTE_MS, start_of},
    },
};
use lt_protocol::{
    alert::{AlertPreview, AlertPreviewArgs, MAX_PREVIEW_DAYS, PreviewAlert, PreviewPoint},
    code::{Code, WireError},
};

use crate::{
    access::{Principal, current_agent},
    authz::{self, Scope},
    backoffice::Backoffice,
    error::{Error, Refused},
};

const DAY_MS: Millis = 86_400_000;
/// Points of a course.
const MAX_POINTS: usize = 500;
/// Alerts that are listed.
const MAX_FIRED: usize = 200;

impl Backoffice {
    /// What a rule would have done by what was counted.
    ///
    /// # Errors
    /// [`Code::BadRequest`] for a draft that is none; [`Code::NotFound`] for another group's.
    pub fn alert_preview(
        &self,
        principal: &Principal,
        args: &AlertPreviewArgs,
        now: Millis,
    ) -> Result<AlertPreview, WireError> {
        let draft = args.draft.clone().check();
        let draft = draft.map_err(|why| WireError::new(Code::BadRequest, why.to_string()))?;
        let days = args.days.clamp(1, MAX_PREVIEW_DAYS);
        let from = start_of(now - Millis::from(days) * DAY_MS);
        // Windows and days to compare with begin before that.
        let before = draft.window_ms() + MINUTE_MS + baseline_ms(&draft);
        let minutes = self.db.read(|reader| {
            let me = current_agent(reader, principal, None)?;
            authz::check(&me, Permission::AlertView, Scope::Organisation)?;
            if let Some(group) = draft.group_id
                && me.role != Role::Admin
                && !me.groups.contains(&group)
            {
                return Err(Error::Refused(Refused::new(
                    Code::NotFound,
                    "of another group",
                )));
            }
            Ok::<_, Error>(alert_minute::since(reader, from - before)?)
        })?;
        let since = minutes.first().map(|(at, _)| *at);
        let of_scope = minutes.into_iter().filter_map(|(at, minute)| {
            let counts = minute.of(draft.group_id).cloned();
            counts.map(|counts| (at, counts))
        });
        let mut course = Course::new(of_scope);
        if let Some(since) = since {
            course.begin(since);
        }
        Ok(shown(&draft, &course, from, start_of(now)))
    }
}

fn baseline_ms(draft: &RuleDraft) -> Millis {
    match draft.condition {
        Condition::Change { days, .. } => Millis::from(days) * DAY_MS,
        Condition::Above { .. } | Condition::Below { .. } | Condition::Absent => 0,
    }
}

fn shown(draft: &RuleDraft, course: &Course, from: Millis, to: Millis) -> AlertPreview {
    let past = preview(draft, course, from, to);
    let points = past.thinned(MAX_POINTS);
    let limit = |point: &Point| point.bounds.map(|bounds| bounds.limit);
    AlertPreview {
        from: from.max(course.since().unwrap_or(to)),
        to,
        course: points
            .iter()
            .map(|point| PreviewPoint {
                at: point.at,
                level: point.level,
            })
            .collect(),
        limits: points
            .iter()
            .map(|point| PreviewPoint {
                at: point.at,
                level: limit(point),
            })
            .collect(),
        n_fired: u32::try_from(past.fired.len()).unwrap_or(u32::MAX),
        fired: past
            .fired
            .iter()
            .take(MAX_FIRED)
            .map(|one| PreviewAlert {
                from: one.from,
                to: one.to,
                worst: one.worst,
                is_quiet: one.is_quiet,
            })
            .collect(),
    }
}
