//! An engine with a draft of the settings, to try a question on.

use std::sync::{Arc, Mutex, PoisonError};

use lt_engine::{Doc, Engine, EngineError, encoder::Encoder, tailoring};
use lt_model::engine::{EngineDraft, LearnedWeights};

/// What an engine was built from: the draft, the threshold that follows from it, and the weights
/// that picks have moved.
type Made = (EngineDraft, Option<u16>, Option<LearnedWeights>);

/// The engine of the draft that was tried last, so that the next question waits for no build.
#[derive(Default)]
pub(crate) struct Trial {
    last: Mutex<Option<(Made, Arc<Engine>)>>,
}

impl Trial {
    /// The engine of a draft that answers from this confidence on, in thousandths, with the weights
    /// that picks have moved.
    pub(crate) fn engine(
        &self,
        draft: &EngineDraft,
        answer_from: Option<u16>,
        learned: Option<&LearnedWeights>,
        docs: &[Doc],
        encoder: Option<&Arc<Encoder>>,
    ) -> Result<Arc<Engine>, EngineError> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let made = (draft.clone(), answer_from, learned.cloned());
        if let Some((known, engine)) = &*last
            && *known == made
        {
            return Ok(Arc::clone(engine));
        }
        let parts = tailoring::parts_of(draft, answer_from);
        let parts = tailoring::with_learned(parts, learned).with_encoder(encoder);
        let engine = Arc::new(Engine::build_with(docs.to_vec(), parts)?);
        *last = Some((made, Arc::clone(&engine)));
        Ok(engine)
    }

    /// The knowledge has changed.
    pub(crate) fn forget(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
