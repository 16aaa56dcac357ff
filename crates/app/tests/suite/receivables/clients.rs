//! Everything that moves what an invoice owes, at the same time on the same invoice.

use std::cell::Cell;

use app::Error;
use billing::{reversal::Extent as Back, write_off::Extent};
use money::Amount;

use super::cash;
use crate::{shop::each_shop, trade::amount};

/// How many clients act on one invoice at once.
const CLIENTS: usize = 200;

/// What each of them asks for: a payment, a credit, to give up, to take back.
const PARTS: [&str; 4] = ["1.01", "0.97", "0.99", "1.03"];

#[tokio::test]
async fn two_hundred_clients_never_take_more_of_an_invoice_than_it_asks_for() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "100").await);
        let invoice = shop.invoice(customer, product, "1").await;
        let charge = shop.only_charge(invoice).await;
        let done = [const { Cell::new(0) }; 4];
        let client = async |number: usize| -> Result<(), Error> {
            let kind = number % 4;
            let part = amount(PARTS[kind]);
            match kind {
                0 => shop.take(cash(customer, PARTS[0], &[(invoice, PARTS[0])])).await.map(|_| ()),
                1 => shop.credit(customer, PARTS[1], &[(invoice, PARTS[1])]).await.map(|_| ()),
                2 => shop.give_up(invoice, Extent::Part(part)).await,
                _ => shop.reverse(charge, Back::Amount(part)).await.map(|_| ()),
            }?;
            done[kind].set(done[kind].get() + 1);
            Ok(())
        };
        for outcome in futures_of(CLIENTS, client).await {
            assert!(matches!(outcome, Ok(()) | Err(Error::Refused(_))), "{outcome:?}");
        }
        let done = done.map(Cell::into_inner);
        assert!(done.iter().all(|count| *count > 0), "{done:?}");
        let of = |kind: usize| Amount::from_millionths(amount(PARTS[kind]).millionths() * done[kind]);
        let totals = shop.invoice_of(invoice).await.totals;
        assert_eq!([totals.write_offs, totals.credit_notes], [of(2), of(3)]);
        let outstanding = totals.outstanding().unwrap();
        assert!(outstanding < amount(PARTS[3]), "nobody was refused for nothing: {totals:?}");
        // What was taken back of what was paid is free again, and nothing else.
        let given = Amount::sum([of(0), of(1)]).unwrap();
        let kept = Amount::sum([totals.payments, totals.credits]).unwrap();
        let free = given.checked_sub(kept).unwrap();
        assert_eq!(shop.owed_by(customer).await, outstanding.checked_sub(free).unwrap());
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}

/// All of them at once.
async fn futures_of(count: usize, client: impl AsyncFn(usize) -> Result<(), Error>) -> Vec<Result<(), Error>> {
    let mut running: Vec<_> = (0..count).map(|number| Box::pin(client(number))).collect();
    let mut outcomes = Vec::with_capacity(count);
    std::future::poll_fn(|context| {
        running.retain_mut(|future| match future.as_mut().poll(context) {
            std::task::Poll::Ready(outcome) => {
                outcomes.push(outcome);
                false
            }
            std::task::Poll::Pending => true,
        });
        if running.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    outcomes
}
