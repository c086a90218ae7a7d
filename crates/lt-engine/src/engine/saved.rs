//! What was computed from a knowledge base, kept sealed beside its index, so that a start needs no
//! training.

use std::path::Path;

use lt_seal::Key32;
use lt_search::directory::SealedDirectory;

use super::entries::Entries;

/// Name of the file.
const NAME: &str = "engine.model";
/// Bytes of the fingerprint that stands before the model.
const N_FINGERPRINT: usize = 64;

/// The model of the entries with this fingerprint, if one is kept and sound.
pub(super) fn load(path: &Path, key: &Key32, fingerprint: &str) -> Option<Entries> {
    let bytes = SealedDirectory::open(path, key.clone()).ok()?.kept(NAME)?;
    let (found, model) = bytes.split_at_checked(N_FINGERPRINT)?;
    if found != fingerprint.as_bytes() {
        return None;
    }
    postcard::from_bytes(model).ok()
}

/// Keeps a model. A model that cannot be kept is computed again at the next start: the caller goes
/// on without it.
pub(super) fn keep(path: &Path, key: &Key32, fingerprint: &str, entries: &Entries) -> Option<()> {
    let mut bytes = fingerprint.as_bytes().to_vec();
    if bytes.len() != N_FINGERPRINT {
        return None;
    }
    bytes.extend(postcard::to_stdvec(entries).ok()?);
    SealedDirectory::open(path, key.clone())
        .ok()?
        .keep(NAME, &bytes)
        .ok()
}
