//! How the desk is started: `lingtai-desk [--data DIR] [--encoder DIR]`.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use tauri::{AppHandle, Manager};

/// Environment variable that names the data directory; `--data` rules over it.
const DATA_VARIABLE: &str = "LINGTAI_DATA";

/// Environment variable that names the folder of a sentence encoder; `--encoder` rules over it.
const ENCODER_VARIABLE: &str = "LINGTAI_ENCODER";

/// What the command line asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    data: Option<PathBuf>,
    encoder: Option<PathBuf>,
}

impl Options {
    /// Reads the arguments after the program's name.
    pub(crate) fn from_args(args: impl IntoIterator<Item = OsString>) -> Result<Self, String> {
        let mut options = Self::default();
        let mut args = args.into_iter();
        while let Some(arg) = args.next() {
            match arg.to_str() {
                Some("--data") => {
                    let dir = args.next().ok_or("--data wants a directory")?;
                    options.data = Some(PathBuf::from(dir));
                }
                Some("--encoder") => {
                    let dir = args.next().ok_or("--encoder wants a directory")?;
                    options.encoder = Some(PathBuf::from(dir));
                }
                _ => return Err(format!("unknown argument {}", Path::new(&arg).display())),
            }
        }
        Ok(options)
    }

    /// `--data`, else `LINGTAI_DATA`, else the place that the system gives to this app.
    pub(crate) fn data_dir(&self, app: &AppHandle) -> tauri::Result<PathBuf> {
        let named = self.data.clone().or_else(|| variable(DATA_VARIABLE));
        named.map_or_else(|| app.path().app_local_data_dir(), Ok)
    }

    /// `--encoder`, else `LINGTAI_ENCODER`; none leaves the encoder off.
    pub(crate) fn encoder(&self) -> Option<PathBuf> {
        self.encoder.clone().or_else(|| variable(ENCODER_VARIABLE))
    }
}

fn variable(name: &str) -> Option<PathBuf> {
    let dir = std::env::var_os(name).filter(|dir| !dir.is_empty())?;
    Some(PathBuf::from(dir))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(args: &[&str]) -> Result<Options, String> {
        Options::from_args(args.iter().map(OsString::from))
    }

    #[test]
    fn folders_are_the_only_arguments() {
        assert_eq!(read(&[]), Ok(Options::default()));
        let data = Some(PathBuf::from("d"));
        let encoder = Some(PathBuf::from("e"));
        assert_eq!(
            read(&["--data", "d", "--encoder", "e"]),
            Ok(Options { data, encoder })
        );
        assert!(read(&["--data"]).is_err());
        assert!(read(&["--encoder"]).is_err());
        assert!(read(&["--inspect"]).is_err());
    }
}
