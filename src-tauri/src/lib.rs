//! The desktop shell.
/// Runs the app until its last window closes.
pub fn run() {
    if let Err(error) = tauri::Builder::default().run(tauri::generate_context!()) {
        tracing::error!(%error, "the window system failed");
    }
}
