//! What was posted, by subject: a charge with its discounts, taxes, reversals and earnings, a payment, a write-off.

use billing::id::{AccountId, CustomerId};
use db::{Error, Row, Tx, values};
use money::Amount;

use super::{StoredLine, unknown_part};

/// A row that the ledger posts under the row's own id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredFact<'r> {
    /// A charge: the name of its earning timing interval, empty for none and `DoesNotEarn` also when that is its timing
    /// type, and what it says was reversed of it.
    Charge(&'r str, StoredReversal),
    /// A discount on a charge.
    Discount,
    /// A tax on a charge.
    Tax,
    /// What of a charge was taken back beside the gross amount.
    Reversal(StoredReversal),
    /// A payment.
    Payment(CustomerId),
    /// A write-off.
    WriteOff(CustomerId),
}

/// What was taken back; `amount` is gross.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StoredReversal {
    /// Gross.
    pub amount: Amount,
    /// Discounts on that.
    pub discount: Amount,
    /// Taxes on that.
    pub tax: Amount,
}

/// How far the schedule of a charge says that it got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredSchedule {
    /// Gross amount to earn in all.
    pub amount: Amount,
    /// Discount to earn in all.
    pub discount: Amount,
    /// Earned of the amount.
    pub earned: Amount,
    /// Earned of the discount.
    pub earned_discount: Amount,
}

/// One of the rows of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostingRow<'r> {
    /// What is posted under this id, and how much.
    Fact(i64, StoredFact<'r>, Amount),
    /// The schedule of the charge.
    Schedule(StoredSchedule),
    /// A ledger transaction, after all facts: its id, its customer and the name of its kind, with one of its lines, or
    /// with none when it has none.
    Line(i64, CustomerId, &'r str, Option<StoredLine<'r>>),
}

/// Visits everything that was posted in an account, by subject: the id of the charge, or of the payment or write-off.
pub fn each_posting_row(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(i64, PostingRow<'_>),
) -> Result<(), Error> {
    tx.each(
        "SELECT COALESCE(t.charge_id, t.id), 7, t.id, l.line_number, t.customer_id, t.kind, COALESCE(l.debit, ''),
             COALESCE(l.credit, ''), COALESCE(l.amount, 0), 0, 0, 0
         FROM ledger_transaction t
         LEFT JOIN ledger_line l ON l.account_id = t.account_id AND l.transaction_id = t.id
         WHERE t.account_id = $1
         UNION ALL
         SELECT id, 0, id, 0, 0,
             CASE WHEN earning_timing_type = 'DoesNotEarn' THEN 'DoesNotEarn'
                 ELSE COALESCE(earning_timing_interval, '') END,
             '', '', amount, reversed, reversed_discount, reversed_tax
         FROM charge WHERE account_id = $1
         UNION ALL
         SELECT charge_id, 1, id, 0, 0, '', '', '', amount, 0, 0, 0 FROM charge_discount WHERE account_id = $1
         UNION ALL
         SELECT charge_id, 2, id, 0, 0, '', '', '', amount, 0, 0, 0 FROM charge_tax WHERE account_id = $1
         UNION ALL
         SELECT charge_id, 3, id, 0, 0, '', '', '', amount, amount, discount, tax FROM reversal WHERE account_id = $1
         UNION ALL
         SELECT id, 4, id, 0, customer_id, '', '', '', amount, 0, 0, 0 FROM payment WHERE account_id = $1
         UNION ALL
         SELECT id, 5, id, 0, customer_id, '', '', '', amount, 0, 0, 0 FROM write_off WHERE account_id = $1
         UNION ALL
         SELECT charge_id, 6, 0, 0, 0, '', '', '', amount, discount, earned, earned_discount
         FROM earning_schedule WHERE account_id = $1
         ORDER BY 1, 2, 3, 4",
        &values![account.0],
        |row| {
            visit(row.get(0)?, posting_row(row)?);
            Ok::<_, Error>(())
        },
    )
}

fn posting_row<'r>(row: &'r Row<'_>) -> Result<PostingRow<'r>, Error> {
    let amount_at = |index| row.get(index).map(Amount::from_millionths);
    let (id, amount) = (row.get(2)?, amount_at(8)?);
    let fact = match row.get(1)? {
        0 => StoredFact::Charge(row.text(5)?, reversal(row)?),
        1 => StoredFact::Discount,
        2 => StoredFact::Tax,
        3 => StoredFact::Reversal(reversal(row)?),
        4 => StoredFact::Payment(CustomerId(row.get(4)?)),
        5 => StoredFact::WriteOff(CustomerId(row.get(4)?)),
        6 => {
            return Ok(PostingRow::Schedule(StoredSchedule {
                amount,
                discount: amount_at(9)?,
                earned: amount_at(10)?,
                earned_discount: amount_at(11)?,
            }));
        }
        7 => {
            let line = match row.get(3)? {
                Some(number) => Some(StoredLine { number, debit: row.text(6)?, credit: row.text(7)?, amount }),
                None => None,
            };
            return Ok(PostingRow::Line(id, CustomerId(row.get(4)?), row.text(5)?, line));
        }
        part => return Err(unknown_part(part)),
    };
    Ok(PostingRow::Fact(id, fact, amount))
}

fn reversal(row: &Row<'_>) -> Result<StoredReversal, Error> {
    let amount_at = |index| row.get(index).map(Amount::from_millionths);
    Ok(StoredReversal { amount: amount_at(9)?, discount: amount_at(10)?, tax: amount_at(11)? })
}
