//! `/v1/Customers/{id}/Overview`: a customer at a glance (customers.md §2.5).

use app::{Tx, customers::overview, standing::days_until_suspension};
use axum::response::Response;
use billing::{
    account::Session,
    customer::{AccountStatus, Customer, CustomerStatus, Position},
    id::CustomerId,
    named::Named,
};
use money::Amount;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    call::Call,
    error::ApiError,
    links::Links,
    name::Name,
    operation::Operation,
    wire::scalar::{At, Four},
};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/Customers/{id}/Overview", "Read customer overview", read)
            .about("The customer in short, with what it owes, what it has to spend, and what is still to be invoiced.")
            .answers::<CustomerOverview>(),
    ]
}

/// A customer at a glance.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CustomerOverview {
    /// `Mr`, `Mrs`, `Ms`, `Miss` or `Dr`; empty when there is none.
    title: &'static str,
    /// First name.
    first_name: Option<String>,
    /// Middle name.
    middle_name: Option<String>,
    /// Last name.
    last_name: Option<String>,
    /// Free text such as Jr.
    suffix: Option<String>,
    /// Mail goes here.
    primary_email: Option<String>,
    /// Telephone.
    primary_phone: Option<String>,
    /// Company.
    company_name: Option<String>,
    /// The caller's own id of the customer.
    reference: Option<String>,
    /// Creation.
    created_timestamp: At,
    /// Service status.
    status: Name<CustomerStatus>,
    /// Accounting status.
    customer_account_status: Name<AccountStatus>,
    /// ISO code of the one currency.
    currency: &'static str,
    /// What its invoices owe, less the funds and the credit.
    ar_balance: Four,
    /// What no invoice has of its payments and deposits.
    available_funds: Four,
    /// What no invoice has of its credits.
    available_credit: Four,
    /// Charges less discounts that wait on draft invoices, before tax.
    unbilled_charges: Four,
    /// Always null: subscriptions have billing dates, and there are none yet.
    next_billing_date: Option<At>,
    /// When the last payment was received.
    last_payment_date: Option<At>,
    /// How much it was.
    last_payment_amount: Option<Four>,
    /// Of active subscriptions, before discounts.
    monthly_recurring_revenue: Four,
    /// Of active subscriptions, after discounts.
    net_monthly_recurring_revenue: Four,
    /// Days until unpaid invoices suspend the customer; null while nothing does.
    days_until_suspension: Option<i64>,
    /// Hierarchy parent.
    parent_id: Option<i64>,
    /// Its id.
    id: i64,
    /// Where the customer is read.
    uri: String,
}

impl CustomerOverview {
    fn of(links: &Links, customer: Customer, position: Position, days_until_suspension: Option<i64>) -> Self {
        let contact = customer.fields.contact;
        Self {
            title: contact.title.map_or("", Named::name),
            first_name: contact.first_name,
            middle_name: contact.middle_name,
            last_name: contact.last_name,
            suffix: contact.suffix,
            primary_email: contact.primary_email,
            primary_phone: contact.primary_phone,
            company_name: contact.company_name,
            reference: contact.reference,
            created_timestamp: At(customer.created_at),
            status: Name(customer.status),
            customer_account_status: Name(customer.account_status),
            currency: customer.currency.code(),
            ar_balance: Four(customer.balance),
            available_funds: Four(position.available_funds),
            available_credit: Four(position.available_credit),
            unbilled_charges: Four(position.unbilled),
            next_billing_date: None,
            last_payment_date: position.last_payment.map(|payment| At(payment.effective_at)),
            last_payment_amount: position.last_payment.map(|payment| Four(payment.amount)),
            monthly_recurring_revenue: Four(Amount::ZERO),
            net_monthly_recurring_revenue: Four(Amount::ZERO),
            days_until_suspension,
            parent_id: customer.fields.parent.map(|parent| parent.0),
            id: customer.id.0,
            uri: links.customer(customer.id.0),
        }
    }
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = CustomerId(call.id("id")?);
    let ask = move |tx: &mut Tx<'_>, session: &Session| {
        let (customer, position) = overview::run(tx, session, id)?;
        Ok((customer, position, days_until_suspension(tx, session, id)?))
    };
    call.question(ask, |links, _, (customer, position, days)| CustomerOverview::of(links, customer, position, days))
        .await
}
