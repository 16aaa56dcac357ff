//! How a row names its customer (bulk-jobs.md §7.3): by one column or several, which have to agree on one customer.

use billing::{account::Session, customer::Identity, id::CustomerId, problem::Problems};
use db::Tx;

use super::{
    Column,
    row::{Row, whole},
};
use crate::Error;

pub(super) const STAX_BILL_ID: Column = Column::optional("StaxBillId", "Id of the customer.");
pub(super) const REFERENCE: Column = Column::optional("Reference", "Your own id of the customer.");
pub(super) const COMPANY_NAME: Column = Column::optional("CompanyName", "Company of the customer.");
pub(super) const PRIMARY_EMAIL: Column =
    Column::optional("PrimaryEmail", "E-mail address of the customer, or all of them as they are stored.");

/// What a row names its customer by; nothing when it names none.
pub(super) fn read(row: &Row, problems: &mut Problems) -> Option<Identity> {
    let text = |problems: &mut Problems, Column { name, .. }: Column| row.text(problems, name, 255);
    let identity = Identity {
        id: row.get(problems, STAX_BILL_ID.name, whole).map(CustomerId),
        reference: text(problems, REFERENCE),
        company_name: text(problems, COMPANY_NAME),
        primary_email: text(problems, PRIMARY_EMAIL),
    };
    if identity.is_empty() && problems.is_empty() {
        problems.push("", "One of StaxBillId, Reference, CompanyName and PrimaryEmail is required.");
    }
    (!identity.is_empty()).then_some(identity)
}

/// The one customer who is meant.
pub(super) fn find(tx: &mut Tx<'_>, session: &Session, identity: &Identity) -> Result<CustomerId, Error> {
    match store::customer::identify(tx, session.account.id, identity)?.as_slice() {
        [] => Err(Error::Absent(format!("There is no customer with {identity}."))),
        [customer] => Ok(*customer),
        [_, _, ..] => Err(Error::Absent(format!("More than one customer has {identity}."))),
    }
}

/// Whom a row is about, to be locked. Nobody, if nobody is meant: that is told when the row is looked at. Who is meant is asked
/// again then, for an earlier row may have changed it.
pub(super) fn customers(tx: &mut Tx<'_>, session: &Session, identity: &Identity) -> Result<Vec<CustomerId>, Error> {
    if let Some(id) = identity.id {
        return Ok(vec![id]);
    }
    Ok(store::customer::identify(tx, session.account.id, identity)?)
}
