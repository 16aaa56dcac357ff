//! Lines of previews: those of a charge add up to it in every amount, and none takes more than there is.

use billing::{
    discount::DiscountType,
    earning::EarningSettings,
    id::{ChargeId, CustomerId, InvoiceId, ProductId, PurchaseId},
    invoice::{Charge, ChargeDiscount, Invoice, Reversed, Totals},
    named::Named,
    preview::{Preview, PreviewLine},
    priced::{Priced, price},
    pricing::PricingModel,
    term::Term,
};
use calendar::Instant;
use money::{Amount, Currency, Quantity};
use proptest::prelude::*;

use crate::make::{any_currency, any_discounts, any_pricing, any_quantity, discount, pricing, quantity};

fn charge(priced: &Priced, quantity: Quantity, is_exempt: bool) -> Charge {
    let taken = (2..).zip(priced.discounts.iter().filter(|taken| taken.amount.is_positive()));
    Charge {
        id: ChargeId(1),
        purchase: PurchaseId(1),
        product: ProductId(1),
        name: "Charge".to_owned(),
        description: None,
        quantity,
        unit_price: priced.unit_price,
        amount: priced.gross,
        gl_code: None,
        effective_at: Instant::parse("2024-01-15").unwrap(),
        earning: EarningSettings::IMMEDIATELY,
        taxable_amount: priced.taxable(is_exempt),
        range_quantity: None,
        tiers: priced.tiers.clone(),
        discounts: taken
            .map(|(id, taken)| ChargeDiscount { id, configured: taken.discount, amount: taken.amount })
            .collect(),
        reversed: Reversed::default(),
    }
}

fn lines(charge: Charge, currency: Currency) -> Vec<PreviewLine> {
    let invoice = Invoice {
        id: InvoiceId(1),
        number: 1,
        customer: CustomerId(1),
        contact: billing::customer::Contact::default(),
        currency,
        term: Term::from_name("Net0").unwrap(),
        default_term: Term::from_name("Net0").unwrap(),
        posted_at: charge.effective_at,
        modified_at: charge.effective_at,
        paid_at: None,
        totals: Totals { subtotal: charge.amount, ..Totals::default() },
        opening_balance: Amount::ZERO,
        closing_balance: Amount::ZERO,
        po_number: None,
        notes: None,
        reference_date: None,
        is_hidden_on_portal: false,
        schedules: Vec::new(),
        charges: vec![charge],
        owed_before: None,
        taxes: Vec::new(),
        addresses: None,
        revisions: Vec::new(),
    };
    Preview::of(invoice).unwrap().lines.remove(0)
}

#[test]
fn a_tiered_price_has_a_line_for_each_range_that_is_reached() {
    let tiers = pricing(PricingModel::Tiered, &[("0", "5"), ("10", "4"), ("50", "3")]);
    let discounts = [discount(DiscountType::Percentage, "50"), discount(DiscountType::Amount, "1")];
    let priced = price(&tiers, quantity("12"), &discounts, Currency::USD).unwrap();
    let shown = lines(charge(&priced, quantity("12"), false), Currency::USD);
    let shown: Vec<_> = shown
        .iter()
        .map(|line| {
            let taken: Vec<_> = line.discounts.iter().map(|taken| taken.amount.to_string()).collect();
            format!(
                "{} at {}: {} less {} leaves {}",
                line.quantity,
                line.unit_price,
                line.amount,
                taken.join(" and "),
                line.taxable_amount
            )
        })
        .collect();
    assert_eq!(shown, ["10 at 5: 50 less 25 and 0.86 leaves 24.14", "2 at 4: 8 less 4 and 0.14 leaves 3.86"]);
    let nothing = price(&tiers, Quantity::ZERO, &[], Currency::USD).unwrap();
    assert_eq!(lines(charge(&nothing, Quantity::ZERO, false), Currency::USD).len(), 1, "nothing is a line, too");
}

proptest! {
    #[test]
    fn lines_add_up_to_their_charge(
        pricing in any_pricing(),
        quantity in any_quantity(),
        discounts in any_discounts(),
        currency in any_currency(),
        is_exempt in any::<bool>(),
    ) {
        let priced = price(&pricing, quantity, &discounts, currency).unwrap();
        let charge = charge(&priced, quantity, is_exempt);
        let lines = lines(charge.clone(), currency);
        let sum = |amount: fn(&PreviewLine) -> Amount| Amount::sum(lines.iter().map(amount)).unwrap();
        prop_assert_eq!(sum(|line| line.amount), charge.amount);
        prop_assert_eq!(sum(|line| line.taxable_amount), charge.taxable_amount);
        for discount in &charge.discounts {
            let shares = lines.iter().flat_map(|line| &line.discounts).filter(|share| share.id == discount.id);
            prop_assert_eq!(Amount::sum(shares.map(|share| share.amount)).unwrap(), discount.amount);
        }
        for line in &lines {
            let taken = Amount::sum(line.discounts.iter().map(|share| share.amount)).unwrap();
            prop_assert!(taken <= line.amount);
            prop_assert!(line.taxable_amount.is_zero() || line.taxable_amount == line.amount.checked_sub(taken).unwrap());
        }
    }
}
