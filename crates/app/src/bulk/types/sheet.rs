//! What a file says of a customer, beside who it is: the columns that creating and editing have in common.

use billing::{
    address::{BILLING_FIRST, PreferenceOrder},
    customer::{BillingSetting, CustomerFields, EmailPreferences, EmailType, TrackingCode},
    named::Named,
    problem::Problems,
    purchase::Change,
};

use super::{
    Column, address,
    row::{Row, any, flag, named, whole},
};

/// Names and contacts.
pub(super) const CONTACT: &[Column] = &[
    Column::optional("CompanyName", "At most 255 characters."),
    Column::optional("FirstName", "At most 50 characters."),
    Column::optional("MiddleName", "At most 50 characters."),
    Column::optional("LastName", "At most 50 characters."),
    Column::optional("Suffix", "Free text such as Jr; at most 50 characters."),
    Column::optional("Title", "Mr, Mrs, Ms, Miss or Dr."),
    Column::optional("PrimaryEmail", "One or several addresses, separated by ; or ,."),
    Column::optional("PrimaryPhone", "At most 50 characters."),
    Column::optional("SecondaryEmail", "One or several addresses, for information only."),
    Column::optional("SecondaryPhone", "At most 50 characters."),
];

/// Hierarchy.
pub(super) const PARENT: Column =
    Column::optional("Parent", "The parent, an active customer: its Stax Bill id or its unique Reference.");

/// Texts and codes of the caller's own, and where the customer came from.
pub(super) const TRACKING: &[Column] = &[
    Column::optional("Reference1", "Free text; at most 255 characters."),
    Column::optional("Reference2", "Free text; at most 255 characters."),
    Column::optional("Reference3", "Free text; at most 255 characters."),
    Column::optional("SalesTrackingCode1", "Who sold: a code of at most 255 characters."),
    Column::optional("SalesTrackingCode2", "As SalesTrackingCode1."),
    Column::optional("SalesTrackingCode3", "As SalesTrackingCode1."),
    Column::optional("SalesTrackingCode4", "As SalesTrackingCode1."),
    Column::optional("SalesTrackingCode5", "As SalesTrackingCode1."),
    Column::optional("AdContent", "Text of the advertisement; at most 255 characters."),
    Column::optional("Campaign", "At most 255 characters."),
    Column::optional("Keyword", "At most 255 characters."),
    Column::optional("LandingPage", "At most 255 characters."),
    Column::optional("Medium", "At most 255 characters."),
    Column::optional("Source", "At most 255 characters."),
];

/// What a column for terms takes.
pub(super) const TERMS: &str = "When invoices fall due: Net0, Net5, Net7, Net10, Net15, Net21, Net30, Net45, Net60, Net75, Net90, MFI1 (the first of \
                                the next month) or DayOfMonth1 to DayOfMonth31.";

/// Billing settings; the account's where empty.
pub(super) const BILLING: &[Column] = &[
    Column::optional("Terms", TERMS),
    Column::optional("AutoCollect", "Yes or No: invoices are collected when they are due."),
    Column::optional("AutoPostDraftInvoice", "Yes or No: invoices are posted without being asked for."),
    Column::optional("StandingPoNumber", "Printed on invoices; at most 255 characters."),
    Column::optional("CustomerGracePeriod", "Days, 0 to 3650."),
    Column::optional("GracePeriodExtension", "Further days, 0 to 3650."),
    Column::optional("DunningExempt", "Yes or No: no reminders."),
    Column::optional("TaxExempt", "Yes or No: pays no tax."),
    Column::optional("TaxExemptCode", "Why; at most 255 characters."),
    Column::optional("VatIdentificationNumber", "At most 255 characters."),
];

/// E-mail preferences: one column an occasion, such as `Email.InvoicePost`.
pub(super) const EMAILS: [Column; EmailType::NAMES.len()] = emails();

const EMAIL_NAMES: [&str; EmailType::NAMES.len()] = [
    "Email.CreditCardExpiry",
    "Email.CustomerActivation",
    "Email.CustomerCredentialCreate",
    "Email.CustomerCredentialPasswordReset",
    "Email.CustomerSuspend",
    "Email.InvoiceOverdue",
    "Email.InvoicePost",
    "Email.PasswordReset",
    "Email.PaymentFailed",
    "Email.PaymentMethodUpdate",
    "Email.PaymentReceived",
    "Email.PendingExpiryRenewalNotice",
    "Email.Refund",
    "Email.StatementNotification",
    "Email.SubscriptionActivation",
    "Email.SubscriptionCancellation",
    "Email.UpcomingBillingNotification",
];

const fn emails() -> [Column; EMAIL_NAMES.len()] {
    let mut columns = [Column::optional("", "On or Off; the account's where empty."); EMAIL_NAMES.len()];
    let mut index = 0;
    while index < columns.len() {
        columns[index].name = EMAIL_NAMES[index];
        index += 1;
    }
    columns
}

/// The columns of several groups, one after the other. `N` is how many they are.
pub(super) const fn joined<const N: usize>(groups: &[&[Column]]) -> [Column; N] {
    let mut all = [Column::optional("", ""); N];
    let (mut group, mut next) = (0, 0);
    while group < groups.len() {
        let mut index = 0;
        while index < groups[group].len() {
            all[next] = groups[group][index];
            (index, next) = (index + 1, next + 1);
        }
        group += 1;
    }
    all
}

/// How many columns several groups have.
pub(super) const fn width(groups: &[&[Column]]) -> usize {
    let (mut group, mut count) = (0, 0);
    while group < groups.len() {
        count += groups[group].len();
        group += 1;
    }
    count
}

/// Whether a row says something in one of these columns.
pub(super) fn has_any(row: &Row, columns: &[Column]) -> bool {
    columns.iter().any(|column| row.has(column.name))
}

/// Writes what a row says of names, contacts, references, tracking codes and where the customer came from.
pub(super) fn write_fields(row: &Row, problems: &mut Problems, fields: &mut CustomerFields) {
    let CustomerFields { contact, references: [reference1, reference2, reference3], acquisition, .. } = fields;
    let texts = [
        ("CompanyName", &mut contact.company_name),
        ("FirstName", &mut contact.first_name),
        ("MiddleName", &mut contact.middle_name),
        ("LastName", &mut contact.last_name),
        ("Suffix", &mut contact.suffix),
        ("PrimaryEmail", &mut contact.primary_email),
        ("PrimaryPhone", &mut contact.primary_phone),
        ("SecondaryEmail", &mut contact.secondary_email),
        ("SecondaryPhone", &mut contact.secondary_phone),
        ("Reference1", reference1),
        ("Reference2", reference2),
        ("Reference3", reference3),
        ("AdContent", &mut acquisition.ad_content),
        ("Campaign", &mut acquisition.campaign),
        ("Keyword", &mut acquisition.keyword),
        ("LandingPage", &mut acquisition.landing_page),
        ("Medium", &mut acquisition.medium),
        ("Source", &mut acquisition.source),
    ];
    for (column, value) in texts {
        row.change(problems, column, any).apply(value);
    }
    row.change(problems, "Title", named).apply(&mut fields.contact.title);
    write_tracking_codes(row, problems, fields);
    fields.check(problems);
}

/// A code that stays the same keeps its name.
fn write_tracking_codes(row: &Row, problems: &mut Problems, fields: &mut CustomerFields) {
    const LENGTH_MAX: usize = 255;
    for (index, held) in fields.tracking_codes.iter_mut().enumerate() {
        let column = format!("SalesTrackingCode{}", index + 1);
        match row.change(problems, &column, any) {
            Change::Keep => {}
            Change::Clear => *held = None,
            Change::Set(code) if held.as_ref().is_some_and(|held| held.code == code) => {}
            Change::Set(code) => {
                problems.check_length(&column, &code, LENGTH_MAX);
                *held = Some(TrackingCode { code, name: None });
            }
        }
    }
}

/// Writes what a row says of billing settings.
pub(super) fn write_setting(row: &Row, problems: &mut Problems, setting: &mut BillingSetting) {
    row.change(problems, "Terms", named).apply(&mut setting.term);
    let flags = [
        ("AutoCollect", &mut setting.auto_collect),
        ("AutoPostDraftInvoice", &mut setting.auto_post_draft_invoice),
        ("DunningExempt", &mut setting.dunning_exempt),
        ("TaxExempt", &mut setting.tax_exempt),
    ];
    for (column, value) in flags {
        row.change(problems, column, flag).apply(value);
    }
    row.change(problems, "CustomerGracePeriod", whole).apply(&mut setting.customer_grace_period);
    row.change(problems, "GracePeriodExtension", whole).apply(&mut setting.grace_period_extension);
    let texts = [
        ("StandingPoNumber", &mut setting.standing_po_number),
        ("TaxExemptCode", &mut setting.tax_exempt_code),
        ("VatIdentificationNumber", &mut setting.vat_identification_number),
    ];
    for (column, value) in texts {
        row.change(problems, column, any).apply(value);
    }
    setting.check(problems);
}

/// Writes what a row says of addresses over those that there are.
pub(super) fn write_addresses(row: &Row, problems: &mut Problems, preference: &mut PreferenceOrder) {
    let fields = &mut preference.fields;
    row.change(problems, "ContactName", any).apply(&mut fields.contact_name);
    row.change(problems, "ShippingInstructions", any).apply(&mut fields.shipping_instructions);
    match row.change(problems, "UseBillingAddressAsShippingAddress", flag) {
        Change::Keep => {}
        Change::Clear => fields.uses_billing_as_shipping = false,
        Change::Set(is_set) => fields.uses_billing_as_shipping = is_set,
    }
    fields.check(problems);
    address::write(row, problems, &address::BILLING, &mut preference.billing);
    address::write(row, problems, &address::SHIPPING, &mut preference.shipping);
    if preference.shipping.is_some() && preference.billing.is_none() {
        problems.push("ShippingAddress", BILLING_FIRST);
    }
}

/// Writes what a row says of mail; what is cleared follows the account again.
pub(super) fn write_emails(row: &Row, problems: &mut Problems, preferences: &mut EmailPreferences) {
    for (occasion, column) in EmailType::ALL.iter().zip(EMAILS) {
        match row.change(problems, column.name, flag) {
            Change::Keep => {}
            Change::Clear => {
                preferences.remove(occasion);
            }
            Change::Set(is_wanted) => {
                preferences.insert(*occasion, is_wanted);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use billing::term::Term;

    use super::*;

    #[test]
    fn all_terms_are_told() {
        for name in Term::NAMES.iter().filter(|name| !name.starts_with("DayOfMonth")) {
            assert!(TERMS.contains(name), "{name}");
        }
    }

    #[test]
    fn every_occasion_has_its_column() {
        let names: Vec<_> = EMAILS.iter().map(|column| column.name.strip_prefix("Email.").unwrap()).collect();
        assert_eq!(names, EmailType::NAMES);
    }
}
