//! What callers send to activate a customer (customers.md §2.7).

use app::customers::activate;
use billing::{
    id::CustomerId,
    problem::{Problem, Problems},
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::routes::{collect::CollectOptions, parse::required};

/// A draft customer to activate.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::routes::customers) struct ActivationRequest {
    /// The customer. Required.
    customer_id: Option<i64>,
    /// Activate all its draft subscriptions; there are none yet. Required.
    activate_all_subscriptions: Option<bool>,
    /// Charge all its draft purchases on one invoice. Required.
    activate_all_draft_purchases: Option<bool>,
    /// Leave that invoice a draft.
    temporarily_disable_auto_post: Option<bool>,
    /// How the invoice is to be paid at once.
    #[serde(alias = "invoiceCollectionOptions")]
    invoice_collect_options: Option<CollectOptions>,
}

impl ActivationRequest {
    /// The activation, or everything that is wrong with it. The query string may disable posting as well, and a preview needs
    /// the customer only.
    pub(in crate::routes::customers) fn parse(
        self,
        is_preview: bool,
        disables_auto_post: bool,
    ) -> Result<activate::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let customer = required(&mut problems, "CustomerId", self.customer_id);
        let drafts = if is_preview {
            Some(self.activate_all_draft_purchases.unwrap_or(true))
        } else {
            required(&mut problems, "ActivateAllSubscriptions", self.activate_all_subscriptions);
            required(&mut problems, "ActivateAllDraftPurchases", self.activate_all_draft_purchases)
        };
        let options = self.invoice_collect_options;
        let collect = problems.at("InvoiceCollectOptions", |problems| options?.parse(problems));
        problems.into_result()?;
        Ok(activate::Order {
            customer: CustomerId(customer.unwrap_or_default()),
            finalizes_purchases: drafts.unwrap_or_default(),
            disables_auto_post: disables_auto_post || self.temporarily_disable_auto_post.unwrap_or_default(),
            collect,
        })
    }
}
