//! What the planner knows of the data: gathered by whoever writes much, as soon as a table has doubled.
//!
//! The server gathers it by itself, but only looks once a minute. Until then it takes the first column of an index for a good
//! choice. Tables are keyed by account first, and most databases have one: in the first minute of a database, or of a large
//! import, a question about four ids went through all rows of the account.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ::postgres::{Client, Error};

/// Rows that this process writes between two looks; as many as fit into a few pages.
const ROWS_A_LOOK: u64 = 500;

/// The shortest time between two looks of this process.
const PAUSE: Duration = Duration::from_secs(1);

/// Tables that have become twice as large since something was known of them. What fits into some pages may be read as a whole.
const GROWN: &str = "SELECT quote_ident(c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relkind = 'r'
      AND pg_relation_size(c.oid) >= (8 + 2 * c.relpages::bigint) * current_setting('block_size')::bigint
    ORDER BY c.relname";

/// What a process has written since it last looked for tables that have grown.
#[derive(Default)]
pub(super) struct Growth {
    since_look: Mutex<SinceLook>,
}

#[derive(Default)]
struct SinceLook {
    row_count: u64,
    looked_at: Option<Instant>,
}

impl Growth {
    /// Notes rows that were committed; true when the caller is the one who has a look.
    pub(super) fn note(&self, row_count: u64, now: Instant) -> bool {
        let mut since = self.since_look.lock().unwrap_or_else(PoisonError::into_inner);
        since.row_count = since.row_count.saturating_add(row_count);
        let is_early = since.looked_at.is_some_and(|at| now.duration_since(at) < PAUSE);
        if is_early || since.row_count < ROWS_A_LOOK {
            return false;
        }
        *since = SinceLook { row_count: 0, looked_at: Some(now) };
        true
    }
}

/// Tells the planner of every table that has grown, each in a transaction of its own. Whoever reads or writes is not held up;
/// tables that somebody else is gathering about are left to them.
pub(super) fn gather(client: &mut Client) -> Result<(), Error> {
    for row in client.query(GROWN, &[])? {
        let table: String = row.try_get(0)?;
        client.batch_execute(&format!("ANALYZE (SKIP_LOCKED) {table}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_due_after_many_rows_and_not_at_once_again() {
        let (growth, start) = (Growth::default(), Instant::now());
        let after = |seconds| start + Duration::from_secs(seconds);
        assert!(!growth.note(ROWS_A_LOOK - 1, start));
        assert!(growth.note(1, start));
        assert!(!growth.note(ROWS_A_LOOK * 9, start), "too soon");
        assert!(growth.note(0, after(1)), "those that were written too soon count");
        assert!(!growth.note(ROWS_A_LOOK - 1, after(9)));
        assert!(growth.note(u64::MAX, after(9)));
    }
}
