//! Everything that stands on an invoice as its customer gets it.

use std::collections::{HashMap, HashSet};

use billing::{
    account::Session,
    customer::InvoiceDisplay,
    draft_invoice::DraftInvoiceStatus,
    id::{DraftInvoiceId, InvoiceId, PurchaseId},
    invoice::Invoice,
    listing::Slice,
    profile::AccountProfile,
    purchase::TrackedItem,
    tracking::{Display, Tracking},
};
use db::Tx;

use super::find;
use crate::{Error, draft_invoices};

/// An invoice and what is printed around it.
#[derive(Debug, Clone)]
pub struct Papers {
    /// What the account says of itself.
    pub profile: AccountProfile,
    /// The invoice with its charges.
    pub invoice: Invoice,
    /// The tracked items of its purchases, when they are to be shown.
    pub tracking: Option<Tracking>,
    /// How the customer wants to see it, as of now.
    pub display: InvoiceDisplay,
    /// It is a draft that was cancelled.
    pub is_cancelled: bool,
}

/// A posted invoice to be printed; with its tracked items when `display` says how.
pub fn of_invoice(
    tx: &mut Tx<'_>,
    session: &Session,
    id: InvoiceId,
    display: Option<Display>,
) -> Result<Papers, Error> {
    let invoice = find::run(tx, session, id)?;
    around(tx, session, invoice, display)
}

/// What posting a draft now would make of it, to be printed; with tracked items when `display` says how.
pub fn of_draft(
    tx: &mut Tx<'_>,
    session: &Session,
    id: DraftInvoiceId,
    display: Option<Display>,
) -> Result<Papers, Error> {
    let found = draft_invoices::find::run(tx, session, id)?;
    let is_cancelled = found.draft.status == DraftInvoiceStatus::Cancelled;
    Ok(Papers { is_cancelled, ..around(tx, session, found.invoice, display)? })
}

/// What JSON shows beside an invoice.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The invoice.
    pub invoice: Invoice,
    /// The account's signature.
    pub signature: Option<String>,
    /// The active tracked items of its purchases, when they are asked for.
    pub items: Option<Vec<TrackedItem>>,
}

/// One invoice with what JSON shows beside it.
pub fn shown(tx: &mut Tx<'_>, session: &Session, id: InvoiceId, with_items: bool) -> Result<Shown, Error> {
    let invoice = find::run(tx, session, id)?;
    let slice = beside(tx, session, Slice { rows: vec![invoice], matching: 1, total: 1 }, with_items)?;
    slice.rows.into_iter().next().ok_or(Error::not_found("Invoice", id.0))
}

/// Invoices with what JSON shows beside them.
pub fn beside(
    tx: &mut Tx<'_>,
    session: &Session,
    invoices: Slice<Invoice>,
    with_items: bool,
) -> Result<Slice<Shown>, Error> {
    let account = session.account.id;
    let signature = store::account_profile::find_signature(tx, account)?;
    let purchases = |invoice: &Invoice| -> Vec<_> { invoice.charges.iter().map(|charge| charge.purchase).collect() };
    let mut items: HashMap<PurchaseId, Vec<TrackedItem>> = HashMap::new();
    if with_items {
        let all: Vec<_> = invoices.rows.iter().flat_map(purchases).collect();
        for item in store::product_item::list_of_purchases(tx, account, &all)? {
            items.entry(item.purchase).or_default().push(item);
        }
    }
    Ok(invoices.map(|invoice| {
        let mut taken = HashSet::new();
        let own = purchases(&invoice).into_iter().filter(|purchase| taken.insert(*purchase));
        let own = own.flat_map(|purchase| items.get(&purchase).cloned().unwrap_or_default()).collect();
        Shown { invoice, signature: signature.clone(), items: with_items.then_some(own) }
    }))
}

fn around(tx: &mut Tx<'_>, session: &Session, invoice: Invoice, display: Option<Display>) -> Result<Papers, Error> {
    let account = session.account.id;
    let profile = store::account_profile::find(tx, account)?;
    let tracking = match display {
        None => None,
        Some(display) => {
            let purchases: Vec<_> = invoice.charges.iter().map(|charge| charge.purchase).collect();
            Some(Tracking { display, items: store::product_item::list_of_purchases(tx, account, &purchases)? })
        }
    };
    let setting = store::customer::find_setting(tx, account, invoice.customer)?;
    let display = setting.map(|setting| setting.invoice_display()).unwrap_or_default();
    Ok(Papers { profile, invoice, tracking, display, is_cancelled: false })
}
