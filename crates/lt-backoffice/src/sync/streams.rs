//! Which streams an agent sees.

use lt_db::{
    Reader,
    feed::{self, Standing},
};
use lt_model::{
    agent::{Agent, Permission},
    change::StreamKind,
    id::{DeviceId, GroupId},
};
use lt_protocol::{code::WireError, sync::StreamHead};

use crate::{
    access::{Principal, current_agent},
    authz::{self, Scope},
    backoffice::Backoffice,
    error::Error,
};

impl Backoffice {
    /// The streams that the agent sees, with their heads.
    ///
    /// # Errors
    /// [`lt_protocol::code::Code::SignedOut`], or when the store cannot be read.
    pub fn streams(&self, principal: &Principal) -> Result<Vec<StreamHead>, WireError> {
        Ok(self.db.read(|reader| {
            let agent = current_agent(reader, principal, None)?;
            let standing = visible(reader, &agent)?;
            Ok::<_, Error>(standing.into_iter().map(|one| one.head).collect())
        })?)
    }

    /// The number of a device's last operation that was answered; 0 for an unknown device.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn last_n(&self, device: DeviceId) -> Result<u64, WireError> {
        let device = self.read(|reader| lt_db::table::device::by_id(reader, device))?;
        Ok(device.map_or(0, |device| device.last_n))
    }
}

/// The streams of an agent: settings, what is theirs alone, knowledge, and the groups that they work in, with what is
/// whispered there to them, and to others where they supervise.
pub(super) fn visible(reader: &Reader<'_>, agent: &Agent) -> Result<Vec<Standing>, Error> {
    let mut kinds = vec![StreamKind::Config, StreamKind::Agent(agent.id)];
    if authz::check(agent, Permission::AlertView, Scope::Organisation).is_ok() {
        kinds.push(StreamKind::Watch);
    }
    let all_lines = authz::check(agent, Permission::FaqView, Scope::Organisation).is_ok();
    let may_view =
        |group: &GroupId| authz::check(agent, Permission::ConvView, Scope::Group(*group)).is_ok();
    let groups = agent.groups.iter().copied().filter(may_view);
    let supervises = |group: &GroupId| {
        authz::check(agent, Permission::ConvWhisper, Scope::Group(*group)).is_ok()
    };
    for group in groups {
        kinds.push(StreamKind::Group(group));
        kinds.push(StreamKind::Desk {
            group,
            agent: agent.id,
        });
        if supervises(&group) {
            kinds.push(StreamKind::Leads(group));
        }
    }
    Ok(feed::standing(reader, &kinds, all_lines)?)
}
