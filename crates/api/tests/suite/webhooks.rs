//! Notices of Stripe, as they come in: without a key, with a signature.

use std::sync::Arc;

use app::{
    Tx,
    gateways::{list, set_secret},
};
use billing::{
    id::{AccountId, GatewayId},
    instrument::SecretString,
};
use testkit::{TestAccount, TestServer, each_server};

/// Signed by Python's `hmac` with the secret `whsec_test`, at the time at which test servers start.
const BODY: &str = r#"{"id":"evt_3","type":"customer.created","data":{"object":{"id":"cus_1"}}}"#;
const SIGNED: &str = "t=1705312800,v1=657ee58dee16a317a876a2b1d4d6f9d384c7bcefd22dc3bb3bef0b4458c48d5d";
const FORGED: &str = "t=1705312800,v1=657ee58dee16a317a876a2b1d4d6f9d384c7bcefd22dc3bb3bef0b4458c48d5e";

/// An account's gateway, which is told its webhook secret if there is one.
async fn gateway(server: &TestServer, account: &TestAccount, secret: Option<&'static str>) -> GatewayId {
    server.add_gateway(account).await;
    let (id, gateways) = (AccountId(account.id), Arc::clone(server.app.gateways()));
    let set = move |tx: &mut Tx<'_>| {
        let gateway = list::run(tx, id)?[0].id;
        let secret = secret.map(SecretString::from);
        set_secret::run(tx, &gateways, id, gateway, None, secret.as_ref()).map(|()| gateway)
    };
    server.app.db().write(set).await.unwrap()
}

#[tokio::test]
async fn only_what_is_signed_is_heard() {
    each_server(async |server| {
        let (account, other) = (server.account().await, server.account().await);
        let signed = gateway(server, &account, Some("whsec_test")).await;
        let silent = gateway(server, &other, None).await;
        let send = async |gateway: &str, signature: &str| {
            let caller = server.anonymous().with("stripe-signature", signature);
            caller.post(&format!("/webhooks/stripe/{gateway}"), BODY).await
        };
        let id = signed.to_string();
        let heard = send(&id, SIGNED).await;
        assert_eq!((heard.status, heard.text()), (200, ""));
        for (gateway, signature, status) in [
            (id.as_str(), FORGED, 400),
            (&id, "", 400),
            (&id, "v1=1", 400),
            (&silent.to_string(), SIGNED, 400),
            ("7", SIGNED, 404),
            ("stripe", SIGNED, 404),
        ] {
            assert_eq!(send(gateway, signature).await.status, status, "{gateway} {signature}");
        }
        send(&id, FORGED).await.assert_error(400, "notice.Stripe-Signature", "the signature is wrong");
        server.clock.advance_millis(3_600_000);
        assert_eq!(send(&id, SIGNED).await.status, 400, "somebody may repeat it");
    })
    .await;
}
