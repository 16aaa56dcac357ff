//! Deferred and earned revenue, summed from the ledger.

use billing::id::{AccountId, ChargeId, CustomerId, ProductId};
use calendar::Instant;
use db::{Error, Tx, values};
use money::{Amount, Currency};

use crate::row::{Columns, at, sum_of};

/// Revenue of one product sold to one customer, net of discounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revenue {
    /// The product.
    pub product: ProductId,
    /// The customer.
    pub customer: CustomerId,
    /// In which currency.
    pub currency: Currency,
    /// Charged and not yet earned.
    pub deferred: Amount,
    /// Earned.
    pub earned: Amount,
}

/// What was posted with an effective time before `until`, by product and customer.
pub fn posted(tx: &mut Tx<'_>, account: AccountId, until: Instant) -> Result<Vec<Revenue>, Error> {
    let sql = format!(
        "SELECT product_id, customer_id, currency, {}, {} FROM (
             SELECT c.product_id AS product_id, t.customer_id AS customer_id, t.currency AS currency,
                 CASE WHEN l.credit IN ('DeferredRevenue', 'DeferredDiscount') THEN l.amount ELSE 0 END
                     - CASE WHEN l.debit IN ('DeferredRevenue', 'DeferredDiscount') THEN l.amount ELSE 0 END AS deferred,
                 CASE WHEN l.credit IN ('EarnedRevenue', 'EarnedDiscount') THEN l.amount ELSE 0 END
                     - CASE WHEN l.debit IN ('EarnedRevenue', 'EarnedDiscount') THEN l.amount ELSE 0 END AS earned
             FROM ledger_transaction t
             JOIN ledger_line l ON l.account_id = t.account_id AND l.transaction_id = t.id
             JOIN charge c ON c.account_id = t.account_id AND c.id = t.charge_id
             WHERE t.account_id = $1 AND t.effective_at < $2
         ) AS line
         GROUP BY product_id, customer_id, currency ORDER BY product_id, customer_id, currency",
        sum_of("deferred"),
        sum_of("earned")
    );
    tx.query(&sql, &values![account.0, at(until)], |row| {
        let mut columns = Columns::of(row);
        Ok(Revenue {
            product: ProductId(columns.next()?),
            customer: CustomerId(columns.next()?),
            currency: columns.currency()?,
            deferred: columns.sum()?,
            earned: columns.sum()?,
        })
    })
}

/// The product of a charge.
pub fn product_of(tx: &mut Tx<'_>, account: AccountId, charge: ChargeId) -> Result<ProductId, Error> {
    tx.scalar("SELECT product_id FROM charge WHERE account_id = $1 AND id = $2", &values![account.0, charge.0])
        .map(ProductId)
}

/// What people call a product: its code.
pub fn product_label(tx: &mut Tx<'_>, account: AccountId, id: ProductId) -> Result<Option<String>, Error> {
    tx.query_opt("SELECT code FROM product WHERE account_id = $1 AND id = $2", &values![account.0, id.0], |row| {
        row.get(0)
    })
}

/// What people call a customer: the company, else the person, else nothing.
pub fn customer_label(tx: &mut Tx<'_>, account: AccountId, id: CustomerId) -> Result<Option<String>, Error> {
    let found = tx.query_opt(
        "SELECT company_name, first_name, last_name FROM customer WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0],
        |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]),
    )?;
    let [company, first, last]: [Option<String>; 3] = found.unwrap_or_default();
    let person: Vec<String> = [first, last].into_iter().flatten().collect();
    Ok(company.or_else(|| (!person.is_empty()).then(|| person.join(" "))))
}
