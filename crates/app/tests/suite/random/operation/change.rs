//! How drafts and posted invoices are changed.

use app::{
    Error, Tx,
    draft_invoices::{cancel, restore, schedule, update},
    invoices::post_draft,
};
use billing::{
    account::Session,
    draft_invoice::{ChargeChange, DiscountChange, DraftChange, Operation},
    id::{ChargeId, DraftInvoiceId, PurchaseId},
    invoice::InvoiceChange,
    named::Named,
    purchase::Change,
    term::Term,
};
use db::values;
use money::{Price, Quantity};

use super::{
    Amended, Made, OfCharge, OfDraft,
    act::{discount, money},
};
use crate::draft_invoices::changes;

impl OfDraft {
    pub(super) fn run(&self, tx: &mut Tx<'_>, session: &Session, draft: DraftInvoiceId) -> Result<Made, Error> {
        let none = Made::default();
        let change = match self {
            Self::Post(only) => {
                let waiting = |purchase: &PurchaseId| waiting(tx, session, *purchase);
                let only = only.as_ref().map(|only| only.iter().map(waiting).collect::<Result<_, _>>());
                let order = post_draft::Order { draft, only: only.transpose()? };
                return Ok(Made { invoices: vec![post_draft::run(tx, session, &order)?], ..none });
            }
            Self::Cancel => return cancel::run(tx, session, draft).map(|()| none),
            Self::Restore => return restore::run(tx, session, draft).map(|()| none),
            Self::Schedule(parts) => {
                let parts = parts.iter().map(|(cents, days)| (money(*cents), *days)).collect();
                return schedule::run(tx, session, &schedule::Order { draft, parts }).map(|_| none);
            }
            Self::Term(days) => DraftChange { term: term(*days), ..DraftChange::default() },
            Self::Charge(purchase, of_charge) => {
                DraftChange { charges: vec![of_charge.change(tx, session, *purchase)?], ..DraftChange::default() }
            }
        };
        update::run(tx, session, &update::Order { draft, change }).map(|_| none)
    }
}

impl OfCharge {
    fn change(self, tx: &mut Tx<'_>, session: &Session, purchase: PurchaseId) -> Result<ChargeChange, Error> {
        let charge = waiting(tx, session, purchase)?;
        let kept = changes::of(charge);
        Ok(match self {
            Self::Delete => ChargeChange { operation: Operation::Delete, ..kept },
            Self::Reprice(hundredths, cents) => ChargeChange {
                quantity: Some(Quantity::from_millionths(hundredths * 10_000)),
                unit_price: Some(Price::from_millionths(cents * 10_000)),
                ..kept
            },
            Self::Discount(taken) => {
                let sql = "SELECT id FROM draft_discount WHERE account_id = $1 AND charge_id = $2";
                let id = tx.query_opt(sql, &values![session.account.id.0, charge.0], |row| row.get(0))?;
                let discount = taken.map(discount);
                let other = DiscountChange {
                    id: id.unwrap_or_default(),
                    operation: if taken.is_some() { Operation::Update } else { Operation::Delete },
                    discount_type: discount.map(|discount| discount.discount_type),
                    configured_amount: discount.map(|discount| discount.amount),
                    description: Change::Keep,
                };
                ChargeChange { discounts: vec![other], ..kept }
            }
        })
    }
}

impl Amended {
    pub(super) fn change(self) -> InvoiceChange {
        let kept = InvoiceChange::default();
        match self {
            Self::Term(days) => InvoiceChange { term: term(days), ..kept },
            Self::Notes(note) => {
                let notes = note.map_or(Change::Clear, |note| Change::Set(format!("Note {note}")));
                InvoiceChange { notes, ..kept }
            }
            Self::Hidden(is_hidden) => InvoiceChange { is_hidden_on_portal: Some(is_hidden), ..kept },
        }
    }
}

fn term(days: Option<i64>) -> Change<Term> {
    days.map_or(Change::Clear, |days| Change::Set(Term::from_name(&format!("Net{days}")).expect("a term")))
}

/// The charge of a purchase that waits, or one that nobody has.
fn waiting(tx: &mut Tx<'_>, session: &Session, purchase: PurchaseId) -> Result<ChargeId, Error> {
    let sql = "SELECT id FROM draft_charge WHERE account_id = $1 AND purchase_id = $2";
    let id = tx.query_opt(sql, &values![session.account.id.0, purchase.0], |row| row.get(0))?;
    Ok(ChargeId(id.unwrap_or_default()))
}
