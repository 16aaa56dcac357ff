//! A card or a bank account in a body: to be stored (customers.md §4.2, §4.3), or to pay an invoice with
//! (purchases.md §7). Its numbers go into secrets as they are read, and no problem quotes them.

use billing::{
    collect::BankAccountType,
    instrument::{BankAccount, Card, Expiration, ExposeSecret as _, Holder, SecretString},
    problem::Problems,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::parse::{required, required_text, text};
use crate::{name::Name, routes::region, wire::secret::Secret};

/// Longest number of a card or bank account, as it is sent.
const NUMBER_LENGTH_MAX: usize = 50;

/// A card.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct CardRequest {
    /// The number on the card; spaces and hyphens do not count.
    #[schemars(length(max = 50))]
    card_number: Option<Secret>,
    /// The code on the back, as a text.
    #[schemars(length(max = 5))]
    cvv: Option<Secret>,
    /// 1 to 12.
    expiration_month: Option<i64>,
    /// Two digits.
    expiration_year: Option<i64>,
    /// The holder's first name.
    #[schemars(length(max = 50))]
    first_name: Option<String>,
    /// The holder's last name.
    #[schemars(length(max = 50))]
    last_name: Option<String>,
    /// First line of the billing address.
    #[schemars(length(max = 50))]
    address1: Option<String>,
    /// Second line.
    #[schemars(length(max = 50))]
    address2: Option<String>,
    /// City.
    #[schemars(length(max = 50))]
    city: Option<String>,
    /// ISO 3166-1 numeric code. Required with a state.
    country_id: Option<i64>,
    /// A state of the country: its id of `/v1/Countries`, or its ISO code.
    state_id: Option<String>,
    /// Postal code.
    #[schemars(length(max = 10))]
    postal_zip: Option<String>,
}

/// A bank account.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct BankAccountRequest {
    /// The account number, as a text that keeps its leading zeros; spaces and hyphens do not count.
    #[schemars(length(max = 50))]
    account_number: Option<Secret>,
    /// The routing number, as a text that keeps its leading zeros.
    #[schemars(length(max = 50))]
    transit_number: Option<Secret>,
    /// `CHQ` or `SAV`.
    bank_account_type: Option<Name<BankAccountType>>,
    /// The holder's first name.
    #[schemars(length(max = 50))]
    first_name: Option<String>,
    /// The holder's last name.
    #[schemars(length(max = 50))]
    last_name: Option<String>,
    /// First line of the billing address.
    #[schemars(length(max = 50))]
    address1: Option<String>,
    /// Second line.
    #[schemars(length(max = 50))]
    address2: Option<String>,
    /// City.
    #[schemars(length(max = 50))]
    city: Option<String>,
    /// ISO 3166-1 numeric code. Required with a state.
    country_id: Option<i64>,
    /// A state of the country: its id of `/v1/Countries`, or its ISO code.
    state_id: Option<String>,
    /// Postal code.
    #[schemars(length(max = 10))]
    postal_zip: Option<String>,
}

impl CardRequest {
    /// The card. Where something is wrong with it, that is reported, and what is given is not to be used.
    pub(crate) fn parse(self, problems: &mut Problems) -> Option<Card> {
        let number = digits(problems, "CardNumber", self.card_number, 12, 19);
        let cvv = self.cvv.filter(|cvv| !cvv.is_blank());
        let cvv = cvv.and_then(|cvv| digits(problems, "Cvv", Some(cvv), 3, 5));
        let month = in_range(problems, "ExpirationMonth", self.expiration_month, 1, 12);
        let year = in_range(problems, "ExpirationYear", self.expiration_year, 0, 99);
        let names = [self.first_name, self.last_name];
        let lines = [self.address1, self.address2, self.city];
        let holder = holder(problems, names, lines, self.postal_zip, self.country_id, self.state_id.as_deref());
        let expiration = Expiration { year: year?, month: month? };
        Some(Card { number: number?, cvv, expiration, holder: holder? })
    }
}

impl BankAccountRequest {
    /// Whether the body describes one.
    pub(crate) fn is_there(&self) -> bool {
        self.account_number.is_some() || self.transit_number.is_some()
    }

    /// The bank account. Where something is wrong with it, that is reported, and what is given is not to be used.
    pub(crate) fn parse(self, problems: &mut Problems) -> Option<BankAccount> {
        let account_number = digits(problems, "AccountNumber", self.account_number, 4, 17);
        let transit_number = digits(problems, "TransitNumber", self.transit_number, 5, 9);
        let account_type = required(problems, "BankAccountType", self.bank_account_type);
        let names = [self.first_name, self.last_name];
        let lines = [self.address1, self.address2, self.city];
        let holder = holder(problems, names, lines, self.postal_zip, self.country_id, self.state_id.as_deref());
        let Name(account_type) = account_type?;
        let (account_number, transit_number) = (account_number?, transit_number?);
        Some(BankAccount { account_number, transit_number, account_type, holder: holder? })
    }
}

/// A number that must be there, without the spaces and hyphens that people group it by.
fn digits(
    problems: &mut Problems,
    field: &str,
    number: Option<Secret>,
    length_min: usize,
    length_max: usize,
) -> Option<SecretString> {
    let Secret(number) = required(problems, field, number.filter(|number| !number.is_blank()))?;
    let number = number.expose_secret();
    if number.chars().count() > NUMBER_LENGTH_MAX {
        problems.check_length(field, number, NUMBER_LENGTH_MAX);
        return None;
    }
    // Room for all of it at once: a text that grows leaves copies of its beginning in memory.
    let mut grouped = String::with_capacity(number.len());
    grouped.extend(number.chars().filter(|character| !matches!(character, ' ' | '-')));
    let (length, is_number) = (grouped.len(), grouped.bytes().all(|byte| byte.is_ascii_digit()));
    let digits = SecretString::from(grouped);
    if !is_number || !(length_min..=length_max).contains(&length) {
        problems.push(field, format!("{field} must have {length_min} to {length_max} digits."));
        return None;
    }
    Some(digits)
}

fn in_range(problems: &mut Problems, field: &str, number: Option<i64>, min: u8, max: u8) -> Option<u8> {
    let number = required(problems, field, number)?;
    let found = u8::try_from(number).ok().filter(|number| (min..=max).contains(number));
    if found.is_none() {
        problems.push(field, format!("The field {field} must be between {min} and {max}."));
    }
    found
}

fn holder(
    problems: &mut Problems,
    [first_name, last_name]: [Option<String>; 2],
    [address1, address2, city]: [Option<String>; 3],
    postal_zip: Option<String>,
    country: Option<i64>,
    state: Option<&str>,
) -> Option<Holder> {
    let first_name = required_text(problems, "FirstName", first_name, 50);
    let last_name = required_text(problems, "LastName", last_name, 50);
    let address1 = text(problems, "Address1", address1, 50);
    let address2 = text(problems, "Address2", address2, 50);
    let city = text(problems, "City", city, 50);
    let postal_zip = text(problems, "PostalZip", postal_zip, 10);
    let has_region = country.is_some() || state.is_some_and(|state| !state.trim().is_empty());
    let region = if has_region { region::parse(problems, country, state) } else { None };
    let (first_name, last_name) = (first_name?, last_name?);
    Some(Holder { first_name, last_name, address1, address2, city, postal_zip, region })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::wire::de::parse_slice;

    fn card() -> Value {
        json!({ "cardNumber": "4242 4242-4242 4242", "cvv": "012", "expirationMonth": 2, "expirationYear": 30,
                "firstName": "Ada", "lastName": "Lovelace", "countryId": 124, "stateId": "ON" })
    }

    fn parse(body: &Value) -> Result<Card, Vec<(String, String)>> {
        let parse = |request: CardRequest| {
            let mut problems = Problems::new();
            let card = request.parse(&mut problems);
            problems.into_result()?;
            Ok(card.unwrap())
        };
        let told = |problem: billing::problem::Problem| (problem.field, problem.message);
        parse_slice(body.to_string().as_bytes(), parse).map_err(|all| all.into_iter().map(told).collect())
    }

    #[test]
    fn a_card_is_read_and_not_shown() {
        let card = parse(&card()).unwrap();
        assert_eq!(card.number.expose_secret(), "4242424242424242");
        assert_eq!(card.cvv.as_ref().unwrap().expose_secret(), "012");
        assert_eq!(card.expiration, Expiration { year: 30, month: 2 });
        assert_eq!(card.holder.region.unwrap().country, 124);
        let shown = format!("{card:?}");
        assert!(!shown.contains("4242") && !shown.contains("012"), "{shown}");
    }

    #[test]
    fn every_wrong_member_is_told_at_once_and_none_is_quoted() {
        let wrong = json!({ "cardNumber": "4242x", "cvv": "987654", "expirationMonth": 13, "expirationYear": 100,
                            "firstName": " ", "stateId": 9, "address1": "x".repeat(51) });
        let problems = parse(&wrong).unwrap_err();
        let fields: Vec<_> = problems.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "CardNumber",
                "Cvv",
                "ExpirationMonth",
                "ExpirationYear",
                "FirstName",
                "LastName",
                "Address1",
                "CountryId"
            ]
        );
        let told = format!("{problems:?}");
        assert!(!told.contains("4242") && !told.contains("9876"), "{told}");
    }

    #[test]
    fn numbers_have_a_length() {
        for (number, text) in [
            ("4".repeat(11), "CardNumber must have 12 to 19 digits."),
            ("4".repeat(20), "CardNumber must have 12 to 19 digits."),
            ("4".repeat(51), "The field CardNumber must be a string with a maximum length of 50."),
            (" - ".to_owned(), "CardNumber must have 12 to 19 digits."),
            (" ".to_owned(), "The CardNumber field is required."),
        ] {
            let mut body = card();
            body["cardNumber"] = json!(number);
            assert_eq!(parse(&body).unwrap_err(), [("CardNumber".to_owned(), text.to_owned())], "{number}");
        }
    }
}
