//! What a file must not say, and what it does not take away by saying nothing.

use api::catalogue::Format;
use app::catalogue::Count;
use serde_json::{Value, json};
use testkit::{TestAccount, TestServer, each_server};

use super::{exported, fill, imported, sheet};

const STRANGE: &str = r#"{
  "productz": [],
  "products": [{ "id": 1, "code": "A", "name": "A", "productType": "PhysicalGood", "prise": 3,
    "orderToCashCycle": { "pricingModel": { "pricingModelType": "Standard",
      "quantityRanges": [{ "min": 0, "prices": [{ "amount": 1, "currency": "USD", "curency": "EUR" }] }] } },
    "friendlyName": "belongs to custom fields" }],
  "plans": [{ "id": 1, "code": "P", "name": "P", "planFrequencies": [
    { "interval": "Monthly", "numberOfIntervals": 1, "isprorated": true,
      "setupfee": [] }] }],
  "planFamilies": [{ "code": "F", "name": "F", "plans": [{ "id": 1,
    "code": "P" }], "expiryOption": "Transfer",
    "expireOption": "Transfer" }]
}"#;

#[tokio::test]
async fn members_that_nothing_reads_are_told_and_nothing_is_stored() {
    each_server(async |server| {
        let account = server.account().await;
        let faults = imported(server, &account, STRANGE, Format::Json).await.unwrap_err();
        assert_eq!(
            faults,
            [
                "2: Productz: There is no member productz.",
                "3: Products[0].Prise: There is no member prise.",
                "5: Products[0].OrderToCashCycle.PricingModel.QuantityRanges[0].Prices[0].Curency: \
                 There is no member curency.",
                "6: Products[0].FriendlyName: There is no member friendlyName.",
                "9: Plans[0].PlanFrequencies[0].Setupfee: There is no member setupfee.",
                "11: PlanFamilies[0].Plans[0].Code: There is no member code.",
                "12: PlanFamilies[0].ExpireOption: There is no member expireOption.",
            ]
        );
        let empty = imported(server, &account, " \n", Format::Json).await.unwrap_err();
        assert_eq!(empty, ["1: The file is empty."]);
        let shop = server.client(&account.key);
        assert_eq!(shop.get("/v1/products").await.text(), "[]");
    })
    .await;
}

/// The lists as they are read over HTTP, put together as a file.
async fn read_over_http(server: &TestServer, account: &TestAccount) -> Value {
    let shop = server.client(&account.key);
    let list = async |path: &str| shop.get(&format!("/v1/{path}")).await.ok();
    let plans = list("plans").await;
    let mut parts = Vec::new();
    for plan in plans.as_array().unwrap() {
        let of_plan = list(&format!("plans/{}/planProducts?query=status:Active", plan["id"])).await;
        parts.extend(of_plan.as_array().unwrap().iter().cloned());
    }
    json!({
        "glCodes": list("glCodes").await, "customFields": list("customFields").await,
        "products": list("products?includePricing=true&includeGlCode=true").await,
        "discounts": list("discounts").await, "plans": plans, "planProducts": parts, "coupons": list("coupons").await,
        "planFamilies": list("planFamilies").await
    })
}

#[tokio::test]
async fn what_is_read_over_http_can_be_imported_as_it_is() {
    each_server(async |server| {
        let (one, two) = (server.account().await, server.account().await);
        fill(&server.client(&one.key)).await;
        let file = read_over_http(server, &one).await;
        imported(server, &two, &file.to_string(), Format::Json).await.unwrap();
        let of = async |account: &TestAccount| exported(server, account, Format::Json).await.unwrap();
        assert_eq!(of(&two).await, of(&one).await);
    })
    .await;
}

#[tokio::test]
async fn one_thing_is_in_a_file_once() {
    each_server(async |server| {
        let account = server.account().await;
        let part = json!({ "planId": 1, "productId": 1 });
        let coupon = |code: &str| json!({ "name": "Spring", "couponCodes": [{ "code": code }, { "code": "BOTH" }] });
        let file = json!({
            "products": [{ "id": 1, "code": "A", "name": "A", "productType": "OneTimeCharge" }],
            "plans": [{ "id": 1, "code": "P", "name": "P" }],
            "planProducts": [part, part],
            "coupons": [{ "name": "Draft" }, { "name": "Draft" }, coupon("A"), coupon("B")]
        });
        let faults = imported(server, &account, &file.to_string(), Format::Json).await.unwrap_err();
        let already = "is in the file already, by a code or, without codes, by its name.";
        assert_eq!(
            faults,
            [
                "1: PlanProducts[1].ProductCode: The plan has this product under this code already in the file.",
                &format!("1: Coupons[1]: Coupon Draft {already}"),
                &format!("1: Coupons[3]: Coupon Spring {already}"),
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_out_of_a_plan_is_not_brought_back_beside_another() {
    each_server(async |server| {
        let account = server.account().await;
        let shop = server.client(&account.key);
        let product = shop.create_product("A", "1").await;
        let plan = shop.post("/v1/plans", json!({ "code": "P", "name": "P" })).await.id();
        let part = json!({ "planId": plan, "productId": product });
        let deleted = shop.post("/v1/planProducts", &part).await.id();
        shop.delete(&format!("/v1/planProducts/{deleted}")).await;
        let active = shop.post("/v1/planProducts", &part).await.id();
        let file = exported(server, &account, Format::Json).await.unwrap();
        let report = imported(server, &account, &file, Format::Json).await.unwrap();
        assert!(report.contains(&("planProducts", Count { created: 0, updated: 1 })), "{report:?}");
        let status = async |id: i64| shop.get(&format!("/v1/planProducts/{id}")).await.ok()["status"].clone();
        assert_eq!((status(deleted).await, status(active).await), (json!("Deleted"), json!("Active")));
    })
    .await;
}

#[tokio::test]
async fn a_sheet_of_prices_leaves_the_earning_alone() {
    each_server(async |server| {
        let account = server.account().await;
        let shop = server.client(&account.key);
        let mut licence = testkit::fixtures::product("L", "120");
        licence["productType"] = json!("OneTimeCharge");
        let cycle = &mut licence["orderToCashCycle"];
        (cycle["earningInterval"], cycle["earningNumberOfIntervals"]) = (json!("Monthly"), json!(12));
        (cycle["earningTimingInterval"], cycle["earningTimingType"]) = (json!("Monthly"), json!("EndOfInterval"));
        let created = shop.post("/v1/products", licence).await.ok();
        let prices = sheet(",price:USD", &["L,Licence,,OneTimeCharge,Active,,true,,,,,,150"]);
        imported(server, &account, &prices, Format::Csv).await.unwrap();
        let path = format!("/v1/products/{}", created["id"]);
        let mut expected = created["orderToCashCycle"].clone();
        expected["pricingModel"]["quantityRanges"][0]["prices"][0]["amount"] = json!(150.0);
        assert_eq!(shop.get(&path).await.ok()["orderToCashCycle"], expected);
        // Goods are earned at once: what is kept must go with what is new.
        let goods = sheet(",price:USD", &["L,Licence,,PhysicalGood,Active,,true,,,,,,150"]);
        let faults = imported(server, &account, &goods, Format::Csv).await.unwrap_err();
        let text = "Products of type PhysicalGood are always earned immediately.";
        assert_eq!(faults, [format!("2: Products[0].OrderToCashCycle.EarningTimingInterval: {text}")]);
        // With a column of earning, an empty cell is no value.
        let cells = ["L,Licence,,OneTimeCharge,Active,,true,,,,,,150,"];
        let with_earning = sheet(",price:USD,earningTimingInterval", &cells);
        imported(server, &account, &with_earning, Format::Csv).await.unwrap();
        assert_eq!(shop.get(&path).await.ok()["orderToCashCycle"]["earningTimingInterval"], "EarnImmediately");
        let twice = imported(server, &account, &sheet(",Code", &[]), Format::Csv).await.unwrap_err();
        assert_eq!(twice, ["1: The column 'Code' is there more than once."]);
    })
    .await;
}
