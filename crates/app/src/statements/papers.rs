//! Everything that stands on a statement as its customer gets it.

use billing::{
    account::Session, address::AddressPreference, customer::Contact, profile::AccountProfile, statement::StatementOrder,
};
use db::Tx;

use super::generate::{self, Generated};
use crate::Error;

/// A statement and what is printed around it.
#[derive(Debug, Clone)]
pub struct Papers {
    /// What the account says of itself.
    pub profile: AccountProfile,
    /// The customer's names and contacts as they are now.
    pub contact: Contact,
    /// Where the customer is now.
    pub addresses: Option<AddressPreference>,
    /// The statement.
    pub generated: Generated,
}

/// A statement to be printed.
pub fn of_statement(tx: &mut Tx<'_>, session: &Session, order: &StatementOrder) -> Result<Papers, Error> {
    let account = session.account.id;
    let generated = generate::run(tx, session, order)?;
    Ok(Papers {
        profile: store::account_profile::find(tx, account)?,
        contact: store::customer::billing(tx, account, order.customer)?.contact,
        addresses: store::address::find_preference(tx, account, order.customer)?,
        generated,
    })
}
