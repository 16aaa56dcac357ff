//! What is taken back of an invoice that was given up, and where credits go by themselves.

use app::{Error, credits, refunds};
use billing::{
    credit::CreditOrder,
    invoice::InvoiceStatus,
    payment::AllocateOrder,
    refund::{RefundMethod, RefundOrder},
    write_off::Extent,
};

use super::{cash, parts};
use crate::{
    shop::{each_shop, opening},
    trade::amount,
};

#[tokio::test]
async fn what_was_given_up_stays_so_when_the_rest_is_owed_again() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "100").await);
        let invoice = shop.invoice(customer, product, "1").await;
        let credit = shop.credit(customer, "30", &[(invoice, "30")]).await.unwrap().id;
        let payment = shop.take(cash(customer, "20", &[(invoice, "20")])).await.unwrap().id;
        shop.give_up(invoice, Extent::Whole).await.unwrap();
        let now = shop.app.now();
        assert_eq!(shop.invoice_of(invoice).await.status(now), InvoiceStatus::WrittenOff);
        shop.debit(credit, "30", &[(invoice, "25")]).await.expect_err("5 are on no account");
        shop.debit(credit, "25", &[(invoice, "25")]).await.unwrap();
        shop.refund(payment, "20", &[(invoice, "20")]).await.unwrap();
        let owing = shop.invoice_of(invoice).await;
        assert_eq!((owing.status(now), owing.paid_at), (InvoiceStatus::Overdue, None));
        assert_eq!([owing.totals.write_offs, owing.totals.outstanding().unwrap()], [amount("50"), amount("45")]);
        shop.take(cash(customer, "40", &[(invoice, "40")])).await.unwrap();
        shop.give_up(invoice, Extent::Whole).await.unwrap();
        let ended = shop.invoice_of(invoice).await;
        assert_eq!((ended.status(now), ended.totals.write_offs), (InvoiceStatus::WrittenOff, amount("55")));
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_credit_goes_where_it_is_named_and_then_to_what_is_owed() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let first = shop.invoice(customer, product, "1").await;
        shop.clock.advance_days(1);
        let [second, third] = [shop.invoice(customer, product, "1").await, shop.invoice(customer, product, "1").await];
        let order = CreditOrder {
            customer,
            amount: amount("14"),
            reference: None,
            allocations: parts(&[(third, "3")]),
            auto_allocate: Some(AllocateOrder::OldestToNewest),
            effective_at: None,
        };
        let credit = shop.act(move |tx, session| credits::create::run(tx, session, &order)).await.unwrap();
        let given: Vec<_> = credit.allocations.iter().map(|part| (part.invoice, part.amount)).collect();
        assert_eq!(given, [(first, amount("10")), (second, amount("1")), (third, amount("3"))]);
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_refund_counts_between_its_payment_and_today() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let payment = shop.take(cash(customer, "9", &[])).await.unwrap().id;
        shop.clock.advance_days(3);
        let refund = async |days: i64| -> Result<_, Error> {
            let (method, effective_at) = (RefundMethod::Cash, Some(opening().plus_days(days)));
            let allocations = Vec::new();
            let order =
                RefundOrder { payment, amount: amount("1"), reference: None, allocations, method, effective_at };
            Ok(shop.act(move |tx, session| refunds::create::run(tx, session, &order)).await?.effective_at)
        };
        assert_eq!(refund(1).await.unwrap(), opening().plus_days(1));
        let told = refund(4).await.unwrap_err().to_string();
        assert_eq!(told, "The date must not be in the future.");
        let told = refund(-1).await.unwrap_err().to_string();
        assert_eq!(told, "A payment cannot be given back before it was received.");
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}
