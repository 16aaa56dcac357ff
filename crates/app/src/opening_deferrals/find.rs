//! Read one opening deferral.

use billing::{account::Session, id::OpeningDeferralId, opening_deferral::OpeningDeferral};
use db::Tx;

use crate::Error;

/// The opening deferral.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: OpeningDeferralId) -> Result<OpeningDeferral, Error> {
    let found = store::opening_deferral::find(tx, session.account.id, id)?;
    found.ok_or(Error::not_found("OpeningDeferral", id.0))
}
