//! What customers said of the service, on the screen.

use lt_model::{Millis, survey::Survey};
use lt_protocol::survey::{MarksView, SurveyView};
use lt_store::SurveyCounts;

use crate::view::{self, Viewer, mask};

/// A survey; what the customer wrote is masked.
pub(crate) fn survey(survey: &Survey, viewer: &Viewer, now: Millis) -> SurveyView {
    let answer = survey.answer.as_ref();
    SurveyView {
        conversation_id: survey.conversation_id,
        number: view::number(survey.number),
        asked_at: survey.asked_at,
        is_reminded: survey.is_reminded,
        is_open: survey.is_open(now),
        score: answer.map(|answer| answer.score),
        comment: answer
            .map(|answer| mask::text(&answer.comment).0)
            .unwrap_or_default(),
        answered_at: answer.map(|answer| answer.at),
        agent: survey
            .agent
            .map(|agent| viewer.agent_name(agent))
            .unwrap_or_default(),
        source: survey.source.clone(),
    }
}

/// How surveys came out.
pub(crate) fn marks(counts: SurveyCounts) -> MarksView {
    MarksView {
        asked: counts.asked,
        answered: counts.answered,
        satisfied: counts.satisfied,
        sum: counts.sum,
    }
}
