//! What the lead's small window of alerts asks for.

use lt_protocol::{alert::AlertArgs, code::WireError, command::NoArgs, event::UiEvent};

use crate::{desk::Desk, host::Host};

/// `alert_window.put_away`
pub(super) fn put_away(desk: &Desk) -> Result<NoArgs, WireError> {
    desk.alarm.put_away();
    desk.host.alerts(false);
    Ok(NoArgs {})
}

/// `alert_window.show`: the agent's window comes to the front with the alert.
pub(super) fn show(desk: &Desk, args: &AlertArgs) -> Result<NoArgs, WireError> {
    let alert_id = args.alert_id;
    desk.host.focus();
    desk.host.emit(UiEvent::OpenAlert { alert_id });
    Ok(NoArgs {})
}
