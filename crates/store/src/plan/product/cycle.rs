//! How plan products are priced, earned and charged at each frequency of their plan.

use std::collections::HashMap;

use billing::{
    id::{AccountId, ChargeModelId, CycleId, PlanFrequencyId, PlanProductId},
    named::Named,
    plan::{
        Period,
        product::{ChargeModel, Cycle, CycleFields, PlanProduct},
    },
    product::{OrderToCashCycle, QuantityRange},
};
use db::{Error, Row, Tx, Value, values};

use crate::{
    many::{MANY, padded, placeholders},
    row::{Columns, name_opt, units_opt},
};

const COLUMNS: &[&str] = &[
    "account_id",
    "id",
    "plan_product_id",
    "plan_frequency_id",
    "pricing_model",
    "earning_interval",
    "earning_number_of_intervals",
    "earning_timing_interval",
    "earning_timing_type",
];

const PRICE_COLUMNS: &[&str] =
    &["account_id", "cycle_id", "range_number", "currency", "min_quantity", "max_quantity", "amount"];

const MODEL_COLUMNS: &[&str] = &[
    "account_id",
    "id",
    "cycle_id",
    "model_type",
    "timing_type",
    "proration_granularity",
    "prorate_on_positive_quantity",
    "prorate_on_negative_quantity",
    "reverse_charge_on_negative_quantity",
];

/// Stores new cycles.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    product: PlanProductId,
    cycles: &[Cycle],
) -> Result<(), Error> {
    let rows = cycles.iter().map(|Cycle { id, frequency, fields, .. }| {
        let OrderToCashCycle { pricing_model, earning, .. } = &fields.cycle;
        values![
            account.0,
            id.0,
            product.0,
            frequency.0,
            pricing_model.name(),
            name_opt(earning.interval),
            earning.number_of_intervals,
            name_opt(earning.timing_interval),
            name_opt(earning.timing_type)
        ]
    });
    tx.insert("plan_product_cycle", COLUMNS, rows)?;
    tx.insert("plan_product_price", PRICE_COLUMNS, cycles.iter().flat_map(|cycle| prices(account, cycle)))?;
    tx.insert("charge_model", MODEL_COLUMNS, cycles.iter().flat_map(|cycle| charge_models(account, cycle)))
}

fn prices(account: AccountId, cycle: &Cycle) -> impl Iterator<Item = [Value<'_>; 7]> {
    (0i64..).zip(&cycle.fields.cycle.ranges).flat_map(move |(number, range)| {
        range.prices.iter().map(move |(currency, price)| {
            values![
                account.0,
                cycle.id.0,
                number,
                currency.code(),
                range.min.millionths(),
                units_opt(range.max),
                price.millionths()
            ]
        })
    })
}

fn charge_models(account: AccountId, cycle: &Cycle) -> impl Iterator<Item = [Value<'_>; 9]> {
    cycle.charge_model_ids.iter().zip(&cycle.fields.charge_models).map(move |(id, model)| {
        values![
            account.0,
            id.0,
            cycle.id.0,
            model.model_type.name(),
            model.timing_type.name(),
            name_opt(model.proration_granularity),
            model.prorate_on_positive_quantity,
            model.prorate_on_negative_quantity,
            model.reverse_charge_on_negative_quantity
        ]
    })
}

/// Replaces the cycles of a plan product.
pub fn replace_cycles(
    tx: &mut Tx<'_>,
    account: AccountId,
    product: PlanProductId,
    cycles: &[Cycle],
) -> Result<(), Error> {
    const OF: &str = "account_id = $1 AND cycle_id IN
        (SELECT id FROM plan_product_cycle WHERE account_id = $1 AND plan_product_id = $2)";
    let of = values![account.0, product.0];
    tx.execute(&format!("DELETE FROM charge_model WHERE {OF}"), &of)?;
    tx.execute(&format!("DELETE FROM plan_product_price WHERE {OF}"), &of)?;
    tx.execute("DELETE FROM plan_product_cycle WHERE account_id = $1 AND plan_product_id = $2", &of)?;
    insert(tx, account, product, cycles)
}

/// Reads the cycles of plan products.
pub(super) fn fill(tx: &mut Tx<'_>, account: AccountId, products: &mut [PlanProduct]) -> Result<(), Error> {
    for part in products.chunks_mut(MANY) {
        let ids: Vec<_> = part.iter().map(|product| product.id).collect();
        let mut parameters = vec![Value::from(account.0)];
        parameters.extend(padded(&ids, |id| Value::from(id.0)));
        let mut ranges = read_ranges(tx, &parameters)?;
        let mut models = read_models(tx, &parameters)?;
        let sql = format!(
            "SELECT y.plan_product_id, y.id, y.plan_frequency_id, f.charge_interval, f.number_of_intervals,
                 y.pricing_model, y.earning_interval, y.earning_number_of_intervals, y.earning_timing_interval,
                 y.earning_timing_type
             FROM plan_product_cycle y
             JOIN plan_frequency f ON f.account_id = y.account_id AND f.id = y.plan_frequency_id
             WHERE y.account_id = $1 AND y.plan_product_id IN ({}) ORDER BY y.plan_frequency_id",
            placeholders(2)
        );
        tx.each(&sql, &parameters, |row: &Row<'_>| {
            let mut columns = Columns::of(row);
            let of = PlanProductId(columns.next()?);
            let mut cycle = cycle(&mut columns)?;
            cycle.fields.cycle.ranges = ranges.remove(&cycle.id).unwrap_or_default();
            (cycle.charge_model_ids, cycle.fields.charge_models) =
                models.remove(&cycle.id).unwrap_or_default().into_iter().unzip();
            if let Some(product) = part.iter_mut().find(|product| product.id == of) {
                product.cycles.push(cycle);
            }
            Ok::<_, Error>(())
        })?;
    }
    Ok(())
}

fn read_ranges(tx: &mut Tx<'_>, parameters: &[Value<'_>]) -> Result<HashMap<CycleId, Vec<QuantityRange>>, Error> {
    let mut ranges: HashMap<CycleId, Vec<QuantityRange>> = HashMap::new();
    let sql = format!(
        "SELECT v.cycle_id, v.range_number, v.min_quantity, v.max_quantity, v.currency, v.amount
         FROM plan_product_cycle y
         JOIN plan_product_price v ON v.account_id = y.account_id AND v.cycle_id = y.id
         WHERE y.account_id = $1 AND y.plan_product_id IN ({}) ORDER BY v.cycle_id, v.range_number, v.currency",
        placeholders(2)
    );
    tx.each(&sql, parameters, |row: &Row<'_>| {
        let mut columns = Columns::of(row);
        let of = ranges.entry(CycleId(columns.next()?)).or_default();
        let number: i64 = columns.next()?;
        let (min, max) = (columns.quantity()?, columns.quantity_opt()?);
        if usize::try_from(number).is_ok_and(|number| number == of.len()) {
            of.push(QuantityRange { min, max, prices: Vec::new() });
        }
        let price = (columns.currency()?, columns.price()?);
        if let Some(range) = of.last_mut() {
            range.prices.push(price);
        }
        Ok::<_, Error>(())
    })?;
    Ok(ranges)
}

type Models = HashMap<CycleId, Vec<(ChargeModelId, ChargeModel)>>;

fn read_models(tx: &mut Tx<'_>, parameters: &[Value<'_>]) -> Result<Models, Error> {
    let mut models = Models::new();
    let sql = format!(
        "SELECT m.cycle_id, m.id, m.model_type, m.timing_type, m.proration_granularity, m.prorate_on_positive_quantity,
             m.prorate_on_negative_quantity, m.reverse_charge_on_negative_quantity
         FROM plan_product_cycle y
         JOIN charge_model m ON m.account_id = y.account_id AND m.cycle_id = y.id
         WHERE y.account_id = $1 AND y.plan_product_id IN ({}) ORDER BY m.id",
        placeholders(2)
    );
    tx.each(&sql, parameters, |row: &Row<'_>| {
        let mut columns = Columns::of(row);
        let of = models.entry(CycleId(columns.next()?)).or_default();
        let id = ChargeModelId(columns.next()?);
        let model = ChargeModel {
            model_type: columns.named()?,
            timing_type: columns.named()?,
            proration_granularity: columns.named_opt()?,
            prorate_on_positive_quantity: columns.next()?,
            prorate_on_negative_quantity: columns.next()?,
            reverse_charge_on_negative_quantity: columns.next()?,
        };
        of.push((id, model));
        Ok::<_, Error>(())
    })?;
    Ok(models)
}

fn cycle(columns: &mut Columns<'_, '_>) -> Result<Cycle, Error> {
    let (id, frequency) = (CycleId(columns.next()?), PlanFrequencyId(columns.next()?));
    let period = Period { interval: columns.named()?, number_of_intervals: columns.next()? };
    let pricing_model = columns.named()?;
    let earning = columns.earning()?;
    let cycle = OrderToCashCycle { pricing_model, ranges: Vec::new(), earning };
    let fields = CycleFields { charge_models: Vec::new(), cycle };
    Ok(Cycle { id, frequency, period, charge_model_ids: Vec::new(), fields })
}
