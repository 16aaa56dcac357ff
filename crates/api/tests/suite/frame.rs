//! What every response has, whatever was asked.

use api::{Config, Limits};
use testkit::{Reply, each_server, on_server, server::config};

const RATE_LIMITS: [&str; 6] = [
    "x-rate-limit-limit-minute",
    "x-rate-limit-remaining-minute",
    "x-rate-limit-reset-minute",
    "x-rate-limit-limit-day",
    "x-rate-limit-remaining-day",
    "x-rate-limit-reset-day",
];

const EXPOSED: &str = "X-Count, X-CurrentPage, X-PreviousPage, X-NextPage, X-MaxCount, X-PageSize, X-MaxPageIndex, \
                       X-SortExpression, X-SortOrder, X-AuthorizationFailed, X-Rate-Limit-Limit-Minute, \
                       X-Rate-Limit-Remaining-Minute, X-Rate-Limit-Reset-Minute, X-Rate-Limit-Limit-Day, \
                       X-Rate-Limit-Remaining-Day, X-Rate-Limit-Reset-Day, Idempotent-Replayed, Retry-After";

#[track_caller]
fn assert_framed(reply: &Reply, call: &str) {
    for name in RATE_LIMITS {
        assert!(reply.header(name).is_some(), "{call}: no {name}");
    }
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"), "{call}");
    assert_eq!(reply.header("access-control-expose-headers"), Some(EXPOSED), "{call}");
    assert_eq!(reply.header("x-authorizationfailed").is_some(), reply.status == 401, "{call}");
}

#[tokio::test]
async fn every_response_has_the_rate_limits_and_may_be_read_by_any_page() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let customer = shop.create_draft_customer().await;
        let one = format!("/v1/customers/{customer}");
        let calls = [
            (&shop, "GET", "/v1/customers", "", 200),
            (&shop, "GET", one.as_str(), "", 200),
            (&shop, "GET", "/v1/customers/1", "", 404),
            (&shop, "GET", "/v1/nothing", "", 404),
            (&shop, "GET", "/", "", 404),
            (&shop, "PATCH", "/v1/customers", "", 405),
            (&shop, "POST", "/v1/customers", "{", 400),
            (&shop, "OPTIONS", "/v1/customers", "", 204),
            (&shop, "OPTIONS", "/v1/nothing", "", 204),
            (&shop, "GET", "/openapi.json", "", 200),
            (&shop, "GET", "/health", "", 200),
            (&server.anonymous(), "GET", "/v1/customers", "", 401),
            (&server.client("unknown"), "GET", "/v1/customers", "", 401),
        ];
        for (client, method, path, body, status) in calls {
            let reply = client.send(method, path, body).await;
            let call = format!("{method} {path}");
            assert_eq!(reply.status, status, "{call}: {}", reply.text());
            assert_framed(&reply, &call);
            if status == 204 {
                assert_eq!((reply.text(), reply.header("content-type")), ("", None), "{call}");
            } else {
                assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"), "{call}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_preflight_is_told_what_may_be_sent() {
    on_server(config(), async |server| {
        let reply = server.anonymous().send("OPTIONS", "/v1/Purchases/BulkCreate", "").await;
        assert_eq!(reply.status, 204);
        let allowed = reply.header("access-control-allow-headers").unwrap();
        for name in ["Authorization", "Content-Type", "Idempotency-Key"] {
            assert!(allowed.contains(name), "{allowed}");
        }
        let methods = reply.header("access-control-allow-methods").unwrap();
        for name in ["GET", "POST", "PUT", "DELETE"] {
            assert!(methods.contains(name), "{methods}");
        }
    })
    .await;
}

#[tokio::test]
async fn rate_limits_count_down_and_refuse_with_the_limit_named() {
    let limits = Limits { per_minute: 3, per_day: 4 };
    on_server(Config { limits, ..config() }, async |server| {
        let shop = server.shop().await;
        let other = server.shop().await;
        for (left_in_minute, left_in_day) in [("2", "3"), ("1", "2"), ("0", "1")] {
            let reply = shop.get("/v1/customers").await;
            assert_eq!(reply.status, 200);
            assert_eq!(reply.header("x-rate-limit-limit-minute"), Some("3"));
            assert_eq!(reply.header("x-rate-limit-limit-day"), Some("4"));
            assert_eq!(reply.header("x-rate-limit-remaining-minute"), Some(left_in_minute));
            assert_eq!(reply.header("x-rate-limit-remaining-day"), Some(left_in_day));
            assert_eq!(reply.header("x-rate-limit-reset-minute"), Some("2024-01-15T10:01:00"));
            assert_eq!(reply.header("x-rate-limit-reset-day"), Some("2024-01-16T00:00:00"));
        }
        shop.get("/v1/customers").await.assert_refused(429, "API rate limit of 3 requests per minute exceeded.");
        assert_eq!(other.get("/v1/customers").await.status, 200, "limits are an account's own");
        server.clock.advance_millis(60_000);
        assert_eq!(shop.get("/v1/customers").await.status, 200, "what was refused does not count");
        shop.get("/v1/customers").await.assert_refused(429, "API rate limit of 4 requests per day exceeded.");
        server.clock.advance_days(1);
        assert_eq!(shop.get("/v1/customers").await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_unread() {
    on_server(Config { body_bytes_max: 100, ..config() }, async |server| {
        let shop = server.shop().await;
        let body = format!("{{firstName:'{}'}}", "x".repeat(100));
        shop.post("/v1/customers", body).await.assert_refused(413, "The request body exceeds 100 bytes.");
        assert_eq!(shop.get("/v1/customers").await.text(), "[]");
    })
    .await;
}

#[tokio::test]
async fn answers_are_compressed_when_asked_for() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let id = shop.create_draft_customer().await;
        let path = format!("/v1/customers/{id}");
        let plain = shop.get(&path).await;
        assert_eq!(plain.header("content-encoding"), None);
        let compressed = shop.with("accept-encoding", "gzip, deflate").get(&path).await;
        assert_eq!(compressed.header("content-encoding"), Some("gzip"));
        assert_eq!(compressed.body[..2], [0x1f, 0x8b]);
        assert!(compressed.body.len() < plain.body.len());
    })
    .await;
}

#[tokio::test]
async fn nothing_is_negotiated() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let odd = "*/*; q=0.5, text/plain; q=0.8, text/html;level=3;";
        let reply = shop.with("accept", odd).get("/v1/customers").await;
        assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"));
        assert_eq!(reply.text(), "[]");
    })
    .await;
}

#[tokio::test]
async fn paths_and_query_names_match_in_any_case() {
    each_server(async |server| {
        let shop = server.shop().await;
        let id = shop.create_draft_customer().await;
        let expected = shop.get(&format!("/v1/customers/{id}")).await.ok();
        for path in [format!("/V1/CUSTOMERS/{id}"), format!("/v1//Customers/{id}/"), format!("//v1/customers//{id}//")]
        {
            assert_eq!(shop.get(&path).await.ok(), expected, "{path}");
        }
        let reply = shop.get("/v1/Customers/?PAGESIZE=7&pagenumber=0").await;
        assert_eq!(reply.header("x-pagesize"), Some("7"));
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_is_said_so() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let id = shop.create_draft_customer().await;
        let nothing = "No resource was found that matches the request URI.";
        for path in [format!("/v1/customers/+{id}"), "/v1/customers/Ada".to_owned(), "/v1/BulkApi".to_owned()] {
            shop.get(&path).await.assert_refused(404, nothing);
        }
        let text = "The requested resource does not support http method 'DELETE'.";
        shop.delete("/v1/BulkApi").await.assert_refused(405, text);
    })
    .await;
}

#[tokio::test]
async fn links_begin_where_the_caller_reached_the_server() {
    on_server(Config { base_url: None, ..config() }, async |server| {
        let shop = server.shop().await;
        let id = shop.with("host", "bills.example:8443").create_draft_customer().await;
        let read = shop.with("host", "bills.example:8443").get(&format!("/v1/customers/{id}")).await.ok();
        assert_eq!(read["uri"], format!("http://bills.example:8443/v1/customers/{id}"));
    })
    .await;
}
