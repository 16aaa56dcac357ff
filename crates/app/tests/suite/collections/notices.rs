//! Notices of Stripe only say that it is time to ask.

use std::sync::Arc;

use app::{
    Error, Tx, collection,
    gateways::{list, set_secret},
};
use billing::{
    account::Session,
    collect::Keeps,
    id::GatewayId,
    instrument::SecretString,
    payment_activity::ActivityStatus::{Failed, Unknown},
};
use db::values;

use super::till::{Till, VISA, each_till, first, provided};

/// Signed by Python's `hmac` with the secret `whsec_test`, at the time of the opening.
const BODY: &str = r#"{"id":"evt_1","type":"payment_intent.succeeded","data":{"object":{"id":"pi_1","metadata":{"billfold_key":"k-1"}}}}"#;
const SIGNED: &str = "t=1705312800,v1=2264cd095a29dea8c03876fadc8f3310ddcc846e91a732374d21111751c7b79d";

impl Till {
    /// Tells the gateway's webhook secret; the gateway.
    async fn sign_notices(&self) -> GatewayId {
        let gateways = Arc::clone(self.shop.app.gateways());
        let set = move |tx: &mut Tx<'_>, session: &Session| {
            let account = session.account.id;
            let id = list::run(tx, account)?[0].id;
            let secret = SecretString::from("whsec_test");
            set_secret::run(tx, &gateways, account, id, None, Some(&secret)).map(|()| id)
        };
        self.shop.act(set).await.unwrap()
    }
}

#[tokio::test]
async fn a_notice_lets_the_gateway_be_asked_and_is_not_believed() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        let gateway = till.sign_notices().await;
        till.line.is_cut.store(true, std::sync::atomic::Ordering::SeqCst);
        let unknown = till.buy(customer, "10", first(provided(VISA, Keeps::Nothing)), None).await;
        assert!(matches!(unknown, Err(Error::Unsettled(_))), "{unknown:?}");
        till.line.is_cut.store(false, std::sync::atomic::Ordering::SeqCst);
        // The charge of another key, of which the gateway knows nothing.
        let rename = |tx: &mut Tx<'_>, session: &Session| {
            let sql = "UPDATE collection SET gateway_key = 'k-1' WHERE account_id = $1";
            Ok(tx.execute(sql, &values![session.account.id.0])?)
        };
        till.shop.act(rename).await.unwrap();

        let due = async || {
            let sql = "SELECT COUNT(*) FROM task t JOIN account a ON a.id = t.account_id
                WHERE t.kind = 'collect' AND t.due_at = a.created_at AND t.account_id = $1";
            let account = till.shop.account.0;
            till.shop.act(move |tx, _| Ok(tx.scalar::<i64>(sql, &values![account])?)).await.unwrap()
        };
        let forged = collection::notice(&till.shop.app, gateway, &SIGNED.replace("=22", "=33"), BODY.as_bytes()).await;
        assert!(matches!(forged, Err(Error::Invalid(_))), "{forged:?}");
        assert_eq!((due().await, till.ends(customer).await), (0, vec![Unknown]));

        collection::notice(&till.shop.app, gateway, SIGNED, BODY.as_bytes()).await.unwrap();
        assert_eq!(due().await, 1, "without waiting for the end of the lease");
        till.work_until(customer, &[Failed]).await;
        collection::notice(&till.shop.app, gateway, SIGNED, BODY.as_bytes()).await.unwrap();
        assert_eq!(till.ends(customer).await, [Failed]);
    })
    .await;
}
