//! What callers send about bulk jobs.

use app::bulk::{Header, submit::Order, upload};
use billing::{
    bulk::{BulkJobType, BulkMode, BulkOptions, SubmittedJobType},
    id::BulkJobId,
    named::Named,
    problem::{Problem, Problems},
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    name::Name,
    routes::parse::required,
    wire::{query::Query, shape::Raw},
};

/// A job to submit.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SubmitRequest {
    /// `BulkWriteOff` or `BulkPayment`. Required.
    account_upload_type: Option<Name<SubmittedJobType>>,
    /// Ids of invoices to write off, or bodies of payments to create. Required.
    data: Option<Vec<Raw>>,
}

/// A job to process.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ProcessRequest {
    /// The job. Required.
    id: Option<i64>,
    /// Has no effect.
    settings: Option<String>,
}

impl SubmitRequest {
    /// The order; what a record holds is a matter of its validation.
    pub(super) fn parse(self) -> Result<Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let job_type = required(&mut problems, "AccountUploadType", self.account_upload_type);
        let data = required(&mut problems, "Data", self.data);
        problems.into_result()?;
        // Nothing is missing here: whatever was, is a problem above.
        let Name(job_type) = job_type.unwrap_or(Name(SubmittedJobType::BulkWriteOff));
        let records = data.unwrap_or_default().into_iter().map(text).collect();
        Ok(Order { job_type, records })
    }
}

impl ProcessRequest {
    pub(super) fn parse(self) -> Result<BulkJobId, Vec<Problem>> {
        self.id.map(BulkJobId).ok_or_else(|| vec![Problem::required("Id")])
    }
}

/// Longest label and name of a file, in characters.
const LABEL_MAX: usize = 255;

/// What the query string of an upload asks for.
pub(super) fn upload(query: &Query) -> Result<upload::Order, Vec<Problem>> {
    let mut problems = Problems::new();
    let mut read = Read { query, problems: &mut problems };
    let job_type = read.named::<BulkJobType>("type");
    let options = BulkOptions {
        mode: read.named("mode").unwrap_or(BulkMode::Continue),
        is_dry_run: read.value("dryRun", Query::boolean).unwrap_or_default(),
        pause_after: read.value("pauseAfter", Query::integer),
        starts_at: read.value("startAt", Query::instant),
    };
    let (reference, file_name) = (read.label("reference"), read.label("fileName"));
    let allows_repeat = read.value("allowRepeat", Query::boolean).unwrap_or_default();
    if query.text("type").is_none_or(|text| text.trim().is_empty()) {
        problems.push("type", "The type field is required.");
    }
    problems.into_result()?;
    // Nothing is missing here: whatever was, is a problem above.
    let job_type = job_type.unwrap_or(BulkJobType::BulkWriteOff);
    Ok(upload::Order { header: Header { options, reference, file_name, ..Header::of(job_type) }, allows_repeat })
}

/// Reads parameters and notes what is wrong with them.
struct Read<'r> {
    query: &'r Query,
    problems: &'r mut Problems,
}

impl Read<'_> {
    fn value<T>(&mut self, name: &str, read: fn(&Query, &str) -> Result<Option<T>, Problem>) -> Option<T> {
        match read(self.query, name) {
            Ok(value) => value,
            Err(problem) => {
                self.problems.push(&problem.field, problem.message);
                None
            }
        }
    }

    fn named<T: Named>(&mut self, name: &str) -> Option<T> {
        self.value(name, |query, name| query.one_of(name, T::NAMES)).and_then(T::from_name)
    }

    fn label(&mut self, name: &str) -> Option<String> {
        let text = self.query.text(name).map(str::trim).filter(|text| !text.is_empty())?;
        if text.chars().count() > LABEL_MAX {
            self.problems.push(name, format!("The field {name} must have at most {LABEL_MAX} characters."));
        }
        Some(text.to_owned())
    }
}

/// A record as text: a string without its quotes, anything else as compact JSON.
fn text(Raw(json): Raw) -> String {
    if json.starts_with('"') { serde_json::from_str(&json).unwrap_or(json) } else { json }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::de;

    fn parse(body: &str) -> Result<Order, Vec<Problem>> {
        de::from_slice::<SubmitRequest>(body.as_bytes())?.parse()
    }

    #[test]
    fn ids_are_numbers_or_texts() {
        let order = parse("{accountUploadType:'bulkwriteoff',data:[700101, '700102', \"x\\\"y\", null]}").unwrap();
        assert_eq!(order.job_type, SubmittedJobType::BulkWriteOff);
        assert_eq!(order.records, ["700101", "700102", "x\"y", "null"]);
    }

    #[test]
    fn payments_are_kept_as_compact_json() {
        let body = "{accountUploadType:'bulkPayment',data:[{customerId: 4411, amount: 25.10, reference: 'chk 88'}]}";
        let order = parse(body).unwrap();
        assert_eq!(order.job_type, SubmittedJobType::BulkPayment);
        assert_eq!(order.records, ["{\"customerId\":4411,\"amount\":25.10,\"reference\":\"chk 88\"}"]);
    }

    #[test]
    fn a_kept_payment_reads_as_the_call_for_one() {
        let body = "{accountUploadType:'BulkPayment',data:[{customerId:4411,source:'import',paymentMethod:'check',\
                    amount:25.10,autoAllocate:true},{amount:0.001}]}";
        let records = parse(body).unwrap().records;
        let parser = crate::routes::bulk::record_parser();
        let order = (parser.payment)(&records[0]).unwrap();
        let order = order.payment();
        assert_eq!((order.customer.0, order.amount.to_string()), (4411, "25.1".to_owned()));
        let fields: Vec<_> =
            (parser.payment)(&records[1]).unwrap_err().into_iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["CustomerId", "Source", "Amount", "PaymentMethod"]);
    }

    #[test]
    fn everything_missing_is_told_at_once() {
        let fields: Vec<_> = parse("{}").unwrap_err().into_iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["AccountUploadType", "Data"]);
        assert_eq!(ProcessRequest::default().parse(), Err(vec![Problem::required("Id")]));
        let unknown = parse("{accountUploadType:'Nothing',data:[1]}").unwrap_err();
        assert_eq!(unknown[0].field, "AccountUploadType");
        assert_eq!(unknown[0].message, "AccountUploadType must be one of BulkWriteOff, BulkPayment.");
    }
}
