//! What agents keep about a conversation, and how they end conflicts over it.

use std::collections::BTreeSet;

use lt_model::{
    agent::Permission,
    conversation::Conversation,
    id::ConversationId,
    properties::{FieldValue, Patch},
};
use lt_protocol::{
    code::{Code, WireError},
    command::{ConversationArgs, NoArgs},
    properties::{
        Choice, ConflictArgs, PatchArgs, PropertiesView, PropertyChoices, SummaryArgs,
        SummaryDraftArgs, SummaryDraftView,
    },
    sync::Action,
    view::ConversationView,
};

use super::{conversation::show, own_words};
use crate::{
    desk::Desk,
    error::wire,
    view::{mask, property},
};

/// What is shown of a conversation's properties; nothing of one that is not here.
pub(super) fn shown(
    desk: &Desk,
    id: ConversationId,
    body: Option<&Conversation>,
) -> Result<PropertiesView, WireError> {
    let Some(body) = body else {
        return Ok(PropertiesView::default());
    };
    let may = desk.me()?.role.may(Permission::ConvEdit);
    Ok(property::properties(
        body,
        desk.store.summary_draft(id).map_err(wire)?,
        &desk.store.conflicts_of(id).map_err(wire)?,
        desk.store.edit_waits(id).map_err(wire)?,
        may,
    ))
}

/// `conversation.patch`
pub(super) fn patch(desk: &Desk, args: PatchArgs) -> Result<ConversationView, WireError> {
    desk.permit(Permission::ConvEdit)?;
    let id = args.conversation_id;
    if args.add_tags.iter().any(|tag| mask::text(tag).0 != *tag) {
        // Tags stand in lists and statistics: no customer's number belongs there.
        return Err(WireError::new(
            Code::BadRequest,
            "a tag holds a personal value",
        ));
    }
    let body = desk.store.conversation(id).map_err(wire)?;
    let known = body.map(|body| body.properties.tags).unwrap_or_default();
    let removed = |shown: String| known.iter().find(|tag| mask::text(tag).0 == shown).cloned();
    let remove_tags = args.remove_tags.into_iter().filter_map(removed).collect();
    desk.enqueue(Action::PatchConversation {
        conversation_id: id,
        patch: Patch {
            priority: args.priority,
            category: args.category,
            add_tags: args.add_tags,
            remove_tags,
            summary: None,
        },
    })?;
    show(desk, id)
}

/// `property.choices`
pub(super) fn choices(desk: &Desk) -> Result<PropertyChoices, WireError> {
    desk.permit(Permission::ConvView)?;
    let entries = desk.store.faq().map_err(wire)?;
    let categories: BTreeSet<String> = entries
        .into_iter()
        .map(|entry| entry.category)
        .filter(|category| !category.is_empty())
        .collect();
    Ok(PropertyChoices {
        categories: categories.into_iter().collect(),
    })
}

/// `summary.edit`
pub(super) fn begin(desk: &Desk, args: &ConversationArgs) -> Result<SummaryDraftView, WireError> {
    desk.permit(Permission::ConvEdit)?;
    let draft = desk.store.begin_summary(args.conversation_id, desk.now());
    let draft = draft.map_err(wire)?;
    let text = draft.text.unwrap_or_else(|| mask::text(&draft.base).0);
    Ok(SummaryDraftView { text })
}

/// `summary.draft`
pub(super) fn draft(desk: &Desk, args: &SummaryDraftArgs) -> Result<NoArgs, WireError> {
    desk.permit(Permission::ConvEdit)?;
    let (id, text) = (args.conversation_id, args.text.as_deref());
    let saved = desk.store.save_summary_draft(id, text, desk.now());
    saved.map_err(wire)?;
    Ok(NoArgs {})
}

/// `summary.save`: masked values that the agent left as they are stay what they were.
pub(super) fn save(desk: &Desk, args: &SummaryArgs) -> Result<ConversationView, WireError> {
    desk.permit(Permission::ConvEdit)?;
    let id = args.conversation_id;
    // The text as it stands now is a draft first: it is there whatever becomes of the save.
    desk.store
        .save_summary_draft(id, Some(&args.text), desk.now())
        .map_err(wire)?;
    let draft = desk.store.summary_draft(id).map_err(wire)?;
    let base = draft.map(|draft| draft.base).unwrap_or_default();
    let text = own_words::whole(desk, id, &args.text, Some(&base))?;
    desk.store
        .save_summary(id, &text, desk.now())
        .map_err(wire)?;
    desk.link.nudge();
    show(desk, id)
}

/// `conflict.resolve`
pub(super) fn end_conflict(desk: &Desk, args: &ConflictArgs) -> Result<NoArgs, WireError> {
    desk.permit(Permission::ConvEdit)?;
    let (id, field) = (args.conversation_id, args.field);
    let open = desk.store.conflicts_of(id).map_err(wire)?;
    let open = open
        .into_iter()
        .find(|open| open.conflict.theirs.field() == field)
        .ok_or_else(|| WireError::new(Code::NotFound, "no such conflict"))?;
    let value = match &args.choice {
        Choice::Theirs => None,
        Choice::Mine => Some(open.conflict.mine),
        Choice::Merged {
            value: FieldValue::Summary(text),
        } => {
            let known = [
                &open.conflict.mine,
                &open.conflict.theirs,
                &open.conflict.base,
            ];
            let texts = known.map(property::text_of);
            Some(FieldValue::Summary(mask::restore(text, &texts)))
        }
        Choice::Merged { value } => Some(value.clone()),
    };
    desk.store
        .end_conflict(id, field, value.as_ref(), desk.now())
        .map_err(wire)?;
    desk.link.nudge();
    Ok(NoArgs {})
}
