//! What a customer may share with others: its name in the portal with nobody, its parent with siblings.

use std::collections::BTreeSet;

use billing::{
    account::Session,
    customer::{CustomerFields, Family, LEVELS_MAX, Relative},
    id::CustomerId,
    problem::Problems,
};
use db::Tx;
use money::Currency;

use crate::Error;

/// Records that another customer has the portal user name already.
pub(super) fn check_portal_user_name(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: Option<CustomerId>,
    fields: &CustomerFields,
    problems: &mut Problems,
) -> Result<(), Error> {
    let Some(name) = &fields.portal_user_name else { return Ok(()) };
    let holder = store::customer::find_by_portal_user_name(tx, session.account.id, name)?;
    if holder.is_some_and(|holder| Some(holder) != customer) {
        problems.push("PortalUserName", format!("PortalUserName {name} is already in use."));
    }
    Ok(())
}

/// Locks a customer, unless it is not yet stored, and with it everybody above the parent that it is to get, if it is to get
/// one. Answers who is locked, for [`check_parent`].
///
/// Everybody locks in the order of ids, so two moves never wait for each other. Two moves that would together close a circle
/// or build too deep have a member in common that both lock, so the second sees what the first did.
pub(super) fn lock(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: Option<CustomerId>,
    parent: Option<CustomerId>,
) -> Result<BTreeSet<CustomerId>, Error> {
    let ancestors = ancestors(tx, session, parent)?;
    let locked = ancestors.iter().map(|relative| relative.id).chain(customer).collect();
    store::customer::lock_many(tx, session.account.id, &locked)?;
    Ok(locked)
}

/// Whether `parent` may become the parent of a customer that is locked with everybody above it, or not yet stored.
pub(super) fn check_parent(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: Option<CustomerId>,
    currency: Currency,
    parent: CustomerId,
    locked: &BTreeSet<CustomerId>,
) -> Result<(), Error> {
    let ancestors = ancestors(tx, session, Some(parent))?;
    if ancestors.is_empty() {
        return Err(Error::not_found("Customer", parent.0));
    }
    if !ancestors.iter().all(|relative| locked.contains(&relative.id)) {
        // Locking the rest now would be out of order; from the start it is not.
        return Err(Error::Database(db::Error::Retryable("the hierarchy was moved before it was locked".to_owned())));
    }
    let levels_below = match customer {
        Some(customer) => store::customer::levels_below(tx, session.account.id, customer)?,
        None => 0,
    };
    Ok(Family { customer, currency, ancestors: &ancestors, levels_below }.check()?)
}

/// The parent, its parent, and so on; nobody when there is no such parent.
fn ancestors(tx: &mut Tx<'_>, session: &Session, parent: Option<CustomerId>) -> Result<Vec<Relative>, Error> {
    let mut ancestors = Vec::new();
    let mut next = parent;
    while let Some(id) = next.filter(|_| ancestors.len() < LEVELS_MAX) {
        let relative = store::customer::find_relative(tx, session.account.id, id)?;
        next = relative.and_then(|relative| relative.parent);
        ancestors.extend(relative);
    }
    Ok(ancestors)
}
