//! Bodies and paths exactly as the samples of the original and its clients send them, the odd ones included.

use serde_json::{Value, json};
use testkit::{Client, each_server, on_server, server::config};

/// A customer and two products, written into a sample in the place of its own ids.
struct Ids {
    customer: i64,
    product: i64,
    tracked: i64,
}

impl Ids {
    async fn create(shop: &Client) -> Self {
        let field = json!({ "key": "k", "friendlyName": "K", "dataType": "Number" });
        shop.post("/v1/customFields", field).await.ok();
        Self {
            customer: shop.create_customer().await,
            product: shop.create_product("P", "1").await,
            tracked: shop.create_tracked_product("T", "1").await,
        }
    }

    fn fill(&self, sample: &str) -> String {
        let sample = sample.replace("CUSTOMER", &self.customer.to_string());
        sample.replace("PRODUCT", &self.product.to_string()).replace("TRACKED", &self.tracked.to_string())
    }
}

const BULK_CREATE: &[&str] = &[
    // The seed's curl sample: bare names and single quotes.
    "{customerId:CUSTOMER,autoPurchase:false,purchases:[{productId:PRODUCT,name:'purchase1'},{productId:PRODUCT,name:'purchase2'}]}",
    // A switch as text.
    r#"{"customerId":CUSTOMER,"autoPurchase":"false","purchases":[{"productId":PRODUCT,"name":"purchase1"}]}"#,
    // Numbers as text, and names in other cases.
    r#"{"CustomerID":"CUSTOMER","autopurchase":"False","Purchases":[{"ProductId":"PRODUCT","Name":"a","quantity":"1.5"}]}"#,
    // The model's name in another case, a value and a reference as numbers, nulls for everything optional.
    r#"{"customerId":CUSTOMER,"autoPurchase":false,"purchases":[{"productId":TRACKED,"name":"purchase1","description":null,
        "quantity":null,"targetOrderQuantity":null,"overridePriceRanges":[{"min":0,"max":2,"amount":50},{"min":2,"max":null,"amount":150}],
        "pricingModeltype":"volume","customFields":[{"key":"k","value":1234}],"discounts":[{"discountType":"percentage","amount":50}],
        "productItems":[{"reference":1234156785243216,"name":"one"}],"couponCodes":null,"earningSettings":null,
        "netsuiteLocationId":""}],"invoiceCollectOptions":null}"#,
    // The options of collection as in the seed, on drafts that are not collected.
    r#"{"customerId":CUSTOMER,"autoPurchase":false,"purchases":[{"productId":PRODUCT,"name":"p"}],
        "invoiceCollectOptions":{"paymentMethod":"useDefaultPaymentMethod","paymentMethodId":null,"creditCard":null,"achCard":null,
        "useAnyAvailableFundsFirst":"true","rollbackOnFailedPayment":false}}"#,
    // Comments, commas at the end, mixed quotes, members nobody knows, a byte order mark.
    "\u{feff}{ // the buyer\n 'customerId': CUSTOMER, /* drafts */ \"autoPurchase\": false, unknown: {a: [1, 'x',],},\n purchases: [{productId: PRODUCT, name: \"it's\",},], }",
    // The last of a repeated member wins.
    "{customerId:1,customerId:CUSTOMER,purchases:[{productId:PRODUCT,name:'p'}]}",
];

#[tokio::test]
async fn bulk_create_reads_every_sample() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let ids = Ids::create(&shop).await;
        for sample in BULK_CREATE {
            let created = shop.post("/v1/Purchases/BulkCreate", ids.fill(sample)).await.ok();
            assert_eq!(created["customerId"], ids.customer, "{sample}");
            let purchases = created["purchases"].as_array().unwrap();
            assert!(purchases.iter().all(|purchase| purchase["status"] == "Draft"), "{sample}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_sample_says_is_what_is_stored() {
    each_server(async |server| {
        let shop = server.shop().await;
        let ids = Ids::create(&shop).await;
        let created = shop.post("/v1/Purchases/BulkCreate", ids.fill(BULK_CREATE[3])).await.ok();
        let id = created["purchases"][0]["id"].as_i64().unwrap();
        let purchase = shop.get(&format!("/v1/purchases/{id}")).await.ok();
        assert_eq!(purchase["pricingModelType"], "Volume");
        assert_eq!(purchase["customFields"][0]["value"], "1234");
        assert_eq!(purchase["productItems"][0]["reference"], "1234156785243216");
        assert_eq!(purchase["discounts"][0]["discountType"], "Percentage");
        assert_eq!(purchase["priceRanges"][1]["amount"], json!(150.0));
        assert_eq!(purchase["couponCodes"], json!([]));
        assert_eq!(purchase["earningSettings"], Value::Null);
        let twice = shop.post("/v1/Purchases/BulkCreate", ids.fill(BULK_CREATE[6])).await.ok();
        assert_eq!(twice["customerId"], ids.customer);
        let mixed = shop.post("/v1/Purchases/BulkCreate", ids.fill(BULK_CREATE[5])).await.ok();
        assert_eq!(mixed["purchases"][0]["name"], "it's");
        let texts = shop.post("/v1/Purchases/BulkCreate", ids.fill(BULK_CREATE[2])).await.ok();
        assert_eq!(texts["purchases"][0]["quantity"], json!(1.5));
    })
    .await;
}

#[tokio::test]
async fn the_other_calls_read_their_samples() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let Ids { customer, product, .. } = Ids::create(&shop).await;
        let draft = shop.create_draft_customer().await;
        let activation = format!(
            "{{customerId:{draft},activateAllSubscriptions:'true',activateAllDraftPurchases:\"true\",temporarilyDisableAutoPost:false}}"
        );
        shop.post("/v1/CustomerActivation?Preview=False&showzerodollarcharges=true", activation).await.ok();

        let purchase = shop.create_purchase(customer, product, 3).await;
        let finalize = format!("{{CustomerId:'{customer}',purchaseIds:[{purchase}],invoiceCollectOptions:null}}");
        shop.post("/v1/purchases/Purchase/?preview=false", finalize).await.ok();
        let invoice = shop.get(&format!("/v1/customers/{customer}/invoices/?showZeroDollarCharges=False")).await.ok();
        let invoice = invoice[0]["id"].as_i64().unwrap();

        let payment = format!(
            "{{\"customerId\":{customer},\"source\":\"manual\",\"paymentMethod\":\"check\",\"amount\":1.00,\"reference\":91,\
             \"paymentAllocations\":[{{\"invoiceID\":{invoice},\"amount\":\"0.5\"}}]}}"
        );
        assert_eq!(shop.post("/v1/payments", payment).await.ok()["reference"], "91");

        let job = format!("{{accountUploadType:'bulkWriteOff',data:[{invoice},'{invoice}']}}");
        let job = shop.post("/v1/BulkApi", job).await.id();
        shop.post("/v1/BulkApi/Process/", format!("{{id:{job}}}")).await.ok();
        shop.post("/v1/BulkApi/Process", "{id:123456}").await.assert_refused(404, "AccountUpload with id 123456 not found.");

        let write_off = format!("{{invoiceId:{invoice},amount:'1.00'}}");
        shop.post("/v1/invoices/writeoff", write_off)
            .await
            .assert_refused(400, &format!("Invoice with id {invoice} has no outstanding balance."));
    })
    .await;
}

#[tokio::test]
async fn an_object_that_was_read_may_be_sent_back() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let Ids { customer, product, .. } = Ids::create(&shop).await;
        let read = shop.get(&format!("/v1/customers/{customer}")).await;
        let sent_back = shop.put("/v1/customers", read.text()).await;
        assert_eq!(without_modification(sent_back.ok()), without_modification(read.ok()));
        let read = shop.get(&format!("/v1/products/{product}")).await;
        let sent_back = shop.put("/v1/products", read.text()).await;
        assert_eq!(without_modification(sent_back.ok()), without_modification(read.ok()));
    })
    .await;
}

fn without_modification(mut object: Value) -> Value {
    object.as_object_mut().unwrap().remove("modifiedTimestamp");
    object
}

#[tokio::test]
async fn paths_lead_there_however_they_are_spelled() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let ids = Ids::create(&shop).await;
        for path in [
            "/v1/purchases/bulkCreate/",
            "/v1/Purchases/BulkCreate",
            "/V1/PURCHASES/BULKCREATE",
            "/v1//purchases//bulkcreate",
            "//v1/purchases/bulkcreate//?preview=False",
            "/v1/purchases/bulkCreate/?PREVIEW=false&unknown=1",
        ] {
            shop.post(path, ids.fill(BULK_CREATE[0])).await.ok();
        }
        assert_eq!(shop.get("/v1/purchases/bulkcreate").await.status, 405, "not an id");
    })
    .await;
}

#[tokio::test]
async fn bodies_of_reading_and_deleting_calls_are_ignored() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let Ids { customer, product, .. } = Ids::create(&shop).await;
        let with_body = shop.with("content-type", "application/json");
        for body in ["{}", "{\"id\":1}", "not json"] {
            let reply =
                with_body.send("GET", &format!("/v1/customers/{customer}?a=b&pageSize=10&pageNumber=0"), body).await;
            assert_eq!(reply.id(), customer, "{body}");
            assert_eq!(reply.header("x-count"), None, "{body}");
            let purchase = shop.create_purchase(customer, product, 1).await;
            let reply = with_body.send("DELETE", &format!("/v1/purchases/{purchase}"), body).await;
            assert_eq!((reply.status, reply.text()), (204, ""), "{body}");
        }
    })
    .await;
}

#[tokio::test]
async fn calls_without_a_body_may_name_any_media_type() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let Ids { customer, product, .. } = Ids::create(&shop).await;
        for media_type in ["application/x-www-form-urlencoded", "application/json", "text/plain", ""] {
            let invoice = shop.create_invoice(customer, product, 1).await;
            let job = shop.submit("BulkWriteOff", json!([invoice])).await;
            let caller = shop.with("content-type", media_type);
            let reply = caller.send("POST", &format!("/v1//BulkApi/Cancel/{job}/"), "").await;
            assert_eq!(reply.ok()["status"], "ProcessedWithErrors", "{media_type}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_broken_body_is_refused_with_its_line_and_column() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        for body in
            ["", "{a:'x':b:'y'}", "{customerId:1,\n autoPurchase:NaN}", "[1", "{} {}", "nothing", "{customerId:0x10}"]
        {
            let reply = shop.post("/v1/Purchases/BulkCreate", body).await;
            assert_eq!(reply.status, 400, "{body}: {}", reply.text());
            assert!(reply.errors().iter().all(|(key, _)| key.starts_with("bulkPurchase")), "{body}: {}", reply.text());
        }
        let reply = shop.post("/v1/Purchases/BulkCreate", "{customerId:1,\n  purchases:[}").await;
        let (key, value) = &reply.errors()[0];
        assert_eq!(key, "bulkPurchase");
        assert!(value.contains("line 2") && value.contains("14"), "{value}");
    })
    .await;
}
