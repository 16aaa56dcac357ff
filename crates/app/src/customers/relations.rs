//! What a customer may share with others: its name in the portal with nobody, its parent with siblings.

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

/// Whether `parent` may become the parent of a customer that is locked, or not yet stored.
///
/// Everything above the customer is locked. Two moves that would together close a circle or build too deep have a
/// member in common that both lock, so the second sees what the first did.
pub(super) fn check_parent(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: Option<CustomerId>,
    currency: Currency,
    parent: CustomerId,
) -> Result<(), Error> {
    let ancestors = lock_ancestors(tx, session, parent)?;
    let levels_below = match customer {
        Some(customer) => store::customer::levels_below(tx, session.account.id, customer)?,
        None => 0,
    };
    Ok(Family { customer, currency, ancestors: &ancestors, levels_below }.check()?)
}

/// The parent, its parent, and so on.
fn lock_ancestors(tx: &mut Tx<'_>, session: &Session, parent: CustomerId) -> Result<Vec<Relative>, Error> {
    let mut ancestors = Vec::new();
    let mut next = Some(parent);
    while let Some(id) = next.filter(|_| ancestors.len() < LEVELS_MAX) {
        let relative = store::customer::lock_relative(tx, session.account.id, id)?;
        let relative = relative.ok_or(Error::not_found("Customer", id.0))?;
        next = relative.parent;
        ancestors.push(relative);
    }
    Ok(ancestors)
}
