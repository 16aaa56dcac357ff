//! `billfold bulk`: the jobs of a running server.

use std::{convert::Infallible, fmt, path::PathBuf, str::FromStr};

use app::bulk::types;
use billing::{
    bulk::{BulkJobType, BulkMode, BulkOutcome},
    named::Named,
};
use calendar::Instant;
use clap::{Args, Subcommand, ValueEnum, value_parser};

/// What scripts go by.
const EXIT: &str = "\
Exit status: 0 when every record succeeded as far as the job has come, 1 when a call failed or the job did, 2 for wrong usage,
3 when records failed or were given up. `billfold bulk results ID --outcome failed` has those that failed; corrected, that file is
submitted as it is.";

#[derive(Debug, Subcommand)]
pub(crate) enum BulkCommand {
    /// Send a file of records and have them validated, and processed if asked to.
    #[command(after_help = EXIT)]
    Submit(Box<BulkSubmit>),
    /// Show how far a job is.
    #[command(after_help = EXIT)]
    Status(BulkOne),
    /// Process the records of a job that passed validation.
    #[command(after_help = EXIT)]
    Process(BulkGoOn),
    /// Give up every record of a job that has not ended.
    Cancel(BulkOne),
    /// Pause the processing of a job between two records.
    Pause(BulkOne),
    /// Have a paused job go on where it is.
    #[command(after_help = EXIT)]
    Resume(BulkGoOn),
    /// Read what became of the records of a job.
    Results(BulkResults),
    /// Print an empty file of a type. Neither a server nor a key is needed.
    Template(BulkTemplate),
    /// List the newest jobs.
    List(BulkList),
}

/// Which server, and as whom.
#[derive(Debug, Args)]
pub(crate) struct Server {
    /// Where the server is.
    #[arg(long, env = "BILLFOLD_URL", default_value = "http://127.0.0.1:8080", value_name = "URL", value_parser = url)]
    pub(crate) url: String,
    /// The account's API key. Give it in the environment: others on the machine see what is typed.
    #[arg(long, visible_alias = "key", env = "BILLFOLD_API_KEY", hide_env_values = true, value_name = "KEY")]
    pub(crate) api_key: ApiKey,
    /// Print one JSON value and nothing else.
    #[arg(long, env = "BILLFOLD_JSON")]
    pub(crate) json: bool,
}

/// A key that is never printed.
#[derive(Clone)]
pub(crate) struct ApiKey(pub(crate) String);

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(…)")
    }
}

impl FromStr for ApiKey {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.trim().to_owned()))
    }
}

#[derive(Debug, Args)]
pub(crate) struct BulkSubmit {
    #[command(flatten)]
    pub(crate) server: Server,
    /// CSV, JSON Lines or a JSON array, by its name or `--format`; `.gz` is sent as it is; `-` is CSV from standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// What the records are, such as BulkWriteOff.
    #[arg(long, env = "BILLFOLD_TYPE", value_parser = submittable)]
    pub(crate) r#type: BulkJobType,
    /// How the file is written, where its name does not say so.
    #[arg(long, env = "BILLFOLD_FORMAT", value_enum)]
    pub(crate) format: Option<FileFormat>,
    /// Process the records that pass validation.
    #[arg(long, env = "BILLFOLD_PROCESS")]
    pub(crate) process: bool,
    /// Wait until all that was asked for is done, or the job pauses.
    #[arg(long, env = "BILLFOLD_WAIT")]
    pub(crate) wait: bool,
    /// Wait, and write what became of every record to a file: JSON Lines when its name ends in `.jsonl`, else CSV.
    #[arg(long, env = "BILLFOLD_RESULTS", value_name = "OUT")]
    pub(crate) results: Option<PathBuf>,
    /// What a record that fails means to the others: nothing (Continue), or that none is applied (Atomic).
    #[arg(long, env = "BILLFOLD_MODE", value_parser = named::<BulkMode>, default_value = "Continue")]
    pub(crate) mode: BulkMode,
    /// Process the records to see what comes of it, and take them back.
    #[arg(long, env = "BILLFOLD_DRY_RUN")]
    pub(crate) dry_run: bool,
    /// Pause after so many records, until `billfold bulk resume`.
    #[arg(long, env = "BILLFOLD_PAUSE_AFTER", value_name = "N", value_parser = value_parser!(i64).range(1..))]
    pub(crate) pause_after: Option<i64>,
    /// Process the records from this time on, which is to come, such as 2024-01-31T09:30:00Z.
    #[arg(long, env = "BILLFOLD_START_AT", value_name = "TIME", value_parser = instant, conflicts_with = "process")]
    pub(crate) start_at: Option<String>,
    /// A label of the job.
    #[arg(long, env = "BILLFOLD_REFERENCE")]
    pub(crate) reference: Option<String>,
    /// Send records again that came in the last 24 hours.
    #[arg(long, env = "BILLFOLD_ALLOW_REPEAT")]
    pub(crate) allow_repeat: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BulkOne {
    #[command(flatten)]
    pub(crate) server: Server,
    /// The job.
    #[arg(value_name = "ID")]
    pub(crate) id: i64,
}

#[derive(Debug, Args)]
pub(crate) struct BulkGoOn {
    #[command(flatten)]
    pub(crate) one: BulkOne,
    /// Wait until the job has ended, or pauses.
    #[arg(long, env = "BILLFOLD_WAIT")]
    pub(crate) wait: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BulkResults {
    #[command(flatten)]
    pub(crate) one: BulkOne,
    /// Which records: Succeeded, Failed, Unprocessed or All.
    #[arg(long, env = "BILLFOLD_OUTCOME", value_parser = named::<BulkOutcome>, default_value = "All")]
    pub(crate) outcome: BulkOutcome,
    /// How the file is written; by its name when absent.
    #[arg(long, env = "BILLFOLD_FORMAT", value_enum)]
    pub(crate) format: Option<ResultFormat>,
    /// The file; `-` is standard output.
    #[arg(long, env = "BILLFOLD_OUTPUT", value_name = "FILE", default_value = "-")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct BulkTemplate {
    /// The type, such as BulkWriteOff.
    #[arg(value_name = "TYPE", value_parser = submittable)]
    pub(crate) job_type: BulkJobType,
    /// Print the columns as one JSON value, with what belongs into each.
    #[arg(long, env = "BILLFOLD_JSON")]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BulkList {
    #[command(flatten)]
    pub(crate) server: Server,
    /// How many.
    #[arg(long, env = "BILLFOLD_NEWEST", value_name = "N", default_value_t = 20, value_parser = value_parser!(u16).range(1..=1_000))]
    pub(crate) newest: u16,
}

/// How a file of records is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileFormat {
    /// Rows below the names of the columns.
    Csv,
    /// A JSON record a line.
    Jsonl,
    /// One JSON array.
    Json,
}

/// How a file of results is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ResultFormat {
    /// Rows below the names of the columns.
    Csv,
    /// A JSON object a line.
    Jsonl,
}

fn submittable(text: &str) -> Result<BulkJobType, String> {
    let found = types::submittable().find(|job_type| job_type.name().eq_ignore_ascii_case(text));
    let names = || types::submittable().map(Named::name).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| format!("must be one of {}", names()))
}

fn named<T: Named>(text: &str) -> Result<T, String> {
    let found = T::ALL.iter().find(|value| value.name().eq_ignore_ascii_case(text));
    found.copied().ok_or_else(|| format!("must be one of {}", T::NAMES.join(", ")))
}

fn instant(text: &str) -> Result<String, String> {
    let read = Instant::parse(text).map(|_| text.to_owned());
    read.map_err(|_| "must be a time such as 2024-01-31T09:30:00Z".to_owned())
}

fn url(text: &str) -> Result<String, String> {
    let is_http = text.starts_with("http://") || text.starts_with("https://");
    if is_http {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err("must begin with http:// or https://".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_any_case() {
        assert_eq!(submittable("bulkwriteoff"), Ok(BulkJobType::BulkWriteOff));
        let refused = submittable("QuickBooksLatch").unwrap_err();
        assert!(refused.contains("PaymentImport") && !refused.contains("QuickBooks"), "{refused}");
        assert_eq!(named::<BulkMode>("some"), Err("must be one of Continue, Atomic".to_owned()));
    }

    #[test]
    fn a_server_is_reached_over_http() {
        assert_eq!(url("https://billing.example/base/"), Ok("https://billing.example/base".to_owned()));
        assert!(url("billing.example").is_err());
    }

    #[test]
    fn a_key_is_not_printed() {
        assert_eq!(format!("{:?}", " secret\n".parse::<ApiKey>()), "Ok(ApiKey(…))");
    }
}
