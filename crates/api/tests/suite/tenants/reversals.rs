//! Charges that another account may not take back, and credit notes that it may not read.

use serde_json::{Value, json};
use testkit::{Client, Redaction};

use super::Probe;

/// A charge of which a part was taken back, its invoice, and the credit note.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ids {
    charge: i64,
    invoice: i64,
    note: i64,
}

/// Beyond every id that a test's database gives out.
pub(super) const NOBODYS: Ids = Ids { charge: 900_000_401, invoice: 900_000_402, note: 900_000_403 };

impl Ids {
    pub(super) async fn create(shop: &Client, customer: i64, product: i64) -> Self {
        let invoice = shop.create_invoice(customer, product, 5).await;
        let charge = shop.get(&format!("/v1/invoices/{invoice}")).await.ok()["charges"][0]["id"].as_i64().unwrap();
        let part = json!({ "chargeId": charge, "reverseChargeOption": "Amount", "reverseChargeAmount": 1 });
        shop.post("/v1/reverseCharges", part).await.ok();
        let note =
            shop.get(&format!("/v1/creditNotes?query=invoiceId:{invoice}")).await.ok()[0]["id"].as_i64().unwrap();
        Self { charge, invoice, note }
    }

    pub(super) fn name(self, redaction: &mut Redaction) {
        redaction.name(self.charge, "charge");
        redaction.name(self.invoice, "reversed invoice");
        redaction.name(self.note, "credit note");
    }
}

/// Every way to name somebody else's things in an operation.
pub(super) fn probes(operation: &str, ids: super::Ids, own: super::Ids) -> Option<Vec<Probe>> {
    let Ids { charge, invoice, note } = ids.reversals;
    let read = |path: String| Some(vec![(path, String::new())]);
    let write = |path: &str, bodies: Vec<Value>| {
        Some(bodies.into_iter().map(|body| (path.to_owned(), body.to_string())).collect())
    };
    match operation {
        "POST /v1/ReverseCharges" => {
            write("/v1/reverseCharges", vec![json!({ "chargeId": charge, "reverseChargeOption": "Full" })])
        }
        "POST /v1/Invoices/Reverse" => {
            write("/v1/invoices/reverse", vec![json!({ "invoiceId": invoice, "reverseChargeOption": "Full" })])
        }
        "POST /v1/Invoices/ReverseSpecificCharges" => write(
            "/v1/invoices/reverseSpecificCharges",
            vec![
                json!({ "invoiceId": invoice, "chargeIds": [charge], "reverseChargeOption": "Full" }),
                json!({ "invoiceId": own.reversals.invoice, "chargeIds": [own.reversals.charge, charge],
                        "reverseChargeOption": "Full" }),
            ],
        ),
        "GET /v1/CreditNotes" => read(format!("/v1/creditNotes?query=invoiceId:{invoice};id:{note}")),
        "GET /v1/CreditNotes/{id}" => read(format!("/v1/creditNotes/{note}")),
        "GET /v1/CreditNotes/html/{id}" => read(format!("/v1/creditNotes/html/{note}")),
        "GET /v1/CreditNotes/pdf/{id}" => read(format!("/v1/creditNotes/pdf/{note}")),
        _ => None,
    }
}
