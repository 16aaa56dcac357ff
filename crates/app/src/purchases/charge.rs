//! Price one purchase: the charge that it makes, before it is posted.

use billing::{
    account::Session,
    draft_invoice::{DraftCharge, DraftDiscount, DraftTier},
    earning::EarningSettings,
    id::ChargeId,
    priced::{self, Priced},
    pricing::PricingModel,
    product::Product,
    purchase::Purchase,
};
use db::Tx;
use money::Currency;

use crate::{Error, earning};

/// The charge of a purchase of `product`.
pub(super) fn run(
    tx: &mut Tx<'_>,
    session: &Session,
    currency: Currency,
    purchase: &Purchase,
    product: &Product,
) -> Result<DraftCharge, Error> {
    let settings = purchase.earning(product)?;
    settings.rule().map_err(earning::refuse)?;
    let discounts: Vec<_> = purchase.discounts.iter().map(|discount| discount.discount).collect();
    let terms = &purchase.terms;
    let priced = priced::price(&terms.pricing, terms.quantity, &discounts, currency)?;
    charge(tx, session, purchase, product, settings, priced)
}

fn charge(
    tx: &mut Tx<'_>,
    session: &Session,
    purchase: &Purchase,
    product: &Product,
    earning: EarningSettings,
    priced: Priced,
) -> Result<DraftCharge, Error> {
    let terms = &purchase.terms;
    let ids = tx.next_ids(1 + i64::try_from(priced.discounts.len()).unwrap_or(i64::MAX))?;
    let discounts = (ids.start + 1..).zip(priced.discounts);
    Ok(DraftCharge {
        id: ChargeId(ids.start),
        purchase: purchase.id,
        product: terms.product,
        name: terms.name.clone(),
        description: terms.description.clone(),
        quantity: terms.quantity,
        unit_price: priced.unit_price,
        amount: priced.gross,
        gl_code: product.fields.gl_code.clone(),
        is_tax_exempt: product.fields.tax_exempt,
        range_quantity: (terms.pricing.model() != PricingModel::Standard).then_some(terms.quantity),
        earning,
        created_at: session.now,
        tiers: priced.tiers.into_iter().map(|tier| DraftTier { tier, label: None }).collect(),
        discounts: discounts
            .map(|(id, taken)| DraftDiscount {
                id,
                configured: taken.discount,
                amount: taken.amount,
                description: None,
            })
            .collect(),
    })
}
