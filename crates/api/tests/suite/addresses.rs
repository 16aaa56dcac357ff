//! Countries, addresses of customers and how customers are addressed (customers.md §3.3, §3.4).

use serde_json::{Value, json};
use testkit::{Client, each_server, on_server};

const BILLING_FIRST: &str = "A customer needs a Billing address before a Shipping address.";

/// A full address in Ontario.
fn ottawa(customer: i64, address_type: &str) -> Value {
    json!({ "customerAddressPreferenceId": customer, "companyName": "Northwind", "line1": "1 Bank St", "line2": "Suite 2",
            "countryId": 124, "stateId": 9, "city": "Ottawa", "postalZip": "K1P 1A1", "addressType": address_type,
            "valid": true })
}

async fn preference(shop: &Client, customer: i64) -> Value {
    shop.get(&format!("/v1/customerAddressPreferences/{customer}")).await.ok()
}

#[tokio::test]
async fn countries_are_those_of_iso_3166() {
    on_server(testkit::server::config(), async |server| {
        let countries = server.shop().await.get("/v1/countries").await.ok();
        let countries = countries.as_array().unwrap();
        assert_eq!(countries.len(), 249);
        let canada = countries.iter().find(|country| country["id"] == 124).unwrap();
        assert_eq!((&canada["name"], &canada["iso"], &canada["iso3"]), (&json!("Canada"), &json!("CA"), &json!("CAN")));
        let ontario = json!({ "id": 9, "name": "Ontario", "subdivisionIsoCode": "ON", "combinedIsoCode": "CA-ON" });
        assert!(canada["states"].as_array().unwrap().contains(&ontario));
        assert_eq!(server.anonymous().get("/v1/countries").await.status, 401, "the call needs a key like any other");
    })
    .await;
}

#[tokio::test]
async fn addresses_are_created_read_and_replaced() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_draft_customer().await;
        let billing = shop.post("/v1/addresses", ottawa(customer, "Billing")).await.ok();
        assert_eq!((&billing["country"], &billing["state"]), (&json!("Canada"), &json!("Ontario")));
        let uri = format!("/v1/addresses/{}", billing["id"]);
        assert_eq!(shop.get(&uri).await.ok(), billing);

        // What is read can be sent back; what is left out becomes null.
        assert_eq!(shop.put("/v1/addresses", &billing).await.ok(), billing);
        let berlin = json!({ "id": billing["id"], "countryId": 276, "city": "Berlin" });
        let replaced = shop.put("/v1/addresses", berlin).await.ok();
        assert_eq!(shop.get(&uri).await.ok(), replaced);
        let shown = ["companyName", "line1", "stateId", "state", "city", "valid", "addressType"];
        let values: Vec<_> = shown.iter().map(|name| replaced[name].clone()).collect();
        assert_eq!(json!(values), json!([null, null, null, null, "Berlin", false, "Billing"]));

        let shipping = shop.post("/v1/addresses", ottawa(customer, "Shipping")).await.ok();
        let read = preference(&shop, customer).await;
        assert_eq!((&read["billingAddress"], &read["shippingAddress"]), (&replaced, &shipping));
    })
    .await;
}

#[tokio::test]
async fn there_is_one_address_of_a_type_and_billing_comes_first() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, other) = (shop.create_draft_customer().await, shop.create_draft_customer().await);
        let refused = shop.post("/v1/addresses", ottawa(customer, "Shipping")).await;
        refused.assert_error(400, "address.AddressType", BILLING_FIRST);
        let billing = shop.post("/v1/addresses", ottawa(customer, "Billing")).await.id();
        let refused = shop.post("/v1/addresses", ottawa(customer, "Billing")).await;
        let text = format!("The customer already has a Billing address, with id {billing}.");
        refused.assert_error(400, "address.AddressType", &text);

        let mut moved = ottawa(other, "Shipping");
        moved["id"] = json!(billing);
        let refused = shop.put("/v1/addresses", moved).await;
        let expected = [
            ("address.CustomerAddressPreferenceId", "An address cannot be given to another customer."),
            ("address.AddressType", "A Billing address cannot become another."),
        ];
        assert_eq!(refused.errors(), expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
        assert_eq!(preference(&shop, other).await["billingAddress"], json!(null));
    })
    .await;
}

#[tokio::test]
async fn states_are_named_by_id_or_code_and_must_be_of_the_country() {
    each_server(async |server| {
        let shop = server.shop().await;
        let billing = shop.post("/v1/addresses", ottawa(shop.create_draft_customer().await, "Billing")).await.id();
        let put = async |country: Value, state: Value| {
            shop.put("/v1/addresses", json!({ "id": billing, "countryId": country, "stateId": state })).await
        };
        for state in [json!(9), json!("9"), json!("ON"), json!("ca-on")] {
            assert_eq!(put(json!(124), state.clone()).await.ok()["stateId"], 9, "{state}");
        }
        assert_eq!(put(json!(840), json!("NY")).await.ok()["state"], "New York");
        assert_eq!(put(json!("276"), json!("")).await.ok()["stateId"], json!(null));
        let text = |state: &str, country: &str| {
            format!("StateId {state} is not a state of {country}; GET /v1/Countries lists them.")
        };
        for (country, state, name) in
            [(840, json!(9), "United States"), (124, json!("NY"), "Canada"), (276, json!(9), "Germany")]
        {
            let shown = state.as_str().map_or_else(|| state.to_string(), str::to_owned);
            let refused = put(json!(country), state).await;
            refused.assert_error(400, "address.StateId", &text(&shown, name));
        }
        let refused = put(json!(999), json!(9)).await;
        let text = "CountryId 999 is not a country; GET /v1/Countries lists them.";
        refused.assert_error(400, "address.CountryId", text);
    })
    .await;
}

#[tokio::test]
async fn every_wrong_member_is_reported_at_once() {
    on_server(testkit::server::config(), async |server| {
        let shop = server.shop().await;
        let keys = |reply: testkit::Reply| reply.errors().into_iter().map(|(key, _)| key).collect::<Vec<_>>();
        let refused = shop.post("/v1/addresses", json!({ "enforceFullAddress": true })).await;
        let expected = ["CustomerAddressPreferenceId", "AddressType", "CountryId", "Line1", "City", "PostalZip"];
        assert_eq!(keys(refused), expected.map(|field| format!("address.{field}")));
        let refused = shop.post("/v1/addresses", json!({ "addressType": "Billing", "countryId": 124 })).await;
        let text = "Please specify a value for customerAddressPreferenceId";
        refused.assert_error(400, "address.CustomerAddressPreferenceId", text);

        let long = |length: usize| "x".repeat(length);
        let address = json!({ "companyName": long(256), "line1": long(61), "line2": long(61), "countryId": 124,
                              "city": long(51), "postalZip": long(11), "enforceFullAddress": true, "addressType": "Home" });
        let fields = ["AddressType", "CompanyName", "Line1", "Line2", "City", "PostalZip", "StateId"];
        let nested = json!({ "id": 1, "contactName": long(101), "shippingInstructions": long(1_001), "billingAddress": address });
        let refused = shop.put("/v1/customerAddressPreferences", &nested).await;
        let mut expected = vec!["customerAddressPreference.ContactName".to_owned()];
        expected.push("customerAddressPreference.ShippingInstructions".to_owned());
        expected.extend(fields.map(|field| format!("customerAddressPreference.BillingAddress.{field}")));
        let mut found = keys(refused);
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
        let refused = shop.put("/v1/customerAddressPreferences", json!({ "contactName": "Ada" })).await;
        refused.assert_error(400, "customerAddressPreference.Id", "The Id field is required.");
    })
    .await;
}

#[tokio::test]
async fn a_preference_is_replaced_and_its_addresses_stay() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_draft_customer().await;
        let empty = preference(&shop, customer).await;
        assert_eq!((&empty["id"], &empty["billingAddress"]), (&json!(customer), &json!(null)));
        let put = async |body: Value| shop.put("/v1/CustomerAddressPreferences", body).await;

        let first = json!({ "id": customer, "shippingAddress": { "countryId": 124 } });
        put(first).await.assert_error(400, "customerAddressPreference.ShippingAddress", BILLING_FIRST);
        let full = json!({ "id": customer, "contactName": "Ada", "shippingInstructions": "Ring twice",
                           "useBillingAsShipping": true, "billingAddress": { "countryId": 124, "stateId": "ON" },
                           "shippingAddress": { "countryId": 276 } });
        let written = put(full).await.ok();
        assert_eq!(written["useBillingAddressAsShippingAddress"], true);
        assert_eq!(written["shippingAddress"]["country"], "Germany", "it is shown although it is not used");
        assert_eq!(preference(&shop, customer).await, written);

        let bare = put(json!({ "id": customer })).await.ok();
        assert_eq!((&bare["contactName"], &bare["useBillingAddressAsShippingAddress"]), (&json!(null), &json!(false)));
        assert_eq!(bare["billingAddress"], written["billingAddress"]);
        assert_eq!(bare["shippingAddress"], written["shippingAddress"]);

        let moved = put(json!({ "id": customer, "shippingAddress": { "countryId": 250 } })).await.ok();
        assert_eq!(moved["shippingAddress"]["id"], written["shippingAddress"]["id"], "the address is the same one");
        assert_eq!(moved["shippingAddress"]["country"], "France");
    })
    .await;
}

#[tokio::test]
async fn customers_are_created_with_their_addresses() {
    each_server(async |server| {
        let shop = server.shop().await;
        let addressed = json!({ "contactName": "Ada", "billingAddress": { "countryId": 840, "stateId": "CA" } });
        let customer = shop.post("/v1/customers", json!({ "customerAddressPreference": addressed })).await.id();
        let read = preference(&shop, customer).await;
        assert_eq!((&read["contactName"], &read["billingAddress"]["state"]), (&json!("Ada"), &json!("California")));

        let refused = shop
            .post("/v1/customers", json!({ "customerAddressPreference": { "shippingAddress": { "countryId": 840 } } }));
        refused.await.assert_error(400, "customer.CustomerAddressPreference.ShippingAddress", BILLING_FIRST);
        let update = json!({ "id": customer, "status": "Draft", "customerAddressPreference": addressed });
        let text = "CustomerAddressPreference is only valid when a customer is created.";
        shop.put("/v1/customers", update).await.assert_error(400, "customer.CustomerAddressPreference", text);
    })
    .await;
}

#[tokio::test]
async fn a_new_customer_may_bring_a_list_of_addresses() {
    each_server(async |server| {
        let shop = server.shop().await;
        let order = json!({ "firstName": "Ada", "customerAddressPreference": { "contactName": "Reyes" },
                            "addresses": [ottawa(0, "Shipping"), { "countryId": 276, "city": "Berlin", "addressType": "Billing" }] });
        let customer = shop.post("/v1/customers", order).await.id();
        let read = preference(&shop, customer).await;
        assert_eq!(read["contactName"], "Reyes");
        assert_eq!((&read["billingAddress"]["city"], &read["shippingAddress"]["city"]), (&json!("Berlin"), &json!("Ottawa")));
        assert_eq!(read["billingAddress"]["customerAddressPreferenceId"], customer);

        let one = json!({ "addresses": { "countryId": 276, "addressType": "Billing" } });
        let customer = shop.post("/v1/customers", one).await.id();
        assert_eq!(preference(&shop, customer).await["billingAddress"]["countryId"], 276);
    })
    .await;
}

#[tokio::test]
async fn wrong_addresses_of_a_new_customer_are_refused() {
    on_server(testkit::server::config(), async |server| {
        let shop = server.shop().await;
        let errors = async |order: Value| {
            let reply = shop.post("/v1/customers", order).await;
            assert_eq!(reply.status, 400, "{}", reply.text());
            reply.errors().into_iter().map(|(key, _)| key).collect::<Vec<_>>()
        };
        let address = |address_type: &str| json!({ "countryId": 276, "addressType": address_type });
        let bad = json!([{ "countryId": 276 }, { "addressType": "Billing" }, address("Billing"), address("Shipping")]);
        assert_eq!(
            errors(json!({ "firstName": "x".repeat(51), "addresses": bad })).await,
            ["customer.Addresses[0].AddressType", "customer.Addresses[1].CountryId",
             "customer.Addresses[2].AddressType", "customer.FirstName"]
        );
        assert_eq!(errors(json!({ "addresses": [address("Shipping")] })).await, ["customer.Addresses"]);
        let twice = json!({ "customerAddressPreference": { "billingAddress": address("Billing") }, "addresses": [address("Billing")] });
        assert_eq!(errors(twice).await, ["customer.Addresses[0].AddressType"]);
        let customer = shop.create_draft_customer().await;
        let update = json!({ "id": customer, "status": "Draft", "addresses": [address("Billing")] });
        let update = shop.put("/v1/customers", update).await;
        update.assert_error(400, "customer.Addresses", "Addresses is only valid when a customer is created.");
        assert_eq!(shop.get("/v1/customers").await.header("x-count"), Some("1"), "nothing was kept");
    })
    .await;
}
