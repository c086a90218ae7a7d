//! How many messages a second become durable, whoever carries them: closed loop, so many writers.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;
use lt_db::{Db, table::conversation};

use super::org::{Layout, Org, act, say};

/// Writers at once.
pub const N_WRITERS: usize = 32;

/// Runs writers without pause; gives acts a second. `writer` makes the act of the writer of an index.
///
/// # Errors
/// What the first writer fails with.
pub fn per_second<W>(during: Duration, writer: impl Fn(usize) -> Result<W> + Sync) -> Result<f64>
where
    W: FnMut() -> Result<()>,
{
    let (stop, n_done) = (AtomicBool::new(false), AtomicU64::new(0));
    let begin = Instant::now();
    let ends = thread::scope(|scope| {
        let writers: Vec<_> = (0..N_WRITERS)
            .map(|idx| {
                let (stop, n_done, writer) = (&stop, &n_done, &writer);
                scope.spawn(move || -> Result<()> {
                    let mut write = writer(idx)?;
                    while !stop.load(Ordering::Relaxed) {
                        write()?;
                        n_done.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok(())
                })
            })
            .collect();
        thread::sleep(during);
        stop.store(true, Ordering::Relaxed);
        writers.into_iter().try_for_each(|writer| {
            writer
                .join()
                .map_err(|_| anyhow::anyhow!("a writer broke off"))?
        })
    });
    ends?;
    Ok(n_done.load(Ordering::Relaxed) as f64 / begin.elapsed().as_secs_f64())
}

/// Ours: message, conversation, changes of the feed and audit record in one act of [`Db`].
///
/// # Errors
/// When the data does not take it.
pub fn ours(db: &Db, during: Duration, now: i64) -> Result<f64> {
    let layout = Layout {
        desks: N_WRITERS,
        conversations: 1,
        messages: 0,
    };
    let org = Org::lay_out(db, layout, now)?;
    per_second(during, |idx| {
        let held = org.desks.get(idx).and_then(|desk| desk.held.first());
        let mut conversation = held.map(|held| held.conversation.clone());
        Ok(move || {
            let Some(conversation) = &mut conversation else {
                return Ok(());
            };
            let text = super::board::text(idx);
            act(db, now, |tx| {
                say(tx, conversation, &text, now)?;
                conversation::update(tx, conversation)
            })?;
            Ok(())
        })
    })
}
