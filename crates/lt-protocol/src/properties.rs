//! Properties of a conversation and conflicts over them, as a window shows and edits them. Texts in
//! here are masked; what an agent saves with masked values in it keeps the values behind them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    Millis,
    id::{ConversationId, OpId},
    merge::{Authority, Edit},
    priority::Priority,
    properties::{Field, FieldValue},
};

/// What agents keep about a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PropertiesView {
    /// Revision of the priority, to be sent back with an edit of it.
    pub priority_rev: u64,
    /// Who set it, if a person did.
    pub priority_by: String,
    /// Revision of the category.
    pub category_rev: u64,
    /// 标签, masked, in order.
    pub tags: Vec<String>,
    /// 小结, masked.
    pub summary: String,
    /// Who changed it last; empty while nobody did.
    pub summary_by: String,
    /// When.
    pub summary_at: Millis,
    /// What is being written of the summary here, as written; none while nothing is.
    pub draft: Option<String>,
    /// Whether an edit of this desk waits to be sent.
    pub pending: bool,
    /// Fields with a conflict that the agent has not dealt with.
    pub conflicts: Vec<Field>,
    /// Whether the properties may be edited.
    pub editable: bool,
}

/// A field on which two edits did not agree: theirs stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConflictView {
    /// Where.
    pub conversation_id: ConversationId,
    /// Number of the conversation.
    pub number: String,
    /// Masked name of the customer; empty when unknown.
    pub name: String,
    /// What the agent had seen.
    pub base: FieldValue,
    /// What the agent wanted.
    pub mine: FieldValue,
    /// What stands.
    pub theirs: FieldValue,
    /// Both, as far as they go together: what the editor begins with.
    pub merged: FieldValue,
    /// Whose word it is.
    pub authority: Authority,
    /// Their name; empty for the bot.
    pub by: String,
    /// When they set it.
    pub at: Millis,
}

/// What may be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PropertyChoices {
    /// Categories of the knowledge, in order.
    pub categories: Vec<String>,
}

/// An edit of properties.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PatchArgs {
    /// Of which conversation.
    pub conversation_id: ConversationId,
    /// Priority, with the value and the revision on the screen.
    pub priority: Option<Edit<Priority>>,
    /// Category, likewise.
    pub category: Option<Edit<String>>,
    /// Tags to add.
    pub add_tags: Vec<String>,
    /// Tags to remove, as shown.
    pub remove_tags: Vec<String>,
}

/// The summary as it is being written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SummaryDraftView {
    /// What the editor begins with: what was being written, or the masked summary.
    pub text: String,
}

/// What is being written of a summary.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SummaryDraftArgs {
    /// Of which conversation.
    pub conversation_id: ConversationId,
    /// The text so far; none to forget it.
    pub text: Option<String>,
}

/// A summary to save.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SummaryArgs {
    /// Of which conversation.
    pub conversation_id: ConversationId,
    /// The text.
    pub text: String,
}

/// How a conflict ends.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Choice {
    /// 采用我的.
    Mine,
    /// 保留对方.
    Theirs,
    /// 合并编辑.
    Merged {
        /// What it shall be.
        value: FieldValue,
    },
}

/// A conflict to end.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ConflictArgs {
    /// Where.
    pub conversation_id: ConversationId,
    /// Of which field.
    pub field: Field,
    /// How.
    pub choice: Choice,
}

/// A refused reply to send again.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RetryArgs {
    /// Its operation.
    pub op_id: OpId,
    /// The last `seq` that the agent has looked at: nothing is sent over what came later.
    pub seen_seq: u64,
}

/// A text to copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CopyView {
    /// As the agent wrote it.
    pub text: String,
}

/// A reply that was refused since messages came in that its writer had not seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StoppedView {
    /// Its operation.
    pub op_id: OpId,
    /// What the writer had seen.
    pub seen_seq: u64,
    /// Positions of what came in since, the agent's own replies and event lines left out.
    pub missed: Vec<u64>,
}

#[cfg(test)]
mod tests {
    use lt_model::properties::{Conflict, Patch};
    use serde_json::json;

    use super::*;
    use crate::{
        code::Code,
        sync::{Action, ClientFrame, OpOutcome, read_client_frame},
    };

    const ID: &str = "01900000-0000-7000-8000-000000000001";

    #[test]
    fn an_edit_and_its_answer_have_the_documented_shape() {
        let push = json!({"t": "push", "ops": [{
            "n": 4, "id": ID, "at": 5, "after": ID, "action": {
                "kind": "patch_conversation", "conversation_id": ID, "patch": {
                    "priority": {"rev": 2, "base": "normal", "mine": "high"},
                    "add_tags": ["催单"],
                    "summary": {"rev": 0, "base": "", "mine": "要求退差价"},
                },
            },
        }]});
        let frame = read_client_frame(&push.to_string()).unwrap();
        let ClientFrame::Push { ops } = &frame else {
            panic!("a push: {frame:?}");
        };
        let Action::PatchConversation { patch, .. } = &ops[0].action else {
            panic!("an edit: {ops:?}");
        };
        assert_eq!(patch.category, None);
        assert_eq!(serde_json::to_value(&frame).unwrap(), push);

        let outcome = OpOutcome::Partial {
            at: 9,
            applied: vec![Field::Tags],
            conflicts: vec![Conflict {
                base: FieldValue::Priority(Priority::Normal),
                mine: FieldValue::Priority(Priority::High),
                theirs: FieldValue::Priority(Priority::Low),
                rev: 3,
                authority: Authority::Lead,
                by: "班长".to_owned(),
                at: 8,
            }],
        };
        let text = json!({"outcome": "partial", "at": 9, "applied": ["tags"], "conflicts": [{
            "base": {"field": "priority", "value": "normal"},
            "mine": {"field": "priority", "value": "high"},
            "theirs": {"field": "priority", "value": "low"},
            "rev": 3, "authority": "lead", "by": "班长", "at": 8,
        }]});
        assert_eq!(serde_json::to_value(&outcome).unwrap(), text);
        assert_eq!(serde_json::from_value::<OpOutcome>(text).unwrap(), outcome);
    }

    #[test]
    fn what_a_desktop_says_beyond_the_words_is_refused() {
        for patch in [
            json!({"owner": "me"}),
            json!({"priority": {"rev": 0, "base": "normal", "mine": "highest"}}),
            json!({"priority": {"rev": 0, "base": "normal", "mine": "high", "by": "lead"}}),
            json!({"priority": {"base": "normal", "mine": "high"}}),
            json!({"add_tags": "催单"}),
        ] {
            let push = json!({"t": "push", "ops": [{"n": 1, "id": ID, "at": 5, "action": {
                "kind": "patch_conversation", "conversation_id": ID, "patch": patch,
            }}]});
            let read = read_client_frame(&push.to_string());
            assert_eq!(read, Err(Code::BadRequest), "{patch}");
        }
        let empty: Patch = serde_json::from_value(json!({})).unwrap();
        assert!(empty.is_empty());
    }
}
