//! The parent of a customer in a file: by its id or by a reference that nobody else has (bulk-jobs.md §7.1).

use std::collections::BTreeSet;

use billing::{account::Session, customer::Identity, id::CustomerId};
use db::Tx;

use crate::{Error, payment_methods::ancestors};

/// The one customer who is meant. A number may be an id or a reference; where it is both, of different customers, nobody is.
pub(super) fn find(tx: &mut Tx<'_>, session: &Session, text: &str) -> Result<CustomerId, Error> {
    let found = named(tx, session, text)?;
    match (found.first(), found.len()) {
        (Some(parent), 1) => Ok(*parent),
        (None, _) => Err(Error::Absent(format!("There is no customer {text} to be the parent."))),
        (Some(_), _) => Err(Error::Absent(format!("More than one customer could be the parent {text}."))),
    }
}

/// The parent and everybody above it, to be locked; nobody while nobody is meant.
pub(super) fn family(tx: &mut Tx<'_>, session: &Session, text: &str) -> Result<Vec<CustomerId>, Error> {
    let mut family = Vec::new();
    for parent in named(tx, session, text)? {
        family.push(parent);
        family.extend(ancestors(tx, session.account.id, parent)?);
    }
    Ok(family)
}

fn named(tx: &mut Tx<'_>, session: &Session, text: &str) -> Result<BTreeSet<CustomerId>, Error> {
    let by_reference = Identity { reference: Some(text.to_owned()), ..Identity::default() };
    let mut found = BTreeSet::from_iter(store::customer::identify(tx, session.account.id, &by_reference)?);
    if let Ok(id) = text.parse() {
        let by_id = Identity { id: Some(CustomerId(id)), ..Identity::default() };
        found.extend(store::customer::identify(tx, session.account.id, &by_id)?);
    }
    Ok(found)
}
