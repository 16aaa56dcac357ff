//! Plans, their products and families, and the lists of the catalogue in short.

use serde_json::{Value, json};
use testkit::{Client, each_server};

const NOT_FOUND: i64 = 7;

fn pricing(amount: &str) -> Value {
    json!({ "pricingModelType": "Standard",
            "quantityRanges": [{ "min": 0, "max": null, "prices": [{ "amount": amount, "currency": "USD" }] }] })
}

/// A plan charged monthly and yearly.
async fn plan(shop: &Client, code: &str) -> Value {
    let frequency = |interval: &str| json!({ "interval": interval, "numberOfIntervals": 1 });
    let plan = json!({ "code": code, "name": code, "planFrequencies": [frequency("Monthly"), frequency("Yearly")] });
    shop.post("/v1/plans", plan).await.ok()
}

fn frequency(plan: &Value, index: usize) -> &Value {
    &plan["planFrequencies"][index]["id"]
}

/// A product of the plan with a price at both frequencies.
async fn plan_product(shop: &Client, plan: &Value, product: i64) -> Value {
    let cycles = [0, 1].map(|index| json!({ "planFrequencyId": frequency(plan, index), "pricingModel": pricing("5") }));
    let order = json!({ "planId": plan["id"], "productId": product, "orderToCashCycles": cycles });
    shop.post("/v1/planProducts", order).await.ok()
}

fn price_of(product: &Value, cycle: usize) -> &Value {
    &product["orderToCashCycles"][cycle]["pricingModel"]["quantityRanges"][0]["prices"][0]["amount"]
}

#[tokio::test]
async fn frequencies_keep_their_ids_and_are_retired_rather_than_lost() {
    each_server(async |server| {
        let shop = server.shop().await;
        let gold = plan(&shop, "GOLD").await;
        let mut changed = gold.clone();
        let quarterly = json!({ "interval": "Monthly", "numberOfIntervals": 3 });
        changed["planFrequencies"] = json!([gold["planFrequencies"][1], quarterly]);
        let changed = shop.put("/v1/plans", changed).await.ok();
        let seen: Vec<_> = changed["planFrequencies"].as_array().unwrap().iter().collect();
        let statuses = seen.iter().map(|frequency| frequency["status"].as_str().unwrap());
        assert_eq!(statuses.collect::<Vec<_>>(), ["Retired", "Active", "Active"]);
        assert_eq!((&seen[0]["id"], &seen[1]["id"]), (frequency(&gold, 0), frequency(&gold, 1)));
        assert_eq!(seen.iter().map(|one| one["planRevisionId"].as_i64().unwrap()).collect::<Vec<_>>(), [2, 1, 2]);
        // What is read can be sent back, and brings a retired frequency to life again.
        let mut again = changed.clone();
        again["planFrequencies"][0]["status"] = json!("Active");
        let again = shop.put("/v1/plans", again).await.ok();
        assert_eq!(again["planFrequencies"][0]["status"], "Active");
        assert_eq!(again["planFrequencies"][0]["id"], *frequency(&gold, 0));
    })
    .await;
}

#[tokio::test]
async fn wrong_plans_are_refused_with_every_field_and_nothing_is_stored() {
    each_server(async |server| {
        let shop = server.shop().await;
        plan(&shop, "GOLD").await;
        let reply = shop.post("/v1/plans", "{code:'',planFrequencies:[{interval:'Weekly'},{interval:'Monthly',numberOfIntervals:0,charges:[{amount:-1,currency:'USD'}]}]}").await;
        let keys: Vec<_> = reply.errors().into_iter().map(|(key, _)| key).collect();
        assert_eq!(reply.status, 400);
        for key in [
            "plan.PlanFrequencies[0].Interval",
            "plan.PlanFrequencies[0].NumberOfIntervals",
            "plan.Code",
            "plan.Name",
            "plan.PlanFrequencies[1].NumberOfIntervals",
            "plan.PlanFrequencies[1].Charges[0].Amount",
        ] {
            assert!(keys.iter().any(|found| found == key), "{key} is not among {keys:?}");
        }
        let taken = json!({ "code": "GOLD", "name": "Other" });
        shop.post("/v1/plans", taken).await.assert_error(400, "plan.Code", "Code GOLD is already in use.");
        assert_eq!(shop.get("/v1/plans").await.header("x-maxcount"), Some("1"));
        shop.get(&format!("/v1/plans/{NOT_FOUND}")).await.assert_refused(404, "Plan with id 7 not found.");
        let wished = shop.get("/v1/plans/7?view=Subscription&interval=monthly&numberOfIntervals=1").await;
        wished.assert_refused(400, "view=subscription is not supported: there are no subscriptions yet.");
    })
    .await;
}

#[tokio::test]
async fn a_plan_product_takes_what_it_is_not_told_from_the_product() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (gold, product) = (plan(&shop, "GOLD").await, shop.create_product("P", "1").await);
        let created = plan_product(&shop, &gold, product).await;
        assert_eq!((&created["productCode"], &created["productName"]), (&json!("P"), &json!("Product P")));
        assert_eq!(created["orderToCashCycles"][0]["chargeModels"][0]["chargeTimingType"], "StartOfPeriod");
        assert_eq!(created["isRecurring"], false);
        // A product in a plan is in use.
        let deletion = shop.delete(&format!("/v1/products/{product}")).await;
        deletion.assert_refused(400, &format!("Product with id {product} is in use and cannot be deleted."));
        // What is read can be sent back.
        let sent_back = shop.put("/v1/planProducts", &created).await.ok();
        let without_models = |product: &Value| {
            let mut product = product.clone();
            for cycle in product["orderToCashCycles"].as_array_mut().unwrap() {
                for model in cycle["chargeModels"].as_array_mut().unwrap() {
                    model["id"] = json!(0);
                }
            }
            product
        };
        assert_eq!(without_models(&sent_back), without_models(&created));
        let (mut moved, silver) = (created.clone(), plan(&shop, "SILVER").await);
        (moved["planId"], moved["productId"]) = (silver["id"].clone(), json!(shop.create_product("Q", "1").await));
        let refused = shop.put("/v1/planProducts", moved).await;
        let problem = |name: &str, text: &str| (format!("planProduct.{name}"), text.to_owned());
        assert_eq!(
            refused.errors(),
            [
                problem("PlanId", "The plan of a plan product cannot be changed."),
                problem("ProductId", "The product of a plan product cannot be changed.")
            ]
        );
        let path = format!("/v1/planProducts/{}", created["id"]);
        assert_eq!(shop.delete(&path).await.status, 204);
        assert_eq!(shop.get(&path).await.ok()["status"], "Deleted");
        shop.get("/v1/planProducts/7").await.assert_refused(404, "PlanProduct with id 7 not found.");
    })
    .await;
}

#[tokio::test]
async fn cycles_name_each_frequency_of_their_plan_at_most_once() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (gold, silver) = (plan(&shop, "GOLD").await, plan(&shop, "SILVER").await);
        let product = shop.create_product("P", "1").await;
        let cycle = |of: &Value| json!({ "planFrequencyId": of, "pricingModel": pricing("5") });
        let by_period = json!({ "interval": "Monthly", "numberOfIntervals": 1, "pricingModel": pricing("5") });
        let gap = json!({ "planFrequencyId": frequency(&gold, 1), "pricingModel": { "pricingModelType": "Tiered",
            "quantityRanges": [{ "min": 1, "max": null, "prices": [{ "amount": 5, "currency": "USD" }] }] } });
        let order = json!({ "planId": gold["id"], "productId": product,
                            "orderToCashCycles": [cycle(frequency(&gold, 0)), by_period, cycle(frequency(&silver, 0)), gap] });
        let reply = shop.post("/v1/planProducts", order).await;
        let keys: Vec<_> = reply.errors().into_iter().map(|(key, _)| key).collect();
        assert_eq!(
            keys,
            [
                "planProduct.OrderToCashCycles[1].PlanFrequencyId",
                "planProduct.OrderToCashCycles[2].PlanFrequencyId",
                "planProduct.OrderToCashCycles[3].PricingModel.QuantityRanges",
            ]
        );
        let retired = json!({ "code": "OLD", "name": "Old", "productType": "RecurringService", "status": "Retired" });
        let retired = shop.post("/v1/products", retired).await.id();
        let order = json!({ "planId": gold["id"], "productId": retired });
        let text = format!("Product with id {retired} is retired.");
        shop.post("/v1/planProducts", order).await.assert_error(400, "planProduct.ProductId", &text);
    })
    .await;
}

#[tokio::test]
async fn a_patch_overwrites_the_prices_that_it_lists_and_no_others() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (gold, silver) = (plan(&shop, "GOLD").await, plan(&shop, "SILVER").await);
        let product = shop.create_product("P", "1").await;
        let part = plan_product(&shop, &gold, product).await;
        let prices = |plan: &Value, part: &Value, cycle: &Value, amount: &str| {
            json!({ "planId": plan["id"], "planProducts": [
                { "id": part["id"], "orderToCashCycles": [{ "id": cycle, "pricingModel": pricing(amount) }] }] })
        };
        let second = &part["orderToCashCycles"][1]["id"];
        let send = async |body: Value| {
            shop.with("content-type", "application/json").send("PATCH", "/v1/planProducts", &body.to_string()).await
        };
        let changed = send(prices(&gold, &part, second, "7.5")).await.ok();
        assert_eq!((price_of(&changed[0], 0), price_of(&changed[0], 1)), (&json!(5.0), &json!(7.5)));
        assert_eq!(changed[0]["orderToCashCycles"][1]["id"], *second);
        let path = format!("/v1/planProducts/{}", part["id"]);
        assert_eq!(shop.get(&path).await.ok(), changed[0]);

        let text = format!("PlanProduct with id {} not found.", part["id"]);
        send(prices(&silver, &part, second, "1")).await.assert_refused(404, &text);
        let key = "planProducts.PlanProducts[0].OrderToCashCycles[0].Id";
        send(prices(&gold, &part, &json!(7), "1")).await.assert_error(
            400,
            key,
            "OrderToCashCycle with id 7 not found.",
        );
        let key = "planProducts.PlanProducts[0].OrderToCashCycles[0].PricingModel.QuantityRanges";
        let negative = send(prices(&gold, &part, second, "-1")).await;
        negative.assert_error(400, key, "Price range amounts must not be negative.");
        assert_eq!(shop.get(&path).await.ok(), changed[0], "what is refused changes nothing");
    })
    .await;
}

#[tokio::test]
async fn a_family_relates_frequencies_of_its_own_plans() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (gold, silver, other) = (plan(&shop, "G").await, plan(&shop, "S").await, plan(&shop, "O").await);
        let family = |destination: &Value, frequency: &Value| {
            json!({ "code": "F", "name": "Family", "plans": [gold["id"], silver["id"]], "relationships": [
                { "sourcePlanId": gold["id"], "sourcePlanFrequencyId": gold["planFrequencies"][0]["id"],
                  "destinationPlanId": destination["id"], "destinationPlanFrequencyId": frequency }] })
        };
        let text = format!("Plan with id {} is not in the family.", other["id"]);
        let key = "planFamily.Relationships[0].DestinationPlanId";
        shop.post("/v1/planFamilies", family(&other, frequency(&other, 0))).await.assert_error(400, key, &text);
        let key = "planFamily.Relationships[0].DestinationPlanFrequencyId";
        let foreign = shop.post("/v1/planFamilies", family(&silver, frequency(&other, 0))).await;
        foreign.assert_error(400, key, "The plan has no such frequency.");
        let created = shop.post("/v1/planFamilies", family(&silver, frequency(&silver, 1))).await;
        assert_eq!(created.ok()["earningOption"], "None");
        assert_eq!(created.ok()["relationships"][0]["earningOption"], Value::Null);
        let by_plan = |id: &Value| format!("/v1/planFamilies/byPlan/{id}");
        assert_eq!(shop.get(&by_plan(&silver["id"])).await.ok()[0], created.ok());
        assert_eq!(shop.get(&by_plan(&other["id"])).await.text(), "[]");
        let none = shop.get("/v1/planFamilies/bySubscription/5").await;
        none.assert_refused(404, "Subscription with id 5 not found.");
        assert_eq!(shop.delete(&format!("/v1/planFamilies/{}", created.id())).await.status, 204);
        let gone = shop.get(&format!("/v1/planFamilies/{}", created.id())).await;
        gone.assert_refused(404, &format!("PlanFamily with id {} not found.", created.id()));
    })
    .await;
}

#[tokio::test]
async fn purchases_are_found_by_product_and_in_summary() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "10").await);
        let other = shop.create_product("Q", "1").await;
        let draft = shop.create_purchase(customer, product, 2).await;
        shop.create_purchase(customer, other, 1).await;
        let invoice = shop.create_invoice(customer, product, 1).await;
        let pay = json!({ "customerId": customer, "source": "Manual", "paymentMethod": "Cash", "amount": 10,
                          "paymentAllocations": [{ "invoiceId": invoice, "amount": 10 }] });
        let count = async |path: &str| shop.get(path).await.ok().as_array().unwrap().len();
        let by_product = format!("/v1/purchases/getByProductId?id={product}");
        assert_eq!(count(&by_product).await, 2);
        for (filter, expected) in [
            ("status:Draft", 1),
            ("Customer.FirstName:ada;Customer.Status:Active;Customer.CurrencyId:24", 2),
            ("Customer.Arbalance:11|", 0),
            ("Customer.CurrentMrr:0;Customer.NetMRR:0;quantity:2", 1),
            ("Product.Code:P", 2),
        ] {
            assert_eq!(count(&format!("{by_product}&query={filter}")).await, expected, "{filter}");
        }
        shop.get("/v1/purchases/getByProductId").await.assert_refused(400, "The id of a product is required.");
        let unknown = shop.get("/v1/purchases/getByProductId?id=7").await;
        unknown.assert_refused(404, "Product with id 7 not found.");

        for (filter, expected) in [
            ("", 3),
            ("purchaseOnPaidInvoices:true", 0),
            ("invoiceNumber:1", 1),
            ("productCode:P;invoicedDate:2024-01-01|2024-02-01", 1),
            ("purchaseStatus:draft;currency:usd", 2),
            ("datePaid:[empty]", 3),
        ] {
            assert_eq!(count(&format!("/v1/purchaseSummary?query={filter}")).await, expected, "{filter}");
        }
        shop.post("/v1/payments", pay).await.ok();
        assert_eq!(count("/v1/purchaseSummary?query=purchaseOnPaidInvoices:true").await, 1);
        let row = shop.get(&format!("/v1/purchaseSummary?query=purchaseId:{draft}")).await.ok()[0].clone();
        assert_eq!(
            (&row["amount"], &row["productCode"], &row["invoiceNumber"]),
            (&json!(20.0), &json!("P"), &Value::Null)
        );
    })
    .await;
}

#[tokio::test]
async fn only_products_that_nothing_uses_are_deleted() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        let (used, unused) = (shop.create_product("P", "1").await, shop.create_product("Q", "1").await);
        shop.create_purchase(customer, used, 1).await;
        let refused = shop.delete(&format!("/v1/products/{used}")).await;
        refused.assert_refused(400, &format!("Product with id {used} is in use and cannot be deleted."));
        assert_eq!(shop.delete(&format!("/v1/products/{unused}")).await.status, 204);
        let gone = shop.get(&format!("/v1/products/{unused}")).await;
        gone.assert_refused(404, &format!("Product with id {unused} not found."));
        assert_eq!(shop.get("/v1/productSummary").await.ok().as_array().unwrap().len(), 1);
        shop.create_product("Q", "2").await;
    })
    .await;
}
