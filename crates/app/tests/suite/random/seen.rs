//! A customer as the database has it, read by questions of its own: neither the reads nor the sums of the product.

use std::collections::BTreeMap;

use app::Tx;
use billing::id::{AccountId, CustomerId};
use db::{Error, Row, Value, values};

use super::model::view::View;

const MILLIONTHS_OF_A_CENT: i64 = 10_000;

const INVOICES: &str = "SELECT id, subtotal - discount + tax, payments, credits, credit_notes, write_offs, outstanding
    FROM invoice WHERE account_id = $1 AND customer_id = $2";

/// What is earned of a charge is the sum of the lines about it.
const CHARGES: &str = "SELECT c.purchase_id, c.amount,
        (SELECT CAST(COALESCE(SUM(d.amount), 0) AS BIGINT) FROM charge_discount d
         WHERE d.account_id = c.account_id AND d.charge_id = c.id),
        CAST(COALESCE(SUM(CASE WHEN l.credit = 'EarnedRevenue' THEN l.amount
            WHEN l.debit = 'EarnedRevenue' THEN -l.amount END), 0) AS BIGINT),
        CAST(COALESCE(SUM(CASE WHEN l.debit = 'EarnedDiscount' THEN l.amount
            WHEN l.credit = 'EarnedDiscount' THEN -l.amount END), 0) AS BIGINT),
        c.reversed, c.reversed_discount, c.reversed_tax
    FROM invoice i
    JOIN charge c ON c.account_id = i.account_id AND c.invoice_id = i.id
    LEFT JOIN ledger_transaction t
        ON t.account_id = i.account_id AND t.customer_id = i.customer_id AND t.charge_id = c.id
    LEFT JOIN ledger_line l ON l.account_id = t.account_id AND l.transaction_id = t.id
    WHERE i.account_id = $1 AND i.customer_id = $2
    GROUP BY c.account_id, c.id, c.purchase_id, c.amount, c.reversed, c.reversed_discount, c.reversed_tax";

const FUNDS: &str = "SELECT id, amount, unallocated, refundable FROM payment WHERE account_id = $1 AND customer_id = $2
    UNION ALL SELECT id, amount, unallocated, reversable FROM credit WHERE account_id = $1 AND customer_id = $2";

const ALLOCATIONS: &str = "SELECT a.payment_id, a.invoice_id, a.amount
    FROM payment p JOIN payment_allocation a ON a.account_id = p.account_id AND a.payment_id = p.id
    WHERE p.account_id = $1 AND p.customer_id = $2 AND a.amount > 0
    UNION ALL SELECT a.credit_id, a.invoice_id, a.amount
    FROM credit c JOIN credit_allocation a ON a.account_id = c.account_id AND a.credit_id = c.id
    WHERE c.account_id = $1 AND c.customer_id = $2 AND a.amount > 0";

const HELD: &str = "SELECT name, CAST(SUM(amount) AS BIGINT) FROM (
        SELECT l.debit AS name, l.amount AS amount FROM ledger_transaction t
        JOIN ledger_line l ON l.account_id = t.account_id AND l.transaction_id = t.id
        WHERE t.account_id = $1 AND t.customer_id = $2
        UNION ALL SELECT l.credit, -l.amount FROM ledger_transaction t
        JOIN ledger_line l ON l.account_id = t.account_id AND l.transaction_id = t.id
        WHERE t.account_id = $1 AND t.customer_id = $2
    ) AS side GROUP BY name HAVING SUM(amount) <> 0";

impl View {
    /// The customer as it is stored.
    pub(super) fn read(tx: &mut Tx<'_>, account: AccountId, customer: CustomerId) -> Result<Self, Error> {
        let whose = values![account.0, customer.0];
        let balance = tx.scalar("SELECT balance FROM customer WHERE account_id = $1 AND id = $2", &whose)?;
        let allocation = |row: &Row<'_>| Ok(((row.get(0)?, row.get(1)?), cents(row.get(2)?)));
        let held = |row: &Row<'_>| Ok((row.get(0)?, cents(row.get(1)?)));
        Ok(Self {
            balance: cents(balance),
            invoices: figures(tx, INVOICES, &whose, 6)?,
            charges: figures(tx, CHARGES, &whose, 7)?,
            funds: figures(tx, FUNDS, &whose, 3)?,
            allocations: tx.query(ALLOCATIONS, &whose, allocation)?.into_iter().collect(),
            held: tx.query(HELD, &whose, held)?.into_iter().collect(),
        })
    }
}

/// So many amounts after an id.
fn figures(tx: &mut Tx<'_>, sql: &str, whose: &[Value<'_>], count: usize) -> Result<BTreeMap<i64, Vec<i64>>, Error> {
    let row = |row: &Row<'_>| {
        let amounts = (1..=count).map(|place| row.get(place).map(cents)).collect::<Result<_, _>>()?;
        Ok((row.get(0)?, amounts))
    };
    Ok(tx.query(sql, whose, row)?.into_iter().collect())
}

fn cents(millionths: i64) -> i64 {
    assert_eq!(millionths % MILLIONTHS_OF_A_CENT, 0, "posted amounts are whole cents");
    millionths / MILLIONTHS_OF_A_CENT
}
