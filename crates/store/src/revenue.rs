//! Deferred and earned revenue, summed from the ledger.

use std::collections::HashMap;

use billing::id::{AccountId, ChargeId, CustomerId, ProductId};
use calendar::Instant;
use db::{Error, Tx, values};
use money::{Amount, Currency};

use crate::{
    many::each_of,
    row::{Columns, at, sum_of},
};

/// Revenue of one product sold to one customer, net of discounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revenue {
    /// The product; none for what was deferred before without one.
    pub product: Option<ProductId>,
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
             SELECT COALESCE(c.product_id, d.product_id) AS product_id, t.customer_id AS customer_id, t.currency AS currency,
                 CASE WHEN l.credit IN ('DeferredRevenue', 'DeferredDiscount') THEN l.amount ELSE 0 END
                     - CASE WHEN l.debit IN ('DeferredRevenue', 'DeferredDiscount') THEN l.amount ELSE 0 END AS deferred,
                 CASE WHEN l.credit IN ('EarnedRevenue', 'EarnedDiscount') THEN l.amount ELSE 0 END
                     - CASE WHEN l.debit IN ('EarnedRevenue', 'EarnedDiscount') THEN l.amount ELSE 0 END AS earned
             FROM ledger_transaction t
             JOIN ledger_line l ON l.account_id = t.account_id AND l.transaction_id = t.id
             LEFT JOIN charge c ON c.account_id = t.account_id AND c.id = t.charge_id
             LEFT JOIN opening_deferral d ON d.account_id = t.account_id AND d.id = t.deferral_id
             WHERE t.account_id = $1 AND t.effective_at < $2 AND (c.id IS NOT NULL OR d.id IS NOT NULL)
         ) AS line
         GROUP BY product_id, customer_id, currency ORDER BY product_id, customer_id, currency",
        sum_of("deferred"),
        sum_of("earned")
    );
    tx.query(&sql, &values![account.0, at(until)], |row| {
        let mut columns = Columns::of(row);
        Ok(Revenue {
            product: columns.next::<Option<i64>>()?.map(ProductId),
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

/// What people call these products: the code of each.
pub fn product_labels(
    tx: &mut Tx<'_>,
    account: AccountId,
    products: &[i64],
) -> Result<HashMap<ProductId, String>, Error> {
    let sql = "SELECT id, code FROM product WHERE account_id = $1 AND id IN ({owners})";
    let mut labels = HashMap::new();
    each_of(tx, account, products, sql, |id, columns| {
        labels.insert(ProductId(id), columns.next()?);
        Ok(())
    })?;
    Ok(labels)
}

/// What people call these customers: the company, else the person; those with neither are left out.
pub fn customer_labels(
    tx: &mut Tx<'_>,
    account: AccountId,
    customers: &[i64],
) -> Result<HashMap<CustomerId, String>, Error> {
    let sql = "SELECT id, company_name, first_name, last_name FROM customer WHERE account_id = $1 AND id IN ({owners})";
    let mut labels = HashMap::new();
    each_of(tx, account, customers, sql, |id, columns| {
        let [company, first, last]: [Option<String>; 3] = [columns.next()?, columns.next()?, columns.next()?];
        let person: Vec<String> = [first, last].into_iter().flatten().collect();
        let label = company.or_else(|| (!person.is_empty()).then(|| person.join(" ")));
        labels.extend(label.map(|label| (CustomerId(id), label)));
        Ok(())
    })?;
    Ok(labels)
}
