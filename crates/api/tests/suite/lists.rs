//! Pages, filters and sorting, as the headers tell them (conventions.md §7–9).

use serde_json::json;
use testkit::{Client, Reply, each_server, on_server, server::config};

const PAGING: [&str; 9] = [
    "x-count",
    "x-maxcount",
    "x-currentpage",
    "x-nextpage",
    "x-previouspage",
    "x-pagesize",
    "x-maxpageindex",
    "x-sortexpression",
    "x-sortorder",
];

async fn five_customers(shop: &Client) -> Vec<i64> {
    let mut ids = Vec::new();
    for name in ["Eve", "adam", "Bob", "dora", "Cid"] {
        ids.push(shop.post("/v1/customers", format!("{{firstName:'{name}'}}")).await.id());
    }
    ids
}

/// The values of the nine headers, in the order of [`PAGING`].
#[track_caller]
fn paging(reply: &Reply) -> Vec<&str> {
    assert_eq!(reply.status, 200, "{}", reply.text());
    PAGING.map(|name| reply.header(name).unwrap_or_else(|| panic!("no {name}"))).to_vec()
}

fn names(reply: &Reply) -> Vec<String> {
    let rows = reply.ok();
    let name = |row: &serde_json::Value| row["firstName"].as_str().unwrap().to_owned();
    rows.as_array().unwrap().iter().map(name).collect()
}

#[tokio::test]
async fn nine_headers_say_where_a_page_lies() {
    each_server(async |server| {
        let shop = server.shop().await;
        let ids = five_customers(&shop).await;
        let whole = shop.get("/v1/customers").await;
        assert_eq!(paging(&whole), ["5", "5", "0", "-1", "-1", "1000", "0", "id", "Ascending"]);
        let order: Vec<i64> = whole.ok().as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect();
        assert_eq!(order, ids);

        for (query, expected, count) in [
            ("pageSize=2", ["5", "5", "0", "1", "-1", "2", "2", "id", "Ascending"], 2),
            ("pageSize=2&pageNumber=1", ["5", "5", "1", "2", "0", "2", "2", "id", "Ascending"], 2),
            ("pageSize=2&pageNumber=2", ["5", "5", "2", "-1", "1", "2", "2", "id", "Ascending"], 1),
            ("pageSize=9999", ["5", "5", "0", "-1", "-1", "1000", "0", "id", "Ascending"], 5),
            ("query=firstName:*a*", ["2", "5", "0", "-1", "-1", "1000", "0", "id", "Ascending"], 2),
        ] {
            let page = shop.get(&format!("/v1/customers?{query}")).await;
            assert_eq!(paging(&page), expected, "{query}");
            assert_eq!(page.ok().as_array().unwrap().len(), count, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn past_the_end_is_an_empty_page_with_an_end() {
    each_server(async |server| {
        let shop = server.shop().await;
        let nothing = shop.get("/v1/customers").await;
        assert_eq!(nothing.text(), "[]");
        assert_eq!(paging(&nothing), ["0", "0", "0", "-1", "-1", "1000", "0", "id", "Ascending"]);
        five_customers(&shop).await;
        let past = shop.get("/v1/customers?pageSize=2&pageNumber=7").await;
        assert_eq!(past.text(), "[]");
        assert_eq!(past.header("x-count"), Some("5"));
        assert_eq!(past.header("x-maxpageindex"), Some("2"), "a client walks until it is here");
        assert_eq!(past.header("x-nextpage"), Some("-1"));
    })
    .await;
}

#[tokio::test]
async fn single_objects_never_carry_a_count() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "1").await);
        let purchase = shop.create_purchase(customer, product, 1).await;
        let invoice = shop.create_invoice(customer, product, 1).await;
        for path in [
            format!("/v1/customers/{customer}"),
            format!("/v1/products/{product}"),
            format!("/v1/purchases/{purchase}"),
            format!("/v1/invoices/{invoice}"),
        ] {
            // One client asks for a page whatever it reads.
            let reply = shop.get(&format!("{path}?pageSize=10&pageNumber=0")).await;
            assert!(reply.ok().is_object(), "{path}");
            for name in PAGING {
                assert_eq!(reply.header(name), None, "{path} has {name}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn rows_are_sorted_without_regard_to_case() {
    each_server(async |server| {
        let shop = server.shop().await;
        five_customers(&shop).await;
        let up = shop.get("/v1/customers?sortExpression=FIRSTNAME&sortOrder=ascending").await;
        assert_eq!(names(&up), ["adam", "Bob", "Cid", "dora", "Eve"]);
        assert_eq!(up.header("x-sortorder"), Some("Ascending"));
        assert!(up.header("x-sortexpression").unwrap().eq_ignore_ascii_case("firstName"));
        let down = shop.get("/v1/customers?sortExpression=firstName&sortOrder=Descending").await;
        assert_eq!(names(&down), ["Eve", "dora", "Cid", "Bob", "adam"]);
        let newest = shop.get("/v1/customers?sortOrder=Descending").await;
        assert_eq!(names(&newest), ["Cid", "dora", "Bob", "adam", "Eve"], "one of the two alone");
    })
    .await;
}

#[tokio::test]
async fn filters_are_understood_raw_and_escaped() {
    each_server(async |server| {
        let shop = server.shop().await;
        let ids = five_customers(&shop).await;
        for (query, expected) in [
            ("firstName:BOB".to_owned(), vec!["Bob"]),
            ("FIRSTNAME%3Abob".to_owned(), vec!["Bob"]),
            (format!("id:{},{}", ids[0], ids[2]), vec!["Eve", "Bob"]),
            (format!("id:{}%2C{}%3Bstatus:draft", ids[0], ids[2]), vec!["Eve", "Bob"]),
            ("status:Active".to_owned(), vec![]),
            ("status:Active,Draft;firstName:*d*".to_owned(), vec!["adam", "dora", "Cid"]),
            ("lastName:[empty];firstName:e*".to_owned(), vec!["Eve"]),
            ("createdTimestamp:2024-01-15|2024-01-16;firstName:c*".to_owned(), vec!["Cid"]),
            ("createdTimestamp:|2024-01-15".to_owned(), vec![]),
            ("createdTimestamp:%7C;firstName:c*".to_owned(), vec!["Cid"]),
        ] {
            let reply = shop.get(&format!("/v1/customers?query={query}")).await;
            assert_eq!(names(&reply), expected, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_list_does_not_know_is_refused() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        for query in [
            "query=nothing:1",
            "query=firstName",
            "query=status:Sleeping",
            "query=createdTimestamp:soon",
            "query=id:x",
            "sortExpression=nothing&sortOrder=Ascending",
            "sortOrder=sideways",
            "pageSize=0",
            "pageSize=-1",
            "pageSize=many",
            "pageNumber=-1",
        ] {
            let reply = shop.get(&format!("/v1/customers?{query}")).await;
            assert_eq!(reply.status, 400, "{query}: {}", reply.text());
            assert!(reply.errors().iter().all(|(key, _)| key == "Api Error"), "{query}: {}", reply.text());
        }
    })
    .await;
}

#[tokio::test]
async fn coupons_are_found_by_any_of_their_codes() {
    each_server(async |server| {
        let shop = server.shop().await;
        let mut ids = Vec::new();
        for (name, codes) in [("A", vec!["SPRING", "MAY"]), ("B", vec!["AUTUMN"]), ("C", vec![])] {
            let codes: Vec<_> = codes.into_iter().map(|code| json!({ "code": code })).collect();
            ids.push(shop.post("/v1/Coupons", json!({ "name": name, "couponCodes": codes })).await.id());
        }
        let [a, b, c] = ids[..] else { panic!("{ids:?}") };
        for (query, expected) in [
            ("query=code:MAY", vec![a]),
            ("query=code:spring", vec![a]),
            ("query=code:*N*", vec![a, b]),
            ("query=code:*R*;name:A", vec![a]),
            ("query=code:JUNE", vec![]),
            ("query=code:[empty]", vec![c]),
            ("sortExpression=code&sortOrder=Descending", vec![a, b, c]),
            ("sortExpression=code&sortOrder=Ascending", vec![c, b, a]),
        ] {
            let found = shop.get(&format!("/v1/Coupons?{query}")).await.ok();
            let found: Vec<_> = found.as_array().unwrap().iter().map(|coupon| coupon["id"].as_i64().unwrap()).collect();
            assert_eq!(found, expected, "{query}");
        }
    })
    .await;
}
