//! Events of bulk jobs: all that happened to a job and its records, in order, and again from any of them on.

use serde_json::{Value, json};
use testkit::{Client, each_server, on_server, server::config};

async fn events(shop: &Client, job: i64, query: &str) -> Vec<Value> {
    let told = shop.get(&format!("/v1/BulkApi/Jobs/{job}/Events?{query}")).await.ok();
    told.as_array().unwrap().clone()
}

#[tokio::test]
async fn what_happened_to_a_job_and_its_records_is_told_in_order() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "5").await);
        let invoice = shop.create_invoice(customer, product, 1).await;
        let job = shop.submit("BulkWriteOff", json!([invoice, "x", invoice])).await;
        shop.post("/v1/BulkApi/Process", json!({ "id": job })).await.ok();
        let records = shop.get(&format!("/v1/BulkApi/{job}?view=Full")).await.ok()["records"].clone();
        let told = events(&shop, job, "").await;
        let seen: Vec<_> = told.iter().map(|event| (event["eventType"].clone(), event["recordId"].clone())).collect();
        let expected = [
            ("BulkJobCreated", &Value::Null),
            ("BulkRecordRefused", &records[1]["id"]),
            ("BulkJobValidated", &Value::Null),
            ("BulkJobStarted", &Value::Null),
            ("BulkRecordProcessed", &records[0]["id"]),
            ("BulkRecordFailed", &records[2]["id"]),
            ("BulkJobProcessed", &Value::Null),
        ];
        assert_eq!(seen, expected.map(|(event_type, record)| (json!(event_type), record.clone())));
        let customers: Vec<_> = told.iter().map(|event| event["customerId"].clone()).collect();
        assert_eq!(customers[4..6], [json!(customer), json!(customer)]);
        assert_eq!((&customers[1], &told[1]["bulkJobId"]), (&Value::Null, &json!(job)));
        // A page at a time, and again from any event on, they are the same.
        let mut one_by_one = Vec::new();
        let mut query = "pageSize=1".to_owned();
        while let Some(event) = events(&shop, job, &query).await.pop() {
            query = format!("pageSize=1&after={}", event["id"]);
            one_by_one.push(event);
        }
        assert_eq!(one_by_one, told);
        for (index, event) in told.iter().enumerate() {
            assert_eq!(events(&shop, job, &format!("after={}", event["id"])).await, told[index + 1..]);
        }
        let next = shop.submit("BulkWriteOff", json!([invoice])).await;
        assert_eq!(events(&shop, job, "").await, told, "another job has its own");
        assert_eq!(events(&shop, next, &format!("after={}", told[6]["id"])).await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn events_that_are_not_there_are_refused() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let job = shop.submit("BulkWriteOff", json!([1])).await;
        let path = format!("/v1/BulkApi/Jobs/{job}/Events");
        shop.get(&format!("{path}?after=7")).await.assert_refused(404, "Event with id 7 not found.");
        for size in ["0", "1001", "-1"] {
            let reply = shop.get(&format!("{path}?pageSize={size}")).await;
            reply.assert_refused(400, "pageSize must be from 1 to 1000.");
        }
        assert_eq!(shop.get(&format!("{path}?after=x")).await.status, 400);
        shop.get("/v1/BulkApi/Jobs/7/Events").await.assert_refused(404, "AccountUpload with id 7 not found.");
    })
    .await;
}
