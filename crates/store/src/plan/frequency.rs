//! How often plans are charged, and the prices of it.

use std::collections::HashMap;

use billing::{
    id::{AccountId, PlanFrequencyId, PlanId},
    named::Named,
    plan::{FrequencyFields, Period, Plan, PlanFrequency},
};
use db::{Error, Row, Tx, Value, values};
use money::{Currency, Price};

use crate::{
    many::{MANY, padded, placeholders},
    row::{Columns, name_opt},
};

const COLUMNS: &[&str] = &[
    "account_id",
    "id",
    "plan_id",
    "charge_interval",
    "number_of_intervals",
    "revision",
    "status",
    "is_prorated",
    "proration_granularity",
];

const PRICE_COLUMNS: &[&str] =
    &["account_id", "plan_frequency_id", "is_setup_fee", "price_number", "currency", "amount"];

/// Stores new frequencies with their prices.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    plan: PlanId,
    frequencies: &[PlanFrequency],
) -> Result<(), Error> {
    let rows = frequencies.iter().map(|PlanFrequency { id, fields, revision }| {
        values![
            account.0,
            id.0,
            plan.0,
            fields.period.interval.name(),
            fields.period.number_of_intervals,
            *revision,
            fields.status.name(),
            fields.is_prorated,
            name_opt(fields.proration_granularity)
        ]
    });
    tx.insert("plan_frequency", COLUMNS, rows)?;
    insert_prices(tx, account, frequencies)
}

/// Replaces what callers write of a frequency, except the period, which names it.
pub(super) fn update(tx: &mut Tx<'_>, account: AccountId, frequency: &PlanFrequency) -> Result<(), Error> {
    let PlanFrequency { id, fields, revision } = frequency;
    tx.execute(
        "UPDATE plan_frequency SET revision = $3, status = $4, is_prorated = $5, proration_granularity = $6
         WHERE account_id = $1 AND id = $2",
        &values![
            account.0,
            id.0,
            *revision,
            fields.status.name(),
            fields.is_prorated,
            name_opt(fields.proration_granularity)
        ],
    )?;
    tx.execute(
        "DELETE FROM plan_frequency_price WHERE account_id = $1 AND plan_frequency_id = $2",
        &values![account.0, id.0],
    )?;
    insert_prices(tx, account, std::slice::from_ref(frequency))
}

fn insert_prices(tx: &mut Tx<'_>, account: AccountId, frequencies: &[PlanFrequency]) -> Result<(), Error> {
    let prices = frequencies.iter().flat_map(|PlanFrequency { id, fields, .. }| {
        [(true, &fields.setup_fees), (false, &fields.charges)].into_iter().flat_map(move |(is_setup_fee, prices)| {
            (0i64..).zip(prices).map(move |(number, (currency, price))| {
                values![account.0, id.0, is_setup_fee, number, currency.code(), price.millionths()]
            })
        })
    });
    tx.insert("plan_frequency_price", PRICE_COLUMNS, prices)
}

/// Reads the frequencies of plans.
pub(super) fn fill(tx: &mut Tx<'_>, account: AccountId, plans: &mut [Plan]) -> Result<(), Error> {
    for part in plans.chunks_mut(MANY) {
        let ids: Vec<_> = part.iter().map(|plan| plan.id).collect();
        let mut parameters = vec![Value::from(account.0)];
        parameters.extend(padded(&ids, |id| Value::from(id.0)));
        let mut prices = read_prices(tx, &parameters)?;
        let sql = format!(
            "SELECT plan_id, id, charge_interval, number_of_intervals, revision, status, is_prorated,
                 proration_granularity
             FROM plan_frequency WHERE account_id = $1 AND plan_id IN ({}) ORDER BY id",
            placeholders(2)
        );
        tx.each(&sql, &parameters, |row: &Row<'_>| {
            let mut columns = Columns::of(row);
            let of = PlanId(columns.next()?);
            let mut frequency = frequency(&mut columns)?;
            let mut take = |is_setup_fee| prices.remove(&(frequency.id, is_setup_fee)).unwrap_or_default();
            (frequency.fields.setup_fees, frequency.fields.charges) = (take(true), take(false));
            if let Some(plan) = part.iter_mut().find(|plan| plan.id == of) {
                plan.frequencies.push(frequency);
            }
            Ok::<_, Error>(())
        })?;
    }
    Ok(())
}

/// Prices in their order, by frequency and whether they are setup fees.
type Prices = HashMap<(PlanFrequencyId, bool), Vec<(Currency, Price)>>;

fn read_prices(tx: &mut Tx<'_>, parameters: &[Value<'_>]) -> Result<Prices, Error> {
    let mut prices = Prices::new();
    let sql = format!(
        "SELECT v.plan_frequency_id, v.is_setup_fee, v.currency, v.amount FROM plan_frequency f
         JOIN plan_frequency_price v ON v.account_id = f.account_id AND v.plan_frequency_id = f.id
         WHERE f.account_id = $1 AND f.plan_id IN ({}) ORDER BY v.price_number",
        placeholders(2)
    );
    tx.each(&sql, parameters, |row: &Row<'_>| {
        let mut columns = Columns::of(row);
        let key = (PlanFrequencyId(columns.next()?), columns.next()?);
        prices.entry(key).or_default().push((columns.currency()?, columns.price()?));
        Ok::<_, Error>(())
    })?;
    Ok(prices)
}

fn frequency(columns: &mut Columns<'_, '_>) -> Result<PlanFrequency, Error> {
    let id = PlanFrequencyId(columns.next()?);
    let period = Period { interval: columns.named()?, number_of_intervals: columns.next()? };
    let revision = columns.next()?;
    let fields = FrequencyFields {
        period,
        status: columns.named()?,
        setup_fees: Vec::new(),
        charges: Vec::new(),
        is_prorated: columns.next()?,
        proration_granularity: columns.named_opt()?,
    };
    Ok(PlanFrequency { id, fields, revision })
}
