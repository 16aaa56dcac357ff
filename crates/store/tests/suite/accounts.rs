//! Accounts, keys, number series, idempotency keys, events.

use billing::{
    account::Account,
    address::AddressFields,
    event::{Event, EventType},
    id::{AccountId, ApiKeyId, CustomerId},
    profile::{AccountProfile, Logo, LogoFormat},
    tax::Region,
};
use db::values;
use store::{
    account::{self, ApiKey},
    account_profile, event,
    idempotency::{self, Kept, Used},
};

use crate::world::{ELSEWHERE, HERE, account as of, each_store, later, now};

#[tokio::test]
async fn accounts_are_found_by_id_and_by_keys_that_still_open() {
    each_store(|tx| {
        assert_eq!(account::find(tx, HERE)?, Some(of(HERE)));
        assert_eq!(account::find(tx, AccountId(3))?, None);
        assert_eq!(account::list(tx)?, [HERE, ELSEWHERE].map(of));
        account::insert_key(tx, HERE, ApiKeyId(10), "first", "hash", now())?;
        account::insert_key(tx, HERE, ApiKeyId(11), "second", "other hash", later())?;
        let opened: Option<(ApiKeyId, Account)> = Some((ApiKeyId(10), of(HERE)));
        assert_eq!(account::find_by_key(tx, "hash")?, opened);
        let hashes = ["unknown", "hash"].map(str::to_owned);
        assert_eq!(account::find_by_any_key(tx, &hashes)?, Some(("hash".to_owned(), ApiKeyId(10), HERE)));
        assert_eq!(account::find_by_any_key(tx, &hashes[..1])?, None);
        assert!(!account::revoke_key(tx, ELSEWHERE, ApiKeyId(10), later())?);
        assert!(account::revoke_key(tx, HERE, ApiKeyId(10), later())?);
        assert!(!account::revoke_key(tx, HERE, ApiKeyId(10), later())?, "once");
        assert_eq!(account::find_by_key(tx, "hash")?, None);
        assert_eq!(account::find_by_any_key(tx, &hashes)?, None);
        let key = |id, label: &str, created_at, revoked_at| ApiKey {
            id: ApiKeyId(id),
            label: label.to_owned(),
            created_at,
            revoked_at,
        };
        let keys = [key(10, "first", now(), Some(later())), key(11, "second", later(), None)];
        assert_eq!(account::list_keys(tx, HERE)?, keys);
        assert_eq!(account::list_keys(tx, ELSEWHERE)?, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn each_account_counts_its_own_numbers() {
    each_store(|tx| {
        for expected in 1..=3 {
            assert_eq!(account::next_number(tx, HERE, "invoice")?, expected);
        }
        assert_eq!(account::next_number(tx, ELSEWHERE, "invoice")?, 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_key_is_claimed_once_in_each_account_and_keeps_its_answer() {
    each_store(|tx| {
        let used = |kept| Some(Used { request_hash: "request".to_owned(), kept });
        assert_eq!(idempotency::claim(tx, HERE, "key", "request", now())?, None);
        idempotency::await_answer(tx, HERE, "key", 7)?;
        let again = idempotency::claim(tx, HERE, "key", "another request", later())?;
        assert_eq!(again, used(Kept::Awaited { subject_id: 7 }));
        assert!(!idempotency::answer(tx, ELSEWHERE, "key", 201, "{}")?);
        assert!(idempotency::answer(tx, HERE, "key", 201, "{}")?);
        assert!(!idempotency::answer(tx, HERE, "key", 500, "")?, "the first answer stays");
        let again = idempotency::claim(tx, HERE, "key", "another request", later())?;
        assert_eq!(again, used(Kept::Answer { status: 201, body: "{}".to_owned() }));
        assert_eq!(idempotency::claim(tx, ELSEWHERE, "key", "request", now())?, None);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn events_lie_in_the_outbox_in_their_order() {
    each_store(|tx| {
        let of = |customer, subject_id| Event { event_type: EventType::PurchaseCancelled, customer, subject_id };
        event::insert(tx, HERE, &[of(Some(CustomerId(5)), 7), of(None, 6)], now())?;
        event::insert(tx, HERE, &[], now())?;
        let sql = "SELECT customer_id, subject_id FROM event WHERE account_id = $1 ORDER BY id";
        let mut stored = |account: AccountId| {
            tx.query(sql, &values![account.0], |row| Ok((row.get::<Option<i64>>(0)?, row.get::<i64>(1)?)))
        };
        assert_eq!(stored(HERE)?, [(Some(5), 7), (None, 6)]);
        assert_eq!(stored(ELSEWHERE)?, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn each_account_says_what_it_says_of_itself() {
    each_store(|tx| {
        assert_eq!(account_profile::find(tx, HERE)?, AccountProfile::default());
        let text = |text: &str| Some(text.to_owned());
        let profile = AccountProfile {
            name: text("Northwind"),
            address: Some(AddressFields {
                company_name: text("Head office"),
                line1: text("1 Main St"),
                line2: text("Floor 2"),
                region: Region { country: 124, state: Some(9) },
                city: text("Toronto"),
                postal_zip: text("M5X"),
                is_valid: true,
            }),
            email: text("a@b.example"),
            phone: text("555"),
            website: text("b.example"),
            signature: text("Thank you."),
            logo: Some(Logo { format: LogoFormat::Jpeg, bytes: vec![0, 255, 7] }),
        };
        assert_eq!(account_profile::find_signature(tx, HERE)?, None);
        account_profile::set(tx, HERE, &profile, now())?;
        assert_eq!(account_profile::find_signature(tx, HERE)?, profile.signature);
        assert_eq!(account_profile::find_signature(tx, ELSEWHERE)?, None);
        assert_eq!(account_profile::find(tx, HERE)?, profile);
        assert_eq!(account_profile::find(tx, ELSEWHERE)?, AccountProfile::default());
        let less = AccountProfile { name: text("Only a name"), ..AccountProfile::default() };
        account_profile::set(tx, HERE, &less, later())?;
        assert_eq!(account_profile::find(tx, HERE)?, less);
        assert_eq!(account_profile::find_signature(tx, HERE)?, None);
        Ok(())
    })
    .await;
}
