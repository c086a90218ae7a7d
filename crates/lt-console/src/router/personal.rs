//! What the agent set for themselves and finds at every desk.

use lt_model::agent::Permission;
use lt_protocol::{
    code::{Code, WireError},
    command::NoArgs,
    personal::{MAX_VIEWS, PersonalEdit, ViewDropArgs, ViewsView},
    sync::Action,
    teamwork::SavedView,
    ticket::{SavedTicketArgs, SavedTicketViews},
};

use crate::{desk::Desk, error::wire, view::mask};

/// `view.list`
pub(super) fn views(desk: &Desk, _: NoArgs) -> Result<ViewsView, WireError> {
    desk.permit(Permission::PersonalEdit)?;
    take_along(desk)?;
    shown(desk)
}

/// `view.save`
pub(super) fn save(desk: &Desk, view: SavedView) -> Result<ViewsView, WireError> {
    desk.permit(Permission::PersonalEdit)?;
    let known = desk.store.views().map_err(wire)?;
    has_room(known.iter().map(|view| view.name.as_str()), &view.name)?;
    is_clean(&view.name)?;
    edit(desk, PersonalEdit::SaveView { view })?;
    shown(desk)
}

/// `view.drop`
pub(super) fn remove(desk: &Desk, args: ViewDropArgs) -> Result<ViewsView, WireError> {
    desk.permit(Permission::PersonalEdit)?;
    edit(desk, PersonalEdit::DropView { name: args.name })?;
    shown(desk)
}

/// `ticket_view.list`
pub(super) fn ticket_views(desk: &Desk, _: NoArgs) -> Result<SavedTicketViews, WireError> {
    desk.permit(Permission::PersonalEdit)?;
    shown_of_tickets(desk)
}

/// `ticket_view.save`. Another name for a view is one that no other has: that one would be lost.
pub(super) fn save_of_tickets(
    desk: &Desk,
    args: SavedTicketArgs,
) -> Result<SavedTicketViews, WireError> {
    desk.permit(Permission::PersonalEdit)?;
    let SavedTicketArgs { view, was } = args;
    let was = was.filter(|was| *was != view.name);
    let known = desk.store.ticket_views().map_err(wire)?;
    let is_known = |name: &str| known.iter().any(|view| view.name == name);
    match &was {
        Some(_) if is_known(&view.name) => {
            return Err(WireError::new(Code::Taken, "another view has the name"));
        }
        Some(was) if !is_known(was) => {
            return Err(WireError::new(Code::NotFound, "no such view"));
        }
        Some(_) => {}
        None => has_room(known.iter().map(|view| view.name.as_str()), &view.name)?,
    }
    is_clean(&view.name)?;
    is_clean(&view.filter.query)?;
    edit(desk, PersonalEdit::SaveTicketView { view, was })?;
    shown_of_tickets(desk)
}

/// `ticket_view.drop`
pub(super) fn remove_of_tickets(
    desk: &Desk,
    args: ViewDropArgs,
) -> Result<SavedTicketViews, WireError> {
    desk.permit(Permission::PersonalEdit)?;
    edit(desk, PersonalEdit::DropTicketView { name: args.name })?;
    shown_of_tickets(desk)
}

fn shown(desk: &Desk) -> Result<ViewsView, WireError> {
    let views = desk.store.views().map_err(wire)?;
    Ok(ViewsView { views })
}

fn shown_of_tickets(desk: &Desk) -> Result<SavedTicketViews, WireError> {
    let views = desk.store.ticket_views().map_err(wire)?;
    Ok(SavedTicketViews { views })
}

fn edit(desk: &Desk, edit: PersonalEdit) -> Result<(), WireError> {
    if !edit.is_fit() {
        return Err(WireError::new(Code::BadRequest, "no such view"));
    }
    desk.enqueue(Action::EditPersonal { edits: vec![edit] })?;
    Ok(())
}

/// What is kept by name is sent to other desks and shown as it stands, so that nobody's own values
/// may be in it.
fn is_clean(text: &str) -> Result<(), WireError> {
    if mask::text(text).0 == text {
        return Ok(());
    }
    let why = "a view holds a personal value";
    Err(WireError::new(Code::BadRequest, why))
}

/// A view too many would be kept by nobody, which has to be said.
fn has_room<'n>(known: impl Iterator<Item = &'n str>, name: &str) -> Result<(), WireError> {
    let n_others = known.filter(|known| *known != name).count();
    if n_others < MAX_VIEWS {
        return Ok(());
    }
    Err(WireError::new(Code::TooLarge, "too many views"))
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
