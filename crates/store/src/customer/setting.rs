//! The billing settings of a customer.

use billing::{
    customer::BillingSetting,
    id::{AccountId, CustomerId},
};
use db::{Error, Row, Tx, Value, values};
use money::Amount;

use crate::row::{Columns, name_opt, text_opt};

const COLUMNS: &[&str] = &[
    "account_id",
    "customer_id",
    "term",
    "auto_collect",
    "auto_collect_setting_type",
    "dunning_exempt",
    "recharge_type",
    "recharge_threshold_amount",
    "recharge_target_amount",
    "status_on_threshold",
    "auto_post_draft_invoice",
    "customer_grace_period",
    "grace_period_extension",
    "standing_po_number",
    "acquisition_cost",
    "show_zero_dollar_charges",
    "tax_exempt",
    "tax_exempt_code",
    "use_customer_billing_address",
    "avalara_usage_type",
    "vat_identification_number",
    "customer_service_start_option",
    "roll_up_taxes",
    "roll_up_discounts",
];

/// Stores the settings of a customer that has none yet.
pub fn insert_setting(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    setting: &BillingSetting,
) -> Result<(), Error> {
    let row = values![
        account.0,
        customer.0,
        name_opt(setting.term),
        setting.auto_collect,
        name_opt(setting.auto_collect_setting_type),
        setting.dunning_exempt,
        text_opt(setting.recharge_type.as_ref()),
        amount_opt(setting.recharge_threshold_amount),
        amount_opt(setting.recharge_target_amount),
        setting.status_on_threshold,
        setting.auto_post_draft_invoice,
        setting.customer_grace_period,
        setting.grace_period_extension,
        text_opt(setting.standing_po_number.as_ref()),
        amount_opt(setting.acquisition_cost),
        setting.show_zero_dollar_charges,
        setting.tax_exempt,
        text_opt(setting.tax_exempt_code.as_ref()),
        setting.use_customer_billing_address,
        text_opt(setting.avalara_usage_type.as_ref()),
        text_opt(setting.vat_identification_number.as_ref()),
        name_opt(setting.customer_service_start_option),
        setting.roll_up_taxes,
        setting.roll_up_discounts
    ];
    tx.insert("customer_billing_setting", COLUMNS, [row])
}

/// Stores the settings of a locked customer in place of those that it has.
pub fn set_setting(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    setting: &BillingSetting,
) -> Result<(), Error> {
    tx.execute(
        "DELETE FROM customer_billing_setting WHERE account_id = $1 AND customer_id = $2",
        &values![account.0, customer.0],
    )?;
    insert_setting(tx, account, customer, setting)
}

/// The settings of a customer; `None` when the account's hold throughout.
pub fn find_setting(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
) -> Result<Option<BillingSetting>, Error> {
    tx.query_opt(
        "SELECT term, auto_collect, auto_collect_setting_type, dunning_exempt, recharge_type,
             recharge_threshold_amount, recharge_target_amount, status_on_threshold, auto_post_draft_invoice,
             customer_grace_period, grace_period_extension, standing_po_number, acquisition_cost,
             show_zero_dollar_charges, tax_exempt, tax_exempt_code, use_customer_billing_address, avalara_usage_type,
             vat_identification_number, customer_service_start_option, roll_up_taxes, roll_up_discounts
         FROM customer_billing_setting WHERE account_id = $1 AND customer_id = $2",
        &values![account.0, customer.0],
        setting,
    )
}

fn setting(row: &Row<'_>) -> Result<BillingSetting, Error> {
    let mut columns = Columns::of(row);
    Ok(BillingSetting {
        term: columns.named_opt()?,
        auto_collect: columns.next()?,
        auto_collect_setting_type: columns.named_opt()?,
        dunning_exempt: columns.next()?,
        recharge_type: columns.next()?,
        recharge_threshold_amount: next_amount(&mut columns)?,
        recharge_target_amount: next_amount(&mut columns)?,
        status_on_threshold: columns.next()?,
        auto_post_draft_invoice: columns.next()?,
        customer_grace_period: columns.next()?,
        grace_period_extension: columns.next()?,
        standing_po_number: columns.next()?,
        acquisition_cost: next_amount(&mut columns)?,
        show_zero_dollar_charges: columns.next()?,
        tax_exempt: columns.next()?,
        tax_exempt_code: columns.next()?,
        use_customer_billing_address: columns.next()?,
        avalara_usage_type: columns.next()?,
        vat_identification_number: columns.next()?,
        customer_service_start_option: columns.named_opt()?,
        roll_up_taxes: columns.next()?,
        roll_up_discounts: columns.next()?,
    })
}

fn amount_opt(amount: Option<Amount>) -> Value<'static> {
    amount.map(Amount::millionths).into()
}

fn next_amount(columns: &mut Columns<'_, '_>) -> Result<Option<Amount>, Error> {
    Ok(columns.next::<Option<i64>>()?.map(Amount::from_millionths))
}
