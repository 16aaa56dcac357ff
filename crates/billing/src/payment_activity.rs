//! Attempts to move money, with or without an effect (receivables.md §6).

use calendar::Instant;
use money::{Amount, Currency};

use crate::{
    id::{CustomerId, PaymentActivityId},
    named::{Named as _, named},
    payment::{Payment, PaymentMethod, PaymentSource},
    refund::Refund,
};

named! {
    /// What was attempted.
    pub enum ActivityType {
        /// To take money.
        Collect => "Collect",
        /// To give money back.
        Refund => "Refund",
        /// To find out whether a card is good.
        Validate => "Validate",
        /// To mark money as not received after all.
        Nsf => "NSF",
    }
}

named! {
    /// How it ended.
    pub enum ActivityStatus {
        /// It did what it should.
        Successful => "Successful",
        /// It did nothing.
        Failed => "Failed",
        /// Nobody knows yet.
        Unknown => "Unknown",
    }
}

/// What an attempt brought about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Money received.
    Payment(Payment),
    /// Money given back.
    Refund(Refund),
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentActivity {
    /// Its id.
    pub id: PaymentActivityId,
    /// Whose money it is.
    pub customer: CustomerId,
    /// The customer above it, if any.
    pub parent: Option<CustomerId>,
    /// What was attempted.
    pub activity_type: ActivityType,
    /// How it ended.
    pub status: ActivityStatus,
    /// Where it came from.
    pub source: PaymentSource,
    /// How the money was to go.
    pub method: PaymentMethod,
    /// How much.
    pub amount: Amount,
    /// In which currency.
    pub currency: Currency,
    /// When it counts.
    pub effective_at: Instant,
    /// When it was written.
    pub created_at: Instant,
    /// What was charged, such as `Visa ending in 1111`.
    pub method_label: Option<String>,
    /// The gateway's name.
    pub gateway_name: Option<String>,
    /// What the gateway said of an attempt that did not succeed.
    pub gateway_text: Option<String>,
    /// What it brought about.
    pub outcome: Option<Outcome>,
}

impl PaymentActivity {
    /// How the money was to go, as it is shown: `CreditCard (Visa ending in 1111)`.
    pub fn way(&self) -> String {
        match &self.method_label {
            Some(label) => format!("{} ({label})", self.method),
            None => self.method.to_string(),
        }
    }

    /// Whether a caller means this way: as it is shown, or its kind alone, in any case.
    pub fn goes_by(&self, way: &str) -> bool {
        let way = way.trim();
        way.eq_ignore_ascii_case(&self.way()) || way.eq_ignore_ascii_case(self.method.name())
    }
}
