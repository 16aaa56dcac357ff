//! A preview shows what the run then does, and leaves nothing behind.

mod figures;
mod stall;

use app::{
    Answer, Tx,
    customers::activate,
    invoices,
    purchases::{
        bulk_create, create,
        finalize::{self, Billed},
        finalize_drafts,
    },
};
use billing::{account::Session, id::CustomerId, invoice::Invoice, preview::Preview, purchase::Purchase};
use db::values;
use testkit::Dice;

use self::{
    figures::{posted, purchases, shown},
    stall::{Stall, everything, random_purchase},
};
use crate::{
    shop::{Shop, each_shop, purchase_of},
    trade::REGION,
};

const ORDER_COUNT: u64 = 24;

/// The invoice that was posted last.
async fn newest(shop: &Shop) -> Invoice {
    let read = shop.act(|tx, session| {
        let id = tx.scalar("SELECT MAX(id) FROM invoice WHERE account_id = $1", &values![session.account.id.0])?;
        invoices::find::run(tx, session, billing::id::InvoiceId(id))
    });
    read.await.unwrap()
}

/// The invoice that is shown, if there is one.
fn shown_if_any(preview: Option<&Preview>) -> String {
    preview.map(shown).unwrap_or_default()
}

/// Compares what is shown and done for random orders in one shop on each database.
async fn compare(first_seed: u64, one: impl AsyncFn(&Stall<'_>, &mut Dice, &str)) {
    each_shop(async |shop| {
        let stall = Stall::set_up(shop).await;
        for seed in first_seed..first_seed + ORDER_COUNT {
            one(&stall, &mut Dice::new(seed), &format!("seed {seed}")).await;
        }
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn bulk_create_does_what_its_preview_says() {
    compare(0, async |stall, dice, name| {
        let customer = dice.pick(&stall.customers);
        let order = stall.order(dice, customer, name, true);
        let previewed = order.clone();
        let shown = stall.preview(
            move |tx, session| bulk_create::preview(tx, session, &previewed),
            |(created, preview)| purchases(&created.purchases) + &shown(&preview),
        );
        let shown = shown.await;
        let created = stall.shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await.unwrap();
        assert_eq!(shown, purchases(&created.purchases) + &posted(&newest(stall.shop).await), "{name}");
    })
    .await;
}

#[tokio::test]
async fn creating_a_draft_and_finalizing_it_does_what_its_preview_says() {
    compare(1_000, async |stall, dice, name| {
        // A buyer who is not named is a new one of the region that is named instead.
        let named = if dice.one_in(3) { None } else { Some(dice.pick(&stall.customers)) };
        let customer = match named {
            Some(customer) => customer,
            None => stall.shop.taxed_customer().await,
        };
        let purchase = random_purchase(stall, dice, name);
        let region = named.is_none().then_some(REGION);
        let order = create::PreviewOrder { customer: named, currency: None, region, purchase: purchase.clone() };
        let say = move |(purchase, preview): (Purchase, Preview)| {
            assert_eq!(purchase.customer, named.unwrap_or(CustomerId(0)));
            let invoice = Invoice { customer, ..preview.invoice };
            purchases(&[purchase]) + &shown(&Preview { invoice, ..preview })
        };
        let shown = stall.preview(move |tx, session| create::preview(tx, session, &order), say).await;
        let order = create::Order { customer, purchase };
        let created = stall.shop.act(move |tx, session| create::run(tx, session, &order)).await.unwrap();
        let order = finalize::Order { customer, purchases: vec![created.id], collect: None };
        stall.shop.act(move |tx, session| finalize::run(tx, session, &order)).await.unwrap();
        assert_eq!(shown, purchases(&[created]) + &posted(&newest(stall.shop).await), "{name}");
    })
    .await;
}

#[tokio::test]
async fn finalizing_does_what_its_preview_says() {
    compare(2_000, async |stall, dice, name| {
        let customer = dice.pick(&stall.customers);
        let drafts = stall.drafts(dice, customer, name).await;
        let ids = drafts.iter().map(|draft| draft.id).collect();
        let foresee = move |tx: &mut Tx<'_>, session: &Session| finalize::foresee(tx, session, customer, &drafts, None);
        let foreseen = stall.preview(foresee, |preview| shown(&preview)).await;
        let order = finalize::Order { customer, purchases: ids, collect: None };
        let previewed = order.clone();
        let preview = move |tx: &mut Tx<'_>, session: &Session| finalize::preview(tx, session, &previewed);
        let shown = stall.preview(preview, |preview| shown(&preview)).await;
        stall.shop.act(move |tx, session| finalize::run(tx, session, &order)).await.unwrap();
        assert_eq!(shown, posted(&newest(stall.shop).await), "{name}");
        assert_eq!(foreseen, shown, "{name}");
    })
    .await;
}

#[tokio::test]
async fn finalizing_all_drafts_or_some_does_what_its_preview_says() {
    compare(3_000, async |stall, dice, name| {
        let customer = dice.pick(&stall.customers);
        let drafts = stall.drafts(dice, customer, name).await;
        let mut some: Vec<_> = drafts.iter().rev().map(|draft| draft.id).collect();
        some.truncate(usize::try_from(dice.below(3) + 1).unwrap());
        let only = dice.one_in(2).then(|| finalize_drafts::Named { subscriptions: Vec::new(), purchases: some });
        let order = finalize_drafts::Order { customer, only, disables_auto_post: false, collect: None };
        let previewed = order.clone();
        let preview = move |tx: &mut Tx<'_>, session: &Session| finalize_drafts::preview(tx, session, &previewed);
        let shown = stall.preview(preview, |preview| shown_if_any(preview.as_ref())).await;
        let billed = stall.shop.act(move |tx, session| finalize_drafts::run(tx, session, &order)).await.unwrap();
        let invoice = billed.and_then(Billed::posted).unwrap();
        assert_eq!(shown, posted(&stall.shop.invoice_of(invoice).await), "{name}");
    })
    .await;
}

#[tokio::test]
async fn activating_does_what_its_preview_says() {
    compare(4_000, async |stall, dice, name| {
        let customer = stall.shop.draft_customer().await;
        if dice.one_in(2) {
            stall.shop.settle(customer).await;
        }
        if !dice.one_in(6) {
            stall.drafts(dice, customer, name).await;
        }
        let finalizes_purchases = !dice.one_in(6);
        let order = activate::Order { customer, finalizes_purchases, disables_auto_post: false, collect: None };
        let previewed = order.clone();
        let preview = move |tx: &mut Tx<'_>, session: &Session| activate::preview(tx, session, &previewed);
        let shown = stall.preview(preview, |(_, preview)| shown_if_any(preview.as_ref())).await;
        let activated = stall.shop.act(move |tx, session| activate::run(tx, session, &order)).await.unwrap();
        let done = match activated.billed.and_then(Billed::posted) {
            Some(invoice) => posted(&stall.shop.invoice_of(invoice).await),
            None => String::new(),
        };
        assert_eq!(shown, done, "{name}");
    })
    .await;
}

#[tokio::test]
async fn a_preview_refuses_what_the_run_would_and_leaves_nothing_either() {
    each_shop(async |shop| {
        let stall = Stall::set_up(shop).await;
        let customer = stall.customers[0];
        let mut wrong = purchase_of(stall.plain, "1");
        wrong.coupon_codes = vec!["AUTUMN".to_owned()];
        let purchases = vec![purchase_of(stall.plain, "1"), wrong];
        let order = bulk_create::Order { customer, auto_purchase: true, purchases, collect: None };
        let before = everything(shop).await;
        let previewed = order.clone();
        let preview = move |tx: &mut Tx<'_>, session: &Session| bulk_create::preview(tx, session, &previewed);
        let shown = shop.app.preview(&stall.caller, preview, |_, _| Ok(Answer::new(200, String::new()))).await;
        let done = shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await;
        assert_eq!(shown.unwrap_err().to_string(), done.unwrap_err().to_string());
        assert_eq!(everything(shop).await, before);
    })
    .await;
}
