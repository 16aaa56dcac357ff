//! How a collection ends: what invoices get, who may speak of it, and what the caller reads.

use billing::{
    collection::{Collection, CollectionPurpose, CollectionState, End, Moved, Plan, Via},
    dunning::{Debts, Due, Rules, Tried},
    id::{CustomerId, GatewayId, InvoiceId, PaymentActivityId},
    payment::{Allocation, OpenInvoice, PaymentMethod, PaymentSource},
    payment_activity::ActivityStatus,
    refusal::Refusal,
};
use calendar::{Instant, date_from_days};
use money::{Amount, Currency};

const ACTIVITY: PaymentActivityId = PaymentActivityId(9);

fn collection(state: CollectionState, end: Option<End>, tolerates_failure: bool) -> Collection {
    Collection {
        activity: ACTIVITY,
        customer: CustomerId(7),
        state,
        key: "key".to_owned(),
        via: Via { gateway: GatewayId(1), stored: None, becomes_default: false, is_new: false },
        source: PaymentSource::Manual,
        method: PaymentMethod::CreditCard,
        amount: Amount::ONE,
        currency: Currency::USD,
        plan: Plan { tolerates_failure, ..Plan::new(CollectionPurpose::Pay) },
        attempt: 1,
        end,
    }
}

/// Moved, stranded, failed.
fn ends() -> [End; 3] {
    let moved = || Moved { transaction: "ch_1".to_owned(), authorization: None };
    let text = || "Your card was declined.".to_owned();
    [End::Moved(moved()), End::Stranded(moved(), text()), End::Failed(text())]
}

#[test]
fn a_person_speaks_when_nobody_else_can() {
    use CollectionState::{Calling, Ended, Unclear};
    let may = |state, is_abandoned| collection(state, None, false).may_be_resolved(is_abandoned);
    assert_eq!([may(Unclear, false), may(Unclear, true), may(Calling, true)], [Ok(()), Ok(()), Ok(())]);
    assert_eq!(may(Calling, false), Err(Refusal::Collecting(ACTIVITY)));
    let known = ends().map(|end| collection(Ended, Some(end), false).may_be_resolved(true));
    let refused = |status| Err(Refusal::ActivityNotUnknown(ACTIVITY, status));
    let (successful, failed) = (ActivityStatus::Successful, ActivityStatus::Failed);
    assert_eq!(known, [refused(successful), refused(successful), refused(failed)]);
}

#[test]
fn a_failure_may_be_tolerated_and_money_without_its_invoice_is_always_told() {
    let told = |tolerates| ends().map(|end| collection(CollectionState::Ended, Some(end), tolerates).complaints());
    let [moved, stranded, failed] = told(false);
    let nothing = Vec::<String>::new;
    assert_eq!((moved, failed), (nothing(), vec!["Your card was declined.".to_owned()]));
    assert!(matches!(&stranded[..], [text] if text.contains("see payment activity 9")), "{stranded:?}");
    assert_eq!(told(true), [nothing(), stranded, nothing()]);
    assert_eq!(collection(CollectionState::Unclear, None, false).complaints(), nothing());
}

#[test]
fn only_what_is_not_posted_yet_is_reserved() {
    use CollectionPurpose::{Finalize, Pay, PostDrafts, Refund};
    let reserves = [Pay, Finalize, PostDrafts, Refund].map(|purpose| Plan::new(purpose).reserves());
    assert_eq!(reserves, [false, true, true, false]);
}

#[test]
fn an_invoice_gets_no_more_than_was_planned() {
    let part = Allocation { invoice: InvoiceId(1), amount: Amount::ONE };
    let three = Amount::parse("3").unwrap();
    let open = [OpenInvoice { id: InvoiceId(1), outstanding: three, posted_at: Instant::from_millis(0) }];
    let plan = Plan { allocations: vec![part], ..Plan::new(CollectionPurpose::Pay) };
    let split = plan.split(three, &open).unwrap();
    assert_eq!((split.allocations, split.unallocated), (vec![part], Amount::parse("2").unwrap()));
}

#[test]
fn nothing_is_topped_up_while_something_is_due_that_cannot_be_had() {
    let (today, customer) = (date_from_days(100), CustomerId(7));
    let target = Amount::parse("50").unwrap();
    let rules = Rules { takes_all: false, retry_days: Vec::new(), recharge: Some((Amount::ONE, target)) };
    let due = Due { schedule: 21, invoice: InvoiceId(1), due: Amount::ONE };
    let last = ActivityStatus::Failed;
    let given_up = Tried { subject: 21, attempt_count: 4, first_on: date_from_days(90), next_on: None, last };
    let next = |due| {
        let debts = Debts { due, open: Vec::new(), in_advance: Amount::ZERO };
        rules.next(customer, &debts, &[given_up], today).unwrap().map(|attempt| attempt.amount)
    };
    assert_eq!([next(vec![due]), next(Vec::new())], [None, Some(target)]);
}
