//! Everything that stands on a credit note as its customer gets it.

use billing::{account::Session, credit_note::CreditNote, id::CreditNoteId, invoice::Invoice, profile::AccountProfile};
use db::Tx;

use super::find;
use crate::Error;

/// A credit note and what is printed around it.
#[derive(Debug, Clone)]
pub struct Papers {
    /// What the account says of itself.
    pub profile: AccountProfile,
    /// The credit note with its reversals.
    pub note: CreditNote,
    /// Its invoice with the charges.
    pub invoice: Invoice,
}

/// A credit note to be printed.
pub fn of_credit_note(tx: &mut Tx<'_>, session: &Session, id: CreditNoteId) -> Result<Papers, Error> {
    let (note, invoice) = find::run(tx, session, id)?;
    let profile = store::account_profile::find(tx, session.account.id)?;
    Ok(Papers { profile, note, invoice })
}
