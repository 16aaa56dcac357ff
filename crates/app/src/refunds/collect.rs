//! Give money back the way it came: through the payment gateway that took it.

use billing::{
    account::Session,
    collection::{Collection, CollectionPurpose, End, Plan, Via},
    id::{PaymentActivityId, RefundId},
    payment::PaymentSource,
    payment_activity::Outcome,
    refund::{Refund, RefundMethod, RefundOrder},
    refusal::Refusal,
};
use db::Tx;

use super::create::{self, Judged, judge, post};
use crate::{
    Error,
    allocations::left_of,
    books::Books,
    collection::{self, Asked, Chosen, Intent, Started},
};

/// Refunds a payment, or begins to: what came through a gateway goes back through it, unless the caller says that it went
/// back another way (receivables.md §7).
pub fn begin(tx: &mut Tx<'_>, session: &Session, order: &RefundOrder) -> Result<Started<Refund>, Error> {
    let payment = crate::payments::find::run(tx, session, order.payment)?;
    if order.method != RefundMethod::PaymentMethod || payment.method.is_recorded_only() {
        return create::run(tx, session, order).map(Started::Done);
    }
    let Judged { payment, .. } = judge(tx, session, order)?;
    let taken = store::collection::find_of_payment(tx, session.account.id, payment.id)?;
    let taken = taken.ok_or(Refusal::NotThroughGateway(payment.id))?;
    let charge = taken.end.as_ref().and_then(End::transaction);
    let charge = charge.ok_or_else(|| Error::defect("a payment came from a collection that failed"))?.to_owned();
    let activity = store::payment_activity::find(tx, session.account.id, taken.activity)?;
    let activity = activity.ok_or_else(|| Error::defect("a collection has no activity"))?;
    let chosen = Chosen {
        via: Via { stored: None, becomes_default: false, is_new: false, ..taken.via },
        method: payment.method,
        shown: store::collection::Shown {
            label: activity.method_label,
            gateway: activity.gateway_name.unwrap_or_default(),
        },
        asked: Asked::Charge(charge),
    };
    let plan = Plan {
        allocations: order.allocations.clone(),
        refunds: Some(payment.id),
        reference: order.reference.clone(),
        effective_at: order.effective_at,
        ..Plan::new(CollectionPurpose::Refund)
    };
    let intent = Intent {
        customer: payment.customer,
        amount: order.amount,
        currency: payment.currency,
        source: PaymentSource::Manual,
        attempt: 1,
        chosen,
        plan,
    };
    let activity = PaymentActivityId(tx.next_id()?);
    Ok(Started::Collects(collection::begin(tx, session, activity, intent)?))
}

/// The refund that a collection brought.
pub fn end(tx: &mut Tx<'_>, session: &Session, collection: &Collection) -> Result<Refund, Error> {
    let activity = crate::payment_activities::find::run(tx, session, collection.activity)?;
    match activity.outcome {
        Some(Outcome::Refund(refund)) => Ok(refund),
        Some(Outcome::Payment(_)) | None => Err(Error::defect("a refund that succeeded is not there")),
    }
}

/// Records money that went back. Where invoices do not have of the payment what was asked of them any more, it is taken from
/// wherever the payment is.
pub(crate) fn given_back(tx: &mut Tx<'_>, session: &Session, collection: &Collection) -> Result<(), Error> {
    let Collection { plan, amount, .. } = collection;
    let id = plan.refunds.ok_or_else(|| Error::defect("a refund names no payment"))?;
    let mut books = Books::open(tx, session, collection.customer)?;
    let payment = crate::payments::find::run(tx, session, id)?;
    let left = left_of(payment.refundable, payment.unallocated, &payment.allocations);
    let (unallocated, allocations) = left.take_anyhow(*amount, &plan.allocations)?;
    let refund = Refund {
        id: RefundId(tx.next_id()?),
        activity: collection.activity,
        payment: id,
        original_activity: payment.activity,
        customer: collection.customer,
        method: collection.method,
        amount: *amount,
        currency: collection.currency,
        reference: plan.reference.clone(),
        effective_at: plan.effective_at.unwrap_or(session.now),
        is_return: false,
        allocations: Vec::new(),
    };
    store::refund::insert_collected(tx, session.account.id, &refund, &allocations, unallocated, session.now)?;
    post(tx, session, &mut books, &refund, &allocations)?;
    books.close(tx)
}
