//! What was deferred before: stored, earned, found when it is due, taken back, and seen in the ledger.

use billing::{
    id::{CustomerId, OpeningDeferralId},
    opening_deferral::{OpeningDeferral, Reversed},
};
use db::{Error, Tx};
use ledger::{ChainHash, Transaction, TransactionKind};
use money::{Amount, Currency};
use store::{
    ar_activity,
    ledger::{About, Entry},
    opening_deferral,
    revenue::{self, Revenue},
    terms,
    verify::{ChainRow, FactSource, PostingRow},
};

use crate::{
    sales::{CUSTOMER, PRODUCT},
    world::{ELSEWHERE, HERE, add_customer, add_product, amount, day, each_store, later, now, some},
};

const ID: OpeningDeferralId = OpeningDeferralId(60);

fn deferral() -> OpeningDeferral {
    OpeningDeferral {
        id: ID,
        customer: CUSTOMER,
        product: Some(PRODUCT),
        amount: amount("30"),
        currency: Currency::USD,
        starts_on: day("2024-01-15"),
        ends_on: day("2024-02-13"),
        earned: amount("1"),
        next_due_on: Some(day("2024-01-16")),
        reversed: None,
        reference: some("R"),
        description: some("Support"),
        effective_at: now(),
    }
}

fn add(tx: &mut Tx<'_>) -> Result<(), Error> {
    add_customer(tx, CUSTOMER.0)?;
    add_product(tx, PRODUCT.0)?;
    opening_deferral::insert(tx, HERE, &deferral(), later())
}

#[tokio::test]
async fn what_is_stored_comes_back_and_goes_on() {
    each_store(|tx| {
        add(tx)?;
        assert_eq!(opening_deferral::find(tx, HERE, ID)?, Some(deferral()));
        assert_eq!(opening_deferral::find(tx, ELSEWHERE, ID)?, None);
        let bare = OpeningDeferral {
            id: OpeningDeferralId(61),
            product: None,
            reference: None,
            description: None,
            next_due_on: Some(day("2024-01-20")),
            ..deferral()
        };
        opening_deferral::insert(tx, HERE, &bare, later())?;
        assert_eq!(opening_deferral::list_of_customer(tx, HERE, CUSTOMER)?, [deferral(), bare.clone()]);
        assert_eq!(opening_deferral::list_of_customer(tx, HERE, CustomerId(99))?, []);
        assert_eq!(opening_deferral::list_of_customer(tx, ELSEWHERE, CUSTOMER)?, []);

        let reversed = Some(Reversed { id: 62, amount: amount("25"), at: later() });
        let ended = OpeningDeferral { earned: amount("5"), next_due_on: None, reversed, ..bare };
        opening_deferral::update(tx, ELSEWHERE, &ended)?;
        assert_ne!(opening_deferral::find(tx, HERE, ended.id)?.as_ref(), Some(&ended));
        opening_deferral::update(tx, HERE, &ended)?;
        assert_eq!(opening_deferral::find(tx, HERE, ended.id)?, Some(ended.clone()));
        let mut open = Vec::new();
        opening_deferral::each_open(tx, HERE, |one| {
            open.push(one.id);
            Ok::<_, Error>(())
        })?;
        assert_eq!(open, [ID]);
        opening_deferral::each_open(tx, ELSEWHERE, |one| Err(Error::Other(format!("{one:?}"))))?;
        let beyond = OpeningDeferral { earned: amount("6"), ..ended };
        assert!(matches!(tx.savepoint(|tx| opening_deferral::update(tx, HERE, &beyond)), Err(Error::Check(_))));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_has_something_due_is_found_by_day_and_customer() {
    each_store(|tx| {
        add(tx)?;
        let customers = |tx: &mut Tx<'_>, account, on, after, limit| {
            opening_deferral::customers_due(tx, account, day(on), CustomerId(after), limit)
        };
        assert_eq!(customers(tx, HERE, "2024-01-16", 0, 5)?, [CUSTOMER]);
        assert_eq!(customers(tx, HERE, "2024-01-15", 0, 5)?, []);
        assert_eq!(customers(tx, HERE, "2024-01-16", CUSTOMER.0, 5)?, []);
        assert_eq!(customers(tx, HERE, "2024-01-16", 0, 0)?, []);
        assert_eq!(customers(tx, ELSEWHERE, "2024-01-16", 0, 5)?, []);
        let due = |tx: &mut Tx<'_>, account, on, limit| opening_deferral::due(tx, account, CUSTOMER, day(on), limit);
        assert_eq!(due(tx, HERE, "2024-01-16", 5)?, [deferral()]);
        assert_eq!(due(tx, HERE, "2024-01-15", 5)?, []);
        assert_eq!(due(tx, HERE, "2024-01-16", 0)?, []);
        assert_eq!(due(tx, ELSEWHERE, "2024-01-16", 5)?, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_ledger_knows_what_it_is_about() {
    each_store(|tx| {
        add(tx)?;
        let usd = Currency::USD;
        let opened =
            Transaction::opening_deferral(now(), usd, amount("30")).unwrap().on(terms::of_deferral(&deferral()));
        let earned = Transaction::earning(later(), usd, amount("1")).unwrap();
        let entries = [(ID.0, 1, opened), (63, 2, earned)].map(|(id, sequence, transaction)| Entry {
            id,
            customer: CUSTOMER,
            sequence,
            about: Some(About::Deferral(ID)),
            transaction,
            hash: ChainHash::GENESIS,
        });
        store::ledger::insert(tx, HERE, &entries, now())?;
        let row = |deferred, earned| Revenue {
            product: Some(PRODUCT),
            customer: CUSTOMER,
            currency: usd,
            deferred: amount(deferred),
            earned: amount(earned),
        };
        assert_eq!(revenue::posted(tx, HERE, later())?, [row("30", "0")]);
        assert_eq!(revenue::posted(tx, HERE, later().plus_days(1))?, [row("29", "1")]);
        assert_eq!(ar_activity::list(tx, HERE, &billing::listing::Page::default())?.rows, [], "no balance moves");
        let mut journal = Vec::new();
        store::ledger::journal::each_line(tx, HERE, |line| {
            journal.push((line.kind, line.charge, line.deferral, line.name));
            Ok::<_, Error>(())
        })?;
        let of = |kind| (kind, None, Some(ID), some("Support"));
        assert_eq!(journal, [of(TransactionKind::OpeningDeferral), of(TransactionKind::Earning)]);
        let mut read = Vec::new();
        store::verify::each_chain_row(tx, HERE, |row| {
            if let ChainRow::Line(head, terms, _) = row {
                read.push((head.id, terms));
            }
        })?;
        assert_eq!(read[0], (ID.0, terms::of_deferral(&deferral())));
        assert_ne!(terms::of_deferral(&OpeningDeferral { product: None, ..deferral() }), read[0].1);
        let reversed = Some(Reversed { id: 62, amount: amount("29"), at: later() });
        opening_deferral::update(tx, HERE, &OpeningDeferral { next_due_on: None, reversed, ..deferral() })?;
        let mut seen = Vec::new();
        store::verify::each_posting_row(tx, HERE, |subject, row| {
            assert_eq!(subject, ID.0);
            seen.push(match row {
                PostingRow::Fact(fact) => match fact.source {
                    FactSource::OpeningDeferral(stored) => {
                        assert_eq!((stored.currency, stored.has_reversal), ("USD", true));
                        assert_eq!((stored.earned, stored.reversed), (amount("1"), amount("29")));
                        assert_eq!((stored.starts_on, stored.next_due_on), (day("2024-01-15"), None));
                        assert_eq!(stored.ends_on, day("2024-02-13"));
                        (fact.id, fact.amount)
                    }
                    _ => (fact.id, fact.amount),
                },
                PostingRow::Line(posting, _) => (posting.id, Amount::ZERO),
                other => panic!("{other:?}"),
            });
        })?;
        assert_eq!(seen, [(ID.0, amount("30")), (62, amount("29")), (ID.0, Amount::ZERO), (63, Amount::ZERO)]);
        Ok(())
    })
    .await;
}
