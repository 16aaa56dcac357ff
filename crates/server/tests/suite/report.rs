//! `billfold report`, `billfold ledger export` and `billfold verify` as processes, in each of their formats.

use serde_json::{Value, json};
use testkit::{Beancount, TestDatabase, fixtures, on_postgres};

use crate::process::{Caller, Server, print, run};

// Two tests, so that the databases take their time together.

#[tokio::test]
async fn revenue_is_reported_from_sqlite() {
    report(&TestDatabase::sqlite(&[]).await).await;
}

#[tokio::test]
async fn revenue_is_reported_from_postgres() {
    on_postgres(&[], async |database| report(database).await).await;
}

async fn report(database: &TestDatabase) {
    let url = database.url.clone();
    tokio::task::spawn_blocking(move || tell(&url)).await.unwrap();
}

/// Sells something that earns at once and something that never does, with a discount, and asks for every report.
fn tell(url: &str) {
    let account = run(&["account", "create", "--json", "--name", "Shop", "--database", url]);
    let id = account["accountId"].to_string();
    let server = Server::start(url);
    let (customer, product, deposit) = sell(&server.caller(account["apiKey"].as_str().unwrap()));
    drop(server);

    let ask = ["report", "revenue", "--database", url, "--account", &id];
    let asked = |more: &[&str]| print(&[&ask[..], more].concat());
    let json = |by: &str| run(&[&ask[..], &["--format", "json", "--by", by]].concat());

    let total = json("account");
    let day = total["asOf"].as_str().unwrap();
    assert_eq!(total["rows"], json!([row(None, None, "45.00", "25.00")]));
    let by_product = [
        row(Some(("productId", product)), Some("A,B"), "0.00", "25.00"),
        row(Some(("productId", deposit)), Some("DEPOSIT"), "45.00", "0.00"),
    ];
    assert_eq!(json("product")["rows"], json!(by_product));
    assert_eq!(json("product")["totals"], json!([{ "currency": "USD", "deferred": "45.00", "earned": "25.00" }]));
    let table = asked(&["--by", "product"]);
    assert_eq!(words(table.lines().last()), ["total", "USD", "45.00", "25.00"]);
    assert_eq!(
        json("customer")["rows"],
        json!([row(Some(("customerId", customer)), Some("Ada Reyes"), "45.00", "25.00")])
    );

    let lines = [
        "asOf,productId,customerId,label,currency,deferred,earned".to_owned(),
        format!("{day},{product},,\"A,B\",USD,0.00,25.00"),
        format!("{day},{deposit},,DEPOSIT,USD,45.00,0.00"),
    ];
    assert_eq!(asked(&["--format", "csv", "--by", "product"]), lines.join("\n") + "\n");

    let table = asked(&["--as-of", day]);
    let mut table = table.lines();
    assert_eq!(table.next(), Some(format!("Revenue as of {day}, net of discounts").as_str()));
    assert_eq!(words(table.next()), ["id", "label", "currency", "deferred", "earned"]);
    assert_eq!(words(table.next()), ["USD", "45.00", "25.00"]);
    assert_eq!(table.next(), None);

    let before = run(&[&ask[..], &["--format", "json", "--as-of", "2001-02-03"]].concat());
    assert_eq!(before, json!({ "asOf": "2001-02-03", "rows": [], "totals": [] }));

    aging(&["report", "aging", "--database", url, "--account", &id], day, customer);
    trial_balance(&["report", "trial-balance", "--database", url, "--account", &id], day);
    export(&["ledger", "export", "--database", url, "--account", &id]);
    checkpoint(&["verify", "--json", "--database", url]);
}

/// None is made unless it is asked for, and none of what is sealed already.
fn checkpoint(ask: &[&str]) {
    let last = |more: &[&str]| run(&[ask, more].concat())["accounts"][0]["checkpoint"].clone();
    assert_eq!(last(&[]), Value::Null);
    let made = last(&["--checkpoint"]);
    assert_eq!((&made["number"], made["hash"].as_str().map(str::len)), (&json!(1), Some(64)));
    assert_eq!([last(&["--checkpoint"]), last(&[])], [made.clone(), made]);
}

fn trial_balance(ask: &[&str], day: &str) {
    let rows = [
        ("AccountsReceivable", "70.00", "0.00"),
        ("DeferredDiscount", "5.00", "0.00"),
        ("DeferredRevenue", "0.00", "50.00"),
        ("EarnedRevenue", "0.00", "25.00"),
    ];
    let lines = rows.map(|(account, debit, credit)| format!("{day},USD,{account},{debit},{credit}\n"));
    let csv = print(&[ask, &["--format", "csv"]].concat());
    assert_eq!(csv, format!("asOf,currency,account,debit,credit\n{}", lines.concat()));
    let objects = rows.map(
        |(account, debit, credit)| json!({ "currency": "USD", "account": account, "debit": debit, "credit": credit }),
    );
    let told = run(&[ask, &["--format", "json"]].concat());
    let totals = json!([{ "currency": "USD", "debit": "75.00", "credit": "75.00" }]);
    assert_eq!(told, json!({ "asOf": day, "rows": objects, "totals": totals }));
    let table = print(ask);
    assert_eq!(words(table.lines().last()), ["USD", "total", "75.00", "75.00"]);
    assert_eq!(words(table.lines().nth(2)), ["USD", "AccountsReceivable", "70.00", "0.00"]);
    let before = run(&[ask, &["--format", "json", "--as-of", "2001-02-03"]].concat());
    assert_eq!(before["rows"], json!([]));
}

fn aging(ask: &[&str], day: &str, customer: i64) {
    let csv = print(&[ask, &["--format", "csv"]].concat());
    let head = "asOf,customerId,label,currency,current,days1To30,days31To60,days61To90,over90,total";
    assert_eq!(csv, format!("{head}\n{day},{customer},Ada Reyes,USD,70.00,0.00,0.00,0.00,0.00,70.00\n"));
    let object = json!({ "customerId": customer, "label": "Ada Reyes", "currency": "USD", "current": "70.00",
                         "days1To30": "0.00", "days31To60": "0.00", "days61To90": "0.00", "over90": "0.00",
                         "total": "70.00" });
    let told = run(&[ask, &["--format", "json"]].concat());
    let totals = json!([{ "currency": "USD", "current": "70.00", "days1To30": "0.00", "days31To60": "0.00",
                          "days61To90": "0.00", "over90": "0.00", "total": "70.00" }]);
    assert_eq!(told, json!({ "asOf": day, "rows": [object], "totals": totals }));
    let table = print(ask);
    assert_eq!(words(table.lines().last()), ["total", "USD", "70.00", "0.00", "0.00", "0.00", "0.00", "70.00"]);
    assert!(words(table.lines().nth(2)).ends_with(&["70.00", "0.00", "0.00", "0.00", "0.00", "70.00"]), "{table}");
    let before = run(&[ask, &["--format", "json", "--as-of", "2001-02-03"]].concat());
    assert_eq!(before["rows"], json!([]));
}

fn export(ask: &[&str]) {
    let directory = tempfile::TempDir::new().unwrap();
    for format in ["beancount", "csv"] {
        let file = directory.path().join(format);
        let printed = print(&[ask, &["--format", format]].concat());
        let told = print(&[ask, &["--format", format, "--out", file.to_str().unwrap()]].concat());
        assert_eq!((told.as_str(), std::fs::read_to_string(&file).unwrap()), ("", printed));
    }
    if let Some(beancount) = Beancount::find() {
        beancount.check(&directory.path().join("beancount")).unwrap();
    }
}

fn row(of: Option<(&str, i64)>, label: Option<&str>, deferred: &str, earned: &str) -> Value {
    let mut row = json!({ "productId": null, "customerId": null, "label": label, "currency": "USD",
                          "deferred": deferred, "earned": earned });
    if let Some((name, id)) = of {
        row[name] = json!(id);
    }
    row
}

fn words(line: Option<&str>) -> Vec<&str> {
    line.unwrap_or_default().split_whitespace().collect()
}

/// 25 dollars that earn at once, and 50 less ten percent that do not earn. The ids of buyer and products.
fn sell(caller: &Caller) -> (i64, i64, i64) {
    let product = caller.post("/v1/products", &fixtures::product("A,B", "12.50"))["id"].as_i64().unwrap();
    let mut deposit = fixtures::product("DEPOSIT", "50");
    deposit["productType"] = json!("OneTimeCharge");
    deposit["orderToCashCycle"]["earningTimingInterval"] = json!("DoesNotEarn");
    let deposit = caller.post("/v1/products", &deposit)["id"].as_i64().unwrap();
    let customer = caller.post("/v1/customers", &json!({ "firstName": "Ada", "lastName": "Reyes" }))["id"].as_i64();
    let customer = customer.unwrap();
    let activation = json!({ "customerId": customer, "activateAllSubscriptions": false,
                             "activateAllDraftPurchases": false, "temporarilyDisableAutoPost": false });
    caller.post("/v1/customerActivation", &activation);
    let discounts = json!([{ "discountType": "Percentage", "amount": 10 }]);
    let purchases = json!([
        { "productId": product, "name": "Two", "quantity": 2 },
        { "productId": deposit, "name": "One", "quantity": 1, "discounts": discounts }
    ]);
    let order = json!({ "customerId": customer, "autoPurchase": true, "purchases": purchases });
    caller.post("/v1/purchases/bulkCreate", &order);
    (customer, product, deposit)
}
