//! What was posted, by subject: a charge with its discounts, taxes, reversals and earnings, a payment, a credit
//! and the like.

use billing::id::{AccountId, CustomerId};
use calendar::{Date, Instant};
use db::{Error, Row, Tx, values};
use money::{Amount, Price, Quantity};

use super::{StoredLine, each, unknown_part};
use crate::row::Columns;

/// A row that the ledger posts under the row's own id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredFact<'r> {
    /// The row's id.
    pub id: i64,
    /// Whose it is; of a charge the invoice's customer, of a reversal the credit note's. Discounts and taxes do not say.
    pub customer: Option<CustomerId>,
    /// When it says that it counts; discounts and taxes do not say.
    pub effective_at: Option<Instant>,
    /// How much.
    pub amount: Amount,
    /// What it is.
    pub source: FactSource<'r>,
}

/// Where a fact is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactSource<'r> {
    /// A charge.
    Charge(StoredCharge<'r>),
    /// A discount on a charge.
    Discount,
    /// A tax on a charge.
    Tax,
    /// What of a charge was taken back beside the gross amount.
    Reversal(StoredReversal),
    /// A payment.
    Payment,
    /// A write-off.
    WriteOff,
    /// A refund.
    Refund,
    /// A credit.
    Credit,
    /// A debit.
    Debit,
    /// An opening balance.
    OpeningBalance,
    /// An opening deferral.
    OpeningDeferral(StoredDeferral<'r>),
    /// What was taken back of an opening deferral.
    DeferralReversal,
}

/// What an opening deferral says beside its amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredDeferral<'r> {
    /// Code of its customer's currency; empty when there is no such customer.
    pub currency: &'r str,
    /// What it says was earned of it.
    pub earned: Amount,
    /// What it says was taken back of it.
    pub reversed: Amount,
    /// Whether it says by which transaction that was, and when.
    pub has_reversal: bool,
    /// The first day on which it is earned.
    pub starts_on: Date,
    /// The last.
    pub ends_on: Date,
    /// When the next part falls due.
    pub next_due_on: Option<Date>,
}

/// What a charge says beside its amount. Names are empty where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredCharge<'r> {
    /// What it says was reversed of it.
    pub reversed: StoredReversal,
    /// Names of its earning interval, timing interval and timing type.
    pub earning: [&'r str; 3],
    /// Length of its earning period.
    pub number_of_intervals: Option<i64>,
    /// Code of its invoice's currency.
    pub currency: &'r str,
    /// How much was charged.
    pub quantity: Quantity,
    /// Name of the purchase's pricing model.
    pub pricing_model: &'r str,
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
    /// Whose it is.
    pub customer: CustomerId,
    /// Gross amount to earn in all.
    pub amount: Amount,
    /// Discount to earn in all.
    pub discount: Amount,
    /// Earned of the amount.
    pub earned: Amount,
    /// Earned of the discount.
    pub earned_discount: Amount,
    /// The day on which it begins.
    pub starts_on: Date,
    /// When the next part falls due.
    pub next_due_on: Option<Date>,
    /// When a reversal last spread what it left over the parts to come.
    pub recalculated_on: Option<Date>,
    /// Earned of the amount by then.
    pub earned_before: Amount,
    /// Earned of the discount by then.
    pub earned_discount_before: Amount,
}

/// One of the ranges that a charge was priced by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredTier {
    /// Its place, from 0.
    pub number: i64,
    /// Units in the range.
    pub quantity: Quantity,
    /// Price of each.
    pub unit_price: Price,
    /// What they cost together.
    pub amount: Amount,
}

/// The head of a ledger transaction, beside what it posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredPosting<'r> {
    /// Its id.
    pub id: i64,
    /// Whose it is.
    pub customer: CustomerId,
    /// When it counts.
    pub effective_at: Instant,
    /// Name of its kind.
    pub kind: &'r str,
}

/// One of the rows of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostingRow<'r> {
    /// Something that is posted.
    Fact(StoredFact<'r>),
    /// The schedule of the charge.
    Schedule(StoredSchedule),
    /// A tier of the charge.
    Tier(StoredTier),
    /// A ledger transaction, after all others, with one of its lines, or with none when it has none.
    Line(StoredPosting<'r>, Option<StoredLine<'r>>),
}

/// Visits everything that was posted in an account, by subject: the id of the charge, of the opening deferral, or of the
/// payment or write-off.
pub fn each_posting_row(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(i64, PostingRow<'_>),
) -> Result<(), Error> {
    each(tx, &sql(), &values![account.0], |row| {
        visit(row.get(0)?, posting_row(row)?);
        Ok(())
    })
}

/// The ledger, and what is posted about charges and opening deferrals: subject, part, id, number, customer, time, five texts,
/// the amount and three more numbers, two days, a quantity, a third day and a last number.
const OF_CHARGES: &str = "SELECT COALESCE(t.charge_id, t.deferral_id, t.id), 14, t.id, l.line_number, t.customer_id, t.effective_at, t.kind,
        COALESCE(l.debit, ''), COALESCE(l.credit, ''), '', '', COALESCE(l.amount, 0), 0, 0, 0,
        CAST(NULL AS DATE), CAST(NULL AS DATE), 0, CAST(NULL AS DATE), 0
    FROM ledger_transaction t
    LEFT JOIN ledger_line l ON l.account_id = t.account_id AND l.transaction_id = t.id
    WHERE t.account_id = $1
    UNION ALL
    SELECT c.id, 0, c.id, c.earning_number_of_intervals, i.customer_id, c.effective_at, COALESCE(c.earning_interval, ''),
        COALESCE(c.earning_timing_interval, ''), COALESCE(c.earning_timing_type, ''), COALESCE(i.currency, ''),
        COALESCE(p.pricing_model, ''), c.amount, c.reversed, c.reversed_discount, c.reversed_tax, NULL, NULL, c.quantity,
        NULL, 0
    FROM charge c
    LEFT JOIN invoice i ON i.account_id = c.account_id AND i.id = c.invoice_id
    LEFT JOIN purchase p ON p.account_id = c.account_id AND p.id = c.purchase_id
    WHERE c.account_id = $1
    UNION ALL
    SELECT charge_id, 1, id, 0, NULL, NULL, '', '', '', '', '', amount, 0, 0, 0, NULL, NULL, 0, NULL, 0
    FROM charge_discount WHERE account_id = $1
    UNION ALL
    SELECT charge_id, 2, id, 0, NULL, NULL, '', '', '', '', '', amount, 0, 0, 0, NULL, NULL, 0, NULL, 0
    FROM charge_tax WHERE account_id = $1
    UNION ALL
    SELECT r.charge_id, 3, r.id, 0, n.customer_id, n.created_at, '', '', '', '', '', r.amount, r.amount, r.discount, r.tax,
        NULL, NULL, 0, NULL, 0
    FROM reversal r LEFT JOIN credit_note n ON n.account_id = r.account_id AND n.id = r.credit_note_id
    WHERE r.account_id = $1
    UNION ALL
    SELECT charge_id, 6, 0, 0, customer_id, NULL, '', '', '', '', '', amount, discount, earned, earned_discount,
        starts_on, next_due_on, earned_before, recalculated_on, earned_discount_before
    FROM earning_schedule WHERE account_id = $1
    UNION ALL
    SELECT charge_id, 7, 0, tier_number, NULL, NULL, '', '', '', '', '', amount, quantity, unit_price, 0, NULL, NULL, 0,
        NULL, 0
    FROM charge_tier WHERE account_id = $1
    UNION ALL
    SELECT d.id, 12, d.id, 0, d.customer_id, d.effective_at, COALESCE(u.currency, ''), '', '', '', '', d.amount, d.earned,
        d.reversed, CASE WHEN d.reversal_id IS NULL OR d.reversed_at IS NULL THEN 0 ELSE 1 END, d.starts_on, d.ends_on, 0,
        d.next_due_on, 0
    FROM opening_deferral d LEFT JOIN customer u ON u.account_id = d.account_id AND u.id = d.customer_id
    WHERE d.account_id = $1
    UNION ALL
    SELECT id, 13, reversal_id, 0, customer_id, reversed_at, '', '', '', '', '', reversed, 0, 0, 0, NULL, NULL, 0, NULL, 0
    FROM opening_deferral WHERE account_id = $1 AND reversal_id IS NOT NULL";

/// What is posted by itself, and the number of its part.
const ALONE: [(&str, i64); 6] =
    [("payment", 4), ("write_off", 5), ("refund", 8), ("credit", 9), ("debit", 10), ("opening_balance", 11)];

fn sql() -> String {
    let alone = ALONE.map(|(table, part)| {
        format!(
            "UNION ALL
            SELECT id, {part}, id, 0, customer_id, effective_at, '', '', '', '', '', amount, 0, 0, 0, NULL, NULL, 0, NULL, 0
            FROM {table} WHERE account_id = $1"
        )
    });
    format!("{OF_CHARGES} {} ORDER BY 1, 2, 3, 4", alone.join(" "))
}

fn posting_row<'r>(row: &'r Row<'_>) -> Result<PostingRow<'r>, Error> {
    Ok(match row.get(1)? {
        0 => PostingRow::Fact(fact(row, FactSource::Charge(charge(row)?))?),
        1 => PostingRow::Fact(fact(row, FactSource::Discount)?),
        2 => PostingRow::Fact(fact(row, FactSource::Tax)?),
        3 => PostingRow::Fact(fact(row, FactSource::Reversal(reversal(row)?))?),
        4 => PostingRow::Fact(fact(row, FactSource::Payment)?),
        5 => PostingRow::Fact(fact(row, FactSource::WriteOff)?),
        6 => PostingRow::Schedule(schedule(row)?),
        7 => PostingRow::Tier(tier(row)?),
        8 => PostingRow::Fact(fact(row, FactSource::Refund)?),
        9 => PostingRow::Fact(fact(row, FactSource::Credit)?),
        10 => PostingRow::Fact(fact(row, FactSource::Debit)?),
        11 => PostingRow::Fact(fact(row, FactSource::OpeningBalance)?),
        12 => PostingRow::Fact(fact(row, FactSource::OpeningDeferral(deferral(row)?))?),
        13 => PostingRow::Fact(fact(row, FactSource::DeferralReversal)?),
        14 => PostingRow::Line(posting(row)?, line(row)?),
        part => return Err(unknown_part(part)),
    })
}

fn fact<'r>(row: &'r Row<'_>, source: FactSource<'r>) -> Result<StoredFact<'r>, Error> {
    let customer = row.get::<Option<i64>>(4)?.map(CustomerId);
    let effective_at = Columns::at(row, 5).instant_opt()?;
    Ok(StoredFact { id: row.get(2)?, customer, effective_at, amount: amount(row)?, source })
}

fn charge<'r>(row: &'r Row<'_>) -> Result<StoredCharge<'r>, Error> {
    Ok(StoredCharge {
        reversed: reversal(row)?,
        earning: [row.text(6)?, row.text(7)?, row.text(8)?],
        number_of_intervals: row.get(3)?,
        currency: row.text(9)?,
        quantity: Quantity::from_millionths(row.get(17)?),
        pricing_model: row.text(10)?,
    })
}

fn deferral<'r>(row: &'r Row<'_>) -> Result<StoredDeferral<'r>, Error> {
    let mut columns = Columns::at(row, 12);
    Ok(StoredDeferral {
        currency: row.text(6)?,
        earned: columns.amount()?,
        reversed: columns.amount()?,
        has_reversal: columns.next::<i64>()? == 1,
        starts_on: columns.date()?,
        ends_on: columns.date()?,
        next_due_on: Columns::at(row, 18).date_opt()?,
    })
}

fn reversal(row: &Row<'_>) -> Result<StoredReversal, Error> {
    let mut columns = Columns::at(row, 12);
    Ok(StoredReversal { amount: columns.amount()?, discount: columns.amount()?, tax: columns.amount()? })
}

fn schedule(row: &Row<'_>) -> Result<StoredSchedule, Error> {
    let customer = CustomerId(row.get(4)?);
    let mut columns = Columns::at(row, 11);
    Ok(StoredSchedule {
        customer,
        amount: columns.amount()?,
        discount: columns.amount()?,
        earned: columns.amount()?,
        earned_discount: columns.amount()?,
        starts_on: columns.date()?,
        next_due_on: columns.date_opt()?,
        earned_before: columns.amount()?,
        recalculated_on: columns.date_opt()?,
        earned_discount_before: columns.amount()?,
    })
}

fn tier(row: &Row<'_>) -> Result<StoredTier, Error> {
    let mut columns = Columns::at(row, 12);
    let (quantity, unit_price) = (columns.quantity()?, columns.price()?);
    Ok(StoredTier { number: row.get(3)?, quantity, unit_price, amount: amount(row)? })
}

fn posting<'r>(row: &'r Row<'_>) -> Result<StoredPosting<'r>, Error> {
    let effective_at = Columns::at(row, 5).instant()?;
    Ok(StoredPosting { id: row.get(2)?, customer: CustomerId(row.get(4)?), effective_at, kind: row.text(6)? })
}

fn line<'r>(row: &'r Row<'_>) -> Result<Option<StoredLine<'r>>, Error> {
    let Some(number) = row.get(3)? else { return Ok(None) };
    Ok(Some(StoredLine { number, debit: row.text(7)?, credit: row.text(8)?, amount: amount(row)? }))
}

fn amount(row: &Row<'_>) -> Result<Amount, Error> {
    row.get(11).map(Amount::from_millionths)
}
