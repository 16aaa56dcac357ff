//! Charges that are not earned at once, and how far their schedules have been posted.

use billing::{
    earning::EarningSettings,
    id::{AccountId, ChargeId, CustomerId},
};
use calendar::Date;
use db::{Error, Row, Tx, values};
use money::{Amount, Currency};

use crate::row::{Columns, day_opt};

/// The place of a charge in its schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarningSchedule {
    /// The charge.
    pub charge: ChargeId,
    /// Whose it is.
    pub customer: CustomerId,
    /// In which currency.
    pub currency: Currency,
    /// How it earns, as fixed when it was posted.
    pub settings: EarningSettings,
    /// The day on which it was posted, in the account's time zone.
    pub starts_on: Date,
    /// Gross amount that is left after reversals, earned or to be.
    pub amount: Amount,
    /// Discount that is left after reversals; it earns negatively.
    pub discount: Amount,
    /// Earned of the amount.
    pub earned: Amount,
    /// Earned of the discount.
    pub earned_discount: Amount,
    /// When the next part falls due; `None` when nothing is left.
    pub next_due_on: Option<Date>,
    /// What a reversal made of the parts to come; `None` while nothing was reversed.
    pub recalculated: Option<Recalculated>,
}

/// Where a schedule stood when a reversal spread what was left over the parts to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recalculated {
    /// The day of the reversal, whose own parts had been earned.
    pub on: Date,
    /// Earned of the amount by then, and not taken back.
    pub earned: Amount,
    /// Earned of the discount by then, and not taken back.
    pub earned_discount: Amount,
}

/// Stores new schedules, of which nothing was reversed yet.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, schedules: &[EarningSchedule]) -> Result<(), Error> {
    let rows = schedules.iter().map(|schedule| {
        values![
            account.0,
            schedule.charge.0,
            schedule.customer.0,
            day_opt(Some(schedule.starts_on)),
            schedule.amount.millionths(),
            schedule.discount.millionths(),
            schedule.earned.millionths(),
            schedule.earned_discount.millionths(),
            day_opt(schedule.next_due_on)
        ]
    });
    tx.insert("earning_schedule", COLUMNS, rows)
}

const COLUMNS: &[&str] = &[
    "account_id",
    "charge_id",
    "customer_id",
    "starts_on",
    "amount",
    "discount",
    "earned",
    "earned_discount",
    "next_due_on",
];

const SELECT: &str = "SELECT s.charge_id, s.customer_id, u.currency, c.earning_interval, c.earning_number_of_intervals,
        c.earning_timing_interval, c.earning_timing_type, s.starts_on, s.amount, s.discount, s.earned, s.earned_discount,
        s.next_due_on, s.recalculated_on, s.earned_before, s.earned_discount_before
    FROM earning_schedule s
    JOIN charge c ON c.account_id = s.account_id AND c.id = s.charge_id
    JOIN customer u ON u.account_id = s.account_id AND u.id = s.customer_id";

/// The schedule of one charge, if it has one.
pub fn find(tx: &mut Tx<'_>, account: AccountId, charge: ChargeId) -> Result<Option<EarningSchedule>, Error> {
    let sql = format!("{SELECT} WHERE s.account_id = $1 AND s.charge_id = $2");
    tx.query_opt(&sql, &values![account.0, charge.0], schedule)
}

/// Customers with a part due on or before a day, at most `limit`, in order of id from `after` on.
pub fn customers_due(
    tx: &mut Tx<'_>,
    account: AccountId,
    on: Date,
    after: CustomerId,
    limit: i64,
) -> Result<Vec<CustomerId>, Error> {
    tx.query(
        "SELECT DISTINCT customer_id FROM earning_schedule
         WHERE account_id = $1 AND next_due_on <= $2 AND customer_id > $3 ORDER BY customer_id LIMIT $4",
        &values![account.0, day_opt(Some(on)), after.0, limit],
        |row| row.get(0).map(CustomerId),
    )
}

/// A customer's schedules with a part due on or before a day, at most `limit`, the longest due first.
pub fn due(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    on: Date,
    limit: i64,
) -> Result<Vec<EarningSchedule>, Error> {
    let sql = format!(
        "{SELECT} WHERE s.account_id = $1 AND s.customer_id = $2 AND s.next_due_on <= $3
         ORDER BY s.next_due_on, s.charge_id LIMIT $4"
    );
    tx.query(&sql, &values![account.0, customer.0, day_opt(Some(on)), limit], schedule)
}

/// Visits every schedule of an account that has anything left, in order of charge.
pub fn each_open<E: From<Error>>(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(EarningSchedule) -> Result<(), E>,
) -> Result<(), E> {
    let sql = format!("{SELECT} WHERE s.account_id = $1 AND s.next_due_on IS NOT NULL ORDER BY s.charge_id");
    tx.each(&sql, &values![account.0], |row| visit(schedule(row)?))
}

fn schedule(row: &Row<'_>) -> Result<EarningSchedule, Error> {
    let mut columns = Columns::of(row);
    Ok(EarningSchedule {
        charge: ChargeId(columns.next()?),
        customer: CustomerId(columns.next()?),
        currency: columns.currency()?,
        settings: columns.earning()?,
        starts_on: columns.date()?,
        amount: columns.amount()?,
        discount: columns.amount()?,
        earned: columns.amount()?,
        earned_discount: columns.amount()?,
        next_due_on: columns.date_opt()?,
        recalculated: recalculated(&mut columns)?,
    })
}

fn recalculated(columns: &mut Columns<'_, '_>) -> Result<Option<Recalculated>, Error> {
    let (on, earned, earned_discount) = (columns.date_opt()?, columns.amount()?, columns.amount()?);
    Ok(on.map(|on| Recalculated { on, earned, earned_discount }))
}

/// Stores what changed of a schedule: amounts, what is earned, what comes next, and how it is spread.
pub fn update(tx: &mut Tx<'_>, account: AccountId, schedule: &EarningSchedule) -> Result<(), Error> {
    let before = schedule.recalculated.map(|recalculated| [recalculated.earned, recalculated.earned_discount]);
    let [earned_before, earned_discount_before] = before.unwrap_or_default().map(Amount::millionths);
    tx.execute(
        "UPDATE earning_schedule SET amount = $3, discount = $4, earned = $5, earned_discount = $6, next_due_on = $7,
             recalculated_on = $8, earned_before = $9, earned_discount_before = $10
         WHERE account_id = $1 AND charge_id = $2",
        &values![
            account.0,
            schedule.charge.0,
            schedule.amount.millionths(),
            schedule.discount.millionths(),
            schedule.earned.millionths(),
            schedule.earned_discount.millionths(),
            day_opt(schedule.next_due_on),
            day_opt(schedule.recalculated.map(|recalculated| recalculated.on)),
            earned_before,
            earned_discount_before
        ],
    )?;
    Ok(())
}
