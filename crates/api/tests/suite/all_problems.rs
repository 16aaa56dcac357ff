//! Many things that are wrong in one purchase call are told in one answer, each once, and nothing that is only a consequence.

use serde_json::{Value, json};
use testkit::{Client, Reply, each_server, fixtures};

const GAPS: &str = "Price ranges must cover zero to infinity with no gaps.";
const INCOMPLETE: &str = "earningInterval and earningNumberOfIntervals are required for this earningTimingInterval.";

/// What sells, what is counted, what was retired; and a buyer.
struct Stall {
    shop: Client,
    buyer: i64,
    plain: i64,
    tracked: i64,
    retired: i64,
}

impl Stall {
    async fn open(shop: Client) -> Self {
        let (buyer, plain) = (shop.create_customer().await, shop.create_product("P", "1").await);
        let mut tracked = fixtures::product("T", "1");
        tracked["isTrackingItems"] = json!(true);
        let mut retired = fixtures::product("R", "1");
        retired["status"] = json!("Retired");
        let tracked = shop.post("/v1/products", tracked).await.id();
        let retired = shop.post("/v1/products", retired).await.id();
        Self { shop, buyer, plain, tracked, retired }
    }

    /// Bodies of one purchase, and everything that is wrong with each: the key below the purchase, and the value.
    fn rows(&self) -> Vec<(Value, Vec<(&'static str, String)>)> {
        let Self { plain, tracked, retired, .. } = self;
        let long = "x".repeat(2001);
        let too_long = "The field Description must be a string with a maximum length of 2000.";
        let required = |name: &str| format!("The {name} field is required.");
        let row = |purchase: Value, problems: &[(&'static str, &str)]| {
            (purchase, problems.iter().map(|(key, value)| (*key, (*value).to_owned())).collect())
        };
        vec![
            // Members by themselves, and every rule of the product.
            row(
                json!({
                    "productId": plain, "description": long, "targetOrderQuantity": 1, "productItems": [{ "reference": "a" }],
                    "overridePriceRanges": [{ "min": 1, "amount": 5 }], "couponCodes": ["NONE", "NEITHER"],
                    "earningSettings": { "earningTimingInterval": "Daily" },
                    "customFields": [{ "value": 1 }, { "key": "unknown", "value": 1 }]
                }),
                &[
                    ("Name", &required("Name")),
                    ("Description", too_long),
                    ("CustomFields[0].Key", &required("Key")),
                    ("CustomFields[1].Key", "Custom field with key unknown does not exist."),
                    ("", "Coupon code NONE is not valid."),
                    ("", "Coupon code NEITHER is not valid."),
                    ("", "Target order quantity is only valid when tracking items."),
                    ("", "Product items are only valid when tracking items."),
                    ("", GAPS),
                    ("EarningSettings", INCOMPLETE),
                ],
            ),
            // What has the wrong type is not judged by what was put in its place.
            row(
                json!({
                    "productId": plain, "name": "x", "quantity": "many", "targetOrderQuantity": {}, "productItems": "none",
                    "pricingModelType": "Odd", "overridePriceRanges": [{ "min": 0, "max": "x", "amount": 1 }],
                    "discounts": [{ "discountType": "Half", "amount": 500 }], "couponCodes": [{}],
                    "earningSettings": { "earningTimingInterval": "Weekly" }, "customFields": [{ "key": [] }]
                }),
                &[
                    ("Quantity", "Quantity must be a number."),
                    ("TargetOrderQuantity", "TargetOrderQuantity must be a number."),
                    ("OverridePriceRanges[0].Max", "Max must be a number."),
                    ("PricingModelType", "PricingModelType must be one of Standard, Tiered, Volume, Stairstep."),
                    ("CustomFields[0].Key", "Key must be a string."),
                    ("Discounts[0].DiscountType", "DiscountType must be one of Percentage, Amount, AmountPerUnit."),
                    ("ProductItems", "ProductItems must be a list."),
                    ("CouponCodes[0]", "CouponCodes[0] must be a string."),
                    (
                        "EarningSettings.EarningTimingInterval",
                        "EarningTimingInterval must be one of Daily, Monthly, Yearly, Interval, DoesNotEarn, EarnImmediately.",
                    ),
                ],
            ),
            // A tracked product, whose rules do not wait for a name.
            row(
                json!({ "productId": tracked, "quantity": 2, "productItems": [{ "reference": "a" }, { "reference": "a" }] }),
                &[
                    ("Name", &required("Name")),
                    ("", "Quantity is not valid when tracking items."),
                    ("", "Reference a is already in use for this product."),
                ],
            ),
            // Products that are not sold, and what can be said without one.
            row(
                json!({ "productId": 900_000_001, "name": "x", "quantity": -1, "targetOrderQuantity": 1,
                    "earningSettings": { "earningTimingInterval": "Daily" } }),
                &[
                    ("Quantity", "Quantity must be a positive number and cannot exceed six decimal places"),
                    ("ProductId", "Product with id 900000001 not found."),
                    ("EarningSettings", INCOMPLETE),
                ],
            ),
            row(
                json!({ "productId": retired, "name": "x", "targetOrderQuantity": 1, "pricingModelType": "Tiered",
                    "overridePriceRanges": [] }),
                &[
                    ("", "Target order quantity is only valid when tracking items."),
                    ("ProductId", &format!("Product with id {retired} is not available for purchase.")),
                    ("", GAPS),
                ],
            ),
            row(
                json!({ "name": "x", "couponCodes": ["NONE"] }),
                &[("ProductId", &required("ProductId")), ("", "Coupon code NONE is not valid.")],
            ),
            // A value that is no purchase has nothing else wrong with it.
            row(json!(7), &[("", "must be an object.")]),
        ]
    }
}

/// In any order: which step finds a problem is nobody's business.
#[track_caller]
fn assert_told(reply: &Reply, mut expected: Vec<(String, String)>, context: &str) {
    assert_eq!(reply.status, 400, "{context}: {}", reply.text());
    let mut told = reply.errors();
    told.sort();
    expected.sort();
    assert_eq!(told, expected, "{context}");
}

fn below(place: &str, key: &str) -> String {
    if key.is_empty() { place.to_owned() } else { format!("{place}.{key}") }
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    each_server(async |server| {
        let stall = Stall::open(server.shop().await).await;
        let (mut elements, mut expected) = (Vec::new(), Vec::new());
        for (purchase, problems) in stall.rows() {
            let context = purchase.to_string();
            let place = format!("bulkPurchase.Purchases[{}]", elements.len());
            let is_object = purchase.is_object();
            for (key, value) in &problems {
                let value = if is_object { value.clone() } else { format!("Purchases[{}] {value}", elements.len()) };
                expected.push((below(&place, key), value));
            }
            elements.push(purchase.clone());
            if is_object {
                let mut single = purchase;
                single["customerId"] = json!(stall.buyer);
                let reply = stall.shop.post("/v1/Purchases", single).await;
                let problems = problems.into_iter().map(|(key, value)| (below("purchase", key), value)).collect();
                assert_told(&reply, problems, &context);
            }
        }
        elements.push(json!({ "productId": stall.plain, "name": "good", "quantity": 1 }));
        let bulk = |buyer: i64| json!({ "customerId": buyer, "purchases": elements });
        let path = "/v1/Purchases/BulkCreate";
        assert_told(&stall.shop.post(path, bulk(stall.buyer)).await, expected.clone(), "all of them");

        let preview = stall.shop.post(&format!("{path}?preview=true"), bulk(stall.buyer)).await;
        assert_told(&preview, expected.clone(), "a preview");
        let list = format!("/v1/customers/{}/purchases", stall.buyer);
        assert_eq!(stall.shop.get(&list).await.text(), "[]");
    })
    .await;
}

#[tokio::test]
async fn a_buyer_who_may_not_buy_is_one_problem_of_many() {
    each_server(async |server| {
        let stall = Stall::open(server.shop().await).await;
        let cancelled = stall.shop.create_customer().await;
        let sql = format!("UPDATE customer SET status = 'Cancelled' WHERE id = {cancelled}");
        server.app.db().write(move |tx| tx.execute(&sql, &[])).await.unwrap();
        let cannot = "Customer is in status Cancelled and cannot make purchases.";
        let unknown = "Customer with id 900000001 not found.";
        let unsold =
            ("Purchases[0].ProductId", format!("Product with id {} is not available for purchase.", stall.retired));
        let unnamed = ("Purchases[0].Name", "The Name field is required.".to_owned());
        let bulk = async |buyer: i64, name: &str| {
            let purchase = json!({ "productId": stall.retired, "name": name });
            stall.shop.post("/v1/Purchases/BulkCreate", json!({ "customerId": buyer, "purchases": [purchase] })).await
        };
        let buyer = |text: &str| ("CustomerId", text.to_owned());
        for (reply, problems) in [
            (bulk(cancelled, "x").await, vec![buyer(cannot), unsold.clone()]),
            (bulk(cancelled, "").await, vec![buyer(cannot), unsold, unnamed.clone()]),
            (bulk(900_000_001, "").await, vec![buyer(unknown), unnamed]),
        ] {
            let problems = problems.into_iter().map(|(key, value)| (below("bulkPurchase", key), value)).collect();
            assert_told(&reply, problems, "");
        }
        bulk(900_000_001, "x").await.assert_refused(404, unknown);
    })
    .await;
}

#[tokio::test]
async fn an_update_tells_everything_too() {
    each_server(async |server| {
        let stall = Stall::open(server.shop().await).await;
        let order = json!({ "customerId": stall.buyer, "productId": stall.tracked, "name": "x" });
        let id = stall.shop.post("/v1/Purchases", order).await.id();
        let put = async |update: Value| stall.shop.put("/v1/Purchases", update).await;
        let wrong = json!({
            "name": "", "netsuiteLocationId": [], "quantity": 3, "overridePriceRanges": [{ "min": 1, "amount": 1 }],
            "earningSettings": { "earningTimingInterval": "Daily" }
        });
        let with = |id: Value| {
            let mut wrong = wrong.clone();
            wrong["id"] = id;
            wrong
        };
        let own =
            [("Name", "The Name field is required."), ("NetsuiteLocationId", "NetsuiteLocationId must be a string.")];
        let of_draft =
            [("", "Quantity is not valid when tracking items."), ("EarningSettings", INCOMPLETE), ("", GAPS)];
        let told = |problems: &[&[(&str, &str)]]| {
            let problems = problems.concat().into_iter();
            problems.map(|(key, value)| (below("purchase", key), value.to_owned())).collect()
        };
        assert_told(&put(with(json!(id))).await, told(&[&own, &of_draft]), "a draft");
        let unknown = [("Id", "Purchase with id 900000001 not found.")];
        assert_told(&put(with(json!(900_000_001))).await, told(&[&own, &unknown]), "no purchase");
        let missing = [("Id", "The Id field is required.")];
        assert_told(&put(with(json!(null))).await, told(&[&own, &missing]), "no id");
        let wrong_type = json!({ "id": id, "quantity": "many", "overridePriceRanges": 5 });
        let types = [
            ("Quantity", "Quantity must be a number."),
            ("OverridePriceRanges", "OverridePriceRanges must be a list."),
        ];
        assert_told(&put(wrong_type).await, told(&[&types]), "wrong types");
    })
    .await;
}
