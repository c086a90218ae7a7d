//! Canned replies and macros.

use lt_model::{
    agent::{Agent, Permission, Role},
    canned::{Canned, CannedEdit, CannedError, CannedScope, MAX_EDITS, MacroAct, fill, prompts},
    conversation::Conversation,
    id::{CannedId, ConversationId},
    merge::Edit,
    properties::Patch,
    slot::Slots,
};
use lt_protocol::{
    canned::{
        CannedImportArgs, CannedImportRow, CannedImportView, CannedList, CannedProblem,
        CannedRemoveArgs, CannedText, CannedUseArgs, CannedView, GroupRef,
    },
    code::{Code, WireError},
    sync::Action,
    view::ConversationView,
};

use super::conversation::show;
use crate::{
    canned_table,
    desk::Desk,
    error::wire,
    view::{Viewer, context, mask, number},
};

/// Most rows of an imported table.
const MAX_ROWS: usize = 2_000;

/// `canned.list`
pub(super) fn list(desk: &Desk) -> Result<CannedList, WireError> {
    desk.permit(Permission::ConvView)?;
    let (me, viewer) = (desk.me()?, desk.viewer()?);
    let all = desk.store.canned().map_err(wire)?;
    let may_manage = me.role.may(Permission::CannedManage);
    let groups = desk.store.groups().map_err(wire)?.into_iter();
    let groups = groups
        .filter(|group| me.role == Role::Admin || me.groups.contains(&group.id))
        .map(|group| GroupRef {
            id: group.id,
            name: group.name,
        });
    Ok(CannedList {
        items: all
            .into_iter()
            .map(|one| shown(one, &me, &viewer))
            .collect(),
        groups: match may_manage {
            true => groups.collect(),
            false => Vec::new(),
        },
        may_manage,
    })
}

fn shown(canned: Canned, me: &Agent, viewer: &Viewer) -> CannedView {
    let scope = canned.draft.scope;
    CannedView {
        id: canned.id,
        edition: canned.edition,
        prompts: prompts(&canned.draft.text),
        group: match scope {
            CannedScope::Group { group } => viewer.group_name(group),
            CannedScope::All | CannedScope::Own => String::new(),
        },
        draft: canned.draft,
        used: canned.used,
        by: canned.by,
        at: canned.at,
        editable: may_change(me, scope),
    }
}

fn may_change(me: &Agent, scope: CannedScope) -> bool {
    let may = me.role.may(Permission::CannedManage);
    match scope {
        CannedScope::Own => true,
        CannedScope::All => may,
        CannedScope::Group { group } => {
            may && (me.role == Role::Admin || me.groups.contains(&group))
        }
    }
}

/// `canned.fill`
pub(super) fn text(desk: &Desk, args: &CannedUseArgs) -> Result<CannedText, WireError> {
    desk.permit(Permission::ConvReply)?;
    let canned = find(desk, args.canned_id)?;
    let line = desk.line(args.conversation_id)?;
    let body = desk
        .store
        .conversation(args.conversation_id)
        .map_err(wire)?;
    let slots = body.map(|body| body.dialogue.slots).unwrap_or_default();
    let me = desk.me()?;
    let text = fill(&canned.draft.text, |name| {
        let value = match name {
            "客户" | "客户姓名" | "姓名" | "name" => mask::name(&line.contact_name),
            "坐席" | "客服" | "agent" => me.display_name.clone(),
            "会话号" | "conversation" => number(line.number),
            _ => context::filled(&slots, name).unwrap_or_default(),
        };
        (!value.is_empty()).then_some(value)
    });
    let open = prompts(&text);
    Ok(CannedText { text, open })
}

/// A text with the customer's own values back that stand masked in it since they were filled in.
pub(super) fn with_values(
    desk: &Desk,
    id: ConversationId,
    text: &str,
) -> Result<String, WireError> {
    let body = desk.store.conversation(id).map_err(wire)?;
    let slots: Slots = body.map(|body| body.dialogue.slots).unwrap_or_default();
    let text = context::unmasked(&slots, text);
    // Nobody is addressed as 张**.
    let name = desk.line(id)?.contact_name;
    let shown = mask::name(&name);
    Ok(match shown.contains('*') {
        true => text.replace(&shown, name.trim()),
        false => text,
    })
}

/// `canned.apply`: one edit, and the end.
pub(super) fn apply(desk: &Desk, args: &CannedUseArgs) -> Result<ConversationView, WireError> {
    let canned = find(desk, args.canned_id)?;
    let id = args.conversation_id;
    let body = desk.store.conversation(id).map_err(wire)?;
    let body = body.ok_or_else(|| WireError::new(Code::NotFound, "no such conversation"))?;
    if let Some(patch) = patch_of(&canned.draft.acts, &body) {
        desk.permit(Permission::ConvEdit)?;
        desk.enqueue(Action::PatchConversation {
            conversation_id: id,
            patch,
        })?;
    }
    if canned.draft.acts.contains(&MacroAct::Resolve) {
        desk.permit(Permission::ConvResolve)?;
        desk.enqueue(Action::Resolve {
            conversation_id: id,
        })?;
    }
    show(desk, id)
}

/// The acts as one edit of what is shown; none where nothing is to be edited.
fn patch_of(acts: &[MacroAct], body: &Conversation) -> Option<Patch> {
    let mut patch = Patch::default();
    let properties = &body.properties;
    for act in acts {
        match act {
            MacroAct::AddTag { tag } => patch.add_tags.push(tag.clone()),
            MacroAct::RemoveTag { tag } => patch.remove_tags.push(tag.clone()),
            MacroAct::Priority { priority } => {
                patch.priority = Some(Edit {
                    rev: properties.priority_mark.rev,
                    base: body.priority,
                    mine: *priority,
                });
            }
            MacroAct::Category { category } => {
                patch.category = Some(Edit {
                    rev: properties.category_mark.rev,
                    base: body.category.clone(),
                    mine: category.clone(),
                });
            }
            MacroAct::Resolve => {}
        }
    }
    (!patch.is_empty()).then_some(patch)
}

/// `canned.save`: one's own stays here, others' go to the server.
pub(super) fn save(desk: &Desk, edit: CannedEdit) -> Result<CannedList, WireError> {
    if edit.draft.scope == CannedScope::Own {
        desk.permit(Permission::ConvReply)?;
        desk.store
            .save_own_canned(&edit, desk.now())
            .map_err(wire)?;
    } else {
        desk.permit(Permission::CannedManage)?;
        if !may_change(&desk.me()?, edit.draft.scope) {
            return Err(WireError::new(Code::Forbidden, "of another group"));
        }
        desk.enqueue(Action::SaveCanned { items: vec![edit] })?;
    }
    list(desk)
}

/// `canned.remove`
pub(super) fn remove(desk: &Desk, args: &CannedRemoveArgs) -> Result<CannedList, WireError> {
    let mut others: Vec<CannedId> = Vec::new();
    for id in &args.ids {
        if !desk
            .store
            .remove_own_canned(*id, desk.now())
            .map_err(wire)?
        {
            others.push(*id);
        }
    }
    for ids in others.chunks(MAX_EDITS) {
        desk.permit(Permission::CannedManage)?;
        desk.enqueue(Action::RemoveCanned { ids: ids.to_vec() })?;
    }
    list(desk)
}

/// `canned.import`
pub(super) fn import(desk: &Desk, args: &CannedImportArgs) -> Result<CannedImportView, WireError> {
    let me = desk.me()?;
    if !may_change(&me, args.scope) {
        return Err(WireError::new(Code::Forbidden, "not for them"));
    }
    let table = canned_table::read(&args.csv, args.scope);
    if table.len() > MAX_ROWS {
        return Err(WireError::new(Code::TooLarge, "too many rows"));
    }
    let known = desk.store.canned().map_err(wire)?;
    let mut names: Vec<(String, String)> = known
        .into_iter()
        .filter(|one| one.draft.scope == args.scope)
        .map(|one| (one.draft.folder, one.draft.title))
        .collect();
    let (mut rows, mut edits) = (Vec::new(), Vec::new());
    for (line, draft) in table {
        let mut row = CannedImportRow {
            line,
            folder: draft.folder.clone(),
            title: draft.title.clone(),
            shortcode: draft.shortcode.clone(),
            text: mask::line(&draft.text),
            problem: None,
        };
        match draft.check() {
            Ok(draft) => {
                let name = (draft.folder.clone(), draft.title.clone());
                if names.contains(&name) {
                    row.problem = Some(CannedProblem::Taken);
                } else {
                    names.push(name);
                    let id = desk.store.new_id(desk.now()).map_err(wire)?;
                    let id = CannedId(id);
                    edits.push(CannedEdit { id, base: 0, draft });
                }
            }
            Err(CannedError::Empty) => row.problem = Some(CannedProblem::Empty),
            Err(CannedError::TooLong) => row.problem = Some(CannedProblem::TooLong),
            Err(CannedError::Shortcode) => row.problem = Some(CannedProblem::Shortcode),
        }
        rows.push(row);
    }
    let good = u32::try_from(edits.len()).unwrap_or(u32::MAX);
    if args.apply {
        take_over(desk, args.scope, &edits)?;
    }
    Ok(CannedImportView {
        rows,
        good,
        applied: args.apply,
    })
}

fn take_over(desk: &Desk, scope: CannedScope, edits: &[CannedEdit]) -> Result<(), WireError> {
    if scope == CannedScope::Own {
        for edit in edits {
            desk.store.save_own_canned(edit, desk.now()).map_err(wire)?;
        }
        return Ok(());
    }
    desk.permit(Permission::CannedManage)?;
    for items in edits.chunks(MAX_EDITS) {
        desk.enqueue(Action::SaveCanned {
            items: items.to_vec(),
        })?;
    }
    Ok(())
}

fn find(desk: &Desk, id: CannedId) -> Result<Canned, WireError> {
    let found = desk.store.canned_reply(id).map_err(wire)?;
    found.ok_or_else(|| WireError::new(Code::NotFound, "no such canned reply"))
}
