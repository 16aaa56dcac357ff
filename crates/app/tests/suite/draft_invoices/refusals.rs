//! What drafts refuse, and what happens when several act on one at the same time.

use app::{
    Error, customers,
    draft_invoices::{schedule, update},
    invoices::{post_draft, post_ready},
    purchases::{bulk_create, finalize::Billed},
};
use billing::{
    customer::BillingSetting,
    draft_invoice::{ChargeChange, DraftChange, Operation},
    id::{ChargeId, DraftInvoiceId},
    purchase::Change,
};
use testkit::each_database;

use super::{changes::of, told};
use crate::{
    shop::{Shop, each_shop, purchase_of},
    trade::amount,
};

#[tokio::test]
async fn what_is_not_there_or_not_ready_is_refused() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let (draft, _) = shop.wait(customer, vec![purchase_of(product, "1")]).await;
        let charge = shop.draft(draft).await.draft.charges[0].id;
        let nobodys = DraftInvoiceId(9);
        let missing = "Draft Invoice with id 9 not found.";
        assert_eq!(told(shop.post(nobodys, None).await), missing);
        assert_eq!(told(shop.change(nobodys, DraftChange::default()).await), missing);
        assert_eq!(told(shop.cancel_draft(nobodys).await), missing);
        assert_eq!(told(shop.restore_draft(nobodys).await), "Invoice id 9 not found.");
        let clear = async |id| shop.act(move |tx, session| schedule::clear(tx, session, id)).await;
        assert_eq!(told(clear(nobodys).await), "DraftInvoice with id 9 not found.");

        let other = ChargeChange { operation: Operation::Delete, ..of(ChargeId(9)) };
        let twice = vec![of(charge), of(charge), other];
        let refused = shop.change(draft, DraftChange { charges: twice, ..DraftChange::default() }).await;
        let Err(Error::Invalid(problems)) = refused else { panic!("{refused:?}") };
        let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["DraftCharges[1].Id", "DraftCharges[2].Id"]);

        let nothing = ChargeChange { operation: Operation::Delete, ..of(charge) };
        shop.change(draft, DraftChange { charges: vec![nothing], ..DraftChange::default() }).await.unwrap();
        assert_eq!(told(shop.post(draft, None).await), format!("Draft invoice with id {draft} has no charges."));
        shop.cancel_draft(draft).await.unwrap();
        let not_ready = "Only draft invoices in status Ready may be modified.";
        assert_eq!(told(shop.change(draft, DraftChange::default()).await), not_ready);
        assert_eq!(told(clear(draft).await), not_ready);
        assert_eq!(shop.disagreements().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_customer_whose_invoices_wait_posts_all_that_is_ready() {
    each_shop(async |shop| {
        let product = shop.product("P", "10").await;
        let order = customers::create::Order {
            billing_setting: Some(BillingSetting { auto_post_draft_invoice: Some(false), ..BillingSetting::default() }),
            ..customers::create::Order::default()
        };
        let customer = shop.act(move |tx, session| customers::create::run(tx, session, &order)).await.unwrap().id;
        let order = customers::activate::Order {
            customer,
            finalizes_purchases: false,
            disables_auto_post: false,
            collect: None,
        };
        shop.act(move |tx, session| customers::activate::run(tx, session, &order)).await.unwrap();
        let mut drafts = Vec::new();
        for quantity in ["1", "2", "3"] {
            let purchases = vec![purchase_of(product, quantity)];
            let order = bulk_create::Order { customer, auto_purchase: true, purchases, collect: None };
            let created = shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await.unwrap();
            let Some(Billed::Waits(draft)) = created.billed else { panic!("{created:?}") };
            drafts.push(draft);
        }
        shop.cancel_draft(drafts[1]).await.unwrap();
        let post = async || {
            let order = post_ready::Order { customer, collect: None };
            shop.act(move |tx, session| post_ready::run(tx, session, &order)).await.unwrap()
        };
        let posted = post().await;
        let (first, last) = (shop.invoice_of(posted[0]).await, shop.invoice_of(posted[1]).await);
        assert_eq!((first.number, first.closing_balance), (1, amount("10")));
        assert_eq!((last.number, last.opening_balance, last.closing_balance), (2, amount("10"), amount("40")));
        assert_eq!(post().await, []);
        assert_eq!(shop.disagreements().await, Vec::<String>::new());
    })
    .await;
}

/// Everybody wants the draft at once: whatever the order, it is posted once or cancelled, and a change is in or out.
#[tokio::test]
async fn posting_changing_and_cancelling_at_once_leave_one_truth() {
    each_database(store::MIGRATIONS, async |database| {
        let shop = Shop::open(database).await;
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let mut posted_count = 0;
        for _ in 0..8 {
            let (draft, _) = shop.wait(customer, vec![purchase_of(product, "1")]).await;
            let post = || async {
                let order = post_draft::Order { draft, only: None };
                shop.act(move |tx, session| post_draft::run(tx, session, &order)).await
            };
            let change = || async {
                let change = DraftChange { notes: Change::Set("changed".to_owned()), ..DraftChange::default() };
                let order = update::Order { draft, change };
                shop.act(move |tx, session| update::run(tx, session, &order)).await
            };
            let (first, changed, second, cancelled) = tokio::join!(post(), change(), post(), shop.cancel_draft(draft));
            let posted: Vec<_> = [first, second].into_iter().flatten().collect();
            assert_eq!(posted.len() + usize::from(cancelled.is_ok()), 1, "{posted:?} {cancelled:?}");
            if let [invoice] = posted[..] {
                posted_count += 1;
                let invoice = shop.invoice_of(invoice).await;
                assert_eq!(invoice.number, posted_count, "no gaps");
                assert_eq!(invoice.notes.is_some(), changed.is_ok());
            }
        }
        assert_eq!(shop.disagreements().await, Vec::<String>::new());
    })
    .await;
}
