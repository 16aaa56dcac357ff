//! Records one by one: what became of each, and how it is told.

use billing::{
    account::Session,
    bulk::{BulkJob, BulkJobType, BulkRecord, BulkRecordStatus},
    id::CustomerId,
    problem::Problem,
};
use db::Tx;
use money::{Amount, Currency};

use super::types::{self, Applied, Judged};
use crate::{Error, payments::collect::Asked};

/// The members of a record by their names, all values as texts; those without a value are left out.
pub type Cells = Vec<(String, String)>;

/// Reads records, which are texts as the wire has them.
#[derive(Debug, Clone, Copy)]
pub struct RecordParser {
    /// A payment, as the body of a payment call.
    pub payment: fn(&str) -> Result<Asked, Vec<Problem>>,
    /// An object of scalars.
    pub row: fn(&str) -> Result<Cells, Vec<Problem>>,
}

/// What became of a record.
pub(super) struct Verdict {
    pub(super) status: BulkRecordStatus,
    pub(super) details: Option<String>,
    pub(super) created_id: Option<i64>,
    /// What it has moved, or would where it was only checked, as far as that is known.
    pub(super) amount: Option<Amount>,
    /// Whose record it is.
    pub(super) customer: Option<CustomerId>,
    /// Of the amount.
    pub(super) currency: Option<Currency>,
}

impl Verdict {
    /// Says nothing but where the record stands.
    pub(super) fn is_plain(&self) -> bool {
        self.details.is_none() && self.created_id.is_none() && self.moved().is_none()
    }

    /// What it has moved.
    pub(super) fn moved(&self) -> Option<Amount> {
        self.amount.filter(|_| self.status == BulkRecordStatus::Processed)
    }
}

/// What a record tells whose failure is not the caller's doing.
const BROKEN: &str = "The record could not be processed because of an internal error.";

/// What becomes of the records that are to be checked: whether each could be applied now.
pub(super) fn validate_all(
    tx: &mut Tx<'_>,
    session: &Session,
    parser: RecordParser,
    job_type: BulkJobType,
    records: &[&BulkRecord],
) -> Result<Vec<Verdict>, Error> {
    let checked = match types::kind(job_type) {
        Some(kind) => kind.check_all(tx, session, parser, records)?,
        None => records.iter().map(|_| unknown(job_type)).collect(),
    };
    let (passed, failed) = (BulkRecordStatus::PassedValidation, BulkRecordStatus::FailedValidation);
    let would = |amount| Applied { amount, ..Applied::NOTHING };
    let known = |judged: Judged<_>| Judged {
        result: judged.result.map(would),
        customer: judged.customer,
        currency: judged.currency,
    };
    checked.into_iter().map(|judged| verdict(known(judged), passed, failed)).collect()
}

/// Applies the records, one after the other; what one did that failed is undone.
pub(super) fn apply_all(
    tx: &mut Tx<'_>,
    session: &Session,
    parser: RecordParser,
    job: &BulkJob,
    records: &[&BulkRecord],
) -> Result<Vec<Verdict>, Error> {
    let applied = match types::kind(job.job_type) {
        Some(kind) => kind.apply_all(tx, session, parser, job, records)?,
        None => records.iter().map(|_| unknown(job.job_type)).collect(),
    };
    let (passed, failed) = (BulkRecordStatus::Processed, BulkRecordStatus::FailedProcessing);
    applied.into_iter().map(|judged| verdict(judged, passed, failed)).collect()
}

fn unknown<T>(job_type: BulkJobType) -> Judged<T> {
    let error = Error::invalid("Data", format!("Records of type {job_type} cannot be processed."));
    Judged { customer: None, currency: None, result: Err(error) }
}

/// The verdict on a record that cannot be tried to the end.
pub(super) fn broken(failed: BulkRecordStatus) -> Verdict {
    Verdict {
        status: failed,
        details: Some(BROKEN.to_owned()),
        created_id: None,
        amount: None,
        customer: None,
        currency: None,
    }
}

/// What became of a record that was processed apart from the others.
pub(super) fn processed(customer: Option<CustomerId>, result: Result<Applied, Error>) -> Result<Verdict, Error> {
    verdict(
        Judged { customer, currency: None, result },
        BulkRecordStatus::Processed,
        BulkRecordStatus::FailedProcessing,
    )
}

/// The verdict on a record that failed for this reason.
pub(super) fn failed(customer: Option<CustomerId>, status: BulkRecordStatus, details: String) -> Verdict {
    Verdict { status, details: Some(details), created_id: None, amount: None, customer, currency: None }
}

/// A failure of the record is its result; one of the database is not, for it may pass.
fn verdict(
    Judged { customer, currency, result }: Judged<Applied>,
    passed: BulkRecordStatus,
    failed: BulkRecordStatus,
) -> Result<Verdict, Error> {
    let error = match result {
        Ok(Applied { created_id, amount }) => {
            return Ok(Verdict { status: passed, details: None, created_id, amount, customer, currency });
        }
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
        | Error::Unsettled(_)
        | Error::KeyReused(_) => error.to_string(),
    };
    Ok(Verdict { status: failed, details: Some(details), created_id: None, amount: None, customer, currency })
}
