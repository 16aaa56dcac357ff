//! What callers send about customers, and what it means.

mod activation;
mod reference;

use app::customers::{create, update};
use billing::{
    customer::{
        AccountStatus, Acquisition, Contact, CustomerFields, CustomerStatus, Integrations, QuickBooksLatchType,
        SalesforceAccountType, SynchStatus, Title,
    },
    id::CustomerId,
    problem::{Problem, Problems},
};
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) use self::activation::ActivationRequest;
use self::reference::CustomerReferenceRequest;
use super::billing_setting::{self, BillingSettingRequest};
use crate::{
    name::Name,
    routes::{
        addresses::{self, AddressRequest, PreferenceRequest},
        parse::{currency, required},
    },
    wire::shape::{OneOrMany, Raw},
};

/// A customer, in the shape in which it is read; members that only an answer has are ignored.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CustomerRequest {
    /// Which customer. Required for an update, ignored at creation.
    id: Option<i64>,
    /// Its current status. Required for an update, ignored at creation.
    status: Option<Name<CustomerStatus>>,
    /// First name.
    #[schemars(length(max = 50))]
    first_name: Option<String>,
    /// Middle name.
    #[schemars(length(max = 50))]
    middle_name: Option<String>,
    /// Last name.
    #[schemars(length(max = 50))]
    last_name: Option<String>,
    /// Company.
    #[schemars(length(max = 255))]
    company_name: Option<String>,
    /// Free text such as Jr.
    #[schemars(length(max = 50))]
    suffix: Option<String>,
    /// One or several addresses, separated by semicolons or commas; mail goes here.
    #[schemars(length(max = 255))]
    primary_email: Option<String>,
    /// Telephone.
    #[schemars(length(max = 50))]
    primary_phone: Option<String>,
    /// One or several addresses, for information only.
    #[schemars(length(max = 255))]
    secondary_email: Option<String>,
    /// Telephone.
    #[schemars(length(max = 50))]
    secondary_phone: Option<String>,
    /// How the person is addressed.
    title: Option<Name<Title>>,
    /// The caller's own id of the customer; need not be unique.
    #[schemars(length(max = 255))]
    reference: Option<String>,
    /// For an update: `Collection` sets it, another status removes it.
    customer_account_status: Option<Name<AccountStatus>>,
    /// ISO code; the account's currency when absent at creation. It changes only while `canChangeCurrency` is true.
    #[schemars(length(max = 3))]
    currency: Option<String>,
    /// Texts of the caller's own.
    customer_reference: Option<CustomerReferenceRequest>,
    /// Where the customer came from.
    customer_acquisition: Option<CustomerAcquisitionRequest>,
    /// Id in Salesforce.
    #[schemars(length(max = 255))]
    salesforce_id: Option<String>,
    /// Kind of account in Salesforce.
    salesforce_account_type: Option<Name<SalesforceAccountType>>,
    /// Whether Salesforce is kept up to date; `Enabled` when absent.
    salesforce_synch_status: Option<Name<SynchStatus>>,
    /// Id in NetSuite.
    #[schemars(length(max = 255))]
    netsuite_id: Option<String>,
    /// Whether NetSuite is kept up to date; `Enabled` when absent.
    netsuite_synch_status: Option<Name<SynchStatus>>,
    /// Kind of customer in NetSuite.
    #[schemars(length(max = 255))]
    netsuite_customer_type: Option<String>,
    /// Name in the self-service portal, unique in the account.
    #[schemars(length(max = 255))]
    portal_user_name: Option<String>,
    /// Hierarchy parent.
    parent_id: Option<i64>,
    /// How it comes to be in QuickBooks.
    quick_books_latch_type: Option<Name<QuickBooksLatchType>>,
    /// Id in QuickBooks.
    quick_books_id: Option<i64>,
    /// Version in QuickBooks.
    quick_books_sync_token: Option<i64>,
    /// Id of the contact in HubSpot.
    hub_spot_id: Option<i64>,
    /// Id of the company in HubSpot.
    hub_spot_company_id: Option<i64>,
    /// Id in Geotab.
    #[schemars(length(max = 255))]
    geotab_id: Option<String>,
    /// Id in Digital River.
    #[schemars(length(max = 255))]
    digital_river_id: Option<String>,
    /// Only at creation: where the customer differs from the account.
    billing_setting: Option<OneOrMany<BillingSettingRequest>>,
    /// Not supported yet; refused.
    tracked_item_display: Option<Raw>,
    /// Only at creation: how the customer is addressed.
    customer_address_preference: Option<PreferenceRequest>,
    /// Only at creation: its addresses, at most one of each type.
    addresses: Option<OneOrMany<AddressRequest>>,
}

/// Where a customer came from.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct CustomerAcquisitionRequest {
    /// Text of the advertisement.
    #[schemars(length(max = 255))]
    ad_content: Option<String>,
    /// Campaign.
    #[schemars(length(max = 255))]
    campaign: Option<String>,
    /// Keyword.
    #[schemars(length(max = 255))]
    keyword: Option<String>,
    /// Landing page.
    #[schemars(length(max = 255))]
    landing_page: Option<String>,
    /// Medium.
    #[schemars(length(max = 255))]
    medium: Option<String>,
    /// Source.
    #[schemars(length(max = 255))]
    source: Option<String>,
}

impl CustomerRequest {
    /// The customer to create, or everything that is wrong with it.
    pub(super) fn parse_new(mut self) -> Result<create::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let currency = currency(&mut problems, "Currency", self.currency.take());
        let billing_setting = billing_setting::parse_new(&mut problems, self.billing_setting.take());
        let (preference, addresses) = (self.customer_address_preference.take(), self.addresses.take());
        let address_preference = addresses::parse_new(&mut problems, preference, addresses);
        let fields = self.parse_fields(&mut problems);
        problems.into_result()?;
        Ok(create::Order { currency, fields, billing_setting, address_preference })
    }

    /// The customer as it shall be, or everything that is wrong with it.
    pub(super) fn parse_update(mut self) -> Result<update::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let id = required(&mut problems, "Id", self.id);
        let status = required(&mut problems, "Status", self.status);
        let account_status = self.customer_account_status.map(|Name(status)| status);
        let currency = currency(&mut problems, "Currency", self.currency.take());
        if self.billing_setting.take().is_some() {
            problems.push("BillingSetting", "BillingSetting is only valid when a customer is created.");
        }
        if self.customer_address_preference.take().is_some() {
            let text = "CustomerAddressPreference is only valid when a customer is created.";
            problems.push("CustomerAddressPreference", text);
        }
        if self.addresses.take().is_some() {
            problems.push("Addresses", "Addresses is only valid when a customer is created.");
        }
        let fields = self.parse_fields(&mut problems);
        problems.into_result()?;
        Ok(update::Order {
            id: CustomerId(id.unwrap_or_default()),
            status: status.map_or(CustomerStatus::Draft, |Name(status)| status),
            account_status,
            currency,
            fields,
        })
    }

    fn parse_fields(self, problems: &mut Problems) -> CustomerFields {
        refuse(problems, "TrackedItemDisplay", self.tracked_item_display.is_some());
        let reference = self.customer_reference.unwrap_or_default();
        let (references, tracking_codes) = problems.at("CustomerReference", |problems| reference.parse(problems));
        let fields = CustomerFields {
            contact: Contact {
                first_name: self.first_name,
                middle_name: self.middle_name,
                last_name: self.last_name,
                company_name: self.company_name,
                suffix: self.suffix,
                title: self.title.map(|Name(title)| title),
                primary_email: self.primary_email,
                primary_phone: self.primary_phone,
                secondary_email: self.secondary_email,
                secondary_phone: self.secondary_phone,
                reference: self.reference,
            },
            references,
            tracking_codes,
            acquisition: self.customer_acquisition.unwrap_or_default().into_acquisition(),
            integrations: Integrations {
                salesforce_id: self.salesforce_id,
                salesforce_account_type: self.salesforce_account_type.map(|Name(account_type)| account_type),
                salesforce_synch_status: enabled(self.salesforce_synch_status),
                netsuite_id: self.netsuite_id,
                netsuite_synch_status: enabled(self.netsuite_synch_status),
                netsuite_customer_type: self.netsuite_customer_type.filter(|text| !text.is_empty()),
                quickbooks_latch_type: self.quick_books_latch_type.map(|Name(latch_type)| latch_type),
                quickbooks_id: self.quick_books_id,
                quickbooks_sync_token: self.quick_books_sync_token,
                hubspot_id: self.hub_spot_id,
                hubspot_company_id: self.hub_spot_company_id,
                geotab_id: self.geotab_id,
                digital_river_id: self.digital_river_id,
            },
            // No name is nobody's, so any number of customers may have it.
            portal_user_name: self.portal_user_name.filter(|name| !name.is_empty()),
            parent: self.parent_id.map(CustomerId),
        };
        fields.check(problems);
        fields
    }
}

impl CustomerAcquisitionRequest {
    fn into_acquisition(self) -> Acquisition {
        Acquisition {
            ad_content: self.ad_content,
            campaign: self.campaign,
            keyword: self.keyword,
            landing_page: self.landing_page,
            medium: self.medium,
            source: self.source,
        }
    }
}

pub(super) fn refuse(problems: &mut Problems, field: &str, is_given: bool) {
    if is_given {
        problems.push(field, format!("{field} is not supported yet."));
    }
}

/// Synchronisation is on unless a caller turns it off.
fn enabled(status: Option<Name<SynchStatus>>) -> SynchStatus {
    status.map_or(SynchStatus::Enabled, |Name(status)| status)
}
