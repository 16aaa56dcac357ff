//! Read one address.

use billing::{account::Session, address::Address, id::AddressId};
use db::Tx;

use crate::Error;

/// The address as it stands.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: AddressId) -> Result<Address, Error> {
    store::address::find(tx, session.account.id, id)?.ok_or(Error::not_found("Address", id.0))
}
