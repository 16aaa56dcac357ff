//! When a suspension ends, and from when on its days are counted.

use billing::{
    collection_setting::CollectionSetting,
    customer::{AccountStatus, BillingSetting, CustomerStatus, StatusChange},
    standing::{Patience, Standing},
};
use calendar::date_from_days;

fn standing(status: CustomerStatus, account_status: AccountStatus, poor_on: Option<i32>) -> Standing {
    Standing { status, account_status, poor_on: poor_on.map(date_from_days), suspended_on: None }
}

#[test]
fn cancellation_counts_from_the_suspension() {
    let account = CollectionSetting { auto_suspend: true, cancel_after_days: Some(3), ..CollectionSetting::default() };
    let patience = account.patience(&BillingSetting::default());
    let since = standing(CustomerStatus::Suspended, AccountStatus::PoorStanding, Some(1));
    let suspended = Standing { suspended_on: Some(date_from_days(10)), ..since };
    let due = |today| suspended.due(date_from_days(today), patience);
    assert_eq!([due(12), due(13)], [None, Some(StatusChange::Cancel)]);
    assert_eq!(since.due(date_from_days(99), patience), None, "nobody knows since when");
    let never = Patience { cancel_after_days: None, ..patience };
    assert_eq!(suspended.due(date_from_days(99), never), None);
}

#[test]
fn a_suspension_ends_with_good_standing_only() {
    use AccountStatus::{Collection, Good, PoorStanding};
    use CustomerStatus::{Active, Cancelled, Draft, Hold, Suspended};
    let may = |status| [Good, PoorStanding, Collection].map(|account| standing(status, account, None).may_resume());
    assert_eq!(may(Suspended), [true, false, false]);
    assert_eq!([Draft, Active, Hold, Cancelled].map(may), [[false; 3]; 4]);
}
