//! Chance decides what is done next: mostly what is possible, sometimes what must be refused.

use app::{
    Tx,
    purchases::{bulk_create, cancel, finalize},
};
use billing::{
    account::Session,
    discount::DiscountType,
    earning::{EarningInterval::Monthly, EarningSettings, EarningTimingInterval as Cut, EarningTimingType as Falls},
    id::{CustomerId, InvoiceId},
    payment::{AllocateOrder, Allocation, OpenInvoice, PaymentMethod, PaymentOrder, PaymentSource},
    purchase::{ItemOrder, PurchaseOrder},
    reversal::{CancellationOption, Extent},
};
use db::values;
use money::{Amount, Quantity};

use super::{GOOD, Sequence, TRACKED, step::Step};
use crate::{coupons::of, shop::purchase_of, trade::over};

/// Millionths of a dollar.
const CENT: i64 = 10_000;

impl Sequence {
    pub(super) async fn throw(&mut self) -> Step {
        let customer = self.dice.pick(&self.customers);
        match self.dice.below(16) {
            0..=3 => Step::Create(self.create(customer)),
            4 if !self.drafts.is_empty() => {
                let (customer, draft) = self.dice.pick(&self.drafts);
                Step::Finalize(finalize::Order { customer, purchases: vec![draft], collect: None })
            }
            5 | 6 => Step::Pay(self.payment(customer).await),
            7 => match self.newest_invoice(customer).await {
                Some(invoice) => Step::WriteOff(invoice),
                None => Step::Wait(1, true),
            },
            8 | 9 if !self.sold.is_empty() => {
                Step::Cancel(cancel::Order { purchase: self.dice.pick(&self.sold), option: self.option() })
            }
            10..=12 if !self.sold.is_empty() => Step::Reverse(self.dice.pick(&self.sold), self.extent()),
            13 if !self.sold.is_empty() => {
                Step::ReverseInvoice(self.dice.pick(&self.sold), self.dice.pick(&[Extent::Unearned, Extent::Full]))
            }
            _ => {
                let days = self.dice.pick(&[1, 7, 20, 31, 100]);
                Step::Wait(days, !self.dice.one_in(3))
            }
        }
    }

    fn create(&mut self, customer: CustomerId) -> bulk_create::Order {
        let purchases = (0..=self.dice.below(2)).map(|_| self.purchase()).collect();
        bulk_create::Order { customer, auto_purchase: !self.dice.one_in(4), purchases, collect: None }
    }

    fn purchase(&mut self) -> PurchaseOrder {
        let product = self.dice.pick(&self.products);
        let (quantity, items) = if product == self.products[TRACKED] {
            (None, (0..=self.dice.below(4)).map(|_| self.item()).collect())
        } else {
            (Some(Quantity::from_millionths(self.dice.cents(20_000).millionths())), Vec::new())
        };
        let discounts = match self.dice.below(4) {
            0 => vec![of(DiscountType::Percentage, "33.3")],
            1 => vec![of(DiscountType::Amount, "19.99"), of(DiscountType::AmountPerUnit, "0.123")],
            _ => Vec::new(),
        };
        let codes: &[&str] = match self.dice.below(6) {
            0 => &["TENTH"],
            1 => &["FEW"],
            2 => &["TENTH", "FEW"],
            _ => &[],
        };
        let earning = self.earning();
        PurchaseOrder {
            quantity,
            items,
            // Goods earn at once.
            earning: (product != self.products[GOOD]).then_some(earning),
            discounts,
            coupon_codes: codes.iter().map(|code| (*code).to_owned()).collect(),
            ..purchase_of(product, "0")
        }
    }

    /// A new one, or sometimes one that may be taken.
    fn item(&mut self) -> ItemOrder {
        let number = if self.dice.one_in(10) {
            self.dice.below(self.item_count + 1)
        } else {
            self.item_count += 1;
            self.item_count
        };
        ItemOrder { reference: format!("item {number}"), name: None, description: None }
    }

    fn earning(&mut self) -> EarningSettings {
        let cut = self.dice.pick(&[Cut::Daily, Cut::Monthly, Cut::Interval, Cut::DoesNotEarn, Cut::EarnImmediately]);
        let falls = self.dice.pick(&[Falls::StartOfInterval, Falls::EndOfInterval]);
        over(self.dice.pick(&[1, 2, 7]), Monthly, cut, falls)
    }

    async fn payment(&mut self, customer: CustomerId) -> PaymentOrder {
        let allocations = self.parts(customer).await;
        // What no invoice is named for goes to the oldest ones, or waits.
        let rest = if allocations.is_empty() || self.dice.one_in(2) { self.dice.cents(10_000) } else { Amount::ZERO };
        let named = allocations.iter().map(|part| part.amount);
        PaymentOrder {
            customer,
            source: PaymentSource::Manual,
            amount: Amount::sum(named.chain([rest])).unwrap(),
            method: PaymentMethod::Cash,
            reference: None,
            allocations,
            auto_allocate: self.dice.pick(&[None, Some(AllocateOrder::OldestToNewest)]),
            effective_at: None,
            reference_date: None,
        }
    }

    /// Parts of what some invoices owe, or all of it; nothing at times.
    async fn parts(&mut self, customer: CustomerId) -> Vec<Allocation> {
        let list =
            move |tx: &mut Tx<'_>, session: &Session| Ok(store::invoice::list_open(tx, session.account.id, customer)?);
        let open = self.shop.act(list).await.unwrap().into_iter();
        let part = |invoice: OpenInvoice| {
            let owed = u64::try_from(invoice.outstanding.millionths() / CENT).expect("invoices owe something");
            let amount = if self.dice.one_in(4) { invoice.outstanding } else { self.dice.cents(owed) };
            self.dice.one_in(2).then_some(Allocation { invoice: invoice.id, amount })
        };
        open.filter_map(part).collect()
    }

    pub(super) fn option(&mut self) -> CancellationOption {
        self.dice.pick(&[CancellationOption::None, CancellationOption::Unearned, CancellationOption::Full])
    }

    fn extent(&mut self) -> Extent {
        match self.dice.below(6) {
            0 => Extent::Full,
            1 => Extent::Unearned,
            2 | 3 => Extent::Amount(self.dice.cents(10_000)),
            _ => Extent::NetAmount(self.dice.cents(10_000)),
        }
    }

    async fn newest_invoice(&self, customer: CustomerId) -> Option<InvoiceId> {
        let sql = "SELECT MAX(id) FROM invoice WHERE account_id = $1 AND customer_id = $2";
        let newest = self
            .shop
            .act(move |tx, session| Ok(tx.scalar::<Option<i64>>(sql, &values![session.account.id.0, customer.0])?));
        newest.await.unwrap().map(InvoiceId)
    }
}
