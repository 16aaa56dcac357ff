//! What is due of customers, and what was tried.

use billing::{
    dunning::{Attempt, Due, Tried},
    id::PaymentActivityId,
    payment_activity::ActivityStatus,
};
use store::{dunning, invoice};

use crate::{
    sales::{CUSTOMER, INVOICE, add_invoice, add_payment},
    world::{ELSEWHERE, HERE, amount, day, each_store, later, now},
};

#[tokio::test]
async fn what_is_due_comes_by_instalment_with_what_is_due_of_its_invoice() {
    each_store(|tx| {
        add_invoice(tx)?;
        let schedules = invoice::schedules(tx, HERE, INVOICE)?;
        let due = |schedule, text| Due { schedule, invoice: INVOICE, due: amount(text) };
        let expected: Vec<_> = schedules.iter().map(|schedule| due(schedule.id, "14.3")).collect();
        assert_eq!(dunning::due(tx, HERE, CUSTOMER, later(), later())?, expected);
        assert_eq!(dunning::due(tx, HERE, CUSTOMER, later(), now())?, [], "posted today");
        assert_eq!(dunning::due(tx, HERE, CUSTOMER, now().plus_days(-9), later())?, [], "not due");
        assert_eq!(dunning::due(tx, ELSEWHERE, CUSTOMER, later(), later())?, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_was_tried_is_kept_by_its_last_attempt() {
    each_store(|tx| {
        add_invoice(tx)?;
        let activity = add_payment(tx)?.activity;
        let attempt = |number, next_on| Attempt {
            subject: 41,
            amount: amount("5"),
            invoices: vec![],
            number,
            first_on: day("2024-01-16"),
            next_on,
        };
        dunning::record(tx, HERE, CUSTOMER, &attempt(1, Some(day("2024-01-17"))), PaymentActivityId(1))?;
        assert_eq!(dunning::tried(tx, HERE, CUSTOMER)?, [], "there is no such activity");
        dunning::record(tx, HERE, CUSTOMER, &attempt(1, Some(day("2024-01-17"))), activity)?;
        let tried = |attempt_count, next_on| Tried {
            subject: 41,
            attempt_count,
            first_on: day("2024-01-16"),
            next_on,
            last: ActivityStatus::Successful,
        };
        assert_eq!(dunning::tried(tx, HERE, CUSTOMER)?, [tried(1, Some(day("2024-01-17")))]);
        dunning::record(tx, HERE, CUSTOMER, &attempt(2, None), activity)?;
        assert_eq!(dunning::tried(tx, HERE, CUSTOMER)?, [tried(2, None)]);
        assert_eq!(dunning::tried(tx, ELSEWHERE, CUSTOMER)?, []);
        Ok(())
    })
    .await;
}
