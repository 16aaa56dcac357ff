//! Payment gateways, the methods that they store, and the sealed texts of both.

use billing::{
    collect::BankAccountType,
    customer::CustomerFields,
    gateway::{GatewayAccount, GatewayKind},
    id::{AccountId, CustomerId, GatewayId, PaymentActivityId, PaymentMethodId},
    instrument::{Expiration, Holder},
    payment::{PaymentMethod, PaymentSource},
    payment_activity::{ActivityStatus, ActivityType},
    payment_method::{CardBrand, External, Face, MethodState, Reserved, Sharing, SharingOverride},
    tax::Region,
};
use db::{Error, Tx};
use money::{Amount, Currency};
use store::{
    customer, gateway,
    payment_activity::{self, Validation},
    payment_method,
    sealed::{self, Column, Sealed},
};

use crate::world::{ELSEWHERE, HERE, each_store, later, now, some};

const OWNER: CustomerId = CustomerId(100);
const CHILD: CustomerId = CustomerId(101);
const GATEWAY: GatewayId = GatewayId(50);
const CARD: PaymentMethodId = PaymentMethodId(60);
const ACCOUNT: PaymentMethodId = PaymentMethodId(61);

fn gateway_of(id: GatewayId, currency: Option<Currency>) -> GatewayAccount {
    GatewayAccount {
        id,
        kind: GatewayKind::Stripe,
        currency,
        base_url: some("https://stripe.test"),
        sealed_secret: some("v1:a:secret"),
        sealed_webhook_secret: some("v1:a:webhook"),
        created_at: now(),
        removed_at: None,
    }
}

fn reserved(id: PaymentMethodId, sharing: Sharing) -> Reserved {
    Reserved {
        id,
        customer: OWNER,
        gateway: GATEWAY,
        gateway_key: format!("key {id}"),
        source: PaymentSource::SelfServicePortal,
        sharing,
        original: Some(PaymentMethodId(3)),
    }
}

fn card() -> Face {
    let expiration = Expiration { year: 30, month: 2 };
    Face::Card { brand: CardBrand::Amex, last_four: "0005".to_owned(), expiration, is_debit: true }
}

fn bank_account() -> Face {
    let (account_last_four, transit_last_four) = ("6789".to_owned(), "0000".to_owned());
    Face::BankAccount { account_last_four, transit_last_four, account_type: BankAccountType::Savings }
}

fn holder() -> Holder {
    Holder {
        first_name: "Ada".to_owned(),
        last_name: "Lovelace".to_owned(),
        address1: some("1 Engine Way"),
        address2: some("Floor 2"),
        city: some("Toronto"),
        postal_zip: some("M5V 1A1"),
        region: Some(Region { country: 124, state: Some(9) }),
    }
}

/// Two customers and a gateway here, and the same ids elsewhere.
fn add_people(tx: &mut Tx<'_>) -> Result<(), Error> {
    for account in [HERE, ELSEWHERE] {
        for id in [OWNER, CHILD] {
            customer::insert(tx, account, id, Currency::USD, &CustomerFields::default(), now())?;
        }
    }
    gateway::insert(tx, HERE, &gateway_of(GATEWAY, None))?;
    gateway::insert(tx, ELSEWHERE, &gateway_of(GatewayId(59), None))
}

/// A card that can be charged.
fn add_card(tx: &mut Tx<'_>, sharing: Sharing) -> Result<(), Error> {
    payment_method::reserve(tx, HERE, &reserved(CARD, sharing), now())?;
    let external = External { customer: "cus_1".to_owned(), instrument: "card_1".to_owned() };
    assert!(payment_method::hold(tx, HERE, CARD, "v1:a:token", &card(), &holder(), Some(&external))?);
    payment_method::set_state(tx, HERE, CARD, MethodState::Active, later())
}

#[tokio::test]
async fn the_last_method_at_a_gateway_is_one_that_can_be_charged() {
    each_store(|tx| {
        add_people(tx)?;
        let last = |tx: &mut Tx<'_>, account| {
            payment_method::find_last_at(tx, account, GATEWAY).map(|found| found.map(|method| method.id))
        };
        assert_eq!(last(tx, HERE)?, None);
        add_card(tx, Sharing::default())?;
        payment_method::reserve(tx, HERE, &reserved(ACCOUNT, Sharing::default()), later())?;
        assert_eq!((last(tx, HERE)?, last(tx, ELSEWHERE)?), (Some(CARD), None));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_currency_is_charged_by_its_own_gateway_first() {
    each_store(|tx| {
        add_people(tx)?;
        let (any, own) = (gateway_of(GATEWAY, None), gateway_of(GatewayId(51), Some(Currency::EUR)));
        gateway::insert(tx, HERE, &own)?;
        assert_eq!(gateway::find(tx, HERE, own.id)?, Some(own.clone()));
        assert_eq!(gateway::find(tx, ELSEWHERE, own.id)?, None);
        assert_eq!(gateway::find_for(tx, HERE, Currency::EUR)?, Some(own.clone()));
        assert_eq!(gateway::find_for(tx, HERE, Currency::USD)?, Some(any.clone()));
        assert_eq!(gateway::find_of_notice(tx, own.id)?, Some((HERE, own.clone())));
        assert_eq!(gateway::find_of_notice(tx, GatewayId(1))?, None);
        assert_eq!(gateway::list(tx, HERE)?, [any, own.clone()]);
        let second = tx.savepoint(|tx| gateway::insert(tx, HERE, &gateway_of(GatewayId(52), Some(Currency::EUR))));
        assert!(matches!(second, Err(Error::Conflict(_))), "{second:?}");

        let removed = GatewayAccount { removed_at: Some(later()), sealed_secret: some("v1:b:other"), ..own };
        gateway::update(tx, ELSEWHERE, &removed)?;
        assert_ne!(gateway::find(tx, HERE, removed.id)?.as_ref(), Some(&removed));
        gateway::update(tx, HERE, &removed)?;
        assert_eq!(gateway::find(tx, HERE, removed.id)?, Some(removed));
        assert_eq!(gateway::find_for(tx, HERE, Currency::EUR)?.map(|found| found.id), Some(GATEWAY));
        gateway::insert(tx, HERE, &gateway_of(GatewayId(52), Some(Currency::EUR)))
    })
    .await;
}

#[tokio::test]
async fn a_method_is_seen_once_it_can_be_charged() {
    each_store(|tx| {
        add_people(tx)?;
        let overrides = vec![SharingOverride { id: 0, customer: CHILD, is_shared: true }];
        let sharing = Sharing { is_shared: false, overrides };
        let order = reserved(CARD, sharing.clone());
        payment_method::reserve(tx, HERE, &order, now())?;
        let mut kept = payment_method::find_reserved(tx, HERE, CARD)?.unwrap();
        assert!(std::mem::take(&mut kept.sharing.overrides[0].id) > 0);
        assert_eq!(kept, order);
        assert_eq!(payment_method::find_reserved(tx, ELSEWHERE, CARD)?, None);
        assert_eq!(payment_method::find(tx, HERE, CARD)?, None);
        assert!(!payment_method::hold(tx, ELSEWHERE, CARD, "x", &card(), &holder(), None)?);
        let external = External { customer: "cus_1".to_owned(), instrument: "card_1".to_owned() };
        assert!(payment_method::hold(tx, HERE, CARD, "v1:a:token", &card(), &holder(), Some(&external))?);
        assert_eq!(payment_method::list(tx, HERE, &[OWNER])?, []);
        payment_method::set_state(tx, HERE, CARD, MethodState::Active, later())?;

        let found = payment_method::find(tx, HERE, CARD)?.unwrap();
        assert_eq!((&found.face, &found.holder, found.external.as_ref()), (&card(), &holder(), Some(&external)));
        assert_eq!((found.customer, found.gateway, found.state), (OWNER, GATEWAY, MethodState::Active));
        assert_eq!((found.sealed_token.as_deref(), found.source), (Some("v1:a:token"), order.source));
        assert_eq!((found.original, found.created_at, found.modified_at), (order.original, now(), later()));
        assert!(!found.sharing.is_shared && found.sharing.includes(CHILD));
        assert_eq!(payment_method::find(tx, ELSEWHERE, CARD)?, None);
        assert_eq!(payment_method::list(tx, HERE, &[CHILD, OWNER])?, std::slice::from_ref(&found));
        assert_eq!(payment_method::list(tx, ELSEWHERE, &[OWNER])?, []);
        assert_eq!(payment_method::find_reserved(tx, HERE, CARD)?, None);
        // What is in use is not written again by somebody who was slow.
        assert!(!payment_method::hold(tx, HERE, CARD, "x", &bank_account(), &holder(), None)?);
        payment_method::set_failures(tx, HERE, CARD, 2)?;
        payment_method::set_failures(tx, ELSEWHERE, CARD, 9)?;
        assert_eq!(payment_method::find(tx, HERE, CARD)?.unwrap().failure_count, 2);
        assert_eq!(payment_method::count_at(tx, HERE, GATEWAY)?, 1);
        assert_eq!(payment_method::count_at(tx, ELSEWHERE, GATEWAY)?, 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn bank_accounts_and_what_is_left_of_the_deleted() {
    each_store(|tx| {
        add_people(tx)?;
        payment_method::reserve(tx, HERE, &reserved(ACCOUNT, Sharing::default()), now())?;
        let bare = Holder { first_name: "A".to_owned(), last_name: "B".to_owned(), ..Holder::default() };
        assert!(payment_method::hold(tx, HERE, ACCOUNT, "v1:a:token", &bank_account(), &bare, None)?);
        payment_method::set_state(tx, HERE, ACCOUNT, MethodState::Active, now())?;
        let found = payment_method::find(tx, HERE, ACCOUNT)?.unwrap();
        assert_eq!((found.face, found.holder, found.external), (bank_account(), bare, None));
        // A token goes only with what is deleted.
        payment_method::forget_token(tx, HERE, ACCOUNT)?;
        assert!(payment_method::find(tx, HERE, ACCOUNT)?.unwrap().sealed_token.is_some());
        payment_method::set_state(tx, HERE, ACCOUNT, MethodState::Deleted, later())?;
        payment_method::forget_token(tx, ELSEWHERE, ACCOUNT)?;
        assert!(payment_method::find(tx, HERE, ACCOUNT)?.unwrap().sealed_token.is_some());
        payment_method::forget_token(tx, HERE, ACCOUNT)?;
        assert_eq!(payment_method::find(tx, HERE, ACCOUNT)?.unwrap().sealed_token, None);
        assert_eq!(payment_method::list(tx, HERE, &[OWNER])?, []);
        assert_eq!(payment_method::count_at(tx, HERE, GATEWAY)?, 0);

        let overrides = vec![SharingOverride { id: 0, customer: CHILD, is_shared: true }];
        payment_method::reserve(tx, HERE, &reserved(CARD, Sharing { is_shared: true, overrides }), now())?;
        payment_method::delete_pending(tx, ELSEWHERE, CARD)?;
        assert!(payment_method::find_reserved(tx, HERE, CARD)?.is_some());
        payment_method::delete_pending(tx, HERE, CARD)?;
        assert_eq!(payment_method::find_reserved(tx, HERE, CARD)?, None);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_validation_is_an_attempt_without_money() {
    each_store(|tx| {
        add_people(tx)?;
        let validation = Validation {
            id: PaymentActivityId(70),
            customer: OWNER,
            status: ActivityStatus::Failed,
            source: PaymentSource::Manual,
            method: PaymentMethod::Ach,
            amount: Amount::ZERO,
            currency: Currency::USD,
        };
        payment_activity::insert_validation(tx, HERE, &validation, later())?;
        let found = payment_activity::find(tx, HERE, validation.id)?.unwrap();
        assert_eq!((found.activity_type, found.status), (ActivityType::Validate, ActivityStatus::Failed));
        assert_eq!((found.customer, found.method, found.created_at), (OWNER, PaymentMethod::Ach, later()));
        assert_eq!(payment_activity::find(tx, ELSEWHERE, validation.id)?, None);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_customer_has_one_default() {
    each_store(|tx| {
        add_people(tx)?;
        add_card(tx, Sharing::default())?;
        payment_method::reserve(tx, HERE, &reserved(ACCOUNT, Sharing::default()), now())?;
        for customer in [OWNER, CHILD] {
            payment_method::set_default(tx, HERE, customer, CARD)?;
            assert_eq!(payment_method::find_default(tx, HERE, customer)?, Some(CARD));
            assert_eq!(payment_method::find_default(tx, ELSEWHERE, customer)?, None);
        }
        let listed = payment_method::list_defaults(tx, HERE, &[CHILD, CustomerId(99)])?;
        assert_eq!(listed.iter().map(|(whose, method)| (*whose, method.id)).collect::<Vec<_>>(), [(CHILD, CARD)]);
        assert!(payment_method::list_defaults(tx, ELSEWHERE, &[CHILD])?.is_empty());
        payment_method::set_default(tx, HERE, CHILD, ACCOUNT)?;
        assert_eq!(payment_method::find_default(tx, HERE, CHILD)?, Some(ACCOUNT));
        payment_method::set_default(tx, HERE, CHILD, CARD)?;
        payment_method::move_defaults(tx, ELSEWHERE, CARD, ACCOUNT)?;
        assert_eq!(payment_method::find_default(tx, HERE, CHILD)?, Some(CARD));
        payment_method::move_defaults(tx, HERE, CARD, ACCOUNT)?;
        assert_eq!(payment_method::find_default(tx, HERE, CHILD)?, Some(ACCOUNT));
        payment_method::clear_default(tx, ELSEWHERE, ACCOUNT)?;
        assert_eq!(payment_method::find_default(tx, HERE, OWNER)?, Some(ACCOUNT));
        payment_method::clear_default(tx, HERE, ACCOUNT)?;
        assert_eq!(payment_method::find_default(tx, HERE, OWNER)?, None);
        assert_eq!(payment_method::find_default(tx, HERE, CHILD)?, None);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_method_becomes_another_customers() {
    each_store(|tx| {
        add_people(tx)?;
        let overrides = [OWNER, CHILD].map(|customer| SharingOverride { id: 0, customer, is_shared: true });
        add_card(tx, Sharing { is_shared: false, overrides: overrides.to_vec() })?;
        for customer in [CHILD, OWNER] {
            payment_method::set_default(tx, HERE, customer, CARD)?;
        }
        payment_method::set_customer(tx, ELSEWHERE, CARD, CHILD, now())?;
        assert_eq!(payment_method::find(tx, HERE, CARD)?.unwrap().customer, OWNER);
        payment_method::set_customer(tx, HERE, CARD, CHILD, now())?;
        let found = payment_method::find(tx, HERE, CARD)?.unwrap();
        assert_eq!((found.customer, found.modified_at), (CHILD, now()));
        let named = |tx: &mut Tx<'_>| {
            let sharing = payment_method::find(tx, HERE, CARD)?.unwrap().sharing;
            Ok::<_, Error>(sharing.overrides.iter().map(|own| own.customer).collect::<Vec<_>>())
        };
        payment_method::delete_override(tx, ELSEWHERE, CARD, CHILD)?;
        assert_eq!(named(tx)?, [OWNER, CHILD]);
        payment_method::delete_override(tx, HERE, CARD, CHILD)?;
        assert_eq!(named(tx)?, [OWNER]);
        assert_eq!(payment_method::list_defaulting(tx, HERE, CARD)?, [OWNER, CHILD]);
        assert_eq!(payment_method::list_defaulting(tx, ELSEWHERE, CARD)?, []);
        payment_method::clear_default_of(tx, ELSEWHERE, OWNER)?;
        payment_method::clear_default_of(tx, HERE, CHILD)?;
        assert_eq!(payment_method::list_defaulting(tx, HERE, CARD)?, [OWNER]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn sealed_texts_are_listed_and_replaced_one_by_one() {
    each_store(|tx| {
        add_people(tx)?;
        add_card(tx, Sharing::default())?;
        let all = |tx: &mut Tx<'_>, column| sealed::list_after(tx, column, (AccountId(0), 0), 10);
        let of = |account, row, text: &str| Sealed { account, row, text: text.to_owned() };
        for (column, text) in [(Column::GatewaySecret, "v1:a:secret"), (Column::WebhookSecret, "v1:a:webhook")] {
            assert_eq!(all(tx, column)?, [of(HERE, GATEWAY.0, text), of(ELSEWHERE, 59, text)]);
            let rest = sealed::list_after(tx, column, (HERE, GATEWAY.0), 10)?;
            assert_eq!(rest, [of(ELSEWHERE, 59, text)]);
            assert_eq!(sealed::list_after(tx, column, (AccountId(0), 0), 1)?.len(), 1);
        }
        let token = of(HERE, CARD.0, "v1:a:token");
        assert_eq!(all(tx, Column::MethodToken)?, std::slice::from_ref(&token));
        assert!(sealed::replace(tx, Column::MethodToken, &token, "v1:b:token")?);
        assert!(!sealed::replace(tx, Column::MethodToken, &token, "v1:c:token")?);
        assert_eq!(all(tx, Column::MethodToken)?, [of(HERE, CARD.0, "v1:b:token")]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_deleted_draft_leaves_its_ancestors_methods() {
    each_store(|tx| {
        add_people(tx)?;
        payment_method::reserve(tx, HERE, &reserved(CARD, Sharing::default()), now())?;
        payment_method::set_default(tx, HERE, CHILD, CARD)?;
        assert!(customer::has_transactions(tx, HERE, OWNER)? && !customer::has_transactions(tx, HERE, CHILD)?);
        assert!(!customer::find(tx, HERE, OWNER)?.unwrap().can_change_currency);
        customer::delete(tx, HERE, CHILD)?;
        assert_eq!(payment_method::find_default(tx, HERE, CHILD)?, None);
        assert!(payment_method::find_reserved(tx, HERE, CARD)?.is_some());
        Ok(())
    })
    .await;
}
