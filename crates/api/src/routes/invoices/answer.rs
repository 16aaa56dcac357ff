//! What callers are shown of posted invoices (receivables.md §2).

mod charge;

use app::invoices::papers::Shown;
use billing::{
    charge_tax,
    customer::Title,
    invoice::{Invoice as Stored, InvoiceStatus, PaymentSchedule, Revision},
    term::Term,
};
use calendar::{Instant, Zone};
use money::Amount;
use schemars::JsonSchema;
use serde::Serialize;

use self::charge::Charge;
pub(in crate::routes) use self::charge::Reference;
use crate::{
    links::Links,
    name::Name,
    routes::addresses::AddressPreference,
    wire::scalar::{At, Four, Percent},
};

/// Which parts of an invoice are shown.
#[derive(Debug, Clone, Copy)]
pub(in crate::routes) struct View {
    /// Charges of nothing, too.
    pub(in crate::routes) zero_charges: bool,
    /// Charges in groups.
    pub(in crate::routes) groups: bool,
    /// Charges at all.
    pub(in crate::routes) charges: bool,
}

impl Default for View {
    fn default() -> Self {
        Self { zero_charges: false, groups: false, charges: true }
    }
}

impl View {
    /// As in the account's list.
    pub(in crate::routes) fn without_charges() -> Self {
        Self { charges: false, ..Self::default() }
    }
}

/// A posted invoice.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct Invoice {
    /// The number printed on it.
    invoice_number: i64,
    /// The account's signature as HTML; shown where invoices are read.
    invoice_signature: Option<String>,
    /// The customer's purchase-order number.
    po_number: Option<String>,
    /// When it counts.
    effective_timestamp: At,
    /// When it was posted.
    posted_timestamp: At,
    /// Last change.
    modified_timestamp: At,
    /// Its lines; absent when they are grouped, and in the account's list.
    #[serde(skip_serializing_if = "Option::is_none")]
    charges: Option<Vec<Charge>>,
    /// Its lines in groups, one a purchase; null unless asked for.
    charge_groups: Option<Vec<ChargeGroup>>,
    /// Sum of the charges before discounts.
    subtotal: Four,
    /// What was invoiced.
    invoice_amount: Four,
    /// Paid so far.
    total_payments: Four,
    /// A payment on it is not settled.
    unsettled: bool,
    /// Still owed.
    outstanding_balance: Four,
    /// Terms in force.
    terms: Name<Term>,
    /// Terms without an override.
    default_terms: Name<Term>,
    /// Whether the default terms set the due date.
    is_default_terms: bool,
    /// Who owes.
    customer_id: i64,
    /// The customer as it was when the invoice was posted.
    invoice_customer: InvoiceCustomer,
    /// The customer's addresses as they were when the invoice was posted; null when none were kept.
    invoice_customer_address_preference: Option<AddressPreference>,
    /// Reversed so far.
    sum_of_credit_notes: Four,
    /// Written off so far.
    total_writeoffs: Four,
    /// Taxes, one a rate.
    taxes: Vec<Tax>,
    /// Sum of the discounts.
    total_discount: Four,
    /// When it falls due, in parts.
    payment_schedules: Vec<Schedule>,
    /// Printed on it.
    notes: Option<String>,
    /// The caller's own id of the customer.
    customer_reference_value: Option<String>,
    /// The customer's balance before posting.
    opening_ar_balance: Four,
    /// The customer's balance after posting.
    closing_ar_balance: Four,
    /// Only in a preview: the invoice was made and taken back.
    invoice_in_memory_only: bool,
    /// When a payment left nothing to owe.
    date_paid: Option<At>,
    /// What it said before it was amended, oldest first.
    invoice_revisions: Vec<InvoiceRevision>,
    /// A date that the merchant knows it by.
    reference_date: Option<At>,
    /// Whether the self-service portal hides it.
    #[serde(rename = "hideOnSSP")]
    hide_on_ssp: bool,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// What a rate of tax comes to on the whole invoice.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct Tax {
    /// The name of the rate.
    name: String,
    /// The merchant's number with the tax office.
    registration_code: Option<String>,
    /// Percent.
    percent: Percent,
    /// The tax.
    total: Four,
}

/// The taxes of an invoice by rate. Sums that passed when they were stored pass again.
pub(in crate::routes) fn taxes(invoice: &Stored) -> Vec<Tax> {
    let lines = charge_tax::by_rate(&invoice.taxes).unwrap_or_default();
    let taxes = lines.into_iter().map(|line| Tax {
        name: line.name,
        registration_code: line.registration_code,
        percent: Percent(line.percentage),
        total: Four(line.amount),
    });
    taxes.collect()
}

/// The lines of one purchase.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ChargeGroup {
    /// Subscriptions only.
    subscription_id: Option<i64>,
    /// The purchase; null for what was owed before.
    purchase_id: Option<i64>,
    /// Its name.
    name: String,
    /// Its description.
    description: Option<String>,
    /// Its lines.
    charges: Vec<Charge>,
}

/// A customer as it was when the invoice was posted.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct InvoiceCustomer {
    /// First name.
    first_name: Option<String>,
    /// Middle name.
    middle_name: Option<String>,
    /// Last name.
    last_name: Option<String>,
    /// Company.
    company_name: Option<String>,
    /// Such as Jr.
    suffix: Option<String>,
    /// Address.
    primary_email: Option<String>,
    /// Telephone.
    primary_phone: Option<String>,
    /// Address.
    secondary_email: Option<String>,
    /// Telephone.
    secondary_phone: Option<String>,
    /// How the person is addressed.
    title: Option<Name<Title>>,
    /// The caller's own id.
    reference: Option<String>,
    /// The customer's currency.
    currency: &'static str,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// What an invoice said until it was amended.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct InvoiceRevision {
    /// The purchase-order number until then.
    po_number: Option<String>,
    /// The notes until then.
    notes: Option<String>,
    /// When it was amended.
    created_timestamp: At,
    /// Its id.
    id: i64,
    /// Always null: a revision is read with its invoice.
    uri: Option<String>,
}

/// An instalment.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct Schedule {
    /// The first instant of the day on which it falls due.
    due_date_timestamp: At,
    /// Where it stands.
    status: Name<InvoiceStatus>,
    /// What falls due.
    amount: Four,
    /// What of it is still owed.
    outstanding_balance: Four,
    /// Days after the invoice's own terms.
    days_due_after_term: i64,
    /// Its id.
    id: i64,
    /// Always null: an instalment is read with its invoice.
    uri: Option<String>,
}

impl Invoice {
    /// As [`Invoice::of`], with what is read beside the invoice.
    pub(in crate::routes) fn shown(links: &Links, shown: Shown, view: View, now: Instant) -> Self {
        let mut answer = Self::of(links, &shown.invoice, view, now);
        answer.invoice_signature = shown.signature.as_deref().map(document::markup);
        if let Some(items) = shown.items {
            let groups = answer.charge_groups.iter_mut().flatten().flat_map(|group| &mut group.charges);
            for charge in answer.charges.iter_mut().flatten().chain(groups) {
                charge.track(links, &items);
            }
        }
        answer
    }

    /// What is shown of an invoice at `now`. Sums that passed when they were stored pass again.
    pub(in crate::routes) fn of(links: &Links, invoice: &Stored, view: View, now: Instant) -> Self {
        let totals = &invoice.totals;
        let charges = view.charges && !view.groups;
        Self {
            invoice_number: invoice.number,
            invoice_signature: None,
            po_number: invoice.po_number.clone(),
            effective_timestamp: At(invoice.posted_at),
            posted_timestamp: At(invoice.posted_at),
            modified_timestamp: At(invoice.modified_at),
            charges: charges.then(|| shown(links, invoice, view).collect()),
            charge_groups: (view.charges && view.groups).then(|| groups(links, invoice, view)),
            subtotal: Four(totals.subtotal),
            invoice_amount: Four(totals.amount().unwrap_or(Amount::ZERO)),
            total_payments: Four(totals.payments),
            unsettled: false,
            outstanding_balance: Four(totals.outstanding().unwrap_or(Amount::ZERO)),
            terms: Name(invoice.term),
            default_terms: Name(invoice.default_term),
            is_default_terms: invoice.term == invoice.default_term,
            customer_id: invoice.customer.0,
            invoice_customer: InvoiceCustomer::of(links, invoice),
            invoice_customer_address_preference: addresses(links, invoice),
            sum_of_credit_notes: Four(totals.credit_notes),
            total_writeoffs: Four(totals.write_offs),
            taxes: taxes(invoice),
            total_discount: Four(totals.discount),
            payment_schedules: Schedule::all_of(invoice, now),
            notes: invoice.notes.clone(),
            customer_reference_value: invoice.contact.reference.clone(),
            opening_ar_balance: Four(invoice.opening_balance),
            closing_ar_balance: Four(invoice.closing_balance),
            invoice_in_memory_only: false,
            date_paid: invoice.paid_at.map(At),
            invoice_revisions: invoice.revisions.iter().map(InvoiceRevision::of).collect(),
            reference_date: invoice.reference_date.map(|date| At(Zone::utc().start_of(date))),
            hide_on_ssp: invoice.is_hidden_on_portal,
            id: invoice.id.0,
            uri: links.invoice(invoice.id.0),
        }
    }
}

impl Invoice {
    /// The same invoice as one that was taken back.
    pub(in crate::routes) fn in_memory(self) -> Self {
        Self { invoice_in_memory_only: true, ..self }
    }
}

fn addresses(links: &Links, invoice: &Stored) -> Option<AddressPreference> {
    let preference = invoice.addresses.clone()?;
    Some(AddressPreference::of(links, invoice.customer, preference))
}

fn shown<'i>(links: &'i Links, invoice: &'i Stored, view: View) -> impl Iterator<Item = Charge> + 'i {
    let charges = invoice.charges.iter().filter(move |charge| view.zero_charges || !charge.amount.is_zero());
    charges.map(|charge| Charge::of(links, charge)).chain(invoice.owed_before.iter().map(Charge::of_opening))
}

fn groups(links: &Links, invoice: &Stored, view: View) -> Vec<ChargeGroup> {
    let mut groups: Vec<ChargeGroup> = Vec::new();
    for charge in shown(links, invoice, view) {
        match groups.iter_mut().find(|group| group.purchase_id == charge.purchase_id()) {
            Some(group) => group.charges.push(charge),
            None => groups.push(ChargeGroup {
                subscription_id: None,
                purchase_id: charge.purchase_id(),
                name: charge.name().to_owned(),
                description: charge.description().map(str::to_owned),
                charges: vec![charge],
            }),
        }
    }
    groups
}

impl InvoiceCustomer {
    /// The customer that an invoice remembers.
    pub(in crate::routes) fn of(links: &Links, invoice: &Stored) -> Self {
        let contact = invoice.contact.clone();
        Self {
            first_name: contact.first_name,
            middle_name: contact.middle_name,
            last_name: contact.last_name,
            company_name: contact.company_name,
            suffix: contact.suffix,
            primary_email: contact.primary_email,
            primary_phone: contact.primary_phone,
            secondary_email: contact.secondary_email,
            secondary_phone: contact.secondary_phone,
            title: contact.title.map(Name),
            reference: contact.reference,
            currency: invoice.currency.code(),
            id: invoice.customer.0,
            uri: links.customer(invoice.customer.0),
        }
    }
}

impl InvoiceRevision {
    fn of(revision: &Revision) -> Self {
        Self {
            po_number: revision.po_number.clone(),
            notes: revision.notes.clone(),
            created_timestamp: At(revision.at),
            id: revision.id,
            uri: None,
        }
    }
}

impl Schedule {
    /// The instalments of an invoice at `now`.
    pub(in crate::routes) fn all_of(invoice: &Stored, now: Instant) -> Vec<Self> {
        invoice.schedules.iter().map(|part| Self::of(invoice, part, now)).collect()
    }

    fn of(invoice: &Stored, schedule: &PaymentSchedule, now: Instant) -> Self {
        Self {
            due_date_timestamp: At(schedule.due_at),
            status: Name(invoice.schedule_status(schedule, now)),
            amount: Four(schedule.amount),
            outstanding_balance: Four(schedule.outstanding),
            days_due_after_term: schedule.days_due_after_term,
            id: schedule.id,
            uri: None,
        }
    }
}
