//! What callers send about draft purchases: to make one, to change it, to split it, and to finalize those of a customer.

use app::purchases::{create, finalize_drafts, split, update};
use billing::{
    id::{CustomerId, PurchaseId},
    pricing::PricingModel,
    problem::{Problem, Problems},
    purchase::{Change, PurchaseChange},
};
use money::Currency;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{EarningRequest, PurchaseRequest, RangeRequest, TEXT_LENGTH_MAX, parse_collect, parse_each};
use crate::{
    name::Name,
    routes::{
        addresses::AddressRequest,
        collect::CollectOptions,
        parse::{not_negative, required, required_text, text},
    },
    wire::{
        scalar::Decimal,
        shape::{Both, Maybe},
    },
};

/// Who buys.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::routes::purchases) struct BuyerRequest {
    /// The buyer. Required, except in a preview.
    customer_id: Option<i64>,
    /// The address that a preview is taxed by, instead of the buyer's; only valid in a preview.
    taxation_address: Option<AddressRequest>,
}

/// Whoever is named buys in a currency of their own.
const CURRENCY_IN_VAIN: &str = "currency is only valid in a preview without customerId.";

/// One purchase to make, and who buys.
pub(in crate::routes::purchases) type CreateRequest = Both<BuyerRequest, PurchaseRequest>;

/// What is to become of a draft. Members left out stay as they are; null clears a member, or restores the catalogue's.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::routes::purchases) struct UpdateRequest {
    /// The purchase. Required.
    id: Option<i64>,
    /// Printed on the invoice.
    #[schemars(length(max = 2000))]
    name: Option<String>,
    /// Printed on the invoice.
    #[schemars(length(max = 2000))]
    description: Maybe<String>,
    /// Units. Not valid when the product tracks items, except as it is.
    quantity: Option<Decimal>,
    /// Tracked items needed before finalization; only valid when the product tracks items.
    target_order_quantity: Maybe<Decimal>,
    /// Replaces the prices; null restores the catalogue's.
    override_price_ranges: Maybe<Vec<RangeRequest>>,
    /// Replaces the model.
    pricing_model_type: Option<Name<PricingModel>>,
    /// Replaces the earning settings; null restores the catalogue's.
    earning_settings: Maybe<EarningRequest>,
    /// Location in NetSuite.
    #[schemars(length(max = 100))]
    netsuite_location_id: Maybe<String>,
}

/// A tracked draft to split at the number of its items.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::routes::purchases) struct SplitRequest {
    /// The purchase. Required.
    purchase_id: Option<i64>,
    /// Lower the target, and make no second purchase.
    dont_split: Option<bool>,
}

impl CreateRequest {
    /// The order, with placeholders where it is wrong; `currency` is the query's.
    pub(in crate::routes::purchases) fn judge(
        self,
        currency: Option<Currency>,
        problems: &mut Problems,
    ) -> create::Order {
        let Self(buyer, purchase) = self;
        let customer = required(problems, "CustomerId", buyer.customer_id);
        let purchase = purchase.judge(problems);
        if buyer.taxation_address.is_some() {
            problems.push("TaxationAddress", "TaxationAddress is only valid in a preview.");
        }
        if currency.is_some() {
            problems.push("Currency", CURRENCY_IN_VAIN);
        }
        create::Order { customer: CustomerId(customer.unwrap_or_default()), purchase }
    }

    /// What a preview is to show, with placeholders where it is wrong; `currency` is the query's.
    pub(in crate::routes::purchases) fn judge_preview(
        self,
        currency: Option<Currency>,
        problems: &mut Problems,
    ) -> create::PreviewOrder {
        let Self(buyer, purchase) = self;
        let purchase = purchase.judge(problems);
        let address = buyer.taxation_address;
        let region = problems.at("TaxationAddress", |problems| Some(address?.into_region(problems)));
        if currency.is_some() && buyer.customer_id.is_some() {
            problems.push("Currency", CURRENCY_IN_VAIN);
        }
        create::PreviewOrder { customer: buyer.customer_id.map(CustomerId), currency, region, purchase }
    }
}

impl UpdateRequest {
    /// The order, with placeholders where it is wrong.
    pub(in crate::routes::purchases) fn judge(self, problems: &mut Problems) -> update::Order {
        let id = required(problems, "Id", self.id);
        update::Order { purchase: PurchaseId(id.unwrap_or_default()), change: self.judge_change(problems) }
    }

    fn judge_change(self, problems: &mut Problems) -> PurchaseChange {
        let units =
            |problems: &mut Problems, field: &str, number| not_negative(problems, field, number).map(Decimal::quantity);
        PurchaseChange {
            name: self.name.and_then(|name| required_text(problems, "Name", Some(name), TEXT_LENGTH_MAX)),
            description: given(self.description, |description| {
                text(problems, "Description", Some(description), TEXT_LENGTH_MAX)
            }),
            quantity: units(problems, "Quantity", self.quantity),
            target_order_quantity: given(self.target_order_quantity, |target| {
                units(problems, "TargetOrderQuantity", Some(target))
            }),
            override_ranges: given(self.override_price_ranges, |ranges| {
                Some(parse_each(problems, "OverridePriceRanges", ranges, |problems, range| range.parse(problems)))
            }),
            pricing_model: self.pricing_model_type.map(|Name(model)| model),
            earning: given(self.earning_settings, |earning| {
                problems.at("EarningSettings", |problems| earning.parse(problems))
            }),
            netsuite_location_id: given(self.netsuite_location_id, |id| {
                text(problems, "NetsuiteLocationId", Some(id), 100)
            }),
        }
    }
}

/// What a member that was given means; a value that means nothing, such as empty settings, clears.
fn given<R, T>(Maybe(member): Maybe<R>, parse: impl FnOnce(R) -> Option<T>) -> Change<T> {
    match member {
        Change::Keep => Change::Keep,
        Change::Clear => Change::Clear,
        Change::Set(value) => parse(value).map_or(Change::Clear, Change::Set),
    }
}

impl SplitRequest {
    /// The order, or everything that is wrong with it.
    pub(in crate::routes::purchases) fn parse(self) -> Result<split::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let id = required(&mut problems, "PurchaseId", self.purchase_id);
        problems.into_result()?;
        let only_lowers_target = self.dont_split.unwrap_or_default();
        Ok(split::Order { purchase: PurchaseId(id.unwrap_or_default()), only_lowers_target })
    }
}

/// Which drafts of a customer to finalize; nothing at all for every one.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::routes::purchases) struct FinalizeDraftsRequest {
    /// Changes nothing, and shows the invoice that would be posted.
    preview: Option<bool>,
    /// Leaves the invoice a draft.
    temporarily_disable_auto_post: Option<bool>,
    /// How the invoice is to be paid at once; absent, the customer's billing terms hold.
    #[serde(alias = "invoiceCollectionOptions")]
    invoice_collect_options: Option<CollectOptions>,
    /// Draft subscriptions; there are none yet.
    specific_subscription_ids: Option<Vec<i64>>,
    /// Draft purchases. When either list is there, only what is listed is finalized.
    specific_purchase_ids: Option<Vec<i64>>,
}

/// What the query string says of the same: a switch that is on in either place is on.
#[derive(Debug, Clone, Copy)]
pub(in crate::routes::purchases) struct FinalizeDraftsQuery {
    /// Change nothing.
    pub(in crate::routes::purchases) is_preview: bool,
    /// Leave the invoice a draft.
    pub(in crate::routes::purchases) disables_auto_post: bool,
}

impl FinalizeDraftsRequest {
    /// Whether it is a preview, and the order for a customer; or everything that is wrong with it.
    pub(in crate::routes::purchases) fn parse(
        self,
        customer: CustomerId,
        query: FinalizeDraftsQuery,
    ) -> Result<(bool, finalize_drafts::Order), Vec<Problem>> {
        let mut problems = Problems::new();
        let collect = parse_collect(&mut problems, self.invoice_collect_options);
        problems.into_result()?;
        // A list that is there, even an empty one, restricts the call.
        let names_any = self.specific_subscription_ids.is_some() || self.specific_purchase_ids.is_some();
        let purchases = self.specific_purchase_ids.unwrap_or_default().into_iter().map(PurchaseId);
        let named = finalize_drafts::Named {
            subscriptions: self.specific_subscription_ids.unwrap_or_default(),
            purchases: purchases.collect(),
        };
        let order = finalize_drafts::Order {
            customer,
            only: names_any.then_some(named),
            disables_auto_post: query.disables_auto_post || self.temporarily_disable_auto_post == Some(true),
            collect,
        };
        Ok((query.is_preview || self.preview == Some(true), order))
    }
}
