//! Properties and conflicts over them, on the screen.

use lt_model::{
    conversation::{Conversation, Status},
    merge::{Authority, merge_text_both},
    properties::{FieldValue, Properties},
};
use lt_protocol::properties::{ConflictView, PropertiesView};
use lt_store::{Line, OpenConflict, SummaryDraft};

use crate::view::{mask, number};

/// Shows properties, masked.
pub(crate) fn properties(
    conversation: &Conversation,
    draft: Option<SummaryDraft>,
    conflicts: &[OpenConflict],
    pending: bool,
    may_edit: bool,
) -> PropertiesView {
    let Properties {
        tags,
        summary,
        priority_mark,
        category_mark,
        summary_mark,
    } = &conversation.properties;
    PropertiesView {
        priority_rev: priority_mark.rev,
        priority_by: match priority_mark.by {
            Authority::Bot => String::new(),
            Authority::Agent | Authority::Lead => priority_mark.name.clone(),
        },
        category_rev: category_mark.rev,
        tags: tags.iter().map(|tag| mask::text(tag).0).collect(),
        summary: mask::text(summary).0,
        summary_by: summary_mark.name.clone(),
        summary_at: summary_mark.at,
        draft: draft.and_then(|draft| draft.text),
        pending,
        conflicts: conflicts
            .iter()
            .map(|open| open.conflict.theirs.field())
            .collect(),
        editable: may_edit && conversation.status != Status::Closed,
    }
}

/// Shows a conflict, masked.
pub(crate) fn conflict(open: &OpenConflict, line: Option<&Line>) -> ConflictView {
    let conflict = &open.conflict;
    let merged = match (&conflict.base, &conflict.mine, &conflict.theirs) {
        (FieldValue::Summary(base), FieldValue::Summary(mine), FieldValue::Summary(theirs)) => {
            FieldValue::Summary(merge_text_both(base, theirs, mine))
        }
        _ => conflict.mine.clone(),
    };
    ConflictView {
        conversation_id: open.conversation_id,
        number: line.map(|line| number(line.number)).unwrap_or_default(),
        name: line
            .map(|line| mask::name(&line.contact_name))
            .unwrap_or_default(),
        base: masked(&conflict.base),
        mine: masked(&conflict.mine),
        theirs: masked(&conflict.theirs),
        merged: masked(&merged),
        authority: conflict.authority,
        by: conflict.by.clone(),
        at: conflict.at,
    }
}

fn masked(value: &FieldValue) -> FieldValue {
    match value {
        FieldValue::Summary(text) => FieldValue::Summary(mask::text(text).0),
        FieldValue::Priority(_) | FieldValue::Category(_) => value.clone(),
    }
}

/// The free text of a value; empty where it has none.
pub(crate) fn text_of(value: &FieldValue) -> &str {
    match value {
        FieldValue::Summary(text) => text,
        FieldValue::Priority(_) | FieldValue::Category(_) => "",
    }
}
