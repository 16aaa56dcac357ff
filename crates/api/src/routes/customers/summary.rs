//! `/v1/CustomerSummary`: customers as flat rows (customers.md §2.4).

use app::customers::{
    list::COLUMNS,
    summaries::{self, Summary},
};
use axum::response::Response;
use billing::{
    customer::{AccountStatus, CustomerStatus, TrackingCode},
    named::Named,
    term::Term,
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
        Operation::get("/v1/CustomerSummary", "List customer summaries", list)
            .about(
                "The customers of the account as flat rows; filtered and sorted by the names of the list of customers.",
            )
            .lists::<CustomerSummary>(COLUMNS),
    ]
}

/// A customer as a flat row.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CustomerSummary {
    /// The customer's id.
    fusebill_number: i64,
    /// The caller's own id of the customer.
    reference: Option<String>,
    /// Company.
    company_name: Option<String>,
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
    /// Service status.
    status: Name<CustomerStatus>,
    /// When its invoices fall due: its own terms, or the account's.
    net_terms: Name<Term>,
    /// The default payment method, such as `Visa ending in 4242`; null while there is none.
    payment_method: Option<String>,
    /// Place of the status among Draft, Active, Hold, Suspended and Cancelled, from 1.
    sort_status: usize,
    /// Accounting status.
    accounting_status: Name<AccountStatus>,
    /// What its invoices owe, less what no invoice has of its money.
    ar_balance: Four,
    /// Creation.
    created_timestamp: At,
    /// Always null: subscriptions have billing dates, and there are none yet.
    next_billing_date: Option<At>,
    /// Number of its currency.
    currency_id: i64,
    /// Days until unpaid invoices suspend the customer; null while nothing does.
    days_until_suspension: Option<i64>,
    /// Mail goes here.
    primary_email: Option<String>,
    /// Telephone.
    primary_phone: Option<String>,
    /// For information only.
    secondary_email: Option<String>,
    /// Telephone.
    secondary_phone: Option<String>,
    /// Free text.
    reference1: Option<String>,
    /// Free text.
    reference2: Option<String>,
    /// Free text.
    reference3: Option<String>,
    /// Text of the advertisement.
    ad_content: Option<String>,
    /// Campaign.
    campaign: Option<String>,
    /// Keyword.
    keyword: Option<String>,
    /// Landing page.
    landing_page: Option<String>,
    /// Medium.
    medium: Option<String>,
    /// Source.
    source: Option<String>,
    /// Of active subscriptions, before discounts.
    monthly_recurring_revenue: Four,
    /// Of active subscriptions, after discounts.
    net_monthly_recurring_revenue: Four,
    /// Id in Salesforce.
    salesforce_id: Option<String>,
    /// Id in NetSuite.
    netsuite_id: Option<String>,
    /// Code of the first tracking place.
    sales_tracking_code1_code: Option<String>,
    /// What it stands for.
    sales_tracking_code1_name: Option<String>,
    /// Code of the second tracking place.
    sales_tracking_code2_code: Option<String>,
    /// What it stands for.
    sales_tracking_code2_name: Option<String>,
    /// Code of the third tracking place.
    sales_tracking_code3_code: Option<String>,
    /// What it stands for.
    sales_tracking_code3_name: Option<String>,
    /// Code of the fourth tracking place.
    sales_tracking_code4_code: Option<String>,
    /// What it stands for.
    sales_tracking_code4_name: Option<String>,
    /// Code of the fifth tracking place.
    sales_tracking_code5_code: Option<String>,
    /// What it stands for.
    sales_tracking_code5_name: Option<String>,
    /// The customer's id.
    id: i64,
    /// Where the customer is read.
    uri: String,
}

/// A tracking place, empty or not.
struct Place {
    code: Option<String>,
    name: Option<String>,
}

impl From<Option<TrackingCode>> for Place {
    fn from(code: Option<TrackingCode>) -> Self {
        match code {
            Some(TrackingCode { code, name }) => Self { code: Some(code), name },
            None => Self { code: None, name: None },
        }
    }
}

impl CustomerSummary {
    fn of(links: &Links, summary: Summary) -> Self {
        let Summary { customer, term, payment_method, days_until_suspension } = summary;
        let (id, fields) = (customer.id.0, customer.fields);
        let (contact, acquisition) = (fields.contact, fields.acquisition);
        let [reference1, reference2, reference3] = fields.references;
        let [code1, code2, code3, code4, code5] = fields.tracking_codes.map(Place::from);
        let place = CustomerStatus::ALL.iter().take_while(|status| **status != customer.status).count();
        Self {
            fusebill_number: id,
            reference: contact.reference,
            company_name: contact.company_name,
            title: contact.title.map_or("", Named::name),
            first_name: contact.first_name,
            middle_name: contact.middle_name,
            last_name: contact.last_name,
            suffix: contact.suffix,
            status: Name(customer.status),
            net_terms: Name(term),
            payment_method,
            sort_status: place + 1,
            accounting_status: Name(customer.account_status),
            ar_balance: Four(customer.balance),
            created_timestamp: At(customer.created_at),
            next_billing_date: None,
            currency_id: customer.currency.number(),
            days_until_suspension,
            primary_email: contact.primary_email,
            primary_phone: contact.primary_phone,
            secondary_email: contact.secondary_email,
            secondary_phone: contact.secondary_phone,
            reference1,
            reference2,
            reference3,
            ad_content: acquisition.ad_content,
            campaign: acquisition.campaign,
            keyword: acquisition.keyword,
            landing_page: acquisition.landing_page,
            medium: acquisition.medium,
            source: acquisition.source,
            monthly_recurring_revenue: Four(Amount::ZERO),
            net_monthly_recurring_revenue: Four(Amount::ZERO),
            salesforce_id: fields.integrations.salesforce_id,
            netsuite_id: fields.integrations.netsuite_id,
            sales_tracking_code1_code: code1.code,
            sales_tracking_code1_name: code1.name,
            sales_tracking_code2_code: code2.code,
            sales_tracking_code2_name: code2.name,
            sales_tracking_code3_code: code3.code,
            sales_tracking_code3_name: code3.name,
            sales_tracking_code4_code: code4.code,
            sales_tracking_code4_name: code4.name,
            sales_tracking_code5_code: code5.code,
            sales_tracking_code5_name: code5.name,
            id,
            uri: links.customer(id),
        }
    }
}

async fn list(call: Call) -> Result<Response, ApiError> {
    call.list(summaries::run, |links, _, summary| CustomerSummary::of(links, summary)).await
}
