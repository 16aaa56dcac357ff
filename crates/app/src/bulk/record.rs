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
fn lock_customers(tx: &mut Tx<'_>, session: &Session, inputs: &[Result<Input, Error>]) -> Result<(), Error> {
    let mut customers = BTreeSet::new();
    for input in inputs.iter().flatten() {
        match input {
            // Write-offs lock all their customers themselves.
            Input::WriteOff(_) => {}
            Input::Payment(order) => {
                customers.insert(order.customer);
            }
        }
    }
    store::customer::lock_many(tx, session.account.id, &customers)?;
    Ok(())
}

/// What becomes of the records that are to be checked: whether each could be applied now.
pub(super) fn validate_all(
    tx: &mut Tx<'_>,
    session: &Session,
    parser: RecordParser,
    job_type: BulkJobType,
    records: &[&BulkRecord],
) -> Result<Vec<Verdict>, Error> {
    let inputs: Vec<_> = records.iter().map(|record| parse(parser, job_type, &record.data)).collect();
    lock_customers(tx, session, &inputs)?;
    let mut write_offs = write_off::check_all(tx, session, &written_off(&inputs))?.into_iter();
    let mut verdicts = Vec::with_capacity(inputs.len());
    for input in inputs {
        let checked = input.and_then(|input| match input {
            Input::WriteOff(_) => write_offs.next().unwrap_or_else(|| Err(Error::defect(UNANSWERED))),
            Input::Payment(order) => payments::create::check(tx, session, &order),
        });
        let (passed, failed) = (BulkRecordStatus::PassedValidation, BulkRecordStatus::FailedValidation);
        verdicts.push(verdict(checked.map(|()| None), passed, failed)?);
    }
    Ok(verdicts)
}

/// Applies the records, one after the other; what one did that failed is undone.
pub(super) fn apply_all(
    tx: &mut Tx<'_>,
    session: &Session,
    parser: RecordParser,
    job_type: BulkJobType,
    records: &[&BulkRecord],
) -> Result<Vec<Verdict>, Error> {
    let inputs: Vec<_> = records.iter().map(|record| parse(parser, job_type, &record.data)).collect();
    lock_customers(tx, session, &inputs)?;
    let order = |invoice| write_off::Order { invoice, extent: Extent::Whole, reference: None };
    let orders: Vec<_> = written_off(&inputs).into_iter().map(order).collect();
    let mut write_offs = write_off::run_all(tx, session, &orders)?.into_iter();
    let mut verdicts = Vec::with_capacity(inputs.len());
    for input in inputs {
        let applied = input.and_then(|input| match input {
            Input::WriteOff(_) => write_offs.next().unwrap_or_else(|| Err(Error::defect(UNANSWERED))).map(|_| None),
            Input::Payment(order) => {
                tx.savepoint(|tx| payments::create::run(tx, session, &order)).map(|payment| Some(payment.id.0))
            }
        });
        let (passed, failed) = (BulkRecordStatus::Processed, BulkRecordStatus::FailedProcessing);
        verdicts.push(verdict(applied, passed, failed)?);
    }
    Ok(verdicts)
}

/// The invoices that are to be written off, in order.
fn written_off(inputs: &[Result<Input, Error>]) -> Vec<InvoiceId> {
    let invoice = |input: &Input| match input {
        Input::WriteOff(invoice) => Some(*invoice),
        Input::Payment(_) => None,
    };
    inputs.iter().flatten().filter_map(invoice).collect()
}

/// A defect: every write-off has its result, in order.
const UNANSWERED: &str = "a write-off of a bulk job has no result";

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
