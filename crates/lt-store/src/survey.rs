//! What customers said of the service, as far as this desk may know it.

use lt_model::{
    Millis,
    id::{AgentId, ConversationId},
    survey::{SATISFIED, Survey},
};

use crate::{
    Result, Store,
    table::survey::{self, SurveyCounts},
};

impl Store {
    /// The newest survey about a conversation.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn survey(&self, id: ConversationId) -> Result<Option<Survey>> {
        self.read(|connection| survey::newest(connection, id))
    }

    /// The surveys for an agent that were asked since a time: the newest of them, at most `limit`, and
    /// how all of them came out.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn surveys_of(
        &self,
        agent: AgentId,
        since: Millis,
        limit: u32,
    ) -> Result<(SurveyCounts, Vec<Survey>)> {
        self.read(|connection| {
            Ok((
                survey::counts_of_agent(connection, agent, since, SATISFIED)?,
                survey::of_agent(connection, agent, since, limit)?,
            ))
        })
    }

    /// How the surveys came out about conversations that an answer from this entry had ended.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn survey_of_faq(&self, faq_id: &str) -> Result<SurveyCounts> {
        self.read(|connection| survey::counts_of_faq(connection, faq_id, SATISFIED))
    }
}
