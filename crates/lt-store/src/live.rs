//! What goes on in groups, for those who supervise them.

use lt_model::{
    Millis,
    id::{AgentId, GroupId},
};
use lt_protocol::live::LivePart;

use crate::{
    Line, Result, Store, Window,
    table::conversation::live::{self, Wanted},
};

/// What goes on in some groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Live {
    /// A window of the open conversations of a part, who waits longest in front.
    pub lines: Vec<Line>,
    /// How many the part has.
    pub total: u32,
    /// How many agents have.
    pub n_agents: u32,
    /// How many wait.
    pub n_queue: u32,
    /// How many the bot has.
    pub n_bot: u32,
    /// What each agent has: how many, and since when the customer waits who waits longest.
    pub loads: Vec<(AgentId, u32, Option<Millis>)>,
}

impl Store {
    /// What goes on in some groups.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn live(
        &self,
        groups: &[GroupId],
        part: LivePart,
        agent: Option<AgentId>,
        window: Window,
    ) -> Result<Live> {
        if groups.is_empty() {
            return Ok(Live::default());
        }
        self.read(|connection| {
            let wanted = |part, agent| Wanted {
                part,
                groups,
                agent,
            };
            let n = |part| live::count(connection, &wanted(part, None));
            Ok(Live {
                lines: live::lines(connection, &wanted(part, agent), window)?,
                total: live::count(connection, &wanted(part, agent))?,
                n_agents: n(LivePart::Agents)?,
                n_queue: n(LivePart::Queue)?,
                n_bot: n(LivePart::Bot)?,
                loads: live::loads(connection, groups)?,
            })
        })
    }
}
