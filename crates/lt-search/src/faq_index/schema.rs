//! Fields of the FAQ index.

use std::sync::Arc;

use tantivy::schema::{
    FAST, Field, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::TokenizerManager;

use crate::tokenizer::{GramTokenizer, Jieba, WordTokenizer};

/// Raise it when fields or tokenizers change, so that files made before are rebuilt.
const LAYOUT: u32 = 1;

pub(super) const FAQ_ID: &str = "faq_id";
pub(super) const VARIANT: &str = "variant";

const WORDS: &str = "words";
const BIGRAMS: &str = "bigrams";

#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub(super) faq_id: Field,
    pub(super) variant: Field,
    pub(super) question_words: Field,
    pub(super) question_bigrams: Field,
    pub(super) answer_words: Field,
}

pub(super) fn build() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let fields = Fields {
        faq_id: builder.add_text_field(FAQ_ID, STRING | FAST),
        variant: builder.add_u64_field(VARIANT, FAST),
        question_words: builder.add_text_field("question_words", scored(WORDS)),
        question_bigrams: builder.add_text_field("question_bigrams", scored(BIGRAMS)),
        answer_words: builder.add_text_field("answer_words", scored(WORDS)),
    };
    (builder.build(), fields)
}

pub(super) fn tokenizers(dictionary: &Arc<Jieba>) -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(WORDS, WordTokenizer::new(Arc::clone(dictionary)));
    manager.register(BIGRAMS, GramTokenizer);
    manager
}

/// What is stored with a commit to tell whether it is of these documents.
pub(super) fn payload(fingerprint: &str) -> String {
    format!("faq/{LAYOUT}/{fingerprint}")
}

/// Frequencies for BM25; nothing is asked about positions, and no text is stored.
fn scored(tokenizer: &str) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(IndexRecordOption::WithFreqs),
    )
}
