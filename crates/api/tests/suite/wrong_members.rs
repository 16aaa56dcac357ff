//! Wrong members of what is hung on purchases and done with them: a row for each, and nothing changes.

use serde_json::{Value, json};
use testkit::{Client, TestServer, each_server};

const POSITIVE: &str = " must be a positive number and cannot exceed six decimal places";
const TYPES: &str = "DiscountType must be one of Percentage, Amount, AmountPerUnit.";
const OPTIONS: &str = "CancellationOption must be one of None, Unearned, Full.";

/// Method and path, the member, a wrong value of it, and what is told of it: key and value.
type Row = (&'static str, String, &'static str, Value, &'static str, String);

/// A purchase with one discount, and the definition of a number.
struct Draft {
    shop: Client,
    customer: i64,
    purchase: i64,
    discount: i64,
}

impl Draft {
    async fn open(server: &TestServer) -> Self {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "10").await);
        let purchase = shop.create_purchase(customer, product, 1).await;
        let discount = json!({ "purchaseId": purchase, "discountType": "Percentage", "amount": 5 });
        let discount = shop.post("/v1/PurchaseDiscounts", discount).await.id();
        let field = json!({ "key": "seats", "friendlyName": "Seats", "dataType": "Number" });
        shop.post("/v1/CustomFields", field).await.id();
        Self { shop, customer, purchase, discount }
    }

    /// A body that the call accepts.
    fn good(&self, path: &str) -> Value {
        let Self { purchase, discount, .. } = self;
        match path {
            "/v1/PurchaseDiscounts" => {
                json!({ "id": discount, "purchaseId": purchase, "discountType": "Percentage", "amount": 5 })
            }
            "/v1/PurchaseCoupons" => json!({ "purchaseId": purchase, "couponCode": "C" }),
            "/v1/PurchaseCustomFields" => json!({ "purchaseId": purchase, "key": "seats", "value": 1 }),
            "/v1/Purchases/Cancel" => json!({ "purchaseId": purchase, "cancellationOption": "Full" }),
            _ => json!({}),
        }
    }

    fn discounts(method: &'static str) -> Vec<Row> {
        let row = |member: &'static str, value: Value, key: &'static str, text: &str| {
            (method, "/v1/PurchaseDiscounts".to_owned(), member, value, key, text.to_owned())
        };
        let positive = format!("Amount{POSITIVE}");
        let mut rows = vec![
            row("discountType", json!(null), "purchaseDiscount.DiscountType", "The DiscountType field is required."),
            row("discountType", json!("Half"), "purchaseDiscount.DiscountType", TYPES),
            row("amount", json!(null), "purchaseDiscount.Amount", "The Amount field is required."),
            row("amount", json!("much"), "purchaseDiscount.Amount", "Amount must be a number."),
            row("amount", json!(-1), "purchaseDiscount.Amount", &positive),
            row("amount", json!(101), "purchaseDiscount.Amount", "Percentage must not exceed 100."),
            row(
                "amount",
                json!("0.0000001"),
                "purchaseDiscount.Amount",
                "Amount must be a number with at most six decimal places.",
            ),
        ];
        rows.extend(match method {
            "POST" => [
                row("purchaseId", json!(null), "purchaseDiscount.PurchaseId", "The PurchaseId field is required."),
                row("purchaseId", json!("x"), "purchaseDiscount.PurchaseId", "PurchaseId must be a whole number."),
                row("purchaseId", json!(900_000_001), "Api Error", "Purchase with id 900000001 not found."),
            ],
            _ => [
                row("id", json!(null), "purchaseDiscount.Id", "The Id field is required."),
                row("id", json!(1.5), "purchaseDiscount.Id", "Id must be a whole number."),
                row("id", json!(900_000_001), "Api Error", "PurchaseDiscount with id 900000001 not found."),
            ],
        });
        rows
    }

    fn others(&self) -> Vec<Row> {
        let long = |length: usize| json!("x".repeat(length));
        let row =
            |method: &'static str, path: &str, member: &'static str, value: Value, key: &'static str, text: &str| {
                (method, path.to_owned(), member, value, key, text.to_owned())
            };
        let coupon = |member, value, key, text: &str| row("POST", "/v1/PurchaseCoupons", member, value, key, text);
        let field = |member, value, key, text: &str| row("PUT", "/v1/PurchaseCustomFields", member, value, key, text);
        let cancel = |member, value, key, text: &str| row("POST", "/v1/Purchases/Cancel", member, value, key, text);
        let finalize = format!("/v1/customers/purchase/{}", self.customer);
        let finalize = |member, value, key, text: &str| row("POST", &finalize, member, value, key, text);
        let too_long =
            |name: &str, max: usize| format!("The field {name} must be a string with a maximum length of {max}.");
        let unknown = "Purchase with id 900000001 not found.";
        let required = "The PurchaseId field is required.";
        let whole = "PurchaseId must be a whole number.";
        let boolean = " must be true or false.";
        vec![
            coupon("purchaseId", json!(null), "purchaseCoupon.PurchaseId", required),
            coupon("purchaseId", json!([]), "purchaseCoupon.PurchaseId", whole),
            coupon("purchaseId", json!(900_000_001), "Api Error", unknown),
            coupon("couponCode", json!(" "), "purchaseCoupon.CouponCode", "The CouponCode field is required."),
            coupon("couponCode", json!({}), "purchaseCoupon.CouponCode", "CouponCode must be a string."),
            coupon("couponCode", long(256), "purchaseCoupon.CouponCode", &too_long("CouponCode", 255)),
            coupon("couponCode", json!("NONE"), "Api Error", "Coupon code NONE is not valid."),
            coupon(
                "skipCouponValidation",
                json!("maybe"),
                "purchaseCoupon.SkipCouponValidation",
                &format!("SkipCouponValidation{boolean}"),
            ),
            field("purchaseId", json!(null), "purchaseCustomField.PurchaseId", required),
            field("purchaseId", json!("x"), "purchaseCustomField.PurchaseId", whole),
            field("purchaseId", json!(900_000_001), "Api Error", unknown),
            field("key", json!(null), "purchaseCustomField.Key", "The Key field is required."),
            field("key", long(256), "purchaseCustomField.Key", &too_long("Key", 255)),
            field("key", json!("none"), "purchaseCustomField.Key", "Custom field with key none does not exist."),
            field("value", json!([]), "purchaseCustomField.Value", "Value must be a string."),
            field("value", long(1001), "purchaseCustomField.Value", &too_long("Value", 1000)),
            field(
                "value",
                json!("many"),
                "purchaseCustomField.Value",
                "Value must be a number and cannot exceed six decimal places.",
            ),
            cancel("purchaseId", json!(null), "purchase.PurchaseId", required),
            cancel("purchaseId", json!(true), "purchase.PurchaseId", whole),
            cancel("purchaseId", json!(900_000_001), "Api Error", unknown),
            cancel(
                "cancellationOption",
                json!(null),
                "purchase.CancellationOption",
                "The CancellationOption field is required.",
            ),
            cancel("cancellationOption", json!("Half"), "purchase.CancellationOption", OPTIONS),
            finalize(
                "specificPurchaseIds",
                json!(["x"]),
                "customerPurchase.SpecificPurchaseIds[0]",
                "SpecificPurchaseIds[0] must be a whole number.",
            ),
            finalize(
                "specificPurchaseIds",
                json!("x"),
                "customerPurchase.SpecificPurchaseIds",
                "SpecificPurchaseIds must be a list.",
            ),
            finalize(
                "specificSubscriptionIds",
                json!([1.5]),
                "customerPurchase.SpecificSubscriptionIds[0]",
                "SpecificSubscriptionIds[0] must be a whole number.",
            ),
            finalize("preview", json!("maybe"), "customerPurchase.Preview", &format!("Preview{boolean}")),
            finalize(
                "temporarilyDisableAutoPost",
                json!({}),
                "customerPurchase.TemporarilyDisableAutoPost",
                &format!("TemporarilyDisableAutoPost{boolean}"),
            ),
            finalize(
                "invoiceCollectOptions",
                json!({ "rollbackOnFailedPayment": true }),
                "customerPurchase.InvoiceCollectOptions.PaymentMethod",
                "The PaymentMethod field is required.",
            ),
        ]
    }
}

#[tokio::test]
async fn every_member_of_the_calls_on_drafts_is_checked() {
    each_server(async |server| {
        let draft = Draft::open(server).await;
        let before = draft.shop.get(&format!("/v1/Purchases/{}", draft.purchase)).await.ok();
        let rows = Draft::discounts("POST").into_iter().chain(Draft::discounts("PUT")).chain(draft.others());
        for (method, path, member, value, key, text) in rows {
            let context = format!("{method} {path} {member}: {value}");
            let mut body = draft.good(&path);
            body[member] = value;
            let reply =
                draft.shop.with("content-type", "application/json").send(method, &path, &body.to_string()).await;
            let status = if text.ends_with("not found.") { 404 } else { 400 };
            assert_eq!(reply.status, status, "{context}: {}", reply.text());
            assert_eq!(reply.errors(), [(key.to_owned(), text)], "{context}");
        }
        assert_eq!(draft.shop.get(&format!("/v1/Purchases/{}", draft.purchase)).await.ok(), before);
        assert_eq!(draft.shop.get("/v1/invoices").await.ok(), json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_custom_value_of_another_type_is_refused_with_its_purchase() {
    each_server(async |server| {
        let Draft { shop, customer, purchase, .. } = Draft::open(server).await;
        let product = shop.get(&format!("/v1/Purchases/{purchase}")).await.ok()["productId"].clone();
        let fields = json!([{ "key": "seats", "value": "4.0" }, { "key": "desks", "value": "many" }]);
        let desks = json!({ "key": "desks", "friendlyName": "Desks", "dataType": "Number" });
        shop.post("/v1/CustomFields", desks).await.id();
        let sold = json!({ "productId": product, "name": "x", "quantity": 1, "customFields": fields });
        let order = json!({ "customerId": customer, "autoPurchase": false, "purchases": [sold] });
        let text = "Value must be a number and cannot exceed six decimal places.";
        let refused = shop.post("/v1/Purchases/BulkCreate", &order).await;
        refused.assert_error(400, "bulkPurchase.Purchases[0].CustomFields[1].Value", text);
        let mut one = sold.clone();
        one["customerId"] = json!(customer);
        shop.post("/v1/Purchases", &one).await.assert_error(400, "purchase.CustomFields[1].Value", text);
        one["customFields"][1]["value"] = json!("12.50");
        let stored = shop.post("/v1/Purchases", &one).await.ok();
        let values: Vec<_> = stored["customFields"].as_array().unwrap().iter().map(|field| &field["value"]).collect();
        assert_eq!(values, ["4", "12.5"]);
    })
    .await;
}

/// purchases.md §2.1: drafts may be made for a customer on hold, and are not charged.
#[tokio::test]
async fn a_customer_on_hold_may_have_drafts_and_is_not_charged() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "1").await);
        shop.post(&format!("/v1/customerHold/{customer}"), "").await.ok();
        let sell = async |auto_purchase: bool| {
            let purchase = json!({ "productId": product, "name": "x", "quantity": 1 });
            let order = json!({ "customerId": customer, "autoPurchase": auto_purchase, "purchases": [purchase] });
            shop.post("/v1/Purchases/BulkCreate", order).await
        };
        let refused = "Customer is in status Hold and cannot make purchases.";
        sell(true).await.assert_refused(400, refused);
        let draft = sell(false).await.ok()["purchases"][0]["id"].clone();
        let drafts = json!({ "customerId": customer, "purchaseIds": [draft] });
        shop.post("/v1/Purchases/Purchase", drafts).await.assert_refused(400, refused);
        shop.post(&format!("/v1/Customers/Purchase/{customer}"), "").await.assert_refused(400, refused);
        let purchases = shop.get(&format!("/v1/customers/{customer}/purchases")).await.ok();
        assert_eq!(
            (&purchases[0]["id"], &purchases[0]["status"], &purchases[1]),
            (&draft, &json!("Draft"), &Value::Null)
        );
        assert_eq!(shop.get("/v1/invoices").await.ok(), json!([]));
    })
    .await;
}

/// A currency without cents: each amount is told under its own name, all at once.
#[tokio::test]
async fn amounts_with_more_decimals_than_the_currency_are_told_by_name() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.post("/v1/customers", json!({ "currency": "JPY" })).await.id();
        let pay = async |amount: Value, first: Value, second: Value| {
            let part = |amount: Value| json!({ "invoiceId": 900_000_001, "amount": amount });
            let payment = json!({ "customerId": customer, "source": "Manual", "paymentMethod": "Cash", "amount": amount,
                                  "paymentAllocations": [part(first), part(second)] });
            shop.post("/v1/Payments", payment).await
        };
        let text = "The amount has more decimals than JPY has.";
        let refused = pay(json!(10), json!(1), json!(0.5)).await;
        refused.assert_error(400, "payment.PaymentAllocations[1].Amount", text);
        let refused = pay(json!(10.5), json!(0.5), json!(1)).await;
        assert_eq!(refused.status, 400);
        let told =
            ["payment.Amount", "payment.PaymentAllocations[0].Amount"].map(|key| (key.to_owned(), text.to_owned()));
        assert_eq!(refused.errors(), told);
        pay(json!(10), json!(1), json!(2)).await.assert_refused(404, "Invoice with id 900000001 not found.");
    })
    .await;
}
