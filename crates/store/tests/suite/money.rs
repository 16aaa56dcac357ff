//! Credits and what takes them back, allocations of both kinds, and attempts to pay.

use billing::{
    allocation::{Allocated, CreditAllocation, PaymentAllocation, Source},
    credit::{Credit, Debit},
    id::{CreditId, DebitId, OpeningBalanceId, PaymentActivityId, PaymentId, RefundId},
    listing::Page,
    opening_balance::OpeningBalance,
    payment::{Allocation, InvoiceAllocation, PaymentMethod},
    payment_activity::{Outcome, PaymentActivity},
    refund::Refund,
};
use db::{Error, Tx, values};
use money::{Amount, Currency};
use store::{
    allocation, credit,
    invoice::{self, Taken},
    opening_balance, payment, payment_activity, refund,
    verify::{self, SourceKind, SourceRow, StoredMovement},
};

use crate::{
    sales::{CUSTOMER, INVOICE, add_invoice, add_payment},
    world::{ELSEWHERE, HERE, add_customer, amount, assert_list, each_store, later, now, some},
};

/// A credit of 8, of which the invoice of 14.30 has 6.
fn add_credit(tx: &mut Tx<'_>) -> Result<Credit, Error> {
    let stored = Credit {
        id: CreditId(85),
        customer: CUSTOMER,
        amount: amount("8"),
        currency: Currency::USD,
        reference: some("R"),
        effective_at: now(),
        unallocated: amount("2"),
        reversable: amount("8"),
        allocations: vec![],
        debits: vec![],
    };
    credit::insert(tx, HERE, &stored, &[Allocation { invoice: INVOICE, amount: amount("6") }], later())?;
    invoice::change(tx, HERE, INVOICE, Taken { credits: amount("6"), ..Taken::default() }, now())?;
    Ok(Credit { allocations: vec![on_invoice("6", "8.3")], ..stored })
}

fn on_invoice(part: &str, outstanding: &str) -> InvoiceAllocation {
    InvoiceAllocation {
        invoice: INVOICE,
        number: 1,
        amount: amount(part),
        outstanding: amount(outstanding),
        total: amount("14.3"),
        po_number: some("PO"),
        notes: some("Notes"),
    }
}

#[tokio::test]
async fn a_credit_is_taken_back_from_where_it_went() {
    each_store(|tx| {
        add_invoice(tx)?;
        let stored = add_credit(tx)?;
        assert_eq!(credit::find(tx, HERE, stored.id)?.as_ref(), Some(&stored));
        assert_eq!(credit::find(tx, ELSEWHERE, stored.id)?, None);
        let debit = Debit {
            id: DebitId(86),
            credit: stored.id,
            customer: CUSTOMER,
            amount: amount("5"),
            currency: Currency::USD,
            reference: some("Back"),
            effective_at: later(),
            allocations: vec![],
        };
        let parts = [Allocation { invoice: INVOICE, amount: amount("4") }];
        credit::insert_debit(tx, HERE, &debit, &parts, amount("1"), later())?;
        let debit = Debit { allocations: vec![on_invoice("4", "8.3")], ..debit };
        assert_eq!(credit::find_debit(tx, HERE, debit.id)?.as_ref(), Some(&debit));
        assert_eq!(credit::find_debit(tx, ELSEWHERE, debit.id)?, None);
        let left = Credit {
            unallocated: amount("1"),
            reversable: amount("3"),
            allocations: vec![on_invoice("2", "8.3")],
            debits: vec![debit],
            ..stored
        };
        assert_eq!(credit::find(tx, HERE, left.id)?, Some(left));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_payment_is_given_back_from_where_it_went() {
    each_store(|tx| {
        add_invoice(tx)?;
        let paid = add_payment(tx)?;
        let refund = Refund {
            id: RefundId(87),
            activity: PaymentActivityId(88),
            payment: paid.id,
            original_activity: paid.activity,
            customer: CUSTOMER,
            method: PaymentMethod::Cash,
            amount: amount("15"),
            currency: Currency::USD,
            reference: some("Back"),
            effective_at: later(),
            is_return: false,
            allocations: vec![],
        };
        let parts = [Allocation { invoice: INVOICE, amount: amount("14.3") }];
        refund::insert(tx, HERE, &refund, &parts, amount("0.7"), later())?;
        let refund = Refund { allocations: vec![on_invoice("14.3", "0")], ..refund };
        assert_eq!(refund::find(tx, HERE, refund.id)?.as_ref(), Some(&refund));
        assert_eq!(refund::find(tx, ELSEWHERE, refund.id)?, None);
        let left = payment::find(tx, HERE, paid.id)?.unwrap();
        assert_eq!((left.refundable, left.unallocated), (amount("5"), amount("5")));
        assert_eq!((left.allocations, left.refunds), (vec![], vec![refund]));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn allocations_are_freed_one_by_one() {
    each_store(|tx| {
        add_invoice(tx)?;
        add_payment(tx)?;
        let money = Allocated { source: Source::Payment(PaymentId(80)), amount: amount("14.3") };
        assert_eq!(allocation::list_of_invoice(tx, HERE, INVOICE)?, [money]);
        assert_eq!(allocation::list_of_invoice(tx, ELSEWHERE, INVOICE)?, []);
        allocation::free(tx, HERE, 95, INVOICE, Allocated { amount: amount("6.3"), ..money }, later())?;
        invoice::change(tx, HERE, INVOICE, Taken { payments: amount("-6.3"), ..Taken::default() }, later())?;
        assert_eq!(invoice::find(tx, HERE, INVOICE)?.unwrap().paid_at, None, "open again");
        let goodwill = Allocated { source: Source::Credit(add_credit(tx)?.id), amount: amount("6") };
        let left = Allocated { amount: amount("8"), ..money };
        assert_eq!(allocation::list_of_invoice(tx, HERE, INVOICE)?, [goodwill, left], "the latest first");
        allocation::free(tx, HERE, 96, INVOICE, goodwill, later())?;
        assert_eq!(allocation::list_of_invoice(tx, HERE, INVOICE)?, [left]);
        let freed = payment::find(tx, HERE, PaymentId(80))?.unwrap();
        assert_eq!((freed.unallocated, freed.allocations[0].amount), (amount("12"), amount("8")));
        let freed = credit::find(tx, HERE, CreditId(85))?.unwrap();
        assert_eq!((freed.unallocated, freed.allocations), (amount("8"), vec![]));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_available_is_spent_and_freed_and_spent_again() {
    each_store(|tx| {
        add_invoice(tx)?;
        add_payment(tx)?;
        invoice::change(tx, HERE, INVOICE, Taken { payments: amount("-6.3"), ..Taken::default() }, later())?;
        let credit = add_credit(tx)?.id;
        let deposit = OpeningBalance { unallocated: amount("9"), ..on_deposit() };
        opening_balance::insert(tx, HERE, &deposit, later())?;
        let of = |source, text| Allocated { source, amount: amount(text) };
        let (payment, goodwill) = (Source::Payment(PaymentId(80)), Source::Credit(credit));
        let before = Source::Deposit(deposit.id);
        let available = |tx: &mut Tx<'_>| allocation::available(tx, HERE, CUSTOMER);
        assert_eq!(available(tx)?, [of(payment, "5.7"), of(goodwill, "2"), of(before, "9")]);
        assert_eq!(allocation::available(tx, ELSEWHERE, CUSTOMER)?, []);
        let parts = [(90, payment, "5"), (91, goodwill, "2"), (92, before, "4"), (93, before, "5")];
        for (id, source, text) in parts {
            allocation::spend(tx, HERE, id, INVOICE, of(source, text), later())?;
        }
        assert_eq!(available(tx)?, [of(payment, "0.7")]);
        let given = allocation::list_of_invoice(tx, HERE, INVOICE)?;
        assert_eq!(given, [of(goodwill, "8"), of(before, "9"), of(payment, "19.3")]);
        allocation::free(tx, HERE, 94, INVOICE, of(before, "3"), later())?;
        assert_eq!(available(tx)?, [of(payment, "0.7"), of(before, "3")]);
        allocation::spend(tx, HERE, 95, INVOICE, of(before, "1"), later())?;
        assert_eq!(opening_balance::find(tx, HERE, deposit.id)?.unwrap().unallocated, amount("2"));
        Ok(())
    })
    .await;
}

fn on_deposit() -> OpeningBalance {
    OpeningBalance {
        id: OpeningBalanceId(61),
        customer: CUSTOMER,
        invoice: None,
        amount: amount("9"),
        currency: Currency::USD,
        name: None,
        description: None,
        reference: None,
        effective_at: later(),
        unallocated: amount("9"),
    }
}

#[tokio::test]
async fn an_invoice_is_paid_while_it_owes_nothing() {
    each_store(|tx| {
        add_invoice(tx)?;
        let change = |tx: &mut Tx<'_>, taken| {
            invoice::change(tx, HERE, INVOICE, taken, later())?;
            Ok::<_, Error>(invoice::find(tx, HERE, INVOICE)?.unwrap())
        };
        let paid = |part| Taken { payments: amount(part), ..Taken::default() };
        assert_eq!(change(tx, paid("4.3"))?.paid_at, None);
        let credited = change(tx, Taken { credits: amount("10"), ..Taken::default() })?;
        assert_eq!((credited.paid_at, credited.totals.credits), (Some(later()), amount("10")));
        assert_eq!(change(tx, Taken::default())?.paid_at, Some(later()), "nothing happened");
        assert_eq!(change(tx, paid("-1"))?.paid_at, None);
        let taken_back = change(tx, Taken { credit_notes: amount("1"), ..Taken::default() })?;
        assert_eq!((taken_back.paid_at, taken_back.totals.outstanding()), (Some(later()), Ok(Amount::ZERO)));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_was_owed_before_is_on_its_invoice() {
    each_store(|tx| {
        let customer = add_customer(tx, 10)?;
        let opening = OpeningBalance {
            id: OpeningBalanceId(60),
            customer,
            invoice: None,
            amount: amount("9"),
            currency: Currency::USD,
            name: some("Before"),
            description: some("Text"),
            reference: some("R"),
            effective_at: now(),
            unallocated: amount("9"),
        };
        opening_balance::insert(tx, HERE, &opening, later())?;
        assert_eq!(opening_balance::find(tx, HERE, opening.id)?.as_ref(), Some(&opening));
        assert_eq!(opening_balance::find(tx, ELSEWHERE, opening.id)?, None);
        let mut found = Vec::new();
        verify::each_opening_balance(tx, HERE, |stored| {
            found.push((stored.id, stored.amount, stored.unallocated, stored.is_owed, stored.differs_in.to_owned()));
        })?;
        verify::each_opening_balance(tx, ELSEWHERE, |stored| panic!("{stored:?}"))?;
        assert_eq!(found, [(60, amount("9"), amount("9"), false, String::new())]);
        Ok(())
    })
    .await;
}

/// A row of a payment or credit, in few words.
fn told(row: &SourceRow<'_>) -> String {
    let agrees =
        |movement: &StoredMovement<'_>| movement.attempted == Some(movement.amount) && movement.differs_in.is_empty();
    match row {
        SourceRow::Source(source, movement) => {
            assert_eq!((source.customer, source.effective_at, agrees(movement)), (CUSTOMER, now(), true));
            format!("{}: {} free, {} left", movement.amount, source.unallocated, source.left)
        }
        SourceRow::Allocation(part) => {
            assert_eq!((part.invoice, part.debtor, part.effective_at), (INVOICE, Some(CUSTOMER), now()));
            format!("gave {}, now {}", part.allocated, part.amount)
        }
        SourceRow::Taken(_, amount) => format!("took {amount}"),
        SourceRow::Freed(_, amount, has_note) => format!("freed {amount} {has_note}"),
        SourceRow::Spent(_, amount, is_later) => format!("spent {amount} {is_later}"),
        SourceRow::Taking(id, movement) => format!("{id} took back {} {}", movement.amount, agrees(movement)),
    }
}

#[tokio::test]
async fn payments_and_credits_come_with_what_belongs_to_them() {
    each_store(|tx| {
        let rows = |tx: &mut Tx<'_>, kind| {
            let mut rows = Vec::new();
            verify::each_source_row(tx, HERE, kind, |_, row| rows.push(told(&row)))?;
            verify::each_source_row(tx, ELSEWHERE, kind, |id, _| panic!("{id}"))?;
            Ok::<_, Error>(rows)
        };
        add_invoice(tx)?;
        let paid = add_payment(tx)?;
        allocation::free(
            tx,
            HERE,
            95,
            INVOICE,
            Allocated { source: Source::Payment(paid.id), amount: amount("10") },
            later(),
        )?;
        invoice::change(tx, HERE, INVOICE, Taken { payments: amount("-10"), ..Taken::default() }, later())?;
        assert_eq!(rows(tx, SourceKind::Payment)?, ["20: 15.7 free, 20 left", "gave 14.3, now 4.3", "freed 10 false"]);
        add_credit(tx)?;
        assert_eq!(rows(tx, SourceKind::Credit)?, ["8: 2 free, 8 left", "gave 6, now 6"]);
        verify::each_opening_balance(tx, HERE, |stored| panic!("{stored:?}"))?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_invoice_knows_what_paid_it() {
    each_store(|tx| {
        add_invoice(tx)?;
        let paid = add_payment(tx)?;
        let from_payment = PaymentAllocation {
            payment: paid.id,
            invoice: INVOICE,
            amount: amount("14.3"),
            effective_at: now(),
            method: paid.method,
            reference: some("R"),
            activity: paid.activity,
        };
        assert_eq!(allocation::payments_of(tx, HERE, INVOICE)?, [from_payment]);
        assert_eq!(allocation::payments_of(tx, ELSEWHERE, INVOICE)?, []);
        let reopened = Taken { payments: amount("-6.3"), ..Taken::default() };
        invoice::change(tx, HERE, INVOICE, reopened, later())?;
        let credit = add_credit(tx)?.id;
        let from_credit = CreditAllocation { credit, invoice: INVOICE, amount: amount("6") };
        assert_eq!(allocation::credits_of(tx, HERE, INVOICE)?, [from_credit]);
        assert_eq!(allocation::credits_of(tx, ELSEWHERE, INVOICE)?, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn attempts_are_listed_for_payer_parent_and_account() {
    each_store(|tx| {
        add_invoice(tx)?;
        let paid = add_payment(tx)?;
        let activity = payment_activity::find(tx, HERE, paid.activity)?.unwrap();
        assert_eq!((activity.customer, activity.amount, activity.parent), (CUSTOMER, amount("20"), None));
        assert_eq!(activity.outcome, Some(Outcome::Payment(paid.clone())));
        assert_eq!(payment_activity::find(tx, ELSEWHERE, paid.activity)?, None);
        let (id, id_of) = (activity.id.0, |one: &PaymentActivity| one.id.0);
        assert_list(payment_activity::ACCOUNT_COLUMNS, &[id], id_of, |page| payment_activity::list(tx, HERE, page))?;
        assert_list(payment_activity::COLUMNS, &[id], id_of, |page| {
            payment_activity::list_of_customer(tx, HERE, CUSTOMER, page)
        })?;
        let page = Page::default();
        assert_eq!(payment_activity::list(tx, HERE, &page)?.rows, [activity]);
        assert_eq!(payment_activity::list(tx, ELSEWHERE, &page)?.rows, []);
        assert_eq!(payment_activity::list_of_customer(tx, ELSEWHERE, CUSTOMER, &page)?.rows, []);
        assert_eq!(payment_activity::list_of_children(tx, HERE, CUSTOMER, &page)?.rows, [], "its own are no child's");

        let parent = add_customer(tx, 900)?;
        let sql = "UPDATE customer SET parent_id = $3 WHERE account_id = $1 AND id = $2";
        tx.execute(sql, &values![HERE.0, CUSTOMER.0, parent.0])?;
        let of_parent = payment_activity::list_of_children(tx, HERE, parent, &page)?.rows;
        assert_eq!(of_parent.iter().map(|one| (one.id.0, one.parent)).collect::<Vec<_>>(), [(id, Some(parent))]);
        assert_eq!(payment_activity::list_of_children(tx, ELSEWHERE, parent, &page)?.rows, []);
        Ok(())
    })
    .await;
}
