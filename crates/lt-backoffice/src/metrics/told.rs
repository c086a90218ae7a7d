//! What desktops are told, and whether the cells are right.

use std::collections::{BTreeMap, HashMap};

use lt_db::{
    Reader, feed,
    table::{
        meta, metric_case,
        metric_cell::{self, CellKey},
        metric_state, skill_group,
    },
};
use lt_model::{
    Millis,
    agent::{Agent, Permission, Role},
    id::GroupId,
    metric::{Cell, Dimension, Grain},
};
use lt_protocol::{
    code::WireError,
    metrics::{CellRow, CellsAnswer, CellsRequest, CellsSeen, MAX_CELL_BYTES, MAX_CELLS},
};
use lt_seal::encode::base64url_encode;

use super::step::{Spread, clock};
use crate::{
    access::{Principal, current_agent},
    authz::{self, Scope},
    backoffice::Backoffice,
    error::Error,
};

/// Whether the cells equal a count from the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recount {
    /// Cells that were compared.
    pub n_cells: usize,
    /// Cases that they were counted from.
    pub n_cases: usize,
    /// Cells that differ.
    pub wrong: Vec<CellKey>,
}

impl Backoffice {
    /// Cells that changed since a desktop had them, of the groups that the agent may see.
    ///
    /// # Errors
    /// [`lt_protocol::code::Code::Forbidden`]; when the store fails.
    pub fn metric_cells(
        &self,
        principal: &Principal,
        request: &CellsRequest,
        now: Millis,
    ) -> Result<CellsAnswer, WireError> {
        self.db
            .read(|reader| cells(reader, principal, request, now))
            .map_err(WireError::from)
    }

    /// Counts all cases from the beginning and compares the cells with that.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn recounts(&self, now: Millis) -> Result<Recount, WireError> {
        self.db
            .read(|reader| recount(reader, now))
            .map_err(WireError::from)
    }
}

/// The groups whose numbers an agent may see.
pub(super) fn groups(reader: &Reader<'_>, agent: &Agent) -> Result<Vec<GroupId>, Error> {
    authz::check(agent, Permission::MetricsView, Scope::Organisation)?;
    let all = skill_group::all(reader)?.into_iter().map(|group| group.id);
    let is_seen = |group: &GroupId| agent.role == Role::Admin || agent.groups.contains(group);
    Ok(all.filter(is_seen).collect())
}

fn cells(
    reader: &Reader<'_>,
    principal: &Principal,
    request: &CellsRequest,
    now: Millis,
) -> Result<CellsAnswer, Error> {
    let agent = current_agent(reader, principal, Some(now))?;
    let generation = meta::generation(reader)?;
    let is_known = request.generation.as_deref() == Some(&generation);
    let after: HashMap<GroupId, u64> = match is_known {
        true => request
            .after
            .iter()
            .map(|seen| (seen.group, seen.version))
            .collect(),
        false => HashMap::new(),
    };
    let state = metric_state::get(reader)?;
    let mut answer = CellsAnswer {
        as_of: as_of(reader, state.as_ref(), now)?,
        generation,
        utc_offset_minutes: state.map_or(0, |state| state.utc_offset_minutes),
        groups: Vec::new(),
        cells: Vec::new(),
        more: false,
    };
    let mut n_bytes = 0;
    for group in groups(reader, &agent)? {
        let mut version = after.get(&group).copied().unwrap_or(0);
        let room = (MAX_CELLS as usize).saturating_sub(answer.cells.len()) as u64;
        // One more tells whether there are more.
        for cell in metric_cell::newer(reader, group, version, room + 1)? {
            if answer.cells.len() >= MAX_CELLS as usize || n_bytes >= MAX_CELL_BYTES {
                answer.more = true;
                break;
            }
            let row = CellRow {
                grain: cell.key.grain,
                at: cell.key.at,
                group,
                dim: cell.key.dim,
                value: cell.key.value,
                version: cell.version,
                cell: base64url_encode(&cell.bytes),
            };
            n_bytes += row.cell.len() + row.value.len() + 200;
            version = cell.version;
            answer.cells.push(row);
        }
        answer.groups.push(CellsSeen { group, version });
    }
    Ok(answer)
}

/// The moment up to which everything is counted.
pub(super) fn as_of(
    reader: &Reader<'_>,
    state: Option<&metric_state::MetricState>,
    now: Millis,
) -> Result<Millis, Error> {
    let acts = state.map_or(0, |state| state.acts);
    Ok(match feed::touched(reader, acts, 1)? {
        None => now,
        Some(_) => state.map_or(0, |state| state.as_of),
    })
}

fn recount(reader: &Reader<'_>, now: Millis) -> Result<Recount, Error> {
    let Some(state) = metric_state::get(reader)? else {
        return Ok(Recount {
            n_cells: 0,
            n_cases: 0,
            wrong: Vec::new(),
        });
    };
    let mut spread = Spread {
        clock: clock(&state),
        now,
        cells: BTreeMap::new(),
    };
    let cases = metric_case::all(reader)?;
    for case in &cases {
        spread.take(case, 1);
    }
    let mut expected = spread.cells;
    expected.retain(|_, cell| !cell.is_empty());
    let groups: Vec<GroupId> = skill_group::all(reader)?
        .into_iter()
        .map(|group| group.id)
        .collect();
    let mut wrong = Vec::new();
    let mut n_cells = 0;
    for grain in Grain::ALL {
        // What is older than it is kept may be there for an hour more.
        let from = grain.kept_ms().map_or(Millis::MIN, |kept_ms| {
            spread.clock.floor(now - kept_ms, grain)
        });
        let dims = std::iter::once(None).chain(Dimension::ALL.into_iter().map(Some));
        for dim in dims {
            for stored in metric_cell::between(reader, (grain, dim), &groups, from, Millis::MAX)? {
                let mut cell = Cell::default();
                let is_read = cell.add_bytes(&stored.bytes).is_some();
                n_cells += 1;
                if !is_read || expected.remove(&stored.key).unwrap_or_default() != cell {
                    wrong.push(stored.key);
                }
            }
        }
    }
    wrong.extend(expected.into_keys());
    Ok(Recount {
        n_cells,
        n_cases: cases.len(),
        wrong,
    })
}
