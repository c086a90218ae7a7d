//! Sources of messages (渠道接入), as everybody of the organisation may know them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    contact::ChannelKind,
    hours::BusinessHours,
    id::{GroupId, HoursId, InboxId},
    survey::SurveySettings,
};

/// A configured source of messages, without what only the server needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Inbox {
    /// Its id.
    pub id: InboxId,
    /// Kind of channel.
    pub kind: ChannelKind,
    /// Shown name, such as 官网咨询.
    pub name: String,
    /// Where a new conversation belongs until somebody knows better.
    pub group: GroupId,
    /// Its calendar; none: always open.
    pub hours: Option<HoursId>,
    /// Whether and how its customers are asked for a mark.
    #[serde(default)]
    #[ts(as = "Option<SurveySettings>", optional)]
    pub survey: SurveySettings,
}

impl Inbox {
    /// Its calendar among those of the organisation: one that is always open where it names none, or
    /// one that is not there.
    #[must_use]
    pub fn calendar(&self, all: &[BusinessHours]) -> BusinessHours {
        let named = self
            .hours
            .and_then(|id| all.iter().find(|hours| hours.id == id));
        named
            .cloned()
            .unwrap_or_else(|| BusinessHours::always(HoursId(uuid::Uuid::nil())))
    }
}
