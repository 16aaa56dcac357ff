//! Lists of purchases by product, and in summary (purchases.md §3.6, §3.7).

use app::purchases::{list_of_product, summary};
use axum::response::Response;
use billing::{
    id::ProductId,
    purchase::{PurchaseStatus, PurchaseSummary as Stored},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::purchases::Purchase;
use crate::{
    call::{Call, query_problem},
    error::ApiError,
    links::Links,
    name::Name,
    operation::Operation,
    wire::scalar::{At, Four, One},
};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/Purchases/GetByProductId", "List purchases by product", list_of_product)
            .about("The purchases of a product by any customer, in any status.")
            .with("id", "integer", "The product. Required.")
            .lists::<Purchase>(list_of_product::COLUMNS),
        Operation::get("/v1/PurchaseSummary", "List purchase summaries", summary)
            .about("The purchases of the account with their customers and invoices, in any status.")
            .lists::<PurchaseSummary>(summary::COLUMNS),
    ]
    .into_iter()
    .map(|operation| operation.tagged("Purchases"))
    .collect()
}

async fn list_of_product(call: Call) -> Result<Response, ApiError> {
    let id = call.query.integer("id").map_err(|problem| query_problem(problem.message))?;
    let id = ProductId(id.ok_or_else(|| query_problem("The id of a product is required."))?);
    call.list(
        move |tx, session, page| list_of_product::run(tx, session, id, page),
        |links, _, purchase| Purchase::of(links, &purchase),
    )
    .await
}

async fn summary(call: Call) -> Result<Response, ApiError> {
    call.list(summary::run, |links, _, purchase| PurchaseSummary::of(links, purchase)).await
}

/// A purchase with its customer and its invoice, in short.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PurchaseSummary {
    /// The purchase.
    purchase_id: i64,
    /// The buyer.
    customer_id: i64,
    /// Number of the invoice that charged it.
    invoice_number: Option<i64>,
    /// First name of the buyer.
    first_name: Option<String>,
    /// Last name of the buyer.
    last_name: Option<String>,
    /// Company of the buyer.
    company_name: Option<String>,
    /// Reference of the buyer.
    reference: Option<String>,
    /// Code of the product.
    product_code: String,
    /// Name of the purchase.
    name: String,
    /// Its description.
    description: Option<String>,
    /// Units.
    quantity: One,
    /// What it costs, after discounts.
    amount: Four,
    /// When the draft was made.
    created_date: At,
    /// When it was cancelled.
    cancellation_date: Option<At>,
    /// When its invoice was posted.
    invoiced_date: Option<At>,
    /// When that was paid.
    date_paid: Option<At>,
    /// Where it stands.
    purchase_status: Name<PurchaseStatus>,
    /// Currency of the buyer.
    currency: &'static str,
    /// The purchase.
    id: i64,
    /// Where it is read.
    uri: String,
}

impl PurchaseSummary {
    fn of(links: &Links, stored: Stored) -> Self {
        Self {
            purchase_id: stored.id.0,
            customer_id: stored.customer.0,
            invoice_number: stored.invoice_number,
            first_name: stored.first_name,
            last_name: stored.last_name,
            company_name: stored.company_name,
            reference: stored.reference,
            product_code: stored.product_code,
            name: stored.name,
            description: stored.description,
            quantity: One(stored.quantity),
            amount: Four(stored.amount),
            created_date: At(stored.created_at),
            cancellation_date: stored.cancelled_at.map(At),
            invoiced_date: stored.invoiced_at.map(At),
            date_paid: stored.paid_at.map(At),
            purchase_status: Name(stored.status),
            currency: stored.currency.code(),
            id: stored.id.0,
            uri: links.purchase(stored.id.0),
        }
    }
}
