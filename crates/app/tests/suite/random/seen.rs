//! A customer as the database has it, read by questions of its own: neither the reads nor the sums of the product. They take
//! as long for the last customer as for the first, and of the ledger they read what is new.

use std::collections::BTreeMap;

use app::Tx;
use billing::id::{AccountId, CustomerId};
use db::{Day, Error, Millis, Row, Value, values};

use super::{
    model::{draft, invoice::told, line, view::View},
    operation::Taken,
};

const MILLIONTHS_OF_A_CENT: i64 = 10_000;
/// A tenth of a percent, as percentages are stored.
const MILLIONTHS_OF_A_MILLE: i64 = 100_000;
const MILLIS_OF_A_DAY: i64 = 86_400_000;

const INVOICES: &str = "SELECT id, subtotal - discount + tax, payments, credits, credit_notes, write_offs, outstanding
    FROM invoice WHERE account_id = $1 AND customer_id = $2";

const PAPERS: &str = "SELECT i.id,
        CASE WHEN i.write_offs > 0 THEN 'given up' WHEN i.paid_at IS NULL THEN 'open' ELSE 'paid' END,
        i.is_hidden_on_portal, i.notes, (SELECT COUNT(*) FROM invoice_revision r
            WHERE r.account_id = i.account_id AND r.invoice_id = i.id)
    FROM invoice i WHERE i.account_id = $1 AND i.customer_id = $2";

// CROSS JOIN names the order in which SQLite is to go, which is from the customer.
const INSTALMENTS: &str = "SELECT s.invoice_id, s.due_at, s.amount, s.outstanding
    FROM invoice i CROSS JOIN payment_schedule s
    WHERE i.account_id = $1 AND i.customer_id = $2 AND s.account_id = i.account_id AND s.invoice_id = i.id
    ORDER BY s.invoice_id, s.due_at, s.id";

const CHARGES: &str = "SELECT c.purchase_id, c.id, c.amount,
        (SELECT CAST(COALESCE(SUM(d.amount), 0) AS BIGINT) FROM charge_discount d
         WHERE d.account_id = c.account_id AND d.charge_id = c.id),
        c.reversed, c.reversed_discount, c.reversed_tax
    FROM invoice i CROSS JOIN charge c
    WHERE i.account_id = $1 AND i.customer_id = $2 AND c.account_id = i.account_id AND c.invoice_id = i.id";

const DRAFTS: &str = "SELECT id, status, COALESCE(term, 'Net0') FROM draft_invoice
    WHERE account_id = $1 AND customer_id = $2";

const DRAFT_INSTALMENTS: &str = "SELECT s.draft_invoice_id, s.amount, s.days_due_after_term
    FROM draft_invoice d CROSS JOIN draft_schedule s
    WHERE d.account_id = $1 AND d.customer_id = $2 AND s.account_id = d.account_id AND s.draft_invoice_id = d.id
    ORDER BY s.draft_invoice_id, s.id";

/// A line has one discount at most.
const WAITING: &str =
    "SELECT c.purchase_id, c.draft_invoice_id, c.quantity, c.unit_price, c.amount, COALESCE(t.amount, 0),
        t.discount_type, t.configured_amount
    FROM draft_invoice d CROSS JOIN draft_charge c
    LEFT JOIN draft_discount t ON t.account_id = c.account_id AND t.charge_id = c.id
    WHERE d.account_id = $1 AND d.customer_id = $2 AND c.account_id = d.account_id AND c.draft_invoice_id = d.id";

const FUNDS: &str = "SELECT id, amount, unallocated, refundable FROM payment WHERE account_id = $1 AND customer_id = $2
    UNION ALL SELECT id, amount, unallocated, reversable FROM credit WHERE account_id = $1 AND customer_id = $2
    UNION ALL SELECT id, amount, unallocated, unallocated FROM opening_balance
    WHERE account_id = $1 AND customer_id = $2 AND invoice_id IS NULL";

const DEFERRALS: &str = "SELECT id, amount, earned, reversed FROM opening_deferral
    WHERE account_id = $1 AND customer_id = $2";

const ALLOCATIONS: &str = "SELECT a.payment_id, a.invoice_id, a.amount
    FROM payment p CROSS JOIN payment_allocation a
    WHERE p.account_id = $1 AND p.customer_id = $2 AND a.account_id = p.account_id AND a.payment_id = p.id
        AND a.amount > 0
    UNION ALL SELECT a.credit_id, a.invoice_id, a.amount
    FROM credit c CROSS JOIN credit_allocation a
    WHERE c.account_id = $1 AND c.customer_id = $2 AND a.account_id = c.account_id AND a.credit_id = c.id
        AND a.amount > 0
    UNION ALL SELECT a.opening_balance_id, a.invoice_id, a.amount
    FROM opening_balance o CROSS JOIN deposit_allocation a
    WHERE o.account_id = $1 AND o.customer_id = $2 AND a.account_id = o.account_id AND a.opening_balance_id = o.id
        AND a.amount > 0";

const STANDING: &str =
    "SELECT balance, account_status, poor_standing_on FROM customer WHERE account_id = $1 AND id = $2";

const POSTED: &str = "SELECT t.sequence, t.charge_id, l.debit, l.credit, l.amount
    FROM ledger_transaction t CROSS JOIN ledger_line l
    WHERE t.account_id = $1 AND t.customer_id = $2 AND t.sequence > $3
        AND l.account_id = t.account_id AND l.transaction_id = t.id
    ORDER BY t.sequence";

/// What a customer's ledger comes to, as far as it was read: it only grows.
#[derive(Debug, Clone, Default)]
pub(super) struct Posted {
    through: i64,
    held: BTreeMap<String, i64>,
    /// By charge: of its amount, and of its discount.
    earned: BTreeMap<i64, [i64; 2]>,
}

impl Posted {
    fn read_on(&mut self, tx: &mut Tx<'_>, account: AccountId, customer: CustomerId) -> Result<(), Error> {
        tx.each(POSTED, &values![account.0, customer.0, self.through], |row| {
            let (debit, credit, amount): (String, String, _) = (row.get(2)?, row.get(3)?, cents(row.get(4)?));
            self.through = row.get(0)?;
            if let Some(charge) = row.get(1)? {
                let [gross, discount] = self.earned.entry(charge).or_default();
                for (name, signed) in [(&debit, amount), (&credit, -amount)] {
                    match name.as_str() {
                        "EarnedRevenue" => *gross -= signed,
                        "EarnedDiscount" => *discount += signed,
                        _ => {}
                    }
                }
            }
            *self.held.entry(debit).or_default() += amount;
            *self.held.entry(credit).or_default() -= amount;
            Ok(())
        })
    }
}

impl View {
    /// The customer as it is stored.
    pub(super) fn read(
        tx: &mut Tx<'_>,
        account: AccountId,
        customer: CustomerId,
        posted: &mut Posted,
    ) -> Result<Self, Error> {
        let whose = values![account.0, customer.0];
        let standing = |row: &Row<'_>| {
            let since: Option<Day> = row.get(2)?;
            Ok((row.get(0)?, (row.get(1)?, since.map(|Day(day)| i64::from(day)))))
        };
        let (balance, standing) = tx.query_one(STANDING, &whose, standing)?;
        let allocation = |row: &Row<'_>| Ok(((row.get(0)?, row.get(1)?), cents(row.get(2)?)));
        posted.read_on(tx, account, customer)?;
        let held = posted.held.iter().filter(|(_, amount)| **amount != 0);
        Ok(Self {
            balance: cents(balance),
            standing,
            invoices: figures(tx, INVOICES, &whose, 6)?,
            charges: charges(tx, &whose, posted)?,
            papers: papers(tx, &whose)?,
            drafts: drafts(tx, &whose)?,
            waiting: tx.query(WAITING, &whose, waiting)?.into_iter().collect(),
            funds: figures(tx, FUNDS, &whose, 3)?,
            deferrals: figures(tx, DEFERRALS, &whose, 3)?,
            allocations: tx.query(ALLOCATIONS, &whose, allocation)?.into_iter().collect(),
            held: held.map(|(name, amount)| (name.clone(), *amount)).collect(),
        })
    }
}

/// What is earned of a charge is the sum of the lines about it.
fn charges(tx: &mut Tx<'_>, whose: &[Value<'_>], posted: &Posted) -> Result<BTreeMap<i64, Vec<i64>>, Error> {
    let charge = |row: &Row<'_>| {
        let [gross, discount] = posted.earned.get(&row.get(1)?).copied().unwrap_or_default();
        let figure = |place| row.get(place).map(cents);
        Ok((row.get(0)?, vec![figure(2)?, figure(3)?, gross, discount, figure(4)?, figure(5)?, figure(6)?]))
    };
    Ok(tx.query(CHARGES, whose, charge)?.into_iter().collect())
}

fn drafts(tx: &mut Tx<'_>, whose: &[Value<'_>]) -> Result<BTreeMap<i64, String>, Error> {
    let mut parts: BTreeMap<i64, Vec<(i64, i64)>> = BTreeMap::new();
    tx.each(DRAFT_INSTALMENTS, whose, |row| {
        parts.entry(row.get(0)?).or_default().push((cents(row.get(1)?), row.get(2)?));
        Ok::<_, Error>(())
    })?;
    let draft = |row: &Row<'_>| {
        let (id, standing, term): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok((id, draft::told(&standing, &term, parts.get(&id).map_or(&[], Vec::as_slice))))
    };
    Ok(tx.query(DRAFTS, whose, draft)?.into_iter().collect())
}

/// A purchase that waits, with what it sells.
fn waiting(row: &Row<'_>) -> Result<(i64, (String, Vec<i64>)), Error> {
    let (discount_type, configured): (Option<String>, Option<i64>) = (row.get(6)?, row.get(7)?);
    let taken = configured.map(|configured| match discount_type.as_deref() {
        Some("Percentage") => Taken::PerMille(configured / MILLIONTHS_OF_A_MILLE),
        _ => Taken::Cents(cents(configured)),
    });
    let figures = vec![row.get(1)?, cents(row.get(4)?), cents(row.get(5)?)];
    Ok((row.get(0)?, (line::told(row.get(2)?, row.get(3)?, taken), figures)))
}

/// What invoices say, and when they are to be paid.
fn papers(tx: &mut Tx<'_>, whose: &[Value<'_>]) -> Result<BTreeMap<i64, (String, Vec<i64>)>, Error> {
    let paper = |row: &Row<'_>| {
        let (paid, count): (String, i64) = (row.get(1)?, row.get(4)?);
        Ok((row.get(0)?, (told(&paid, row.get(2)?, count.unsigned_abs(), row.get(3)?), Vec::new())))
    };
    let mut papers: BTreeMap<i64, (String, Vec<i64>)> = tx.query(PAPERS, whose, paper)?.into_iter().collect();
    tx.each(INSTALMENTS, whose, |row| {
        let Millis(due_at) = row.get(1)?;
        let (_, instalments) = papers.entry(row.get(0)?).or_default();
        instalments.extend([due_at.div_euclid(MILLIS_OF_A_DAY), cents(row.get(2)?), cents(row.get(3)?)]);
        Ok(())
    })?;
    Ok(papers)
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
