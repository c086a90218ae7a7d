//! Fields of the message index, and what is stored beside them.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::TokenizerManager;

use super::Kind;
use crate::tokenizer::GramTokenizer;

/// Begins what a commit stores; raise the number when fields or tokenizers change, and when more of
/// what there is is to be found.
const LAYOUT: &str = "messages/3/";

pub(super) const AT_MS: &str = "at_ms";

const GRAMS: &str = "grams";

#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// Kind and id, by which an entry is replaced or deleted.
    pub(super) key: Field,
    pub(super) kind: Field,
    pub(super) id: Field,
    pub(super) conversation_id: Field,
    pub(super) at_ms: Field,
    /// The text as given, for marking.
    pub(super) text: Field,
    /// The normalised text, for finding.
    pub(super) grams: Field,
    /// What it is filtered by.
    pub(super) facet: Field,
}

pub(super) fn build() -> (Schema, Fields) {
    let with_positions = TextFieldIndexing::default()
        .set_tokenizer(GRAMS)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let mut builder = Schema::builder();
    let fields = Fields {
        key: builder.add_text_field("key", STRING),
        kind: builder.add_i64_field("kind", INDEXED | STORED),
        id: builder.add_text_field("id", STORED),
        conversation_id: builder.add_text_field("conversation_id", STRING | STORED),
        at_ms: builder.add_i64_field(AT_MS, FAST | STORED),
        text: builder.add_text_field("text", STORED),
        grams: builder.add_text_field(
            GRAMS,
            TextOptions::default().set_indexing_options(with_positions),
        ),
        facet: builder.add_text_field("facet", STRING),
    };
    (builder.build(), fields)
}

pub(super) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(GRAMS, GramTokenizer);
    manager
}

pub(super) fn payload(cursor: u64) -> String {
    format!("{LAYOUT}{cursor}")
}

pub(super) fn cursor_of(payload: &str) -> Option<u64> {
    payload.strip_prefix(LAYOUT)?.parse().ok()
}

pub(super) fn key(kind: Kind, id: &str) -> String {
    format!("{}/{id}", kind_number(kind))
}

/// Stored: do not renumber.
pub(super) const fn kind_number(kind: Kind) -> i64 {
    match kind {
        Kind::Message => 1,
        Kind::Contact => 2,
        Kind::Conversation => 3,
        Kind::Ticket => 4,
    }
}

pub(super) const fn kind_of(number: i64) -> Option<Kind> {
    match number {
        1 => Some(Kind::Message),
        2 => Some(Kind::Contact),
        3 => Some(Kind::Conversation),
        4 => Some(Kind::Ticket),
        _ => None,
    }
}
