//! Money and goodwill given and taken back: what is refused changes nothing, and no invoice is ever given too much.

mod aging;
mod clients;
mod given_up;
mod statements;

use app::{Error, Tx, credits, debits, invoices::write_off, opening_balances, payments, refunds};
use billing::{
    account::Session,
    credit::{Credit, CreditOrder, DebitOrder},
    id::{CreditId, CustomerId, InvoiceId, OpeningBalanceId, PaymentId},
    opening_balance::{OpeningBalanceOrder, Owing},
    payment::{Allocation, Payment, PaymentMethod, PaymentOrder, PaymentSource},
    refund::{Refund, RefundMethod, RefundOrder},
    write_off::Extent,
};
use calendar::Instant;
use money::Amount;

use crate::{
    shop::{Shop, each_shop, opening},
    trade::amount,
};

fn parts(of: &[(InvoiceId, &str)]) -> Vec<Allocation> {
    of.iter().map(|(invoice, text)| Allocation { invoice: *invoice, amount: amount(text) }).collect()
}

fn cash(customer: CustomerId, text: &str, allocations: &[(InvoiceId, &str)]) -> PaymentOrder {
    PaymentOrder {
        customer,
        source: PaymentSource::Manual,
        amount: amount(text),
        method: PaymentMethod::Cash,
        reference: None,
        allocations: parts(allocations),
        auto_allocate: None,
        effective_at: None,
        reference_date: None,
    }
}

impl Shop {
    async fn take(&self, order: PaymentOrder) -> Result<Payment, Error> {
        self.act(move |tx, session| payments::create::run(tx, session, &order)).await
    }

    async fn refund(&self, payment: PaymentId, text: &str, from: &[(InvoiceId, &str)]) -> Result<Refund, Error> {
        let allocations = parts(from);
        let method = RefundMethod::PaymentMethod;
        let order =
            RefundOrder { payment, amount: amount(text), reference: None, allocations, method, effective_at: None };
        self.act(move |tx, session| refunds::create::run(tx, session, &order)).await
    }

    async fn credit(&self, customer: CustomerId, text: &str, to: &[(InvoiceId, &str)]) -> Result<Credit, Error> {
        let allocations = parts(to);
        let order = CreditOrder {
            customer,
            amount: amount(text),
            reference: None,
            allocations,
            effective_at: None,
            auto_allocate: None,
        };
        self.act(move |tx, session| credits::create::run(tx, session, &order)).await
    }

    async fn debit(&self, credit: CreditId, text: &str, from: &[(InvoiceId, &str)]) -> Result<(), Error> {
        let allocations = parts(from);
        let order = DebitOrder { credit, amount: amount(text), reference: None, allocations, effective_at: None };
        self.act(move |tx, session| debits::create::run(tx, session, &order)).await.map(|_| ())
    }

    async fn give_up(&self, invoice: InvoiceId, extent: Extent) -> Result<(), Error> {
        let order = write_off::Order { invoice, extent, reference: None };
        self.act(move |tx, session| write_off::run(tx, session, &order)).await.map(|_| ())
    }

    async fn opening(&self, customer: CustomerId, text: &str, owing: Option<Owing>) -> Result<OpeningBalanceId, Error> {
        let order = OpeningBalanceOrder { customer, amount: amount(text), reference: None, owing };
        self.act(move |tx, session| opening_balances::create::run(tx, session, &order)).await.map(|opening| opening.id)
    }

    async fn owed_by(&self, customer: CustomerId) -> Amount {
        let find = move |tx: &mut Tx<'_>, session: &Session| {
            Ok(store::customer::lock(tx, session.account.id, customer)?.expect("a customer").balance)
        };
        self.act(find).await.unwrap()
    }

    async fn outstanding(&self, invoice: InvoiceId) -> Amount {
        self.invoice_of(invoice).await.totals.outstanding().unwrap()
    }
}

/// States that something is refused in these words.
fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>, words: &str) {
    let error = outcome.expect_err(words).to_string();
    assert!(error.contains(words), "{error} does not say {words}");
}

#[tokio::test]
async fn money_goes_back_from_where_it_is_and_reopens_what_it_paid() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let invoice = shop.invoice(customer, product, "1").await;
        let payment = shop.take(cash(customer, "25", &[(invoice, "10")])).await.unwrap().id;
        assert!(shop.invoice_of(invoice).await.paid_at.is_some());
        let refund = shop.refund(payment, "17", &[(invoice, "4")]).await.unwrap();
        assert_eq!((refund.method, refund.allocations[0].outstanding), (PaymentMethod::Cash, amount("4")));
        let reopened = shop.invoice_of(invoice).await;
        assert_eq!((reopened.paid_at, reopened.schedules[0].outstanding), (None, amount("4")));
        let left = shop.act(move |tx, session| payments::find::run(tx, session, payment)).await.unwrap();
        assert_eq!([left.unallocated, left.refundable], ["2", "8"].map(amount));
        assert_eq!(left.refunds, [refund]);
        assert_eq!(shop.owed_by(customer).await, amount("2"), "4 on the invoice less 2 of available funds");
        shop.refund(payment, "8", &[(invoice, "6")]).await.unwrap();
        assert_eq!(shop.outstanding(invoice).await, amount("10"));
        refused(shop.refund(payment, "0.01", &[]).await, "Only 0 is left to take back, not 0.01.");
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn whatever_is_refused_changes_nothing() {
    each_shop(async |shop| {
        let product = shop.product("P", "10").await;
        let (customer, stranger) = (shop.customer().await, shop.customer().await);
        let invoice = shop.invoice(customer, product, "1").await;
        let other = shop.invoice(customer, product, "1").await;
        let strange = shop.invoice(stranger, product, "1").await;
        let payment = shop.take(cash(customer, "6", &[(invoice, "4")])).await.unwrap().id;
        let credit = shop.credit(customer, "5", &[(invoice, "3")]).await.unwrap().id;
        let draft = shop.draft_customer().await;
        let before = shop.contents().await;
        let not_found = format!("Invoice with id {strange} not found.");

        refused(shop.refund(payment, "6.01", &[]).await, "Only 6 is left to take back, not 6.01.");
        refused(
            shop.refund(payment, "3", &[]).await,
            "The allocations leave 3 of the amount, but only 2 is unallocated; say which",
        );
        refused(shop.refund(payment, "5", &[(invoice, "5")]).await, "has 4 of it; 5 cannot be taken back from there.");
        refused(shop.refund(payment, "1", &[(other, "1")]).await, "has 0 of it; 1 cannot be taken back from there.");
        refused(shop.refund(payment, "1", &[(strange, "1")]).await, &not_found);
        refused(
            shop.refund(payment, "1", &[(invoice, "2")]).await,
            "The sum of the allocations (2) exceeds the amount (1).",
        );
        refused(shop.refund(payment, "2", &[(invoice, "1"), (invoice, "1")]).await, "is allocated more than once.");
        refused(shop.refund(PaymentId(credit.0), "1", &[]).await, "Payment with id");
        refused(shop.debit(credit, "5.01", &[]).await, "Only 5 is left to take back, not 5.01.");
        refused(
            shop.debit(credit, "2.5", &[]).await,
            "The allocations leave 2.5 of the amount, but only 2 is unallocated; say which",
        );
        refused(shop.debit(credit, "4", &[(invoice, "4")]).await, "has 3 of it; 4 cannot be taken back from there.");
        refused(shop.debit(credit, "1", &[(strange, "1")]).await, &not_found);
        refused(shop.debit(CreditId(payment.0), "1", &[]).await, "Credit with id");
        refused(shop.credit(customer, "9", &[(invoice, "3.01")]).await, "has an outstanding balance of 3;");
        refused(
            shop.credit(customer, "1", &[(invoice, "2")]).await,
            "The sum of the allocations (2) exceeds the amount (1).",
        );
        refused(shop.credit(customer, "1", &[(strange, "1")]).await, &not_found);
        refused(shop.credit(customer, "0.001", &[]).await, "The amount has more decimals than USD has.");
        refused(
            shop.give_up(invoice, Extent::Exactly(amount("2"))).await,
            "The amount must equal the outstanding balance of 3.",
        );
        refused(
            shop.give_up(invoice, Extent::Part(amount("4"))).await,
            "The amount must not exceed the outstanding balance of 3.",
        );
        refused(shop.opening(draft, "1", None).await, "Customer is in status Draft; opening balances");

        shop.contents().await.assert_same(&before, "all of it was refused");
        // Twice over: what was possible once is not when it was done.
        shop.give_up(invoice, Extent::Part(amount("1"))).await.unwrap();
        shop.give_up(invoice, Extent::Part(amount("2"))).await.unwrap();
        refused(shop.give_up(invoice, Extent::Part(amount("1"))).await, "has no outstanding balance.");
        shop.debit(credit, "5", &[(invoice, "3")]).await.unwrap();
        refused(shop.debit(credit, "5", &[(invoice, "3")]).await, "Only 0 is left to take back, not 5.");
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn nothing_counts_tomorrow_and_no_debit_counts_before_its_credit() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let now = opening();
        let tomorrow = PaymentOrder { effective_at: Some(now.plus_days(1)), ..cash(customer, "5", &[]) };
        assert_eq!(shop.take(tomorrow).await.unwrap_err().to_string(), "The date must not be in the future.");
        let yesterday = PaymentOrder { effective_at: Some(now.plus_days(-1)), ..cash(customer, "5", &[]) };
        assert_eq!(shop.take(yesterday).await.unwrap().effective_at, now.plus_days(-1));
        // A program's first day means that none was set; before the customer was created here there is history.
        let never =
            PaymentOrder { effective_at: Some(Instant::parse("0001-01-01").unwrap()), ..cash(customer, "5", &[]) };
        assert_eq!(shop.take(never).await.unwrap_err().to_string(), "The date must not be before 1970.");
        let long_ago = PaymentOrder { effective_at: Some(now.plus_days(-9_000)), ..cash(customer, "5", &[]) };
        shop.take(long_ago).await.unwrap();
        let credit = shop.credit(customer, "5", &[]).await.unwrap().id;
        let order = DebitOrder {
            credit,
            amount: amount("1"),
            reference: None,
            effective_at: Some(now.plus_days(-1)),
            allocations: Vec::new(),
        };
        let early = shop.act(move |tx, session| debits::create::run(tx, session, &order)).await;
        assert_eq!(early.unwrap_err().to_string(), "A credit cannot be taken back before it was given.");
        assert_eq!(shop.owed_by(customer).await, amount("-15"));
    })
    .await;
}

#[tokio::test]
async fn what_was_owed_before_is_paid_like_any_invoice() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let owing = |note: &str| Owing {
            term: None,
            po_number: Some("PO-9".to_owned()),
            name: None,
            description: None,
            note: Some(note.to_owned()),
        };
        let owed = shop.opening(customer, "30", Some(owing("From before"))).await.unwrap();
        shop.opening(customer, "12", None).await.unwrap();
        assert_eq!(shop.owed_by(customer).await, amount("18"));
        let opening = shop.act(move |tx, session| opening_balances::find::run(tx, session, owed)).await.unwrap();
        let invoice = shop.invoice_of(opening.invoice.unwrap()).await;
        assert_eq!((invoice.number, invoice.totals.subtotal, invoice.charges.len()), (1, amount("30"), 0));
        assert_eq!((invoice.po_number.as_deref(), invoice.notes.as_deref()), (Some("PO-9"), Some("From before")));
        assert_eq!(invoice.owed_before, Some(opening));
        shop.take(cash(customer, "30", &[(invoice.id, "30")])).await.unwrap();
        assert!(shop.invoice_of(invoice.id).await.paid_at.is_some());
        assert_eq!(shop.owed_by(customer).await, amount("-12"), "on deposit");
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}
