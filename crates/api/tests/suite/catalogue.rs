//! The catalogue as a file: what was exported can be imported, and what is wrong is found line by line.

mod faults;
mod random;

use std::sync::Arc;

use api::catalogue::{self, Format};
use app::{
    App, Error,
    catalogue::{Count, Report, export, import},
};
use billing::id::AccountId;
use serde_json::{Value, json};
use testkit::{Client, TestAccount, TestServer, each_server};

/// The file of an account's catalogue.
async fn exported(server: &TestServer, account: &TestAccount, format: Format) -> Result<String, String> {
    let (id, now) = (AccountId(account.id), server.app.now());
    let read = server.app.db().read(move |tx| {
        let session = App::own_session(tx, id, now)?;
        let catalogue = export::run(tx, &session)?;
        Ok::<_, Error>((session, catalogue))
    });
    let (session, catalogue) = read.await.unwrap();
    catalogue::write(&session, catalogue, format)
}

/// What an import did, or its faults as `line: path: message`.
async fn imported(
    server: &TestServer,
    account: &TestAccount,
    text: &str,
    format: Format,
) -> Result<Report, Vec<String>> {
    let told = |faults: Vec<catalogue::Fault>| faults.iter().map(ToString::to_string).collect::<Vec<_>>();
    let (source, order) = catalogue::read(text, format).map_err(told)?;
    let (id, now, order) = (AccountId(account.id), server.app.now(), Arc::new(order));
    let stored = server.app.db().write(move |tx| {
        let session = App::own_session(tx, id, now)?;
        import::run(tx, &session, &order)
    });
    match stored.await {
        Err(Error::Invalid(problems)) => Err(told(source.locate(problems))),
        stored => Ok(stored.unwrap()),
    }
}

/// One of everything that a catalogue can hold, the retired included.
async fn fill(shop: &Client) {
    let create = async |path: &str, body: Value| shop.post(&format!("/v1/{path}"), body).await.ok();
    let label = create("glCodes", json!({ "code": "4000", "name": "Sales" })).await;
    create("customFields", json!({ "key": "colour", "friendlyName": "Colour", "dataType": "String" })).await;
    let mut sensor = testkit::fixtures::product("SENS", "15.123456");
    sensor["glCode"] = json!("4000");
    sensor["productCustomFields"] = json!([{ "key": "colour", "value": "red" }]);
    sensor["orderToCashCycle"]["pricingModel"] = json!({ "pricingModelType": "Tiered", "quantityRanges": [
        { "min": 0, "max": 2.5, "prices": [{ "amount": 5, "currency": "USD" }, { "amount": 4, "currency": "EUR" }] },
        { "min": 2.5, "max": null, "prices": [{ "amount": 3, "currency": "USD" }, { "amount": 2, "currency": "EUR" }] }] });
    let sensor = create("products", sensor).await;
    let mut seat =
        create("products", json!({ "code": "SEAT", "name": "Seat", "productType": "RecurringService" })).await;
    let discount = json!({ "name": "Five", "code": "FIVE", "discountType": "Percentage", "amount": 5 });
    let discount = create("discounts", discount).await;
    let gold = json!({ "code": "GOLD", "name": "Gold", "longdescription": "Notes", "planFrequencies": [
        { "interval": "Monthly", "numberOfIntervals": 1, "charges": [{ "amount": 9.99, "currency": "USD" }] },
        { "interval": "Yearly", "numberOfIntervals": 1, "status": "Draft" }] });
    let mut gold = create("plans", gold).await;
    let silver = create("plans", json!({ "code": "SILVER", "name": "Silver", "status": "Retired" })).await;
    let cycle = json!({ "planFrequencyId": gold["planFrequencies"][0]["id"], "pricingModel": {
        "pricingModelType": "Standard", "quantityRanges": [{ "min": 0, "max": null, "prices": [{ "amount": 4, "currency": "USD" }] }] } });
    let part =
        json!({ "planId": gold["id"], "productId": seat["id"], "maxQuantity": 10, "orderToCashCycles": [cycle] });
    let part = create("planProducts", part).await;
    let deleted = create("planProducts", json!({ "planId": gold["id"], "productId": sensor["id"] })).await;
    shop.delete(&format!("/v1/planProducts/{}", deleted["id"])).await;
    let coupon = json!({
        "name": "Spring", "couponCodes": [{ "code": "SPRING", "remainingUsages": 3 }], "discounts": [discount["id"]],
        "eligibilities": [{ "startDate": "2024-01-01", "endDate": "2024-06-30", "discounts": [discount["id"]] }],
        "plans": [{ "id": gold["id"], "applyToAllProducts": false, "planProducts": [part["id"]] }]
    });
    create("coupons", coupon).await;
    create("coupons", json!({ "name": "Draft" })).await;
    let family = json!({ "code": "METALS", "name": "Metals", "plans": [gold["id"], silver["id"]], "relationships": [{
        "sourcePlanId": gold["id"], "sourcePlanFrequencyId": gold["planFrequencies"][0]["id"],
        "destinationPlanId": gold["id"], "destinationPlanFrequencyId": gold["planFrequencies"][1]["id"],
        "expiryOption": "Transfer" }] });
    create("planFamilies", family).await;
    // Retired where they are in use: an import must get there, too.
    seat["status"] = json!("Retired");
    shop.put("/v1/products", seat).await.ok();
    let retired = json!({ "id": label["id"], "code": "4000", "name": "Sales", "status": "Retired" });
    shop.put("/v1/glCodes", retired).await.ok();
    gold["planFrequencies"] = json!([gold["planFrequencies"][0]]);
    shop.put("/v1/plans", gold).await.ok();
}

#[tokio::test]
async fn what_was_exported_is_imported_and_exported_again_as_the_same_file() {
    each_server(async |server| {
        let (one, two) = (server.account().await, server.account().await);
        fill(&server.client(&one.key)).await;
        let file = exported(server, &one, Format::Json).await.unwrap();
        let report = imported(server, &two, &file, Format::Json).await.unwrap();
        let new = |created| Count { created, updated: 0 };
        assert_eq!(
            report,
            [
                ("glCodes", new(1)),
                ("customFields", new(1)),
                ("products", new(2)),
                ("discounts", new(1)),
                ("plans", new(2)),
                ("planProducts", new(1)),
                ("coupons", new(2)),
                ("planFamilies", new(1))
            ]
        );
        assert_eq!(exported(server, &two, Format::Json).await.unwrap(), file);
        // A second time everything is there already, and nothing changes.
        let report = imported(server, &two, &file, Format::Json).await.unwrap();
        assert!(report.iter().all(|(_, count)| count.created == 0), "{report:?}");
        assert_eq!(exported(server, &two, Format::Json).await.unwrap(), file);
        let parsed: Value = serde_json::from_str(&file).unwrap();
        assert_eq!(parsed["products"][1]["status"], "Retired");
        assert_eq!(parsed["planProducts"].as_array().unwrap().len(), 1, "deleted ones are not exported");
    })
    .await;
}

#[tokio::test]
async fn usages_that_were_taken_since_a_coupon_was_read_are_not_given_back() {
    each_server(async |server| {
        let account = server.account().await;
        let shop = server.client(&account.key);
        fill(&shop).await;
        let coupons = async || shop.get("/v1/coupons").await.ok()[0].clone();
        let file = exported(server, &account, Format::Json).await.unwrap();
        // An import makes new windows, which a caller has to read.
        imported(server, &account, &file, Format::Json).await.unwrap();
        let read = coupons().await;
        assert_eq!(read["couponCodes"][0]["remainingUsages"], json!(3));
        let taken = "UPDATE coupon_code SET remaining_usages = 0 WHERE code = 'SPRING'";
        server.app.db().write(move |tx| tx.execute(taken, &[])).await.unwrap();

        let answer = shop.put("/v1/coupons", read.clone()).await.ok();
        assert_eq!(answer["couponCodes"][0]["remainingUsages"], json!(0));
        imported(server, &account, &file, Format::Json).await.unwrap();
        assert_eq!(coupons().await["couponCodes"][0]["remainingUsages"], json!(0));

        let mut meant = coupons().await;
        meant["couponCodes"][0]["remainingUsages"] = json!(3);
        meant["couponCodes"][0].as_object_mut().unwrap().remove("id");
        let answer = shop.put("/v1/coupons", meant.clone()).await.ok();
        assert_eq!(answer["couponCodes"][0]["remainingUsages"], json!(3));
        meant["couponCodes"][0]["id"] = json!(7);
        let unknown = shop.put("/v1/coupons", meant).await;
        unknown.assert_error(400, "coupon.CouponCodes[0].Id", "CouponCode with id 7 not found.");
    })
    .await;
}

#[tokio::test]
async fn any_catalogue_survives_the_way_through_a_file() {
    each_server(async |server| {
        for seed in 1..=12 {
            let (one, two) = (server.account().await, server.account().await);
            let file = random::catalogue(seed);
            imported(server, &one, &file, Format::Json).await.unwrap_or_else(|faults| panic!("{seed}: {faults:?}"));
            let first = exported(server, &one, Format::Json).await.unwrap();
            imported(server, &two, &first, Format::Json).await.unwrap_or_else(|faults| panic!("{seed}: {faults:?}"));
            assert_eq!(exported(server, &two, Format::Json).await.unwrap(), first, "seed {seed}");
        }
    })
    .await;
}

const WRONG: &str = r#"{
  "products": [
    { "id": 1, "code": "A", "name": "A", "productType": "OneTimeCharge" },
    {
      "id": 2,
      "code": "A",
      "name": "B",
      "productType": "OneTimeCharge",
      "glCode": "9999"
    }
  ],
  "plans": [
    { "id": 1, "code": "P", "name": "P", "planFrequencies": [{ "id": 7, "interval": "Monthly", "numberOfIntervals": 1 }] }
  ],
  "planProducts": [
    { "planId": 1, "productId": 3 },
    { "planId": 1, "productId": 2, "orderToCashCycles": [] },
    {
      "planId": 1, "productId": 1, "orderToCashCycles": [
        { "planFrequencyId": 8,
          "pricingModel": { "pricingModelType": "Standard", "quantityRanges": [
            { "min": 0, "max": null, "prices": [{ "amount": 1, "currency": "USD" }] }] } }
      ]
    }
  ]
}"#;

#[tokio::test]
async fn everything_that_is_wrong_is_told_line_by_line_and_nothing_is_stored() {
    each_server(async |server| {
        let account = server.account().await;
        let shop = server.client(&account.key);
        let faults = imported(server, &account, WRONG, Format::Json).await.unwrap_err();
        assert_eq!(
            faults,
            [
                "6: Products[1].Code: Code A is in the file more than once.",
                "9: Products[1].GlCode: GL code 9999 does not exist or is retired.",
                "16: PlanProducts[0].ProductId: Product with id 3 is not in the file.",
                "20: PlanProducts[2].OrderToCashCycles[0].PlanFrequencyId: PlanFrequency with id 8 is not in the file."
            ]
        );
        let limits = "{\"plans\": [\n{\"code\": \"P\"},\n{\"name\": 7, \"code\": \"Q\", \"status\": \"Open\"}]}";
        let faults = imported(server, &account, limits, Format::Json).await.unwrap_err();
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[0].starts_with("2: Plans[0].Name: "), "{faults:?}");
        assert!(faults[1].starts_with("3: Plans[1].Status: "), "{faults:?}");
        let broken = imported(server, &account, "{\n\"plans\": [}", Format::Json).await.unwrap_err();
        assert!(broken[0].starts_with("2: The file is not JSON: "), "{broken:?}");
        for list in ["products", "plans", "glCodes"] {
            assert_eq!(shop.get(&format!("/v1/{list}")).await.text(), "[]");
        }
    })
    .await;
}

/// The columns that a sheet must have.
const COLUMNS: &str = "code,name,description,productType,status,taxExempt,availableForPurchase,isTrackingItems,quantity,\
                       avalaraItemCode,avalaraTaxCode,glCode";

fn sheet(more_columns: &str, rows: &[&str]) -> String {
    format!("{COLUMNS}{more_columns}\n{}\n", rows.join("\n"))
}

#[tokio::test]
async fn products_travel_as_rows_of_a_spreadsheet() {
    each_server(async |server| {
        let (one, two) = (server.account().await, server.account().await);
        let rows = [
            "A,\"Sensor, large\",,PhysicalGood,Active,,true,,1.5,,,,EarnImmediately,15.25,14",
            "B,Deposit,,OneTimeCharge,Retired,,false,,,,,,,,",
        ];
        let rows = sheet(",earningTimingInterval,price:USD,price:EUR", &rows);
        let report = imported(server, &one, &rows, Format::Csv).await.unwrap();
        assert!(report.contains(&("products", Count { created: 2, updated: 0 })), "{report:?}");
        let file = exported(server, &one, Format::Csv).await.unwrap();
        imported(server, &two, &file, Format::Csv).await.unwrap();
        assert_eq!(exported(server, &two, Format::Csv).await.unwrap(), file);
        let products = server.client(&two.key).get("/v1/products?includePricing=true").await.ok();
        assert_eq!((&products[0]["name"], &products[0]["quantity"]), (&json!("Sensor, large"), &json!(1.5)));
        let prices = &products[0]["orderToCashCycle"]["pricingModel"]["quantityRanges"][0]["prices"];
        assert_eq!((&prices[0]["currency"], &prices[1]["amount"]), (&json!("EUR"), &json!(15.25)));
        assert_eq!((&products[1]["orderToCashCycle"], &products[1]["status"]), (&Value::Null, &json!("Retired")));
    })
    .await;
}

#[tokio::test]
async fn rows_say_nothing_of_what_they_have_no_column_for() {
    each_server(async |server| {
        let account = server.account().await;
        let shop = server.client(&account.key);
        fill(&shop).await;
        let refused = exported(server, &account, Format::Csv).await.unwrap_err();
        assert_eq!(refused, "Product SENS has Tiered prices, which CSV has no column for; export JSON instead.");
        let row = sheet("", &["SENS,Sensor mark 2,,PhysicalGood,Active,,,,,,,4000"]);
        imported(server, &account, &row, Format::Csv).await.unwrap();
        let sensor = shop.get("/v1/products?includePricing=true&query=code:SENS").await.ok()[0].clone();
        assert_eq!(sensor["name"], "Sensor mark 2");
        assert_eq!(sensor["productCustomFields"][0]["value"], "red");
        assert_eq!(sensor["orderToCashCycle"]["pricingModel"]["pricingModelType"], "Tiered");
    })
    .await;
}

#[tokio::test]
async fn wrong_rows_are_told_by_their_lines() {
    each_server(async |server| {
        let account = server.account().await;
        let rows = [
            "A,One,,Gadget,,,,,1,,,,2,",
            "B,\"Two\nlines\",,OneTimeCharge,,,,,many,,,,1.1234567,",
            ",Three,,OneTimeCharge,,,,,,,,,,5",
        ];
        let rows = sheet(",price:USD,price:XYZ", &rows);
        let faults = imported(server, &account, &rows, Format::Csv).await.unwrap_err();
        let places: Vec<_> =
            faults.iter().map(|fault| fault.splitn(3, ": ").take(2).collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(
            places,
            [
                "2 Products[0].ProductType",
                "3 Products[1].OrderToCashCycle.PricingModel.QuantityRanges[0].Prices[0].Amount",
                "3 Products[1].Quantity",
                "5 Products[2].OrderToCashCycle.PricingModel.QuantityRanges[0].Prices[0].Currency",
                "5 Products[2].Code",
            ],
            "{faults:?}"
        );
        let header = sheet(",colour", &[]).replace("status,", "");
        let wrong = imported(server, &account, &header, Format::Csv).await.unwrap_err();
        assert_eq!(wrong, ["1: 'colour' is not a column of products.", "1: The column 'status' is missing."]);
        let ragged = imported(server, &account, &sheet("", &["A,One"]), Format::Csv).await.unwrap_err();
        assert!(ragged[0].starts_with("2: "), "{ragged:?}");
    })
    .await;
}
