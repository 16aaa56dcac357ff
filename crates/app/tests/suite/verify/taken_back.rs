//! Money given back, goodwill given, freed and taken back, and opening balances.

use app::{credits, debits, funds, opening_balances, purchases::cancel, refunds};
use billing::{
    credit::{CreditOrder, DebitOrder},
    id::{CustomerId, InvoiceId, PaymentId, ProductId},
    opening_balance::{OpeningBalanceOrder, Owing},
    payment::Allocation,
    refund::{RefundMethod, RefundOrder},
    reversal::CancellationOption,
};
use db::values;

use crate::{
    shop::{Shop, purchase_of},
    trade::amount,
};

/// Refunds 3 of the only payment, 1 from the invoice. Credits 12: 2 to the invoice and 8 to another one of 10, which is
/// then taken back and so has nothing of it any more; debits 1.50, 1 from the invoice. Records 20 owed and 5 had before, and
/// gives everything that is available to what was owed: 3 of the payment, 9.50 of the credit and the deposit.
pub(super) async fn give_and_take_back(shop: &Shop, customer: CustomerId, invoice: InvoiceId, product: ProductId) {
    let part = |invoice, text| Allocation { invoice, amount: amount(text) };
    let list = "SELECT id FROM payment WHERE account_id = $1";
    let account = shop.account;
    let payment = shop.act(move |tx, _| Ok(tx.scalar(list, &values![account.0])?)).await.unwrap();
    let order = RefundOrder {
        payment: PaymentId(payment),
        amount: amount("3"),
        reference: None,
        allocations: vec![part(invoice, "1")],
        method: RefundMethod::Check,
        effective_at: None,
    };
    shop.act(move |tx, session| refunds::create::run(tx, session, &order)).await.unwrap();
    let (purchase, other) = shop.sell(customer, purchase_of(product, "1")).await;
    let order = CreditOrder {
        customer,
        amount: amount("12"),
        reference: None,
        allocations: vec![part(invoice, "2"), part(other, "8")],
        effective_at: None,
        auto_allocate: None,
    };
    let credit = shop.act(move |tx, session| credits::create::run(tx, session, &order)).await.unwrap().id;
    let order = cancel::Order { purchase, option: CancellationOption::Full };
    shop.act(move |tx, session| cancel::run(tx, session, &order)).await.unwrap();
    let order = DebitOrder {
        credit,
        amount: amount("1.5"),
        reference: None,
        allocations: vec![part(invoice, "1")],
        effective_at: None,
    };
    shop.act(move |tx, session| debits::create::run(tx, session, &order)).await.unwrap();
    let owing = Owing { term: None, po_number: None, name: None, description: None, note: None };
    let mut owed = None;
    for (text, owing) in [("20", Some(owing)), ("5", None)] {
        let order = OpeningBalanceOrder { customer, amount: amount(text), reference: None, owing };
        let opening = shop.act(move |tx, session| opening_balances::create::run(tx, session, &order)).await.unwrap();
        owed = owed.or(opening.invoice);
    }
    let owed = owed.expect("an invoice");
    let spent = shop.act(move |tx, session| funds::spend(tx, session, owed)).await.unwrap();
    assert_eq!(spent, amount("17.5"));
}
