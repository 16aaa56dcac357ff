//! Charge one purchase: price it, post the charge, its discounts and what is earned at once.

use billing::{
    account::Session,
    earning::{EarningRule, EarningSettings},
    id::ChargeId,
    invoice::{Charge, ChargeDiscount, Reversed},
    priced::{self, Priced},
    pricing::PricingModel,
    product::Product,
    purchase::Purchase,
};
use db::Tx;
use ledger::Transaction;
use money::Amount;
use store::{earning::EarningSchedule, terms};

use crate::{Error, books::Books, earning};

/// A charge that was posted, and its schedule unless all of it is earned.
pub(super) struct Charged {
    pub(super) charge: Charge,
    pub(super) schedule: Option<EarningSchedule>,
}

/// Charges a purchase of `product`.
pub(super) fn run(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &mut Books<'_>,
    purchase: &Purchase,
    product: &Product,
) -> Result<Charged, Error> {
    let settings = purchase.earning(product)?;
    let rule = settings.rule().map_err(earning::refuse)?;
    let discounts: Vec<_> = purchase.discounts.iter().map(|discount| discount.discount).collect();
    let terms = &purchase.terms;
    let priced = priced::price(&terms.pricing, terms.quantity, &discounts, books.customer().currency)?;
    let charge = charge(tx, session, purchase, product, settings, &priced)?;
    post(session, books, &charge)?;
    let schedule = earn(tx, session, books, &charge, rule)?;
    Ok(Charged { charge, schedule })
}

fn charge(
    tx: &mut Tx<'_>,
    session: &Session,
    purchase: &Purchase,
    product: &Product,
    earning: EarningSettings,
    priced: &Priced,
) -> Result<Charge, Error> {
    let terms = &purchase.terms;
    let taken = priced.discounts.iter().filter(|taken| taken.amount.is_positive());
    let ids = tx.next_ids(1 + i64::try_from(priced.discounts.len()).unwrap_or(i64::MAX))?;
    let discounts = (ids.start + 1..).zip(taken);
    Ok(Charge {
        id: ChargeId(ids.start),
        purchase: purchase.id,
        product: terms.product,
        name: terms.name.clone(),
        description: terms.description.clone(),
        quantity: terms.quantity,
        unit_price: priced.unit_price,
        amount: priced.gross,
        gl_code: product.fields.gl_code.clone(),
        effective_at: session.now,
        earning,
        taxable_amount: priced.taxable(product.fields.tax_exempt),
        range_quantity: (terms.pricing.model() != PricingModel::Standard).then_some(terms.quantity),
        tiers: priced.tiers.clone(),
        discounts: discounts
            .map(|(id, taken)| ChargeDiscount { id, configured: taken.discount, amount: taken.amount })
            .collect(),
        reversed: Reversed::default(),
    })
}

/// Posts the charge and its discounts; nothing is posted for nothing.
fn post(session: &Session, books: &mut Books<'_>, charge: &Charge) -> Result<(), Error> {
    let currency = books.customer().currency;
    if charge.amount.is_positive() {
        let posted = Transaction::charge(session.now, currency, charge.amount)?.on(terms::of_charge(charge));
        books.post_of(charge.id, charge.id.0, posted)?;
    }
    for discount in &charge.discounts {
        let posted = Transaction::discount(session.now, currency, discount.amount)?.on(terms::of_discount(discount));
        books.post_of(charge.id, discount.id, posted)?;
    }
    Ok(())
}

/// Earns what is due on the day of posting; the schedule, unless that is everything. What is never earned by itself has one
/// too: it is earned or reversed when the purchase is cancelled.
fn earn(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &mut Books<'_>,
    charge: &Charge,
    rule: EarningRule,
) -> Result<Option<EarningSchedule>, Error> {
    let today = session.account.zone.date_of(session.now);
    let mut place = EarningSchedule {
        charge: charge.id,
        customer: books.customer().id,
        currency: books.customer().currency,
        settings: charge.earning,
        starts_on: today,
        amount: charge.amount,
        discount: charge.discount()?,
        earned: Amount::ZERO,
        earned_discount: Amount::ZERO,
        next_due_on: (rule != EarningRule::Never && charge.amount.is_positive()).then_some(today),
        recalculated: None,
    };
    earning::post_due(tx, session, books, &mut place, today)?;
    Ok((place.earned < place.amount || place.next_due_on.is_some()).then_some(place))
}
