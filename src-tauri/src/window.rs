//! The agent's window, and the lead's small one for alerts.

use std::path::Path;

use tauri::{
    AppHandle, LogicalPosition, Manager, Url, WebviewWindow, WebviewWindowBuilder, WindowEvent,
    Wry, plugin::TauriPlugin, utils::config::WindowConfig, webview::NewWindowResponse,
};
use tauri_plugin_window_state::StateFlags;

use crate::shell::Focus;

/// Label of the agent's window.
pub(crate) const MAIN: &str = "main";

/// Label of the lead's window of alerts.
pub(crate) const ALERTS: &str = "alerts";

/// Space between the window of alerts and the edge of the screen.
const EDGE: f64 = 16.0;

/// Opens the agent's window. With it the window of alerts goes.
pub(crate) fn open(app: &AppHandle, data_dir: &Path) -> tauri::Result<()> {
    let window = builder(app, described(app, MAIN)?, data_dir)?.build()?;
    let focus = app.state::<Focus>().inner().clone();
    focus.set(window.is_focused().unwrap_or(false));
    let app = app.clone();
    window.on_window_event(move |event| match event {
        WindowEvent::Focused(focused) => focus.set(*focused),
        WindowEvent::Destroyed => close_alerts(&app),
        _ => {}
    });
    Ok(())
}

/// Shows the window of alerts above all others, at the lower right, without taking the keyboard from
/// whatever the lead is at. `put_away` is called when the window system closes it.
pub(crate) fn open_alerts(
    app: &AppHandle,
    data_dir: &Path,
    put_away: impl Fn() + Send + 'static,
) -> tauri::Result<()> {
    if app.get_webview_window(ALERTS).is_some() {
        return Ok(());
    }
    let described = described(app, ALERTS)?;
    let place = corner(app, described.width, described.height)?;
    let mut builder = builder(app, described, data_dir)?;
    if let Some(place) = place {
        builder = builder.position(place.x, place.y);
    }
    let window = builder.build()?;
    window.on_window_event(move |event| {
        if matches!(event, WindowEvent::CloseRequested { .. }) {
            put_away();
        }
    });
    Ok(())
}

/// Closes the window of alerts, if it is there.
pub(crate) fn close_alerts(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(ALERTS)
        && let Err(error) = window.destroy()
    {
        tracing::warn!(%error, "the window of alerts stays open");
    }
}

/// The lower right corner of the screen that the agent's window is on, without panels.
fn corner(app: &AppHandle, width: f64, height: f64) -> tauri::Result<Option<LogicalPosition<f64>>> {
    let monitor = match app.get_webview_window(MAIN) {
        Some(main) => main.current_monitor()?,
        None => None,
    };
    let monitor = match monitor {
        Some(monitor) => Some(monitor),
        None => app.primary_monitor()?,
    };
    Ok(monitor.map(|monitor| {
        let scale = monitor.scale_factor();
        let area = monitor.work_area();
        let at = area.position.to_logical::<f64>(scale);
        let size = area.size.to_logical::<f64>(scale);
        LogicalPosition {
            x: at.x + size.width - width - EDGE,
            y: at.y + size.height - height - EDGE,
        }
    }))
}

/// What the configuration says of a window.
fn described(app: &AppHandle, label: &str) -> tauri::Result<WindowConfig> {
    let windows = &app.config().app.windows;
    let found = windows.iter().find(|window| window.label == label);
    found.cloned().ok_or(tauri::Error::WindowNotFound)
}

/// A window as the configuration describes it, held to the app's own pages.
fn builder<'a>(
    app: &'a AppHandle,
    described: WindowConfig,
    data_dir: &Path,
) -> tauri::Result<WebviewWindowBuilder<'a, Wry, AppHandle>> {
    let dev_url = app.config().build.dev_url.clone();
    let dev_url = dev_url.filter(|_| tauri::is_dev());
    Ok(WebviewWindowBuilder::from_config(app, &described)?
        .data_directory(data_dir.join("webview"))
        .on_navigation(move |url| is_own_page(url, dev_url.as_ref()))
        .on_new_window(|_, _| NewWindowResponse::Deny))
}

/// Remembers place and size of the agent's window between starts.
pub(crate) fn remembered() -> TauriPlugin<Wry> {
    tauri_plugin_window_state::Builder::new()
        .with_denylist(&[ALERTS])
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
