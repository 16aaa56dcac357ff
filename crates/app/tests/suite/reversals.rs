//! Charges that are taken back by their own calls: what becomes of the money, the books, the purchases and the reports.

mod in_parts;

use app::{
    App, Error, Tx, credit_notes, credits, invoices, payments,
    purchases::{bulk_create, cancel, find},
    refunds,
    revenue::{self, By},
    reversal::{charge, invoice},
};
use billing::{
    credit::CreditOrder,
    credit_note::CreditNote,
    discount::DiscountType,
    id::{ChargeId, CreditId, CustomerId, InvoiceId, PaymentId, PurchaseId},
    invoice::{InvoiceStatus, Totals},
    listing::Page,
    payment::Allocation,
    purchase::{PurchaseOrder, PurchaseStatus},
    refund::{RefundMethod, RefundOrder},
    refusal::Refusal,
    reversal::{CancellationOption, Choice, Extent},
    write_off,
};
use db::values;
use ledger::LedgerAccount::{AccountsReceivable, DeferredRevenue, EarnedRevenue, TaxPayable};
use money::Amount;
use tokio::task::JoinSet;

use crate::{
    coupons::of,
    shop::{Shop, each_shop, purchase_of},
    trade::{a_year_in_arrears, amount, date},
};

impl Shop {
    pub(crate) async fn reverse(&self, charge: ChargeId, extent: Extent) -> Result<charge::Reversed, Error> {
        let order = charge::Order { charge, extent, reference: None };
        self.act(move |tx, session| charge::run(tx, session, &order)).await
    }

    async fn reverse_invoice(&self, invoice: InvoiceId, choice: Choice, extent: Extent) -> Result<Totals, Error> {
        let order = invoice::Order { invoice, choice, extent, reference: Some("R".to_owned()) };
        Ok(self.act(move |tx, session| invoice::run(tx, session, &order)).await?.totals)
    }

    pub(crate) async fn only_charge(&self, invoice: InvoiceId) -> ChargeId {
        self.invoice_of(invoice).await.charges[0].id
    }

    /// The credit notes of an invoice with their lines, in the order of their numbers.
    async fn notes(&self, invoice: InvoiceId) -> Vec<CreditNote> {
        let read = self.act(move |tx, session| {
            let listed = credit_notes::list::run(tx, session, &Page::default())?;
            let of_invoice = listed.rows.into_iter().filter(|(note, _)| note.invoice == invoice);
            of_invoice.map(|(note, _)| Ok(credit_notes::find::run(tx, session, note.id)?.0)).collect()
        });
        let mut notes: Vec<CreditNote> = read.await.unwrap();
        notes.sort_by(|one, two| one.number.cmp(&two.number));
        notes
    }

    async fn status_of(&self, purchase: PurchaseId) -> PurchaseStatus {
        self.act(move |tx, session| find::run(tx, session, purchase)).await.unwrap().status
    }

    /// Gives so much of goodwill to one invoice.
    async fn give_credit(&self, customer: CustomerId, invoice: InvoiceId, amount: Amount) -> CreditId {
        let allocations = vec![Allocation { invoice, amount }];
        let order =
            CreditOrder { customer, amount, reference: None, allocations, effective_at: None, auto_allocate: None };
        self.act(move |tx, session| credits::create::run(tx, session, &order)).await.unwrap().id
    }

    /// What no invoice has of a payment and of a credit.
    async fn available(&self, payment: PaymentId, credit: CreditId) -> [Amount; 2] {
        let read = self.act(move |tx, session| {
            let payment = payments::find::run(tx, session, payment)?.unallocated;
            Ok([payment, credits::find::run(tx, session, credit)?.unallocated])
        });
        read.await.unwrap()
    }

    /// Deferred and earned revenue by the report of today.
    async fn report(&self) -> [Amount; 2] {
        let today = self.today();
        let rows = self.act(move |tx, session| revenue::as_of(tx, session, today, By::Account)).await.unwrap();
        [Amount::sum(rows.iter().map(|row| row.deferred)), Amount::sum(rows.iter().map(|row| row.earned))]
            .map(Result::unwrap)
    }

    /// Types of the events about one thing, in order.
    async fn events_of(&self, id: i64) -> Vec<String> {
        let sql = "SELECT event_type FROM event WHERE account_id = $1 AND subject_id = $2 ORDER BY id";
        let read =
            self.act(move |tx, session| Ok(tx.query(sql, &values![session.account.id.0, id], |row| row.get(0))?));
        read.await.unwrap()
    }
}

#[track_caller]
fn assert_refused<T: std::fmt::Debug>(outcome: Result<T, Error>, refusal: &Refusal) {
    match outcome {
        Err(Error::Refused(found)) => assert_eq!(found, *refusal),
        other => panic!("{other:?} is not {refusal:?}"),
    }
}

#[tokio::test]
async fn a_paid_invoice_gives_back_to_funds_and_credit_the_latest_first() {
    each_shop(async |shop| {
        let (customer, good) = (shop.customer().await, shop.product("GOOD", "1").await);
        let (_, invoice) = shop.sell(customer, purchase_of(good, "100")).await;
        let payment = shop.pay(customer, invoice, amount("50")).await;
        shop.clock.advance_days(1);
        let credit = shop.give_credit(customer, invoice, amount("30")).await;
        shop.clock.advance_days(1);
        let last = shop.pay(customer, invoice, amount("20")).await;
        let paid_at = shop.invoice_of(invoice).await.paid_at.unwrap();
        shop.clock.advance_days(1);
        let charge = shop.only_charge(invoice).await;
        for (back, available, available_of_last, [payments, credits]) in [
            ("15", ["0", "0"], "15", ["55", "30"]),
            ("25", ["0", "20"], "20", ["50", "10"]),
            ("20", ["10", "30"], "20", ["40", "0"]),
            ("40", ["50", "30"], "20", ["0", "0"]),
        ] {
            shop.reverse(charge, Extent::Amount(amount(back))).await.unwrap();
            assert_eq!(shop.available(payment, credit).await, available.map(amount), "{back}");
            assert_eq!(shop.available(last, credit).await[0], amount(available_of_last), "{back}");
            let found = shop.invoice_of(invoice).await;
            assert_eq!((found.totals.payments, found.totals.credits), (amount(payments), amount(credits)), "{back}");
            assert_eq!(found.totals.outstanding(), Ok(Amount::ZERO), "{back}");
            assert_eq!(found.schedules[0].outstanding, Amount::ZERO, "{back}");
            assert_eq!(found.paid_at, (payments != "0").then_some(paid_at), "{back}: paid for what it still is");
        }
        assert_eq!(shop.credit_of(Some(customer), AccountsReceivable).await, amount("100"));
        assert_eq!(shop.credit_of(None, EarnedRevenue).await, Amount::ZERO);
        let notes = shop.notes(invoice).await;
        let told: Vec<_> = notes.iter().map(|note| (note.number.as_str(), note.amount)).collect();
        let expected = [("01-CR-01", "15"), ("01-CR-02", "25"), ("01-CR-03", "20"), ("01-CR-04", "40")];
        assert_eq!(told, expected.map(|(number, back)| (number, amount(back))));
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_was_written_off_cannot_be_taken_back() {
    each_shop(async |shop| {
        let (customer, good) = (shop.customer().await, shop.product("GOOD", "1").await);
        let (purchase, invoice) = shop.sell(customer, purchase_of(good, "100")).await;
        shop.pay(customer, invoice, amount("60")).await;
        let order = invoices::write_off::Order { invoice, extent: write_off::Extent::Whole, reference: None };
        shop.act(move |tx, session| invoices::write_off::run(tx, session, &order)).await.unwrap();
        let charge = shop.only_charge(invoice).await;
        let before = shop.contents().await;
        let refusal = Refusal::WrittenOff { invoice, most: amount("60") };
        assert_refused(shop.reverse(charge, Extent::Full).await, &refusal);
        assert_refused(shop.reverse(charge, Extent::Amount(amount("60.01"))).await, &refusal);
        assert_refused(shop.reverse_invoice(invoice, Choice::All, Extent::Full).await, &refusal);
        assert_refused(shop.reverse_invoice(invoice, Choice::These(vec![charge]), Extent::Full).await, &refusal);
        shop.contents().await.assert_same(&before, "all of it was refused");
        // What was paid can be.
        shop.reverse(charge, Extent::Amount(amount("60"))).await.unwrap();
        let refusal = Refusal::WrittenOff { invoice, most: Amount::ZERO };
        assert_refused(shop.reverse(charge, Extent::Amount(amount("0.01"))).await, &refusal);
        assert_eq!(shop.status_of(purchase).await, PurchaseStatus::Purchased);
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_a_credit_note_leaves_paid_was_paid_on_that_day() {
    each_shop(async |shop| {
        let (customer, good) = (shop.customer().await, shop.product("GOOD", "1").await);
        let (_, invoice) = shop.sell(customer, purchase_of(good, "100")).await;
        let payment = shop.pay(customer, invoice, amount("100")).await;
        let allocations = vec![Allocation { invoice, amount: amount("30") }];
        let method = RefundMethod::PaymentMethod;
        let order =
            RefundOrder { payment, amount: amount("30"), reference: None, allocations, method, effective_at: None };
        shop.act(move |tx, session| refunds::create::run(tx, session, &order)).await.unwrap();
        shop.clock.advance_days(1);
        let charge = shop.only_charge(invoice).await;
        shop.reverse(charge, Extent::Amount(amount("20"))).await.unwrap();
        assert_eq!(shop.invoice_of(invoice).await.paid_at, None, "10 is owed");
        shop.reverse(charge, Extent::Amount(amount("10"))).await.unwrap();
        let closed = shop.invoice_of(invoice).await;
        let now = shop.app.now();
        assert_eq!((closed.status(now), closed.paid_at), (InvoiceStatus::Paid, Some(now)));
        shop.clock.advance_days(1);
        shop.reverse(charge, Extent::Amount(amount("10"))).await.unwrap();
        assert_eq!(shop.invoice_of(invoice).await.paid_at, closed.paid_at, "it was paid all the while");
        shop.reverse(charge, Extent::Full).await.unwrap();
        let void = shop.invoice_of(invoice).await;
        assert_eq!((void.status(now), void.paid_at), (InvoiceStatus::Void, None));
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_year_is_taken_back_in_parts_and_the_reports_follow() {
    each_shop(async |shop| {
        let service = shop.service("SERVICE").await;
        shop.tax("13").await;
        let customer = shop.taxed_customer().await;
        let order = PurchaseOrder {
            earning: Some(a_year_in_arrears()),
            discounts: vec![of(DiscountType::Percentage, "10")],
            ..purchase_of(service, "120")
        };
        let (purchase, invoice) = shop.sell(customer, order).await;
        let charge = shop.only_charge(invoice).await;
        let expect = async |step: &str, report: [&str; 2], tax: &str, owed: &str| {
            assert_eq!(shop.report().await, report.map(amount), "{step}");
            assert_eq!(shop.credit_of(None, TaxPayable).await, amount(tax), "{step}");
            assert_eq!(shop.invoice_of(invoice).await.totals.outstanding(), Ok(amount(owed)), "{step}");
            assert_eq!(shop.disagreements().await, [""; 0], "{step}");
        };
        shop.clock.advance_days(91);
        assert_eq!(shop.today(), date("2024-04-15"));
        shop.earn().await;
        // 108 less 10 percent over twelve months: three of 9 are earned.
        expect("three months", ["81", "27"], "14.04", "122.04").await;
        shop.reverse(charge, Extent::Amount(amount("40"))).await.unwrap();
        expect("a part", ["45", "27"], "9.36", "81.36").await;
        let marked = shop.reverse(charge, Extent::NetAmount(amount("10.17"))).await.unwrap();
        assert_eq!((marked.reversal.amount, marked.reversal.discount), (amount("10"), amount("1")));
        assert!(!marked.is_nearest);
        expect("a net part", ["36", "27"], "8.19", "71.19").await;
        shop.clock.advance_days(30);
        shop.earn().await;
        // 36 are left for nine months.
        expect("a month later", ["32", "31"], "8.19", "71.19").await;
        assert_eq!(shop.status_of(purchase).await, PurchaseStatus::Purchased);
        shop.reverse(charge, Extent::Unearned).await.unwrap();
        expect("unearned", ["0", "31"], "4.03", "35.03").await;
        assert_refused(shop.reverse(charge, Extent::Unearned).await, &Refusal::NothingUnearnedOfCharge(charge));
        assert_eq!(shop.status_of(purchase).await, PurchaseStatus::Purchased);
        let taken = shop.reverse_invoice(invoice, Choice::All, Extent::Full).await.unwrap();
        assert_eq!((taken.credit_notes, taken.amount()), (amount("122.04"), Ok(amount("122.04"))));
        expect("everything", ["0", "0"], "0", "0").await;
        assert_eq!(shop.status_of(purchase).await, PurchaseStatus::Reversed);
        assert_eq!(shop.events_of(purchase.0).await.last().unwrap(), "PurchaseReversed");
        let order = cancel::Order { purchase, option: CancellationOption::Full };
        let cancelled = shop.act(move |tx, session| cancel::run(tx, session, &order)).await;
        assert_refused(cancelled, &Refusal::PurchaseNotPurchased);
        shop.clock.advance_days(400);
        shop.earn().await;
        expect("nothing follows", ["0", "0"], "0", "0").await;
        let notes = shop.notes(invoice).await;
        assert_eq!(notes.last().unwrap().number, "01-CR-04");
        for note in &notes {
            assert_eq!(shop.events_of(note.id.0).await, ["CreditNoteCreated"], "{}", note.number);
            let [reversal] = &note.reversals[..] else { panic!("{note:?}") };
            assert_eq!(reversal.taxes.iter().map(|part| part.amount).collect::<Vec<_>>(), [reversal.tax]);
        }
    })
    .await;
}

#[tokio::test]
async fn several_charges_go_back_together_or_not_at_all() {
    each_shop(async |shop| {
        let (customer, good) = (shop.customer().await, shop.product("GOOD", "1").await);
        let service = shop.service("SERVICE").await;
        let year = PurchaseOrder { earning: Some(a_year_in_arrears()), ..purchase_of(service, "24") };
        let purchases = vec![purchase_of(good, "7"), year.clone(), year];
        let order = bulk_create::Order { customer, auto_purchase: true, purchases, collect: None };
        let created = shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await.unwrap();
        let invoice = created.billed.unwrap().posted().unwrap();
        let charges: Vec<ChargeId> = shop.invoice_of(invoice).await.charges.iter().map(|charge| charge.id).collect();
        let [earned, one, two] = charges[..] else { panic!("{charges:?}") };
        let these = |ids: &[ChargeId]| Choice::These(ids.to_vec());
        shop.clock.advance_days(31);
        let before = shop.contents().await;
        let unearned = shop.reverse_invoice(invoice, these(&[one, earned]), Extent::Unearned).await;
        assert_refused(unearned, &Refusal::NothingUnearnedOfCharge(earned));
        assert_refused(
            shop.reverse_invoice(invoice, these(&[one, one]), Extent::Full).await,
            &Refusal::ChargeListedTwice(one),
        );
        shop.contents().await.assert_same(&before, "not one of them went back");
        // The whole invoice passes over what is earned; one month of twelve is.
        shop.reverse_invoice(invoice, Choice::All, Extent::Unearned).await.unwrap();
        shop.reverse_invoice(invoice, these(&[two, earned]), Extent::Full).await.unwrap();
        let told: Vec<Vec<_>> = shop
            .notes(invoice)
            .await
            .iter()
            .map(|note| note.reversals.iter().map(|part| (part.charge, part.amount)).collect())
            .collect();
        assert_eq!(
            told,
            [vec![(one, amount("22")), (two, amount("22"))], vec![(earned, amount("7")), (two, amount("2"))]]
        );
        assert_eq!(shop.credit_of(None, DeferredRevenue).await, Amount::ZERO);
        assert_eq!(shop.credit_of(None, EarnedRevenue).await, amount("2"));
        let statuses = [created.purchases[0].id, created.purchases[1].id, created.purchases[2].id];
        let expected = [PurchaseStatus::Reversed, PurchaseStatus::Purchased, PurchaseStatus::Reversed];
        for (purchase, status) in statuses.into_iter().zip(expected) {
            assert_eq!(shop.status_of(purchase).await, status);
        }
        let before = shop.contents().await;
        let again = shop.reverse_invoice(invoice, Choice::All, Extent::Unearned).await;
        assert_refused(again, &Refusal::NothingUnearnedOfInvoice(invoice));
        assert_refused(
            shop.reverse_invoice(invoice, these(&[earned]), Extent::Full).await,
            &Refusal::NothingLeftOfCharge(earned),
        );
        shop.contents().await.assert_same(&before, "nothing was left");
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_hundred_clients_take_back_no_more_than_there_is() {
    each_shop(async |shop| {
        let (customer, good) = (shop.customer().await, shop.product("GOOD", "1").await);
        let (_, invoice) = shop.sell(customer, purchase_of(good, "10")).await;
        shop.pay(customer, invoice, amount("4")).await;
        let charge = shop.only_charge(invoice).await;
        let order = charge::Order { charge, extent: Extent::Amount(amount("0.3")), reference: None };
        let client = |_| {
            let (app, account, now, order) = (shop.app.clone(), shop.account, shop.app.now(), order.clone());
            let unit = move |tx: &mut Tx<'_>| {
                let session = App::own_session(tx, account, now)?;
                charge::run(tx, &session, &order)
            };
            async move { app.db().write(unit).await }
        };
        let outcomes = (0..100).map(client).collect::<JoinSet<_>>().join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 33);
        let rest = shop.reverse(charge, Extent::Full).await.unwrap();
        assert_eq!(rest.reversal.amount, amount("0.1"));
        assert_eq!(shop.notes(invoice).await.len(), 34);
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}
