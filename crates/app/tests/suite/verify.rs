//! `verify` finds nothing after a story, and afterwards every single column that is changed behind its back.

mod amend;
mod tampering;

use app::{
    Error, invoices, payments,
    purchases::{bulk_create, cancel},
    verify::{self, Disagreement, Report, Rule},
};
use billing::{
    discount::{Discount, DiscountType},
    earning::{EarningInterval, EarningSettings, EarningTimingInterval, EarningTimingType},
    id::{AccountId, CustomerId, InvoiceId, ProductId, PurchaseId},
    payment::{Allocation, PaymentMethod, PaymentOrder, PaymentSource},
    product::{ProductFields, ProductType},
    purchase::PurchaseOrder,
    reversal::CancellationOption,
};
use db::{Backend, Tx, values};
use money::{Amount, Price};

use self::tampering::TAMPERINGS;
use crate::shop::{Shop, each_shop, priced, purchase_of};

/// Two customers; four invoices, of which one is free and one is earned over a year, with a discount; a tax, a reversal,
/// a payment with something left, a write-off, a draft, a bulk job.
async fn tell_story(shop: &Shop) {
    let earned = shop.product("EARNED", "10").await;
    let free = shop.product("FREE", "0").await;
    let deferred = product(shop, "DEFERRED", EarningTimingInterval::DoesNotEarn).await;
    let over_time = product(shop, "OVERTIME", EarningTimingInterval::Monthly).await;
    let (customer, other) = (shop.customer().await, shop.customer().await);
    shop.purchase(other, earned, "1").await;
    shop.clock.advance_days(1);
    let first = shop.invoice(customer, earned, "2").await;
    let second = shop.invoice(customer, deferred, "1").await;
    shop.invoice(customer, free, "1").await;
    sell_at_a_discount(shop, customer, over_time).await;
    shop.clock.advance_days(70);
    shop.act(|tx, session| app::earning::run::step(tx, session, CustomerId(0))).await.unwrap();
    amend::tax_and_reverse(shop, customer, second).await;
    pay(shop, customer, first).await;
    let order = invoices::write_off::Order { invoice: first, amount: None, reference: None };
    shop.act(move |tx, session| invoices::write_off::run(tx, session, &order)).await.unwrap();
    let account = shop.account;
    shop.act(move |tx, _| insert_job(tx, account)).await.unwrap();
}

/// A product of 4 dollars that earns in this way, at the end of each part of a year.
async fn product(shop: &Shop, code: &'static str, timing_interval: EarningTimingInterval) -> ProductId {
    let created = shop.act(move |tx, session| {
        let mut fields = ProductFields { product_type: ProductType::OneTimeCharge, ..priced(code, "4") };
        fields.cycle.as_mut().expect("a cycle").earning = EarningSettings {
            interval: Some(EarningInterval::Yearly),
            number_of_intervals: Some(1),
            timing_interval: Some(timing_interval),
            timing_type: Some(EarningTimingType::EndOfInterval),
        };
        app::products::create::run(tx, session, &fields)
    });
    created.await.unwrap().id
}

async fn sell_at_a_discount(shop: &Shop, customer: CustomerId, product: ProductId) {
    let discount = Discount::new(DiscountType::Percentage, Price::parse("10").unwrap()).unwrap();
    let purchase = PurchaseOrder { discounts: vec![discount], ..purchase_of(product, "30") };
    let order = bulk_create::Order { customer, auto_purchase: true, purchases: vec![purchase], collect: None };
    shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await.unwrap();
}

/// Pays 20, of which the invoice gets 15.
async fn pay(shop: &Shop, customer: CustomerId, invoice: InvoiceId) {
    let amount = |text| Amount::parse(text).unwrap();
    let order = PaymentOrder {
        customer,
        source: PaymentSource::Manual,
        amount: amount("20"),
        method: PaymentMethod::Cash,
        reference: None,
        allocations: vec![Allocation { invoice, amount: amount("15") }],
        auto_allocate: None,
        effective_at: None,
        reference_date: None,
    };
    shop.act(move |tx, session| payments::create::run(tx, session, &order)).await.unwrap();
}

/// A job that is being processed, with a record in every state but the first.
fn insert_job(tx: &mut Tx<'_>, account: AccountId) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO bulk_job (account_id, id, job_type, status, total, successful, failed, processed, failed_processed,
             created_at, file_name, reference, is_internal, next_record_id)
         SELECT id, 1, 'BulkWriteOff', 'Processing', 4, 3, 1, 1, 1, created_at, '', '', FALSE, 1
         FROM account WHERE id = $1",
        &values![account.0],
    )?;
    let statuses = ["PassedValidation", "FailedValidation", "Processed", "FailedProcessing"];
    let rows = (1i64..).zip(statuses).map(|(id, status)| values![account.0, 1i64, id, status, "1"]);
    Ok(tx.insert("bulk_record", &["account_id", "job_id", "id", "status", "data"], rows)?)
}

async fn verify(shop: &Shop) -> Report {
    let account = shop.account;
    shop.app.db().read(move |tx| verify::run(tx, account)).await.unwrap()
}

#[tokio::test]
async fn nothing_is_wrong_after_a_story_and_every_rule_was_asked() {
    each_shop(async |shop| {
        tell_story(shop).await;
        let report = verify(shop).await;
        assert!(report.is_clean(), "{:?}", report.disagreements().collect::<Vec<_>>());
        assert_eq!(report.checks.iter().map(|check| check.rule).collect::<Vec<_>>(), Rule::ALL);
        for check in &report.checks {
            assert!(check.compared > 0, "{} was not asked", check.rule.name());
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_is_wrong_after_cancellations() {
    each_shop(async |shop| {
        let over_time = product(shop, "OVERTIME", EarningTimingInterval::Monthly).await;
        let never = product(shop, "NEVER", EarningTimingInterval::DoesNotEarn).await;
        let at_once = shop.product("NOW", "5").await;
        let customer = shop.customer().await;
        for option in [CancellationOption::None, CancellationOption::Unearned, CancellationOption::Full] {
            for product in [over_time, never, at_once] {
                sell_at_a_discount(shop, customer, product).await;
            }
            let list = "SELECT MAX(id) FROM invoice WHERE account_id = $1";
            let account = shop.account;
            let newest = shop.act(move |tx, _| Ok(tx.scalar(list, &values![account.0])?)).await.unwrap();
            pay(shop, customer, InvoiceId(newest)).await;
            shop.clock.advance_days(40);
            let list = "SELECT id FROM purchase WHERE account_id = $1 AND status = 'Purchased' ORDER BY id";
            let purchases = shop.act(move |tx, _| Ok(tx.query(list, &values![account.0], |row| row.get(0))?));
            for id in purchases.await.unwrap() {
                let order = cancel::Order { purchase: PurchaseId(id), option };
                shop.act(move |tx, session| cancel::run(tx, session, &order)).await.unwrap();
            }
            let report = verify(shop).await;
            assert!(report.is_clean(), "{option}: {:?}", report.disagreements().collect::<Vec<_>>());
        }
    })
    .await;
}

#[tokio::test]
async fn an_empty_account_is_clean_and_an_unknown_one_is_not_found() {
    each_shop(async |shop| {
        assert!(verify(shop).await.is_clean());
        let unknown = shop.app.db().read(|tx| verify::run(tx, AccountId(1))).await;
        assert!(matches!(unknown, Err(Error::NotFound { entity: "Account", id: 1 })), "{unknown:?}");
    })
    .await;
}

#[tokio::test]
async fn accounts_are_checked_apart() {
    each_shop(async |shop| {
        tell_story(shop).await;
        let (account, now) = (shop.account, shop.app.now());
        let order = app::accounts::create::Order {
            name: "Other".to_owned(),
            currency: money::Currency::USD,
            zone: calendar::Zone::utc(),
            may_write_off: false,
            may_reuse_references: false,
        };
        let create = move |tx: &mut Tx<'_>| app::accounts::create::run(tx, &order, "another key", now);
        let other = shop.app.db().write(create).await.unwrap();
        let reports = tampered(shop, "UPDATE customer SET balance = balance + 1", move |tx| {
            Ok([verify::run(tx, account)?, verify::run(tx, other)?])
        });
        assert_eq!(reports.await.map(|report| report.is_clean()), [false, true]);
    })
    .await;
}

#[tokio::test]
async fn whatever_is_changed_is_found_and_named() {
    each_shop(async |shop| {
        tell_story(shop).await;
        drop_checks(shop).await;
        let mut wrong = Vec::new();
        for (sql, expected) in TAMPERINGS {
            let account = shop.account;
            let report = tampered(shop, sql, move |tx| verify::run(tx, account)).await;
            let mut found: Vec<_> = report.disagreements().map(|(rule, _)| rule.name()).collect();
            let mut expected = expected.to_vec();
            found.sort_unstable();
            expected.sort_unstable();
            if found != expected {
                wrong.push(format!("{sql}\n    must break {expected:?}\n    and breaks {found:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(verify(shop).await.is_clean(), "the changes were undone");
    })
    .await;
}

#[tokio::test]
async fn every_rule_is_broken_by_one_of_the_changes() {
    for rule in Rule::ALL {
        let is_broken = TAMPERINGS.iter().any(|(_, names)| names.contains(&rule.name()));
        assert!(is_broken, "{} is never broken", rule.name());
    }
}

#[tokio::test]
async fn the_first_row_is_named_with_both_values() {
    each_shop(async |shop| {
        tell_story(shop).await;
        drop_checks(shop).await;
        let account = shop.account;
        let (report, ids) = tampered(shop, "UPDATE charge SET amount = amount + 1000000", move |tx| {
            let sql = "SELECT id, invoice_id FROM charge WHERE account_id = $1 ORDER BY id";
            let ids = tx.query(sql, &values![account.0], |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)))?;
            Ok((verify::run(tx, account)?, ids))
        })
        .await;
        let of = |rule| report.checks.iter().find(|check| check.rule == rule).unwrap();
        let posting = of(Rule::ChargePosting);
        assert_eq!(posting.wrong, 4);
        let text = str::to_owned;
        let first =
            Disagreement { table: "charge", id: ids[0].0, column: "amount", expected: text("20"), found: text("21") };
        assert_eq!(posting.first, Some(first));
        let first = Disagreement {
            table: "invoice",
            id: ids[0].1,
            column: "subtotal",
            expected: text("21"),
            found: text("20"),
        };
        assert_eq!(of(Rule::InvoiceSubtotal).first, Some(first));
    })
    .await;
}

#[tokio::test]
async fn numbers_that_no_sum_can_hold_are_named_like_others() {
    each_shop(async |shop| {
        tell_story(shop).await;
        drop_checks(shop).await;
        let account = shop.account;
        let sql = "UPDATE charge SET amount = 9223372036854775807, invoice_id = (SELECT MIN(id) FROM invoice)";
        let report = tampered(shop, sql, move |tx| verify::run(tx, account)).await;
        let subtotal = report.checks.iter().find(|check| check.rule == Rule::InvoiceSubtotal).unwrap();
        assert_eq!(subtotal.first.as_ref().unwrap().expected, "36893488147419.103228");
    })
    .await;
}

/// Runs `look` after a change that no command makes, and undoes the change.
async fn tampered<T: Send + 'static>(
    shop: &Shop,
    sql: &'static str,
    look: impl Fn(&mut Tx<'_>) -> Result<T, Error> + Send + Sync + 'static,
) -> T {
    let (sender, receiver) = std::sync::mpsc::channel();
    let backend = shop.app.db().backend();
    let undone: Result<(), Error> = shop
        .app
        .db()
        .write(move |tx| {
            let ignoring_foreign_keys = match backend {
                Backend::Sqlite => "PRAGMA defer_foreign_keys = ON",
                Backend::Postgres => "SET LOCAL session_replication_role = replica",
            };
            tx.execute(ignoring_foreign_keys, &[])?;
            for statement in sql.split(';') {
                let changed = tx.execute(statement, &[])?;
                assert!(changed > 0, "{statement} changes nothing");
            }
            sender.send(look(tx)?).expect("somebody waits for it");
            Err(Error::NotEnabled("undone"))
        })
        .await;
    assert!(matches!(undone, Err(Error::NotEnabled("undone"))), "{sql}: {undone:?}");
    receiver.recv().expect("what was seen")
}

/// Lets go of the constraints that would refuse most of the changes; a file in the wrong hands has none either.
async fn drop_checks(shop: &Shop) {
    let backend = shop.app.db().backend();
    let dropped = shop.act(move |tx, _| {
        if backend == Backend::Sqlite {
            tx.execute("PRAGMA ignore_check_constraints = ON", &[])?;
            return Ok(());
        }
        let checks = tx.query(
            "SELECT CAST(CAST(conrelid AS regclass) AS TEXT), CAST(conname AS TEXT) FROM pg_constraint
             WHERE contype = 'c' AND conrelid <> 0 AND connamespace = CAST(current_schema() AS regnamespace)",
            &[],
            |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)),
        )?;
        for (table, name) in checks {
            tx.execute(&format!("ALTER TABLE {table} DROP CONSTRAINT {name}"), &[])?;
        }
        Ok(())
    });
    dropped.await.unwrap();
}
