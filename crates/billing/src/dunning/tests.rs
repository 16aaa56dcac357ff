//! When what is collected, by table.

use super::*;

const CUSTOMER: CustomerId = CustomerId(7);

fn day(number: i32) -> Date {
    calendar::date_from_days(number)
}

fn of(units: i64) -> Amount {
    Amount::from_millionths(units)
}

fn rules() -> Rules {
    Rules { takes_all: false, retry_days: vec![1, 3, 5], recharge: None }
}

fn part(invoice: i64, amount: i64) -> Allocation {
    Allocation { invoice: InvoiceId(invoice), amount: of(amount) }
}

/// Two overdue invoices, of one of which something is not due yet, and a third that is not due at all.
fn debts() -> Debts {
    let due = |schedule, invoice, due| Due { schedule, invoice: InvoiceId(invoice), due: of(due) };
    Debts {
        due: vec![due(21, 12, 5), due(22, 11, 10)],
        open: vec![part(11, 10), part(12, 9), part(13, 30)],
        in_advance: of(-49),
    }
}

fn tried(subject: i64, count: i64, next_on: Option<i32>, last: ActivityStatus) -> Tried {
    Tried { subject, attempt_count: count, first_on: day(100), next_on: next_on.map(day), last }
}

fn next(rules: &Rules, debts: &Debts, before: &[Tried], today: i32) -> Option<Attempt> {
    rules.next(CUSTOMER, debts, before, day(today)).unwrap()
}

#[test]
fn the_earliest_is_first_and_each_has_its_own_days() {
    use ActivityStatus::{Failed, Successful};
    let first = next(&rules(), &debts(), &[], 100).unwrap();
    let expected = Attempt {
        subject: 21,
        amount: of(5),
        invoices: vec![part(12, 5)],
        number: 1,
        first_on: day(100),
        next_on: Some(day(101)),
    };
    assert_eq!(first, expected);
    let subject = |before: &[Tried], today| next(&rules(), &debts(), before, today).map(|attempt| attempt.subject);
    let failed = tried(21, 1, Some(101), Failed);
    assert_eq!(subject(&[failed], 100), Some(22), "not again on the same day");
    let both = [failed, tried(22, 1, Some(101), Failed)];
    assert_eq!((subject(&both, 100), subject(&both, 101)), (None, Some(21)));
    let taken = [tried(21, 1, Some(101), Successful), tried(22, 4, None, Failed)];
    assert_eq!(subject(&taken, 300), None, "one was collected and the other given up");
}

#[test]
fn retries_end_and_missed_ones_are_not_caught_up() {
    let retry = |count, next_on, today| {
        let before =
            [tried(21, count, Some(next_on), ActivityStatus::Failed), tried(22, 9, None, ActivityStatus::Failed)];
        next(&rules(), &debts(), &before, today).map(|attempt| (attempt.number, attempt.next_on))
    };
    assert_eq!(retry(1, 101, 101), Some((2, Some(day(103)))));
    assert_eq!(retry(2, 103, 103), Some((3, Some(day(105)))));
    assert_eq!(retry(3, 105, 105), Some((4, None)));
    assert_eq!(retry(1, 101, 104), Some((2, Some(day(105)))), "three days late");
    assert_eq!(retry(1, 101, 200), Some((2, None)));
    let exempt = Rules { retry_days: vec![], ..rules() };
    assert_eq!(next(&exempt, &debts(), &[], 100).unwrap().next_on, None);
}

#[test]
fn nothing_is_collected_while_nobody_knows_what_became_of_an_attempt() {
    for subject in [21, 99] {
        let before = [tried(subject, 1, Some(101), ActivityStatus::Unknown)];
        assert_eq!(next(&rules(), &debts(), &before, 200), None);
    }
}

#[test]
fn everything_that_is_owed_is_taken_where_that_is_asked_for() {
    let rules = Rules { takes_all: true, ..rules() };
    let attempt = next(&rules, &debts(), &[], 100).unwrap();
    assert_eq!((attempt.subject, attempt.amount), (21, of(49)));
    assert_eq!(attempt.invoices, [part(12, 9), part(11, 10), part(13, 30)]);
}

#[test]
fn low_funds_are_brought_back_once_nothing_is_due() {
    use ActivityStatus::{Failed, Successful};
    let rules = Rules { recharge: Some((of(20), of(50))), ..rules() };
    let with = |in_advance| Debts { due: vec![], open: vec![], in_advance: of(in_advance) };
    let amount = |debts: &Debts, before: &[Tried]| {
        next(&rules, debts, before, 100).map(|attempt| (attempt.subject, attempt.amount, attempt.number))
    };
    assert_eq!(amount(&with(20), &[]), None);
    assert_eq!(amount(&with(19), &[]), Some((CUSTOMER.0, of(31), 1)));
    assert_eq!(amount(&with(-5), &[]), Some((CUSTOMER.0, of(55), 1)));
    assert_eq!(amount(&with(0), &[tried(7, 2, Some(101), Failed)]), None);
    assert_eq!(amount(&with(0), &[tried(7, 2, Some(100), Failed)]), Some((CUSTOMER.0, of(50), 3)));
    assert_eq!(amount(&with(0), &[tried(7, 2, None, Successful)]), Some((CUSTOMER.0, of(50), 1)), "low again");
    assert_eq!(amount(&debts(), &[]).unwrap().0, 21, "what is due comes first");
    let small = Rules { recharge: Some((of(20), of(5))), ..rules.clone() };
    assert_eq!(next(&small, &with(10), &[], 100), None, "a target below what is there asks for nothing");
}

#[test]
fn whose_debts_are_collected() {
    use CustomerStatus::{Active, Cancelled, Draft, Hold, Suspended};
    let account = CollectionSetting { auto_collect: true, ..CollectionSetting::default() };
    let own = BillingSetting::default();
    let rules = |status| Rules::of(status, &own, &account);
    assert_eq!(
        [Draft, Active, Hold, Suspended, Cancelled].map(|status| rules(status).is_some()),
        [false, true, true, true, false]
    );
    let refuses = BillingSetting { auto_collect: Some(false), ..BillingSetting::default() };
    assert_eq!(Rules::of(Active, &refuses, &account), None);
    assert_eq!(Rules::of(Active, &own, &CollectionSetting::default()), None);
    let exempt = BillingSetting { dunning_exempt: Some(true), ..BillingSetting::default() };
    assert_eq!(Rules::of(Active, &exempt, &account).unwrap().retry_days, Vec::<i64>::new());
    let topped_up = BillingSetting {
        auto_collect_setting_type: Some(AutoCollectSettingType::Threshold),
        recharge_threshold_amount: Some(of(1)),
        recharge_target_amount: Some(of(2)),
        ..BillingSetting::default()
    };
    assert_eq!(Rules::of(Active, &topped_up, &account).unwrap().recharge, Some((of(1), of(2))));
    let other =
        BillingSetting { auto_collect_setting_type: Some(AutoCollectSettingType::OutstandingBalance), ..topped_up };
    let rules = Rules::of(Active, &other, &account).unwrap();
    assert_eq!((rules.takes_all, rules.recharge), (true, None));
}
