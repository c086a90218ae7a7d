//! One file per table: reading functions take a [`crate::Reader`], writing ones a [`crate::Tx`].
//! Functions that write what desktops see also announce it to the feed.

pub(crate) mod row;

pub mod meta;

pub mod counter;

pub mod audit;

pub(crate) mod stream;

pub(crate) mod stream_ctr;

pub(crate) mod change;

pub(crate) mod live_row;

pub mod org;

pub mod setup_code;

pub mod skill_group;

pub mod agent;

pub mod agent_group;

pub mod attendance;

pub mod agent_settings;

pub mod inbox;

pub mod business_hours;

pub mod assignment;

pub mod device;

pub mod device_share;

pub mod quality;

pub mod session;

pub mod login_failure;

pub mod contact;

pub mod contact_identity;

pub mod conversation;

pub mod queue;

pub mod message;

pub mod attachment;

pub mod engine_settings;

pub mod canned;

pub mod alert_rule;

pub mod alert;

pub mod alert_minute;

pub mod alert_outbox;

pub mod report;

pub mod alert_channel;

pub mod whisper;

pub mod survey;

pub mod faq_entry;

pub mod faq_version;

pub mod applied_op;

pub mod ticket;

pub mod ticket_type;

pub mod pick;

pub mod learned_ruling;

pub mod learning_run;

pub mod metric_state;

pub mod metric_case;

pub mod metric_cell;

pub mod surge;
