//! What the account says of itself: kept, shown, replaced, checked.

use serde_json::{Value, json};
use testkit::each_server;

/// A PNG file of twelve by four pixels.
pub(crate) const LOGO: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAwAAAAECAIAAAA1REndAAAAFUlEQVR42mOU8CtnIASYGIgA1FMEAICPAOWC57IBAAAAAElFTkSuQmCC";
/// The same with its picture destroyed.
const BROKEN: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAwAAAAECAIAAAA1REndAAAAFUlEQVQAAAAA8CtnIASYGIgA1FMEAICPAOWC57IBAAAAAElFTkSuQmCC";

const PATH: &str = "/v1/accountProfile";

#[tokio::test]
async fn a_profile_is_kept_shown_and_replaced() {
    each_server(async |server| {
        let shop = server.shop().await;
        let unset = shop.get(PATH).await.ok();
        for member in ["name", "address", "email", "phone", "website", "invoiceSignature", "logo"] {
            assert_eq!(unset[member], Value::Null, "{member}");
        }
        let order = json!({
            "name": "Northwind Traders Ltd.", "email": "a@b.example", "phone": "555", "website": "b.example",
            "invoiceSignature": "Thank you.", "logo": { "data": LOGO, "contentType": "image/png" },
            "address": { "companyName": "Head office", "line1": "1 Main St", "line2": "Floor 2", "countryId": 124,
                         "stateId": "CA-ON", "city": "Toronto", "postalZip": "M5X 1A9" }
        });
        let set = shop.put(PATH, &order).await.ok();
        for member in ["name", "email", "phone", "website", "invoiceSignature"] {
            assert_eq!(set[member], order[member], "{member}");
        }
        for member in ["companyName", "line1", "line2", "countryId", "city", "postalZip"] {
            assert_eq!(set["address"][member], order["address"][member], "{member}");
        }
        assert_eq!((&set["address"]["country"], &set["address"]["state"]), (&json!("Canada"), &json!("Ontario")));
        assert_eq!(set["logo"], json!({ "data": LOGO, "contentType": "image/png" }));
        assert_eq!(shop.get(PATH).await.ok(), set);
        assert_eq!(shop.put(PATH, &set).await.ok(), set, "what is read can be written");

        let other = server.shop().await;
        assert_eq!(other.get(PATH).await.ok()["name"], Value::Null, "it is the account's own");
        let replaced = shop.put(PATH, json!({ "name": " " })).await.ok();
        assert_eq!(
            (&replaced["name"], &replaced["logo"], &replaced["address"]),
            (&Value::Null, &Value::Null, &Value::Null)
        );
    })
    .await;
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    each_server(async |server| {
        let shop = server.shop().await;
        let order = json!({
            "name": "n".repeat(256), "invoiceSignature": "s".repeat(2_001), "phone": "5".repeat(51),
            "address": { "line1": "l".repeat(61), "countryId": 124, "stateId": "XX" }, "logo": { "data": "?" }
        });
        let reply = shop.put(PATH, &order).await;
        let keys: Vec<_> = reply.errors().into_iter().map(|(key, _)| key).collect();
        for part in ["Name", "InvoiceSignature", "Phone", "Address.StateId", "Logo.Data"] {
            assert!(keys.iter().any(|key| key.ends_with(part)), "{part}: {keys:?}");
        }
        let address = shop.put(PATH, json!({ "address": { "line1": "x".repeat(61) } })).await;
        assert_eq!(address.status, 400, "{}", address.text());
        assert_eq!(shop.get(PATH).await.ok()["name"], Value::Null, "nothing was kept");
    })
    .await;
}

#[tokio::test]
async fn what_is_no_logo_is_refused() {
    each_server(async |server| {
        let shop = server.shop().await;
        let refused = [
            (json!({ "data": "PHN2Zy8+" }), "Data", "The logo is neither a PNG nor a JPEG file."),
            (json!({ "data": BROKEN }), "Data", "The logo cannot be read."),
            (json!({ "data": LOGO, "contentType": "image/jpeg" }), "ContentType", "The logo is image/png."),
            (json!({ "data": "not base64" }), "Data", "The logo is not in base64."),
        ];
        for (logo, member, text) in refused {
            let reply = shop.put(PATH, json!({ "logo": logo })).await;
            reply.assert_error(400, &format!("accountProfile.Logo.{member}"), text);
        }
        assert_eq!(shop.put(PATH, json!({ "logo": {} })).await.status, 400);
    })
    .await;
}
