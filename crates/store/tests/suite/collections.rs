//! Attempts to move money through a gateway.

use billing::{
    collection::{Collection, CollectionPurpose, CollectionState, End, Moved, Plan, Via},
    dunning::Attempt,
    id::{GatewayId, PaymentActivityId, PaymentId, PaymentMethodId, RefundId},
    payment::{AllocateOrder, Allocation, Payment, PaymentMethod, PaymentSource},
    payment_activity::{ActivityStatus, ActivityType},
    refund::Refund,
};
use db::{Error, Tx};
use money::{Amount, Currency};
use store::{
    collection::{self, Shown},
    draft_invoice, dunning, payment, payment_activity, purchase, refund, verify,
};

use crate::{
    draft_invoices::{DRAFT, add_draft},
    sales::{CUSTOMER, INVOICE, PURCHASE, add_invoice},
    world::{ELSEWHERE, HERE, amount, day, each_store, later, now, some},
};

pub(crate) const ACTIVITY: PaymentActivityId = PaymentActivityId(95);

/// An attempt with everything that one can have.
pub(crate) fn collection(purpose: CollectionPurpose) -> Collection {
    Collection {
        activity: ACTIVITY,
        customer: CUSTOMER,
        state: CollectionState::Calling,
        key: "key".to_owned(),
        via: Via { gateway: GatewayId(96), stored: Some(PaymentMethodId(97)), becomes_default: true, is_new: true },
        source: PaymentSource::Manual,
        method: PaymentMethod::CreditCard,
        amount: amount("14.3"),
        currency: Currency::USD,
        plan: Plan {
            allocations: vec![Allocation { invoice: INVOICE, amount: amount("14.3") }],
            auto_allocate: Some(AllocateOrder::NewestToOldest),
            purchases: vec![PURCHASE],
            drafts: vec![],
            activates_customer: true,
            uses_funds_first: true,
            tolerates_failure: true,
            reference: some("R"),
            reference_date: Some(day("2024-01-14")),
            effective_at: Some(now()),
            ..Plan::new(purpose)
        },
        attempt: 2,
        end: None,
    }
}

pub(crate) fn add(tx: &mut Tx<'_>, stored: &Collection) -> Result<(), Error> {
    let shown = Shown { label: some("Visa ending in 1111"), gateway: "Test".to_owned() };
    collection::insert(tx, HERE, stored, &shown, now())
}

fn moved() -> Moved {
    Moved { transaction: "charge".to_owned(), authorization: some("code") }
}

#[tokio::test]
async fn an_attempt_is_open_until_its_end_is_known() {
    each_store(|tx| {
        add_invoice(tx)?;
        let stored = collection(CollectionPurpose::Pay);
        add(tx, &stored)?;
        assert_eq!(collection::find(tx, HERE, ACTIVITY)?.as_ref(), Some(&stored));
        assert_eq!(collection::find(tx, ELSEWHERE, ACTIVITY)?, None);
        assert_eq!(collection::find_open(tx, HERE, CUSTOMER)?.as_ref(), Some(&stored));
        assert_eq!((collection::count_open(tx, HERE)?, collection::count_open(tx, ELSEWHERE)?), (1, 0));
        let method = PaymentMethodId(97);
        assert_eq!(collection::find_open_with(tx, HERE, method)?, Some(ACTIVITY));
        assert_eq!(collection::find_open_with(tx, HERE, PaymentMethodId(98))?, None);
        assert_eq!(collection::find_open_with(tx, ELSEWHERE, method)?, None);
        assert_eq!(collection::find_open_beside(tx, HERE, &stored.key)?, Some(ACTIVITY));
        assert_eq!(collection::find_open_beside(tx, HERE, "another")?, None);
        assert_eq!(collection::find_open_beside(tx, ELSEWHERE, &stored.key)?, None);
        let activity = payment_activity::find(tx, HERE, ACTIVITY)?.unwrap();
        assert_eq!((activity.status, activity.activity_type), (ActivityStatus::Unknown, ActivityType::Collect));
        assert_eq!((activity.method_label, activity.gateway_name), (some("Visa ending in 1111"), some("Test")));

        collection::set_unclear(tx, HERE, ACTIVITY, "No answer.")?;
        let unclear = collection::find_open(tx, HERE, CUSTOMER)?.unwrap();
        assert_eq!((unclear.state, unclear.end), (CollectionState::Unclear, None));
        assert_eq!(payment_activity::find(tx, HERE, ACTIVITY)?.unwrap().gateway_text, some("No answer."));

        let two = tx.savepoint(|tx| add(tx, &Collection { activity: PaymentActivityId(98), ..stored.clone() }));
        assert!(matches!(two, Err(Error::Conflict(_))), "{two:?}");

        collection::end(tx, HERE, ACTIVITY, &End::Failed("Declined.".to_owned()), later())?;
        let ended = collection::find(tx, HERE, ACTIVITY)?.unwrap();
        assert_eq!((ended.state, ended.end), (CollectionState::Ended, Some(End::Failed("Declined.".to_owned()))));
        assert_eq!(collection::find_open(tx, HERE, CUSTOMER)?, None);
        assert_eq!(collection::find_open_with(tx, HERE, method)?, None);
        assert_eq!(collection::find_open_beside(tx, HERE, &stored.key)?, None);
        let mut seen = Vec::new();
        verify::each_collection(tx, HERE, |stored| {
            seen.push((stored.id, stored.status.to_owned(), stored.state.map(str::to_owned), stored.brought));
            assert!(!stored.has_transaction);
        })?;
        assert_eq!(seen, [(ACTIVITY.0, "Failed".to_owned(), some("Ended"), None)]);
        verify::each_collection(tx, ELSEWHERE, |stored| panic!("{stored:?}"))?;
        let activity = payment_activity::find(tx, HERE, ACTIVITY)?.unwrap();
        assert_eq!((activity.status, activity.gateway_text), (ActivityStatus::Failed, some("Declined.")));

        let next = PaymentActivityId(98);
        add(tx, &Collection { activity: next, key: "next".to_owned(), ..stored.clone() })?;
        assert_eq!(collection::find_open_beside(tx, HERE, &stored.key)?, None, "on its way to the gateway");
        assert_eq!(collection::find_open_beside(tx, HERE, "next")?, Some(next));
        collection::set_unclear(tx, HERE, next, "No answer.")?;
        assert_eq!(collection::find_open_beside(tx, HERE, &stored.key)?, Some(next));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_being_paid_for_is_reserved() {
    each_store(|tx| {
        add_draft(tx)?;
        let plan = Plan { drafts: vec![DRAFT], allocations: vec![], ..collection(CollectionPurpose::PostDrafts).plan };
        let stored = Collection { plan, ..collection(CollectionPurpose::PostDrafts) };
        add(tx, &stored)?;
        let reserved = |tx: &mut Tx<'_>| {
            let purchase = purchase::find(tx, HERE, PURCHASE)?.unwrap().reserved_by;
            Ok::<_, Error>((purchase, draft_invoice::find(tx, HERE, DRAFT)?.unwrap().reserved_by))
        };
        assert_eq!(reserved(tx)?, (Some(ACTIVITY), Some(ACTIVITY)));
        collection::release(tx, ELSEWHERE, ACTIVITY)?;
        assert_eq!(reserved(tx)?, (Some(ACTIVITY), Some(ACTIVITY)));
        collection::release(tx, HERE, ACTIVITY)?;
        assert_eq!(reserved(tx)?, (None, None));
        assert_eq!(collection::find(tx, HERE, ACTIVITY)?.as_ref(), Some(&stored));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn money_that_moved_has_its_attempt() {
    each_store(|tx| {
        add_invoice(tx)?;
        add(tx, &Collection { plan: Plan::new(CollectionPurpose::Pay), ..collection(CollectionPurpose::Pay) })?;
        let received = received();
        payment::insert_collected(tx, HERE, &received, &[], later())?;
        collection::set_invoices(tx, HERE, ACTIVITY, &[Allocation { invoice: INVOICE, amount: Amount::ZERO }])?;
        collection::end(tx, HERE, ACTIVITY, &End::Stranded(moved(), "Gone.".to_owned()), later())?;
        let found = collection::find_of_payment(tx, HERE, received.id)?.unwrap();
        assert_eq!(found.end, Some(End::Stranded(moved(), "Gone.".to_owned())));
        assert_eq!(found.plan.allocations, [Allocation { invoice: INVOICE, amount: Amount::ZERO }]);
        assert_eq!(collection::find_of_payment(tx, ELSEWHERE, received.id)?, None);
        assert_eq!(payment::find(tx, HERE, received.id)?.as_ref(), Some(&received));

        let plan = Plan { refunds: Some(received.id), ..Plan::new(CollectionPurpose::Refund) };
        let back = PaymentActivityId(98);
        let taken = found.via.clone();
        let giving = Collection { activity: back, key: "back".to_owned(), plan, ..found };
        add(tx, &Collection { state: CollectionState::Calling, end: None, ..giving })?;
        let given = given_back(back);
        refund::insert_collected(tx, HERE, &given, &[], given.amount, later())?;
        collection::end(tx, HERE, back, &End::Moved(moved()), later())?;
        assert_eq!(collection::find(tx, HERE, back)?.unwrap().end, Some(End::Moved(moved())));
        assert_eq!(refund::find(tx, HERE, given.id)?.as_ref(), Some(&given));
        let activity = payment_activity::find(tx, HERE, back)?.unwrap();
        assert_eq!((activity.activity_type, activity.status), (ActivityType::Refund, ActivityStatus::Successful));
        let gateway = taken.gateway;
        assert_eq!(collection::find_of_transaction(tx, HERE, gateway, "charge")?, Some(ACTIVITY));
        assert_eq!(collection::find_of_transaction(tx, HERE, GatewayId(1), "charge")?, None);
        assert_eq!(collection::find_of_transaction(tx, ELSEWHERE, gateway, "charge")?, None);
        assert_eq!(collection::list_last_transactions(tx, HERE, gateway, 5)?, ["charge"]);
        assert_eq!(collection::list_last_transactions(tx, HERE, gateway, 0)?, Vec::<String>::new());
        assert_eq!(collection::list_last_transactions(tx, ELSEWHERE, gateway, 5)?, Vec::<String>::new());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_a_bank_takes_back_is_an_attempt_that_failed() {
    each_store(|tx| {
        add_invoice(tx)?;
        add(tx, &Collection { plan: Plan::new(CollectionPurpose::Pay), ..collection(CollectionPurpose::Pay) })?;
        payment::insert_collected(tx, HERE, &received(), &[], later())?;
        collection::end(tx, HERE, ACTIVITY, &End::Moved(moved()), later())?;
        let tried = Attempt {
            subject: 41,
            amount: amount("14.3"),
            invoices: vec![],
            number: 1,
            first_on: day("2024-01-16"),
            next_on: None,
        };
        dunning::record(tx, HERE, CUSTOMER, &tried, ACTIVITY)?;
        assert_eq!(dunning::tried(tx, HERE, CUSTOMER)?[0].last, ActivityStatus::Successful);

        let back = Refund { amount: amount("14.3"), is_return: true, ..given_back(PaymentActivityId(98)) };
        refund::insert_returned(tx, HERE, &back, &[], back.amount, "No funds.", later())?;
        assert_eq!(refund::find(tx, HERE, back.id)?.as_ref(), Some(&back));
        assert_eq!(payment::find(tx, HERE, received().id)?.unwrap().refundable, Amount::ZERO);
        let activity = payment_activity::find(tx, HERE, back.activity)?.unwrap();
        assert_eq!((activity.activity_type, activity.status), (ActivityType::Nsf, ActivityStatus::Failed));
        assert_eq!((activity.source, activity.method), (PaymentSource::Automatic, PaymentMethod::CreditCard));
        let told = (activity.method_label, activity.gateway_name, activity.gateway_text);
        assert_eq!(told, (some("Visa ending in 1111"), some("Test"), some("No funds.")));
        assert_eq!(dunning::tried(tx, HERE, CUSTOMER)?[0].last, ActivityStatus::Failed);
        Ok(())
    })
    .await;
}

fn received() -> Payment {
    Payment {
        id: PaymentId(80),
        activity: ACTIVITY,
        customer: CUSTOMER,
        source: PaymentSource::Manual,
        method: PaymentMethod::CreditCard,
        amount: amount("14.3"),
        currency: Currency::USD,
        reference: None,
        reference_date: None,
        effective_at: later(),
        unallocated: amount("14.3"),
        refundable: amount("14.3"),
        allocations: vec![],
        refunds: vec![],
    }
}

fn given_back(activity: PaymentActivityId) -> Refund {
    Refund {
        id: RefundId(82),
        activity,
        payment: PaymentId(80),
        original_activity: ACTIVITY,
        customer: CUSTOMER,
        method: PaymentMethod::CreditCard,
        amount: amount("4.3"),
        currency: Currency::USD,
        reference: None,
        effective_at: later(),
        is_return: false,
        allocations: vec![],
    }
}
