//! Deferred and earned revenue as of a day. The figures follow from what was posted and from the schedules, not from
//! when the daily round took place, so a day that was reported once is reported the same for ever.

use std::collections::BTreeMap;

use billing::{
    account::Session,
    id::{CustomerId, ProductId},
    opening_deferral::OpeningDeferral,
};
use calendar::{Date, add_days};
use db::Tx;
use money::{Amount, Currency};
use store::{earning::EarningSchedule, revenue::Revenue};

use crate::{Error, earning};

/// What the rows of a report stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The whole account.
    Account,
    /// Each product.
    Product,
    /// Each customer.
    Customer,
}

/// A row of a report; amounts are net of discounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The product, in a report by product; none for what was deferred before without one.
    pub product: Option<ProductId>,
    /// The customer, in a report by customer.
    pub customer: Option<CustomerId>,
    /// The product's code, or the customer's name.
    pub label: Option<String>,
    /// In which currency.
    pub currency: Currency,
    /// Charged and not yet earned.
    pub deferred: Amount,
    /// Earned.
    pub earned: Amount,
}

type Key = (Option<ProductId>, Option<CustomerId>, &'static str);

/// Revenue at the end of a day of the account's time zone, today at the latest; by currency, then as asked for.
pub fn as_of(tx: &mut Tx<'_>, session: &Session, on: Date, by: By) -> Result<Vec<Row>, Error> {
    let (account, zone) = (session.account.id, &session.account.zone);
    if on > zone.date_of(session.now) {
        return Err(Error::invalid("AsOf", "The date must not be in the future."));
    }
    let mut rows: BTreeMap<Key, Row> = BTreeMap::new();
    for posted in store::revenue::posted(tx, account, zone.start_of(add_days(on, 1)))? {
        add(&mut rows, by, &posted)?;
    }
    store::opening_deferral::each_open(tx, account, |deferral| {
        let Some(amount) = overdue_of_deferral(&deferral, on)? else { return Ok(()) };
        let OpeningDeferral { product, customer, currency, .. } = deferral;
        let revenue = Revenue { product, customer, currency, deferred: amount.negated(), earned: amount };
        add(&mut rows, by, &revenue)
    })?;
    let mut late = Vec::new();
    store::earning::each_open(tx, account, |place| {
        late.extend(overdue(&place, on)?.map(|amount| (place, amount)));
        Ok::<_, Error>(())
    })?;
    for (place, amount) in late {
        let revenue = Revenue {
            product: Some(store::revenue::product_of(tx, account, place.charge)?),
            customer: place.customer,
            currency: place.currency,
            deferred: amount.negated(),
            earned: amount,
        };
        add(&mut rows, by, &revenue)?;
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    rows.retain(|row| !(row.deferred.is_zero() && row.earned.is_zero()));
    name(tx, session, &mut rows)?;
    Ok(rows)
}

/// Tells the products or the customers of the rows by what people call them.
fn name(tx: &mut Tx<'_>, session: &Session, rows: &mut [Row]) -> Result<(), Error> {
    let account = session.account.id;
    let products: Vec<i64> = rows.iter().filter_map(|row| Some(row.product?.0)).collect();
    let customers: Vec<i64> = rows.iter().filter_map(|row| Some(row.customer?.0)).collect();
    let products = store::revenue::product_labels(tx, account, &products)?;
    let customers = store::revenue::customer_labels(tx, account, &customers)?;
    for row in rows {
        let product = row.product.and_then(|id| products.get(&id));
        row.label = product.or_else(|| customers.get(&row.customer?)).cloned();
    }
    Ok(())
}

/// What of a schedule fell due by the end of a day and is not posted yet, net of discounts.
fn overdue(place: &EarningSchedule, on: Date) -> Result<Option<Amount>, Error> {
    let Some(next) = place.next_due_on.filter(|next| *next <= on) else { return Ok(None) };
    let (amount, discount) = earning::schedules(place)?;
    let after = Some(add_days(next, -1));
    let sum = |schedule: billing::earning::Schedule| Amount::sum(schedule.parts_due(after, on).map(|part| part.amount));
    Ok(Some(sum(amount)?.checked_sub(sum(discount)?)?))
}

/// The same of what was deferred before.
fn overdue_of_deferral(deferral: &OpeningDeferral, on: Date) -> Result<Option<Amount>, Error> {
    let Some(next) = deferral.next_due_on.filter(|next| *next <= on) else { return Ok(None) };
    let due = deferral.schedule()?.parts_due(Some(add_days(next, -1)), on);
    Ok(Some(Amount::sum(due.map(|part| part.amount))?))
}

fn add(rows: &mut BTreeMap<Key, Row>, by: By, revenue: &Revenue) -> Result<(), Error> {
    let product = revenue.product.filter(|_| by == By::Product);
    let customer = (by == By::Customer).then_some(revenue.customer);
    let row = rows.entry((product, customer, revenue.currency.code())).or_insert_with(|| Row {
        product,
        customer,
        label: None,
        currency: revenue.currency,
        deferred: Amount::ZERO,
        earned: Amount::ZERO,
    });
    row.deferred = row.deferred.checked_add(revenue.deferred)?;
    row.earned = row.earned.checked_add(revenue.earned)?;
    Ok(())
}
