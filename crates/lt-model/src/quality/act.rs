//! What people do about quality, as an operation carries it.

use serde::{Deserialize, Serialize};

use super::{
    form::{FormEdit, ItemMark},
    sample::SampleEdit,
};
use crate::{
    Millis,
    id::{ConversationId, QaFormId, QaReviewId, QaRuleId},
};

/// What somebody does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum QaAct {
    /// Makes a form, or changes one. What was sampled before keeps the one it had.
    SaveForm {
        /// How.
        edit: FormEdit,
    },
    /// Makes a sampling rule, or changes one.
    SaveRule {
        /// How.
        edit: SampleEdit,
    },
    /// Removes one.
    RemoveRule {
        /// Which.
        rule_id: QaRuleId,
    },
    /// Picks a conversation by hand to be reviewed.
    Pick {
        /// Id of the review that comes of it; made by whoever picks.
        review_id: QaReviewId,
        /// Which.
        conversation_id: ConversationId,
        /// By which form.
        form_id: QaFormId,
    },
    /// Scores what was sampled.
    Score {
        /// Which review.
        review_id: QaReviewId,
        /// The end of the conversation that whoever scores it has seen, as the server told of it; none
        /// where it had not told of the review.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ended_at: Option<Millis>,
        /// A mark for each item.
        marks: Vec<ItemMark>,
        /// What is said to the agent.
        comment: String,
    },
    /// The agent appeals.
    Appeal {
        /// Against which review.
        review_id: QaReviewId,
        /// Why.
        text: String,
    },
    /// Decides about an appeal.
    Decide {
        /// Of which review.
        review_id: QaReviewId,
        /// Marks that hold from now on; none: the old ones do.
        marks: Option<Vec<ItemMark>>,
        /// Why.
        reason: String,
    },
    /// Scores what somebody else has scored, to compare.
    Calibrate {
        /// Which review.
        review_id: QaReviewId,
        /// A mark for each item.
        marks: Vec<ItemMark>,
        /// What is said to it.
        comment: String,
    },
}

impl QaAct {
    /// Its name in the audit log.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::SaveForm { .. } => "quality.form_save",
            Self::SaveRule { .. } => "quality.rule_save",
            Self::RemoveRule { .. } => "quality.rule_remove",
            Self::Pick { .. } => "quality.pick",
            Self::Score { .. } => "quality.score",
            Self::Appeal { .. } => "quality.appeal",
            Self::Decide { .. } => "quality.decide",
            Self::Calibrate { .. } => "quality.calibrate",
        }
    }

    /// What it is about, as audit logs name it.
    #[must_use]
    pub fn object(&self) -> String {
        match self {
            Self::SaveForm { edit } => format!("qa_form:{}", edit.id),
            Self::SaveRule { edit } => format!("qa_rule:{}", edit.id),
            Self::RemoveRule { rule_id } => format!("qa_rule:{rule_id}"),
            Self::Pick {
                conversation_id, ..
            } => format!("conversation:{conversation_id}"),
            Self::Score { review_id, .. }
            | Self::Appeal { review_id, .. }
            | Self::Decide { review_id, .. }
            | Self::Calibrate { review_id, .. } => format!("qa_review:{review_id}"),
        }
    }

    /// The review that it is about, if it is about one.
    #[must_use]
    pub fn review(&self) -> Option<QaReviewId> {
        match self {
            Self::SaveForm { .. } | Self::SaveRule { .. } | Self::RemoveRule { .. } => None,
            Self::Pick { review_id, .. }
            | Self::Score { review_id, .. }
            | Self::Appeal { review_id, .. }
            | Self::Decide { review_id, .. }
            | Self::Calibrate { review_id, .. } => Some(*review_id),
        }
    }

    /// What an account needs for it.
    #[must_use]
    pub fn permission(&self) -> crate::agent::Permission {
        use crate::agent::Permission as P;
        match self {
            Self::SaveForm { .. } | Self::SaveRule { .. } | Self::RemoveRule { .. } => {
                P::QualityManage
            }
            Self::Pick { .. }
            | Self::Score { .. }
            | Self::Decide { .. }
            | Self::Calibrate { .. } => P::QualityReview,
            Self::Appeal { .. } => P::QualityView,
        }
    }
}
