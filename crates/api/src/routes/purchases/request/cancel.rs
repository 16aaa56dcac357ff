//! What callers send to cancel a purchase.

use app::purchases::cancel;
use billing::{
    id::PurchaseId,
    problem::{Problem, Problems},
    reversal::CancellationOption,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{name::Name, routes::parse::required};

/// A purchase to cancel.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::routes::purchases) struct CancelRequest {
    /// A purchase in status Purchased. Required.
    purchase_id: Option<i64>,
    /// What becomes of its charge. Required.
    cancellation_option: Option<Name<CancellationOption>>,
}

impl CancelRequest {
    /// The order, or everything that is wrong with it.
    pub(in crate::routes::purchases) fn parse(self) -> Result<cancel::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let purchase = required(&mut problems, "PurchaseId", self.purchase_id);
        let option = required(&mut problems, "CancellationOption", self.cancellation_option);
        problems.into_result()?;
        let option = option.map_or(CancellationOption::None, |Name(option)| option);
        Ok(cancel::Order { purchase: PurchaseId(purchase.unwrap_or_default()), option })
    }
}
