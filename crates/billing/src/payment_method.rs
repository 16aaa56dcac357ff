//! Payment methods: what is kept of a card or a bank account (customers.md §4.1).

use calendar::Instant;
use money::Currency;

use crate::{
    collect::BankAccountType,
    id::{CustomerId, GatewayId, PaymentMethodId},
    instrument::{Expiration, Holder},
    named::named,
    payment::{PaymentMethod, PaymentSource},
    refusal::Refusal,
};

named! {
    /// Who issued a card.
    pub enum CardBrand {
        /// Visa.
        Visa => "Visa",
        /// Mastercard.
        MasterCard => "MasterCard",
        /// American Express.
        Amex => "Amex",
        /// Discover.
        Discover => "Discover",
        /// JCB.
        Jcb => "JCB",
        /// Diners Club.
        DinersClub => "DinersClub",
        /// Another, or one that the gateway does not tell.
        Unknown => "Unknown",
    }
}

impl CardBrand {
    /// Who issued a card, by the first digits of its number.
    pub fn of(number: &str) -> Self {
        let first =
            |count: usize| number.get(..count).and_then(|digits| digits.parse::<u32>().ok()).unwrap_or_default();
        match (first(1), first(2), first(3), first(4)) {
            (4, ..) => Self::Visa,
            (_, 51..=55, ..) | (_, _, _, 2221..=2720) => Self::MasterCard,
            (_, 34 | 37, ..) => Self::Amex,
            (_, 65, ..) | (_, _, 644..=649, _) | (_, _, _, 6011) => Self::Discover,
            (_, _, _, 3528..=3589) => Self::Jcb,
            (_, 36 | 38, ..) | (_, _, 300..=305, _) => Self::DinersClub,
            _ => Self::Unknown,
        }
    }
}

/// What may be shown of a card or a bank account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Face {
    /// A card.
    Card {
        /// Who issued it.
        brand: CardBrand,
        /// The last four digits of its number.
        last_four: String,
        /// Until when it is good.
        expiration: Expiration,
        /// Takes money from an account at once.
        is_debit: bool,
    },
    /// A bank account.
    BankAccount {
        /// The last four digits of its number.
        account_last_four: String,
        /// The last four digits of the bank's routing number.
        transit_last_four: String,
        /// What kind of account.
        account_type: BankAccountType,
    },
}

impl Face {
    /// How it pays.
    pub fn method(&self) -> PaymentMethod {
        match self {
            Self::Card { .. } => PaymentMethod::CreditCard,
            Self::BankAccount { .. } => PaymentMethod::Ach,
        }
    }

    /// As payments and attempts name it, such as `Visa ending in 1111` (receivables.md §6).
    pub fn label(&self) -> String {
        match self {
            Self::Card { brand, last_four, .. } => format!("{brand} ending in {last_four}"),
            Self::BankAccount { account_last_four, .. } => format!("account ending in {account_last_four}"),
        }
    }
}

named! {
    /// Where a payment method is between being stored and being gone.
    pub enum MethodState {
        /// Nobody sees it: it is being stored, or stays only if something else goes well.
        Pending => "Pending",
        /// It can be charged.
        Active => "Active",
        /// It is gone for callers; the gateway may have to forget it yet.
        Deleted => "Deleted",
    }
}

/// Where a descendant differs from what a method says of sharing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharingOverride {
    /// Its id; 0 until it is stored.
    pub id: i64,
    /// The descendant.
    pub customer: CustomerId,
    /// Whether that descendant may use the method.
    pub is_shared: bool,
}

/// Who else may use a method: descendants of its owner, all of them or some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sharing {
    /// Descendants without a word of their own may use it.
    pub is_shared: bool,
    /// Descendants with a word of their own.
    pub overrides: Vec<SharingOverride>,
}

impl Default for Sharing {
    /// With all descendants (customers.md §3.6).
    fn default() -> Self {
        Self { is_shared: true, overrides: Vec::new() }
    }
}

impl Sharing {
    /// Whether a descendant of the owner may use the method.
    pub fn includes(&self, descendant: CustomerId) -> bool {
        let own = self.overrides.iter().find(|own| own.customer == descendant);
        own.map_or(self.is_shared, |own| own.is_shared)
    }
}

/// A payment method that is to be stored: what is known before the gateway has seen the card or bank account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserved {
    /// Its id.
    pub id: PaymentMethodId,
    /// Whose it is.
    pub customer: CustomerId,
    /// Where it is to be stored.
    pub gateway: GatewayId,
    /// Names the act of storing at the gateway, for good.
    pub gateway_key: String,
    /// Where the order came from.
    pub source: PaymentSource,
    /// Who else may use it.
    pub sharing: Sharing,
    /// The method that it replaces.
    pub original: Option<PaymentMethodId>,
}

/// The ids of an instrument that was stored at the gateway by somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct External {
    /// The customer there, such as `cus_…`.
    pub customer: String,
    /// The card or bank account there, such as `card_…`.
    pub instrument: String,
}

/// A card or bank account that a gateway stores (customers.md §4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMethod {
    /// Its id.
    pub id: PaymentMethodId,
    /// Whose it is.
    pub customer: CustomerId,
    /// Where it is between being stored and being gone.
    pub state: MethodState,
    /// Who stores it.
    pub gateway: GatewayId,
    /// What the gateway knows it by, sealed; `None` once the gateway has forgotten it.
    pub sealed_token: Option<String>,
    /// Where the order came from.
    pub source: PaymentSource,
    /// Who else may use it.
    pub sharing: Sharing,
    /// Its ids at the gateway, when somebody else stored it there.
    pub external: Option<External>,
    /// The method that it replaced.
    pub original: Option<PaymentMethodId>,
    /// Charges in a row that failed.
    pub failure_count: i64,
    /// When it was stored.
    pub created_at: Instant,
    /// When it was last changed.
    pub modified_at: Instant,
    /// What may be shown of it.
    pub face: Face,
    /// Whose name is on it.
    pub holder: Holder,
}

impl StoredMethod {
    /// Whether a customer may use it, whose ancestors these are.
    pub fn is_usable(&self, customer: CustomerId, ancestors: &[CustomerId]) -> bool {
        let is_shared = || ancestors.contains(&self.customer) && self.sharing.includes(customer);
        self.state == MethodState::Active && (self.customer == customer || is_shared())
    }

    /// Whether its owner may delete it: the default goes last (customers.md §4.7). `others` counts the owner's other methods.
    pub fn may_be_deleted(&self, is_default: bool, others: usize) -> Result<(), Refusal> {
        if is_default && others > 0 { Err(Refusal::DefaultNotDeletable) } else { Ok(()) }
    }

    /// Whether it may be given to another customer, who is billed in this currency and charged by this gateway: a method is
    /// charged where it is stored.
    pub fn may_be_given(&self, to: CustomerId, currency: Currency, charged_by: GatewayId) -> Result<(), Refusal> {
        if self.customer == to {
            return Err(Refusal::MethodIsTheirs(self.id, to));
        }
        if self.gateway != charged_by {
            return Err(Refusal::MethodStoredElsewhere(self.id, self.gateway, currency));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn method(sharing: Sharing) -> StoredMethod {
        let expiration = Expiration { year: 30, month: 1 };
        StoredMethod {
            id: PaymentMethodId(1),
            customer: CustomerId(10),
            state: MethodState::Active,
            gateway: GatewayId(1),
            sealed_token: Some("sealed".to_owned()),
            source: PaymentSource::Manual,
            sharing,
            external: None,
            original: None,
            failure_count: 0,
            created_at: Instant::from_millis(0),
            modified_at: Instant::from_millis(0),
            face: Face::Card { brand: CardBrand::Visa, last_four: "1111".to_owned(), expiration, is_debit: false },
            holder: Holder::default(),
        }
    }

    #[test]
    fn descendants_use_what_is_shared_with_them() {
        let but = |customer, is_shared| SharingOverride { id: 0, customer: CustomerId(customer), is_shared };
        let shared = Sharing { is_shared: true, overrides: vec![but(12, false)] };
        let own = Sharing { is_shared: false, overrides: vec![but(11, true)] };
        for (sharing, customer, ancestors, usable) in [
            (&shared, 10, vec![], true),
            (&shared, 11, vec![10], true),
            (&shared, 12, vec![10], false),
            (&shared, 13, vec![12, 10], true),
            (&shared, 20, vec![21], false),
            (&own, 10, vec![], true),
            (&own, 11, vec![10], true),
            (&own, 12, vec![10], false),
            // A word about somebody who is no descendant any more means nothing.
            (&own, 11, vec![21], false),
        ] {
            let ancestors: Vec<_> = ancestors.into_iter().map(CustomerId).collect();
            assert_eq!(method(sharing.clone()).is_usable(CustomerId(customer), &ancestors), usable, "{customer}");
        }
        for state in [MethodState::Pending, MethodState::Deleted] {
            let gone = StoredMethod { state, ..method(Sharing::default()) };
            assert!(!gone.is_usable(CustomerId(10), &[]));
        }
    }

    #[test]
    fn the_default_goes_last() {
        let method = method(Sharing::default());
        assert_eq!(method.may_be_deleted(true, 1), Err(Refusal::DefaultNotDeletable));
        assert_eq!(method.may_be_deleted(true, 0), Ok(()));
        assert_eq!(method.may_be_deleted(false, 3), Ok(()));
    }

    #[test]
    fn a_method_goes_to_others_whom_its_gateway_charges() {
        let method = method(Sharing::default());
        for (to, charged_by, told) in [
            (11, 1, None),
            (10, 1, Some(Refusal::MethodIsTheirs(method.id, method.customer))),
            (11, 2, Some(Refusal::MethodStoredElsewhere(method.id, method.gateway, Currency::EUR))),
        ] {
            let given = method.may_be_given(CustomerId(to), Currency::EUR, GatewayId(charged_by));
            assert_eq!(given.err(), told);
        }
    }

    #[test]
    fn brands_are_told_by_the_first_digits() {
        for (number, expected) in [
            ("4242424242424242", CardBrand::Visa),
            ("5555555555554444", CardBrand::MasterCard),
            ("2223003122003222", CardBrand::MasterCard),
            ("378282246310005", CardBrand::Amex),
            ("6011111111111117", CardBrand::Discover),
            ("3566002020360505", CardBrand::Jcb),
            ("3056930009020004", CardBrand::DinersClub),
            ("6200000000000005", CardBrand::Unknown),
        ] {
            assert_eq!(CardBrand::of(number), expected, "{number}");
        }
    }
}
