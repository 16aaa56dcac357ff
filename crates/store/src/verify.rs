//! What `verify` reads: each noun with everything that must agree with it, as one ordered stream.
//!
//! A stream is a `UNION ALL` of arms in one order: most follow an index, so that it is merged and never collected, and it
//! also shows children whose parent is missing. Names and hashes come as they lie in the database: judging them is the caller's task.

mod bulk;
mod checkpoint;
mod collection;
mod credit_note;
mod invoice;
mod ledger;
mod posting;
mod purchase;
mod receivable;
mod source;

use db::{Error, Row, Tx, Value};

pub use self::{
    bulk::{JobRow, each_job},
    checkpoint::{CheckpointRow, StoredCheckpoint, each_checkpoint_row},
    collection::{StoredCollection, each_collection},
    credit_note::{
        CreditNoteRow, NumberedNote, ReversalRow, each_credit_note_number, each_credit_note_row, each_reversal_row,
    },
    invoice::{InvoiceRow, StoredInvoice, StoredNames, each_invoice_number, each_invoice_row, next_invoice_number},
    ledger::{ChainRow, StoredLine, StoredTransaction, count_lines, each_chain_row, each_orphan_line},
    posting::{
        FactSource, PostingRow, StoredCharge, StoredDeferral, StoredFact, StoredPosting, StoredReversal,
        StoredSchedule, StoredTier, each_posting_row,
    },
    purchase::{PurchaseRow, StoredPurchase, StoredSale, each_purchase_row},
    receivable::{ReceivableRow, each_receivable_row},
    source::{
        SourceKind, SourceRow, StoredAllocation, StoredMovement, StoredOpening, StoredSource, each_opening_balance,
        each_source_row,
    },
};

/// Visits the rows of a stream. A value of a type that cannot be there is told with the id of its row, the first column.
fn each(
    tx: &mut Tx<'_>,
    sql: &str,
    values: &[Value<'_>],
    mut visit: impl FnMut(&Row<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    tx.each(sql, values, |row| {
        visit(row).map_err(|error| match (error, row.get::<i64>(0)) {
            (Error::Value(text), Ok(id)) => Error::Value(format!("row {id}: {text}")),
            (error, _) => error,
        })
    })
}

/// A row of a stream that has a tag which no arm of it gives.
fn unknown_part(part: i64) -> Error {
    Error::Other(format!("no part {part}"))
}
