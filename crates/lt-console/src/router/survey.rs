//! What customers said of the agent at this desk.

use lt_model::{Millis, agent::Permission};
use lt_protocol::{
    code::WireError,
    survey::{SurveyMineArgs, SurveyMineView},
};

use crate::{desk::Desk, error::wire, view};

/// Longest time that is looked at.
const MAX_DAYS: u32 = 366;
/// Most surveys of a list.
const MAX_ITEMS: u32 = 200;
const DAY_MS: Millis = 24 * 3_600_000;

/// `survey.mine`
pub(super) fn mine(desk: &Desk, args: &SurveyMineArgs) -> Result<SurveyMineView, WireError> {
    desk.permit(Permission::ConvView)?;
    let (now, viewer) = (desk.now(), desk.viewer()?);
    let since = now - Millis::from(args.days.clamp(1, MAX_DAYS)) * DAY_MS;
    let (counts, newest) = desk
        .store
        .surveys_of(viewer.me, since, MAX_ITEMS)
        .map_err(wire)?;
    Ok(SurveyMineView {
        marks: view::survey::marks(counts),
        items: newest
            .iter()
            .map(|survey| view::survey::survey(survey, &viewer, now))
            .collect(),
        as_of: desk.store.synced_at().map_err(wire)?,
    })
}
