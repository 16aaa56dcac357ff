//! `/v1/Purchases`.

mod answer;
mod drafts;
mod request;

use app::{
    Tx,
    purchases::{
        bulk_create::{self, Created},
        cancel, collect, delete,
        finalize::{self, Billed},
        find, list,
    },
};
use axum::response::Response;
use billing::{
    account::Session,
    collection::Collection,
    id::{CustomerId, PurchaseId},
};

pub(super) use self::answer::Purchase;
use self::{
    answer::{BulkPurchase, Finalized},
    request::{BulkPurchaseRequest, CancelRequest, FinalizeRequest},
};
use super::{
    effects::{self, InvoicePreview, SideEffects},
    invoices::View,
};
use crate::{call::Call, error::ApiError, operation::Operation};

const TAG: &str = "Purchases";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/Purchases/BulkCreate", "Create bulk purchases", bulk_create)
            .about("Sells any number of purchases to a customer in one act: all are stored, or none.")
            .takes::<BulkPurchaseRequest>("bulkPurchase")
            .with("preview", "boolean", "Stores nothing, and shows the invoice that finalizing would make.")
            .with("view", "string", "The same as in the body.")
            .with("temporarilyDisableAutoPost", "boolean", "The same as in the body.")
            .answers::<BulkPurchase>(),
        Operation::get("/v1/Purchases/{id}", "Read purchase", read)
            .about("The purchase with its discounts, coupons, custom fields and tracked items.")
            .answers::<Purchase>(),
        Operation::delete("/v1/Purchases/{id}", "Delete purchase", delete).about("Deletes a purchase in status Draft."),
        Operation::post("/v1/Purchases/Purchase", "Finalize purchases", finalize)
            .about("Charges draft purchases of one customer on one invoice, which is posted or waits as a draft.")
            .takes::<FinalizeRequest>("purchase")
            .with("preview", "boolean", "Changes nothing, and shows the invoice that would be posted.")
            .with("view", "string", "`sideeffects` shows the invoice that was posted, the draft or, in a preview, what would be.")
            .with("showZeroDollarCharges", "boolean", "Shows charges of nothing, too.")
            .with("temporarilyDisableAutoPost", "boolean", "The same as in the body.")
            .answers::<Finalized>(),
        Operation::post("/v1/Purchases/Cancel", "Cancel purchase", cancel)
            .about(
                "Cancels a purchase in status Purchased: `None` reverses nothing and earns the rest now, `Unearned` reverses \
                 what is not yet earned, `Full` everything. What is reversed is a credit note; what was paid of it \
                 becomes available funds.",
            )
            .takes::<CancelRequest>("purchase"),
        Operation::get("/v1/Customers/{customerId}/Purchases", "List purchases by customer", list_of_customer)
            .about("The purchases of a customer, in any status.")
            .lists::<Purchase>(list::COLUMNS),
    ]
    .into_iter()
    .chain(drafts::operations())
    .map(|operation| operation.tagged(TAG))
    .collect()
}

async fn bulk_create(call: Call) -> Result<Response, ApiError> {
    let shows_effects = effects::are_asked_for(&call)?;
    let disables_by_query = call.switch("temporarilyDisableAutoPost")?;
    let (asked, problems) = call.judge(BulkPurchaseRequest::judge)?;
    let order = asked.order;
    if !problems.is_empty() {
        return call.refuse(move |tx, session| bulk_create::refuse(tx, session, &order, &problems)).await;
    }
    let is_shown = shows_effects || asked.shows_effects;
    let disables_auto_post = disables_by_query || asked.disables_auto_post;
    if call.switch("preview")? {
        let run = move |tx: &mut Tx<'_>, session: &Session| bulk_create::preview(tx, session, &order);
        return call
            .preview(run, move |links, _, (created, preview)| {
                let effects = is_shown.then(|| SideEffects::of_draft(&preview, true));
                BulkPurchase::of(links, &created).with_preview(&preview).with_side_effects(effects)
            })
            .await;
    }
    let show = move |tx: &mut Tx<'_>, session: &Session, created: Created| {
        let effect = is_shown.then(|| bulk_create::effect(tx, session, &created)).transpose()?;
        Ok((created, effect))
    };
    let begin = move |tx: &mut Tx<'_>, session: &Session| {
        bulk_create::begin(tx, session, &order, disables_auto_post)?.try_map(|created| show(tx, session, created))
    };
    let end = move |tx: &mut Tx<'_>, session: &Session, collection: &Collection| {
        let created = bulk_create::end(tx, session, collection)?;
        show(tx, session, created)
    };
    call.collect(begin, end, |links, session, (created, effect)| {
        let effects = effect.map(|effect| SideEffects::of_effect(links, effect, WHOLE, session.now));
        BulkPurchase::of(links, &created).with_side_effects(effects)
    })
    .await
}

/// Charges of nothing are what was bought, too.
const WHOLE: View = View { zero_charges: true, groups: false, charges: true };

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = PurchaseId(call.id("id")?);
    let ask = move |tx: &mut Tx<'_>, session: &_| find::run(tx, session, id);
    call.question(ask, |links, _, purchase| Purchase::of(links, &purchase)).await
}

async fn delete(call: Call) -> Result<Response, ApiError> {
    let id = PurchaseId(call.id("id")?);
    call.command_without_answer(move |tx, session| delete::run(tx, session, id)).await
}

async fn finalize(call: Call) -> Result<Response, ApiError> {
    let is_preview = call.switch("preview")?;
    let disables_by_query = call.switch("temporarilyDisableAutoPost")?;
    let shows_effects = effects::are_asked_for(&call)?;
    let view = View { zero_charges: call.switch("showZeroDollarCharges")?, ..View::default() };
    let (order, disables_by_body) = call.parse(FinalizeRequest::parse)?;
    let disables_auto_post = disables_by_query || disables_by_body;
    if is_preview {
        let run = move |tx: &mut Tx<'_>, session: &Session| finalize::preview(tx, session, &order);
        return call
            .preview(run, move |_, _, preview| Finalized {
                invoice_preview: Some(InvoicePreview::of(&preview, view.zero_charges)),
                side_effects: shows_effects.then(|| SideEffects::of_draft(&preview, view.zero_charges)),
                ..Finalized::default()
            })
            .await;
    }
    let show = move |tx: &mut Tx<'_>, session: &Session, billed: Billed| {
        shows_effects.then(|| finalize::effect(tx, session, billed)).transpose()
    };
    let begin = move |tx: &mut Tx<'_>, session: &Session| {
        finalize::begin(tx, session, &order, disables_auto_post)?.try_map(|billed| show(tx, session, billed))
    };
    let end =
        move |tx: &mut Tx<'_>, session: &Session, collection: &Collection| show(tx, session, collect::end(collection)?);
    call.collect(begin, end, move |links, session, effect| Finalized {
        side_effects: effect.map(|effect| SideEffects::of_effect(links, effect, view, session.now)),
        ..Finalized::default()
    })
    .await
}

async fn cancel(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(CancelRequest::parse)?;
    call.command_without_answer(move |tx, session| cancel::run(tx, session, &order)).await
}

async fn list_of_customer(call: Call) -> Result<Response, ApiError> {
    let customer = CustomerId(call.id("customerId")?);
    call.list(
        move |tx, session, page| list::run(tx, session, customer, page),
        |links, _, purchase| Purchase::of(links, &purchase),
    )
    .await
}
