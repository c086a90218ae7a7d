//! Notifications of the operating system.

use lt_console::{Notification, NotifyError, Target};

/// Shows a notification; a click on it calls `clicked` on a thread of its own.
///
/// # Errors
/// When there is nobody to show it: no notification service answers.
pub(crate) fn show(
    notification: Notification,
    clicked: impl FnOnce(Target) + Send + 'static,
) -> Result<(), NotifyError> {
    let opens = notification.opens;
    let handle = notify_rust::Notification::new()
        .appname("聆台")
        .summary(&notification.title)
        .body(&notification.body)
        .action("default", "打开")
        .show()
        .map_err(|error| NotifyError {
            reason: error.to_string(),
        })?;
    let waiting = std::thread::Builder::new()
        .name("notification".to_owned())
        .spawn(move || {
            // Returns when the notification is clicked or goes away.
            handle.wait_for_action(|action| {
                if action == "default" {
                    clicked(opens);
                }
            });
        });
    if let Err(error) = waiting {
        tracing::warn!(%error, "a click on a notification will not be heard");
    }
    Ok(())
}
