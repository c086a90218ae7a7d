//! The agent's window.

use std::path::Path;

use tauri::{
    AppHandle, Manager, Url, WebviewWindow, WebviewWindowBuilder, WindowEvent, Wry,
    plugin::TauriPlugin, webview::NewWindowResponse,
};
use tauri_plugin_window_state::StateFlags;

use crate::shell::Focus;

/// Label of the agent's window.
pub(crate) const MAIN: &str = "main";

/// Opens the window as the configuration describes it, and holds it to the app's own pages.
pub(crate) fn open(app: &AppHandle, data_dir: &Path) -> tauri::Result<()> {
    let config = app.config().clone();
    let described = config
        .app
        .windows
        .iter()
        .find(|window| window.label == MAIN);
    let described = described.ok_or(tauri::Error::WindowNotFound)?;
    let dev_url = config.build.dev_url.clone().filter(|_| tauri::is_dev());
    let window = WebviewWindowBuilder::from_config(app, described)?
        .data_directory(data_dir.join("webview"))
        .on_navigation(move |url| is_own_page(url, dev_url.as_ref()))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    let focus = app.state::<Focus>().inner().clone();
    focus.set(window.is_focused().unwrap_or(false));
    window.on_window_event(move |event| {
        if let WindowEvent::Focused(focused) = event {
            focus.set(*focused);
        }
    });
    Ok(())
}

/// Remembers place and size between starts.
pub(crate) fn remembered() -> TauriPlugin<Wry> {
    tauri_plugin_window_state::Builder::new()
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
        .build()
}

/// Shows the window, whatever state it is in.
pub(crate) fn bring_to_front(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else {
        return;
    };
    if let Err(error) = show(&window) {
        tracing::warn!(%error, "the window does not come to the front");
    }
}

fn show(window: &WebviewWindow) -> tauri::Result<()> {
    window.unminimize()?;
    window.show()?;
    window.set_focus()
}

/// Whether a page belongs to the app: its own protocol, or the development server in a
/// development build.
fn is_own_page(url: &Url, dev_url: Option<&Url>) -> bool {
    let own = match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // Windows serves the app's own protocol under this name, which never leaves the process.
        "http" | "https" => cfg!(windows) && url.host_str() == Some("tauri.localhost"),
        _ => false,
    };
    own || dev_url.is_some_and(|dev| dev.origin() == url.origin())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_stays_on_its_own_pages() {
        let dev: Url = "http://127.0.0.1:1420".parse().unwrap();
        for (url, dev_url, expected) in [
            ("tauri://localhost/index.html", None, true),
            ("tauri://elsewhere/", None, false),
            ("https://example.com/", None, false),
            ("http://127.0.0.1:1420/x", None, false),
            ("http://127.0.0.1:1420/x", Some(&dev), true),
            ("http://127.0.0.1:1421/x", Some(&dev), false),
            ("file:///etc/passwd", None, false),
            ("data:text/html,x", None, false),
            ("about:blank", None, false),
        ] {
            assert_eq!(
                is_own_page(&url.parse().unwrap(), dev_url),
                expected,
                "{url}"
            );
        }
    }
}
