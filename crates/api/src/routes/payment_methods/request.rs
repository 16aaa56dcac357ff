//! Payment methods as callers ask for them: a card or bank account, and what is to be done with it.

use app::payment_methods::create::{Order, Provided};
use billing::{
    id::{CustomerId, PaymentMethodId},
    instrument::Instrument,
    payment::PaymentSource,
    payment_method::{Sharing, SharingOverride},
    problem::{Problem, Problems},
};
use money::Amount;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    name::Name,
    routes::{
        instrument::{BankAccountRequest, CardRequest},
        parse::{money, required},
    },
    wire::{scalar::Decimal, shape::Both},
};

/// A card to store.
pub(super) type CardMethodRequest = Method<CardRequest>;

/// A bank account to store.
pub(super) type BankAccountMethodRequest = Method<BankAccountRequest>;

/// A card or a bank account to store.
pub(super) type AnyRequest = Method<Both<CardRequest, BankAccountRequest>>;

/// A card or bank account, and what is to be done with it.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(transparent)]
pub(super) struct Method<I>(Both<I, Members>)
where
    I: Default;

/// What is to be done with a card or bank account.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct Members {
    /// The method to replace. Required for a replacement, ignored otherwise.
    id: Option<i64>,
    /// The customer. Required at creation; it never changes.
    customer_id: Option<i64>,
    /// Where the order comes from. Required at creation.
    source: Option<Name<PaymentSource>>,
    /// Becomes the customer's default; the first method does in any case.
    is_default: Option<bool>,
    /// The same.
    make_default: Option<bool>,
    /// Descendants may use it; true when absent.
    sharing: Option<bool>,
    /// Descendants for whom something else holds.
    descendant_overrides: Option<Vec<OverrideRequest>>,
    /// Money to collect at once; the method is stored only if that succeeds. Not for replacements.
    payment_collect_options: Option<CollectAtOnce>,
}

/// A descendant for whom something else holds.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct OverrideRequest {
    /// The descendant. Required.
    customer_id: Option<i64>,
    /// It may use the method. Required.
    sharing: Option<bool>,
}

/// Money to collect with the method at once.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct CollectAtOnce {
    /// How much: positive, at most two decimals. It goes to the oldest invoices; the rest is available funds.
    collection_amount: Option<Decimal>,
}

/// What a body describes.
pub(super) trait Describes {
    /// The card or bank account; what is wrong with it is reported.
    fn parse(self, problems: &mut Problems) -> Option<Instrument>;
}

impl Describes for CardRequest {
    fn parse(self, problems: &mut Problems) -> Option<Instrument> {
        CardRequest::parse(self, problems).map(Instrument::Card)
    }
}

impl Describes for BankAccountRequest {
    fn parse(self, problems: &mut Problems) -> Option<Instrument> {
        BankAccountRequest::parse(self, problems).map(Instrument::BankAccount)
    }
}

impl Describes for Both<CardRequest, BankAccountRequest> {
    fn parse(self, problems: &mut Problems) -> Option<Instrument> {
        let Self(card, account) = self;
        if account.is_there() { Describes::parse(account, problems) } else { Describes::parse(card, problems) }
    }
}

impl<I: Describes + Default> Method<I> {
    /// The method to store, or everything that is wrong with it.
    pub(super) fn parse_new(self) -> Result<Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let Self(Both(instrument, members)) = self;
        let customer = required(&mut problems, "CustomerId", members.customer_id);
        required(&mut problems, "Source", members.source);
        let members = Members { id: None, ..members };
        members.into_order(problems, customer, |problems| instrument.parse(problems))
    }

    /// The method to put in the place of another, or everything that is wrong with it.
    pub(super) fn parse_replacement(self) -> Result<Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let Self(Both(instrument, members)) = self;
        required(&mut problems, "Id", members.id);
        let customer = members.customer_id;
        // A body that was read before has the default's flag as it was: a replacement keeps it anyway.
        let members = Members { is_default: None, ..members };
        members.into_order(problems, customer, |problems| instrument.parse(problems))
    }
}

impl Members {
    fn into_order(
        self,
        mut problems: Problems,
        customer: Option<i64>,
        instrument: impl FnOnce(&mut Problems) -> Option<Instrument>,
    ) -> Result<Order, Vec<Problem>> {
        let provided = instrument(&mut problems);
        let sharing = self.sharing(&mut problems);
        let collects = self.collects(&mut problems);
        problems.into_result()?;
        let provided = provided.ok_or_else(|| vec![Problem::new("", "A card or bank account is required.")])?;
        Ok(Order {
            customer: customer.map(CustomerId),
            provided: Provided::Instrument(provided),
            source: self.source.map_or(PaymentSource::Manual, |Name(source)| source),
            becomes_default: self.is_default == Some(true) || self.make_default == Some(true),
            sharing,
            replaces: self.id.map(PaymentMethodId),
            collects,
        })
    }

    /// What is to be collected at once, if anything.
    fn collects(&self, problems: &mut Problems) -> Option<Amount> {
        let number = self.payment_collect_options.as_ref()?.collection_amount?;
        if self.id.is_some() {
            problems.push("PaymentCollectOptions", "Nothing is collected when a payment method is replaced.");
        }
        problems.at("PaymentCollectOptions", |problems| money(problems, "CollectionAmount", Some(number)))
    }

    /// What the body says of sharing, if it says anything.
    fn sharing(&self, problems: &mut Problems) -> Option<Sharing> {
        if self.sharing.is_none() && self.descendant_overrides.is_none() {
            return None;
        }
        let mut overrides: Vec<SharingOverride> = Vec::new();
        for (index, own) in self.descendant_overrides.iter().flatten().enumerate() {
            problems.item("DescendantOverrides", index, |problems| {
                let customer = required(problems, "CustomerId", own.customer_id);
                let is_shared = required(problems, "Sharing", own.sharing);
                let (Some(customer), Some(is_shared)) = (customer.map(CustomerId), is_shared) else { return };
                if overrides.iter().any(|earlier| earlier.customer == customer) {
                    problems.push("CustomerId", format!("Customer {customer} is listed more than once."));
                }
                overrides.push(SharingOverride { id: 0, customer, is_shared });
            });
        }
        Some(Sharing { is_shared: self.sharing.unwrap_or(true), overrides })
    }
}
