//! `billfold report`: revenue here, the others beside it. Tables and JSON end with the sums of each currency; CSV has rows only,
//! so that whoever adds its columns up gets the sums.

mod aging;
mod trial_balance;

use std::collections::BTreeMap;

use app::{
    App,
    revenue::{self, By, Row},
};
use calendar::Date;
use money::{Amount, Currency, NumberError};
use serde_json::json;

pub(crate) use self::{aging::aging, trial_balance::trial_balance};
use crate::{
    account::chosen,
    cli::{ReportBy, ReportFormat, ReportRevenue},
    failure::Failure,
    migrate, print,
};

/// Prints deferred and earned revenue at the end of a day.
pub(crate) async fn revenue(arguments: ReportRevenue) -> Result<(), Failure> {
    let app = migrate::open_existing(&arguments.database).await?;
    let account = chosen(&app, &arguments.report.of).await?;
    let (now, asked) = (app.now(), arguments.report.as_of);
    let by = match arguments.by {
        ReportBy::Account => By::Account,
        ReportBy::Product => By::Product,
        ReportBy::Customer => By::Customer,
    };
    let read = move |tx: &mut app::Tx<'_>| {
        let session = App::own_session(tx, account, now)?;
        let on = asked.unwrap_or_else(|| session.account.zone.date_of(now));
        let rows = revenue::as_of(tx, &session, on, by)?;
        let totals = totals(rows.iter().map(|row| (row.currency, [row.deferred, row.earned])))?;
        Ok::<_, app::Error>((on, rows, totals))
    };
    let (on, rows, totals) = app.db().read(read).await?;
    match arguments.report.format {
        ReportFormat::Table => {
            table(on, &rows);
            // The only row of a currency is its sum.
            if !matches!(by, By::Account) {
                for (currency, [deferred, earned]) in &totals {
                    line("total", "", *currency, [*deferred, *earned]);
                }
            }
        }
        ReportFormat::Csv => csv(on, &rows),
        ReportFormat::Json => {
            let rows: Vec<_> = rows.iter().map(object).collect();
            let totals: Vec<_> = totals.iter().map(|(of, sums)| summed(*of, ["deferred", "earned"], *sums)).collect();
            print::json(&json!({ "asOf": on.to_string(), "rows": rows, "totals": totals }));
        }
    }
    app.close().await;
    Ok(())
}

fn table(on: Date, rows: &[Row]) {
    println!("Revenue as of {on}, net of discounts");
    println!("{:<12} {:<32} {:<8} {:>16} {:>16}", "id", "label", "currency", "deferred", "earned");
    for row in rows {
        let id = id(row.product.map(|id| id.0).or(row.customer.map(|id| id.0)));
        line(&id, row.label.as_deref().unwrap_or_default(), row.currency, [row.deferred, row.earned]);
    }
}

fn line(id: &str, label: &str, currency: Currency, amounts: [Amount; 2]) {
    let [deferred, earned] = amounts.map(|amount| amount.with_scale(2));
    println!("{id:<12} {label:<32} {:<8} {deferred:>16} {earned:>16}", currency.code());
}

/// The sums of the columns of amounts, by currency.
fn totals<const N: usize>(
    rows: impl Iterator<Item = (Currency, [Amount; N])>,
) -> Result<Vec<(Currency, [Amount; N])>, NumberError> {
    let mut sums: BTreeMap<&str, (Currency, [Amount; N])> = BTreeMap::new();
    for (currency, amounts) in rows {
        let (_, sums) = sums.entry(currency.code()).or_insert((currency, [Amount::ZERO; N]));
        for (sum, amount) in sums.iter_mut().zip(amounts) {
            *sum = sum.checked_add(amount)?;
        }
    }
    Ok(sums.into_values().collect())
}

/// Sums as an object, under the names of their columns.
fn summed<const N: usize>(currency: Currency, names: [&str; N], sums: [Amount; N]) -> serde_json::Value {
    let mut object = json!({ "currency": currency.code() });
    for (name, sum) in names.iter().zip(sums) {
        object[*name] = json!(sum.with_scale(2));
    }
    object
}

fn csv(on: Date, rows: &[Row]) {
    println!("asOf,productId,customerId,label,currency,deferred,earned");
    for row in rows {
        println!(
            "{on},{},{},{},{},{},{}",
            id(row.product.map(|id| id.0)),
            id(row.customer.map(|id| id.0)),
            quoted(row.label.as_deref().unwrap_or_default()),
            row.currency.code(),
            row.deferred.with_scale(2),
            row.earned.with_scale(2)
        );
    }
}

/// A row under the names that `/v1/Revenue` gives it.
fn object(row: &Row) -> serde_json::Value {
    json!({
        "productId": row.product.map(|id| id.0),
        "customerId": row.customer.map(|id| id.0),
        "label": row.label,
        "currency": row.currency.code(),
        "deferred": row.deferred.with_scale(2),
        "earned": row.earned.with_scale(2)
    })
}

fn id(id: Option<i64>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

/// A field of a CSV line, quoted when it has to be.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_when_they_have_to_be() {
        assert_eq!(quoted("Probe"), "Probe");
        assert_eq!(quoted("Reyes, \"Ada\""), "\"Reyes, \"\"Ada\"\"\"");
    }
}
