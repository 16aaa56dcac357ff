//! What the coupon side of the catalogue offers to another account: ids and codes of somebody else.

use serde_json::{Value, json};
use testkit::{Client, Redaction};

use super::Probe;

/// Ids of the catalogue beside its products, and of what hangs on purchases.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ids {
    discount: i64,
    coupon: i64,
    field: i64,
    label: i64,
    purchase_discount: i64,
}

/// Beyond every id that a test's database gives out.
pub(super) const NOBODYS: Ids = Ids {
    discount: 900_000_101,
    coupon: 900_000_102,
    field: 900_000_103,
    label: 900_000_104,
    purchase_discount: 900_000_105,
};

/// A code, or a key, that only the account of this customer has.
fn text_of(customer: i64) -> String {
    format!("OF-{customer}")
}

impl Ids {
    /// One of everything, under names that tell whose they are.
    pub(super) async fn create(shop: &Client, customer: i64, purchase: i64) -> Self {
        let text = text_of(customer);
        let discount = json!({ "name": "D", "code": text, "discountType": "Amount", "amount": 0.5 });
        let discount = shop.post("/v1/discounts", discount).await.id();
        let coupon = json!({ "name": "C", "couponCodes": [{ "code": text }], "discounts": [discount] });
        let coupon = shop.post("/v1/coupons", coupon).await.id();
        let field = json!({ "key": text, "friendlyName": "F", "dataType": "String" });
        let field = shop.post("/v1/customFields", field).await.id();
        let label = shop.post("/v1/glCodes", json!({ "code": text, "name": "L" })).await.id();
        let on_purchase = json!({ "purchaseId": purchase, "discountType": "Amount", "amount": 0.25 });
        let purchase_discount = shop.post("/v1/purchaseDiscounts", on_purchase).await.id();
        Self { discount, coupon, field, label, purchase_discount }
    }

    pub(super) fn name(self, redaction: &mut Redaction) {
        redaction.name(self.discount, "discount");
        redaction.name(self.coupon, "coupon");
        redaction.name(self.field, "field");
        redaction.name(self.label, "label");
        redaction.name(self.purchase_discount, "purchase_discount");
    }
}

/// Every way to name somebody else's things in an operation.
pub(super) fn probes(operation: &str, ids: super::Ids, own: super::Ids) -> Option<Vec<Probe>> {
    let Ids { discount, coupon, field, label, purchase_discount } = ids.extras;
    let text = text_of(ids.customer);
    let read = |path: String| Some(vec![(path, String::new())]);
    let write = |path: &str, bodies: Vec<Value>| {
        Some(bodies.into_iter().map(|body| (path.to_owned(), body.to_string())).collect())
    };
    match operation {
        "GET /v1/Discounts" => read(format!("/v1/discounts?query=code:{text}")),
        "GET /v1/Discounts/{id}" | "DELETE /v1/Discounts/{id}" => read(format!("/v1/discounts/{discount}")),
        "POST /v1/Discounts" => read("/v1/discounts".to_owned()),
        "PUT /v1/Discounts" => write(
            "/v1/discounts",
            vec![json!({ "id": discount, "name": "x", "code": "x", "discountType": "Amount", "amount": 9 })],
        ),
        "GET /v1/Coupons" => read(format!("/v1/coupons?query=id:{coupon},{}", coupon + 1)),
        "GET /v1/Coupons/{id}" | "DELETE /v1/Coupons/{id}" => read(format!("/v1/coupons/{coupon}")),
        "POST /v1/Coupons" => write(
            "/v1/coupons",
            vec![
                json!({ "name": "x", "discounts": [discount] }),
                json!({ "name": "x", "plans": [{ "id": ids.plans.plan, "applyToAllProducts": true }] }),
                json!({ "name": "x", "plans": [{ "id": own.plans.plan, "planProducts": [ids.plans.plan_product] }] }),
            ],
        ),
        "PUT /v1/Coupons" => write(
            "/v1/coupons",
            vec![
                json!({ "id": coupon, "name": "x" }),
                json!({ "id": own.extras.coupon, "name": "x", "discounts": [discount] }),
            ],
        ),
        "POST /v1/Coupons/Validate" => write(
            "/v1/coupons/validate",
            vec![
                json!({ "couponCode": text }),
                json!({ "couponCode": text_of(own.customer), "customerId": ids.customer }),
            ],
        ),
        "GET /v1/CustomFields" => read(format!("/v1/customFields?query=key:{text}")),
        "GET /v1/CustomFields/{id}" | "DELETE /v1/CustomFields/{id}" => read(format!("/v1/customFields/{field}")),
        "POST /v1/CustomFields" => read("/v1/customFields".to_owned()),
        "PUT /v1/CustomFields" => write(
            "/v1/customFields",
            vec![json!({ "id": field, "key": text, "friendlyName": "x", "dataType": "String" })],
        ),
        "GET /v1/GLCodes" => read(format!("/v1/glCodes?query=code:{text}")),
        "GET /v1/GLCodes/{id}" => read(format!("/v1/glCodes/{label}")),
        "POST /v1/GLCodes" => read("/v1/glCodes".to_owned()),
        "PUT /v1/GLCodes" => write("/v1/glCodes", vec![json!({ "id": label, "code": text, "name": "x" })]),
        "POST /v1/PurchaseDiscounts" => write(
            "/v1/purchaseDiscounts",
            vec![json!({ "purchaseId": ids.purchase, "discountType": "Amount", "amount": 1 })],
        ),
        "PUT /v1/PurchaseDiscounts" => write(
            "/v1/purchaseDiscounts",
            vec![json!({ "id": purchase_discount, "discountType": "Amount", "amount": 1 })],
        ),
        "GET /v1/PurchaseDiscounts/{id}" | "DELETE /v1/PurchaseDiscounts/{id}" => {
            read(format!("/v1/purchaseDiscounts/{purchase_discount}"))
        }
        "POST /v1/PurchaseCoupons" => write(
            "/v1/purchaseCoupons",
            vec![
                json!({ "purchaseId": ids.purchase, "couponCode": text_of(own.customer) }),
                json!({ "purchaseId": own.purchase, "couponCode": text, "skipCouponValidation": true }),
            ],
        ),
        "DELETE /v1/PurchaseCoupons" => {
            let purchase = ids.purchase;
            read(format!("/v1/purchaseCoupons?purchaseId={purchase}&couponCode={text}&deleteAllDiscounts=true"))
        }
        "PUT /v1/PurchaseCustomFields" => write(
            "/v1/purchaseCustomFields",
            vec![
                json!({ "purchaseId": ids.purchase, "key": text_of(own.customer), "value": "x" }),
                json!({ "purchaseId": own.purchase, "key": text, "value": "x" }),
            ],
        ),
        _ => None,
    }
}

/// Lists that show all that an owner has of these.
pub(super) const LISTS: [&str; 4] = ["/v1/discounts", "/v1/coupons", "/v1/customFields", "/v1/glCodes"];
