//! The one command of the web view.

use std::sync::Arc;

use lt_console::Console;
use lt_protocol::{
    code::{Code, WireError},
    command::Window,
};
use serde_json::{Value, value::RawValue};
use tauri::{State, WebviewWindow};

use crate::window;

/// Hands a command `{"name": …, "args": …}` to the console. The console reads it, decides whether
/// this window may ask for it, and works off the thread that draws.
#[tauri::command]
pub(crate) async fn rpc(
    window: WebviewWindow,
    console: State<'_, Arc<Console>>,
    command: Value,
) -> Result<Box<RawValue>, WireError> {
    let Some(window) = window_of(window.label()) else {
        return Err(WireError::new(Code::Forbidden, "no such window"));
    };
    console.handle_json(window, command).await
}

/// The protocol's window behind a label.
fn window_of(label: &str) -> Option<Window> {
    match label {
        window::MAIN => Some(Window::Main),
        window::ALERTS => Some(Window::Alerts),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_labels_are_windows() {
        assert_eq!(window_of("main"), Some(Window::Main));
        assert_eq!(window_of("alerts"), Some(Window::Alerts));
        assert_eq!(window_of("Main"), None);
        assert_eq!(window_of("other"), None);
    }
}
