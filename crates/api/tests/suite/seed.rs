//! The requests of the original's own page for BulkCreate, finalized at once: what they cost, what the invoice says of it
//! and what the ledger holds (purchases.md §3.1, §4.3, §5).

use serde_json::{Value, json};
use testkit::{Client, each_server, fixtures};

/// Four units in price ranges of their own, half the price by discount, a coupon, a custom field whose value is a bare
/// number, and a year in which it is earned.
const SECOND: &str = r#"{
    "customerId": CUSTOMER,
    "autoPurchase": "true",
    "purchases": [{
        "productId": PRODUCT,
        "name": "purchase1",
        "description": "description1",
        "quantity": 4,
        "targetOrderQuantity": null,
        "overridePriceRanges": [{"min": 0, "max": 2, "amount": 50}, {"min": 2, "max": null, "amount": 150}],
        "pricingModeltype": "volume",
        "customFields": [{"key": "CustomField1", "value": 1234}],
        "discounts": [{"discountType": "Percentage", "amount": 50}],
        "productItems": null,
        "couponCodes": ["coupon1"],
        "earningSettings": {"earningInterval": "Yearly", "earningNumberOfIntervals": 1,
                            "earningTimingInterval": "Monthly", "earningTimingType": "StartOfInterval"},
        "netsuiteLocationId": ""
    }],
    "invoiceCollectOptions": null
}"#;

/// The same of a product that tracks items: its four pieces are the quantity.
const THIRD: &str = r"{
    customerId: CUSTOMER,
    autoPurchase: true,
    purchases: [{
        productId: PRODUCT,
        name: 'purchase1',
        quantity: null,
        targetOrderQuantity: 4,
        overridePriceRanges: [{min: 0, max: 2, amount: 50}, {min: 2, max: null, amount: 150}],
        pricingModelType: 'Volume',
        customFields: [{key: 'CustomField1', value: 1234}],
        discounts: [{discountType: 'Percentage', amount: 50}],
        productItems: [
            {reference: 1234156785243216, name: 'item1', description: 'first'},
            {reference: '1234156785243217', name: 'item2'},
            {reference: 'c-3'},
            {reference: 'c-4'}
        ],
        couponCodes: ['coupon1'],
        earningSettings: {earningInterval: 'Monthly', earningNumberOfIntervals: 3,
                          earningTimingInterval: 'Interval', earningTimingType: 'EndOfInterval'}
    }]
}";

/// A service that earns at once unless a purchase says otherwise, the coupon of 30 dollars, and the custom field.
async fn set_up(shop: &Client, is_tracking: bool) -> (i64, i64) {
    let mut product = fixtures::product("SERVICE", "7");
    product["productType"] = json!("OneTimeCharge");
    product["isTrackingItems"] = json!(is_tracking);
    let product = shop.post("/v1/products", product).await.id();
    let discount = json!({ "name": "Thirty", "code": "THIRTY", "discountType": "Amount", "amount": 30 });
    let discount = shop.post("/v1/discounts", discount).await.id();
    let coupon = json!({ "name": "Coupon", "couponCodes": [{ "code": "coupon1", "remainingUsages": 1 }],
                         "discounts": [{ "id": discount }] });
    shop.post("/v1/coupons", coupon).await.ok();
    let field = json!({ "key": "CustomField1", "friendlyName": "Custom field", "dataType": "Number" });
    shop.post("/v1/customFields", field).await.ok();
    (shop.create_customer().await, product)
}

async fn send(shop: &Client, sample: &str, customer: i64, product: i64) -> Value {
    let sample = sample.replace("CUSTOMER", &customer.to_string()).replace("PRODUCT", &product.to_string());
    let mut created = shop.post("/v1/Purchases/BulkCreate", sample).await.ok();
    assert_eq!(created["customerId"], customer);
    assert_eq!(created["purchases"].as_array().unwrap().len(), 1);
    created["purchases"][0].take()
}

/// The only invoice of a customer.
async fn invoice(shop: &Client, customer: i64) -> Value {
    let mut invoices = shop.get(&format!("/v1/customers/{customer}/invoices")).await.ok();
    assert_eq!(invoices.as_array().unwrap().len(), 1);
    let id = invoices[0]["id"].take();
    shop.get(&format!("/v1/invoices/{id}")).await.ok()
}

/// States what both requests cost: 600, half of it and 30 taken.
async fn assert_price(shop: &Client, customer: i64, purchase: &Value) {
    assert_eq!((&purchase["status"], &purchase["quantity"]), (&json!("Purchased"), &json!(4.0)));
    assert_eq!((&purchase["pricingModelType"], &purchase["couponCodes"]), (&json!("Volume"), &json!(["coupon1"])));
    assert_eq!(purchase["customFields"][0]["value"], "1234");
    let full = shop.get(&format!("/v1/purchases/{}", purchase["id"])).await.ok();
    assert_eq!((&full["amount"], &full["taxableAmount"]), (&json!(270.0), &json!(270.0)));

    let invoice = invoice(shop, customer).await;
    let sums = ["subtotal", "totalDiscount", "invoiceAmount", "outstandingBalance"].map(|sum| &invoice[sum]);
    assert_eq!(sums, [&json!(600.0), &json!(330.0), &json!(270.0), &json!(270.0)]);
    let charge = &invoice["charges"][0];
    assert_eq!(invoice["charges"].as_array().unwrap().len(), 1);
    let numbers = ["quantity", "unitPrice", "amount", "rangeQuantity"].map(|number| &charge[number]);
    assert_eq!(numbers, [&json!(4.0), &json!(150.0), &json!(600.0), &json!(4.0)]);
    assert_eq!(charge["chargeTiers"], json!([]), "only tiered charges have tiers");
    let discounts = charge["discounts"].as_array().unwrap().iter();
    let discounts: Vec<_> = discounts
        .map(|taken| ["configuredDiscountAmount", "amount", "discountType"].map(|member| taken[member].clone()))
        .collect();
    let expected = [[json!(50.0), json!(300.0), json!("Percentage")], [json!(30.0), json!(30.0), json!("Amount")]];
    assert_eq!(discounts, expected);
}

#[tokio::test]
async fn the_second_request_costs_what_the_reference_says() {
    each_server(async |server| {
        let account = server.account().await;
        let shop = server.client(&account.key);
        let (customer, product) = set_up(&shop, false).await;
        let purchase = send(&shop, SECOND, customer, product).await;
        assert_price(&shop, customer, &purchase).await;
        assert_eq!(purchase["earningSettings"]["earningTimingInterval"], "Monthly");
        // A twelfth of 600, of 300 and of 30 is earned at the start of the first month.
        let ledger = [
            "2024-01-15T10:00:00 Charge: AccountsReceivable / DeferredRevenue 600",
            "2024-01-15T10:00:00 Discount: DeferredDiscount / AccountsReceivable 300",
            "2024-01-15T10:00:00 Discount: DeferredDiscount / AccountsReceivable 30",
            "2024-01-15T10:00:00 Earning: DeferredRevenue / EarnedRevenue 50",
            "2024-01-15T10:00:00 DiscountEarning: EarnedDiscount / DeferredDiscount 27.5",
        ];
        assert_eq!(server.ledger(&account).await, ledger);
        server.assert_clean(&account).await;

        // Two units are the last that cost 50 each, and the coupon is used up.
        let again = SECOND.replace("\"quantity\": 4", "\"quantity\": 2");
        let again = again.replace("CUSTOMER", &customer.to_string()).replace("PRODUCT", &product.to_string());
        assert_eq!(shop.post("/v1/Purchases/BulkCreate", &again).await.status, 400);
        let without = again.replace("[\"coupon1\"]", "[]");
        let created = shop.post("/v1/Purchases/BulkCreate", without).await.ok();
        let full = shop.get(&format!("/v1/purchases/{}", created["purchases"][0]["id"])).await.ok();
        assert_eq!(full["amount"], json!(50.0), "half of 100");
    })
    .await;
}

#[tokio::test]
async fn the_third_request_sells_its_items() {
    each_server(async |server| {
        let account = server.account().await;
        let shop = server.client(&account.key);
        let (customer, product) = set_up(&shop, true).await;
        let purchase = send(&shop, THIRD, customer, product).await;
        assert_price(&shop, customer, &purchase).await;
        assert_eq!(purchase["isTrackingItems"], true);
        let items = purchase["productItems"].as_array().unwrap().iter();
        let references: Vec<_> = items.map(|item| item["reference"].as_str().unwrap()).collect();
        assert_eq!(references, ["1234156785243216", "1234156785243217", "c-3", "c-4"]);
        let ledger = [
            "2024-01-15T10:00:00 Charge: AccountsReceivable / DeferredRevenue 600",
            "2024-01-15T10:00:00 Discount: DeferredDiscount / AccountsReceivable 300",
            "2024-01-15T10:00:00 Discount: DeferredDiscount / AccountsReceivable 30",
        ];
        assert_eq!(server.ledger(&account).await, ledger, "nothing is earned before three months are over");
        server.assert_clean(&account).await;
    })
    .await;
}
