//! Which streams an agent sees.

use lt_db::{Reader, feed, table::faq_entry};
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
            visible(reader, &agent)
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

/// The streams of an agent: settings, knowledge, and the groups that they work in.
pub(super) fn visible(reader: &Reader<'_>, agent: &Agent) -> Result<Vec<StreamHead>, Error> {
    let mut kinds = vec![StreamKind::Config];
    if authz::check(agent, Permission::FaqView, Scope::Organisation).is_ok() {
        let lines = faq_entry::business_lines(reader)?;
        kinds.extend(lines.into_iter().map(StreamKind::Faq));
    }
    let may_view =
        |group: &GroupId| authz::check(agent, Permission::ConvView, Scope::Group(*group)).is_ok();
    let groups = agent.groups.iter().copied().filter(may_view);
    kinds.extend(groups.map(StreamKind::Group));
    Ok(feed::heads(reader, &kinds)?)
}
