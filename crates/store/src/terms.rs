//! What the rows that the ledger posts fix beside their amounts: hashed with their transactions, from the values when they
//! are posted and from the rows when they are verified. Each list has the numbers first, then the texts.

use billing::{
    invoice::{Charge, ChargeDiscount},
    named::Named,
    opening_deferral::OpeningDeferral,
    tax::TaxLine,
};
use calendar::days_of;
use db::{Day, Error, Row};
use ledger::{Terms, TransactionKind};
use money::Quantity;

/// Everything of a charge that stays as it was posted, except where it belongs.
pub fn of_charge(charge: &Charge) -> Terms {
    let earning = &charge.earning;
    of(
        [
            Some(charge.product.0),
            Some(charge.quantity.millionths()),
            Some(charge.unit_price.millionths()),
            Some(charge.taxable_amount.millionths()),
            charge.range_quantity.map(Quantity::millionths),
            earning.number_of_intervals,
        ],
        [
            Some(charge.name.as_str()),
            charge.description.as_deref(),
            charge.gl_code.as_deref(),
            earning.interval.map(Named::name),
            earning.timing_interval.map(Named::name),
            earning.timing_type.map(Named::name),
        ],
    )
}

/// How a discount was configured.
pub fn of_discount(discount: &ChargeDiscount) -> Terms {
    let configured = &discount.configured;
    of([Some(configured.amount.millionths())], [Some(configured.discount_type.name())])
}

/// The rate of a tax as it was.
pub fn of_tax(line: &TaxLine) -> Terms {
    of(
        [Some(line.rate.0), Some(line.percentage.millionths())],
        [Some(line.name.as_str()), line.registration_code.as_deref()],
    )
}

/// What of an opening deferral is fixed: what was sold, and when it is earned.
pub fn of_deferral(deferral: &OpeningDeferral) -> Terms {
    let day = |date| Some(i64::from(days_of(date)));
    of(
        [deferral.product.map(|product| product.0), day(deferral.starts_on), day(deferral.ends_on)],
        [deferral.description.as_deref()],
    )
}

/// The columns of [`of_row`], over [`JOIN`].
pub(crate) const COLUMNS: &str = "c.product_id, c.quantity, c.unit_price, c.taxable_amount, c.range_quantity,
    c.earning_number_of_intervals, c.name, c.description, c.gl_code, c.earning_interval, c.earning_timing_interval,
    c.earning_timing_type, d.configured_amount, d.discount_type, x.tax_rate_id, x.percentage, x.name, x.registration_code, o.product_id,
    o.starts_on, o.ends_on, o.description";

/// As many empty columns.
pub(crate) const NO_COLUMNS: &str =
    "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL";

/// The row that a transaction `t` posts, as far as it has terms. The kind comes first: others look nothing up.
pub(crate) const JOIN: &str = "LEFT JOIN charge c ON t.kind = 'Charge' AND c.account_id = t.account_id AND c.id = t.id
    LEFT JOIN charge_discount d ON t.kind = 'Discount' AND d.account_id = t.account_id AND d.id = t.id
    LEFT JOIN charge_tax x ON t.kind = 'Tax' AND x.account_id = t.account_id AND x.id = t.id
    LEFT JOIN opening_deferral o ON t.kind = 'OpeningDeferral' AND o.account_id = t.account_id AND o.id = t.id";

/// The terms of the row that a transaction of this kind posts, as they lie in [`COLUMNS`] from `first` on.
pub(crate) fn of_row(row: &Row<'_>, first: usize, kind: &str) -> Result<Terms, Error> {
    match TransactionKind::parse(kind) {
        Some(TransactionKind::Charge) => of_columns::<6, 6>(row, first),
        Some(TransactionKind::Discount) => of_columns::<1, 1>(row, first + 12),
        Some(TransactionKind::Tax) => of_columns::<2, 2>(row, first + 14),
        Some(TransactionKind::OpeningDeferral) => of_deferral_row(row, first + 18),
        Some(
            TransactionKind::Earning
            | TransactionKind::DiscountEarning
            | TransactionKind::Payment
            | TransactionKind::Refund
            | TransactionKind::Credit
            | TransactionKind::Debit
            | TransactionKind::WriteOff
            | TransactionKind::ReverseCharge
            | TransactionKind::ReverseDiscount
            | TransactionKind::ReverseTax
            | TransactionKind::OpeningBalance
            | TransactionKind::ReverseOpeningDeferral,
        )
        | None => Ok(Terms::default()),
    }
}

/// Days are not numbers in a row.
fn of_deferral_row(row: &Row<'_>, first: usize) -> Result<Terms, Error> {
    let day = |index| Ok::<_, Error>(row.get::<Option<Day>>(index)?.map(|Day(day)| i64::from(day)));
    let description: Option<String> = row.get(first + 3)?;
    Ok(of([row.get(first)?, day(first + 1)?, day(first + 2)?], [description.as_deref()]))
}

fn of_columns<const NUMBERS: usize, const TEXTS: usize>(row: &Row<'_>, first: usize) -> Result<Terms, Error> {
    let (mut numbers, mut texts) = ([None; NUMBERS], [const { None::<String> }; TEXTS]);
    for (number, index) in numbers.iter_mut().zip(first..) {
        *number = row.get(index)?;
    }
    for (text, index) in texts.iter_mut().zip(first + NUMBERS..) {
        *text = row.get(index)?;
    }
    Ok(of(numbers, texts.each_ref().map(Option::as_deref)))
}

fn of<const NUMBERS: usize, const TEXTS: usize>(
    numbers: [Option<i64>; NUMBERS],
    texts: [Option<&str>; TEXTS],
) -> Terms {
    let terms = numbers.into_iter().fold(Terms::default(), Terms::number);
    texts.into_iter().fold(terms, Terms::text)
}
