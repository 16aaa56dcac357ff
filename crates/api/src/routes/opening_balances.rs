//! `/v1/OpeningBalances`: what customers owed or had before (receivables.md §13).

use app::opening_balances::{create, find};
use axum::response::Response;
use billing::{
    id::{CustomerId, OpeningBalanceId},
    opening_balance::{NOTE_LENGTH_MAX, OpeningBalance as Stored, OpeningBalanceOrder, Owing, TEXT_LENGTH_MAX},
    payment::REFERENCE_LENGTH_MAX,
    problem::{Problem, Problems},
    term::Term,
};
use money::Amount;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parse::{money, required, text};
use crate::{
    call::Call,
    error::ApiError,
    links::Links,
    name::Name,
    operation::Operation,
    wire::scalar::{At, Decimal, Four},
};

const TAG: &str = "Opening balances";

/// Longest purchase-order number, in characters.
const PO_NUMBER_LENGTH_MAX: usize = 255;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/OpeningBalances", "Create opening balance", create)
            .about("Records what an active customer owed before, as a posted invoice, or had on deposit.")
            .takes::<OpeningBalanceRequest>("openingBalance")
            .answers::<OpeningBalance>(),
        Operation::get("/v1/OpeningBalances/{id}", "Read opening balance", read)
            .about("What a customer owed or had on deposit before.")
            .answers::<OpeningBalance>(),
    ]
    .into_iter()
    .map(|operation| operation.tagged(TAG).extension())
    .collect()
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(OpeningBalanceRequest::parse)?;
    call.command(
        move |tx, session| create::run(tx, session, &order),
        |links, _, opening| OpeningBalance::of(links, opening),
    )
    .await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = OpeningBalanceId(call.id("id")?);
    let ask = move |tx: &mut app::Tx<'_>, session: &_| find::run(tx, session, id);
    call.question(ask, |links, _, opening| OpeningBalance::of(links, opening)).await
}

/// An opening balance: either of the two amounts.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct OpeningBalanceRequest {
    /// Whose it is. Required.
    customer_id: Option<i64>,
    /// What the customer owed; positive, at most two decimals.
    amount_owing: Option<Decimal>,
    /// What the customer had on deposit; positive, at most two decimals.
    amount_on_deposit: Option<Decimal>,
    /// A note.
    #[schemars(length(max = 500))]
    reference: Option<String>,
    /// Terms of the invoice; the customer's when absent. With `amountOwing` only, as all that follow.
    terms: Option<Name<Term>>,
    /// Purchase-order number of the invoice; the customer's standing one when absent.
    #[schemars(length(max = 255))]
    po_number: Option<String>,
    /// Name of the invoice's only charge; `Opening balance` when absent.
    #[schemars(length(max = 2000))]
    charge_name: Option<String>,
    /// Description of that charge.
    #[schemars(length(max = 2000))]
    charge_description: Option<String>,
    /// Printed on the invoice.
    #[schemars(length(max = 256))]
    invoice_note: Option<String>,
}

impl OpeningBalanceRequest {
    fn parse(self) -> Result<OpeningBalanceOrder, Vec<Problem>> {
        let mut problems = Problems::new();
        let customer = required(&mut problems, "CustomerId", self.customer_id);
        let is_owed = self.amount_on_deposit.is_none();
        let amount = match (self.amount_owing, self.amount_on_deposit) {
            (Some(_), Some(_)) => {
                problems.push("AmountOnDeposit", "AmountOwing and AmountOnDeposit cannot be given together.");
                None
            }
            (None, None) => {
                problems.push("AmountOwing", "AmountOwing or AmountOnDeposit is required.");
                None
            }
            (owing, None) => money(&mut problems, "AmountOwing", owing),
            (None, deposit) => money(&mut problems, "AmountOnDeposit", deposit),
        };
        let owing = Owing {
            term: self.terms.map(|Name(term)| term),
            po_number: text(&mut problems, "PoNumber", self.po_number, PO_NUMBER_LENGTH_MAX),
            name: text(&mut problems, "ChargeName", self.charge_name, TEXT_LENGTH_MAX),
            description: text(&mut problems, "ChargeDescription", self.charge_description, TEXT_LENGTH_MAX),
            note: text(&mut problems, "InvoiceNote", self.invoice_note, NOTE_LENGTH_MAX),
        };
        if !is_owed {
            refuse_invoice_members(&mut problems, &owing);
        }
        let reference = text(&mut problems, "Reference", self.reference, REFERENCE_LENGTH_MAX);
        problems.into_result()?;
        // Nothing is missing here: whatever was, is a problem above.
        Ok(OpeningBalanceOrder {
            customer: CustomerId(customer.unwrap_or_default()),
            amount: amount.unwrap_or_default(),
            reference,
            owing: is_owed.then_some(owing),
        })
    }
}

/// Money on deposit is on no invoice.
fn refuse_invoice_members(problems: &mut Problems, owing: &Owing) {
    let given = [
        ("Terms", owing.term.is_some()),
        ("PoNumber", owing.po_number.is_some()),
        ("ChargeName", owing.name.is_some()),
        ("ChargeDescription", owing.description.is_some()),
        ("InvoiceNote", owing.note.is_some()),
    ];
    for (field, is_given) in given {
        if is_given {
            problems.push(field, format!("{field} is only valid with AmountOwing."));
        }
    }
}

/// What a customer owed or had before.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct OpeningBalance {
    /// Whose it is.
    customer_id: i64,
    /// What the customer owed.
    amount_owing: Four,
    /// What the customer had on deposit.
    amount_on_deposit: Four,
    /// Of the deposit what no invoice has.
    unallocated_amount: Four,
    /// In which currency.
    currency: &'static str,
    /// The invoice on which it is owed, with its terms, number and note.
    invoice_id: Option<i64>,
    /// Name of the invoice's only charge.
    charge_name: Option<String>,
    /// Description of that charge.
    charge_description: Option<String>,
    /// As the caller gave it.
    reference: Option<String>,
    /// When it counts.
    effective_timestamp: At,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

impl OpeningBalance {
    fn of(links: &Links, opening: Stored) -> Self {
        let (owing, deposit) =
            if opening.invoice.is_some() { (opening.amount, Amount::ZERO) } else { (Amount::ZERO, opening.amount) };
        Self {
            customer_id: opening.customer.0,
            amount_owing: Four(owing),
            amount_on_deposit: Four(deposit),
            unallocated_amount: Four(opening.unallocated),
            currency: opening.currency.code(),
            invoice_id: opening.invoice.map(|invoice| invoice.0),
            charge_name: opening.name,
            charge_description: opening.description,
            reference: opening.reference,
            effective_timestamp: At(opening.effective_at),
            id: opening.id.0,
            uri: links.opening_balance(opening.id.0),
        }
    }
}
