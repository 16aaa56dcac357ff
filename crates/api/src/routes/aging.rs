//! `/v1/AgingReport`: what customers owed at the end of a day, by age.

use app::{
    Tx,
    aging::{self, Row},
};
use axum::response::Response;
use billing::account::Session;
use calendar::{Date, Instant};
use money::NumberError;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    call::{Call, query_problem},
    error::ApiError,
    operation::Operation,
    wire::scalar::Four,
};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/AgingReport", "Read aging report", read)
            .about(
                "What each customer owed on its invoices at the end of a day of the account's time zone, by the days since \
                 it fell due. What was recorded later does not count, except other terms of an invoice, which move its days \
                 for the past, too; money and credit that are not allocated are not taken from it.",
            )
            .tagged("Invoices")
            .extension()
            .with("asOf", "string", "The day, `2024-01-31`; today when absent.")
            .answers::<Vec<Aging>>(),
    ]
}

/// What a customer owed in one currency.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Aging {
    /// The day.
    as_of: String,
    /// The customer.
    customer_id: i64,
    /// The customer's name.
    label: Option<String>,
    /// The currency.
    currency: &'static str,
    /// Due on that day or later.
    current: Four,
    /// Due 1 to 30 days before.
    days1_to30: Four,
    /// Due 31 to 60 days before.
    days31_to60: Four,
    /// Due 61 to 90 days before.
    days61_to90: Four,
    /// Due more than 90 days before.
    over90: Four,
    /// All of it.
    total: Four,
}

impl Aging {
    fn of(on: Date, row: Row) -> Result<Self, NumberError> {
        Ok(Self {
            as_of: on.to_string(),
            customer_id: row.customer.0,
            label: row.label,
            currency: row.currency.code(),
            current: Four(row.aging.current),
            days1_to30: Four(row.aging.days_1_to_30),
            days31_to60: Four(row.aging.days_31_to_60),
            days61_to90: Four(row.aging.days_61_to_90),
            over90: Four(row.aging.over_90),
            total: Four(row.aging.total()?),
        })
    }
}

async fn read(call: Call) -> Result<Response, ApiError> {
    call.query.refuse_others(&["asOf"]).map_err(|problem| query_problem(problem.message))?;
    let asked = call.query.instant("asOf").map_err(|problem| query_problem(problem.message))?;
    let ask = move |tx: &mut Tx<'_>, session: &Session| {
        let on = asked.map_or_else(|| session.account.zone.date_of(session.now), Instant::utc_date);
        let rows = aging::as_of(tx, session, on)?.into_iter().map(|row| Aging::of(on, row));
        Ok(rows.collect::<Result<Vec<_>, _>>()?)
    };
    call.question(ask, |_, _, rows| rows).await
}
