//! The chart of accounts, and the kinds of transaction that post to it.

use crate::named::named;

named! {
    /// A line of the chart of accounts. Names are part of every stored hash and never change.
    pub enum LedgerAccount {
        /// What customers owe; negative for a customer with money on deposit.
        AccountsReceivable,
        /// Money received and not given back.
        Cash,
        /// Charges posted and not yet earned.
        DeferredRevenue,
        /// Charges earned.
        EarnedRevenue,
        /// Discounts on charges that are not yet earned.
        DeferredDiscount,
        /// Discounts on charges that are earned.
        EarnedDiscount,
        /// Tax collected for the authorities.
        TaxPayable,
        /// Goodwill given to customers, less what was taken back.
        Credit,
        /// What will not be collected.
        BadDebt,
        /// What customers owed or had before they were billed here.
        OpeningBalance,
    }
}

named! {
    /// What a transaction records (receivables.md §11). Names are part of every stored hash and never change.
    pub enum TransactionKind {
        /// A charge of a posted invoice.
        Charge,
        /// A discount on a charge.
        Discount,
        /// Tax on a charge.
        Tax,
        /// One line of a charge's earning schedule.
        Earning,
        /// One line of a discount's earning schedule.
        DiscountEarning,
        /// Money received.
        Payment,
        /// Money given back.
        Refund,
        /// Goodwill that lowers what is owed.
        Credit,
        /// A credit taken back.
        Debit,
        /// A debt given up.
        WriteOff,
        /// A charge taken back, in whole or in part.
        ReverseCharge,
        /// The discount of a reversed charge taken back.
        ReverseDiscount,
        /// The tax of a reversed charge taken back.
        ReverseTax,
        /// What a customer owed or had before.
        OpeningBalance,
        /// What a customer had been charged for before, and is earned here.
        OpeningDeferral,
        /// The same taken back, as far as it is not earned or altogether.
        ReverseOpeningDeferral,
    }
}
