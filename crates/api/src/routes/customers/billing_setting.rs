//! `/v1/CustomerBillingSetting`, and the settings that a caller may give a new customer (customers.md §3.1).

mod answer;

use app::{
    Tx,
    customers::{find_setting, set_setting},
};
use axum::response::Response;
use billing::{
    account::Session,
    customer::{AutoCollectSettingType, BillingSetting as Stored, ServiceStartOption},
    id::CustomerId,
    problem::{Problem, Problems},
    term::Term,
};
use schemars::JsonSchema;
use serde::Deserialize;

use self::answer::BillingSetting;
use crate::{
    call::Call,
    error::ApiError,
    name::Name,
    operation::Operation,
    routes::parse::required,
    wire::{
        scalar::Decimal,
        shape::{OneOrMany, Raw},
    },
};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/CustomerBillingSetting/{customerId}", "Read billing settings", read)
            .about("Where the customer differs from the account's billing settings; null is the account's.")
            .answers::<BillingSetting>(),
        Operation::put("/v1/CustomerBillingSetting", "Update billing settings", update)
            .about(
                "Replaces the settings: `id` is required, members left out become null. They hold for invoices that are \
                 posted from now on.",
            )
            .takes::<BillingSettingRequest>("customerBillingSetting")
            .answers::<BillingSetting>(),
    ]
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let customer = CustomerId(call.id("customerId")?);
    let ask = move |tx: &mut Tx<'_>, session: &Session| {
        let setting = find_setting::run(tx, session, customer)?;
        Ok((setting, find_setting::has_payment_method(tx, session, customer)?))
    };
    call.question(ask, |links, _, (setting, has)| BillingSetting::of(links, customer, setting, has)).await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(BillingSettingRequest::parse_update)?;
    let customer = order.customer;
    call.command(
        move |tx, session| {
            let setting = set_setting::run(tx, session, &order)?;
            Ok((setting, find_setting::has_payment_method(tx, session, customer)?))
        },
        move |links, _, (setting, has)| BillingSetting::of(links, customer, setting, has),
    )
    .await
}

/// Overrides of the account's billing settings; null is the account's. Members that only an answer has are ignored.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct BillingSettingRequest {
    /// The customer. Required for an update, ignored at creation.
    id: Option<i64>,
    /// When invoices fall due.
    term: Option<Name<Term>>,
    /// Invoices are paid with the default payment method when they fall due; an update turns it on only when there is one.
    auto_collect: Option<bool>,
    /// What that takes.
    auto_collect_setting_type: Option<Name<AutoCollectSettingType>>,
    /// A collection that failed is not tried again.
    dunning_exempt: Option<bool>,
    /// `BringBalanceBackToTarget`, for `Threshold`.
    recharge_type: Option<String>,
    /// For `Threshold`, and required there: less than this in advance is topped up.
    recharge_threshold_amount: Option<Decimal>,
    /// For `Threshold`, and required there: so much is in advance then.
    recharge_target_amount: Option<Decimal>,
    /// Less than the threshold in advance is poor standing.
    status_on_threshold: Option<bool>,
    /// Invoices are posted without being asked for.
    auto_post_draft_invoice: Option<bool>,
    /// Days in poor standing before a suspension.
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
    /// Not supported yet; refused.
    tracked_item_display: Option<Raw>,
}

/// The settings of a new customer: an object, or a list of one.
pub(super) fn parse_new(problems: &mut Problems, settings: Option<OneOrMany<BillingSettingRequest>>) -> Option<Stored> {
    let OneOrMany(mut settings) = settings?;
    if settings.len() > 1 {
        problems.push("BillingSetting", "BillingSetting must not hold more than one object.");
    }
    let setting = settings.pop()?;
    Some(problems.at("BillingSetting", |problems| setting.parse(problems)))
}

impl BillingSettingRequest {
    /// The settings as they shall be, or everything that is wrong with them.
    fn parse_update(self) -> Result<set_setting::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let customer = required(&mut problems, "Id", self.id);
        let setting = self.parse(&mut problems);
        problems.into_result()?;
        Ok(set_setting::Order { customer: CustomerId(customer.unwrap_or_default()), setting })
    }

    /// The settings; an empty text is the account's, as null is.
    fn parse(self, problems: &mut Problems) -> Stored {
        super::request::refuse(problems, "TrackedItemDisplay", self.tracked_item_display.is_some());
        let text = |text: Option<String>| text.filter(|text| !text.is_empty());
        let setting = Stored {
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
        };
        setting.check(problems);
        setting
    }
}
