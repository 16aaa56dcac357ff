//! Posted invoices as they are amended.

use billing::{
    id::AccountId,
    invoice::{Invoice, Revision},
    named::Named,
};
use db::{Error, Tx, values};

use crate::row::{at, text_opt};

/// Stores what may be amended of an invoice: its terms with the days of its instalments, what is printed on it, who sees it,
/// and those of its revisions that are not stored yet.
pub fn amend(tx: &mut Tx<'_>, account: AccountId, invoice: &Invoice, revisions: &[Revision]) -> Result<(), Error> {
    let default_term = (invoice.default_term != invoice.term).then(|| invoice.default_term.name());
    tx.execute(
        "UPDATE invoice SET term = $3, default_term = $4, po_number = $5, notes = $6, is_hidden_on_portal = $7,
             modified_at = $8
         WHERE account_id = $1 AND id = $2",
        &values![
            account.0,
            invoice.id.0,
            invoice.term.name(),
            default_term,
            text_opt(invoice.po_number.as_ref()),
            text_opt(invoice.notes.as_ref()),
            invoice.is_hidden_on_portal,
            at(invoice.modified_at)
        ],
    )?;
    for schedule in &invoice.schedules {
        tx.execute(
            "UPDATE payment_schedule SET due_at = $4 WHERE account_id = $1 AND invoice_id = $2 AND id = $3",
            &values![account.0, invoice.id.0, schedule.id, at(schedule.due_at)],
        )?;
    }
    let rows = revisions.iter().map(|revision| {
        values![
            account.0,
            revision.id,
            invoice.id.0,
            text_opt(revision.po_number.as_ref()),
            text_opt(revision.notes.as_ref()),
            at(revision.at)
        ]
    });
    tx.insert("invoice_revision", &["account_id", "id", "invoice_id", "po_number", "notes", "created_at"], rows)
}
