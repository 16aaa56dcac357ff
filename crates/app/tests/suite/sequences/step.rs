//! What a merchant does, one step at a time.

use app::{
    Error, Tx, credits, invoices, payments,
    purchases::{self, bulk_create, cancel, finalize},
    refunds,
    reversal::{charge, invoice},
};
use billing::{
    account::Session,
    credit::CreditOrder,
    id::{ChargeId, InvoiceId, PurchaseId},
    payment::PaymentOrder,
    refund::RefundOrder,
    reversal::{Choice, Extent},
    write_off,
};

use crate::shop::Shop;

/// Something that a merchant does.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Create(bulk_create::Order),
    Finalize(finalize::Order),
    /// With what goes to invoices, which is mostly a part of what they owe.
    Pay(PaymentOrder),
    /// Goodwill, for invoices as a payment is.
    Credit(CreditOrder),
    Refund(RefundOrder),
    WriteOff(InvoiceId),
    /// The invoice gets what is available.
    Spend(InvoiceId),
    Cancel(cancel::Order),
    /// So much of the charge of a purchase, after a preview of it.
    Reverse(PurchaseId, Extent),
    /// So much of the invoice on which a purchase was charged.
    ReverseInvoice(PurchaseId, Extent),
    /// So many days pass; the rounds run, or are missed.
    Wait(i64, bool),
}

/// Takes a step; the purchases that it made.
pub(super) async fn take(shop: &Shop, step: &Step) -> Result<Vec<PurchaseId>, Error> {
    match step.clone() {
        Step::Create(order) => {
            let created = shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await?;
            return Ok(created.purchases.iter().map(|purchase| purchase.id).collect());
        }
        Step::Finalize(order) => {
            shop.act(move |tx, session| finalize::run(tx, session, &order)).await?;
        }
        Step::Pay(order) => {
            shop.act(move |tx, session| payments::create::run(tx, session, &order)).await?;
        }
        Step::Credit(order) => {
            shop.act(move |tx, session| credits::create::run(tx, session, &order)).await?;
        }
        Step::Refund(order) => {
            shop.act(move |tx, session| refunds::create::run(tx, session, &order)).await?;
        }
        Step::WriteOff(invoice) => {
            let order = invoices::write_off::Order { invoice, extent: write_off::Extent::Whole, reference: None };
            shop.act(move |tx, session| invoices::write_off::run(tx, session, &order)).await?;
        }
        Step::Spend(invoice) => {
            shop.spend(invoice).await?;
        }
        Step::Cancel(order) => shop.act(move |tx, session| cancel::run(tx, session, &order)).await?,
        Step::Reverse(purchase, extent) => {
            shop.act(move |tx, session| {
                // What an undone step locked is free again: others would come in between.
                let customer = purchases::find::run(tx, session, purchase)?.customer;
                store::customer::lock(tx, session.account.id, customer)?;
                let (_, charge) = charge_of(tx, session, purchase)?;
                reverse_as_foreseen(tx, session, &charge::Order { charge, extent, reference: None })
            })
            .await?;
        }
        Step::ReverseInvoice(purchase, extent) => {
            let reverse = move |tx: &mut Tx<'_>, session: &Session| {
                let (invoice, _) = charge_of(tx, session, purchase)?;
                invoice::run(tx, session, &invoice::Order { invoice, choice: Choice::All, extent, reference: None })
            };
            shop.act(reverse).await?;
        }
        Step::Wait(days, runs_round) => {
            shop.clock.advance_days(days);
            if runs_round {
                shop.earn().await;
                shop.midnight().await;
            }
        }
    }
    Ok(Vec::new())
}

fn charge_of(tx: &mut Tx<'_>, session: &Session, purchase: PurchaseId) -> Result<(InvoiceId, ChargeId), Error> {
    let charged = store::charge::find_of_purchase(tx, session.account.id, purchase)?;
    Ok(charged.map(|(invoice, charge)| (invoice, charge.id)).expect("what is sold was charged"))
}

/// Does what was done and undone before: it comes out the same, also when it is a refusal.
fn reverse_as_foreseen(tx: &mut Tx<'_>, session: &Session, order: &charge::Order) -> Result<(), Error> {
    let mut foreseen = None;
    let undone: Result<(), Error> = tx.savepoint(|tx| {
        foreseen = Some(charge::run(tx, session, order)?);
        Err(Error::NotEnabled("undone"))
    });
    let done = charge::run(tx, session, order);
    match (foreseen, &done) {
        (Some(foreseen), Ok(done)) => {
            let told = |reversed: &charge::Reversed| {
                let parts = [reversed.reversal.amount, reversed.reversal.discount, reversed.reversal.tax];
                (parts, reversed.reversal.taxes.clone(), reversed.is_nearest, reversed.invoice.totals)
            };
            assert_eq!(told(&foreseen), told(done));
        }
        (None, Err(refused)) => assert_eq!(undone.unwrap_err().to_string(), refused.to_string()),
        (foreseen, done) => panic!("{foreseen:?} was foreseen, and {done:?} was done"),
    }
    done.map(|_| ())
}
