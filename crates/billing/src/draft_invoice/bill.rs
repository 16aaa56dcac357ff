//! An invoice as it is made of priced charges, whether it is posted or only shown.

use calendar::{Instant, Zone, add_days};
use money::{Amount, Currency, NumberError};

use super::{DraftTerms, Instalment, shares};
use crate::{
    address::AddressPreference,
    charge_tax::{self, ChargeTax},
    customer::Contact,
    id::{CustomerId, InvoiceId},
    invoice::{Charge, Invoice, PaymentSchedule, Totals},
    term::Term,
};

/// Everything that an invoice is made of.
#[derive(Debug, Clone)]
pub struct Bill<'z> {
    /// The invoice's id.
    pub id: InvoiceId,
    /// Who owes.
    pub customer: CustomerId,
    /// The customer's names and contacts.
    pub contact: Contact,
    /// The customer's currency.
    pub currency: Currency,
    /// The customer's terms, or the account's.
    pub default_term: Term,
    /// What the invoice says of its own.
    pub terms: DraftTerms,
    /// The customer's standing purchase-order number.
    pub standing_po_number: Option<String>,
    /// The customer's balance before posting.
    pub opening_balance: Amount,
    /// Its lines.
    pub charges: Vec<Charge>,
    /// The taxes of its lines.
    pub taxes: Vec<ChargeTax>,
    /// How the customer is addressed.
    pub addresses: Option<AddressPreference>,
    /// How it is to be paid; at least one.
    pub instalments: Vec<Instalment>,
    /// When it is posted.
    pub at: Instant,
    /// The account's time zone.
    pub zone: &'z Zone,
}

impl Bill<'_> {
    /// The invoice, without a number. It falls due by its own term or else the default one, and each instalment so many days
    /// later (receivables.md §4).
    pub fn invoice(self) -> Result<Invoice, NumberError> {
        let discounts = self.charges.iter().map(Charge::discount).collect::<Result<Vec<_>, _>>()?;
        let totals = Totals {
            subtotal: Amount::sum(self.charges.iter().map(|charge| charge.amount))?,
            discount: Amount::sum(discounts)?,
            tax: charge_tax::total(&self.taxes)?,
            ..Totals::default()
        };
        let amount = totals.amount()?;
        let term = self.terms.term.unwrap_or(self.default_term);
        let due_on = term.due_on(self.zone.date_of(self.at));
        let shares = shares(amount, &self.instalments, self.currency)?;
        let schedules = self.instalments.iter().zip(shares).map(|(instalment, share)| PaymentSchedule {
            id: instalment.id,
            due_at: self.zone.start_of(add_days(due_on, instalment.days_due_after_term)),
            amount: share,
            outstanding: share,
            days_due_after_term: instalment.days_due_after_term,
        });
        Ok(Invoice {
            id: self.id,
            number: 0,
            customer: self.customer,
            contact: self.contact,
            currency: self.currency,
            term,
            default_term: self.default_term,
            posted_at: self.at,
            modified_at: self.at,
            paid_at: amount.is_zero().then_some(self.at),
            totals,
            opening_balance: self.opening_balance,
            closing_balance: self.opening_balance.checked_add(amount)?,
            po_number: self.terms.po_number.or(self.standing_po_number),
            notes: self.terms.notes,
            reference_date: self.terms.reference_date,
            is_hidden_on_portal: false,
            schedules: schedules.collect(),
            charges: self.charges,
            owed_before: None,
            taxes: self.taxes,
            addresses: self.addresses,
            revisions: Vec::new(),
        })
    }
}
