//! By what somebody else names a customer (bulk-jobs.md §7).

use std::fmt;

use crate::id::CustomerId;

/// What is known of a customer; whoever is meant has all of it. At least one member is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// Its id.
    pub id: Option<CustomerId>,
    /// Its reference.
    pub reference: Option<String>,
    /// Its company's name.
    pub company_name: Option<String>,
    /// Its primary e-mail address, as it is stored.
    pub primary_email: Option<String>,
}

impl Identity {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Identity {
    /// `StaxBillId 12, CompanyName Acme`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.id.map(|id| id.to_string());
        let members = [
            ("StaxBillId", id.as_ref()),
            ("Reference", self.reference.as_ref()),
            ("CompanyName", self.company_name.as_ref()),
            ("PrimaryEmail", self.primary_email.as_ref()),
        ];
        let known = members.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value?)));
        f.write_str(&known.collect::<Vec<_>>().join(", "))
    }
}
