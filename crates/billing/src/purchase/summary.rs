//! A purchase with its customer and its invoice, in short.

use calendar::Instant;
use money::{Amount, Currency, Quantity};

use super::PurchaseStatus;
use crate::id::{CustomerId, PurchaseId};

/// One row of the summary of an account's purchases (purchases.md §3.7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurchaseSummary {
    /// The purchase.
    pub id: PurchaseId,
    /// The buyer.
    pub customer: CustomerId,
    /// Number of the invoice that charged it.
    pub invoice_number: Option<i64>,
    /// First name of the buyer.
    pub first_name: Option<String>,
    /// Last name of the buyer.
    pub last_name: Option<String>,
    /// Company of the buyer.
    pub company_name: Option<String>,
    /// Reference of the buyer.
    pub reference: Option<String>,
    /// Code of the product.
    pub product_code: String,
    /// Name of the purchase.
    pub name: String,
    /// Description of the purchase.
    pub description: Option<String>,
    /// Units.
    pub quantity: Quantity,
    /// What it costs, after discounts.
    pub amount: Amount,
    /// When the draft was made.
    pub created_at: Instant,
    /// When it was cancelled.
    pub cancelled_at: Option<Instant>,
    /// When the invoice was posted.
    pub invoiced_at: Option<Instant>,
    /// When the invoice was paid.
    pub paid_at: Option<Instant>,
    /// Where it stands.
    pub status: PurchaseStatus,
    /// Currency of the buyer.
    pub currency: Currency,
}
