//! What was owed on a past day stays what was said of it, whatever happens afterwards.

use app::{aging, invoices::amend, reversal};
use billing::{
    aging::Aging,
    id::{CustomerId, InvoiceId},
    invoice::InvoiceChange,
    named::Named,
    payment::PaymentOrder,
    purchase::Change,
    reversal::{Choice, Extent},
    term::Term,
    write_off,
};
use calendar::{Date, add_days};
use money::Amount;

use super::{cash, refused};
use crate::{
    shop::{Shop, each_shop, opening},
    trade::amount,
};

/// The amounts of a report by customer, youngest first.
type Report = Vec<(CustomerId, [Amount; 5])>;

impl Shop {
    async fn aged(&self, on: Date) -> Report {
        let rows = self.act(move |tx, session| aging::as_of(tx, session, on)).await.unwrap();
        rows.into_iter().map(|row| (row.customer, row.aging.buckets())).collect()
    }

    async fn take_back(&self, invoice: InvoiceId, text: &str) {
        let extent = Extent::Amount(amount(text));
        let order = reversal::invoice::Order { invoice, choice: Choice::All, extent, reference: None };
        self.act(move |tx, session| reversal::invoice::run(tx, session, &order)).await.unwrap();
    }

    /// Reports today, which must agree with what the invoices owe, and keeps the report.
    async fn close_the_day(&self, invoices: &[InvoiceId], history: &mut Vec<(Date, Report)>) {
        let report = self.aged(self.today()).await;
        let aged = Amount::sum(report.iter().flat_map(|(_, buckets)| *buckets)).unwrap();
        let mut owed = Vec::new();
        for invoice in invoices {
            owed.push(self.outstanding(*invoice).await);
        }
        assert_eq!(aged, Amount::sum(owed).unwrap(), "{}", self.today());
        history.push((self.today(), report));
        self.clock.advance_days(10);
    }
}

#[tokio::test]
async fn other_terms_move_the_days_of_the_past_and_never_the_sums() {
    each_shop(async |shop| {
        let product = shop.product("P", "10").await;
        let ada = shop.customer().await;
        let invoice = shop.invoice(ada, product, "1").await;
        shop.clock.advance_days(40);
        let on = shop.today();
        let aged = async || shop.aged(on).await;
        assert_eq!(aged().await, [(ada, ["0", "0", "10", "0", "0"].map(amount))]);
        shop.clock.advance_days(1);
        let change = InvoiceChange { term: Change::Set(Term::from_name("Net30").unwrap()), ..InvoiceChange::default() };
        let order = amend::Order { invoice, change };
        shop.act(move |tx, session| amend::run(tx, session, &order)).await.unwrap();
        assert_eq!(aged().await, [(ada, ["0", "10", "0", "0", "0"].map(amount))]);
    })
    .await;
}

#[tokio::test]
async fn a_day_that_was_reported_once_is_reported_the_same_for_ever() {
    each_shop(async |shop| {
        let product = shop.product("P", "10").await;
        let (ada, bob) = (shop.customer().await, shop.customer().await);
        let first = shop.invoice(ada, product, "10").await;
        let mut invoices = vec![first];
        let mut history = Vec::new();
        shop.close_the_day(&invoices, &mut history).await;

        invoices.push(shop.invoice(bob, product, "2").await);
        let backdated = PaymentOrder { effective_at: Some(opening()), ..cash(ada, "50", &[(first, "40")]) };
        let payment = shop.take(backdated).await.unwrap().id;
        shop.close_the_day(&invoices, &mut history).await;
        let credit = shop.credit(ada, "20", &[(first, "15")]).await.unwrap().id;
        shop.close_the_day(&invoices, &mut history).await;
        shop.refund(payment, "10", &[(first, "10")]).await.unwrap();
        shop.close_the_day(&invoices, &mut history).await;
        shop.debit(credit, "5", &[(first, "5")]).await.unwrap();
        shop.close_the_day(&invoices, &mut history).await;
        shop.give_up(first, write_off::Extent::Part(amount("7"))).await.unwrap();
        shop.close_the_day(&invoices, &mut history).await;
        // More than is owed: it frees what was credited and a part of what was paid.
        shop.take_back(first, "70").await;
        shop.close_the_day(&invoices, &mut history).await;
        shop.give_up(invoices[1], write_off::Extent::Whole).await.unwrap();
        shop.close_the_day(&invoices, &mut history).await;

        let of = |texts: [&str; 5]| texts.map(amount);
        let expected = [
            vec![(ada, of(["100", "0", "0", "0", "0"]))],
            vec![(ada, of(["0", "60", "0", "0", "0"])), (bob, of(["20", "0", "0", "0", "0"]))],
            vec![(ada, of(["0", "45", "0", "0", "0"])), (bob, of(["0", "20", "0", "0", "0"]))],
            vec![(ada, of(["0", "55", "0", "0", "0"])), (bob, of(["0", "20", "0", "0", "0"]))],
            vec![(ada, of(["0", "0", "60", "0", "0"])), (bob, of(["0", "20", "0", "0", "0"]))],
            vec![(ada, of(["0", "0", "53", "0", "0"])), (bob, of(["0", "0", "20", "0", "0"]))],
            vec![(bob, of(["0", "0", "20", "0", "0"]))],
            vec![],
        ];
        for ((on, reported), expected) in history.iter().zip(&expected) {
            assert_eq!(reported, expected, "{on}");
            assert_eq!(shop.aged(*on).await, *expected, "{on}, asked again");
        }
        assert_eq!(shop.aged(add_days(history[0].0, -1)).await, []);
        let tomorrow = add_days(shop.today(), 1);
        let asked = shop.act(move |tx, session| aging::as_of(tx, session, tomorrow)).await;
        refused(
            asked.map(|rows| rows.iter().map(|row| row.aging).collect::<Vec<Aging>>()),
            "must not be in the future",
        );
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}
