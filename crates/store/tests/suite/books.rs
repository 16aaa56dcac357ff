//! The ledger, schedules of earning, revenue, and the terms that are hashed.

use std::collections::HashMap;

use billing::{
    ar_activity::ArActivity,
    customer::LockedCustomer,
    earning::EarningSettings,
    id::{ChargeId, CustomerId},
    invoice::Charge,
    listing::Page,
    statement::Period,
};
use db::{Error, Tx};
use ledger::{ChainHash, LedgerAccount, Line, Transaction, TransactionKind};
use money::{Amount, Currency};
use store::{
    ar_activity, customer,
    earning::{self, EarningSchedule},
    ledger::{About, Entry, journal::JournalLine},
    revenue::{self, Revenue},
    terms,
};

use crate::{
    sales::{CHARGE, CUSTOMER, INVOICE, PRODUCT, PURCHASE, add_invoice, charge_of_story},
    world::{ELSEWHERE, HERE, amount, assert_list, day, each_store, later, now},
};

/// The charge of 14, of which 4 are earned a day later.
pub(crate) fn add_entries(tx: &mut Tx<'_>) -> Result<(), Error> {
    let charge = Transaction::charge(now(), Currency::USD, amount("14")).unwrap();
    let earned = Transaction::earning(later(), Currency::USD, amount("4")).unwrap();
    let mut hash = ChainHash::GENESIS;
    let entries = [(CHARGE.0, 1, charge), (53, 2, earned)].map(|(id, sequence, transaction)| {
        hash = ChainHash::next(hash, HERE.0, CUSTOMER.0, sequence, id, &transaction);
        Entry { id, customer: CUSTOMER, sequence, about: Some(About::Charge(CHARGE)), transaction, hash }
    });
    store::ledger::insert(tx, HERE, &entries, now())?;
    let customer = customer::lock(tx, HERE, CUSTOMER)?.unwrap();
    let posted = LockedCustomer { balance: amount("14"), ledger_sequence: 2, ledger_hash: hash, ..customer };
    customer::set_ledgers(tx, HERE, [&posted])
}

#[tokio::test]
async fn the_journal_has_every_line_in_order() {
    each_store(|tx| {
        add_invoice(tx)?;
        assert_eq!(store::ledger::journal::span(tx, HERE)?, None);
        add_entries(tx)?;
        assert_eq!(store::ledger::journal::span(tx, HERE)?, Some((now(), later())));
        let mut lines = Vec::new();
        let see = |row: JournalLine| {
            lines.push((row.transaction, row.sequence, row.kind, row.charge, row.effective_at, row.number, row.line));
            Ok::<_, Error>(())
        };
        store::ledger::journal::each_line(tx, HERE, see)?;
        let line = |debit, credit, text| Line::new(debit, credit, amount(text)).unwrap();
        let charged = line(LedgerAccount::AccountsReceivable, LedgerAccount::DeferredRevenue, "14");
        let earned = line(LedgerAccount::DeferredRevenue, LedgerAccount::EarnedRevenue, "4");
        let mut expected = [
            (CHARGE.0, 1, TransactionKind::Charge, Some(CHARGE), now(), 1, charged),
            (53, 2, TransactionKind::Earning, Some(CHARGE), later(), 1, earned),
        ];
        expected.sort_by_key(|(id, ..)| *id);
        assert_eq!(lines, expected);
        let mut balances = Vec::new();
        store::ledger::journal::each_balance(tx, HERE, |customer, currency, balance| {
            balances.push((customer, currency, balance));
            Ok::<_, Error>(())
        })?;
        assert_eq!(balances, [(CUSTOMER, Currency::USD, amount("14"))]);
        assert_eq!(store::ledger::journal::span(tx, ELSEWHERE)?, None);
        store::ledger::journal::each_line(tx, ELSEWHERE, |row| Err(Error::Other(format!("{row:?}"))))?;
        store::ledger::journal::each_balance(tx, ELSEWHERE, |customer, _, _| Err(Error::Other(customer.to_string())))
    })
    .await;
}

#[tokio::test]
async fn activities_are_what_touches_receivables_with_the_invoices_that_it_is_about() {
    each_store(|tx| {
        add_invoice(tx)?;
        add_entries(tx)?;
        let id_of = |activity: &ArActivity| activity.id;
        assert_list(ar_activity::COLUMNS, &[CHARGE.0], id_of, |page| ar_activity::list(tx, HERE, page))?;
        assert_list(ar_activity::COLUMNS, &[CHARGE.0], id_of, |page| {
            ar_activity::list_of_customer(tx, HERE, CUSTOMER, page)
        })?;
        assert_list(ar_activity::COLUMNS, &[], id_of, |page| ar_activity::list(tx, ELSEWHERE, page))?;
        assert_list(ar_activity::COLUMNS, &[], id_of, |page| {
            ar_activity::list_of_customer(tx, ELSEWHERE, CUSTOMER, page)
        })?;
        let listed = ar_activity::list(tx, HERE, &Page::default())?.rows.remove(0);
        assert_eq!((listed.kind, listed.debit, listed.credit), (TransactionKind::Charge, amount("14"), amount("0")));
        assert_eq!(listed.product_code.as_deref(), Some("P11"));
        let invoices: Vec<_> = listed.invoices.iter().map(|part| (part.invoice, part.amount)).collect();
        assert_eq!(invoices, [(INVOICE, amount("14"))]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_counts_between_two_instants_moves_the_balance_from_the_one_to_the_other() {
    each_store(|tx| {
        add_invoice(tx)?;
        add_entries(tx)?;
        let period = |from, until| Period::new(from, until).unwrap();
        let (before, after) = (now().plus_millis(-1), now().plus_millis(1));
        let between = |tx: &mut Tx<'_>, customer, from, until| {
            ar_activity::list_between(tx, HERE, customer, period(from, until), 2)
        };
        let listed = ar_activity::list(tx, HERE, &Page::default())?.rows;
        assert_eq!(between(tx, CUSTOMER, now(), after)?, listed);
        assert_eq!((listed[0].sold(), listed[0].credit_note.as_deref()), (Some(PURCHASE), None));
        assert_eq!(between(tx, CUSTOMER, before, now())?, [], "the end is not in it");
        assert_eq!(between(tx, CUSTOMER, after, later().plus_days(9))?, [], "earning moves no balance");
        assert_eq!(ar_activity::list_between(tx, HERE, CUSTOMER, period(before, after), 0)?, []);
        assert_eq!(between(tx, CustomerId(99), before, after)?, []);
        assert_eq!(ar_activity::list_between(tx, ELSEWHERE, CUSTOMER, period(before, after), 2)?, []);
        let balance = |tx: &mut Tx<'_>, account, until| ar_activity::balance_before(tx, account, CUSTOMER, until);
        assert_eq!((balance(tx, HERE, now())?, balance(tx, HERE, after)?), (amount("0"), amount("14")));
        assert_eq!(balance(tx, ELSEWHERE, after)?, amount("0"));
        assert_eq!(ar_activity::balance_before(tx, HERE, CustomerId(99), after)?, amount("0"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_trial_balance_and_the_revenue_are_sums_of_the_ledger() {
    each_store(|tx| {
        add_invoice(tx)?;
        add_entries(tx)?;
        let mut balances = store::ledger::balances(tx, HERE, None)?;
        balances.sort_by_key(|(_, account, _)| *account);
        let usd = |account, text| (Currency::USD, account, amount(text));
        let expected = [
            usd(LedgerAccount::AccountsReceivable, "14"),
            usd(LedgerAccount::DeferredRevenue, "-10"),
            usd(LedgerAccount::EarnedRevenue, "-4"),
        ];
        assert_eq!(balances, expected);
        let before = store::ledger::balances(tx, HERE, Some(later()))?.into_iter();
        assert!(before.map(|(_, account, _)| account).ne([]), "the charge counts before it is earned");
        assert_eq!(store::ledger::balances(tx, HERE, Some(now()))?, []);
        assert_eq!(store::ledger::balances(tx, ELSEWHERE, None)?, []);
        let of = |deferred, earned| Revenue {
            product: Some(PRODUCT),
            customer: CUSTOMER,
            currency: Currency::USD,
            deferred: amount(deferred),
            earned: amount(earned),
        };
        assert_eq!(revenue::posted(tx, HERE, now())?, []);
        assert_eq!(revenue::posted(tx, HERE, later())?, [of("14", "0")]);
        assert_eq!(revenue::posted(tx, HERE, later().plus_days(1))?, [of("10", "4")]);
        assert_eq!(revenue::posted(tx, ELSEWHERE, later().plus_days(1))?, []);
        assert_eq!(revenue::product_of(tx, HERE, CHARGE)?, PRODUCT);
        assert_eq!(revenue::product_of(tx, ELSEWHERE, CHARGE), Err(Error::NoRow));
        let both = [PRODUCT.0, CUSTOMER.0];
        let products = revenue::product_labels(tx, HERE, &both)?;
        assert_eq!(products, HashMap::from([(PRODUCT, "P11".to_owned())]));
        assert_eq!(revenue::product_labels(tx, ELSEWHERE, &both)?, HashMap::new());
        assert_eq!(revenue::customer_labels(tx, HERE, &both)?, HashMap::new(), "it has no name");
        let mut fields = customer::find(tx, HERE, CUSTOMER)?.unwrap().fields;
        (fields.contact.first_name, fields.contact.last_name) = (Some("Ada".to_owned()), Some("King".to_owned()));
        customer::update(tx, HERE, CUSTOMER, &fields, now())?;
        let customers = revenue::customer_labels(tx, HERE, &both)?;
        assert_eq!(customers, HashMap::from([(CUSTOMER, "Ada King".to_owned())]));
        assert_eq!(revenue::customer_labels(tx, ELSEWHERE, &both)?, HashMap::new());
        Ok(())
    })
    .await;
}

/// Puts transactions into the books of the customer.
fn post(tx: &mut Tx<'_>, first_id: i64, transactions: &[Transaction]) -> Result<(), Error> {
    let entries = (first_id..).zip(transactions).map(|(id, transaction)| Entry {
        id,
        customer: CUSTOMER,
        sequence: id,
        about: None,
        transaction: transaction.clone(),
        hash: ChainHash::GENESIS,
    });
    store::ledger::insert(tx, HERE, &entries.collect::<Vec<_>>(), now())
}

#[tokio::test]
async fn sums_may_be_larger_than_an_amount_on_their_way_and_not_at_their_end() {
    each_store(|tx| {
        add_invoice(tx)?;
        let paid = Transaction::payment(now(), Currency::USD, amount("9000000000000.01")).unwrap();
        post(tx, 1_001, &[paid.clone(), paid])?;
        let refused =
            Err(Error::Value("a sum of -18000000000000020000 millionths is beyond what an amount can be".to_owned()));
        assert_eq!(store::ledger::balances(tx, HERE, None), refused);
        let refund = Transaction::refund(now(), Currency::USD, amount("9000000000000.02")).unwrap();
        post(tx, 1_003, &[refund])?;
        let balances = store::ledger::balances(tx, HERE, None)?;
        let usd = |account, text| (Currency::USD, account, amount(text));
        let (owed, cash) = (LedgerAccount::AccountsReceivable, LedgerAccount::Cash);
        assert_eq!(balances, [usd(owed, "-9000000000000"), usd(cash, "9000000000000")]);
        Ok(())
    })
    .await;
}

/// The schedule of the charge, due two days after it began.
pub(crate) fn schedule() -> EarningSchedule {
    EarningSchedule {
        charge: CHARGE,
        customer: CUSTOMER,
        currency: Currency::USD,
        settings: EarningSettings::IMMEDIATELY,
        starts_on: day("2024-01-15"),
        amount: amount("14"),
        discount: amount("1"),
        earned: amount("4"),
        earned_discount: Amount::ZERO,
        next_due_on: Some(day("2024-01-17")),
        recalculated: None,
    }
}

#[tokio::test]
async fn a_schedule_is_due_on_its_day_and_until_nothing_is_left() {
    each_store(|tx| {
        add_invoice(tx)?;
        let stored = schedule();
        earning::insert(tx, HERE, std::slice::from_ref(&stored))?;
        assert_eq!(earning::find(tx, HERE, CHARGE)?.as_ref(), Some(&stored));
        assert_eq!(earning::find(tx, ELSEWHERE, CHARGE)?, None);
        let (eve, due) = (day("2024-01-16"), day("2024-01-17"));
        assert_eq!(earning::due(tx, HERE, CUSTOMER, eve, 9)?, []);
        assert_eq!(earning::due(tx, HERE, CUSTOMER, due, 9)?.as_slice(), std::slice::from_ref(&stored));
        assert_eq!(earning::due(tx, ELSEWHERE, CUSTOMER, due, 9)?, []);
        let none = CustomerId(0);
        assert_eq!(earning::customers_due(tx, HERE, eve, none, 9)?, []);
        assert_eq!(earning::customers_due(tx, HERE, due, none, 9)?, [CUSTOMER]);
        assert_eq!(earning::customers_due(tx, HERE, due, CUSTOMER, 9)?, [], "after the last");
        assert_eq!(earning::customers_due(tx, ELSEWHERE, due, none, 9)?, []);
        let open = |tx: &mut Tx<'_>, account| {
            let mut found = Vec::new();
            earning::each_open(tx, account, |schedule| {
                found.push(schedule);
                Ok::<_, Error>(())
            })?;
            Ok::<_, Error>(found)
        };
        assert_eq!((open(tx, HERE)?, open(tx, ELSEWHERE)?), (vec![stored.clone()], vec![]));
        let ended = EarningSchedule { earned: amount("14"), earned_discount: amount("1"), next_due_on: None, ..stored };
        earning::update(tx, ELSEWHERE, &ended)?;
        assert_eq!(open(tx, HERE)?.len(), 1);
        earning::update(tx, HERE, &ended)?;
        assert_eq!((open(tx, HERE)?, earning::find(tx, HERE, CHARGE)?), (vec![], Some(ended)));
        Ok(())
    })
    .await;
}

/// What a row says of a charge, a discount or a tax gives the same terms as the value that was stored.
#[tokio::test]
async fn terms_are_the_same_from_values_and_from_rows() {
    each_store(|tx| {
        let invoice = add_invoice(tx)?;
        let discount = &charge_of_story().discounts[0];
        let usd = Currency::USD;
        let posted = [
            (CHARGE.0, Transaction::charge(now(), usd, amount("14")), terms::of_charge(&charge_of_story())),
            (discount.id, Transaction::discount(now(), usd, discount.amount), terms::of_discount(discount)),
            (52, Transaction::tax(now(), usd, amount("1.3")), terms::of_tax(&invoice.taxes[0].line)),
        ];
        let entries = (1i64..).zip(&posted).map(|(sequence, (id, transaction, _))| Entry {
            id: *id,
            customer: CUSTOMER,
            sequence,
            about: Some(About::Charge(CHARGE)),
            transaction: transaction.clone().unwrap(),
            hash: ChainHash::GENESIS,
        });
        store::ledger::insert(tx, HERE, &entries.collect::<Vec<_>>(), now())?;
        let mut read = Vec::new();
        store::verify::each_chain_row(tx, HERE, |row| {
            if let store::verify::ChainRow::Line(head, terms, _) = row {
                read.push((head.id, terms));
            }
        })?;
        assert_eq!(read, posted.map(|(id, _, terms)| (id, terms)));
        let other = Charge { id: ChargeId(1), gl_code: None, ..charge_of_story() };
        assert_ne!(terms::of_charge(&other), terms::of_charge(&charge_of_story()));
        Ok(())
    })
    .await;
}
