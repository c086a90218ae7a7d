//! The numbers of the service: counted in the background from what was committed, told to leads.
//!
//! A step reads which conversations and tickets acts have touched since the last one, folds each of
//! them anew, takes from the cells what it added before and adds what it adds now. Where the step got
//! to is written in the same transaction, so each act counts once, whenever the server is killed and
//! whichever of several servers takes the step. Nothing of it happens inside the act of a message.
//!
//! - **Invariant:** cells equal the sum of the shares of all cases ([`Backoffice::recounts`]).
//! - **Invariant:** a case is measured by the calendar and the promise that hold when it is folded; a
//!   change of these counts from then on.
//! - **Invariant:** a lead is told of their own groups only, an administrator of all.
//!
//! Who wants them by mail gets a report of days that are over: see `report`.

pub(crate) mod report;

pub(crate) mod risen;

mod rows;

mod sources;

mod step;

mod story;

mod told;

pub use told::Recount;
