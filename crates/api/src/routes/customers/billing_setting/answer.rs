//! What callers are shown of billing settings (customers.md §3.1).

use billing::{
    customer::{AutoCollectSettingType, BillingSetting as Stored, ServiceStartOption},
    id::CustomerId,
    term::Term,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{links::Links, name::Name, wire::scalar::Four};

/// Where a customer differs from the account's billing settings; null is the account's.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct BillingSetting {
    /// The customer's id.
    id: i64,
    /// Deprecated by the original, and always -1.
    invoice_day: i64,
    /// When invoices fall due.
    term: Option<Name<Term>>,
    /// Deprecated by the original, and always null.
    interval: Option<&'static str>,
    /// Invoices are paid with the default payment method when they fall due.
    auto_collect: Option<bool>,
    /// What that takes.
    auto_collect_setting_type: Option<Name<AutoCollectSettingType>>,
    /// A collection that failed is not tried again.
    dunning_exempt: bool,
    /// As it was sent; empty when unset.
    recharge_type: String,
    /// For collection by threshold.
    recharge_threshold_amount: Option<Four>,
    /// For collection by threshold.
    recharge_target_amount: Option<Four>,
    /// Less than the threshold in advance is poor standing.
    status_on_threshold: Option<bool>,
    /// Invoices are posted without being asked for.
    auto_post_draft_invoice: Option<bool>,
    /// Whether there is a default payment method, the customer's own or an ancestor's.
    has_payment_method: bool,
    /// Days.
    customer_grace_period: Option<i64>,
    /// Further days.
    grace_period_extension: Option<i64>,
    /// Printed on invoices.
    standing_po_number: Option<String>,
    /// What it cost to win the customer.
    acquisition_cost: Four,
    /// Invoices show charges of nothing.
    show_zero_dollar_charges: Option<bool>,
    /// Pays no tax.
    tax_exempt: bool,
    /// Why.
    tax_exempt_code: Option<String>,
    /// The customer's own address decides the tax.
    use_customer_billing_address: Option<bool>,
    /// As it was sent.
    avalara_usage_type: Option<String>,
    /// As it was sent.
    vat_identification_number: Option<String>,
    /// What is charged when service starts again.
    customer_service_start_option: Option<Name<ServiceStartOption>>,
    /// Taxes appear as one line.
    roll_up_taxes: Option<bool>,
    /// Discounts appear as one line.
    roll_up_discounts: Option<bool>,
    /// Always null: invoices show no tracked items yet.
    tracked_item_display: Option<&'static str>,
    /// Where they are read.
    uri: String,
}

impl BillingSetting {
    pub(super) fn of(links: &Links, customer: CustomerId, setting: Stored, has_payment_method: bool) -> Self {
        Self {
            id: customer.0,
            invoice_day: -1,
            term: setting.term.map(Name),
            interval: None,
            auto_collect: setting.auto_collect,
            auto_collect_setting_type: setting.auto_collect_setting_type.map(Name),
            dunning_exempt: setting.dunning_exempt.unwrap_or_default(),
            recharge_type: setting.recharge_type.unwrap_or_default(),
            recharge_threshold_amount: setting.recharge_threshold_amount.map(Four),
            recharge_target_amount: setting.recharge_target_amount.map(Four),
            status_on_threshold: setting.status_on_threshold,
            auto_post_draft_invoice: setting.auto_post_draft_invoice,
            has_payment_method,
            customer_grace_period: setting.customer_grace_period,
            grace_period_extension: setting.grace_period_extension,
            standing_po_number: setting.standing_po_number,
            acquisition_cost: Four(setting.acquisition_cost.unwrap_or_default()),
            show_zero_dollar_charges: setting.show_zero_dollar_charges,
            tax_exempt: setting.tax_exempt.unwrap_or_default(),
            tax_exempt_code: setting.tax_exempt_code,
            use_customer_billing_address: setting.use_customer_billing_address,
            avalara_usage_type: setting.avalara_usage_type,
            vat_identification_number: setting.vat_identification_number,
            customer_service_start_option: setting.customer_service_start_option.map(Name),
            roll_up_taxes: setting.roll_up_taxes,
            roll_up_discounts: setting.roll_up_discounts,
            tracked_item_display: None,
            uri: links.billing_setting(customer.0),
        }
    }
}
