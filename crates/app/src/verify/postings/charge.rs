//! What a charge says of itself, beside what was posted about it.

use billing::{
    earning::{EarningRule, EarningSettings},
    id::CustomerId,
    named::Named,
    pricing::PricingModel,
};
use calendar::Instant;
use money::{Amount, Currency, Quantity};
use store::verify::{StoredCharge, StoredFact, StoredReversal, StoredTier};

use crate::verify::{
    Rule,
    findings::{Findings, Sum, place},
};

/// A charge, as far as its values are known ones.
pub(super) struct Charge {
    /// The invoice's; `None` when there is no such invoice.
    pub(super) customer: Option<CustomerId>,
    pub(super) amount: Amount,
    pub(super) reversed: StoredReversal,
    /// `None` when the charge does not say when it took effect.
    pub(super) effective_at: Option<Instant>,
    /// `None` when its settings mean nothing.
    pub(super) rule: Option<EarningRule>,
    pub(super) currency: Option<Currency>,
    quantity: Quantity,
    /// `None` when there is no such purchase, which is named by another rule.
    is_tiered: Option<bool>,
}

impl Charge {
    pub(super) fn new(fact: &StoredFact<'_>, stored: &StoredCharge<'_>) -> Self {
        let [interval, timing_interval, timing_type] = stored.earning;
        let settings = EarningSettings {
            interval: Named::from_name(interval),
            number_of_intervals: stored.number_of_intervals,
            timing_interval: Named::from_name(timing_interval),
            timing_type: Named::from_name(timing_type),
        };
        Self {
            customer: fact.customer,
            amount: fact.amount,
            reversed: stored.reversed,
            effective_at: fact.effective_at,
            rule: settings.rule().ok(),
            currency: Currency::parse(stored.currency),
            quantity: stored.quantity,
            is_tiered: Some(stored.pricing_model)
                .filter(|name| !name.is_empty())
                .map(|name| name == PricingModel::Tiered.name()),
        }
    }

    /// Compares what it says was reversed with the sums of its reversals: gross, discounts, taxes.
    pub(super) fn compare_reversed(&self, id: i64, reversals: [Sum; 3], findings: &mut Findings) {
        let StoredReversal { amount, discount, tax } = self.reversed;
        let stored = [("reversed", amount), ("reversed_discount", discount), ("reversed_tax", tax)];
        for ((column, found), expected) in stored.into_iter().zip(reversals) {
            findings.compare(Rule::ChargeReversed, place("charge", id, column), expected, found.into());
        }
    }

    /// Compares its tiers with its quantity and amount, and each of them with its price.
    pub(super) fn compare_tiers(&self, id: i64, tiers: &[StoredTier], findings: &mut Findings) {
        let Some(is_tiered) = self.is_tiered else { return };
        let mut compare = |column, expected: Sum, found: Sum| {
            findings.compare(Rule::ChargeTiers, place("charge_tier", id, column), expected, found);
        };
        let units = |quantity: Quantity| Amount::from_millionths(quantity.millionths());
        let whole = if is_tiered { [self.amount, units(self.quantity)] } else { [Amount::ZERO; 2] };
        let [mut amount, mut quantity] = [Sum::default(); 2];
        for (number, tier) in (0i64..).zip(tiers) {
            let numbers = [number, tier.number].map(|number| Sum::from(Amount::from_millionths(number)));
            compare("tier_number", numbers[0], numbers[1]);
            amount.add(tier.amount);
            quantity.add(units(tier.quantity));
            // Without the invoice's currency nothing says how to round; that is named by another rule.
            if let Some(Ok(price)) = self.currency.map(|c| Amount::round(tier.unit_price.times(tier.quantity), c)) {
                compare("amount", price.into(), tier.amount.into());
            }
        }
        compare("amount", whole[0].into(), amount);
        compare("quantity", whole[1].into(), quantity);
    }
}
