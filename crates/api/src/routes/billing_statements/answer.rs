//! What callers are shown of a statement. The original's shape is not known; this one is ours.

use std::collections::HashMap;

use app::statements::generate::Generated;
use billing::{
    id::PurchaseId,
    purchase::TrackedItem,
    statement::{Entry, Statement as Stored},
    tracking::{Display, Placement, Tracking},
};
use money::NumberError;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    routes::ar_activities::ArActivity,
    wire::scalar::{At, Four},
};

/// A statement by transaction.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Statement {
    /// Whose, of when, and what it comes to.
    #[serde(flatten)]
    head: Head,
    /// What moved the balance, in the order in which it counts.
    transactions: Vec<Row>,
    /// The tracked items of what was sold, with `SeparatePage`; else null.
    tracked_items: Option<Vec<Item>>,
}

/// A statement by what was sold.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct GroupedStatement {
    /// Whose, of when, and what it comes to.
    #[serde(flatten)]
    head: Head,
    /// One a purchase, and at the end what is about none.
    groups: Vec<Group>,
    /// The tracked items of what was sold, with `SeparatePage`; else null.
    tracked_items: Option<Vec<Item>>,
}

/// What a statement comes to.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Head {
    /// Whose balance.
    customer_id: i64,
    /// The caller's own id of the customer.
    reference: Option<String>,
    /// First name.
    first_name: Option<String>,
    /// Last name.
    last_name: Option<String>,
    /// Company.
    company_name: Option<String>,
    /// The customer's currency.
    currency: &'static str,
    /// The first instant of the period.
    start_date: At,
    /// The first instant after it.
    end_date: At,
    /// Owed before the period; below zero, what the customer had to its credit.
    opening_balance: Four,
    /// All that was added to the balance.
    total_debits: Four,
    /// All that was taken from it.
    total_credits: Four,
    /// Owed at the end: opening balance and debits, less credits.
    closing_balance: Four,
    /// What invoices owed at the end, by age.
    aging: Aging,
    /// What payments and credits had at the end that no invoice took: the total of `aging` less this is the closing balance.
    unapplied_amount: Four,
}

/// What invoices owed, by the days since it fell due.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Aging {
    /// The day: the last of the period in the account's time zone, or today while it is not over.
    as_of: String,
    /// Due on that day or later.
    current: Four,
    /// Due 1 to 30 days before.
    days1_to30: Four,
    /// Due 31 to 60 days before.
    days31_to60: Four,
    /// Due 61 to 90 days before.
    days61_to90: Four,
    /// Due more than 90 days before.
    over90: Four,
    /// All of it.
    total: Four,
}

/// A transaction.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Row {
    /// As `CustomerArActivities` shows it.
    #[serde(flatten)]
    activity: ArActivity,
    /// Owed after it.
    balance: Four,
    /// Of a charge, the tracked items of its purchase, with `Inline`; else null.
    tracked_items: Option<Vec<Item>>,
}

/// What is about one purchase, or about none.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Group {
    /// Always null: there are no subscriptions.
    subscription_id: Option<i64>,
    /// The purchase; null for what is about none.
    purchase_id: Option<i64>,
    /// The name under which it was charged.
    name: Option<String>,
    /// Its transactions; balances are those of the customer.
    transactions: Vec<Row>,
    /// Debits less credits.
    total: Four,
}

/// A tracked item, as far as it was asked for.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Item {
    /// Its reference; null unless asked for.
    reference: Option<String>,
    /// Its name; null unless asked for.
    name: Option<String>,
    /// Its description; null unless asked for.
    description: Option<String>,
    /// When it was added; null unless asked for.
    created_date: Option<At>,
    /// The purchase it belongs to.
    purchase_id: i64,
    /// Its id.
    id: i64,
}

impl Statement {
    pub(super) fn of(generated: &Generated) -> Result<Self, NumberError> {
        let inline = Inline::of(generated);
        Ok(Self {
            head: Head::of(generated)?,
            transactions: generated.statement.entries.iter().map(|entry| Row::of(entry, &inline)).collect(),
            tracked_items: apart(generated),
        })
    }
}

impl GroupedStatement {
    pub(super) fn of(generated: &Generated) -> Result<Self, NumberError> {
        let inline = Inline::of(generated);
        let groups = generated.statement.groups()?.into_iter().map(|group| Group {
            subscription_id: None,
            purchase_id: group.purchase.map(|purchase| purchase.0),
            name: group.name.map(str::to_owned),
            transactions: group.entries.iter().map(|entry| Row::of(entry, &inline)).collect(),
            total: Four(group.total),
        });
        Ok(Self { head: Head::of(generated)?, groups: groups.collect(), tracked_items: apart(generated) })
    }
}

impl Head {
    fn of(Generated { customer, statement, .. }: &Generated) -> Result<Self, NumberError> {
        let contact = &customer.fields.contact;
        Ok(Self {
            customer_id: statement.customer.0,
            reference: contact.reference.clone(),
            first_name: contact.first_name.clone(),
            last_name: contact.last_name.clone(),
            company_name: contact.company_name.clone(),
            currency: statement.currency.code(),
            start_date: At(statement.period.from()),
            end_date: At(statement.period.until()),
            opening_balance: Four(statement.opening),
            total_debits: Four(statement.debits()?),
            total_credits: Four(statement.credits()?),
            closing_balance: Four(statement.closing()),
            aging: Aging::of(statement)?,
            unapplied_amount: Four(statement.unapplied()?),
        })
    }
}

impl Aging {
    fn of(Stored { aging, aged_on, .. }: &Stored) -> Result<Self, NumberError> {
        Ok(Self {
            as_of: aged_on.to_string(),
            current: Four(aging.current),
            days1_to30: Four(aging.days_1_to_30),
            days31_to60: Four(aging.days_31_to_60),
            days61_to90: Four(aging.days_61_to_90),
            over90: Four(aging.over_90),
            total: Four(aging.total()?),
        })
    }
}

impl Row {
    fn of(Entry { activity, balance }: &Entry, inline: &Inline<'_>) -> Self {
        let tracked_items = activity.sold().and_then(|sold| inline.of_purchase(sold));
        Self { activity: ArActivity::of(activity.clone()), balance: Four(*balance), tracked_items }
    }
}

/// Tracked items that stand with what sold them, by purchase; `None` when they do not stand there.
struct Inline<'g>(Option<(Display, HashMap<PurchaseId, Vec<&'g TrackedItem>>)>);

impl<'g> Inline<'g> {
    fn of(generated: &'g Generated) -> Self {
        Self(placed(generated, Placement::Inline).map(|tracking| {
            let mut found: HashMap<_, Vec<_>> = HashMap::new();
            for item in &tracking.items {
                found.entry(item.purchase).or_default().push(item);
            }
            (tracking.display, found)
        }))
    }

    fn of_purchase(&self, purchase: PurchaseId) -> Option<Vec<Item>> {
        let (display, items) = self.0.as_ref()?;
        let items = items.get(&purchase).map(Vec::as_slice).unwrap_or_default();
        Some(items.iter().map(|item| Item::of(*display, item)).collect())
    }
}

/// The tracked items after everything else, if they stand there.
fn apart(generated: &Generated) -> Option<Vec<Item>> {
    let tracking = placed(generated, Placement::SeparatePage)?;
    Some(tracking.items.iter().map(|item| Item::of(tracking.display, item)).collect())
}

fn placed(generated: &Generated, placement: Placement) -> Option<&Tracking> {
    generated.tracking.as_ref().filter(|tracking| tracking.display.placement == placement)
}

impl Item {
    fn of(display: Display, TrackedItem { item, purchase, .. }: &TrackedItem) -> Self {
        Self {
            reference: display.reference.then(|| item.order.reference.clone()),
            name: item.order.name.clone().filter(|_| display.name),
            description: item.order.description.clone().filter(|_| display.description),
            created_date: display.created_on.then_some(At(item.created_at)),
            purchase_id: purchase.0,
            id: item.id.0,
        }
    }
}
