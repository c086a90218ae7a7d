//! Says in one line that there is no display, where the toolkit would panic.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the window system has answered.
static OPENED: AtomicBool = AtomicBool::new(false);

/// Checks that a display is named at all.
pub(crate) fn check() -> Result<(), String> {
    #[cfg(all(unix, not(target_os = "macos")))]
    {
        let named = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        if !named("DISPLAY") && !named("WAYLAND_DISPLAY") {
            return Err("no display: neither DISPLAY nor WAYLAND_DISPLAY is set".to_owned());
        }
    }
    Ok(())
}

/// From here until [`opened`], a panic of the toolkit (a display that is named but does not
/// answer) ends the program with one line and exit code 1. Afterwards a panic is logged by its
/// place alone: its message may quote data.
pub(crate) fn explain_failure_to_open() {
    std::panic::set_hook(Box::new(|panic| {
        if !OPENED.load(Ordering::Acquire) {
            crate::say("the display cannot be opened");
            std::process::exit(1);
        }
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "a fault of the program");
    }));
}

/// The window system has answered.
pub(crate) fn opened() {
    OPENED.store(true, Ordering::Release);
}
