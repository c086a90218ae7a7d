//! In a build without the feature there is no model.

use std::path::Path;

use super::EncoderError;

/// A model that cannot be.
pub(super) enum Model {}

impl Model {
    pub(super) fn open(_folder: &Path) -> Result<Self, EncoderError> {
        Err(EncoderError::NotInThisBuild)
    }

    pub(super) fn encode(&self, _text: &str) -> Vec<f32> {
        match *self {}
    }
}

#[cfg(test)]
mod tests {
    use crate::encoder::Encoder;

    #[test]
    fn a_build_without_it_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let error = Encoder::open(folder.path()).unwrap_err().to_string();
        assert!(
            error.contains("this build has no sentence encoder"),
            "{error}"
        );
    }
}
