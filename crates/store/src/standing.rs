//! Where customers stand, and which of them a day may have changed.

use billing::{
    id::{AccountId, CustomerId, InvoiceId},
    named::Named,
    standing::Standing,
};
use calendar::{Date, Instant};
use db::{Error, Row, Tx, values};
use money::Amount;

use crate::row::{Columns, at, day_opt};

/// Where a customer stands, with what decides it beside its invoices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Where it stands.
    pub standing: Standing,
    /// What it owes, less unallocated money.
    pub balance: Amount,
    /// Less than this in advance is poor standing.
    pub threshold: Option<Amount>,
}

/// The threshold of a `customer` row by which its standing is judged too.
pub(crate) const THRESHOLD: &str = "(SELECT s.recharge_threshold_amount FROM customer_billing_setting s
    WHERE s.account_id = customer.account_id AND s.customer_id = customer.id AND s.status_on_threshold
        AND s.auto_collect_setting_type = 'Threshold')";

/// Where a customer stands.
pub fn find(tx: &mut Tx<'_>, account: AccountId, customer: CustomerId) -> Result<Option<Stored>, Error> {
    let sql = format!(
        "SELECT status, account_status, poor_standing_on, suspended_on, balance, {THRESHOLD}
         FROM customer WHERE account_id = $1 AND id = $2"
    );
    tx.query_opt(&sql, &values![account.0, customer.0], |row| {
        let mut columns = Columns::of(row);
        Ok(Stored {
            standing: Standing {
                status: columns.named()?,
                account_status: columns.named()?,
                poor_on: columns.date_opt()?,
                suspended_on: columns.date_opt()?,
            },
            balance: columns.amount()?,
            threshold: columns.next::<Option<i64>>()?.map(Amount::from_millionths),
        })
    })
}

/// Stores the accounting status of a locked customer and since when it is poor.
pub fn set(tx: &mut Tx<'_>, account: AccountId, customer: CustomerId, standing: &Standing) -> Result<(), Error> {
    tx.execute(
        "UPDATE customer SET account_status = $3, poor_standing_on = $4 WHERE account_id = $1 AND id = $2",
        &values![account.0, customer.0, standing.account_status.name(), day_opt(standing.poor_on)],
    )?;
    Ok(())
}

/// Stores since when a locked customer is suspended, or that it is not.
pub fn set_suspended_on(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    on: Option<Date>,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE customer SET suspended_on = $3 WHERE account_id = $1 AND id = $2",
        &values![account.0, customer.0, day_opt(on)],
    )?;
    Ok(())
}

/// An invoice that owes something that fell due by `$2`, and was posted on a day before: whoever is invoiced has at least
/// until midnight.
const OVERDUE: &str = "i.outstanding > 0 AND i.posted_at < $3 AND EXISTS (SELECT 1 FROM payment_schedule s
    WHERE s.account_id = i.account_id AND s.invoice_id = i.id AND s.outstanding > 0 AND s.due_at <= $2)";

/// The overdue invoices of a customer, oldest first; `today_at` is the first instant of today.
pub fn overdue(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    now: Instant,
    today_at: Instant,
) -> Result<Vec<InvoiceId>, Error> {
    let sql = format!(
        "SELECT i.id FROM invoice i WHERE i.account_id = $1 AND i.customer_id = $4 AND {OVERDUE} ORDER BY i.id"
    );
    tx.query(&sql, &values![account.0, at(now), at(today_at), customer.0], |row| row.get(0).map(InvoiceId))
}

/// Customers after `after`, in order of id, for whom a day makes a difference: those with an overdue invoice, those in poor
/// standing or suspended, and those whose funds are topped up.
pub fn customers_due(
    tx: &mut Tx<'_>,
    account: AccountId,
    now: Instant,
    today_at: Instant,
    after: CustomerId,
    count_max: i64,
) -> Result<Vec<CustomerId>, Error> {
    tx.query(
        "SELECT i.customer_id FROM payment_schedule s
             JOIN invoice i ON i.account_id = s.account_id AND i.id = s.invoice_id
             WHERE s.account_id = $1 AND s.outstanding > 0 AND s.due_at <= $2 AND i.posted_at < $3 AND i.customer_id > $4
         UNION
         SELECT id FROM customer WHERE account_id = $1 AND id > $4
             AND (poor_standing_on IS NOT NULL OR suspended_on IS NOT NULL)
         UNION
         SELECT customer_id FROM customer_billing_setting
             WHERE account_id = $1 AND customer_id > $4 AND auto_collect_setting_type = 'Threshold'
         ORDER BY 1 LIMIT $5",
        &values![account.0, at(now), at(today_at), after.0, count_max],
        |row: &Row<'_>| row.get(0).map(CustomerId),
    )
}
