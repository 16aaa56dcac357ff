//! A new secret of a gateway is of the same account there, or refused.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use app::{
    Error, Tx,
    gateways::{Gateways, add, list, set_secret},
};
use billing::{
    account::Session, collect::Keeps, gateway::GatewayKind, id::GatewayId, instrument::SecretString, refusal::Refusal,
};
use gateway::{Gateway, test::TestGateway};
use money::Currency;
use vault::Vault;

use super::till::{Line, Till, VISA, each_till, first, once, provided};
use crate::shop::VAULT_KEYS;

/// A gateway of an account at Stripe, which the secret names.
fn gateways(own: &Arc<Line>, other: &Arc<Line>) -> Gateways {
    let (own, other) = (Arc::clone(own), Arc::clone(other));
    let open = move |settings: &app::gateways::Settings| {
        use billing::instrument::ExposeSecret as _;
        let is_other = settings.secret.as_ref().is_some_and(|secret| secret.expose_secret() == "other");
        Ok(Arc::clone(if is_other { &other } else { &own }) as Arc<dyn Gateway>)
    };
    Gateways::new(Vault::parse(&SecretString::from(VAULT_KEYS)).unwrap(), Box::new(open))
}

impl Till {
    async fn add_stripe(&self) -> GatewayId {
        let (account, now, gateways) = (self.shop.account, self.shop.app.now(), Arc::clone(self.shop.app.gateways()));
        let add = move |tx: &mut Tx<'_>, _: &Session| {
            let order = add::Order {
                kind: GatewayKind::Stripe,
                currency: Some(Currency::USD),
                secret: Some(SecretString::from("own")),
                webhook_secret: None,
                base_url: None,
            };
            add::run(tx, &gateways, account, &order, now).map(|added| added.id)
        };
        self.shop.act(add).await.unwrap()
    }

    async fn check(&self, gateway: GatewayId, secret: &str) -> Result<(), Error> {
        set_secret::check(&self.shop.app, self.shop.account, gateway, &SecretString::from(secret)).await
    }
}

#[tokio::test]
async fn a_secret_of_another_account_is_refused() {
    each_till(async |till| {
        let inner = Arc::new(TestGateway::in_memory());
        let other = Arc::new(Line { inner, is_cut: AtomicBool::new(false), is_held: AtomicBool::new(false) });
        let app = till.shop.app.clone().with_gateways(gateways(&till.line, &other));
        let shop = crate::shop::Shop {
            app,
            gateway: Arc::clone(&till.shop.gateway),
            clock: till.shop.clock.clone(),
            ..till.shop
        };
        let till = Till { shop, line: Arc::clone(&till.line), caller: till.caller.clone(), product: till.product };
        let gateway = till.add_stripe().await;
        till.check(gateway, "other").await.unwrap();

        for keeps in [Keeps::Nothing, Keeps::Method] {
            let customer = till.shop.customer().await;
            till.buy(customer, "10", first(provided(VISA, keeps)), None).await.unwrap();
            till.check(gateway, "renewed").await.unwrap();
            let refused = till.check(gateway, "other").await;
            assert!(
                matches!(refused, Err(Error::Refused(Refusal::SecretOfAnother(id))) if id == gateway),
                "{refused:?}"
            );
        }
        other.is_cut.store(true, Ordering::SeqCst);
        let unchecked = till.check(gateway, "other").await.unwrap_err().to_string();
        assert!(unchecked.starts_with("The new secret could not be checked: "), "{unchecked}");
        // The test gateway has no accounts.
        let ids = |tx: &mut Tx<'_>, session: &Session| list::run(tx, session.account.id);
        let test = till.shop.act(ids).await.unwrap().into_iter().find(|own| own.kind == GatewayKind::Test).unwrap();
        till.check(test.id, "other").await.unwrap();
        till.buy(till.shop.customer().await, "1", first(once(VISA)), None).await.unwrap();
    })
    .await;
}
