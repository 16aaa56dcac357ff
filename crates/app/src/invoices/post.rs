//! Post an invoice: its charges, discounts and taxes go to the ledger, what is earned at once is earned, and it takes the
//! next number. Drafts are shown by the same code, without posting.

mod charge;

use billing::{
    account::Session,
    address::AddressPreference,
    charge_tax::ChargeTax,
    draft_invoice::{Bill, DraftCharge, DraftInvoice, DraftTerms, Instalment},
    event::{Event, EventType},
    id::{CustomerId, InvoiceId},
    invoice::{Charge, Invoice},
    tax::Region,
};
use db::Tx;
use ledger::Transaction;
use money::{Amount, Currency};
use store::{customer::Billing, terms};

use crate::{Error, books::Books, earning, tax};

/// What is to be posted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Order {
    /// Its lines.
    pub(crate) charges: Vec<DraftCharge>,
    /// What it says beside them.
    pub(crate) terms: DraftTerms,
    /// How it is to be paid; empty for at once.
    pub(crate) instalments: Vec<Instalment>,
    /// Where it is taxed, if not where the customer is.
    pub(crate) region: Option<Region>,
}

/// Posts an invoice to a customer who is locked and may be billed.
pub(crate) fn run(
    tx: &mut Tx<'_>,
    session: &Session,
    mut books: Books<'_>,
    billing: Billing,
    order: Order,
) -> Result<InvoiceId, Error> {
    let (account, customer) = (session.account.id, books.customer().id);
    let owner = Owner { customer, currency: books.customer().currency, balance: books.balance(), billing };
    let charges = charges(session, order.charges)?;
    let mut schedules = Vec::new();
    for charge in &charges {
        schedules.extend(charge::run(tx, session, &mut books, charge)?);
    }
    let liability = tax::rates_for(tx, session, customer, order.region)?;
    let taxes = tax::lines_for(tx, session, books.customer(), &liability, taxable(&charges))?;
    for ChargeTax { id, charge, line } in &taxes {
        let posted = Transaction::tax(session.now, owner.currency, line.amount)?.on(terms::of_tax(line));
        books.post_of(*charge, *id, posted)?;
    }
    let ids = tx.next_ids(2)?;
    let instalments = or_whole(order.instalments, ids.start + 1);
    let lines = Lines { charges, taxes, addresses: liability.addresses };
    let mut invoice = bill(session, InvoiceId(ids.start), owner, order.terms, instalments, lines).invoice()?;
    books.close(tx)?;
    let event = Event { event_type: EventType::InvoicePosted, customer: Some(customer), subject_id: invoice.id.0 };
    store::event::insert(tx, account, &[event], session.now)?;
    // The number's row is locked until the commit, by everybody who posts for this account: it is taken last.
    invoice.number = store::account::next_number(tx, account, "invoice")?;
    store::invoice::insert(tx, account, &invoice)?;
    if !schedules.is_empty() {
        store::earning::insert(tx, account, &schedules)?;
    }
    if schedules.iter().any(|schedule| schedule.next_due_on.is_some()) {
        earning::ensure_round(tx, session)?;
    }
    Ok(invoice.id)
}

/// The invoice that a draft would make now: taxed by today's rates, due by today's terms. It has no id and no number, and
/// neither have its taxes.
pub(crate) fn foresee(tx: &mut Tx<'_>, session: &Session, draft: &DraftInvoice) -> Result<Invoice, Error> {
    let (account, customer) = (session.account.id, draft.customer);
    let stored = store::customer::find(tx, account, customer)?.ok_or(Error::not_found("Customer", customer.0))?;
    let billing = store::customer::billing(tx, account, customer)?;
    let owner = Owner { customer, currency: stored.currency, balance: stored.balance, billing };
    let charges = charges(session, draft.charges.clone())?;
    let liability = tax::rates_for(tx, session, customer, None)?;
    let taxes = tax::lines(session, owner.currency, &liability, taxable(&charges))?;
    let taxes = taxes.into_iter().map(|(charge, line)| ChargeTax { id: 0, charge, line }).collect();
    let instalments = or_whole(draft.instalments.clone(), 0);
    let lines = Lines { charges, taxes, addresses: liability.addresses };
    Ok(bill(session, InvoiceId(0), owner, draft.terms.clone(), instalments, lines).invoice()?)
}

/// An invoice over nothing yet, and without a number, of a customer whose books are open.
pub(crate) fn blank(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &Books<'_>,
    terms: DraftTerms,
    balance: Amount,
) -> Result<Invoice, Error> {
    let (customer, currency) = (books.customer().id, books.customer().currency);
    let billing = store::customer::billing(tx, session.account.id, customer)?;
    let addresses = store::address::find_preference(tx, session.account.id, customer)?;
    let owner = Owner { customer, currency, balance, billing };
    let ids = tx.next_ids(2)?;
    let instalments = or_whole(Vec::new(), ids.start + 1);
    let lines = Lines { charges: Vec::new(), taxes: Vec::new(), addresses };
    Ok(bill(session, InvoiceId(ids.start), owner, terms, instalments, lines).invoice()?)
}

/// Who is billed, and how.
struct Owner {
    customer: CustomerId,
    currency: Currency,
    balance: Amount,
    billing: Billing,
}

/// What is billed.
struct Lines {
    charges: Vec<Charge>,
    taxes: Vec<ChargeTax>,
    /// How the customer is addressed.
    addresses: Option<AddressPreference>,
}

fn charges(session: &Session, drafts: Vec<DraftCharge>) -> Result<Vec<Charge>, Error> {
    Ok(drafts.into_iter().map(|draft| draft.into_charge(session.now)).collect::<Result<_, _>>()?)
}

fn taxable(charges: &[Charge]) -> impl Iterator<Item = (billing::id::ChargeId, Amount)> {
    charges.iter().map(|charge| (charge.id, charge.taxable_amount))
}

/// Every invoice has at least one instalment (receivables.md §4.4).
fn or_whole(instalments: Vec<Instalment>, id: i64) -> Vec<Instalment> {
    if instalments.is_empty() {
        return vec![Instalment { id, amount: Amount::ZERO, days_due_after_term: 0 }];
    }
    instalments
}

fn bill(
    session: &Session,
    id: InvoiceId,
    owner: Owner,
    terms: DraftTerms,
    instalments: Vec<Instalment>,
    lines: Lines,
) -> Bill<'_> {
    Bill {
        id,
        customer: owner.customer,
        contact: owner.billing.contact,
        currency: owner.currency,
        default_term: owner.billing.term.unwrap_or(session.account.term),
        terms,
        standing_po_number: owner.billing.po_number,
        opening_balance: owner.balance,
        charges: lines.charges,
        taxes: lines.taxes,
        addresses: lines.addresses,
        instalments,
        at: session.now,
        zone: &session.account.zone,
    }
}
