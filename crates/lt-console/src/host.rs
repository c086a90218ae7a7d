//! What the console needs from the program around it.

use std::path::PathBuf;

use lt_model::id::{AlertId, ConversationId, TicketId};
use lt_protocol::event::UiEvent;

/// The window system around the console: the desktop shell, or the loopback host of browser tests.
///
/// Every method may be called from any thread except the one that draws, and returns soon.
pub trait Host: Send + Sync + 'static {
    /// Sends an event to every window of the desk.
    fn emit(&self, event: UiEvent);

    /// Shows a notification of the operating system. A click on it comes back through
    /// [`crate::Console::notification_clicked`].
    ///
    /// # Errors
    /// When the system shows none; the console then tells the agent inside the window.
    fn notify(&self, notification: Notification) -> Result<(), NotifyError>;

    /// Whether the agent is looking at the desk.
    fn window_focused(&self) -> bool;

    /// Brings the window to the front.
    fn focus(&self);

    /// Shows or closes the small window of alerts, where the program has one. It comes without taking
    /// the focus. Asking for what is so already does nothing.
    fn alerts(&self, _shown: bool) {}

    /// The folder of the organisation's sentence encoder, where the program was started with one.
    fn encoder(&self) -> Option<PathBuf> {
        None
    }

    /// The folder where the agent's system keeps what is downloaded, where it has one.
    fn downloads(&self) -> Option<PathBuf> {
        None
    }
}

/// What a click on a notification opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A conversation.
    Conversation(ConversationId),
    /// A ticket.
    Ticket(TicketId),
    /// An alert.
    Alert(AlertId),
    /// The desk itself.
    Desk,
}

/// What a notification says. The operating system keeps such texts outside of our encryption:
/// they name no customer, and say nothing of what was written unless the settings allow it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// What a click opens.
    pub opens: Target,
    /// First line, such as 新会话.
    pub title: String,
    /// Second line, such as `C-10293 等待接待`.
    pub body: String,
}

/// The operating system did not take the notification.
#[derive(Debug, thiserror::Error)]
#[error("no notification is shown: {reason}")]
pub struct NotifyError {
    /// Why, for the log.
    pub reason: String,
}
