//! The desktop shell: two windows, one command, the event stream and notifications around
//! `lt-console`. It decides nothing about conversations.
//!
//! **Invariant:** the window of alerts takes no focus when it comes, and goes with the agent's window.
//! **Invariant:** the web view reaches Rust through [`rpc`] alone; which commands a window may ask
//! for is decided by the console's allow list.
//! **Invariant:** the web view shows the app's own pages and nothing else; it opens no connection.
//! **Invariant:** a log line is redacted before it reaches the disk.

mod display;
mod logging;
mod notify;
mod options;
mod rpc;
mod shell;
mod window;

use std::process::ExitCode;

use tauri::{AppHandle, Manager};

use crate::options::Options;

/// Runs the desk until its window closes.
pub fn run() -> ExitCode {
    let options = match Options::from_args(std::env::args_os().skip(1)) {
        Ok(options) => options,
        Err(problem) => return fail(&problem),
    };
    if let Err(problem) = display::check() {
        return fail(&problem);
    }
    display::explain_failure_to_open();
    match build(options) {
        Ok(app) => {
            display::opened();
            let code = app.run_return(|_, _| {});
            ExitCode::from(u8::try_from(code).unwrap_or(1))
        }
        Err(error) => fail(&format!("the desk cannot start: {error}")),
    }
}

fn build(options: Options) -> tauri::Result<tauri::App> {
    tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _args, _cwd| {
            window::bring_to_front(app);
        }))
        .plugin(window::remembered())
        .invoke_handler(tauri::generate_handler![rpc::rpc])
        .setup(move |app| {
            // The toolkit would turn an error into a panic.
            if let Err(error) = open(app.handle(), &options) {
                say(&format!("the desk cannot open: {error}"));
                std::process::exit(1);
            }
            Ok(())
        })
        .build(tauri::generate_context!())
}

fn open(app: &AppHandle, options: &Options) -> tauri::Result<()> {
    let dir = options.data_dir(app)?;
    logging::start(&dir);
    app.manage(shell::start(app.clone(), &dir, options.encoder()));
    window::open(app, &dir)?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "the desk is open");
    Ok(())
}

fn fail(problem: &str) -> ExitCode {
    say(problem);
    ExitCode::FAILURE
}

#[expect(clippy::print_stderr, reason = "there is no window to say it in")]
fn say(problem: &str) {
    eprintln!("lingtai-desk: {problem}");
}
