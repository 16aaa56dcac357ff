//! What lists show of draft invoices (receivables.md §3.1).

use billing::{
    customer::{AccountStatus, CustomerStatus},
    draft_invoice::{DraftInvoiceStatus, DraftInvoiceSummary as Stored},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    links::Links,
    name::Name,
    wire::scalar::{At, Four},
};

/// A draft invoice in a list.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DraftInvoiceSummary {
    /// When it was made.
    effective_date: At,
    /// When it was made.
    created_date: At,
    /// Last change.
    modified_timestamp: At,
    /// Its charges less their discounts, before tax.
    pending_charges: Four,
    /// Who will owe.
    customer_id: i64,
    /// The caller's own id of the customer.
    customer_reference: Option<String>,
    /// The customer's currency.
    currency: &'static str,
    /// `Ready` or `Cancelled`.
    status: Name<DraftInvoiceStatus>,
    /// Subscriptions only.
    billing_period: Option<String>,
    /// Subscriptions only.
    scheduled_charge_date: Option<At>,
    /// The customer's first and last name.
    customer_full_name: String,
    /// The customer's company.
    company_name: Option<String>,
    /// The customer's parent.
    customer_parent_id: Option<i64>,
    /// Whether other customers name the customer as their parent.
    customer_is_parent: bool,
    /// The customer's accounting status.
    accounting_status: Name<AccountStatus>,
    /// The customer's service status.
    customer_status: Name<CustomerStatus>,
    /// The customer's first name.
    customer_first_name: Option<String>,
    /// The customer's last name.
    customer_last_name: Option<String>,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

impl DraftInvoiceSummary {
    pub(super) fn of(links: &Links, draft: Stored) -> Self {
        let contact = draft.contact;
        let names = [contact.first_name.as_deref(), contact.last_name.as_deref()];
        Self {
            effective_date: At(draft.created_at),
            created_date: At(draft.created_at),
            modified_timestamp: At(draft.modified_at),
            pending_charges: Four(draft.pending),
            customer_id: draft.customer.0,
            customer_reference: contact.reference,
            currency: draft.currency.code(),
            status: Name(draft.status),
            billing_period: None,
            scheduled_charge_date: None,
            customer_full_name: names.into_iter().flatten().collect::<Vec<_>>().join(" "),
            company_name: contact.company_name,
            customer_parent_id: draft.parent.map(|parent| parent.0),
            customer_is_parent: draft.is_parent,
            accounting_status: Name(draft.account_status),
            customer_status: Name(draft.customer_status),
            customer_first_name: contact.first_name,
            customer_last_name: contact.last_name,
            id: draft.id.0,
            uri: links.draft_invoice(draft.id.0),
        }
    }
}
