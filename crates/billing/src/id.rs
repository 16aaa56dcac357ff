//! One type per kind of id, so that a product's id cannot be passed where a customer's belongs.

macro_rules! ids {
    ($($(#[$meta:meta])* $Id:ident,)+) => {
        $($(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $Id(pub i64);

        impl std::fmt::Display for $Id {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        })+
    };
}

ids! {
    /// A merchant whose data this is (the tenant).
    AccountId,
    /// A key that authenticates calls for one account.
    ApiKeyId,
    /// Who is billed.
    CustomerId,
    /// What somebody wrote about a customer.
    CustomerNoteId,
    /// What is sold.
    ProductId,
    /// The sale of a product to a customer outside any plan.
    PurchaseId,
    /// An ad-hoc discount on a purchase.
    PurchaseDiscountId,
    /// A discount of the catalogue.
    DiscountId,
    /// A coupon of the catalogue.
    CouponId,
    /// A code by which a coupon is asked for.
    CouponCodeId,
    /// A time in which discounts of a coupon hold.
    EligibilityId,
    /// A definition of a custom field.
    CustomFieldId,
    /// A general-ledger label.
    GlCodeId,
    /// A bundle of products that customers subscribe to.
    PlanId,
    /// How often a plan is charged.
    PlanFrequencyId,
    /// A product within a plan.
    PlanProductId,
    /// How a plan product is priced and earned at one frequency of its plan.
    CycleId,
    /// When and how finely a plan product is charged.
    ChargeModelId,
    /// Plans between which subscriptions may migrate.
    PlanFamilyId,
    /// One allowed migration of a plan family.
    RelationshipId,
    /// A tracked item of a purchase.
    ProductItemId,
    /// A posted invoice (not its number).
    InvoiceId,
    /// An invoice that waits to be posted.
    DraftInvoiceId,
    /// A line of a posted invoice; also the id of its ledger transaction.
    ChargeId,
    /// Money received; also the id of its ledger transaction.
    PaymentId,
    /// One attempt to move money.
    PaymentActivityId,
    /// A stored card or bank account.
    PaymentMethodId,
    /// A payment gateway, with the credentials that an account has there.
    GatewayId,
    /// Money given back; also the id of its ledger transaction.
    RefundId,
    /// Goodwill given; also the id of its ledger transaction.
    CreditId,
    /// A credit taken back; also the id of its ledger transaction.
    DebitId,
    /// What a customer owed or had before; also the id of its ledger transaction.
    OpeningBalanceId,
    /// What a customer had been charged for before and is not yet earned; also the id of its ledger transaction.
    OpeningDeferralId,
    /// What took back charges of an invoice in one act.
    CreditNoteId,
    /// What was taken back of one charge; also the id of the ledger transaction of its gross part.
    ReversalId,
    /// A write-off; also the id of its ledger transaction.
    WriteOffId,
    /// A billing or shipping address of a customer.
    AddressId,
    /// A rate of tax.
    TaxRateId,
    /// A bulk job.
    BulkJobId,
    /// One input of a bulk job.
    BulkRecordId,
    /// A part of a job's phase that is worked on by itself.
    BulkLaneId,
}
