//! A charge that is taken back in parts: the books after each, and what is earned of the rest.

use app::{Error, Tx, purchases::cancel};
use billing::{
    account::Session,
    discount::DiscountType,
    earning::{EarningSettings, EarningTimingInterval},
    id::{ChargeId, PurchaseId},
    purchase::PurchaseOrder,
    refusal::Refusal,
    reversal::{CancellationOption, Extent},
};
use money::Amount;

use super::assert_refused;
use crate::{
    coupons::of,
    shop::{Shop, each_shop, purchase_of},
    trade::{a_year_in_arrears, amount},
};

/// A sale of the opening day.
struct Sale<'s> {
    shop: &'s Shop,
    purchase: PurchaseId,
    charge: ChargeId,
}

impl<'s> Sale<'s> {
    /// Sells for so much, ten percent off.
    async fn of(shop: &'s Shop, price: &str, earning: EarningSettings) -> Self {
        let (customer, service) = (shop.customer().await, shop.service("SERVICE").await);
        let discounts = vec![of(DiscountType::Percentage, "10")];
        let order = PurchaseOrder { discounts, earning: Some(earning), ..purchase_of(service, price) };
        let (purchase, invoice) = shop.sell(customer, order).await;
        Self { shop, purchase, charge: shop.only_charge(invoice).await }
    }

    /// Takes back so much; what the customer gets back.
    async fn reverse(&self, extent: Extent) -> Result<Amount, Error> {
        let reversed = self.shop.reverse(self.charge, extent).await?;
        Ok(reversed.reversal.net()?)
    }

    /// Days and amounts of everything that was earned, and that nothing that is stored twice disagrees.
    async fn earned(&self) -> Vec<(String, String)> {
        assert_eq!(self.shop.disagreements().await, [""; 0]);
        let earned = self.shop.posted(self.purchase, "Earning").await;
        earned.into_iter().map(|(day, amount)| (day.to_string(), amount.to_string())).collect()
    }
}

fn told(parts: &[(&str, &str)]) -> Vec<(String, String)> {
    parts.iter().map(|(day, amount)| ((*day).to_owned(), (*amount).to_owned())).collect()
}

#[tokio::test]
async fn what_a_reversal_leaves_is_earned_over_the_months_to_come() {
    each_shop(async |shop| {
        let sale = Sale::of(shop, "120", a_year_in_arrears()).await;
        // The round has not run: three months are earned before anything is taken back.
        shop.clock.advance_days(91);
        assert_eq!(sale.reverse(Extent::Amount(amount("45"))).await.unwrap(), amount("40.5"));
        let mut expected: Vec<_> = ["2024-02-15", "2024-03-15", "2024-04-15"].map(|day| (day, "10")).into();
        assert_eq!(sale.earned().await, told(&expected));
        // 45 of 90 are left for nine months.
        shop.clock.advance_days(61);
        shop.earn().await;
        expected.extend([("2024-05-15", "5"), ("2024-06-15", "5")]);
        assert_eq!(sale.earned().await, told(&expected));
        // 7.00 more, net, leave 35 less 7.78 for seven months: 3.89, 3.89, and so on.
        assert_eq!(sale.reverse(Extent::NetAmount(amount("7"))).await.unwrap(), amount("7"));
        shop.clock.advance_days(400);
        shop.earn().await;
        let days = ["2024-07-15", "2024-08-15", "2024-09-15", "2024-10-15", "2024-11-15", "2024-12-15", "2025-01-15"];
        expected.extend(days.into_iter().zip(["3.89", "3.89", "3.89", "3.88", "3.89", "3.89", "3.89"]));
        assert_eq!(sale.earned().await, told(&expected));
        assert_refused(sale.reverse(Extent::Unearned).await, &Refusal::NothingUnearnedOfCharge(sale.charge));
        // 108 less 40.50 less 7.00.
        assert_eq!(sale.reverse(Extent::Full).await.unwrap(), amount("60.5"));
        assert_eq!(sale.earned().await, told(&expected), "nothing follows");
        assert_refused(sale.reverse(Extent::Full).await, &Refusal::NothingLeftOfCharge(sale.charge));
    })
    .await;
}

#[tokio::test]
async fn a_deposit_is_taken_back_in_parts_or_earned_for_good() {
    each_shop(async |shop| {
        let never = Some(EarningTimingInterval::DoesNotEarn);
        let sale = Sale::of(shop, "50", EarningSettings { timing_interval: never, ..EarningSettings::default() }).await;
        assert_eq!(sale.reverse(Extent::Amount(amount("20"))).await.unwrap(), amount("18"));
        shop.clock.advance_days(400);
        shop.earn().await;
        assert_eq!(sale.earned().await, []);
        let order = cancel::Order { purchase: sale.purchase, option: CancellationOption::None };
        shop.act(move |tx: &mut Tx<'_>, session: &Session| cancel::run(tx, session, &order)).await.unwrap();
        let earned = told(&[("2025-02-18", "30")]);
        assert_eq!(sale.earned().await, earned);
        // What was earned for good is remembered: nothing is unearned, and all of it goes back from what was earned.
        assert_refused(sale.reverse(Extent::Unearned).await, &Refusal::NothingUnearnedOfCharge(sale.charge));
        assert_eq!(sale.reverse(Extent::Full).await.unwrap(), amount("27"));
        assert_eq!(sale.earned().await, earned);
    })
    .await;
}

#[tokio::test]
async fn what_was_earned_at_once_is_taken_back_in_parts() {
    each_shop(async |shop| {
        let sale = Sale::of(shop, "10", EarningSettings::IMMEDIATELY).await;
        for back in ["0.09", "0.9"] {
            assert_eq!(sale.reverse(Extent::NetAmount(amount(back))).await.unwrap(), amount(back));
        }
        assert_eq!(sale.reverse(Extent::Full).await.unwrap(), amount("8.01"));
        assert_eq!(sale.earned().await, told(&[("2024-01-15", "10")]));
    })
    .await;
}
