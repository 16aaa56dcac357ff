//! `/v1/Revenue`: deferred and earned revenue as of a day.

use app::{
    Tx,
    revenue::{self, By, Row},
};
use axum::response::Response;
use billing::account::Session;
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
        Operation::get("/v1/Revenue", "Read revenue", read)
            .about(
                "Deferred and earned revenue at the end of a day of the account's time zone, net of discounts. A day \
                 that was reported once is reported the same for ever.",
            )
            .tagged("Revenue")
            .extension()
            .with("asOf", "string", "The day, `2024-01-31`; today when absent.")
            .with("by", "string", "`account`, `product` or `customer`; `account` when absent.")
            .answers::<Vec<Revenue>>(),
    ]
}

/// Revenue of the account, a product or a customer in one currency.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Revenue {
    /// The day.
    as_of: String,
    /// The product, in a report by product; null for what was deferred before Billfold without a product.
    product_id: Option<i64>,
    /// The customer, in a report by customer.
    customer_id: Option<i64>,
    /// The product's code, or the customer's name.
    label: Option<String>,
    /// The currency.
    currency: &'static str,
    /// Charged and not yet earned.
    deferred: Four,
    /// Earned.
    earned: Four,
}

async fn read(call: Call) -> Result<Response, ApiError> {
    call.query.refuse_others(&["asOf", "by"]).map_err(|problem| query_problem(problem.message))?;
    let by = match call.query.one_of("by", &["account", "product", "customer"]) {
        Ok(Some("product")) => By::Product,
        Ok(Some("customer")) => By::Customer,
        Ok(_) => By::Account,
        Err(problem) => return Err(query_problem(problem.message)),
    };
    let asked = call.query.instant("asOf").map_err(|problem| query_problem(problem.message))?;
    let ask = move |tx: &mut Tx<'_>, session: &Session| {
        let on = asked.map_or_else(|| session.account.zone.date_of(session.now), calendar::Instant::utc_date);
        Ok((on, revenue::as_of(tx, session, on, by)?))
    };
    let render = |_: &_, _: &Session, (on, rows): (calendar::Date, Vec<Row>)| {
        let rows = rows.into_iter().map(|row| Revenue {
            as_of: on.to_string(),
            product_id: row.product.map(|product| product.0),
            customer_id: row.customer.map(|customer| customer.0),
            label: row.label,
            currency: row.currency.code(),
            deferred: Four(row.deferred),
            earned: Four(row.earned),
        });
        rows.collect::<Vec<_>>()
    };
    call.question(ask, render).await
}
