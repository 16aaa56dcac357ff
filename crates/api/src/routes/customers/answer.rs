//! What callers are shown of customers (customers.md §1).

use billing::{
    customer::{
        AccountStatus, Acquisition as StoredAcquisition, Customer as Stored, CustomerStatus, QuickBooksLatchType,
        SalesforceAccountType, SynchStatus, TrackingCode, TrackingPlace,
    },
    named::Named,
};
use money::Amount;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    links::Links,
    name::Name,
    routes::effects::{InvoicePreview, SideEffects},
    wire::scalar::{At, Four},
};

/// A customer.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Customer {
    /// First name.
    first_name: Option<String>,
    /// Middle name.
    middle_name: Option<String>,
    /// Last name.
    last_name: Option<String>,
    /// Company.
    company_name: Option<String>,
    /// Free text such as Jr.
    suffix: Option<String>,
    /// One or several addresses, separated by semicolons; mail goes here.
    primary_email: Option<String>,
    /// Telephone.
    primary_phone: Option<String>,
    /// One or several addresses, for information only.
    secondary_email: Option<String>,
    /// Telephone.
    secondary_phone: Option<String>,
    /// `Mr`, `Mrs`, `Ms`, `Miss` or `Dr`; empty when there is none.
    title: &'static str,
    /// The caller's own id of the customer; not unique.
    reference: Option<String>,
    /// Service status.
    status: Name<CustomerStatus>,
    /// Accounting status.
    customer_account_status: Name<AccountStatus>,
    /// ISO code of the one currency.
    currency: &'static str,
    /// Whether an update may name another currency: it is a draft without purchases, transactions, payment methods and a parent.
    can_change_currency: bool,
    /// Texts and codes of the caller's own.
    customer_reference: CustomerReference,
    /// Where the customer came from.
    customer_acquisition: CustomerAcquisition,
    /// Of active subscriptions, before discounts.
    monthly_recurring_revenue: Four,
    /// Of active subscriptions, after discounts.
    net_monthly_recurring_revenue: Four,
    /// Id in Salesforce.
    salesforce_id: Option<String>,
    /// Kind of account in Salesforce.
    salesforce_account_type: Option<Name<SalesforceAccountType>>,
    /// Whether Salesforce is kept up to date.
    salesforce_synch_status: Name<SynchStatus>,
    /// Id in NetSuite.
    netsuite_id: Option<String>,
    /// Whether NetSuite is kept up to date.
    netsuite_synch_status: Name<SynchStatus>,
    /// Kind of customer in NetSuite; empty when there is none.
    netsuite_customer_type: String,
    /// Name in the self-service portal.
    portal_user_name: Option<String>,
    /// Hierarchy parent.
    parent_id: Option<i64>,
    /// Other customers name it as their parent.
    is_parent: bool,
    /// How it comes to be in QuickBooks.
    quick_books_latch_type: Option<Name<QuickBooksLatchType>>,
    /// Id in QuickBooks.
    quick_books_id: Option<i64>,
    /// Version in QuickBooks.
    quick_books_sync_token: Option<i64>,
    /// Id of the contact in HubSpot.
    hub_spot_id: Option<i64>,
    /// Id of the company in HubSpot.
    hub_spot_company_id: Option<i64>,
    /// Id in Geotab.
    geotab_id: Option<String>,
    /// Id in Digital River.
    digital_river_id: Option<String>,
    /// Last change.
    modified_timestamp: At,
    /// Creation.
    created_timestamp: At,
    /// Always false: nothing is projected.
    requires_projected_invoice_generation: bool,
    /// Always false: there is no financial calendar.
    requires_financial_calendar_generation: bool,
    /// The invoice that the activation would post; only in a preview.
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_preview: Option<InvoicePreview>,
    /// Always empty: an activation makes one invoice; only in a preview.
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_invoices_for_preview: Option<Vec<InvoicePreview>>,
    /// What the activation did, when `view=sideeffects` asks for it; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    side_effects: Option<SideEffects>,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// Texts and codes of the caller's own.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CustomerReference {
    /// Free text.
    reference1: Option<String>,
    /// Free text.
    reference2: Option<String>,
    /// Free text.
    reference3: Option<String>,
    /// Who sold, through whom.
    sales_tracking_codes: Vec<SalesTrackingCode>,
    /// The customer's id.
    id: i64,
    /// The customer's uri.
    uri: String,
}

/// A sales tracking code.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SalesTrackingCode {
    /// Which of the five.
    #[serde(rename = "type")]
    place: Name<TrackingPlace>,
    /// The code.
    code: String,
    /// What it stands for.
    name: Option<String>,
    /// The customer's id.
    id: i64,
    /// The customer's uri.
    uri: String,
}

/// Where a customer came from.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CustomerAcquisition {
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
    /// The customer's id.
    id: i64,
    /// The customer's uri.
    uri: String,
}

impl Customer {
    pub(super) fn of(links: &Links, customer: &Stored) -> Self {
        let fields = customer.fields.clone();
        let (contact, integrations) = (fields.contact, fields.integrations);
        Self {
            first_name: contact.first_name,
            middle_name: contact.middle_name,
            last_name: contact.last_name,
            company_name: contact.company_name,
            suffix: contact.suffix,
            primary_email: contact.primary_email,
            primary_phone: contact.primary_phone,
            secondary_email: contact.secondary_email,
            secondary_phone: contact.secondary_phone,
            title: contact.title.map_or("", Named::name),
            reference: contact.reference,
            status: Name(customer.status),
            customer_account_status: Name(customer.account_status),
            currency: customer.currency.code(),
            can_change_currency: customer.can_change_currency,
            customer_reference: CustomerReference::of(links, customer),
            customer_acquisition: CustomerAcquisition::of(links, customer.id.0, fields.acquisition),
            monthly_recurring_revenue: Four(Amount::ZERO),
            net_monthly_recurring_revenue: Four(Amount::ZERO),
            salesforce_id: integrations.salesforce_id,
            salesforce_account_type: integrations.salesforce_account_type.map(Name),
            salesforce_synch_status: Name(integrations.salesforce_synch_status),
            netsuite_id: integrations.netsuite_id,
            netsuite_synch_status: Name(integrations.netsuite_synch_status),
            netsuite_customer_type: integrations.netsuite_customer_type.unwrap_or_default(),
            portal_user_name: fields.portal_user_name,
            parent_id: fields.parent.map(|parent| parent.0),
            is_parent: customer.is_parent,
            quick_books_latch_type: integrations.quickbooks_latch_type.map(Name),
            quick_books_id: integrations.quickbooks_id,
            quick_books_sync_token: integrations.quickbooks_sync_token,
            hub_spot_id: integrations.hubspot_id,
            hub_spot_company_id: integrations.hubspot_company_id,
            geotab_id: integrations.geotab_id,
            digital_river_id: integrations.digital_river_id,
            modified_timestamp: At(customer.modified_at),
            created_timestamp: At(customer.created_at),
            requires_projected_invoice_generation: false,
            requires_financial_calendar_generation: false,
            invoice_preview: None,
            additional_invoices_for_preview: None,
            side_effects: None,
            id: customer.id.0,
            uri: links.customer(customer.id.0),
        }
    }

    /// The same customer with the invoice that its activation would post.
    pub(super) fn with_preview(self, invoice: Option<InvoicePreview>) -> Self {
        Self { invoice_preview: invoice, additional_invoices_for_preview: Some(Vec::new()), ..self }
    }

    /// The same customer with the invoices that its activation posted.
    pub(super) fn with_side_effects(self, effects: SideEffects) -> Self {
        Self { side_effects: Some(effects), ..self }
    }
}

impl CustomerReference {
    fn of(links: &Links, customer: &Stored) -> Self {
        let [reference1, reference2, reference3] = customer.fields.references.clone();
        let id = customer.id.0;
        let codes = TrackingPlace::ALL.iter().zip(customer.fields.tracking_codes.clone());
        let shown = |(place, TrackingCode { code, name }): (&TrackingPlace, TrackingCode)| SalesTrackingCode {
            place: Name(*place),
            code,
            name,
            id,
            uri: links.customer(id),
        };
        let sales_tracking_codes = codes.filter_map(|(place, code)| Some(shown((place, code?)))).collect();
        Self { reference1, reference2, reference3, sales_tracking_codes, id, uri: links.customer(id) }
    }
}

impl CustomerAcquisition {
    fn of(links: &Links, id: i64, acquisition: StoredAcquisition) -> Self {
        Self {
            ad_content: acquisition.ad_content,
            campaign: acquisition.campaign,
            keyword: acquisition.keyword,
            landing_page: acquisition.landing_page,
            medium: acquisition.medium,
            source: acquisition.source,
            id,
            uri: links.customer(id),
        }
    }
}
