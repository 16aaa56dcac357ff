//! `billfold report aging`.

use app::{
    App, Error,
    aging::{self, Row},
};
use calendar::Date;
use money::{Amount, Currency, NumberError};
use serde_json::json;

use super::{quoted, summed, totals};
use crate::{
    account::chosen,
    cli::{ReportAging, ReportFormat},
    failure::Failure,
    migrate, print,
};

/// The columns of amounts, under the names that `/v1/AgingReport` gives them.
const AMOUNTS: [&str; 6] = ["current", "days1To30", "days31To60", "days61To90", "over90", "total"];

/// Prints what every customer owed at the end of a day, by how long it had been due.
pub(crate) async fn aging(arguments: ReportAging) -> Result<(), Failure> {
    let app = migrate::open_existing(&arguments.database).await?;
    let (asked, now) = (arguments.report, app.now());
    let (account, as_of) = (chosen(&app, &asked.of).await?, asked.as_of);
    let read = move |tx: &mut app::Tx<'_>| {
        let session = App::own_session(tx, account, now)?;
        let on = as_of.unwrap_or_else(|| session.account.zone.date_of(now));
        let rows = aging::as_of(tx, &session, on)?.into_iter().map(|row| Ok((amounts(&row)?, row)));
        let rows = rows.collect::<Result<Vec<_>, NumberError>>()?;
        let totals = totals(rows.iter().map(|(amounts, row)| (row.currency, *amounts)))?;
        Ok::<_, Error>((on, rows, totals))
    };
    let (on, rows, totals) = app.db().read(read).await?;
    match asked.format {
        ReportFormat::Table => {
            table(on, &rows);
            for (currency, sums) in &totals {
                line("total", "", *currency, sums);
            }
        }
        ReportFormat::Csv => csv(on, &rows),
        ReportFormat::Json => {
            let rows: Vec<_> = rows.iter().map(object).collect();
            let totals: Vec<_> = totals.iter().map(|(of, sums)| summed(*of, AMOUNTS, *sums)).collect();
            print::json(&json!({ "asOf": on.to_string(), "rows": rows, "totals": totals }));
        }
    }
    app.close().await;
    Ok(())
}

/// What is printed of a row, in the order of [`AMOUNTS`].
fn amounts(row: &Row) -> Result<[Amount; 6], NumberError> {
    let [current, to_30, to_60, to_90, over] = row.aging.buckets();
    Ok([current, to_30, to_60, to_90, over, row.aging.total()?])
}

fn table(on: Date, rows: &[([Amount; 6], Row)]) {
    println!("Owed as of {on}, by days since it fell due");
    let [current, to_30, to_60, to_90, over, total] = ["current", "1-30", "31-60", "61-90", "over 90", "total"];
    println!(
        "{:<12} {:<32} {:<8} {current:>14} {to_30:>14} {to_60:>14} {to_90:>14} {over:>14} {total:>14}",
        "customer", "label", "currency"
    );
    for (amounts, row) in rows {
        line(&row.customer.to_string(), row.label.as_deref().unwrap_or_default(), row.currency, amounts);
    }
}

fn line(customer: &str, label: &str, currency: Currency, amounts: &[Amount; 6]) {
    let amounts = amounts.map(|amount| format!("{:>14}", amount.with_scale(2))).join(" ");
    println!("{customer:<12} {label:<32} {:<8} {amounts}", currency.code());
}

fn csv(on: Date, rows: &[([Amount; 6], Row)]) {
    println!("asOf,customerId,label,currency,{}", AMOUNTS.join(","));
    for (amounts, row) in rows {
        let label = quoted(row.label.as_deref().unwrap_or_default());
        let amounts = amounts.map(|amount| amount.with_scale(2)).join(",");
        println!("{on},{},{label},{},{amounts}", row.customer.0, row.currency.code());
    }
}

/// A row under the names that `/v1/AgingReport` gives it.
fn object((amounts, row): &([Amount; 6], Row)) -> serde_json::Value {
    let mut object = json!({ "customerId": row.customer.0, "label": row.label, "currency": row.currency.code() });
    for (name, amount) in AMOUNTS.iter().zip(amounts) {
        object[name] = json!(amount.with_scale(2));
    }
    object
}
