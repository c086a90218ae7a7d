//! The settings of this installation.

use lt_protocol::{
    code::{Code, WireError},
    view::Settings,
};

use crate::{
    console::{Console, Phase},
    error::wire,
};

/// `settings.get`: the defaults, as long as there is no open store.
pub(super) fn get(console: &Console) -> Result<Settings, WireError> {
    match console.phase() {
        Phase::Open(desk) => desk.store.settings().map_err(wire),
        Phase::Fresh { .. } | Phase::Locked => Ok(Settings::default()),
    }
}

/// `settings.set`
pub(super) fn set(console: &Console, settings: Settings) -> Result<Settings, WireError> {
    match console.phase() {
        Phase::Open(desk) => {
            desk.store
                .set_settings(&settings, desk.now())
                .map_err(wire)?;
            Ok(settings)
        }
        Phase::Locked => Err(WireError::new(Code::Locked, "the store is locked")),
        Phase::Fresh { .. } => Err(WireError::new(Code::SignedOut, "nobody has signed in")),
    }
}
