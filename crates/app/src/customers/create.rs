//! Create a customer.

use billing::{
    account::Session,
    address::{AddressPreference, PreferenceOrder},
    customer::{BillingSetting, Customer, CustomerFields},
    event::{Event, EventType},
    id::CustomerId,
    problem::Problems,
};
use db::Tx;
use money::Currency;

use super::relations::{self, check_parent, check_portal_user_name};
use crate::{Error, addresses::set_preference, payment_methods::make_default};

/// A customer as a caller asks for it; every field is within its own limits.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// The account's when absent; it never changes afterwards.
    pub currency: Option<Currency>,
    /// Everything else of the customer.
    pub fields: CustomerFields,
    /// Overrides of the account's billing settings.
    pub billing_setting: Option<BillingSetting>,
    /// How the customer is addressed; a shipping address comes with a billing address.
    pub address_preference: Option<PreferenceOrder>,
}

/// Stores a draft customer (customers.md §2.1).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Customer, Error> {
    let (account, now) = (session.account.id, session.now);
    let currency = order.currency.unwrap_or(session.account.currency);
    let mut problems = Problems::new();
    check_portal_user_name(tx, session, None, &order.fields, &mut problems)?;
    problems.into_result().map_err(Error::Invalid)?;
    if let Some(parent) = order.fields.parent {
        let locked = relations::lock(tx, session, None, Some(parent))?;
        check_parent(tx, session, None, currency, parent, &locked)?;
    }
    let id = CustomerId(tx.next_id()?);
    store::customer::insert(tx, account, id, currency, &order.fields, now)?;
    if let Some(parent) = order.fields.parent {
        make_default::inherit(tx, session, id, parent)?;
    }
    if let Some(setting) = &order.billing_setting {
        store::customer::insert_setting(tx, account, id, setting)?;
    }
    if let Some(preference) = &order.address_preference {
        set_preference::apply(tx, session, id, &AddressPreference::default(), preference)?;
    }
    let event = Event { event_type: EventType::CustomerCreated, customer: Some(id), subject_id: id.0 };
    store::event::insert(tx, account, &[event], now)?;
    super::find::run(tx, session, id)
}
