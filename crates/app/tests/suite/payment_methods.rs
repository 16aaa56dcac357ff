//! What becomes of tokens: forgotten with what is deleted, and sealed anew when the vault's key changes.

use std::sync::Arc;

use app::{
    Tx,
    collection::Asked,
    gateways::{self, Gateways, reseal},
    payment_methods::{Reservation, admit, create, default_of, delete, forget, hold, reserve},
};
use billing::{
    account::Session,
    collect::{BankAccountType, CollectFrom, Keeps},
    id::{CustomerId, PaymentMethodId},
    instrument::{BankAccount, Card, Expiration, Holder, Instrument, SecretString},
    payment::PaymentSource,
    payment_method::Sharing,
};
use gateway::{Gateway as _, test::Entry};
use money::Currency;
use testkit::until;
use vault::Vault;

use crate::shop::{Shop, each_shop};

pub(crate) fn card() -> Instrument {
    Instrument::Card(Card {
        number: SecretString::from("4242424242424242"),
        cvv: None,
        expiration: Expiration { year: 30, month: 2 },
        holder: Holder::default(),
    })
}

/// Stores a card of a customer.
pub(crate) async fn store(shop: &Shop, customer: CustomerId) -> PaymentMethodId {
    let reserved = shop.act(move |tx: &mut Tx<'_>, session: &Session| {
        let row = gateways::for_currency(tx, session.account.id, Currency::USD)?;
        let (source, sharing) = (PaymentSource::Manual, Sharing::default());
        reserve(tx, session, &row, Reservation { customer, source, sharing, original: None })
    });
    let reserved = reserved.await.unwrap();
    let vaulted = shop.gateway.store(&reserved.gateway_key, &card()).unwrap();
    let (id, gateways) = (reserved.id, Arc::clone(shop.app.gateways()));
    let keep = shop.act(move |tx: &mut Tx<'_>, session: &Session| {
        assert!(hold(tx, &gateways, session.account.id, id, &vaulted, &Holder::default(), None)?);
        admit(tx, session, id, false)
    });
    assert_eq!(keep.await.unwrap().id, id);
    id
}

#[tokio::test]
async fn the_gateway_forgets_what_is_deleted() {
    each_shop(async |shop| {
        shop.add_gateway().await;
        let customer = shop.customer().await;
        let id = store(shop, customer).await;
        let default = shop.act(move |tx, session| default_of(tx, session.account.id, customer)).await.unwrap();
        assert_eq!(default.map(|method| method.id), Some(id));
        shop.act(move |tx, session| delete::run(tx, session, id, None)).await.unwrap();
        let worker = forget::start_worker(&shop.app);
        let has_forgotten =
            || shop.gateway.entries().unwrap().iter().any(|entry| matches!(entry, Entry::Forgotten { .. }));
        until("a method that is forgotten", async || has_forgotten()).await;
        worker.stop().await;
        let left = shop.act(move |tx, session| Ok(store::payment_method::find(tx, session.account.id, id)?));
        assert_eq!(left.await.unwrap().unwrap().sealed_token, None);
    })
    .await;
}

#[tokio::test]
async fn a_new_key_seals_everything_anew() {
    each_shop(async |shop| {
        shop.add_gateway().await;
        let customer = shop.customer().await;
        store(shop, customer).await;
        let with = |keys: String| {
            let vault = Vault::parse(&SecretString::from(keys)).unwrap();
            shop.app.clone().with_gateways(Gateways::new(vault, Box::new(|_| Err("none".to_owned()))))
        };
        let (old, new) = (crate::shop::VAULT_KEYS, "new:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
        let both = with(format!("{new},{old}"));
        let found = async |replaces: bool| {
            let count = reseal::run(&both, replaces).await.unwrap();
            (count.seen, count.outdated, count.unreadable)
        };
        assert_eq!(found(false).await, (1, 1, 0));
        assert_eq!(reseal::run(&with(new.to_owned()), true).await.unwrap().unreadable, 1);
        assert_eq!(found(true).await, (1, 1, 0));
        assert_eq!(found(true).await, (1, 0, 0));
        assert_eq!(reseal::run(&with(new.to_owned()), false).await.unwrap().unreadable, 0);
        let closed = shop.app.clone().with_gateways(Gateways::none());
        assert!(matches!(reseal::run(&closed, true).await, Ok(count) if count.unreadable == 1));
    })
    .await;
}

/// Whoever writes an order down, in a log or in the report of a crash, writes no number.
#[test]
fn what_is_asked_of_a_gateway_shows_no_number() {
    let secret = |text: &str| SecretString::from(text);
    let bank_account = BankAccount {
        account_number: secret("000123456789"),
        transit_number: secret("011000015"),
        account_type: BankAccountType::Chequing,
        holder: Holder::default(),
    };
    let Instrument::Card(card) = card() else { return };
    let card = Card { cvv: Some(secret("98765")), ..card };
    for instrument in [Instrument::Card(card), Instrument::BankAccount(bank_account)] {
        let order = create::Order {
            customer: None,
            provided: create::Provided::Instrument(instrument.clone()),
            source: PaymentSource::Manual,
            becomes_default: false,
            sharing: None,
            replaces: None,
            collects: None,
        };
        let from = CollectFrom::Provided { instrument: Box::new(instrument.clone()), keeps: Keeps::Default };
        let asked = Asked::Provided { instrument: Box::new(instrument), keeps: None };
        let shown = format!("{order:?} {from:?} {asked:?} {asked:#?}");
        for number in ["4242", "98765", "000123456789", "6789", "011000015"] {
            assert!(!shown.contains(number), "{number}: {shown}");
        }
    }
}
