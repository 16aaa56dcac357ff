//! Draft invoices: read, list, change, cancel, restore, and pay in parts.

pub mod cancel;
pub mod find;
pub mod list;
pub mod restore;
pub mod schedule;
pub mod update;

use billing::{
    account::Session,
    draft_invoice::{DraftCharge, DraftInvoice, DraftInvoiceStatus, DraftTerms},
    event::{Event, EventType},
    id::{CustomerId, DraftInvoiceId, PurchaseId},
    refusal::Refusal,
    reversal::CancellationOption,
};
use db::Tx;

use crate::{Error, books::Books};

/// How the reference calls a draft that is not there; calls differ (receivables.md §16).
pub(crate) const ENTITY: &str = "Draft Invoice";

/// Lets charges of a locked customer wait.
pub(crate) fn create(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    charges: Vec<DraftCharge>,
) -> Result<DraftInvoiceId, Error> {
    let draft = DraftInvoice {
        id: DraftInvoiceId(tx.next_id()?),
        customer,
        status: DraftInvoiceStatus::Ready,
        reserved_by: None,
        terms: DraftTerms::default(),
        created_at: session.now,
        modified_at: session.now,
        charges,
        instalments: Vec::new(),
    };
    store::draft_invoice::insert(tx, session.account.id, &draft)?;
    tell(tx, session, &draft, EventType::DraftInvoiceReady)?;
    Ok(draft.id)
}

/// Opens the books of the customer of a draft, and reads the draft as it stays.
pub(crate) fn lock<'s>(
    tx: &mut Tx<'_>,
    session: &'s Session,
    id: DraftInvoiceId,
) -> Result<Option<(Books<'s>, DraftInvoice)>, Error> {
    let account = session.account.id;
    let Some(customer) = store::draft_invoice::find_customer(tx, account, id)? else { return Ok(None) };
    let books = Books::open(tx, session, customer)?;
    Ok(store::draft_invoice::find(tx, account, id)?.map(|draft| (books, draft)))
}

/// Stores what became of a locked draft.
pub(crate) fn save(
    tx: &mut Tx<'_>,
    session: &Session,
    mut draft: DraftInvoice,
    event_type: EventType,
) -> Result<(), Error> {
    draft.modified_at = session.now;
    store::draft_invoice::update(tx, session.account.id, &draft)?;
    tell(tx, session, &draft, event_type)
}

fn tell(tx: &mut Tx<'_>, session: &Session, draft: &DraftInvoice, event_type: EventType) -> Result<(), Error> {
    let event = Event { event_type, customer: Some(draft.customer), subject_id: draft.id.0 };
    Ok(store::event::insert(tx, session.account.id, &[event], session.now)?)
}

/// Takes the charge of a purchase that is cancelled out of the draft on which it waits; false when it waits on none. Nothing
/// was posted, so nothing is reversed, and nothing can be left charged. The customer is locked.
pub(crate) fn withdraw(
    tx: &mut Tx<'_>,
    session: &Session,
    purchase: PurchaseId,
    option: CancellationOption,
) -> Result<bool, Error> {
    let account = session.account.id;
    let Some(id) = store::draft_invoice::find_of_purchase(tx, account, purchase)? else { return Ok(false) };
    match option {
        CancellationOption::None => return Err(Refusal::ChargeNotPosted(id).into()),
        CancellationOption::Unearned | CancellationOption::Full => {}
    }
    let mut draft = store::draft_invoice::find(tx, account, id)?.ok_or(Error::not_found(ENTITY, id.0))?;
    draft.may_be_modified()?;
    draft.withdraw(purchase);
    save(tx, session, draft, EventType::DraftInvoiceUpdated)?;
    Ok(true)
}
