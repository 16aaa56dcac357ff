//! The outcome: what the gateway said is recorded, and what was to follow is done.

use billing::{
    account::Session,
    collection::{Collection, CollectionPurpose, CollectionState, End, Plan},
    event::{Event, EventType},
    id::{AccountId, InvoiceId, PaymentActivityId},
};
use db::Tx;
use gateway::Settled;

use super::{
    COLLECT,
    call::{Known, moved},
    intent::owed_after_funds,
    returns, source,
};
use crate::{App, Error, bulk::late, customers::activate, invoices::post_ready, payments, purchases::collect, refunds};

/// Records what is known of a collection. One that has ended stays as it is, unless the gateway knows better.
pub(super) async fn record(
    app: &App,
    account: AccountId,
    activity: PaymentActivityId,
    known: Known,
) -> Result<Collection, Error> {
    let clock = app.clock();
    let unit = move |tx: &mut Tx<'_>| {
        let session = App::own_session(tx, account, clock.now())?;
        apply(tx, &session, activity, &known)
    };
    app.db().write_for(account.0, unit).await
}

/// The same, in a transaction of the caller's.
pub(super) fn apply(
    tx: &mut Tx<'_>,
    session: &Session,
    activity: PaymentActivityId,
    known: &Known,
) -> Result<Collection, Error> {
    let account = session.account.id;
    if known.is_ok() {
        // Tasks come before the customer in the order of locks.
        jobs::remove(tx, COLLECT, activity.0)?;
        late::hasten(tx, account, activity, session.now)?;
    }
    let customer = find(tx, session, activity)?.customer;
    store::customer::lock(tx, account, customer)?.ok_or(Error::not_found("Customer", customer.0))?;
    let collection = find(tx, session, activity)?;
    if collection.state == CollectionState::Ended {
        late(tx, session, &collection, known)?;
        return find(tx, session, activity);
    }
    let end = match known {
        Err(text) => {
            store::collection::set_unclear(tx, account, activity, text)?;
            return find(tx, session, activity);
        }
        Ok(Settled::Failed { text }) => {
            store::collection::release(tx, account, activity)?;
            source::after_failure(tx, session, &collection)?;
            tell(tx, session, &collection, EventType::PaymentFailed)?;
            End::Failed(text.clone())
        }
        Ok(Settled::Moved(receipt)) => {
            store::collection::release(tx, account, activity)?;
            source::after_success(tx, session, &collection)?;
            let moved = moved(receipt);
            returns::watch(tx, session, &collection)?;
            // What follows finds a collection that has ended.
            store::collection::end(tx, account, activity, &End::Moved(moved.clone()), session.now)?;
            match tx.savepoint(|tx| follow_up(tx, session, &collection)) {
                Ok(()) => End::Moved(moved),
                Err(error) if error.is_lasting() && collection.plan.refunds.is_none() => {
                    tracing::error!(%activity, %error, "money was collected, and what it was for is not possible any more");
                    payments::collect::received(tx, session, &collection, &Plan::new(CollectionPurpose::Pay))?;
                    End::Stranded(moved, error.outward())
                }
                Err(error) => return Err(error),
            }
        }
    };
    store::collection::end(tx, account, activity, &end, session.now)?;
    find(tx, session, activity)
}

/// What the gateway says of a collection that has ended, by a person's word as a rule. Money that moved all the same is
/// recorded: what was taken is available funds. What did not move is a person's affair.
fn late(tx: &mut Tx<'_>, session: &Session, collection: &Collection, known: &Known) -> Result<(), Error> {
    let activity = collection.activity;
    match (&collection.end, known) {
        (Some(End::Failed(_)), Ok(Settled::Moved(receipt))) => {
            let end = if collection.plan.refunds.is_some() {
                End::Moved(moved(receipt))
            } else {
                End::Stranded(moved(receipt), "It was recorded as failed before.".to_owned())
            };
            tracing::error!(%activity, "money moved that was recorded as not moved");
            tx.savepoint(|tx| {
                store::collection::end(tx, session.account.id, activity, &end, session.now)?;
                returns::watch(tx, session, collection)?;
                match collection.plan.refunds {
                    Some(_) => refunds::collect::given_back(tx, session, collection),
                    None => payments::collect::received(tx, session, collection, &Plan::new(CollectionPurpose::Pay)),
                }
            })
            .or_else(|error| {
                if !error.is_lasting() {
                    return Err(error);
                }
                tracing::error!(%activity, %error, "it cannot be recorded any more");
                Ok(())
            })
        }
        (Some(End::Moved(_) | End::Stranded(..)), Ok(Settled::Failed { text })) => {
            tracing::error!(%activity, text, "money was recorded as moved of which the gateway knows nothing, or not any more");
            Ok(())
        }
        (Some(End::Moved(_) | End::Stranded(..)), Ok(Settled::Moved(_)))
        | (Some(End::Failed(_)), Ok(Settled::Failed { .. }))
        | (_, Err(_))
        | (None, _) => Ok(()),
    }
}

/// Does what was to follow when the money moved.
fn follow_up(tx: &mut Tx<'_>, session: &Session, collection: &Collection) -> Result<(), Error> {
    let Collection { customer, plan, .. } = collection;
    let invoices = match plan.purpose {
        CollectionPurpose::Pay => return payments::collect::received(tx, session, collection, plan),
        CollectionPurpose::Refund => return refunds::collect::given_back(tx, session, collection),
        CollectionPurpose::Finalize => {
            if plan.activates_customer {
                activate::open(tx, session, *customer)?;
            }
            vec![collect::paid(tx, session, *customer, &plan.purchases)?]
        }
        CollectionPurpose::PostDrafts => post_ready::post_all(tx, session, *customer, &plan.drafts)?,
    };
    pay(tx, session, collection, &invoices)
}

/// Gives the money to invoices that were posted with it.
fn pay(tx: &mut Tx<'_>, session: &Session, collection: &Collection, invoices: &[InvoiceId]) -> Result<(), Error> {
    let Collection { activity, customer, plan, .. } = collection;
    let owed = owed_after_funds(tx, session, *customer, invoices, plan.uses_funds_first)?;
    store::collection::set_invoices(tx, session.account.id, *activity, &owed)?;
    let plan = Plan { allocations: owed, ..plan.clone() };
    payments::collect::received(tx, session, collection, &plan)
}

fn find(tx: &mut Tx<'_>, session: &Session, activity: PaymentActivityId) -> Result<Collection, Error> {
    let found = store::collection::find(tx, session.account.id, activity)?;
    found.ok_or(Error::not_found("PaymentActivity", activity.0))
}

fn tell(tx: &mut Tx<'_>, session: &Session, collection: &Collection, event_type: EventType) -> Result<(), Error> {
    let event = Event { event_type, customer: Some(collection.customer), subject_id: collection.activity.0 };
    Ok(store::event::insert(tx, session.account.id, &[event], session.now)?)
}
