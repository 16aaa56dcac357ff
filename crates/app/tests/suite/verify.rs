//! `verify` finds nothing after a story, and afterwards every single column that is changed behind its back.

mod amend;
mod bytes;
mod coverage;
mod story;
mod taken_back;
mod tampering;

use app::{
    Error,
    purchases::cancel,
    verify::{self, Disagreement, Report, Rule},
};
use billing::{
    earning::EarningTimingInterval,
    id::{AccountId, InvoiceId, PurchaseId},
    reversal::CancellationOption,
};
use db::{Backend, Tx, values};

pub(crate) use self::story::tell_story;
use self::{
    story::{pay, product, sell_at_a_discount},
    tampering::tamperings,
};
use crate::shop::{Shop, each_shop};

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
            drafts_invoices: false,
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
        for (sql, expected) in tamperings() {
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
        let is_broken = tamperings().any(|(_, names)| names.contains(&rule.name()));
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
        assert_eq!(posting.wrong, 6);
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
        assert_eq!(subtotal.first.as_ref().unwrap().expected, "55340232221128.654842");
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
