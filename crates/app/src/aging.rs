//! What every customer owed at the end of a day, by how long it had been due. What was owed follows from what was recorded by
//! then and is reported the same for ever; how old it was follows from the terms as they are now.

use std::collections::{BTreeMap, HashMap};

use billing::{account::Session, aging::Aging, id::CustomerId, invoice};
use calendar::{Date, Instant, add_days};
use db::Tx;
use money::{Amount, Currency};
use store::aging::{Asked, PostedInvoice};

use crate::Error;

/// What a customer owed on its invoices. Money and credit that are not allocated are not taken from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Who owed.
    pub customer: CustomerId,
    /// The customer's name.
    pub label: Option<String>,
    /// In which currency.
    pub currency: Currency,
    /// How much, by age.
    pub aging: Aging,
}

/// Debts at the end of a day of the account's time zone, today at the latest, by customer. Those without any are left out.
pub fn as_of(tx: &mut Tx<'_>, session: &Session, on: Date) -> Result<Vec<Row>, Error> {
    let (account, zone) = (session.account.id, &session.account.zone);
    if on > zone.date_of(session.now) {
        return Err(Error::invalid("AsOf", "The date must not be in the future."));
    }
    let until = zone.start_of(add_days(on, 1));
    let taken = store::aging::taken(tx, account, Asked::Recorded, until)?;
    let mut rows: BTreeMap<(CustomerId, &'static str), Row> = BTreeMap::new();
    for invoice in store::aging::posted(tx, account, Asked::Recorded, until)? {
        let (customer, currency) = (invoice.customer, invoice.currency);
        let row = rows.entry((customer, currency.code()));
        let row = row.or_insert(Row { customer, label: None, currency, aging: Aging::default() });
        add(&mut row.aging, session, &invoice, taken.get(&invoice.id).copied().unwrap_or_default(), on)?;
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    rows.retain(|row| row.aging != Aging::default());
    let customers: Vec<i64> = rows.iter().map(|row| row.customer.0).collect();
    let labels = store::revenue::customer_labels(tx, account, &customers)?;
    for row in &mut rows {
        row.label = labels.get(&row.customer).cloned();
    }
    Ok(rows)
}

/// What a customer's invoices owe by what counts before an instant, as they are aged on a day.
pub(crate) fn of_customer(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    until: Instant,
    on: Date,
) -> Result<Aging, Error> {
    let (account, asked) = (session.account.id, Asked::Effective(customer));
    let taken = store::aging::taken(tx, account, asked, until)?;
    let mut aging = Aging::default();
    for invoice in store::aging::posted(tx, account, asked, until)? {
        // Money that was recorded later may count before: an invoice that got it and had been settled owes nothing then.
        add(&mut aging, session, &invoice, taken.get(&invoice.id).copied().unwrap_or_default(), on)?;
    }
    Ok(aging)
}

/// Adds what the instalments of an invoice owe after so much was taken from it.
fn add(aging: &mut Aging, session: &Session, invoice: &PostedInvoice, taken: Amount, on: Date) -> Result<(), Error> {
    let settled: HashMap<_, _> = invoice::settle(&invoice.schedules, taken)?.into_iter().collect();
    for schedule in &invoice.schedules {
        let owed = settled.get(&schedule.id).copied().unwrap_or(schedule.outstanding);
        aging.add(owed, session.account.zone.date_of(schedule.due_at), on)?;
    }
    Ok(())
}
