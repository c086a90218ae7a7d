//! What the desktop can do: the command router behind the window.
