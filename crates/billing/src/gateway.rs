//! Payment gateways as an account uses them.

use calendar::Instant;
use money::Currency;

use crate::{id::GatewayId, named::named};

named! {
    /// What kind of gateway.
    pub enum GatewayKind {
        /// No money moves; numbers say what happens (docs/payments.md).
        Test => "Test",
        /// Stripe.
        Stripe => "Stripe",
    }
}

/// An account's account at a payment gateway. Its secrets are sealed texts, which nobody reads without a vault key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayAccount {
    /// Its id.
    pub id: GatewayId,
    /// What kind.
    pub kind: GatewayKind,
    /// What it charges; any currency that has no gateway of its own when absent.
    pub currency: Option<Currency>,
    /// Where it is reached; where that kind usually is when absent.
    pub base_url: Option<String>,
    /// What it knows the account by, sealed.
    pub sealed_secret: Option<String>,
    /// What its notices are signed with, sealed.
    pub sealed_webhook_secret: Option<String>,
    /// When it was added.
    pub created_at: Instant,
    /// When it was removed: nothing new is charged or stored there, and what was can be refunded and forgotten.
    pub removed_at: Option<Instant>,
}
