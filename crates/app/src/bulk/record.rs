//! One record: read its text, check it or apply it, and say what became of it.

use std::collections::BTreeSet;

use billing::{
    account::Session,
    bulk::{BulkJobType, BulkRecord, BulkRecordStatus},
    id::InvoiceId,
    payment::PaymentOrder,
    problem::Problem,
    write_off::Extent,
};
use db::Tx;

use crate::{Error, invoices::write_off, payments};

/// Reads records whose text only the wire knows.
#[derive(Debug, Clone, Copy)]
pub struct RecordParser {
    /// A payment, as the body of a payment call.
    pub payment: fn(&str) -> Result<PaymentOrder, Vec<Problem>>,
}

/// What a record asks for.
enum Input {
    WriteOff(InvoiceId),
    Payment(Box<PaymentOrder>),
}

/// What became of a record.
pub(super) struct Verdict {
    pub(super) status: BulkRecordStatus,
    pub(super) details: Option<String>,
    pub(super) created_id: Option<i64>,
}

impl Verdict {
    /// Says nothing but where the record stands.
    pub(super) fn is_plain(&self) -> bool {
        self.details.is_none() && self.created_id.is_none()
    }
}

/// What a record tells whose failure is not the caller's doing.
const BROKEN: &str = "The record could not be processed because of an internal error.";

/// Locks the customers of all records that can be read, in the order of their ids, before any of them is looked at: the
/// records of a chunk come in any order, and two who lock the same customers in different orders wait for each other.
pub(super) fn lock_customers(
    tx: &mut Tx<'_>,
    session: &Session,
    parser: RecordParser,
    job_type: BulkJobType,
    records: &[BulkRecord],
) -> Result<(), Error> {
    let (mut customers, mut invoices) = (BTreeSet::new(), Vec::new());
    for record in records.iter().filter(|record| !record.status.has_ended()) {
        match parse(parser, job_type, &record.data) {
            Ok(Input::WriteOff(invoice)) => invoices.push(invoice),
            Ok(Input::Payment(order)) => {
                customers.insert(order.customer);
            }
            // Its turn will come to say what is wrong with it.
            Err(_) => {}
        }
    }
    customers.extend(store::invoice::find_customers(tx, session.account.id, &invoices)?);
    Ok(store::customer::lock_many(tx, session.account.id, &customers)?)
}

/// Whether the record could be applied now.
pub(super) fn validate(
    tx: &mut Tx<'_>,
    session: &Session,
    parser: RecordParser,
    job_type: BulkJobType,
    record: &BulkRecord,
) -> Result<Verdict, Error> {
    let checked = parse(parser, job_type, &record.data).and_then(|input| match input {
        Input::WriteOff(invoice) => write_off::check(tx, session, invoice),
        Input::Payment(order) => payments::create::check(tx, session, &order),
    });
    verdict(checked.map(|()| None), BulkRecordStatus::PassedValidation, BulkRecordStatus::FailedValidation)
}

/// Applies the record; what it did is undone when it failed.
pub(super) fn apply(
    tx: &mut Tx<'_>,
    session: &Session,
    parser: RecordParser,
    job_type: BulkJobType,
    record: &BulkRecord,
) -> Result<Verdict, Error> {
    let applied = parse(parser, job_type, &record.data).and_then(|input| {
        tx.savepoint(|tx| match &input {
            Input::WriteOff(invoice) => {
                let order = write_off::Order { invoice: *invoice, extent: Extent::Whole, reference: None };
                write_off::run(tx, session, &order).map(|_| None)
            }
            Input::Payment(order) => payments::create::run(tx, session, order).map(|payment| Some(payment.id.0)),
        })
    });
    verdict(applied, BulkRecordStatus::Processed, BulkRecordStatus::FailedProcessing)
}

/// The verdict on a record that cannot be tried to the end.
pub(super) fn broken(failed: BulkRecordStatus) -> Verdict {
    Verdict { status: failed, details: Some(BROKEN.to_owned()), created_id: None }
}

fn parse(parser: RecordParser, job_type: BulkJobType, text: &str) -> Result<Input, Error> {
    match job_type {
        BulkJobType::BulkWriteOff => match text.trim().parse() {
            Ok(id) => Ok(Input::WriteOff(InvoiceId(id))),
            Err(_) => Err(Error::invalid("Data", format!("'{text}' is not an invoice id."))),
        },
        BulkJobType::BulkPayment => {
            (parser.payment)(text).map(|order| Input::Payment(Box::new(order))).map_err(Error::Invalid)
        }
        other => Err(Error::invalid("Data", format!("Records of type {other} cannot be processed."))),
    }
}

/// A failure of the record is its result; one of the database is not, for it may pass.
fn verdict(
    result: Result<Option<i64>, Error>,
    passed: BulkRecordStatus,
    failed: BulkRecordStatus,
) -> Result<Verdict, Error> {
    let error = match result {
        Ok(created_id) => return Ok(Verdict { status: passed, details: None, created_id }),
        Err(error) => error,
    };
    let details = match &error {
        Error::Database(_) => return Err(error),
        Error::Invalid(problems) => {
            problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(", ")
        }
        Error::Unauthorized
        | Error::NotFound { .. }
        | Error::NotEnabled(_)
        | Error::Absent(_)
        | Error::Refused(_)
        | Error::KeyReused(_) => error.to_string(),
    };
    Ok(Verdict { status: failed, details: Some(details), created_id: None })
}
