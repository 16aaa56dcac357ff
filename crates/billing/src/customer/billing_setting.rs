//! A customer's own billing settings, where they differ from the account's (customers.md §3.1).

use money::Amount;

use crate::{named::named, problem::Problems, term::Term};

named! {
    /// What automatic collection takes.
    pub enum AutoCollectSettingType {
        /// What the due invoice owes.
        CurrentInvoice => "CurrentInvoice",
        /// What all invoices owe.
        OutstandingBalance => "OutstandingBalance",
        /// What is due, and more when the balance is past a limit.
        Threshold => "Threshold",
    }
}

named! {
    /// What is charged when service starts again.
    pub enum ServiceStartOption {
        /// Every period that was missed.
        ChargeForAllMissedPeriods => "ChargeForAllMissedPeriods",
        /// The last of them.
        ChargeForLastMissedPeriods => "ChargeForLastMissedPeriods",
        /// None of them.
        NoChargesForMissedPeriods => "NoChargesForMissedPeriods",
        /// The present period as a whole.
        ChargeForCurrentFullPeriod => "ChargeForCurrentFullPeriod",
    }
}

/// Overrides of the account's settings; `None` means the account's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BillingSetting {
    /// When invoices fall due.
    pub term: Option<Term>,
    /// Invoices are paid with the default payment method when they fall due.
    pub auto_collect: Option<bool>,
    /// What that takes.
    pub auto_collect_setting_type: Option<AutoCollectSettingType>,
    /// A collection that failed is not tried again.
    pub dunning_exempt: Option<bool>,
    /// [`RECHARGE_TYPE`], the only one known: the original's documentation is cut off there.
    pub recharge_type: Option<String>,
    /// Less than this in advance is topped up. Not negative.
    pub recharge_threshold_amount: Option<Amount>,
    /// So much is in advance then. Not less than the threshold.
    pub recharge_target_amount: Option<Amount>,
    /// Less than the threshold in advance is poor standing.
    pub status_on_threshold: Option<bool>,
    /// Invoices are posted without being asked for.
    pub auto_post_draft_invoice: Option<bool>,
    /// Days in poor standing before a suspension; not negative.
    pub customer_grace_period: Option<i64>,
    /// Further days; not negative.
    pub grace_period_extension: Option<i64>,
    /// Printed on invoices, at most 255 characters.
    pub standing_po_number: Option<String>,
    /// What it cost to win the customer; not negative.
    pub acquisition_cost: Option<Amount>,
    /// Lines of no value are shown on HTML and PDF.
    pub show_zero_dollar_charges: Option<bool>,
    /// Pays no tax.
    pub tax_exempt: Option<bool>,
    /// Why, at most 255 characters.
    pub tax_exempt_code: Option<String>,
    /// The customer's own address decides the tax.
    pub use_customer_billing_address: Option<bool>,
    /// At most 255 characters.
    pub avalara_usage_type: Option<String>,
    /// At most 255 characters.
    pub vat_identification_number: Option<String>,
    /// What is charged when service starts again.
    pub customer_service_start_option: Option<ServiceStartOption>,
    /// Taxes appear as one line on HTML and PDF.
    pub roll_up_taxes: Option<bool>,
    /// Discounts appear as one line on HTML and PDF.
    pub roll_up_discounts: Option<bool>,
}

/// How invoices look to their customer; by default as the account's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InvoiceDisplay {
    /// Charges of nothing have their lines.
    pub shows_zero_charges: bool,
    /// All taxes are one line of the totals.
    pub rolls_up_taxes: bool,
    /// All discounts are one line of the totals, and none of the charges.
    pub rolls_up_discounts: bool,
}

const TEXT_LENGTH_MAX: usize = 255;

/// How funds that run low are topped up (customers.md §3.1).
pub const RECHARGE_TYPE: &str = "BringBalanceBackToTarget";

impl BillingSetting {
    /// Longest grace period and longest extension of it: ten years of days.
    pub const GRACE_DAYS_MAX: i64 = 3_650;

    /// How the customer's invoices look.
    pub fn invoice_display(&self) -> InvoiceDisplay {
        InvoiceDisplay {
            shows_zero_charges: self.show_zero_dollar_charges == Some(true),
            rolls_up_taxes: self.roll_up_taxes == Some(true),
            rolls_up_discounts: self.roll_up_discounts == Some(true),
        }
    }

    /// Records every field that is beyond its limits, under its name on the wire.
    pub fn check(&self, problems: &mut Problems) {
        let texts = [
            ("StandingPoNumber", &self.standing_po_number),
            ("TaxExemptCode", &self.tax_exempt_code),
            ("AvalaraUsageType", &self.avalara_usage_type),
            ("VatIdentificationNumber", &self.vat_identification_number),
        ];
        for (name, value) in texts {
            if let Some(text) = value {
                problems.check_length(name, text, TEXT_LENGTH_MAX);
            }
        }
        let amounts = [
            ("RechargeThresholdAmount", self.recharge_threshold_amount),
            ("RechargeTargetAmount", self.recharge_target_amount),
            ("AcquisitionCost", self.acquisition_cost),
        ];
        for (name, amount) in amounts {
            if amount.is_some_and(Amount::is_negative) {
                problems.push(name, format!("The field {name} must not be negative."));
            }
        }
        self.check_recharge(problems);
        let days = [
            ("CustomerGracePeriod", self.customer_grace_period),
            ("GracePeriodExtension", self.grace_period_extension),
        ];
        for (name, days) in days {
            if days.is_some_and(|days| !(0..=Self::GRACE_DAYS_MAX).contains(&days)) {
                let days_max = Self::GRACE_DAYS_MAX;
                problems.push(name, format!("The field {name} must be between 0 and {days_max}."));
            }
        }
    }
}

impl BillingSetting {
    fn check_recharge(&self, problems: &mut Problems) {
        if self.recharge_type.as_ref().is_some_and(|given| !given.eq_ignore_ascii_case(RECHARGE_TYPE)) {
            problems.push("RechargeType", format!("RechargeType must be {RECHARGE_TYPE}."));
        }
        if self.auto_collect_setting_type != Some(AutoCollectSettingType::Threshold) {
            return;
        }
        match (self.recharge_threshold_amount, self.recharge_target_amount) {
            (Some(threshold), Some(target)) if target < threshold => {
                problems.push("RechargeTargetAmount", "RechargeTargetAmount must not be less than the threshold.");
            }
            (Some(_), Some(_)) => {}
            (threshold, _) => {
                let missing = if threshold.is_none() { "RechargeThresholdAmount" } else { "RechargeTargetAmount" };
                problems.required(missing);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits() {
        let amount = |text: &str| Some(Amount::parse(text).unwrap());
        let good = BillingSetting {
            recharge_target_amount: amount("0"),
            customer_grace_period: Some(0),
            grace_period_extension: Some(3_650),
            standing_po_number: Some("x".repeat(255)),
            ..BillingSetting::default()
        };
        let bad = BillingSetting {
            recharge_target_amount: amount("-0.01"),
            customer_grace_period: Some(-1),
            grace_period_extension: Some(3_651),
            standing_po_number: Some("x".repeat(256)),
            ..BillingSetting::default()
        };
        let fields = |setting: &BillingSetting| {
            let mut problems = Problems::new();
            setting.check(&mut problems);
            let found = problems.into_result().err().unwrap_or_default();
            found.into_iter().map(|problem| problem.field).collect::<Vec<_>>()
        };
        assert_eq!(fields(&good), Vec::<String>::new());
        let topped_up = |threshold: Option<&str>, target: Option<&str>, recharge_type: &str| BillingSetting {
            auto_collect_setting_type: Some(AutoCollectSettingType::Threshold),
            recharge_type: Some(recharge_type.to_owned()),
            recharge_threshold_amount: threshold.and_then(amount),
            recharge_target_amount: target.and_then(amount),
            ..BillingSetting::default()
        };
        assert_eq!(fields(&topped_up(Some("5"), Some("5"), "bringBalanceBackToTarget")), Vec::<String>::new());
        assert_eq!(fields(&topped_up(Some("5"), Some("4"), RECHARGE_TYPE)), ["RechargeTargetAmount"]);
        assert_eq!(fields(&topped_up(None, Some("4"), RECHARGE_TYPE)), ["RechargeThresholdAmount"]);
        assert_eq!(fields(&topped_up(Some("5"), None, "Weekly")), ["RechargeType", "RechargeTargetAmount"]);
        assert_eq!(
            fields(&bad),
            ["StandingPoNumber", "RechargeTargetAmount", "CustomerGracePeriod", "GracePeriodExtension"]
        );
    }
}
