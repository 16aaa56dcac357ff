//! Which mail a customer wants (customers.md §3.5). Billfold sends no mail yet: what is kept here is for whoever does.

use std::collections::BTreeMap;

use crate::named::named;

named! {
    /// An occasion for mail, in the order in which they are shown.
    pub enum EmailType {
        /// A card expires soon.
        CreditCardExpiry => "CreditCardExpiry",
        /// The customer became active.
        CustomerActivation => "CustomerActivation",
        /// A way into the self-service portal.
        CustomerCredentialCreate => "CustomerCredentialCreate",
        /// A new password for the portal.
        CustomerCredentialPasswordReset => "CustomerCredentialPasswordReset",
        /// The customer was suspended.
        CustomerSuspend => "CustomerSuspend",
        /// An invoice is overdue.
        InvoiceOverdue => "InvoiceOverdue",
        /// An invoice was posted.
        InvoicePost => "InvoicePost",
        /// A new password.
        PasswordReset => "PasswordReset",
        /// A payment failed.
        PaymentFailed => "PaymentFailed",
        /// A payment method was changed.
        PaymentMethodUpdate => "PaymentMethodUpdate",
        /// A payment was received.
        PaymentReceived => "PaymentReceived",
        /// A subscription expires or renews soon.
        PendingExpiryRenewalNotice => "PendingExpiryRenewalNotice",
        /// Money was given back.
        Refund => "Refund",
        /// A statement is there.
        StatementNotification => "StatementNotification",
        /// A subscription became active.
        SubscriptionActivation => "SubscriptionActivation",
        /// A subscription was cancelled.
        SubscriptionCancellation => "SubscriptionCancellation",
        /// An invoice comes soon.
        UpcomingBillingNotification => "UpcomingBillingNotification",
    }
}

named! {
    /// What an occasion is about.
    pub enum EmailCategory {
        /// The customer itself, and its way into the portal.
        Customers => "Customers",
        /// Invoices.
        Invoices => "Invoices",
        /// Payments, refunds and payment methods.
        PaymentsAndRefunds => "PaymentsAndRefunds",
        /// Statements.
        Statements => "Statements",
        /// Subscriptions.
        Subscriptions => "Subscriptions",
    }
}

impl EmailType {
    /// What it is about; the original names two categories and is silent about the others.
    #[must_use]
    pub fn category(self) -> EmailCategory {
        match self {
            Self::CustomerActivation
            | Self::CustomerCredentialCreate
            | Self::CustomerCredentialPasswordReset
            | Self::CustomerSuspend
            | Self::PasswordReset => EmailCategory::Customers,
            Self::InvoiceOverdue | Self::InvoicePost | Self::UpcomingBillingNotification => EmailCategory::Invoices,
            Self::CreditCardExpiry
            | Self::PaymentFailed
            | Self::PaymentMethodUpdate
            | Self::PaymentReceived
            | Self::Refund => EmailCategory::PaymentsAndRefunds,
            Self::StatementNotification => EmailCategory::Statements,
            Self::PendingExpiryRenewalNotice | Self::SubscriptionActivation | Self::SubscriptionCancellation => {
                EmailCategory::Subscriptions
            }
        }
    }
}

/// What a customer wants of each occasion; one that is absent follows the account's default.
pub type EmailPreferences = BTreeMap<EmailType, bool>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::named::Named;

    #[test]
    fn occasions_are_in_the_order_of_their_names() {
        assert!(EmailType::NAMES.is_sorted());
        assert!(EmailType::ALL.is_sorted());
        assert_eq!(EmailType::ALL.len(), 17);
    }
}
