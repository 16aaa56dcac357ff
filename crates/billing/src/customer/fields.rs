//! What a caller writes of a customer, and the limits of it (customers.md §1 and §2.1).

use super::{Contact, email};
use crate::{id::CustomerId, named::named, problem::Problems};

named! {
    /// What the customer is in Salesforce.
    pub enum SalesforceAccountType {
        /// A company.
        Company => "Company",
        /// A person.
        Person => "Person",
    }
}

named! {
    /// Whether an integration keeps the customer up to date.
    pub enum SynchStatus {
        /// It does.
        Enabled => "Enabled",
        /// It does not.
        Disabled => "Disabled",
    }
}

named! {
    /// How the customer comes to be in QuickBooks.
    pub enum QuickBooksLatchType {
        /// As a new one.
        CreateNew => "CreateNew",
        /// As one that is there.
        LatchExisting => "LatchExisting",
        /// Not at all.
        DoNothing => "DoNothing",
    }
}

named! {
    /// One of the five places for sales tracking codes.
    pub enum TrackingPlace {
        /// The first.
        First => "SalesTrackingCode1",
        /// The second.
        Second => "SalesTrackingCode2",
        /// The third.
        Third => "SalesTrackingCode3",
        /// The fourth.
        Fourth => "SalesTrackingCode4",
        /// The fifth.
        Fifth => "SalesTrackingCode5",
    }
}

/// Everything that a caller writes of a customer; an update replaces all of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CustomerFields {
    /// Names and contacts.
    pub contact: Contact,
    /// Three texts of the caller's own, at most 255 characters each.
    pub references: [Option<String>; 3],
    /// Who sold, through whom: codes of the caller's own, in the order of [`TrackingPlace::ALL`].
    pub tracking_codes: [Option<TrackingCode>; 5],
    /// Where the customer came from.
    pub acquisition: Acquisition,
    /// Ids and settings of integrations.
    pub integrations: Integrations,
    /// Name in the self-service portal, at most 255 characters; unique in the account.
    pub portal_user_name: Option<String>,
    /// Hierarchy parent.
    pub parent: Option<CustomerId>,
}

/// A sales tracking code; at most 255 characters each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackingCode {
    /// The code, not empty.
    pub code: String,
    /// What it stands for.
    pub name: Option<String>,
}

/// Where a customer came from; at most 255 characters each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Acquisition {
    /// Text of the advertisement.
    pub ad_content: Option<String>,
    /// Campaign.
    pub campaign: Option<String>,
    /// Keyword.
    pub keyword: Option<String>,
    /// Landing page.
    pub landing_page: Option<String>,
    /// Medium.
    pub medium: Option<String>,
    /// Source.
    pub source: Option<String>,
}

/// What other systems know the customer by. Billfold keeps these and calls nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integrations {
    /// At most 255 characters, as all texts here.
    pub salesforce_id: Option<String>,
    /// Kind of account in Salesforce.
    pub salesforce_account_type: Option<SalesforceAccountType>,
    /// Whether Salesforce is kept up to date.
    pub salesforce_synch_status: SynchStatus,
    /// Id in NetSuite.
    pub netsuite_id: Option<String>,
    /// Whether NetSuite is kept up to date.
    pub netsuite_synch_status: SynchStatus,
    /// Kind of customer in NetSuite; its values are not documented.
    pub netsuite_customer_type: Option<String>,
    /// How it comes to be in QuickBooks.
    pub quickbooks_latch_type: Option<QuickBooksLatchType>,
    /// Id in QuickBooks.
    pub quickbooks_id: Option<i64>,
    /// Version in QuickBooks.
    pub quickbooks_sync_token: Option<i64>,
    /// Id of the contact in HubSpot.
    pub hubspot_id: Option<i64>,
    /// Id of the company in HubSpot.
    pub hubspot_company_id: Option<i64>,
    /// Id in Geotab.
    pub geotab_id: Option<String>,
    /// Id in Digital River.
    pub digital_river_id: Option<String>,
}

impl Default for Integrations {
    /// Nothing is known elsewhere; both synchronisations are enabled, as the original has it for new customers.
    fn default() -> Self {
        Self {
            salesforce_id: None,
            salesforce_account_type: None,
            salesforce_synch_status: SynchStatus::Enabled,
            netsuite_id: None,
            netsuite_synch_status: SynchStatus::Enabled,
            netsuite_customer_type: None,
            quickbooks_latch_type: None,
            quickbooks_id: None,
            quickbooks_sync_token: None,
            hubspot_id: None,
            hubspot_company_id: None,
            geotab_id: None,
            digital_river_id: None,
        }
    }
}

/// Longest name of a person and longest telephone number, in characters.
const NAME_LENGTH_MAX: usize = 50;
/// Longest other text, in characters.
const TEXT_LENGTH_MAX: usize = 255;

impl CustomerFields {
    /// Records every field that is beyond its limits, under its name on the wire.
    pub fn check(&self, problems: &mut Problems) {
        for (name, value, length_max) in self.texts() {
            if let Some(text) = value {
                problems.check_length(name, text, length_max);
            }
        }
        let emails = [("PrimaryEmail", &self.contact.primary_email), ("SecondaryEmail", &self.contact.secondary_email)];
        for (name, value) in emails {
            if value.as_ref().is_some_and(|text| !text.is_empty() && !email::are_valid(text)) {
                problems.push(name, "Please enter valid email addresses");
            }
        }
    }

    /// Every text with its name and its longest length.
    fn texts(&self) -> [(&'static str, Option<&String>, usize); 25] {
        let Self { contact, references: [reference1, reference2, reference3], acquisition, integrations, .. } = self;
        [
            ("FirstName", contact.first_name.as_ref(), NAME_LENGTH_MAX),
            ("MiddleName", contact.middle_name.as_ref(), NAME_LENGTH_MAX),
            ("LastName", contact.last_name.as_ref(), NAME_LENGTH_MAX),
            // 50 in one place of the original's documentation, 255 in another.
            ("CompanyName", contact.company_name.as_ref(), TEXT_LENGTH_MAX),
            ("Suffix", contact.suffix.as_ref(), NAME_LENGTH_MAX),
            ("PrimaryEmail", contact.primary_email.as_ref(), TEXT_LENGTH_MAX),
            ("PrimaryPhone", contact.primary_phone.as_ref(), NAME_LENGTH_MAX),
            ("SecondaryEmail", contact.secondary_email.as_ref(), TEXT_LENGTH_MAX),
            ("SecondaryPhone", contact.secondary_phone.as_ref(), NAME_LENGTH_MAX),
            ("Reference", contact.reference.as_ref(), TEXT_LENGTH_MAX),
            ("CustomerReference.Reference1", reference1.as_ref(), TEXT_LENGTH_MAX),
            ("CustomerReference.Reference2", reference2.as_ref(), TEXT_LENGTH_MAX),
            ("CustomerReference.Reference3", reference3.as_ref(), TEXT_LENGTH_MAX),
            ("CustomerAcquisition.AdContent", acquisition.ad_content.as_ref(), TEXT_LENGTH_MAX),
            ("CustomerAcquisition.Campaign", acquisition.campaign.as_ref(), TEXT_LENGTH_MAX),
            ("CustomerAcquisition.Keyword", acquisition.keyword.as_ref(), TEXT_LENGTH_MAX),
            ("CustomerAcquisition.LandingPage", acquisition.landing_page.as_ref(), TEXT_LENGTH_MAX),
            ("CustomerAcquisition.Medium", acquisition.medium.as_ref(), TEXT_LENGTH_MAX),
            ("CustomerAcquisition.Source", acquisition.source.as_ref(), TEXT_LENGTH_MAX),
            ("SalesforceId", integrations.salesforce_id.as_ref(), TEXT_LENGTH_MAX),
            ("NetsuiteId", integrations.netsuite_id.as_ref(), TEXT_LENGTH_MAX),
            ("NetsuiteCustomerType", integrations.netsuite_customer_type.as_ref(), TEXT_LENGTH_MAX),
            ("PortalUserName", self.portal_user_name.as_ref(), TEXT_LENGTH_MAX),
            ("GeotabId", integrations.geotab_id.as_ref(), TEXT_LENGTH_MAX),
            ("DigitalRiverId", integrations.digital_river_id.as_ref(), TEXT_LENGTH_MAX),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields_of_problems(fields: &CustomerFields) -> Vec<String> {
        let mut problems = Problems::new();
        fields.check(&mut problems);
        let found = problems.into_result().err().unwrap_or_default();
        found.into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn every_field_that_is_too_long_is_named() {
        let text = |length: usize| Some("x".repeat(length));
        let mut fields = CustomerFields {
            contact: Contact {
                first_name: text(50),
                company_name: text(255),
                primary_phone: text(50),
                reference: text(255),
                ..Contact::default()
            },
            references: [text(255), None, text(255)],
            portal_user_name: text(255),
            ..CustomerFields::default()
        };
        assert_eq!(fields_of_problems(&fields), Vec::<String>::new());
        fields.contact.first_name = text(51);
        fields.contact.company_name = text(256);
        fields.references[2] = text(256);
        fields.acquisition.source = text(256);
        fields.integrations.geotab_id = text(256);
        assert_eq!(
            fields_of_problems(&fields),
            ["FirstName", "CompanyName", "CustomerReference.Reference3", "CustomerAcquisition.Source", "GeotabId"]
        );
    }

    #[test]
    fn addresses_are_checked_when_there_are_any() {
        let with = |primary: &str, secondary: &str| CustomerFields {
            contact: Contact {
                primary_email: Some(primary.to_owned()),
                secondary_email: Some(secondary.to_owned()),
                ..Contact::default()
            },
            ..CustomerFields::default()
        };
        assert_eq!(fields_of_problems(&with("", "a@b.c, d@e.f")), Vec::<String>::new());
        assert_eq!(fields_of_problems(&with("nobody", "a@b.c d@e.f")), ["PrimaryEmail", "SecondaryEmail"]);
    }
}
