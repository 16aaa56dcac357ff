//! Invoices by where they stand, and what they owed at any time.

use std::collections::HashMap;

use billing::{
    allocation::{Allocated, Source},
    id::{CustomerId, InvoiceId, PaymentActivityId, PaymentId},
    invoice::{self as rules, Invoice, InvoiceStatus, PaymentSchedule, Totals},
    listing::{Clause, Condition, Direction, Operand, Page, Sort},
    named::Named,
    payment::{Allocation, Payment},
};
use calendar::Instant;
use db::{Error, Tx};
use money::Amount;
use store::{
    aging::{self, Asked},
    allocation,
    invoice::{self, Taken},
    payment,
};

use crate::{
    sales::{CUSTOMER, INVOICE, add_credit_note, add_invoice, add_payment},
    world::{ELSEWHERE, HERE, amount, assert_list, each_store, later, now},
};

/// Invoices of 10 in two instalments, which do not have their ids in the order in which they fall due, with every way of
/// taking from them; and one of nothing.
fn add_all_kinds(tx: &mut Tx<'_>, model: &Invoice) -> Result<Vec<i64>, Error> {
    let taken = |parts: [&str; 4]| parts.map(amount);
    let kinds = [
        taken(["0", "0", "0", "0"]),
        taken(["4", "0", "0", "0"]),
        taken(["6", "0", "0", "0"]),
        taken(["0", "7", "0", "0"]),
        taken(["0", "0", "6", "0"]),
        taken(["0", "0", "0", "6"]),
        taken(["10", "0", "0", "0"]),
        taken(["4", "6", "0", "0"]),
        taken(["4", "0", "6", "0"]),
        taken(["0", "0", "10", "0"]),
        taken(["0", "0", "4", "6"]),
        taken(["9", "0", "0", "1"]),
        taken(["0", "0", "0", "10"]),
    ];
    let mut ids = vec![INVOICE.0];
    for (index, [payments, credits, credit_notes, write_offs]) in (1i64..).zip(kinds) {
        let totals =
            Totals { subtotal: amount("10"), payments, credits, credit_notes, write_offs, ..Totals::default() };
        let all = Amount::sum([payments, credits, credit_notes, write_offs]).unwrap();
        ids.push(add(tx, model, index, totals, settled(instalments(), all))?);
    }
    let nothing = vec![PaymentSchedule { amount: Amount::ZERO, outstanding: Amount::ZERO, ..instalments().remove(0) }];
    ids.push(add(tx, model, 90, Totals::default(), nothing)?);
    Ok(ids)
}

fn instalments() -> Vec<PaymentSchedule> {
    let part = |id, due_at, text| PaymentSchedule {
        id,
        due_at,
        amount: amount(text),
        outstanding: amount(text),
        days_due_after_term: 0,
    };
    vec![part(1, later().plus_days(10), "4"), part(2, later(), "6")]
}

fn settled(mut schedules: Vec<PaymentSchedule>, taken: Amount) -> Vec<PaymentSchedule> {
    let changes: HashMap<_, _> = rules::settle(&schedules, taken).unwrap().into_iter().collect();
    for schedule in &mut schedules {
        schedule.outstanding = changes.get(&schedule.id).copied().unwrap_or(schedule.outstanding);
    }
    schedules
}

fn add(
    tx: &mut Tx<'_>,
    model: &Invoice,
    index: i64,
    totals: Totals,
    schedules: Vec<PaymentSchedule>,
) -> Result<i64, Error> {
    let (id, number) = (InvoiceId(1_000 + index), 1 + index);
    let bare = Invoice { charges: vec![], taxes: vec![], addresses: None, ..model.clone() };
    invoice::insert(tx, HERE, &Invoice { id, number, totals, schedules, ..bare })?;
    Ok(id.0)
}

fn only(field: &'static str, condition: Condition) -> Page {
    Page { conditions: vec![Clause { field, condition }], ..Page::default() }
}

#[tokio::test]
async fn the_database_knows_the_status_and_the_due_date_as_the_rules_do() {
    each_store(|tx| {
        let model = add_invoice(tx)?;
        let ids = add_all_kinds(tx, &model)?;
        let mut seen = HashMap::new();
        for days in [-1, 0, 5, 10, 11] {
            let at = later().plus_days(days);
            let whole = invoice::summary::list(tx, HERE, at, &Page::default())?;
            assert_eq!(whole.rows.iter().map(|row| row.id.0).collect::<Vec<_>>(), ids);
            for name in InvoiceStatus::NAMES {
                let asked = only("invoiceStatus", Condition::In(vec![Operand::Text((*name).to_owned())]));
                let found = invoice::summary::list(tx, HERE, at, &asked)?.rows;
                let expected = whole.rows.iter().filter(|row| row.status(at).name() == *name).cloned();
                assert_eq!(found, expected.collect::<Vec<_>>(), "{name} on day {days}");
                *seen.entry(*name).or_insert(0) += found.len();
            }
            for row in &whole.rows {
                let due_at = Operand::Instant(row.due_at().unwrap());
                let found = invoice::summary::list(tx, HERE, at, &only("dueDate", Condition::Equals(due_at)))?.rows;
                assert!(found.contains(row), "{row:?}");
                assert!(found.iter().all(|other| other.due_at() == row.due_at()), "{found:?}");
            }
        }
        let reached = ["Due", "Overdue", "Paid", "WrittenOff", "Void"];
        assert!(reached.iter().all(|name| seen[name] > 0), "{seen:?}");
        let sort = Sort { field: "dueDate", direction: Direction::Ascending };
        let sorted = invoice::summary::list(tx, HERE, now(), &Page { sort, ..Page::default() })?.rows;
        assert!(sorted.is_sorted_by_key(Invoice::due_at));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn summaries_are_lists_of_one_account_or_customer() {
    each_store(|tx| {
        let stored = add_invoice(tx)?;
        let id_of = |one: &Invoice| one.id.0;
        assert_list(invoice::summary::LIST_COLUMNS, &[INVOICE.0], id_of, |page| {
            invoice::summary::list(tx, HERE, now(), page)
        })?;
        assert_list(invoice::summary::CUSTOMER_COLUMNS, &[INVOICE.0], id_of, |page| {
            invoice::summary::list_of_customer(tx, HERE, CUSTOMER, now(), page)
        })?;
        let page = Page::default();
        let bare = Invoice { charges: vec![], taxes: vec![], addresses: None, ..stored };
        assert_eq!(invoice::summary::list_of_customer(tx, HERE, CUSTOMER, now(), &page)?.rows, [bare]);
        assert_eq!(invoice::summary::list(tx, ELSEWHERE, now(), &page)?.rows, []);
        assert_eq!(invoice::summary::list_of_customer(tx, ELSEWHERE, CUSTOMER, now(), &page)?.rows, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_by_a_time_follows_from_dated_facts() {
    each_store(|tx| {
        let stored = add_invoice(tx)?;
        let paid = add_payment(tx)?;
        add_credit_note(tx)?;
        let freed = Allocated { source: Source::Payment(paid.id), amount: amount("1.6") };
        allocation::free(tx, HERE, 96, INVOICE, freed, later())?;
        let taken = |tx: &mut Tx<'_>, until: Instant| aging::taken(tx, HERE, Asked::Recorded, until);
        invoice::change(tx, HERE, INVOICE, Taken { payments: amount("-1.6"), ..Taken::default() }, later())?;
        assert_eq!(taken(tx, now())?, HashMap::new(), "posted at that time, not before");
        let given = Allocation { invoice: INVOICE, amount: amount("15.9") };
        assert_eq!(taken(tx, later())?, HashMap::from([(given.invoice, given.amount)]));
        assert_eq!(taken(tx, later().plus_days(1))?, HashMap::from([(INVOICE, amount("14.3"))]));
        assert_eq!(aging::taken(tx, ELSEWHERE, Asked::Recorded, later().plus_days(1))?, HashMap::new());
        assert_eq!(aging::posted(tx, HERE, Asked::Recorded, now())?, []);
        let posted = aging::posted(tx, HERE, Asked::Recorded, later())?;
        assert_eq!((posted[0].id, posted[0].customer, &posted[0].schedules), (INVOICE, CUSTOMER, &stored.schedules));
        assert_eq!(aging::posted(tx, ELSEWHERE, Asked::Recorded, later())?, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_customer_is_asked_by_what_counts_whenever_it_was_recorded() {
    each_store(|tx| {
        add_invoice(tx)?;
        let paid = add_payment(tx)?;
        let part = amount("0.5");
        let backdated = Payment {
            id: PaymentId(880),
            activity: PaymentActivityId(881),
            amount: part,
            unallocated: Amount::ZERO,
            refundable: part,
            effective_at: now(),
            allocations: vec![],
            ..paid
        };
        payment::insert(tx, HERE, &backdated, &[Allocation { invoice: INVOICE, amount: part }], later())?;
        invoice::change(tx, HERE, INVOICE, Taken { payments: amount("-1"), ..Taken::default() }, later())?;
        let taken = |tx: &mut Tx<'_>, asked| Ok::<_, Error>(aging::taken(tx, HERE, asked, later())?.remove(&INVOICE));
        assert_eq!(taken(tx, Asked::Recorded)?, Some(amount("14.3")));
        assert_eq!(taken(tx, Asked::Effective(CUSTOMER))?, Some(amount("14.8")));
        assert_eq!(taken(tx, Asked::Effective(CustomerId(99)))?, None);
        let of = |tx: &mut Tx<'_>, account, customer| {
            Ok::<_, Error>(aging::posted(tx, account, Asked::Effective(CustomerId(customer)), later())?.len())
        };
        assert_eq!((of(tx, HERE, CUSTOMER.0)?, of(tx, HERE, 99)?, of(tx, ELSEWHERE, CUSTOMER.0)?), (1, 0, 0));
        Ok(())
    })
    .await;
}
