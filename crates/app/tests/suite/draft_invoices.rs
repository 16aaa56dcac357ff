//! Invoices that wait: made instead of posted ones, changed, posted whole or in parts, cancelled and restored.

pub(crate) mod changes;
mod refusals;
mod terms;

use app::{
    Error,
    draft_invoices::{cancel, find::Found, restore},
    invoices::post_draft,
    purchases::{bulk_create, cancel as cancel_purchase, finalize, finalize::Billed},
};
use billing::{
    id::{ChargeId, CustomerId, DraftInvoiceId, InvoiceId, ProductId, PurchaseId},
    invoice::Totals,
    purchase::{PurchaseOrder, PurchaseStatus},
    reversal::CancellationOption,
};
use money::Amount;

use crate::{
    shop::{Shop, each_shop, purchase_of},
    trade::{a_year_in_arrears, amount},
};

impl Shop {
    /// Leaves a quantity on a draft invoice.
    async fn wait(&self, customer: CustomerId, orders: Vec<PurchaseOrder>) -> (DraftInvoiceId, Vec<PurchaseId>) {
        let order = bulk_create::Order { customer, auto_purchase: false, purchases: orders, collect: None };
        let created = self.act(move |tx, session| bulk_create::run(tx, session, &order)).await.unwrap();
        let purchases: Vec<_> = created.purchases.iter().map(|purchase| purchase.id).collect();
        let order = finalize::Order { customer, purchases: purchases.clone(), collect: None };
        let billed = self.act(move |tx, session| finalize::run_without_posting(tx, session, &order)).await.unwrap();
        let Billed::Waits(draft) = billed else { panic!("{billed:?}") };
        (draft, purchases)
    }

    async fn draft(&self, id: DraftInvoiceId) -> Found {
        self.act(move |tx, session| app::draft_invoices::find::run(tx, session, id)).await.unwrap()
    }

    async fn post(&self, draft: DraftInvoiceId, only: Option<Vec<ChargeId>>) -> Result<InvoiceId, Error> {
        let order = post_draft::Order { draft, only };
        self.act(move |tx, session| post_draft::run(tx, session, &order)).await
    }

    async fn purchase_status(&self, purchase: PurchaseId) -> PurchaseStatus {
        self.act(move |tx, session| app::purchases::find::run(tx, session, purchase)).await.unwrap().status
    }

    async fn balance_of(&self, customer: CustomerId) -> Amount {
        self.act(move |tx, session| app::customers::find::run(tx, session, customer)).await.unwrap().balance
    }

    async fn cancel_draft(&self, id: DraftInvoiceId) -> Result<(), Error> {
        self.act(move |tx, session| cancel::run(tx, session, id)).await
    }

    async fn restore_draft(&self, id: DraftInvoiceId) -> Result<(), Error> {
        self.act(move |tx, session| restore::run(tx, session, id)).await
    }
}

fn yearly(product: ProductId, quantity: &str) -> PurchaseOrder {
    PurchaseOrder { earning: Some(a_year_in_arrears()), ..purchase_of(product, quantity) }
}

fn told<T: std::fmt::Debug>(refused: Result<T, Error>) -> String {
    refused.unwrap_err().to_string()
}

#[tokio::test]
async fn a_draft_has_no_effect_until_it_is_posted_like_any_other_invoice() {
    each_shop(async |shop| {
        shop.tax("10").await;
        let (waiting, at_once) = (shop.taxed_customer().await, shop.taxed_customer().await);
        let (good, service) = (shop.product("P", "10").await, shop.service("S").await);
        let orders = || vec![purchase_of(good, "2"), yearly(service, "120")];
        let (draft, purchases) = shop.wait(waiting, orders()).await;
        assert_eq!(shop.balance_of(waiting).await, Amount::ZERO);
        assert_eq!(shop.purchase_status(purchases[0]).await, PurchaseStatus::Purchased);
        let shown = shop.draft(draft).await.invoice;
        assert_eq!((shown.totals.subtotal, shown.totals.tax), (amount("140"), amount("14")));
        assert_eq!(shop.disagreements().await, Vec::<String>::new());

        // What earns begins to when it is posted, not when it was drafted.
        shop.clock.advance_days(3);
        let posted = shop.post(draft, None).await.unwrap();
        let order = bulk_create::Order { customer: at_once, auto_purchase: true, purchases: orders(), collect: None };
        let created = shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await.unwrap();
        let posted = shop.invoice_of(posted).await;
        let other = shop.invoice_of(created.billed.unwrap().posted().unwrap()).await;
        assert_eq!((posted.number, other.number), (1, 2));
        assert_eq!(posted.totals, other.totals);
        assert_eq!(posted.totals, Totals { subtotal: amount("140"), tax: amount("14"), ..Totals::default() });
        assert_eq!((posted.posted_at, posted.closing_balance), (other.posted_at, other.closing_balance));
        assert_eq!((posted.schedules[0].due_at, posted.term), (other.schedules[0].due_at, other.term));
        assert_eq!(shop.balance_of(waiting).await, shop.balance_of(at_once).await);
        shop.clock.advance_days(40);
        shop.earn().await;
        let earned = shop.posted(purchases[1], "Earning").await;
        assert_eq!(earned, shop.posted(created.purchases[1].id, "Earning").await);
        assert_eq!(earned.len(), 1);
        assert_eq!(shop.disagreements().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn parts_of_a_draft_are_posted_and_numbers_have_no_gaps() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let orders = ["1", "2", "3"].map(|quantity| purchase_of(product, quantity));
        let (draft, _) = shop.wait(customer, orders.into()).await;
        let charges: Vec<_> = shop.draft(draft).await.draft.charges.iter().map(|charge| charge.id).collect();
        let first = shop.post(draft, Some(vec![charges[1]])).await.unwrap();
        assert_eq!(
            told(shop.post(draft, Some(vec![charges[1]])).await),
            format!("DraftCharge with id {} not found.", charges[1])
        );
        let left = shop.draft(draft).await.draft.charges;
        assert_eq!(left.iter().map(|charge| charge.id).collect::<Vec<_>>(), [charges[0], charges[2]]);
        shop.invoice(customer, product, "7").await;
        let last = shop.post(draft, None).await.unwrap();
        let (first, last) = (shop.invoice_of(first).await, shop.invoice_of(last).await);
        assert_eq!((first.number, first.totals.subtotal), (1, amount("20")));
        assert_eq!((last.number, last.totals.subtotal), (3, amount("40")));
        assert_eq!(first.charges[0].id, charges[1], "a charge keeps its id");
        assert_eq!(told(shop.post(draft, None).await), "Only draft invoices in status Ready may be posted.");
        assert_eq!(shop.disagreements().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_purchase_is_cancelled_while_its_charge_waits() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let (draft, purchases) = shop.wait(customer, vec![purchase_of(product, "1"), purchase_of(product, "2")]).await;
        let cancel = async |option| {
            let order = cancel_purchase::Order { purchase: purchases[0], option };
            shop.act(move |tx, session| cancel_purchase::run(tx, session, &order)).await
        };
        let refused = told(cancel(CancellationOption::None).await);
        assert_eq!(
            refused,
            format!("The charge of the purchase waits on draft invoice {draft}; post it first, or cancel with Full.")
        );
        cancel(CancellationOption::Unearned).await.unwrap();
        assert_eq!(shop.purchase_status(purchases[0]).await, PurchaseStatus::Cancelled);
        assert_eq!(shop.draft(draft).await.invoice.totals.subtotal, amount("20"));
        assert_eq!(
            told(cancel(CancellationOption::Full).await),
            "Only purchases in status Purchased may be cancelled."
        );
        shop.post(draft, None).await.unwrap();
        assert_eq!(shop.disagreements().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_draft_is_restored() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let (draft, _) = shop.wait(customer, vec![purchase_of(product, "1")]).await;
        assert_eq!(told(shop.restore_draft(draft).await), "Only draft invoices in status Cancelled may be restored.");
        shop.cancel_draft(draft).await.unwrap();
        assert_eq!(told(shop.cancel_draft(draft).await), "Only draft invoices in status Ready may be cancelled.");
        assert_eq!(told(shop.post(draft, None).await), "Only draft invoices in status Ready may be posted.");
        shop.restore_draft(draft).await.unwrap();
        let posted = shop.post(draft, None).await.unwrap();
        assert_eq!(shop.invoice_of(posted).await.number, 1);
        assert_eq!(told(shop.cancel_draft(draft).await), "Only draft invoices in status Ready may be cancelled.");
        assert_eq!(told(shop.restore_draft(draft).await), "Only draft invoices in status Cancelled may be restored.");
        assert_eq!(shop.disagreements().await, Vec::<String>::new());
    })
    .await;
}
