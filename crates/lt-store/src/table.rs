//! One file per table: its SQL, and nothing else. Functions that read take a connection, functions
//! that write take a transaction.

pub(crate) mod account;
pub(crate) mod agent;
pub(crate) mod agent_settings;
pub(crate) mod alert;
pub(crate) mod audit;
pub(crate) mod bell;
pub(crate) mod business_hours;
pub(crate) mod canned;
pub(crate) mod conflict;
pub(crate) mod contact;
pub(crate) mod conversation;
pub(crate) mod conversation_body;
pub(crate) mod draft;
pub(crate) mod engine_settings;
pub(crate) mod facts;
pub(crate) mod faq;
pub(crate) mod file;
pub(crate) mod group;
pub(crate) mod inbox;
pub(crate) mod index_todo;
pub(crate) mod mention;
pub(crate) mod message;
pub(crate) mod meta;
pub(crate) mod metric;
pub(crate) mod offer;
pub(crate) mod outbox;
pub(crate) mod overtake;
pub(crate) mod pick;
pub(crate) mod quality;
pub(crate) mod revoked;
pub(crate) mod row_stream;
pub(crate) mod setting;
pub(crate) mod stream;
pub(crate) mod summary_draft;

pub(crate) mod ticket;

pub(crate) mod ticket_body;

pub(crate) mod survey;
pub(crate) mod ticket_left;
pub(crate) mod ticket_mention;
pub(crate) mod ticket_type;
pub(crate) mod whisper;
