//! Checks the store's promises over everything in it: for diagnosis, and after every test.

use lt_seal::audit::{BrokenAt, Head};

use crate::{
    Result, Store, StoreError, feed,
    store::require_account,
    table::{audit, conversation_body, message, outbox},
};

impl Store {
    /// Checks that what is shown is what the server sent with the pending operations applied, that
    /// every waiting message has its operation and the other way round, and that every row of the
    /// server is visible through a stream.
    ///
    /// # Errors
    /// [`StoreError::Broken`] names the promise.
    pub fn check(&self) -> Result<()> {
        self.read(|connection| {
            if message::n_orphans(connection)? > 0 {
                return Err(StoreError::Broken(
                    "I1: an unsent message has its operation",
                ));
            }
            for entry in outbox::visible(connection)? {
                if let Some(message_id) = outbox::message_of(&entry.op.action)
                    && !message::exists(connection, message_id)?
                {
                    return Err(StoreError::Broken("I1: an operation has its message"));
                }
            }
            let n_hidden: i64 = connection.query_row(HIDDEN, [], |row| row.get(0))?;
            if n_hidden > 0 {
                return Err(StoreError::Broken("I8: a row is visible through a stream"));
            }
            let ids = conversation_body::ids(connection)?;
            if ids.is_empty() {
                return Ok(());
            }
            let me = require_account(connection)?.agent;
            for id in ids {
                let server = conversation_body::server(connection, id)?;
                let shown = conversation_body::shown(connection, id)?;
                let (Some(server), Some(shown)) = (server, shown) else {
                    return Err(StoreError::Broken("a conversation is there or not"));
                };
                let expected = feed::with_pending(connection, &server, &me)?.unwrap_or(server);
                if expected != shown {
                    return Err(StoreError::Broken(
                        "I1: what is shown has the pending effects",
                    ));
                }
            }
            Ok(())
        })
    }

    /// Checks the chain of this desk's audit records: its end, or the first record that does not fit.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn verify_audit(&self) -> Result<Result<Head, BrokenAt>> {
        self.read(|connection| audit::verify(connection, self.audit_key()))
    }
}

const HIDDEN: &str = "
SELECT (SELECT count(*) FROM conversation_body r
        WHERE NOT EXISTS (SELECT 1 FROM row_stream s WHERE s.kind = 'conversation' AND s.id = r.id))
     + (SELECT count(*) FROM message r WHERE r.seq > 0
        AND NOT EXISTS (SELECT 1 FROM row_stream s WHERE s.kind = 'message' AND s.id = r.id))
     + (SELECT count(*) FROM contact r
        WHERE NOT EXISTS (SELECT 1 FROM row_stream s WHERE s.kind = 'contact' AND s.id = r.id))
     + (SELECT count(*) FROM engine_settings r
        WHERE NOT EXISTS (SELECT 1 FROM row_stream s
          WHERE s.kind = 'engine_settings' AND s.id = CAST(r.version AS TEXT)))
     + (SELECT count(*) FROM canned r
        WHERE NOT EXISTS (SELECT 1 FROM row_stream s WHERE s.kind = 'canned' AND s.id = r.id))
     + (SELECT count(*) FROM faq r
        WHERE NOT EXISTS (SELECT 1 FROM row_stream s WHERE s.kind = 'faq' AND s.id = r.id))
     + (SELECT count(*) FROM conversation_body r
        WHERE NOT EXISTS (SELECT 1 FROM conversation l WHERE l.id = r.id))";
