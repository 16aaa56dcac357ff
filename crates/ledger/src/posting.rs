//! The posting rules: which accounts every event debits and credits. There is one constructor for each.

use calendar::Instant;
use money::{Amount, Currency};

use crate::{LedgerAccount as Account, LedgerError, Line, Transaction, TransactionKind as Kind};

/// Amounts are above zero and in the minor unit of the currency; the constructor gives the direction.
impl Transaction {
    /// A charge of a posted invoice: owed at once, earned later.
    pub fn charge(at: Instant, currency: Currency, amount: Amount) -> Result<Self, LedgerError> {
        single(Kind::Charge, at, currency, (Account::AccountsReceivable, Account::DeferredRevenue), amount)
    }

    /// A discount on a charge.
    pub fn discount(at: Instant, currency: Currency, amount: Amount) -> Result<Self, LedgerError> {
        single(Kind::Discount, at, currency, (Account::DeferredDiscount, Account::AccountsReceivable), amount)
    }

    /// Tax on a charge.
    pub fn tax(at: Instant, currency: Currency, amount: Amount) -> Result<Self, LedgerError> {
        single(Kind::Tax, at, currency, (Account::AccountsReceivable, Account::TaxPayable), amount)
    }

    /// One line of a charge's earning schedule.
    pub fn earning(at: Instant, currency: Currency, amount: Amount) -> Result<Self, LedgerError> {
        single(Kind::Earning, at, currency, (Account::DeferredRevenue, Account::EarnedRevenue), amount)
    }

    /// One line of a discount's earning schedule.
    pub fn discount_earning(at: Instant, currency: Currency, amount: Amount) -> Result<Self, LedgerError> {
        single(Kind::DiscountEarning, at, currency, (Account::EarnedDiscount, Account::DeferredDiscount), amount)
    }

    /// Money received.
    pub fn payment(at: Instant, currency: Currency, amount: Amount) -> Result<Self, LedgerError> {
        single(Kind::Payment, at, currency, (Account::Cash, Account::AccountsReceivable), amount)
    }

    /// Money given back.
    pub fn refund(at: Instant, currency: Currency, amount: Amount) -> Result<Self, LedgerError> {
        single(Kind::Refund, at, currency, (Account::AccountsReceivable, Account::Cash), amount)
    }

    /// Goodwill that lowers what is owed.
    pub fn credit(at: Instant, currency: Currency, amount: Amount) -> Result<Self, LedgerError> {
        single(Kind::Credit, at, currency, (Account::Credit, Account::AccountsReceivable), amount)
    }

    /// A credit taken back.
    pub fn debit(at: Instant, currency: Currency, amount: Amount) -> Result<Self, LedgerError> {
        single(Kind::Debit, at, currency, (Account::AccountsReceivable, Account::Credit), amount)
    }

    /// A debt given up.
    pub fn write_off(at: Instant, currency: Currency, amount: Amount) -> Result<Self, LedgerError> {
        single(Kind::WriteOff, at, currency, (Account::BadDebt, Account::AccountsReceivable), amount)
    }

    /// What a customer owed before (above zero) or had on deposit (below zero).
    pub fn opening_balance(at: Instant, currency: Currency, amount: Amount) -> Result<Self, LedgerError> {
        let (sides, amount) = if amount.is_negative() {
            ((Account::OpeningBalance, Account::AccountsReceivable), amount.negated())
        } else {
            ((Account::AccountsReceivable, Account::OpeningBalance), amount)
        };
        single(Kind::OpeningBalance, at, currency, sides, amount)
    }

    /// What a customer had been charged for before and is not yet earned: what it owes does not change.
    pub fn opening_deferral(at: Instant, currency: Currency, amount: Amount) -> Result<Self, LedgerError> {
        single(Kind::OpeningDeferral, at, currency, (Account::OpeningBalance, Account::DeferredRevenue), amount)
    }

    /// The same taken back, by part as in [`Transaction::reverse_charge`].
    pub fn reverse_opening_deferral(
        at: Instant,
        currency: Currency,
        deferred_part: Amount,
        earned_part: Amount,
    ) -> Result<Self, LedgerError> {
        let opening = Account::OpeningBalance;
        let parts =
            [(Account::DeferredRevenue, opening, deferred_part), (Account::EarnedRevenue, opening, earned_part)];
        by_part(Kind::ReverseOpeningDeferral, at, currency, parts)
    }

    /// A charge taken back: the part not yet earned and the part that was. Either may be zero, not both.
    pub fn reverse_charge(
        at: Instant,
        currency: Currency,
        deferred_part: Amount,
        earned_part: Amount,
    ) -> Result<Self, LedgerError> {
        let receivable = Account::AccountsReceivable;
        let parts =
            [(Account::DeferredRevenue, receivable, deferred_part), (Account::EarnedRevenue, receivable, earned_part)];
        by_part(Kind::ReverseCharge, at, currency, parts)
    }

    /// The discount of a reversed charge taken back, by part as in [`Transaction::reverse_charge`].
    pub fn reverse_discount(
        at: Instant,
        currency: Currency,
        deferred_part: Amount,
        earned_part: Amount,
    ) -> Result<Self, LedgerError> {
        let receivable = Account::AccountsReceivable;
        let parts = [
            (receivable, Account::DeferredDiscount, deferred_part),
            (receivable, Account::EarnedDiscount, earned_part),
        ];
        by_part(Kind::ReverseDiscount, at, currency, parts)
    }

    /// The tax of a reversed charge taken back.
    pub fn reverse_tax(at: Instant, currency: Currency, amount: Amount) -> Result<Self, LedgerError> {
        single(Kind::ReverseTax, at, currency, (Account::TaxPayable, Account::AccountsReceivable), amount)
    }
}

/// A transaction of one line; `sides` are debit and credit.
fn single(
    kind: Kind,
    at: Instant,
    currency: Currency,
    (debit, credit): (Account, Account),
    amount: Amount,
) -> Result<Transaction, LedgerError> {
    Transaction::new(kind, at, currency, vec![Line::new(debit, credit, amount)?])
}

/// A transaction of those parts (debit, credit, amount) that are not zero.
fn by_part(
    kind: Kind,
    at: Instant,
    currency: Currency,
    parts: [(Account, Account, Amount); 2],
) -> Result<Transaction, LedgerError> {
    let lines = parts
        .into_iter()
        .filter(|(_, _, amount)| !amount.is_zero())
        .map(|(debit, credit, amount)| Line::new(debit, credit, amount))
        .collect::<Result<_, _>>()?;
    Transaction::new(kind, at, currency, lines)
}
