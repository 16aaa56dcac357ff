//! Where customers are billed and where things are sent (customers.md §3.3, §3.4).

use crate::{
    country::Country,
    id::{AddressId, CustomerId},
    named::named,
    problem::Problems,
    tax::Region,
};

named! {
    /// What an address is for; a customer has at most one of each.
    pub enum AddressType {
        /// Where invoices go. It comes first.
        Billing => "Billing",
        /// Where goods go.
        Shipping => "Shipping",
    }
}

/// What a caller writes of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressFields {
    /// At most 255 characters.
    pub company_name: Option<String>,
    /// At most 60 characters.
    pub line1: Option<String>,
    /// At most 60 characters.
    pub line2: Option<String>,
    /// A country, and a state of that country.
    pub region: Region,
    /// At most 50 characters.
    pub city: Option<String>,
    /// At most 10 characters.
    pub postal_zip: Option<String>,
    /// Confirmed by whom the caller trusts; kept as sent.
    pub is_valid: bool,
}

impl AddressFields {
    /// Records every text that is too long, under its name on the wire.
    pub fn check(&self, problems: &mut Problems) {
        let texts = [
            ("CompanyName", &self.company_name, 255),
            ("Line1", &self.line1, 60),
            ("Line2", &self.line2, 60),
            ("City", &self.city, 50),
            ("PostalZip", &self.postal_zip, 10),
        ];
        for (name, value, length_max) in texts {
            if let Some(text) = value {
                problems.check_length(name, text, length_max);
            }
        }
    }

    /// Records what is missing from a full address: first line, city, postal code and, where a country has any, state.
    pub fn check_full(&self, problems: &mut Problems) {
        for (name, value) in [("Line1", &self.line1), ("City", &self.city), ("PostalZip", &self.postal_zip)] {
            if value.as_ref().is_none_or(|text| text.trim().is_empty()) {
                problems.required(name);
            }
        }
        let has_states = Country::find(self.region.country).is_some_and(|country| !country.states().is_empty());
        if has_states && self.region.state.is_none() {
            problems.required("StateId");
        }
    }
}

/// An address as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Its id.
    pub id: AddressId,
    /// Whose it is.
    pub customer: CustomerId,
    /// What it is for; never changes.
    pub address_type: AddressType,
    /// What callers write.
    pub fields: AddressFields,
}

/// How a customer is addressed, apart from the addresses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PreferenceFields {
    /// Who is to be addressed, at most 100 characters.
    pub contact_name: Option<String>,
    /// Printed in the notes of invoices, at most 1000 characters.
    pub shipping_instructions: Option<String>,
    /// Goods go to the billing address, whatever the shipping address is.
    pub uses_billing_as_shipping: bool,
}

impl PreferenceFields {
    /// Records every text that is too long, under its name on the wire.
    pub fn check(&self, problems: &mut Problems) {
        // The original's update page says 50 for both, its object page this.
        let texts =
            [("ContactName", &self.contact_name, 100), ("ShippingInstructions", &self.shipping_instructions, 1_000)];
        for (name, value, length_max) in texts {
            if let Some(text) = value {
                problems.check_length(name, text, length_max);
            }
        }
    }
}

/// How a customer is addressed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AddressPreference {
    /// What callers write of it.
    pub fields: PreferenceFields,
    /// Where invoices go.
    pub billing: Option<Address>,
    /// Where goods go; there is none without a billing address.
    pub shipping: Option<Address>,
}

impl AddressPreference {
    /// The address of a type.
    pub fn address(&self, address_type: AddressType) -> Option<&Address> {
        match address_type {
            AddressType::Billing => self.billing.as_ref(),
            AddressType::Shipping => self.shipping.as_ref(),
        }
    }

    /// Puts an address in the place of its type.
    #[must_use]
    pub fn with(mut self, address: Address) -> Self {
        match address.address_type {
            AddressType::Billing => self.billing = Some(address),
            AddressType::Shipping => self.shipping = Some(address),
        }
        self
    }

    /// Where sales to the customer are taxed: where goods go, unless the customer is to be taxed where it is billed.
    pub fn tax_region(&self, is_taxed_where_billed: bool) -> Option<Region> {
        let is_billing = is_taxed_where_billed || self.fields.uses_billing_as_shipping;
        let shipping = self.shipping.as_ref().filter(|_| !is_billing);
        shipping.or(self.billing.as_ref()).map(|address| address.fields.region)
    }
}

/// An address preference as it shall be. An address that it leaves out stays as it is: addresses are things of their
/// own, with calls of their own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PreferenceOrder {
    /// Replaces what callers write of it.
    pub fields: PreferenceFields,
    /// Becomes the billing address, or replaces it.
    pub billing: Option<AddressFields>,
    /// Becomes the shipping address, or replaces it.
    pub shipping: Option<AddressFields>,
}

impl PreferenceOrder {
    /// Records a shipping address without a billing address, which the customer may have already.
    pub fn check_order(&self, has_billing: bool, problems: &mut Problems) {
        if self.shipping.is_some() && self.billing.is_none() && !has_billing {
            problems.push("ShippingAddress", BILLING_FIRST);
        }
    }
}

/// Why a shipping address is refused while there is no billing address.
pub const BILLING_FIRST: &str = "A customer needs a Billing address before a Shipping address.";

#[cfg(test)]
mod tests {
    use super::*;

    const CANADA: i64 = 124;
    const GERMANY: i64 = 276;

    fn fields(region: Region) -> AddressFields {
        let text = |length: usize| Some("x".repeat(length));
        AddressFields {
            company_name: text(255),
            line1: text(60),
            line2: text(60),
            region,
            city: text(50),
            postal_zip: text(10),
            is_valid: false,
        }
    }

    fn problems(check: impl FnOnce(&mut Problems)) -> Vec<String> {
        let mut problems = Problems::new();
        check(&mut problems);
        let found = problems.into_result().err().unwrap_or_default();
        found.into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn every_text_has_its_limit() {
        let good = fields(Region { country: CANADA, state: Some(9) });
        assert_eq!(problems(|problems| good.check(problems)), Vec::<String>::new());
        let longer = |text: Option<String>| text.map(|text| text + "x");
        let bad = AddressFields {
            company_name: longer(good.company_name),
            line1: longer(good.line1),
            line2: longer(good.line2),
            city: longer(good.city),
            postal_zip: longer(good.postal_zip),
            ..good
        };
        assert_eq!(problems(|problems| bad.check(problems)), ["CompanyName", "Line1", "Line2", "City", "PostalZip"]);
        let mut preference = PreferenceFields {
            contact_name: Some("x".repeat(100)),
            shipping_instructions: Some("x".repeat(1_000)),
            uses_billing_as_shipping: false,
        };
        assert_eq!(problems(|problems| preference.check(problems)), Vec::<String>::new());
        preference.contact_name = Some("x".repeat(101));
        preference.shipping_instructions = Some("x".repeat(1_001));
        assert_eq!(problems(|problems| preference.check(problems)), ["ContactName", "ShippingInstructions"]);
    }

    #[test]
    fn a_full_address_needs_a_state_where_there_are_states() {
        let full = |region| problems(|problems| fields(region).check_full(problems));
        assert_eq!(full(Region { country: CANADA, state: Some(9) }), Vec::<String>::new());
        assert_eq!(full(Region { country: CANADA, state: None }), ["StateId"]);
        assert_eq!(full(Region { country: GERMANY, state: None }), Vec::<String>::new());
        let blank = AddressFields {
            line1: None,
            city: Some(" ".to_owned()),
            postal_zip: None,
            ..fields(Region { country: GERMANY, state: None })
        };
        assert_eq!(problems(|problems| blank.check_full(problems)), ["Line1", "City", "PostalZip"]);
    }

    #[test]
    fn goods_are_taxed_where_they_go() {
        let address = |address_type, country| Address {
            id: AddressId(1),
            customer: CustomerId(1),
            address_type,
            fields: fields(Region { country, state: None }),
        };
        let nowhere = AddressPreference::default();
        assert_eq!(nowhere.tax_region(false), None);
        let billed = nowhere.with(address(AddressType::Billing, CANADA));
        assert_eq!(billed.tax_region(false).unwrap().country, CANADA);
        let mut shipped = billed.with(address(AddressType::Shipping, GERMANY));
        assert_eq!(shipped.tax_region(false).unwrap().country, GERMANY);
        assert_eq!(shipped.tax_region(true).unwrap().country, CANADA);
        shipped.fields.uses_billing_as_shipping = true;
        assert_eq!(shipped.tax_region(false).unwrap().country, CANADA);
    }

    #[test]
    fn billing_comes_first() {
        let some = || Some(fields(Region { country: CANADA, state: None }));
        let order = |billing, shipping| PreferenceOrder { billing, shipping, ..PreferenceOrder::default() };
        let check = |order: PreferenceOrder, has_billing| problems(|problems| order.check_order(has_billing, problems));
        assert_eq!(check(order(None, some()), false), ["ShippingAddress"]);
        for (order, has_billing) in
            [(order(None, some()), true), (order(some(), some()), false), (order(None, None), false)]
        {
            assert_eq!(check(order, has_billing), Vec::<String>::new());
        }
    }
}
