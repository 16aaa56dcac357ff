//! Posted invoices, their charges and instalments.

mod amend;
mod details;
pub mod summary;

use std::collections::HashMap;

use billing::{
    customer::{AccountStatus, Contact},
    id::{AccountId, CustomerId, InvoiceId},
    invoice::{Invoice, PaymentSchedule, Totals},
    listing::{Kind, Page, Slice},
    named::Named,
    payment::OpenInvoice,
};
use calendar::Instant;
use db::{Error, Row, Tx, values};
use money::Amount;

pub use self::{amend::amend, details::schedules};
use crate::{
    address, charge,
    customer::OF_CUSTOMER,
    listing::{Column, NO_NUMBER, NO_TEXT, Source, column, joined, list as list_page, searched},
    many::each_of,
    row::{Columns, at, at_opt, day_opt, name_opt, text_opt},
    tax,
};

const COLUMNS: &[&str] = &[
    "account_id",
    "id",
    "customer_id",
    "invoice_number",
    "currency",
    "term",
    "posted_at",
    "modified_at",
    "paid_at",
    "subtotal",
    "discount",
    "tax",
    "payments",
    "credits",
    "credit_notes",
    "write_offs",
    "outstanding",
    "opening_balance",
    "closing_balance",
    "po_number",
    "notes",
    "first_name",
    "middle_name",
    "last_name",
    "company_name",
    "suffix",
    "title",
    "primary_email",
    "primary_phone",
    "secondary_email",
    "secondary_phone",
    "reference",
    "default_term",
    "reference_date",
    "is_hidden_on_portal",
];

/// Stores a posted invoice with its charges and instalments.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, invoice: &Invoice) -> Result<(), Error> {
    let (totals, contact) = (&invoice.totals, &invoice.contact);
    let outstanding = totals.outstanding().map_err(|error| Error::Value(error.to_string()))?;
    let row = values![
        account.0,
        invoice.id.0,
        invoice.customer.0,
        invoice.number,
        invoice.currency.code(),
        invoice.term.name(),
        at(invoice.posted_at),
        at(invoice.modified_at),
        at_opt(invoice.paid_at),
        totals.subtotal.millionths(),
        totals.discount.millionths(),
        totals.tax.millionths(),
        totals.payments.millionths(),
        totals.credits.millionths(),
        totals.credit_notes.millionths(),
        totals.write_offs.millionths(),
        outstanding.millionths(),
        invoice.opening_balance.millionths(),
        invoice.closing_balance.millionths(),
        text_opt(invoice.po_number.as_ref()),
        text_opt(invoice.notes.as_ref()),
        text_opt(contact.first_name.as_ref()),
        text_opt(contact.middle_name.as_ref()),
        text_opt(contact.last_name.as_ref()),
        text_opt(contact.company_name.as_ref()),
        text_opt(contact.suffix.as_ref()),
        name_opt(contact.title),
        text_opt(contact.primary_email.as_ref()),
        text_opt(contact.primary_phone.as_ref()),
        text_opt(contact.secondary_email.as_ref()),
        text_opt(contact.secondary_phone.as_ref()),
        text_opt(contact.reference.as_ref()),
        (invoice.default_term != invoice.term).then(|| invoice.default_term.name()),
        day_opt(invoice.reference_date),
        invoice.is_hidden_on_portal
    ];
    tx.insert("invoice", COLUMNS, [row])?;
    charge::insert(tx, account, invoice)?;
    let schedules = invoice.schedules.iter().map(|schedule| {
        values![
            account.0,
            invoice.id.0,
            schedule.id,
            at(schedule.due_at),
            schedule.amount.millionths(),
            schedule.outstanding.millionths(),
            schedule.days_due_after_term
        ]
    });
    tx.insert("payment_schedule", SCHEDULE_COLUMNS, schedules)?;
    if let Some(addresses) = &invoice.addresses {
        address::insert_of_invoice(tx, account, invoice.id, addresses)?;
    }
    tax::insert(tx, account, invoice.id, &invoice.taxes)
}

const SCHEDULE_COLUMNS: &[&str] =
    &["account_id", "invoice_id", "id", "due_at", "amount", "outstanding", "days_due_after_term"];

const SELECT: &str = "i.id, i.customer_id, i.invoice_number, i.currency, i.term, i.posted_at, i.modified_at, i.paid_at,
    i.subtotal, i.discount, i.tax, i.payments, i.credits, i.credit_notes, i.write_offs, i.opening_balance,
    i.closing_balance, i.po_number, i.notes, i.first_name, i.middle_name, i.last_name, i.company_name, i.suffix, i.title,
    i.primary_email, i.primary_phone, i.secondary_email, i.secondary_phone, i.reference,
    COALESCE(i.default_term, i.term), i.reference_date, i.is_hidden_on_portal";

/// One invoice with charges and instalments.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: InvoiceId) -> Result<Option<Invoice>, Error> {
    let sql = format!("SELECT {SELECT} FROM invoice i WHERE i.account_id = $1 AND i.id = $2");
    let mut found =
        Vec::from_iter(tx.query_opt(&sql, &values![account.0, id.0], |row| invoice(&mut Columns::of(row)))?);
    details::fill(tx, account, &mut found)?;
    details::fill_charges(tx, account, &mut found)?;
    Ok(found.pop())
}

/// Whose an invoice is.
pub fn find_customer(tx: &mut Tx<'_>, account: AccountId, id: InvoiceId) -> Result<Option<CustomerId>, Error> {
    tx.query_opt(
        "SELECT customer_id FROM invoice WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0],
        |row| row.get(0).map(CustomerId),
    )
}

/// Whose these invoices are; those that there are not are left out.
pub fn find_customers(
    tx: &mut Tx<'_>,
    account: AccountId,
    invoices: &[InvoiceId],
) -> Result<HashMap<InvoiceId, CustomerId>, Error> {
    let ids: Vec<i64> = invoices.iter().map(|id| id.0).collect();
    let sql = "SELECT id, customer_id FROM invoice WHERE account_id = $1 AND id IN ({owners})";
    let mut customers = HashMap::with_capacity(ids.len());
    each_of(tx, account, &ids, sql, |id, columns| {
        customers.insert(InvoiceId(id), CustomerId(columns.next()?));
        Ok(())
    })?;
    Ok(customers)
}

/// What an invoice still owes, and what of it was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debt {
    /// What it owes.
    pub outstanding: Amount,
    /// What was written off so far.
    pub write_offs: Amount,
    /// Its instalments, in order of their ids.
    pub schedules: Vec<PaymentSchedule>,
}

/// What invoices of locked customers owe; those that there are not are left out.
pub fn find_debts(
    tx: &mut Tx<'_>,
    account: AccountId,
    invoices: &[InvoiceId],
) -> Result<HashMap<InvoiceId, Debt>, Error> {
    let ids: Vec<i64> = invoices.iter().map(|id| id.0).collect();
    let sql = "SELECT id, outstanding, write_offs FROM invoice WHERE account_id = $1 AND id IN ({owners})";
    let mut debts = HashMap::with_capacity(ids.len());
    each_of(tx, account, &ids, sql, |id, columns| {
        let debt = Debt { outstanding: columns.amount()?, write_offs: columns.amount()?, schedules: Vec::new() };
        debts.insert(InvoiceId(id), debt);
        Ok(())
    })?;
    details::each_schedule(tx, account, &ids, |invoice, schedule| {
        debts.entry(invoice).and_modify(|debt| debt.schedules.push(schedule));
    })?;
    Ok(debts)
}

/// Stores what write-offs took from the debts of locked customers; instalments apart.
pub fn set_written_off<'d>(
    tx: &mut Tx<'_>,
    account: AccountId,
    debts: impl IntoIterator<Item = (InvoiceId, &'d Debt)>,
    now: Instant,
) -> Result<(), Error> {
    let rows = debts.into_iter().map(|(id, debt)| {
        values![account.0, id.0, debt.outstanding.millionths(), debt.write_offs.millionths(), at(now)]
    });
    tx.update("invoice", &["account_id", "id"], &["outstanding", "write_offs", "modified_at"], rows)
}

/// What a customer's invoice owes, and when it was posted.
pub fn find_open(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    id: InvoiceId,
) -> Result<Option<OpenInvoice>, Error> {
    tx.query_opt(
        "SELECT id, outstanding, posted_at FROM invoice WHERE account_id = $1 AND id = $2 AND customer_id = $3",
        &values![account.0, id.0, customer.0],
        open_invoice,
    )
}

/// As [`find_open`] of many; those that there are not are left out, as are other customers'.
pub fn find_each_open(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    ids: &[InvoiceId],
) -> Result<HashMap<InvoiceId, OpenInvoice>, Error> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let sql = "SELECT id, customer_id, outstanding, posted_at FROM invoice WHERE account_id = $1 AND id IN ({owners})";
    let mut open = HashMap::with_capacity(ids.len());
    each_of(tx, account, &ids, sql, |id, columns| {
        if CustomerId(columns.next()?) == customer {
            let invoice =
                OpenInvoice { id: InvoiceId(id), outstanding: columns.amount()?, posted_at: columns.instant()? };
            open.insert(invoice.id, invoice);
        }
        Ok(())
    })?;
    Ok(open)
}

/// The invoices of a customer that owe something, oldest first.
pub fn list_open(tx: &mut Tx<'_>, account: AccountId, customer: CustomerId) -> Result<Vec<OpenInvoice>, Error> {
    tx.query(
        "SELECT id, outstanding, posted_at FROM invoice
         WHERE account_id = $1 AND customer_id = $2 AND outstanding > 0 ORDER BY id",
        &values![account.0, customer.0],
        open_invoice,
    )
}

fn open_invoice(row: &Row<'_>) -> Result<OpenInvoice, Error> {
    let mut columns = Columns::of(row);
    Ok(OpenInvoice { id: InvoiceId(columns.next()?), outstanding: columns.amount()?, posted_at: columns.instant()? })
}

/// What changes an invoice's balance: takes from it when above zero, gives back when below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taken {
    /// By payments and refunds.
    pub payments: Amount,
    /// By credits and debits.
    pub credits: Amount,
    /// By credit notes.
    pub credit_notes: Amount,
}

/// Changes an invoice's balance. `paid_at` is set when a payment or a credit leaves nothing to owe, or a credit note takes
/// back all that was not paid, and cleared as soon as something is owed again. Whose invoice it is, and how that customer
/// stands; `None` when there is no such invoice.
pub fn change(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: InvoiceId,
    taken: Taken,
    now: Instant,
) -> Result<Option<(CustomerId, AccountStatus)>, Error> {
    tx.query_opt(
        "UPDATE invoice SET payments = payments + $3, credits = credits + $4, credit_notes = credit_notes + $5,
             outstanding = outstanding - $3 - $4 - $5, modified_at = $6,
             paid_at = CASE WHEN outstanding > $3 + $4 + $5 THEN NULL
                 WHEN $3 > 0 OR $4 > 0 THEN $6
                 WHEN $5 > 0 AND payments + credits > 0 AND write_offs = 0 THEN $6 ELSE paid_at END
         WHERE account_id = $1 AND id = $2
         RETURNING customer_id, (SELECT c.account_status FROM customer c
             WHERE c.account_id = invoice.account_id AND c.id = invoice.customer_id)",
        &values![
            account.0,
            id.0,
            taken.payments.millionths(),
            taken.credits.millionths(),
            taken.credit_notes.millionths(),
            at(now)
        ],
        |row| {
            let mut columns = Columns::of(row);
            Ok((CustomerId(columns.next()?), columns.named()?))
        },
    )
}

/// Sets when an invoice was paid that owes nothing.
pub fn set_paid_at(tx: &mut Tx<'_>, account: AccountId, id: InvoiceId, paid_at: Instant) -> Result<(), Error> {
    tx.execute(
        "UPDATE invoice SET paid_at = $3 WHERE account_id = $1 AND id = $2 AND outstanding = 0",
        &values![account.0, id.0, at(paid_at)],
    )?;
    Ok(())
}

/// Sets what instalments still owe: the invoice, the instalment, the amount.
pub fn set_outstanding_of_schedules(
    tx: &mut Tx<'_>,
    account: AccountId,
    changes: impl IntoIterator<Item = (InvoiceId, i64, Amount)>,
) -> Result<(), Error> {
    let rows = changes
        .into_iter()
        .map(|(invoice, schedule, outstanding)| values![account.0, invoice.0, schedule, outstanding.millionths()]);
    tx.update("payment_schedule", &["account_id", "invoice_id", "id"], &["outstanding"], rows)
}

/// Names that invoices can be filtered and sorted by (conventions.md §8).
pub const LIST_COLUMNS: &[Column] = &joined::<{ OWN.len() + OF_CUSTOMER.len() }>(&[OWN, OF_CUSTOMER]);

const OWN: &[Column] = &[
    searched("id", Kind::Id, "i.id"),
    column("createdTimestamp", Kind::Instant, "i.posted_at"),
    column("effectiveTimestamp", Kind::Instant, "i.posted_at"),
    column("postedTimestamp", Kind::Instant, "i.posted_at"),
    column("openingArBalance", Kind::Decimal, "i.opening_balance"),
    column("closingArBalance", Kind::Decimal, "i.closing_balance"),
    column("customerId", Kind::Integer, "i.customer_id"),
    searched("invoiceNumber", Kind::Integer, "i.invoice_number"),
    column("netsuiteId", Kind::Text, NO_TEXT),
    searched("poNumber", Kind::Text, "i.po_number"),
    column("quickBooksId", Kind::Integer, NO_NUMBER),
    column("SalesforceID", Kind::Text, NO_TEXT),
    column("totalInstallments", Kind::Integer, INSTALMENTS),
];

const INSTALMENTS: &str =
    "(SELECT COUNT(*) FROM payment_schedule s WHERE s.account_id = i.account_id AND s.invoice_id = i.id)";

const FROM: &str = "invoice i JOIN customer c ON c.account_id = i.account_id AND c.id = i.customer_id";

/// A page of the account's invoices, without charges.
pub fn list(tx: &mut Tx<'_>, account: AccountId, page: &Page) -> Result<Slice<Invoice>, Error> {
    let source = Source { select: SELECT, from: FROM, scope: "i.account_id = $1", id: "i.id", columns: LIST_COLUMNS };
    let mut slice = list_page(tx, &source, &values![account.0], page, |row| invoice(&mut Columns::of(row)))?;
    details::fill(tx, account, &mut slice.rows)?;
    Ok(slice)
}

/// A page of a customer's invoices, with charges.
pub fn list_of_customer(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    page: &Page,
) -> Result<Slice<Invoice>, Error> {
    let source = Source {
        select: SELECT,
        from: FROM,
        scope: "i.account_id = $1 AND i.customer_id = $2",
        id: "i.id",
        columns: LIST_COLUMNS,
    };
    let mut slice =
        list_page(tx, &source, &values![account.0, customer.0], page, |row| invoice(&mut Columns::of(row)))?;
    details::fill(tx, account, &mut slice.rows)?;
    details::fill_charges(tx, account, &mut slice.rows)?;
    Ok(slice)
}

/// The invoices with these ids as far as their own rows say, by id.
pub fn list_heads(tx: &mut Tx<'_>, account: AccountId, invoices: &[i64]) -> Result<HashMap<InvoiceId, Invoice>, Error> {
    let sql = format!("SELECT i.id, {SELECT} FROM invoice i WHERE i.account_id = $1 AND i.id IN ({{owners}})");
    let mut heads = HashMap::new();
    each_of(tx, account, invoices, &sql, |id, columns| {
        heads.insert(InvoiceId(id), invoice(columns)?);
        Ok(())
    })?;
    Ok(heads)
}

/// An invoice, from the columns of [`SELECT`].
fn invoice(columns: &mut Columns<'_, '_>) -> Result<Invoice, Error> {
    Ok(Invoice {
        id: InvoiceId(columns.next()?),
        customer: CustomerId(columns.next()?),
        number: columns.next()?,
        currency: columns.currency()?,
        term: columns.named()?,
        posted_at: columns.instant()?,
        modified_at: columns.instant()?,
        paid_at: columns.instant_opt()?,
        totals: Totals {
            subtotal: columns.amount()?,
            discount: columns.amount()?,
            tax: columns.amount()?,
            payments: columns.amount()?,
            credits: columns.amount()?,
            credit_notes: columns.amount()?,
            write_offs: columns.amount()?,
        },
        opening_balance: columns.amount()?,
        closing_balance: columns.amount()?,
        po_number: columns.next()?,
        notes: columns.next()?,
        contact: contact(columns)?,
        default_term: columns.named()?,
        reference_date: columns.date_opt()?,
        is_hidden_on_portal: columns.next()?,
        schedules: Vec::new(),
        charges: Vec::new(),
        owed_before: None,
        taxes: Vec::new(),
        addresses: None,
        revisions: Vec::new(),
    })
}

/// Names and contacts, from `first_name` to `reference`.
pub(crate) fn contact(columns: &mut Columns<'_, '_>) -> Result<Contact, Error> {
    Ok(Contact {
        first_name: columns.next()?,
        middle_name: columns.next()?,
        last_name: columns.next()?,
        company_name: columns.next()?,
        suffix: columns.next()?,
        title: columns.named_opt()?,
        primary_email: columns.next()?,
        primary_phone: columns.next()?,
        secondary_email: columns.next()?,
        secondary_phone: columns.next()?,
        reference: columns.next()?,
    })
}
