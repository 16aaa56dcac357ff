//! `OpeningBalanceImport`: what customers owed, or had on deposit, before they were billed here (bulk-jobs.md §7.12).

use billing::{
    account::Session,
    draft_invoice::PO_NUMBER_LENGTH_MAX,
    id::CustomerId,
    opening_balance::{NOTE_LENGTH_MAX, OpeningBalanceOrder, Owing, TEXT_LENGTH_MAX},
    payment::REFERENCE_LENGTH_MAX,
    problem::{Problem, Problems},
};
use db::Tx;
use money::Amount;

use super::{
    Applied, Column, Layout, RecordParser, RecordType,
    row::{Read, Row, money, named, sum, whole},
    sheet,
};
use crate::{Error, opening_balances::create};

pub(super) struct OpeningBalance;

const DEPOSIT: Column = Column::optional("AmountOnDeposit", "What the customer had; at most two decimals.");
const OWING: Column = Column::optional("AmountOwing", "What the customer owed; at most two decimals.");

/// Columns that say something of the invoice on which an amount is owed.
const TERMS: Column = Column::optional("Terms", sheet::TERMS);
const PO_NUMBER: Column =
    Column::optional("PoNumber", "Purchase-order number of the invoice; the customer's standing one when empty.");
const NAME: Column = Column::optional(
    "OpeningBalanceOwingChargeDisplayName",
    "Name of the invoice's only charge; Opening balance when empty.",
);
const DESCRIPTION: Column = Column::optional("OpeningBalanceChargeDescription", "Description of that charge.");
const NOTE: Column = Column::optional("InvoiceNote", "Printed on the invoice; at most 256 characters.");

impl RecordType for OpeningBalance {
    const LAYOUT: Layout = Layout {
        columns: &[
            Column::required("StaxBillId", "Id of the customer."),
            DEPOSIT,
            OWING,
            TERMS,
            PO_NUMBER,
            NAME,
            DESCRIPTION,
            Column::optional("OpeningBalanceReference", "Shown on the transaction; at most 500 characters."),
            NOTE,
        ],
        is_bare: false,
    };

    /// What was owed and what was on deposit are opening balances of their own; at least one of them.
    const IS_BY_CUSTOMER: bool = true;

    type Order = Vec<OpeningBalanceOrder>;

    fn parse(parser: RecordParser, text: &str) -> Result<Self::Order, Vec<Problem>> {
        Row::parse(parser, text, Self::LAYOUT.columns, |row, problems| {
            let customer = row.get(problems, "StaxBillId", whole).map(CustomerId);
            let owed = row.get(problems, OWING.name, money_or_nothing);
            let is_owed = owed.map_or(row.has(OWING.name), |owed| owed.is_some());
            let owed = owed.flatten();
            let deposit = row.get(problems, DEPOSIT.name, money_or_nothing).flatten();
            let reference = row.text(problems, "OpeningBalanceReference", REFERENCE_LENGTH_MAX);
            let owing = owing(row, problems, is_owed);
            if owed.is_none() && deposit.is_none() && problems.is_empty() {
                problems.push("", "AmountOwing or AmountOnDeposit is required.");
            }
            let customer = customer?;
            let order = |amount: Amount, owing: Option<Owing>| OpeningBalanceOrder {
                customer,
                amount,
                reference: reference.clone(),
                owing,
            };
            let owed = owed.map(|amount| order(amount, Some(owing)));
            let deposit = deposit.map(|amount| order(amount, None));
            Some(owed.into_iter().chain(deposit).collect())
        })
    }

    fn customers(_: &mut Tx<'_>, _: &Session, orders: &Self::Order) -> Result<Vec<CustomerId>, Error> {
        Ok(orders.iter().map(|order| order.customer).collect())
    }

    /// Of two, the one that is owed is what was created. The amount is both, as the file has them: amounts that move have no sign.
    fn apply(tx: &mut Tx<'_>, session: &Session, orders: &Self::Order) -> Result<Applied, Error> {
        let (mut created_id, mut amount) = (None, Amount::ZERO);
        for order in orders {
            let opening = create::run(tx, session, order)?;
            created_id = created_id.or(Some(opening.id.0));
            amount = amount.checked_add(opening.amount)?;
        }
        Ok(Applied { created_id, amount: Some(amount) })
    }
}

/// Sheets say zero where there is nothing.
fn money_or_nothing(text: &str) -> Read<Option<Amount>> {
    if sum(text)?.is_zero() { Ok(None) } else { money(text).map(Some) }
}

/// What is said of the invoice; without one, nothing may be.
fn owing(row: &Row, problems: &mut Problems, is_owed: bool) -> Owing {
    for column in [TERMS, PO_NUMBER, NAME, DESCRIPTION, NOTE] {
        if !is_owed && row.has(column.name) {
            problems.push(column.name, format!("{} is only valid with AmountOwing.", column.name));
        }
    }
    Owing {
        term: row.get(problems, TERMS.name, named),
        po_number: row.text(problems, PO_NUMBER.name, PO_NUMBER_LENGTH_MAX),
        name: row.text(problems, NAME.name, TEXT_LENGTH_MAX),
        description: row.text(problems, DESCRIPTION.name, TEXT_LENGTH_MAX),
        note: row.text(problems, NOTE.name, NOTE_LENGTH_MAX),
    }
}
