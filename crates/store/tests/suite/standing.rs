//! Where customers stand, whom a day concerns, and how accounts collect.

use billing::{
    collection_setting::CollectionSetting,
    customer::{AccountStatus, AutoCollectSettingType, BillingSetting, CustomerStatus},
    id::CustomerId,
    named::Named as _,
    standing::Standing,
    term::Term,
};
use db::{Error, Tx};
use money::Amount;
use store::{collection_setting, customer, invoice, standing};

use crate::{
    sales::{CUSTOMER, INVOICE, add_invoice},
    world::{ELSEWHERE, HERE, add_customer, amount, day, each_store, later, now},
};

fn due(tx: &mut Tx<'_>, after: i64) -> Result<Vec<i64>, Error> {
    let today_at = later();
    let found = standing::customers_due(tx, HERE, later(), today_at, CustomerId(after), 10)?;
    Ok(found.into_iter().map(|customer| customer.0).collect())
}

#[tokio::test]
async fn a_day_concerns_whoever_owes_is_poor_suspended_or_topped_up() {
    each_store(|tx| {
        add_invoice(tx)?;
        let [poor, suspended, topped_up, fine] = [100, 101, 102, 103];
        for id in [poor, suspended, topped_up, fine] {
            add_customer(tx, id)?;
        }
        let good = standing::find(tx, HERE, CustomerId(poor))?.unwrap().standing;
        let expected = Standing {
            status: CustomerStatus::Draft,
            account_status: AccountStatus::Good,
            poor_on: None,
            suspended_on: None,
        };
        assert_eq!(good, expected);
        let bad = Standing { account_status: AccountStatus::PoorStanding, poor_on: Some(day("2024-01-16")), ..good };
        standing::set(tx, ELSEWHERE, CustomerId(poor), &bad)?;
        assert_eq!(standing::find(tx, HERE, CustomerId(poor))?.unwrap().standing, good);
        standing::set(tx, HERE, CustomerId(poor), &bad)?;
        assert_eq!(standing::find(tx, HERE, CustomerId(poor))?.unwrap().standing, bad);
        standing::set_suspended_on(tx, HERE, CustomerId(suspended), Some(day("2024-01-17")))?;
        let stored = standing::find(tx, HERE, CustomerId(suspended))?.unwrap();
        assert_eq!((stored.standing.suspended_on, stored.threshold), (Some(day("2024-01-17")), None));
        let setting = BillingSetting {
            auto_collect_setting_type: Some(AutoCollectSettingType::Threshold),
            recharge_threshold_amount: Some(amount("20")),
            status_on_threshold: Some(true),
            ..BillingSetting::default()
        };
        customer::insert_setting(tx, HERE, CustomerId(topped_up), &setting)?;
        let stored = standing::find(tx, HERE, CustomerId(topped_up))?.unwrap();
        assert_eq!((stored.threshold, stored.balance), (Some(amount("20")), Amount::ZERO));
        let locked = customer::lock(tx, HERE, CustomerId(topped_up))?.unwrap();
        assert_eq!((locked.standing_threshold, locked.account_status), (Some(amount("20")), AccountStatus::Good));
        assert_eq!(standing::find(tx, ELSEWHERE, CustomerId(poor))?, None);
        assert_eq!(due(tx, 0)?, [CUSTOMER.0, poor, suspended, topped_up]);
        assert_eq!(due(tx, poor)?, [suspended, topped_up]);
        assert_eq!(standing::customers_due(tx, ELSEWHERE, later(), later(), CustomerId(0), 10)?, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_invoice_is_overdue_from_the_day_after_it_was_posted() {
    each_store(|tx| {
        add_invoice(tx)?;
        assert_eq!(standing::overdue(tx, HERE, CUSTOMER, later(), later())?, [INVOICE]);
        assert_eq!(standing::overdue(tx, HERE, CUSTOMER, later(), now())?, [], "posted today");
        assert_eq!(standing::overdue(tx, HERE, CUSTOMER, now().plus_days(-9), later())?, [], "not due");
        assert_eq!(standing::overdue(tx, ELSEWHERE, CUSTOMER, later(), later())?, []);
        let taken = invoice::Taken { payments: amount("1"), ..invoice::Taken::default() };
        let owner = invoice::change(tx, HERE, INVOICE, taken, later())?;
        assert_eq!(owner, Some((CUSTOMER, AccountStatus::Good)));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn how_an_account_collects_is_its_own() {
    each_store(|tx| {
        assert_eq!(collection_setting::find(tx, HERE)?, CollectionSetting::default());
        let setting = CollectionSetting {
            auto_collect: true,
            auto_collect_setting_type: AutoCollectSettingType::OutstandingBalance,
            dunning_days: vec![2, 4],
            grace_period: 9,
            auto_suspend: true,
            cancel_after_days: Some(60),
        };
        collection_setting::set(tx, HERE, &setting, now())?;
        assert_eq!(collection_setting::find(tx, HERE)?, setting);
        let none = CollectionSetting { dunning_days: vec![], cancel_after_days: None, ..setting };
        collection_setting::set(tx, HERE, &none, later())?;
        assert_eq!(collection_setting::find(tx, HERE)?, none);
        assert_eq!(collection_setting::find(tx, ELSEWHERE)?, CollectionSetting::default());
        let term = Term::from_name("Net30").unwrap();
        collection_setting::set_term(tx, HERE, term)?;
        let terms = [HERE, ELSEWHERE].map(|account| store::account::find(tx, account).unwrap().unwrap().term);
        assert_eq!(terms, [term, Term::NET_0]);
        Ok(())
    })
    .await;
}
