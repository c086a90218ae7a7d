//! Typed ids. Outside ids are UUIDv7, made by the stores; here they are only carried.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(transparent)]
        pub struct $name(#[ts(type = "string")] pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

ids! {
    /// One row of who had what (分配).
    AssignmentId,
    /// A user account of the desk (坐席).
    AgentId,
    /// One firing of an alert rule (预警).
    AlertId,
    /// A condition that is watched (预警规则).
    AlertRuleId,
    /// A picture or file in a message (附件).
    AttachmentId,
    /// A canned reply or macro (快捷回复, 宏).
    CannedId,
    /// A customer as a person (客户).
    ContactId,
    /// One thread with one contact (会话).
    ConversationId,
    /// A registered installation of the console.
    DeviceId,
    /// A team with skills (技能组).
    GroupId,
    /// A calendar of business hours (工作时间).
    HoursId,
    /// A configured source of messages (渠道接入).
    InboxId,
    /// One utterance or event (消息).
    MessageId,
    /// What the numbers count: a conversation or a ticket.
    MetricCaseId,
    /// A command of a desktop that the server applies once (待发操作).
    OpId,
    /// A scoring form (评分表).
    QaFormId,
    /// A review of a conversation (质检单).
    QaReviewId,
    /// A rule by which conversations are sampled (抽检规则).
    QaRuleId,
    /// A report of the numbers, made for one person (数字报告).
    ReportId,
    /// A login of an agent on a device.
    SessionId,
    /// A question for a mark after a conversation (满意度调查).
    SurveyId,
    /// A unit of work that may cross departments (工单).
    TicketId,
    /// A kind of them, with its form and its promises (工单类型).
    TicketTypeId,
    /// A word between a lead and the agent at a conversation (悄悄话).
    WhisperId,
}
