//! Notes, e-mail preferences and tracking codes of customers over the wire (customers.md §1.1, §2.13 and §3.5).

use serde_json::{Value, json};
use testkit::{Reply, each_server, on_server, server::config};

fn keys(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, 400, "{}", reply.text());
    reply.errors().into_iter().map(|(key, _)| key).collect()
}

#[tokio::test]
async fn a_note_tells_who_wrote_it_where_and_when() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        let order = json!({ "customerId": customer, "note": "Rang", "editable": true, "sourceApplication": "Desk" });
        let note = shop.post("/v1/customerNotes", order).await.ok();
        assert_eq!(
            (&note["note"], &note["sourceApplication"], &note["editable"]),
            (&json!("Rang"), &json!("Desk"), &json!(true))
        );
        assert!(note["userWhoCreatedNote"].is_string(), "{note}");
        // What is read can be sent back, changed.
        let mut changed = note.clone();
        changed["note"] = json!("Rang twice");
        let answered = shop.put("/v1/customerNotes", &changed).await.ok();
        changed["modifiedTimestamp"] = answered["modifiedTimestamp"].clone();
        assert_eq!(answered, changed);
        let path = format!("/v1/customerNotes/{}", note["id"]);
        assert_eq!(shop.get(&path).await.ok(), changed);
        let fixed = shop.post("/v1/customerNotes", json!({ "customerId": customer, "note": "x", "editable": false }));
        let fixed = fixed.await.ok();
        let list = format!("/v1/customers/{customer}/customerNotes");
        assert_eq!(shop.get(&list).await.ok(), json!([changed, fixed]));
        assert_eq!(shop.get(&format!("{list}?query=editable:false")).await.ok(), json!([fixed]));
        assert_eq!(shop.delete(&path).await.status, 204);
        assert_eq!(shop.get(&list).await.ok(), json!([fixed]));
        let refused = shop.delete(&format!("/v1/customerNotes/{}", fixed["id"])).await;
        refused.assert_refused(400, &format!("Customer note with id {} is not editable.", fixed["id"]));
    })
    .await;
}

#[tokio::test]
async fn everything_wrong_with_a_note_is_told_at_once() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let wrong = json!({ "note": " ", "sourceApplication": "x".repeat(256) });
        let reply = shop.post("/v1/customerNotes", wrong).await;
        assert_eq!(keys(&reply), ["customerNote.CustomerId", "customerNote.Note", "customerNote.SourceApplication"]);
        assert_eq!(reply.errors()[1].1, "The Note field is required.");
        let reply = shop.put("/v1/customerNotes", json!({ "note": "x".repeat(2_001) })).await;
        assert_eq!(keys(&reply), ["customerNote.Id", "customerNote.Note"]);
        let customer = shop.create_customer().await;
        let longest = json!({ "customerId": customer, "note": "ö".repeat(2_000), "sourceApplication": "" });
        assert_eq!(shop.post("/v1/customerNotes", longest).await.ok()["sourceApplication"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn preferences_are_shown_by_name_and_what_is_left_out_follows_the_account() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        let path = format!("/v1/customers/{customer}/customerEmailPreferences");
        let unset = shop.get(&path).await.ok();
        let names = |answer: &Value| {
            let entries = answer["preferences"].as_array().unwrap().clone();
            entries.iter().map(|entry| entry["emailType"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!((names(&unset).len(), names(&unset).is_sorted()), (17, true));
        assert_eq!(
            unset["preferences"][0],
            json!({ "enabled": null, "accountDefault": false,
            "emailType": "CreditCardExpiry", "emailCategory": "PaymentsAndRefunds" })
        );
        let mut wanted = unset.clone();
        wanted["preferences"][0]["enabled"] = json!(true);
        wanted["preferences"][5]["enabled"] = json!(false);
        assert_eq!(shop.put("/v1/customerEmailPreferences", &wanted).await.ok(), wanted);
        assert_eq!(shop.get(&path).await.ok(), wanted);
        let one =
            json!({ "customerId": customer, "preferences": [{ "emailType": "creditcardexpiry", "enabled": true }] });
        let answered = shop.put("/v1/customerEmailPreferences", one).await.ok();
        wanted["preferences"][5]["enabled"] = Value::Null;
        assert_eq!(answered, wanted);
        let twice =
            json!({ "preferences": [{ "emailType": "Refund" }, { "emailType": "Refund" }, { "enabled": true }] });
        let reply = shop.put("/v1/customerEmailPreferences", twice).await;
        let expected = ["CustomerId", "Preferences[1].EmailType", "Preferences[2].EmailType"];
        assert_eq!(keys(&reply), expected.map(|key| format!("customerEmailPreferences.{key}")));
        let reply = shop.put("/v1/customerEmailPreferences", json!({ "customerId": customer })).await;
        assert_eq!(keys(&reply), ["customerEmailPreferences.Preferences"]);
        assert_eq!(shop.get(&path).await.ok(), wanted);
    })
    .await;
}

#[tokio::test]
async fn tracking_codes_are_kept_each_in_its_place() {
    each_server(async |server| {
        let shop = server.shop().await;
        let codes = json!([{ "type": "SalesTrackingCode5", "code": "FAIR", "name": "" },
                           { "type": "salestrackingcode1", "code": "PARTNER", "name": "Partner" }]);
        let order = json!({ "customerReference": { "reference1": "r", "salesTrackingCodes": codes } });
        let created = shop.post("/v1/customers", order).await.ok();
        let (id, uri) = (&created["id"], &created["uri"]);
        let shown = json!([{ "type": "SalesTrackingCode1", "code": "PARTNER", "name": "Partner", "id": id, "uri": uri },
                           { "type": "SalesTrackingCode5", "code": "FAIR", "name": null, "id": id, "uri": uri }]);
        assert_eq!(created["customerReference"]["salesTrackingCodes"], shown);
        let found = shop.get("/v1/customers?query=CustomerReference.SalesTrackingCode1.Name:part*").await.ok();
        assert_eq!(found, json!([created]));
        let same = shop.put("/v1/customers", &created).await.ok();
        assert_eq!(same["customerReference"], created["customerReference"]);
        let none = json!({ "id": id, "status": "Draft" });
        assert_eq!(shop.put("/v1/customers", none).await.ok()["customerReference"]["salesTrackingCodes"], json!([]));

        let wrong = json!([{ "type": "SalesTrackingCode1", "code": "A" }, { "type": "SalesTrackingCode1", "code": "B" },
                           { "code": "C", "name": "x".repeat(256) }, { "type": "SalesTrackingCode2", "code": "" }]);
        let order = json!({ "customerReference": { "salesTrackingCodes": wrong } });
        let expected = ["[1].Type", "[2].Type", "[2].Name", "[3].Code"];
        let expected = expected.map(|place| format!("customer.CustomerReference.SalesTrackingCodes{place}"));
        assert_eq!(keys(&shop.post("/v1/customers", order).await), expected);
    })
    .await;
}
