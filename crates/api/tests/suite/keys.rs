//! Who may call: the ways to present a key, and what anybody else is told (conventions.md §2).

use api::{Config, Limits};
use app::accounts::key;
use billing::id::{AccountId, ApiKeyId};
use testkit::{Reply, each_server, on_server, server::config};

const MALFORMED: &str = "Authorization key is not in the correct format.";

#[track_caller]
fn assert_closed(reply: &Reply, status: u16, value: &str) {
    reply.assert_refused(status, value);
    assert_eq!(reply.header("x-authorizationfailed"), Some("true"));
    assert_eq!(reply.header("www-authenticate"), None, "a browser would ask its user for a password");
}

#[tokio::test]
async fn a_key_may_be_presented_in_three_ways() {
    on_server(config(), async |server| {
        let account = server.account().await;
        let (key, secret) = (&account.key, &account.secret);
        assert_eq!((key.len(), &key[..3]), (88, "MDp"));
        let with_user_0 = base64(&format!("0:{secret}"));
        let key_as_user = base64(&format!("{key}:"));
        let secret_as_user = base64(&format!("{secret}:"));
        for token in [key, &with_user_0, &key_as_user, &secret_as_user] {
            for header in [format!("Basic {token}"), format!("basic   {token} "), format!("BASIC {token}")] {
                let caller = server.anonymous().with("authorization", &header);
                assert_eq!(caller.get("/v1/customers").await.status, 200, "{header}");
            }
        }
        let wrong_user = server.client(&base64(&format!("1:{secret}")));
        assert_closed(&wrong_user.get("/v1/customers").await, 401, "The API key is not valid.");
    })
    .await;
}

#[tokio::test]
async fn without_a_key_nothing_opens() {
    on_server(config(), async |server| {
        let account = server.account().await;
        let absent = server.anonymous();
        assert_closed(&absent.get("/v1/customers").await, 401, "The Authorization header is missing.");
        for header in ["Basic", "Basic ", "Bearer abc", "abc", &format!("Bearer {}", account.key), &account.key] {
            let caller = absent.with("authorization", header);
            assert_closed(&caller.get("/v1/customers").await, 400, MALFORMED);
        }
        for token in [&account.secret, &account.key[..87], "MDp", "Og==", "%"] {
            let caller = server.client(token);
            assert_closed(&caller.get("/v1/customers").await, 401, "The API key is not valid.");
        }
    })
    .await;
}

#[tokio::test]
async fn every_operation_needs_a_key() {
    on_server(config(), async |server| {
        for operation in api::operations() {
            let path = operation.path.replace("{id}", "1").replace("{customerId}", "1");
            let reply = server.anonymous().send(operation.method.as_str(), &path, "{}").await;
            assert_closed(&reply, 401, "The Authorization header is missing.");
        }
    })
    .await;
}

#[tokio::test]
async fn a_revoked_key_is_refused_at_once_and_another_goes_on() {
    each_server(async |server| {
        let account = server.account().await;
        let id = AccountId(account.id);
        let other = api::key_of(&"k".repeat(64));
        let (own, now) = (other.clone(), server.app.now());
        server.app.db().write(move |tx| key::create(tx, id, "second", &own, now)).await.unwrap();
        let (first, second) = (server.client(&account.key), server.client(&other));
        // The server remembers both keys from here on.
        assert_eq!(first.get("/v1/customers").await.status, 200);
        assert_eq!(second.get("/v1/customers").await.status, 200);

        let keys = server.app.db().read(move |tx| key::list(tx, id)).await.unwrap();
        let revoked: ApiKeyId = keys.iter().find(|key| key.label == "first key").unwrap().id;
        server.app.db().write(move |tx| key::revoke(tx, id, revoked, now)).await.unwrap();
        assert_closed(&first.get("/v1/customers").await, 401, "The API key is not valid.");
        let write = first.post("/v1/customers", "{}").await;
        assert_closed(&write, 401, "The API key is not valid.");
        assert_eq!(second.get("/v1/customers").await.text(), "[]");
    })
    .await;
}

#[tokio::test]
async fn a_revoked_key_uses_nothing_of_its_account_up_whatever_it_asks() {
    let limits = Limits { per_minute: 100, per_day: 1_000 };
    on_server(Config { limits, ..config() }, async |server| {
        let account = server.account().await;
        let (id, now) = (AccountId(account.id), server.app.now());
        let too_large = "x".repeat(config().body_bytes_max + 1);
        let calls = [
            ("POST", "/v1/customers", "{"),
            ("POST", "/v1/customers", "{firstName: {}}"),
            ("POST", "/v1/customers", &too_large),
            ("POST", "/v1/customers", "{}"),
            ("GET", "/v1/customers/x", ""),
            ("GET", "/v1/customers?pageSize=x", ""),
            ("GET", "/v1/plans?view=subscription", ""),
            ("GET", "/v1/countries", ""),
        ];
        for (index, (method, path, body)) in calls.into_iter().enumerate() {
            let key = api::key_of(&format!("{index}{}", "k".repeat(63)));
            let (stranger, own) = (server.client(&key), key.clone());
            let created = server.app.db().write(move |tx| key::create(tx, id, "passing", &own, now)).await.unwrap();
            // The server remembers the key from here on.
            assert_eq!(stranger.get("/v1/customers").await.status, 200);
            server.app.db().write(move |tx| key::revoke(tx, id, created, now)).await.unwrap();
            for _ in 0..2 {
                let reply = stranger.send(method, path, body).await;
                assert_closed(&reply, 401, "The API key is not valid.");
                assert_eq!(
                    reply.header("x-rate-limit-remaining-minute"),
                    Some("100"),
                    "{path} tells a stranger nothing"
                );
            }
        }
        let reply = server.client(&account.key).get("/v1/customers").await;
        let left = (100 - calls.len() - 1).to_string();
        assert_eq!(reply.header("x-rate-limit-remaining-minute"), Some(left.as_str()));
    })
    .await;
}

/// RFC 4648, for texts of a test.
fn base64(text: &str) -> String {
    use ::base64::{Engine as _, engine::general_purpose::STANDARD};
    STANDARD.encode(text)
}
