//! The same act on many conversations, and what lists are filtered by.

use std::collections::{BTreeMap, BTreeSet};

use lt_model::{
    agent::Permission, id::ConversationId, merge::Edit, properties::Patch, routing::TransferTo,
};
use lt_protocol::{
    canned::GroupRef,
    code::{Code, WireError},
    sync::Action,
    teamwork::{BulkAct, BulkArgs, BulkFailure, BulkView, InboxChoices, TagCount},
};

use crate::{
    desk::Desk,
    error::wire,
    view::{mask, number},
};

/// Most conversations at once.
const MAX_AT_ONCE: usize = 200;
/// Most tags to choose from.
const MAX_TAGS: usize = 60;

/// `conversation.bulk`: each by itself; one that may not be is named, the others are done.
pub(super) fn run(desk: &Desk, args: &BulkArgs) -> Result<BulkView, WireError> {
    if args.ids.len() > MAX_AT_ONCE {
        return Err(WireError::new(Code::TooLarge, "too many at once"));
    }
    desk.permit(match args.act {
        BulkAct::Claim => Permission::ConvClaim,
        BulkAct::Resolve | BulkAct::Reopen => Permission::ConvResolve,
        BulkAct::Tag { .. } | BulkAct::Priority { .. } => Permission::ConvEdit,
        BulkAct::Transfer { .. } | BulkAct::TakeBack => Permission::ConvReply,
    })?;
    if let BulkAct::Tag { add, .. } = &args.act
        && add.iter().any(|tag| mask::text(tag).0 != *tag)
    {
        return Err(WireError::new(
            Code::BadRequest,
            "a tag holds a personal value",
        ));
    }
    let mut shown = BulkView {
        done: 0,
        asked: 0,
        ids: Vec::new(),
        failed: Vec::new(),
    };
    let me = desk.me()?.id;
    for id in args.ids.iter().copied().collect::<BTreeSet<_>>() {
        let before = desk.store.conversation(id).map_err(wire)?;
        // It may be of a group that this desk does not see any more.
        let is_asked = matches!(args.act, BulkAct::TakeBack) && before.is_none();
        // A colleague's would not go back to them.
        let goes_back = !matches!(args.act, BulkAct::Resolve)
            || before.is_some_and(|before| before.assignee() == Some(me));
        let done = action(desk, id, &args.act).and_then(|action| desk.enqueue_new(action));
        match done {
            Ok(_) if is_asked => shown.asked += 1,
            Ok(is_new) => {
                shown.done += 1;
                if is_new && goes_back {
                    shown.ids.push(id);
                }
            }
            Err(error) => shown.failed.push(BulkFailure {
                id,
                number: desk
                    .line(id)
                    .map(|line| number(line.number))
                    .unwrap_or_default(),
                code: error.code,
            }),
        }
    }
    Ok(shown)
}

fn action(
    desk: &Desk,
    conversation_id: ConversationId,
    act: &BulkAct,
) -> Result<Action, WireError> {
    let patch = match act {
        BulkAct::Claim => return Ok(Action::Claim { conversation_id }),
        BulkAct::TakeBack => return Ok(Action::TakeBack { conversation_id }),
        BulkAct::Resolve => return Ok(Action::Resolve { conversation_id }),
        BulkAct::Reopen => return Ok(Action::Reopen { conversation_id }),
        BulkAct::Transfer { group_id, note } => {
            return Ok(Action::Transfer {
                conversation_id,
                to: TransferTo::Group {
                    group_id: *group_id,
                },
                note: note.trim().to_owned(),
            });
        }
        BulkAct::Tag { add, remove } => Patch {
            add_tags: add.clone(),
            remove_tags: remove.clone(),
            ..Patch::default()
        },
        BulkAct::Priority { priority } => {
            let body = desk.store.conversation(conversation_id).map_err(wire)?;
            let body =
                body.ok_or_else(|| WireError::new(Code::NotFound, "no such conversation"))?;
            Patch {
                priority: Some(Edit {
                    rev: body.properties.priority_mark.rev,
                    base: body.priority,
                    mine: *priority,
                }),
                ..Patch::default()
            }
        }
    };
    Ok(Action::PatchConversation {
        conversation_id,
        patch,
    })
}

/// `inbox.choices`
pub(super) fn choices(desk: &Desk) -> Result<InboxChoices, WireError> {
    desk.permit(Permission::ConvView)?;
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for (tags, n) in desk.store.open_tags().map_err(wire)? {
        for tag in tags {
            *counts.entry(mask::text(&tag).0).or_default() += n;
        }
    }
    let mut tags: Vec<TagCount> = counts
        .into_iter()
        .map(|(tag, n)| TagCount { tag, n })
        .collect();
    tags.sort_by_key(|count| std::cmp::Reverse(count.n));
    tags.truncate(MAX_TAGS);
    let groups = desk.store.groups().map_err(wire)?.into_iter();
    let mine = desk.me()?.groups;
    Ok(InboxChoices {
        tags,
        categories: super::property::choices(desk)?.categories,
        groups: groups
            .filter(|group| mine.contains(&group.id))
            .map(|group| GroupRef {
                id: group.id,
                name: group.name,
            })
            .collect(),
    })
}
