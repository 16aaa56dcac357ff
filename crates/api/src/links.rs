//! The absolute `uri` of every object, spelled as the original spells it (conventions.md §4).

use std::fmt::Display;

/// Where this server is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Links {
    base: String,
}

impl Links {
    /// Below `base`, such as `http://localhost:8080`.
    pub(crate) fn below(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').to_owned() }
    }

    /// Where a thing is read, unless it is only shown by a preview and has no id.
    pub(crate) fn made(&self, id: i64, link: impl FnOnce(&Self, i64) -> String) -> Option<String> {
        (id != 0).then(|| link(self, id))
    }

    /// `{base}/v1/{resource}/{id}`.
    fn to(&self, resource: &str, id: impl Display) -> String {
        format!("{}/v1/{resource}/{id}", self.base)
    }

    pub(crate) fn account_profile(&self) -> String {
        format!("{}/v1/AccountProfile", self.base)
    }

    pub(crate) fn collection_settings(&self) -> String {
        format!("{}/v1/CollectionSettings", self.base)
    }

    pub(crate) fn customer(&self, id: i64) -> String {
        self.to("customers", id)
    }

    pub(crate) fn customer_note(&self, id: i64) -> String {
        self.to("customerNotes", id)
    }

    pub(crate) fn address(&self, id: i64) -> String {
        self.to("Addresses", id)
    }

    pub(crate) fn address_preference(&self, customer: i64) -> String {
        self.to("customerAddressPreferences", customer)
    }

    pub(crate) fn billing_setting(&self, customer: i64) -> String {
        self.to("customerBillingSetting", customer)
    }

    pub(crate) fn tax_rate(&self, id: i64) -> String {
        self.to("TaxRates", id)
    }

    pub(crate) fn product(&self, id: i64) -> String {
        self.to("Products", id)
    }

    pub(crate) fn plan(&self, id: i64) -> String {
        self.to("Plans", id)
    }

    pub(crate) fn plan_product(&self, id: i64) -> String {
        self.to("PlanProducts", id)
    }

    pub(crate) fn discount(&self, id: i64) -> String {
        self.to("Discounts", id)
    }

    pub(crate) fn coupon(&self, id: i64) -> String {
        self.to("Coupons", id)
    }

    pub(crate) fn custom_field(&self, id: i64) -> String {
        self.to("CustomFields", id)
    }

    pub(crate) fn gl_code(&self, id: i64) -> String {
        self.to("GLCodes", id)
    }

    pub(crate) fn plan_family(&self, id: i64) -> String {
        self.to("PlanFamilies", id)
    }

    pub(crate) fn purchase(&self, id: i64) -> String {
        self.to("Purchases", id)
    }

    pub(crate) fn purchase_discount(&self, id: i64) -> String {
        self.to("purchasediscounts", id)
    }

    pub(crate) fn product_item(&self, id: i64) -> String {
        self.to("purchaseProductItems", id)
    }

    pub(crate) fn invoice(&self, id: i64) -> String {
        self.to("invoices", id)
    }

    pub(crate) fn credit_note(&self, id: i64) -> String {
        self.to("creditNotes", id)
    }

    pub(crate) fn draft_invoice(&self, id: i64) -> String {
        self.to("draftInvoices", id)
    }

    pub(crate) fn payment(&self, id: i64) -> String {
        self.to("payments", id)
    }

    pub(crate) fn payment_method(&self, id: i64) -> String {
        self.to("paymentMethods", id)
    }

    pub(crate) fn payment_activity(&self, id: i64) -> String {
        self.to("paymentActivities", id)
    }

    pub(crate) fn refund(&self, id: i64) -> String {
        self.to("refunds", id)
    }

    pub(crate) fn credit(&self, id: i64) -> String {
        self.to("credits", id)
    }

    pub(crate) fn debit(&self, id: i64) -> String {
        self.to("debits", id)
    }

    pub(crate) fn opening_balance(&self, id: i64) -> String {
        self.to("OpeningBalances", id)
    }

    pub(crate) fn opening_deferral(&self, id: i64) -> String {
        self.to("OpeningDeferrals", id)
    }
}
