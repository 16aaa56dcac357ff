//! Where customers stand with their money, and their terms.

use std::collections::HashMap;

use billing::{
    customer::{LastPayment, Position},
    id::{AccountId, CustomerId},
    term::Term,
};
use db::{Error, Tx, values};
use money::Amount;

use crate::{
    many::each_of,
    row::{Columns, sum_of},
};

const FUNDS: &str = "SELECT unallocated AS amount FROM payment
        WHERE account_id = $1 AND customer_id = $2 AND unallocated > 0
    UNION ALL SELECT unallocated FROM opening_balance
        WHERE account_id = $1 AND customer_id = $2 AND unallocated > 0";

const CREDIT: &str = "SELECT unallocated AS amount FROM credit
    WHERE account_id = $1 AND customer_id = $2 AND unallocated > 0";

const UNBILLED: &str = "SELECT k.amount FROM draft_invoice i
        JOIN draft_charge k ON k.account_id = i.account_id AND k.draft_invoice_id = i.id
        WHERE i.account_id = $1 AND i.customer_id = $2 AND i.status = 'Ready'
    UNION ALL SELECT -d.amount FROM draft_invoice i
        JOIN draft_charge k ON k.account_id = i.account_id AND k.draft_invoice_id = i.id
        JOIN draft_discount d ON d.account_id = k.account_id AND d.charge_id = k.id
        WHERE i.account_id = $1 AND i.customer_id = $2 AND i.status = 'Ready'";

/// Where a customer stands beside its balance.
pub fn position(tx: &mut Tx<'_>, account: AccountId, id: CustomerId) -> Result<Position, Error> {
    let last_payment = tx.query_opt(
        "SELECT effective_at, amount FROM payment WHERE account_id = $1 AND customer_id = $2
         ORDER BY effective_at DESC, id DESC LIMIT 1",
        &values![account.0, id.0],
        |row| {
            let mut columns = Columns::of(row);
            Ok(LastPayment { effective_at: columns.instant()?, amount: columns.amount()? })
        },
    )?;
    Ok(Position {
        available_funds: total(tx, account, id, FUNDS)?,
        available_credit: total(tx, account, id, CREDIT)?,
        unbilled: total(tx, account, id, UNBILLED)?,
        last_payment,
    })
}

/// The sum of the amounts that `rows` finds of a customer; nothing when there are none.
fn total(tx: &mut Tx<'_>, account: AccountId, id: CustomerId, rows: &str) -> Result<Amount, Error> {
    let sum = sum_of("part.amount");
    let sql = format!("SELECT {sum} FROM ({rows}) AS part HAVING COUNT(*) > 0");
    let found = tx.query_opt(&sql, &values![account.0, id.0], |row| Columns::of(row).sum())?;
    Ok(found.unwrap_or_default())
}

/// The terms of those of these customers who have terms of their own.
pub fn terms_of(
    tx: &mut Tx<'_>,
    account: AccountId,
    customers: &[CustomerId],
) -> Result<HashMap<CustomerId, Term>, Error> {
    let ids: Vec<i64> = customers.iter().map(|id| id.0).collect();
    let sql = "SELECT customer_id, term FROM customer_billing_setting
        WHERE account_id = $1 AND customer_id IN ({owners}) AND term IS NOT NULL";
    let mut terms = HashMap::new();
    each_of(tx, account, &ids, sql, |id, columns| {
        terms.insert(CustomerId(id), columns.named()?);
        Ok(())
    })?;
    Ok(terms)
}
