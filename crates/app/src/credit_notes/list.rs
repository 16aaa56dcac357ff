//! List the account's credit notes.

use billing::{
    account::Session,
    credit_note::CreditNote,
    invoice::Invoice,
    listing::{Page, Slice},
};
use db::Tx;
pub use store::credit_note::LIST_COLUMNS as COLUMNS;

use crate::Error;

/// A page of credit notes without their reversals, each with its invoice without what hangs on that.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<(CreditNote, Invoice)>, Error> {
    let account = session.account.id;
    let notes = store::credit_note::list(tx, account, page)?;
    let mut ids: Vec<_> = notes.rows.iter().map(|note| note.invoice.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let invoices = store::invoice::list_heads(tx, account, &ids)?;
    let pair = |note: CreditNote| {
        let invoice = invoices.get(&note.invoice).cloned();
        let invoice = invoice.ok_or(Error::Database(db::Error::NoRow))?;
        Ok((note, invoice))
    };
    let Slice { rows, matching, total } = notes;
    Ok(Slice { rows: rows.into_iter().map(pair).collect::<Result<_, Error>>()?, matching, total })
}
