//! The numbers of the service as a window shows them, and as desktops fetch them.
//!
//! A number is shown from the cells that this desk has, so that it is there offline, "as of" when the
//! server had counted. The rows behind it are the server's to tell.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    Millis,
    id::{AgentId, ConversationId, GroupId, MetricCaseId, TicketId},
    metric::{Dimension, Grain, Metric, MetricValue},
};

use crate::canned::GroupRef;

/// Most rows of one answer.
pub const MAX_METRIC_ROWS: u32 = 500;
/// Most cells of one answer to a desktop.
pub const MAX_CELLS: u32 = 2_000;
/// Most bytes of cells of one answer, as they travel.
pub const MAX_CELL_BYTES: usize = 1024 * 1024;
/// Where desktops ask for cells.
pub const CELLS_PATH: &str = "/api/v1/metrics/cells";
/// Where they ask for the rows behind a number.
pub const ROWS_PATH: &str = "/api/v1/metrics/rows";
/// Most points of one series.
pub const MAX_POINTS: usize = 1_200;

/// Which part of the service. What is none filters nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MetricsFilter {
    /// Of this group; of all that this agent may see else.
    pub group: Option<GroupId>,
    /// Of this agent, channel, line, category or intent.
    pub slice: Option<MetricsSlice>,
}

/// One value of a dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MetricsSlice {
    /// Which dimension.
    pub dim: Dimension,
    /// Which value, as the rows of [`MetricsTable`] name it; empty is one too: unknown.
    pub value: String,
}

/// A board of numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MetricsBoardArgs {
    /// From the bucket that this falls into, by the organisation's clock.
    pub from: Millis,
    /// Up to but without the bucket that begins then. One that is cut is taken whole.
    pub to: Millis,
    /// Compared with the period of the same length that begins then.
    pub compare_from: Option<Millis>,
    /// How wide a point of a series is. Hours are kept for ninety days; a slice by anything but
    /// channel has none.
    pub grain: Grain,
    /// Of which part.
    pub filter: MetricsFilter,
}

/// A board of numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MetricsBoard {
    /// What the server had counted when this desk heard of it last; none: nothing is here yet.
    pub as_of: Option<Millis>,
    /// Begin of the period, as it was taken.
    pub from: Millis,
    /// Its end.
    pub to: Millis,
    /// The organisation's clock: minutes ahead of UTC.
    pub utc_offset_minutes: i32,
    /// How wide a point is: wider than asked for where there are no narrower ones.
    pub grain: Grain,
    /// One of each number, in the order of [`Metric::ALL`].
    pub cards: Vec<MetricCard>,
    /// Begins of the points of all series.
    pub at: Vec<Millis>,
    /// One of each number, in the same order.
    pub series: Vec<MetricSeries>,
    /// When conversations are opened: only hours with some.
    pub heat: Vec<MetricsHeat>,
    /// By group, agent, channel, line, category: who has most in front.
    pub tables: Vec<MetricsTable>,
    /// 热门意图: the most frequent ones, at most twenty.
    pub intents: Vec<MetricsIntent>,
    /// 上升问题: what grew most over the period that it is compared with, at most twenty.
    pub rising: Vec<MetricsIntent>,
    /// The groups that this agent may see.
    pub groups: Vec<GroupRef>,
}

/// A number, and what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MetricCard {
    /// Which.
    pub metric: Metric,
    /// Over the period.
    pub now: MetricValue,
    /// Over the period that it is compared with.
    pub before: Option<MetricValue>,
}

/// A number over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MetricSeries {
    /// Which.
    pub metric: Metric,
    /// At the points of the board.
    pub now: Vec<MetricValue>,
    /// At those of the period that it is compared with, as far as it goes; empty without one.
    pub before: Vec<MetricValue>,
}

/// Conversations opened in an hour of a weekday, over the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MetricsHeat {
    /// 0 is Monday.
    pub weekday: u8,
    /// 0 to 23.
    pub hour: u8,
    /// How many.
    pub n: u64,
}

/// By what a table tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MetricsBy {
    /// 技能组.
    Group,
    /// 坐席.
    Agent,
    /// 渠道.
    Channel,
    /// 业务线.
    Line,
    /// 分类.
    Category,
}

/// Numbers side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MetricsTable {
    /// By what.
    pub by: MetricsBy,
    /// Its rows.
    pub rows: Vec<MetricsTableRow>,
}

/// A row of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MetricsTableRow {
    /// As a filter names it; empty is unknown.
    pub value: String,
    /// Shown name: of the group or agent, else the value.
    pub label: String,
    /// In the order of [`Metric::ALL`].
    pub values: Vec<MetricValue>,
}

/// A question that is asked often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MetricsIntent {
    /// The standard question.
    pub intent: String,
    /// Conversations about it.
    pub n: u64,
    /// In the period that it is compared with.
    pub before: u64,
}

/// Which rows behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MetricsWhich {
    /// Those that count: the part of a share, all of a count or a time.
    Counted,
    /// Those of the whole that do not.
    Rest,
    /// Both.
    All,
}

/// The rows behind a number. The server must be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MetricsRowsArgs {
    /// Which number.
    pub metric: Metric,
    /// From then.
    pub from: Millis,
    /// Until then, exclusive.
    pub to: Millis,
    /// Of which part.
    pub filter: MetricsFilter,
    /// Which of them.
    pub which: MetricsWhich,
    /// Those that come after this place; none: from the newest one on.
    pub after: Option<MetricsPlace>,
    /// At most so many, 500 at the most.
    pub limit: u32,
}

/// Where rows go on. It is no count of rows: what is counted meanwhile moves none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MetricsPlace {
    /// When the last one that was looked at was opened.
    pub at: Millis,
    /// Which it was.
    pub id: MetricCaseId,
}

/// The rows behind a number, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MetricsRows {
    /// What the server has counted.
    pub as_of: Millis,
    /// A part of them.
    pub rows: Vec<MetricsRow>,
    /// How many there are from the newest one on; none where that is not known, as after a place.
    pub total: Option<u64>,
    /// Where the others are; none: there are no more. The server may stop before it has as many as were
    /// asked for, where it has looked at many cases that are not among them.
    pub next: Option<MetricsPlace>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MetricsRow {
    /// The conversation, if it is one.
    pub conversation_id: Option<ConversationId>,
    /// The ticket, if it is one.
    pub ticket_id: Option<TicketId>,
    /// Its short number, such as `C-10293` or `T-00817`.
    pub number: String,
    /// When it was opened.
    pub at: Millis,
    /// How many of it count.
    pub part: u64,
    /// Out of so many.
    pub whole: u64,
    /// How long, where the number is a time.
    pub ms: Option<Millis>,
    /// Group that has it.
    pub group: GroupId,
    /// Agent who answered first, or has it.
    pub agent: Option<AgentId>,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MetricsFormat {
    /// For any spreadsheet: UTF-8 with its mark, commas.
    Csv,
    /// A workbook with a sheet for cards, series and each table.
    Xlsx,
}

/// Writes a board into a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MetricsExportArgs {
    /// Which board.
    pub board: MetricsBoardArgs,
    /// How.
    pub format: MetricsFormat,
}

/// A written file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MetricsExport {
    /// Where.
    pub path: String,
    /// Its size, bytes.
    pub bytes: u64,
}

/// A desktop asks for cells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellsRequest {
    /// The generation of the data that they are of; with another one everything is told anew.
    pub generation: Option<String>,
    /// Up to which version it has those of a group; 0 for a group that is not named.
    pub after: Vec<CellsSeen>,
}

/// Up to which version a desktop has the cells of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellsSeen {
    /// Which group.
    pub group: GroupId,
    /// Up to there.
    pub version: u64,
}

/// Cells for a desktop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellsAnswer {
    /// What the server has counted.
    pub as_of: Millis,
    /// The generation of the data: with another one, what the desktop has is dropped.
    pub generation: String,
    /// The organisation's clock: minutes ahead of UTC.
    pub utc_offset_minutes: i32,
    /// The groups that the agent may see, each with the version that this answer brings it to.
    pub groups: Vec<CellsSeen>,
    /// Cells as they are now, oldest change first, at most [`MAX_CELLS`].
    pub cells: Vec<CellRow>,
    /// Whether there are more.
    pub more: bool,
}

/// One cell as it travels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellRow {
    /// How wide.
    pub grain: Grain,
    /// Its begin.
    pub at: Millis,
    /// Whose.
    pub group: GroupId,
    /// By what; none: all of the group.
    pub dim: Option<Dimension>,
    /// Value of the dimension; empty for all, and for what is unknown.
    pub value: String,
    /// Version of this state.
    pub version: u64,
    /// The cell as [`lt_model::metric::Cell::to_bytes`] writes it, in base 64; empty when it holds
    /// nothing any more.
    pub cell: String,
}
