//! What draft invoices offer to another account.

use serde_json::{Value, json};
use testkit::{Client, Redaction};

use super::Probe;

/// A draft invoice and its charge.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ids {
    pub(super) draft: i64,
    charge: i64,
}

/// Beyond every id that a test's database gives out.
pub(super) const NOBODYS: Ids = Ids { draft: 900_000_301, charge: 900_000_302 };

impl Ids {
    /// A draft of one charge.
    pub(super) async fn create(shop: &Client, customer: i64, product: i64) -> Self {
        let purchase = shop.create_purchase(customer, product, 5).await;
        let order = json!({ "customerId": customer, "purchaseIds": [purchase] });
        let path = "/v1/purchases/purchase?temporarilyDisableAutoPost=true&view=sideeffects";
        let draft = shop.post(path, order).await.ok()["sideEffects"]["draftInvoices"][0].clone();
        let id = |value: &Value| value["id"].as_i64().unwrap();
        Self { draft: id(&draft), charge: id(&draft["draftCharges"][0]) }
    }

    pub(super) fn name(self, redaction: &mut Redaction) {
        redaction.name(self.draft, "draft");
        redaction.name(self.charge, "draft charge");
    }
}

/// Every way to name somebody else's things in an operation.
pub(super) fn probes(operation: &str, ids: super::Ids, own: super::Ids) -> Option<Vec<Probe>> {
    let Ids { draft, charge } = ids.drafts;
    let (customer, invoice) = (ids.customer, ids.invoice);
    let read = |path: String| Some(vec![(path, String::new())]);
    let write = |path: &str, bodies: Vec<Value>| {
        Some(bodies.into_iter().map(|body| (path.to_owned(), body.to_string())).collect())
    };
    match operation {
        "GET /v1/DraftInvoices" => read(format!("/v1/draftInvoices?query=customerId:{customer}")),
        "GET /v1/DraftInvoiceSummary" => read(format!("/v1/draftInvoiceSummary?query=id:{draft}")),
        "GET /v1/DraftInvoices/{id}" => read(format!("/v1/draftInvoices/{draft}")),
        "GET /v1/DraftInvoices/html/{id}" => read(format!("/v1/draftInvoices/html/{draft}?showTrackedItems=true")),
        "GET /v1/DraftInvoices/pdf/{id}" => read(format!("/v1/draftInvoices/pdf/{draft}")),
        "GET /v1/Customers/{customerId}/DraftInvoices" => read(format!("/v1/customers/{customer}/draftInvoices")),
        "PATCH /v1/DraftInvoices" => write(
            "/v1/draftInvoices",
            vec![
                json!({ "id": draft, "notes": "Mallory" }),
                json!({ "id": own.drafts.draft, "draftCharges": [{ "id": charge, "operation": "Delete" }] }),
            ],
        ),
        "POST /v1/Invoices" => Some(vec![
            (format!("/v1/invoices?draftInvoiceId={draft}"), String::new()),
            (
                format!("/v1/invoices?draftInvoiceId={}", own.drafts.draft),
                json!({ "draftChargeIds": [charge] }).to_string(),
            ),
        ]),
        "PATCH /v1/Invoices" => write("/v1/invoices", vec![json!({ "id": invoice, "notes": "Mallory" })]),
        "POST /v1/DraftInvoices/PostReadyCharges" => {
            read(format!("/v1/draftInvoices/postReadyCharges?customerId={customer}"))
        }
        "POST /v1/DraftInvoices/Cancel/{id}" => read(format!("/v1/draftInvoices/cancel/{draft}")),
        "POST /v1/DraftInvoices/Uncancel/{id}" => read(format!("/v1/draftInvoices/uncancel/{draft}")),
        "POST /v1/DraftPaymentSchedules" => write(
            "/v1/draftPaymentSchedules",
            vec![json!([{ "invoiceId": draft, "amount": 5, "daysDueAfterTerm": 0 }])],
        ),
        "DELETE /v1/DraftPaymentSchedules/{draftInvoiceId}" => read(format!("/v1/draftPaymentSchedules/{draft}")),
        _ => None,
    }
}
