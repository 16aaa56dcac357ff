//! Chance decides what is done next: mostly what is possible, sometimes what must be refused.

use app::{
    Tx, payments,
    purchases::{bulk_create, cancel, finalize},
};
use billing::{
    account::Session,
    credit::CreditOrder,
    discount::DiscountType,
    earning::{EarningInterval::Monthly, EarningSettings, EarningTimingInterval as Cut, EarningTimingType as Falls},
    id::{CustomerId, InvoiceId, PaymentId},
    payment::{AllocateOrder, Allocation, PaymentMethod, PaymentOrder, PaymentSource},
    purchase::{ItemOrder, PurchaseOrder},
    refund::{RefundMethod, RefundOrder},
    reversal::{CancellationOption, Extent},
};
use db::values;
use money::{Amount, Quantity};

use super::{GOOD, Sequence, TRACKED, step::Step};
use crate::{
    coupons::of,
    shop::purchase_of,
    trade::{self, over},
};

/// Millionths of a dollar.
const CENT: i64 = 10_000;

impl Sequence {
    pub(super) async fn throw(&mut self) -> Step {
        let customer = self.dice.pick(&self.customers);
        match self.dice.below(20) {
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
            14 => Step::Credit(self.credit(customer).await),
            15 | 16 => match self.refund().await {
                Some(refund) => Step::Refund(refund),
                None => Step::Pay(self.payment(customer).await),
            },
            17 => match self.newest_invoice(customer).await {
                Some(invoice) => Step::Spend(invoice),
                None => Step::Wait(1, true),
            },
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
            (Some(Quantity::from_millionths(trade::cents(&mut self.dice, 20_000).millionths())), Vec::new())
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
        PaymentOrder {
            customer,
            source: PaymentSource::Manual,
            // What no invoice is named for goes to the oldest ones, or waits.
            amount: self.beyond(&allocations),
            method: PaymentMethod::Cash,
            reference: None,
            allocations,
            auto_allocate: self.dice.pick(&[None, Some(AllocateOrder::OldestToNewest)]),
            effective_at: None,
            reference_date: None,
        }
    }

    async fn credit(&mut self, customer: CustomerId) -> CreditOrder {
        let allocations = self.parts(customer).await;
        let amount = self.beyond(&allocations);
        CreditOrder { customer, amount, reference: None, allocations, effective_at: None, auto_allocate: None }
    }

    /// What these parts come to, or more.
    fn beyond(&mut self, parts: &[Allocation]) -> Amount {
        let rest =
            if parts.is_empty() || self.dice.one_in(2) { trade::cents(&mut self.dice, 10_000) } else { Amount::ZERO };
        Amount::sum(parts.iter().map(|part| part.amount).chain([rest])).unwrap()
    }

    /// Gives a part of some payment back, from invoices and from what none of them got.
    async fn refund(&mut self) -> Option<RefundOrder> {
        let sql = "SELECT id FROM payment WHERE account_id = $1 ORDER BY id";
        let list = move |tx: &mut Tx<'_>, session: &Session| {
            Ok(tx.query(sql, &values![session.account.id.0], |row| row.get(0).map(PaymentId))?)
        };
        let made = self.shop.act(list).await.unwrap();
        if made.is_empty() {
            return None;
        }
        let payment = self.dice.pick(&made);
        let found = self.shop.act(move |tx, session| payments::find::run(tx, session, payment)).await.unwrap();
        let given = found.allocations.iter().filter(|given| given.amount.is_positive());
        let allocations: Vec<_> = given.filter_map(|given| self.part(given.invoice, given.amount)).collect();
        let amount = if found.unallocated.is_positive() {
            let rest = [self.some_of(found.unallocated)];
            Amount::sum(allocations.iter().map(|part| part.amount).chain(rest)).unwrap()
        } else {
            self.beyond(&allocations)
        };
        Some(RefundOrder {
            payment,
            amount,
            reference: None,
            allocations,
            method: RefundMethod::PaymentMethod,
            effective_at: None,
        })
    }

    /// Parts of what some invoices owe.
    async fn parts(&mut self, customer: CustomerId) -> Vec<Allocation> {
        let list =
            move |tx: &mut Tx<'_>, session: &Session| Ok(store::invoice::list_open(tx, session.account.id, customer)?);
        let open = self.shop.act(list).await.unwrap().into_iter();
        open.filter_map(|invoice| self.part(invoice.id, invoice.outstanding)).collect()
    }

    /// A part of what an invoice has, or all of it; nothing at times.
    fn part(&mut self, invoice: InvoiceId, has: Amount) -> Option<Allocation> {
        self.dice.one_in(2).then(|| Allocation { invoice, amount: self.some_of(has) })
    }

    fn some_of(&mut self, amount: Amount) -> Amount {
        let cents = u64::try_from(amount.millionths() / CENT).expect("there is something");
        if self.dice.one_in(4) { amount } else { trade::cents(&mut self.dice, cents) }
    }

    pub(super) fn option(&mut self) -> CancellationOption {
        self.dice.pick(&[CancellationOption::None, CancellationOption::Unearned, CancellationOption::Full])
    }

    fn extent(&mut self) -> Extent {
        match self.dice.below(6) {
            0 => Extent::Full,
            1 => Extent::Unearned,
            2 | 3 => Extent::Amount(trade::cents(&mut self.dice, 10_000)),
            _ => Extent::NetAmount(trade::cents(&mut self.dice, 10_000)),
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
