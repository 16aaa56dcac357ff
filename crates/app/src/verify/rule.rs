//! What must hold.

macro_rules! rules {
    ($($rule:ident, $name:literal, $holds:literal;)*) => {
        /// Something that must hold in every account.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Rule {
            $(#[doc = $holds] $rule,)*
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$rule),*];

            /// Its name; never changes.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$rule => $name,)*
                }
            }

            /// What holds, as a sentence.
            pub const fn statement(self) -> &'static str {
                match self {
                    $(Self::$rule => $holds,)*
                }
            }
        }
    };
}

rules! {
    LedgerOwner, "ledger-owner",
        "Every ledger transaction belongs to a customer and every line to a transaction.";
    LedgerName, "ledger-name",
        "Kinds, currencies, accounts and hashes of the ledger are ones that this version knows.";
    LedgerLine, "ledger-line",
        "Every ledger line moves an amount above zero from one account to another.";
    LedgerLineNumber, "ledger-line-number",
        "The lines of a ledger transaction are numbered 1 to n, and there is at least one.";
    LedgerCurrency, "ledger-currency",
        "Every ledger transaction is in its customer's currency.";
    LedgerSequence, "ledger-sequence",
        "A customer's ledger transactions are numbered 1 to n without gaps.";
    LedgerHash, "ledger-hash",
        "The hash of every ledger transaction is that of its content, the terms of its row and everything before it.";
    LedgerEnd, "ledger-end",
        "A customer names the sequence and the hash of its last ledger transaction.";
    CheckpointChain, "checkpoint-chain",
        "Checkpoints are numbered 1 to n, and the hash of each is that of its heads and of everything before it.";
    CheckpointHead, "checkpoint-head",
        "Every end of a customer's chain that a checkpoint saw is still a ledger transaction with that hash.";
    TrialBalance, "trial-balance",
        "In each currency the accounts of the ledger sum to zero.";
    CustomerBalance, "customer-balance",
        "A customer's balance is the sum of its accounts-receivable lines.";
    CustomerReceivables, "customer-receivables",
        "A customer's balance is what its invoices owe less what of its payments, credits and deposits is unallocated.";
    PostingSource, "posting-source",
        "Every ledger transaction has the row that it posts, or the charge or opening deferral that it is about.";
    PostingSides, "posting-sides",
        "Every ledger transaction of one line debits and credits the accounts of its kind.";
    PostingCustomer, "posting-customer",
        "Every ledger transaction about a charge or an opening deferral is of the customer of the charge's invoice or of that.";
    ChargePosting, "charge-posting",
        "Every charge above zero has a ledger transaction of its amount and time, and one of zero has none.";
    DiscountPosting, "discount-posting",
        "Every discount on a charge has a ledger transaction of its amount.";
    TaxPosting, "tax-posting",
        "Every tax on a charge has a ledger transaction of its amount.";
    ReversalPosting, "reversal-posting",
        "Every reversal of a charge has a ledger transaction of its gross amount, and its credit note's customer and time.";
    PaymentPosting, "payment-posting",
        "Every payment has a ledger transaction of its amount, customer and time.";
    RefundPosting, "refund-posting",
        "Every refund has a ledger transaction of its amount, customer and time.";
    CreditPosting, "credit-posting",
        "Every credit has a ledger transaction of its amount, customer and time.";
    DebitPosting, "debit-posting",
        "Every debit has a ledger transaction of its amount, customer and time.";
    OpeningBalancePosting, "opening-balance-posting",
        "Every opening balance has a ledger transaction of its amount, customer and time.";
    OpeningDeferralPosting, "opening-deferral-posting",
        "Every opening deferral, and what was taken back of it, has a ledger transaction of its amount, customer and time.";
    OpeningDeferral, "opening-deferral",
        "An opening deferral names what of it is earned, was taken back and is left, and has earned what its days say.";
    WriteOffPosting, "write-off-posting",
        "Every write-off has a ledger transaction of its amount, customer and time.";
    ChargeReversed, "charge-reversed",
        "What was reversed of a charge is the sum of its reversals.";
    ChargeRevenue, "charge-revenue",
        "What of a charge and its discounts is deferred and what is earned add up to what was not reversed.";
    EarningPlace, "earning-place",
        "A schedule names what of its charge is earned and what is left; a charge without one has nothing left.";
    EarningSchedule, "earning-schedule",
        "A schedule is its charge's from its day on, and has earned what the charge's settings say until its next part is due.";
    ChargeTiers, "charge-tiers",
        "A tiered charge has tiers, numbered from 0, that add up to its quantity and amount; other charges have none.";
    CreditNoteAmount, "credit-note-amount",
        "A credit note's amount is the sum of its reversals: gross less discounts with taxes.";
    CreditNoteNumber, "credit-note-number",
        "The credit notes of an invoice bear its number and their own, 1 to n without gaps.";
    ReversalTax, "reversal-tax",
        "The tax of a reversal is the sum of its parts, each of a tax on the charge.";
    InvoiceNumber, "invoice-number",
        "Invoices are numbered 1 to n without gaps, and the next one takes n + 1.";
    InvoiceOwner, "invoice-owner",
        "Every charge, tax, instalment, allocation, credit note and write-off belongs to an invoice.";
    InvoiceCurrency, "invoice-currency",
        "Every invoice is in its customer's currency.";
    InvoiceDates, "invoice-dates",
        "An invoice was posted when its charges took effect, and its instalments fall due as its term says.";
    InvoiceSubtotal, "invoice-subtotal",
        "An invoice's subtotal is the sum of its charges and of what was owed before.";
    InvoiceDiscount, "invoice-discount",
        "An invoice's discount is the sum of the discounts on its charges.";
    InvoiceTax, "invoice-tax",
        "An invoice's tax is the sum of the taxes on its charges.";
    InvoicePayments, "invoice-payments",
        "What was paid of an invoice is the sum of its allocations of payments and deposits.";
    InvoiceCredits, "invoice-credits",
        "What was credited of an invoice is the sum of its allocations of credits.";
    InvoiceCreditNotes, "invoice-credit-notes",
        "What was reversed of an invoice is the sum of its credit notes.";
    InvoiceWriteOffs, "invoice-write-offs",
        "What was written off of an invoice is the sum of its write-offs.";
    InvoiceOutstanding, "invoice-outstanding",
        "An invoice owes its amount less payments, credits, credit notes and write-offs, and never less than nothing.";
    InvoiceClosingBalance, "invoice-closing-balance",
        "An invoice's closing balance is its opening balance and its amount.";
    InvoicePaid, "invoice-paid",
        "An invoice has a time of payment exactly when it owes nothing.";
    ScheduleAmount, "schedule-amount",
        "The instalments of an invoice sum to its amount.";
    ScheduleOutstanding, "schedule-outstanding",
        "What the instalments of an invoice owe sums to what the invoice owes.";
    PaymentAmount, "payment-amount",
        "A payment's amount is the sum of its allocations, what is unallocated and its refunds.";
    PaymentRefundable, "payment-refundable",
        "All of a payment may be refunded that was not.";
    PaymentActivity, "payment-activity",
        "Every payment and refund has the attempt that made it, of the same customer, amount, kind and time.";
    PaymentCustomer, "payment-customer",
        "Every allocation of money belongs to a payment and gives to an invoice of the payment's customer.";
    CollectionEnd, "collection-end",
        "Every attempt through a payment gateway has its collection, which is open exactly while nobody knows how it ended, \
         and names what moved exactly when something did.";
    CollectionMoney, "collection-money",
        "Every attempt through a payment gateway that succeeded brought a payment or refund of its amount, and no other did.";
    CreditAmount, "credit-amount",
        "A credit's amount is the sum of its allocations, what is unallocated and its debits.";
    CreditReversable, "credit-reversable",
        "All of a credit may be debited that was not.";
    CreditOwner, "credit-owner",
        "Every credit is in its customer's currency, and every debit in its credit's and of its customer.";
    CreditCustomer, "credit-customer",
        "Every allocation of goodwill belongs to a credit and gives to an invoice of the credit's customer.";
    AllocationDate, "allocation-date",
        "Every allocation takes effect with its payment, credit or deposit.";
    AllocationLeft, "allocation-left",
        "An invoice has of a payment, credit or deposit what it was given, less what refunds, debits and credit notes took \
         back.";
    AllocationFreed, "allocation-freed",
        "What was freed of an allocation was freed by a credit note of its invoice.";
    AllocationSpent, "allocation-spent",
        "An allocation holds what its invoice was given after the payment, credit or deposit was recorded, and a deposit's \
         nothing else.";
    OpeningBalance, "opening-balance",
        "An opening balance is in its customer's currency, and is owed on its invoice or on invoices and on deposit.";
    DepositCustomer, "deposit-customer",
        "Every allocation of a deposit belongs to a deposit and gives to an invoice of the deposit's customer.";
    PurchaseCharge, "purchase-charge",
        "A purchase that was finalized has one charge, posted or waiting on a draft invoice, a draft has none, and every \
         charge and item has a purchase.";
    PurchaseSale, "purchase-sale",
        "A charge is for the product, quantity, amounts and customer of its purchase.";
    PurchasePricing, "purchase-pricing",
        "Every purchase is priced by a model that this version knows.";
    PurchaseItems, "purchase-items",
        "The quantity of a purchase that tracks items is the number of its active items; others have none.";
    BulkCounters, "bulk-counters",
        "The counters of a bulk job are the numbers of its records.";
}
