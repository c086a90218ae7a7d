//! The sample shop: knowledge, dialogues and tickets of our own writing, for the demo and for tests.

use std::collections::BTreeMap;

use serde::Deserialize;

use lt_model::{
    contact::{ChannelKind, ValueTier},
    priority::Priority,
    ticket::TicketValue,
};
use lt_protocol::api::FaqLine;

/// The knowledge, as `faq import` takes it.
pub const FAQ_JSONL: &str = include_str!("../sample-shop/faq.jsonl");
/// Dialogues that can be replayed.
pub const DIALOGUES_JSONL: &str = include_str!("../sample-shop/dialogues.jsonl");

/// Tickets of the shop, each with what its people do with it.
pub const TICKETS_JSONL: &str = include_str!("../sample-shop/tickets.jsonl");

/// One ticket.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SampleTicket {
    /// Its id in the file.
    pub id: String,
    /// Name of its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is about.
    pub title: String,
    /// How soon it is needed.
    pub priority: Priority,
    /// The dialogue that it came from.
    #[serde(default)]
    pub dialogue: Option<String>,
    /// The form.
    pub values: BTreeMap<String, TicketValue>,
    /// What its people do with it, for whoever plays it.
    pub then: Vec<serde_json::Value>,
}

/// One dialogue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Dialogue {
    /// Its id.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// The customer.
    pub contact: Person,
    /// The skill group that takes it over, where only one is right.
    #[serde(default)]
    pub group: Option<String>,
    /// What is said.
    pub turns: Vec<Turn>,
}

/// The customer of a dialogue; invented.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Value.
    pub tier: ValueTier,
    /// Where they write.
    pub channel: ChannelKind,
}

/// One turn.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Turn {
    /// The customer writes.
    Customer {
        /// What.
        text: String,
        /// What the engine should do with it.
        expect: Expectation,
        /// The entry that fits.
        faq_id: Option<String>,
    },
    /// A person answers.
    Agent {
        /// What.
        text: String,
    },
}

/// What the engine should do with a customer's turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expectation {
    /// Answer by itself.
    Answer,
    /// Rank for the agent.
    Suggest,
    /// Give it to a person.
    Handoff,
}

/// The knowledge, parsed.
///
/// # Errors
/// When the embedded file is broken.
pub fn faq() -> Result<Vec<FaqLine>, serde_json::Error> {
    lines(FAQ_JSONL)
}

/// The dialogues, parsed.
///
/// # Errors
/// When the embedded file is broken.
pub fn dialogues() -> Result<Vec<Dialogue>, serde_json::Error> {
    lines(DIALOGUES_JSONL)
}

/// The tickets, parsed.
///
/// # Errors
/// When the embedded file is broken.
pub fn tickets() -> Result<Vec<SampleTicket>, serde_json::Error> {
    lines(TICKETS_JSONL)
}

fn lines<T: serde::de::DeserializeOwned>(text: &str) -> Result<Vec<T>, serde_json::Error> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(serde_json::from_str)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_parse_and_fit_together() {
        let faq = faq().unwrap();
        let dialogues = dialogues().unwrap();
        assert!(faq.len() >= 100 && dialogues.len() >= 20);
        for dialogue in &dialogues {
            for turn in &dialogue.turns {
                if let Turn::Customer {
                    faq_id: Some(id), ..
                } = turn
                {
                    assert!(faq.iter().any(|line| line.id == *id), "{id}");
                }
            }
        }
    }

    #[test]
    fn the_tickets_fit_their_types() {
        use lt_model::ticket::standard;
        let types = standard::types(|| uuid::Uuid::nil().into());
        let dialogues = dialogues().unwrap();
        let tickets = tickets().unwrap();
        assert!(tickets.len() >= 20);
        for ticket in tickets {
            let kind = types.iter().find(|one| one.kind.name == ticket.kind);
            let fits = kind.unwrap().kind.check_values(ticket.values);
            assert!(fits.is_ok(), "{}: {fits:?}", ticket.id);
            if let Some(id) = ticket.dialogue {
                assert!(dialogues.iter().any(|one| one.id == id), "{id}");
            }
        }
    }
}
