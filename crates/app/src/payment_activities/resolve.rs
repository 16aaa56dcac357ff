//! Settle an attempt of which nobody knows how it ended.

use billing::{
    account::Session, id::PaymentActivityId, payment_activity::ActivityStatus, payment_activity::PaymentActivity,
    refusal::Refusal,
};
use db::Tx;

use crate::Error;

/// The attempt, if it is to be settled: one whose end is known is refused (receivables.md §6).
pub fn run(tx: &mut Tx<'_>, session: &Session, id: PaymentActivityId) -> Result<PaymentActivity, Error> {
    let activity = super::find::run(tx, session, id)?;
    match activity.status {
        ActivityStatus::Successful | ActivityStatus::Failed => {
            Err(Refusal::ActivityNotUnknown(id, activity.status).into())
        }
        // Only a gateway leaves an attempt without an end.
        ActivityStatus::Unknown => {
            Err(Refusal::NotSupported("Resolving a payment needs a payment gateway, and none is configured.").into())
        }
    }
}
