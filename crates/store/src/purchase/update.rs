//! Drafts as they are changed.

use billing::{id::AccountId, named::Named, purchase::Purchase};
use calendar::Instant;
use db::{Error, Tx, values};

use super::ranges;
use crate::row::{at, name_opt, text_opt, units_opt};

/// Stores what may change of a draft's own row: its terms, its amounts and whether anything hangs on it. What hangs on it
/// is stored by its own functions, before this one or after it.
pub fn update(tx: &mut Tx<'_>, account: AccountId, purchase: &Purchase, now: Instant) -> Result<(), Error> {
    let terms = &purchase.terms;
    let earning = terms.earning.unwrap_or_default();
    let has_details = !(purchase.discounts.is_empty()
        && purchase.coupon_codes.is_empty()
        && purchase.custom_fields.is_empty()
        && purchase.items.is_empty());
    tx.execute(
        "UPDATE purchase SET name = $3, description = $4, quantity = $5, target_order_quantity = $6, pricing_model = $7,
             price_ranges = $8, is_price_overridden = $9, has_details = $10, amount = $11, taxable_amount = $12,
             is_earning_overridden = $13, earning_interval = $14, earning_number_of_intervals = $15,
             earning_timing_interval = $16, earning_timing_type = $17, netsuite_location_id = $18, modified_at = $19
         WHERE account_id = $1 AND id = $2 AND status = 'Draft'",
        &values![
            account.0,
            purchase.id.0,
            terms.name.as_str(),
            text_opt(terms.description.as_ref()),
            terms.quantity.millionths(),
            units_opt(terms.target_order_quantity),
            terms.pricing.model().name(),
            ranges::to_text(terms.pricing.ranges()),
            terms.is_price_overridden,
            has_details,
            terms.amount.millionths(),
            terms.taxable_amount.millionths(),
            terms.earning.is_some(),
            name_opt(earning.interval),
            earning.number_of_intervals,
            name_opt(earning.timing_interval),
            name_opt(earning.timing_type),
            text_opt(purchase.netsuite_location_id.as_ref()),
            at(now)
        ],
    )?;
    Ok(())
}
