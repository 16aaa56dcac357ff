//! `billfold bulk results`: what became of records, as a file.

use billing::bulk::BulkOutcome;

use super::{
    client::Client,
    file::{self, Output},
};
use crate::{
    cli::{BulkResults, ResultFormat},
    failure::Failure,
};

pub(super) fn run(order: &BulkResults) -> Result<(), Failure> {
    let client = Client::of(&order.one.server);
    save(&client, order.one.id, order.outcome, Output::open(&order.output)?, order.format)
}

/// Writes the records of a job that have come to `outcome` to a file.
pub(super) fn save(
    client: &Client,
    id: i64,
    outcome: BulkOutcome,
    output: Output<'_>,
    format: Option<ResultFormat>,
) -> Result<(), Failure> {
    let (outcome, format) = (outcome.to_string(), file::result_format(output.path(), format));
    let query = [("outcome", outcome.as_str()), ("format", format)];
    let mut content = client.download(&format!("/v1/BulkApi/Jobs/{id}/Results"), &query)?;
    output.write(&mut content, |error| client.lost(error))
}
