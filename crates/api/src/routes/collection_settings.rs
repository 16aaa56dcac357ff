//! `/v1/CollectionSettings`: how the account collects what falls due, and its terms. An extension.

use app::collection_settings::{Settings as Stored, find, set};
use axum::response::Response;
use billing::{
    account::Session,
    collection_setting::CollectionSetting,
    customer::AutoCollectSettingType,
    problem::{Problem, Problems},
    term::Term,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{call::Call, error::ApiError, links::Links, name::Name, operation::Operation};

const PATH: &str = "/v1/CollectionSettings";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(PATH, "Read collection settings", read)
            .about("How the account collects what falls due, of customers whose billing settings do not say otherwise.")
            .answers::<CollectionSettings>(),
        Operation::put(PATH, "Update collection settings", update)
            .about(
                "Replaces the settings: members left out become what they are in a new account. Posted invoices keep their \
                 terms; everything else holds from the next midnight of the account's time zone on.",
            )
            .takes::<CollectionSettingsRequest>("collectionSettings")
            .answers::<CollectionSettings>(),
    ]
    .into_iter()
    .map(|operation| operation.tagged("Account").extension())
    .collect()
}

/// How the account shall collect, in the shape in which it is read.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct CollectionSettingsRequest {
    /// When invoices fall due; `Net0` in a new account.
    term: Option<Name<Term>>,
    /// What falls due is charged to the default payment method; false in a new account.
    auto_collect: Option<bool>,
    /// `CurrentInvoice`, as in a new account, or `OutstandingBalance`. `Threshold` is for customers only.
    auto_collect_setting_type: Option<Name<AutoCollectSettingType>>,
    /// On which days after a failed collection it is tried again: up to 10, ascending, 1 to 365; 1, 3 and 5 in a new account.
    dunning_days: Option<Vec<i64>>,
    /// Days in poor standing before a suspension; 30 in a new account.
    grace_period: Option<i64>,
    /// Customers whose grace period has ended are suspended; false in a new account.
    auto_suspend: Option<bool>,
    /// Days after which suspended customers are cancelled; never when null.
    cancel_after_days: Option<i64>,
}

impl CollectionSettingsRequest {
    fn parse(self) -> Result<Stored, Vec<Problem>> {
        let default = CollectionSetting::default();
        let kind = self.auto_collect_setting_type.map(|Name(kind)| kind);
        let collection = CollectionSetting {
            auto_collect: self.auto_collect.unwrap_or(default.auto_collect),
            auto_collect_setting_type: kind.unwrap_or(default.auto_collect_setting_type),
            dunning_days: self.dunning_days.unwrap_or(default.dunning_days),
            grace_period: self.grace_period.unwrap_or(default.grace_period),
            auto_suspend: self.auto_suspend.unwrap_or(default.auto_suspend),
            cancel_after_days: self.cancel_after_days,
        };
        let mut problems = Problems::new();
        collection.check(&mut problems);
        problems.into_result()?;
        Ok(Stored { term: self.term.map_or(Term::NET_0, |Name(term)| term), collection })
    }
}

/// How the account collects.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CollectionSettings {
    /// When invoices fall due.
    term: Name<Term>,
    /// What falls due is charged to the default payment method.
    auto_collect: bool,
    /// What that takes.
    auto_collect_setting_type: Name<AutoCollectSettingType>,
    /// On which days after a failed collection it is tried again.
    dunning_days: Vec<i64>,
    /// Days in poor standing before a suspension.
    grace_period: i64,
    /// Customers whose grace period has ended are suspended.
    auto_suspend: bool,
    /// Days after which suspended customers are cancelled; null is never.
    cancel_after_days: Option<i64>,
    /// The account.
    id: i64,
    /// Where it is read.
    uri: String,
}

impl CollectionSettings {
    fn of(links: &Links, session: &Session, settings: Stored) -> Self {
        let collection = settings.collection;
        Self {
            term: Name(settings.term),
            auto_collect: collection.auto_collect,
            auto_collect_setting_type: Name(collection.auto_collect_setting_type),
            dunning_days: collection.dunning_days,
            grace_period: collection.grace_period,
            auto_suspend: collection.auto_suspend,
            cancel_after_days: collection.cancel_after_days,
            id: session.account.id.0,
            uri: links.collection_settings(),
        }
    }
}

async fn read(call: Call) -> Result<Response, ApiError> {
    call.question(|tx, session| find(tx, session.account.id), CollectionSettings::of).await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let settings = call.parse(CollectionSettingsRequest::parse)?;
    call.command(
        move |tx, session| {
            set(tx, session.account.id, &settings, session.now)?;
            Ok(settings.clone())
        },
        CollectionSettings::of,
    )
    .await
}
