//! The billing settings that a caller may give a new customer (customers.md §3.1).

use billing::{
    customer::{AutoCollectSettingType, BillingSetting, ServiceStartOption},
    term::Term,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{name::Name, wire::scalar::Decimal};

/// Overrides of the account's billing settings; null is the account's.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct BillingSettingRequest {
    /// When invoices fall due.
    term: Option<Name<Term>>,
    /// Invoices are paid with the default payment method when they fall due.
    auto_collect: Option<bool>,
    /// What that takes.
    auto_collect_setting_type: Option<Name<AutoCollectSettingType>>,
    /// No reminders.
    dunning_exempt: Option<bool>,
    /// Kept as sent.
    #[schemars(length(max = 255))]
    recharge_type: Option<String>,
    /// For collection by threshold.
    recharge_threshold_amount: Option<Decimal>,
    /// For collection by threshold.
    recharge_target_amount: Option<Decimal>,
    /// A balance past the threshold is poor standing.
    status_on_threshold: Option<bool>,
    /// Invoices are posted without being asked for.
    auto_post_draft_invoice: Option<bool>,
    /// Days.
    customer_grace_period: Option<i64>,
    /// Further days.
    grace_period_extension: Option<i64>,
    /// Printed on invoices.
    #[serde(alias = "standingPo")]
    #[schemars(length(max = 255))]
    standing_po_number: Option<String>,
    /// What it cost to win the customer.
    acquisition_cost: Option<Decimal>,
    /// Invoices show charges of nothing.
    show_zero_dollar_charges: Option<bool>,
    /// Pays no tax.
    tax_exempt: Option<bool>,
    /// Why.
    #[schemars(length(max = 255))]
    tax_exempt_code: Option<String>,
    /// The customer's own address decides the tax.
    use_customer_billing_address: Option<bool>,
    /// Kept as sent.
    #[schemars(length(max = 255))]
    avalara_usage_type: Option<String>,
    /// Kept as sent.
    #[schemars(length(max = 255))]
    vat_identification_number: Option<String>,
    /// What is charged when service starts again.
    customer_service_start_option: Option<Name<ServiceStartOption>>,
    /// Taxes appear as one line.
    roll_up_taxes: Option<bool>,
    /// Discounts appear as one line.
    roll_up_discounts: Option<bool>,
}

impl BillingSettingRequest {
    /// The settings; an empty text is the account's, as null is.
    pub(super) fn into_setting(self) -> BillingSetting {
        let text = |text: Option<String>| text.filter(|text| !text.is_empty());
        BillingSetting {
            term: self.term.map(|Name(term)| term),
            auto_collect: self.auto_collect,
            auto_collect_setting_type: self.auto_collect_setting_type.map(|Name(setting_type)| setting_type),
            dunning_exempt: self.dunning_exempt,
            recharge_type: text(self.recharge_type),
            recharge_threshold_amount: self.recharge_threshold_amount.map(Decimal::amount),
            recharge_target_amount: self.recharge_target_amount.map(Decimal::amount),
            status_on_threshold: self.status_on_threshold,
            auto_post_draft_invoice: self.auto_post_draft_invoice,
            customer_grace_period: self.customer_grace_period,
            grace_period_extension: self.grace_period_extension,
            standing_po_number: text(self.standing_po_number),
            acquisition_cost: self.acquisition_cost.map(Decimal::amount),
            show_zero_dollar_charges: self.show_zero_dollar_charges,
            tax_exempt: self.tax_exempt,
            tax_exempt_code: text(self.tax_exempt_code),
            use_customer_billing_address: self.use_customer_billing_address,
            avalara_usage_type: text(self.avalara_usage_type),
            vat_identification_number: text(self.vat_identification_number),
            customer_service_start_option: self.customer_service_start_option.map(|Name(option)| option),
            roll_up_taxes: self.roll_up_taxes,
            roll_up_discounts: self.roll_up_discounts,
        }
    }
}
