//! What the agent set for themselves and finds at every desk.

use lt_model::agent::Permission;
use lt_protocol::{
    code::{Code, WireError},
    command::NoArgs,
    personal::{PersonalEdit, ViewDropArgs, ViewsView},
    sync::Action,
    teamwork::SavedView,
};

use crate::{desk::Desk, error::wire, view::mask};

/// `view.list`
pub(super) fn views(desk: &Desk, _: NoArgs) -> Result<ViewsView, WireError> {
    desk.permit(Permission::PersonalEdit)?;
    take_along(desk)?;
    let views = desk.store.views().map_err(wire)?;
    Ok(ViewsView { views })
}

/// `view.save`
pub(super) fn save(desk: &Desk, view: SavedView) -> Result<ViewsView, WireError> {
    if mask::text(&view.name).0 != view.name {
        let why = "a name holds a personal value";
        return Err(WireError::new(Code::BadRequest, why));
    }
    edit(desk, vec![PersonalEdit::SaveView { view }])
}

/// `view.drop`
pub(super) fn remove(desk: &Desk, args: ViewDropArgs) -> Result<ViewsView, WireError> {
    edit(desk, vec![PersonalEdit::DropView { name: args.name }])
}

fn edit(desk: &Desk, edits: Vec<PersonalEdit>) -> Result<ViewsView, WireError> {
    desk.permit(Permission::PersonalEdit)?;
    if !edits.iter().all(PersonalEdit::is_fit) {
        return Err(WireError::new(Code::BadRequest, "no such name"));
    }
    desk.enqueue(Action::EditPersonal { edits })?;
    let views = desk.store.views().map_err(wire)?;
    Ok(ViewsView { views })
}

/// Views were once kept by each desk alone: those that this one has go to the agent's own, once, where
/// none of that name is there.
fn take_along(desk: &Desk) -> Result<(), WireError> {
    let mut settings = desk.store.settings().map_err(wire)?;
    if settings.views.is_empty() {
        return Ok(());
    }
    let known = desk.store.views().map_err(wire)?;
    let views = std::mem::take(&mut settings.views).into_iter();
    let is_new = |view: &SavedView| known.iter().all(|other| other.name != view.name);
    let edits: Vec<PersonalEdit> = views
        .filter(is_new)
        .map(|view| PersonalEdit::SaveView { view })
        .filter(PersonalEdit::is_fit)
        .collect();
    if !edits.is_empty() {
        desk.enqueue(Action::EditPersonal { edits })?;
    }
    desk.store
        .set_settings(&settings, desk.now())
        .map_err(wire)?;
    Ok(())
}
