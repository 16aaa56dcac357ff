//! Drafts as they are changed: charges, discounts, tiers, and the purchases that follow.

use app::draft_invoices::{find::Found, update};
use billing::{
    discount::{Discount, DiscountType},
    draft_invoice::{ChargeChange, DiscountChange, DraftChange, Operation, TierChange},
    id::{ChargeId, DraftInvoiceId},
    pricing::{PriceRange, PricingModel},
    purchase::{Change, PurchaseOrder, PurchaseStatus},
};
use money::{Price, Quantity};

use super::told;
use crate::{
    shop::{Shop, each_shop, purchase_of},
    trade::amount,
};

/// A change of nothing.
pub(crate) fn of(id: ChargeId) -> ChargeChange {
    ChargeChange {
        id,
        operation: Operation::Update,
        name: None,
        description: Change::Keep,
        quantity: None,
        unit_price: None,
        range_quantity: None,
        discounts: Vec::new(),
        tiers: None,
    }
}

fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).unwrap()
}

fn price(text: &str) -> Price {
    Price::parse(text).unwrap()
}

impl Shop {
    pub(super) async fn change(&self, draft: DraftInvoiceId, change: DraftChange) -> Result<Found, app::Error> {
        let order = update::Order { draft, change };
        self.act(move |tx, session| update::run(tx, session, &order)).await
    }

    async fn change_charge(&self, draft: DraftInvoiceId, change: ChargeChange) -> Result<Found, app::Error> {
        self.change(draft, DraftChange { charges: vec![change], ..DraftChange::default() }).await
    }
}

#[tokio::test]
async fn amounts_taxes_and_purchases_follow_a_changed_charge() {
    each_shop(async |shop| {
        shop.tax("10").await;
        let (customer, product) = (shop.taxed_customer().await, shop.product("P", "10").await);
        let discounts = vec![Discount { discount_type: DiscountType::Percentage, amount: price("50") }];
        let orders = vec![PurchaseOrder { discounts, ..purchase_of(product, "2") }, purchase_of(product, "1")];
        let (draft, purchases) = shop.wait(customer, orders).await;
        let charges = shop.draft(draft).await.draft.charges;
        let (id, discount) = (charges[0].id, charges[0].discounts[0].id);

        let dearer = ChargeChange {
            name: Some("Renamed".to_owned()),
            description: Change::Set("Text".to_owned()),
            quantity: Some(quantity("3")),
            unit_price: Some(price("20")),
            ..of(id)
        };
        let found = shop.change_charge(draft, dearer).await.unwrap();
        let totals = found.invoice.totals;
        assert_eq!([totals.subtotal, totals.discount, totals.tax], ["70", "30", "4"].map(amount));
        let change = DiscountChange {
            id: discount,
            operation: Operation::Update,
            discount_type: Some(DiscountType::Amount),
            configured_amount: Some(price("5")),
            description: Change::Set("for you".to_owned()),
        };
        let found =
            shop.change_charge(draft, ChargeChange { discounts: vec![change.clone()], ..of(id) }).await.unwrap();
        assert_eq!(found.invoice.totals.discount, amount("5"));
        assert_eq!(found.draft.charges[0].discounts[0].description.as_deref(), Some("for you"));
        let sold = shop.act({
            let purchase = purchases[0];
            move |tx, session| app::purchases::find::run(tx, session, purchase)
        });
        let sold = sold.await.unwrap().terms;
        assert_eq!((sold.quantity, sold.amount, sold.taxable_amount), (quantity("3"), amount("55"), amount("55")));

        let without = DiscountChange { operation: Operation::Delete, ..change };
        shop.change_charge(draft, ChargeChange { discounts: vec![without], ..of(id) }).await.unwrap();
        let taken_out = ChargeChange { operation: Operation::Delete, ..of(charges[1].id) };
        let found = shop.change_charge(draft, taken_out).await.unwrap();
        assert_eq!(found.invoice.totals.amount().unwrap(), amount("66"));
        assert_eq!(shop.purchase_status(purchases[1]).await, PurchaseStatus::Cancelled);
        let posted = shop.post(draft, None).await.unwrap();
        let posted = shop.invoice_of(posted).await;
        assert_eq!((posted.charges[0].name.as_str(), posted.totals), ("Renamed", found.invoice.totals));
        assert_eq!(shop.disagreements().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_tiered_charge_changes_by_its_tiers() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let range = |min: &str, max: Option<&str>, amount: &str| PriceRange {
            min: quantity(min),
            max: max.map(quantity),
            amount: price(amount),
        };
        let tiered = PurchaseOrder {
            pricing_model: Some(PricingModel::Tiered),
            override_ranges: Some(vec![range("0", Some("2"), "10"), range("2", None, "5")]),
            ..purchase_of(product, "4")
        };
        let (draft, _) = shop.wait(customer, vec![tiered, purchase_of(product, "1")]).await;
        let charges = shop.draft(draft).await.draft.charges;
        let (id, standard) = (charges[0].id, charges[1].id);
        assert_eq!(charges[0].amount, amount("30"));
        let tier = |units: &str, each: &str| TierChange {
            quantity: quantity(units),
            unit_price: price(each),
            label: Some("small".to_owned()),
        };
        let tiers = Some(vec![tier("3", "9"), tier("2", "4")]);
        let found = shop.change_charge(draft, ChargeChange { tiers: tiers.clone(), ..of(id) }).await.unwrap();
        let charge = &found.draft.charges[0];
        assert_eq!((charge.quantity, charge.amount, charge.unit_price), (quantity("5"), amount("35"), price("7")));
        assert_eq!(charge.tiers[0].label.as_deref(), Some("small"));
        let range_quantity = Some(quantity("9"));
        let found = shop.change_charge(draft, ChargeChange { range_quantity, ..of(id) }).await.unwrap();
        assert_eq!(found.draft.charges[0].range_quantity, range_quantity);

        let rows = [
            (ChargeChange { tiers: Some(Vec::new()), ..of(id) }, "A tiered charge needs at least one tier."),
            (
                ChargeChange { tiers: tiers.clone(), quantity: Some(quantity("4")), ..of(id) },
                "Quantity must equal the sum of DraftChargeTiers (5).",
            ),
            (
                ChargeChange { quantity: Some(quantity("4")), ..of(id) },
                "Quantity of a tiered charge is changed by DraftChargeTiers.",
            ),
            (
                ChargeChange { unit_price: Some(price("4")), ..of(id) },
                "UnitPrice of a tiered charge is changed by DraftChargeTiers.",
            ),
            (ChargeChange { tiers, ..of(standard) }, "DraftChargeTiers are only valid with tiered prices."),
            (ChargeChange { range_quantity, ..of(standard) }, "RangeQuantity is not valid with standard prices."),
        ];
        for (change, text) in rows {
            assert_eq!(told(shop.change_charge(draft, change).await), text);
        }
        let posted = shop.post(draft, None).await.unwrap();
        assert_eq!(shop.invoice_of(posted).await.totals.subtotal, amount("45"));
        assert_eq!(shop.disagreements().await, Vec::<String>::new());
    })
    .await;
}
