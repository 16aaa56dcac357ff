//! What can be typed. Every option also reads `BILLFOLD_…` from the environment.

mod books;
mod bulk;
mod gateways;
mod payments;
mod profile;
mod settings;

use std::{net::SocketAddr, path::PathBuf};

use billing::id::{AccountId, ApiKeyId};
use calendar::{Date, Zone};
use clap::{Args, Parser, Subcommand, ValueEnum, builder::RangedU64ValueParser};
use money::Currency;

pub(crate) use self::{
    books::{
        LedgerCommand, LedgerExport, LedgerFormat, ReportAging, ReportBy, ReportCommand, ReportFormat, ReportRevenue,
        ReportTrialBalance,
    },
    bulk::{
        Bulk, BulkCommand, BulkGoOn, BulkList, BulkOne, BulkResults, BulkSubmit, BulkTemplate, FileFormat,
        ResultFormat, Server,
    },
    gateways::{GatewayAdd, GatewayCommand, GatewayRemove, GatewaySetSecret, Kind, VaultCommand, VaultUse},
    payments::{Collecting, Payments},
    profile::{ProfileCommand, ProfileSet},
    settings::{SettingsCommand, SettingsSet},
};

/// Self-hosted billing server, wire-compatible with the Fusebill v1 REST API.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    /// How much is written to standard error.
    #[arg(long, global = true, env = "BILLFOLD_LOG", value_enum, default_value_t = Log::Warn)]
    pub(crate) log: Log,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Log {
    Error,
    Warn,
    Info,
    Debug,
}

impl Log {
    pub(crate) fn level(self) -> tracing::Level {
        match self {
            Self::Error => tracing::Level::ERROR,
            Self::Warn => tracing::Level::WARN,
            Self::Info => tracing::Level::INFO,
            Self::Debug => tracing::Level::DEBUG,
        }
    }
}

/// What an operator asks next; docs/operations.md says more.
const OPERATION: &str = "\
SQLite is for one serving process; on PostgreSQL, run `billfold serve` and `billfold worker` as often as you like.
Backup, also while serving: `sqlite3 billfold.db \".backup COPY\"`, or `pg_dump`; `billfold verify` checks a copy.
Upgrade: back up, stop every process, start the new version. It brings the schema up to date when it opens the
database, as `billfold migrate` does; an older version refuses a newer database.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the main job on a throw-away database, then serve it.
    Demo(Demo),
    /// Answer the API, and do bulk and scheduled work.
    #[command(after_help = OPERATION)]
    Serve(Serve),
    /// Do bulk and scheduled work only.
    Worker(Worker),
    /// Bring the database's schema up to date.
    Migrate(Database),
    /// Create and list accounts.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Create, list and revoke API keys.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Add, list and remove the payment gateways of an account.
    #[command(subcommand)]
    Gateway(GatewayCommand),
    /// Make and rotate the keys that seal stored secrets.
    #[command(subcommand)]
    Vault(VaultCommand),
    /// Read and write an account's catalogue as a file.
    #[command(subcommand)]
    Catalog(CatalogCommand),
    /// Submit files of records to a running server, and follow the jobs that they become.
    #[command(subcommand)]
    Bulk(BulkCommand),
    /// Recompute every balance, invoice, ledger chain and bulk job from its parts, and name the first row that disagrees.
    Verify(Verify),
    /// The ledger as other programs read it.
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Reports from the books.
    #[command(subcommand)]
    Report(ReportCommand),
    /// Print the OpenAPI document of the server.
    Openapi,
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub(crate) struct Database {
    /// `sqlite:FILE` (created if need be) or `postgres://USER@HOST/NAME`.
    #[arg(long, env = "BILLFOLD_DATABASE", default_value = "sqlite:billfold.db", value_name = "URL")]
    pub(crate) database: String,
}

/// Whose data.
#[derive(Debug, Clone, Args)]
pub(crate) struct OfAccount {
    /// The account; may be left out while there is only one.
    #[arg(long, env = "BILLFOLD_ACCOUNT", value_parser = account_id, value_name = "ID")]
    pub(crate) account: Option<AccountId>,
}

/// How it is told.
#[derive(Debug, Clone, Args)]
pub(crate) struct Output {
    /// Print one JSON object and nothing else.
    #[arg(long, env = "BILLFOLD_JSON")]
    pub(crate) json: bool,
}

/// What is asked of one account.
#[derive(Debug, Args)]
pub(crate) struct Inquiry {
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) of: OfAccount,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// End after the story instead of serving.
    #[arg(long, env = "BILLFOLD_EXIT")]
    pub(crate) exit: bool,
    /// Address to listen on; 127.0.0.1:8080 when absent, or any free port when that is taken and `--exit` is given.
    #[arg(long, env = "BILLFOLD_LISTEN", value_name = "ADDR")]
    pub(crate) listen: Option<SocketAddr>,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) database: Database,
    /// Address to listen on.
    #[arg(long, env = "BILLFOLD_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub(crate) listen: SocketAddr,
    /// Leave bulk and scheduled work to other processes.
    #[arg(long, env = "BILLFOLD_NO_WORKERS")]
    pub(crate) no_workers: bool,
    /// Where callers reach the server, for the `uri` members of answers; the request's Host when absent.
    #[arg(long, env = "BILLFOLD_BASE_URL", value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Requests of an account in a minute.
    #[arg(long, env = "BILLFOLD_RATE_LIMIT_MINUTE", default_value_t = 10_000_000, value_name = "N")]
    pub(crate) rate_limit_minute: i64,
    /// Requests of an account in a day.
    #[arg(long, env = "BILLFOLD_RATE_LIMIT_DAY", default_value_t = 10_000_000_000, value_name = "N")]
    pub(crate) rate_limit_day: i64,
    /// PDF files that an account may read in a minute; HTML is limited as every request is.
    #[arg(long, env = "BILLFOLD_RATE_LIMIT_PDF_MINUTE", default_value_t = 600, value_name = "N")]
    pub(crate) rate_limit_pdf_minute: i64,
    /// Largest request body.
    #[arg(long, env = "BILLFOLD_BODY_BYTES_MAX", default_value_t = 64 * 1024 * 1024, value_name = "BYTES")]
    pub(crate) body_bytes_max: usize,
    /// Longest time that a request body may take to arrive, in seconds; a slower one is answered with 408.
    #[arg(long, env = "BILLFOLD_BODY_SECONDS_MAX", default_value_t = 120, value_name = "SECONDS", value_parser = seconds())]
    pub(crate) body_seconds_max: u64,
    /// Longest time that is waited for the headers of a request, or for the next request, in seconds; then the connection
    /// is closed.
    #[arg(long, env = "BILLFOLD_HEADER_SECONDS_MAX", default_value_t = 75, value_name = "SECONDS", value_parser = seconds())]
    pub(crate) header_seconds_max: u64,
    /// Longest time that calls under way are given when the server is asked to stop, in seconds.
    #[arg(long, env = "BILLFOLD_SHUTDOWN_SECONDS_MAX", default_value_t = 30, value_name = "SECONDS", value_parser = seconds())]
    pub(crate) shutdown_seconds_max: u64,
    #[command(flatten)]
    pub(crate) payments: Payments,
    #[command(flatten)]
    pub(crate) collecting: Collecting,
    #[command(flatten)]
    pub(crate) bulk: Bulk,
}

#[derive(Debug, Args)]
pub(crate) struct Worker {
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) payments: Payments,
    #[command(flatten)]
    pub(crate) collecting: Collecting,
    #[command(flatten)]
    pub(crate) bulk: Bulk,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Create an account and print its API key, once.
    Create(AccountCreate),
    /// List the accounts of the database.
    List(AccountList),
    /// Read and change what an account says of itself on invoices and other documents.
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// Read and change how an account collects what falls due, and its terms.
    #[command(subcommand)]
    Settings(SettingsCommand),
}

#[derive(Debug, Args)]
pub(crate) struct AccountCreate {
    #[command(flatten)]
    pub(crate) database: Database,
    /// The merchant's name.
    #[arg(long, env = "BILLFOLD_NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) name: String,
    /// Currency of customers that name none.
    #[arg(long, env = "BILLFOLD_CURRENCY", default_value = "USD", value_parser = currency)]
    pub(crate) currency: Currency,
    /// Where the account's days begin, an IANA name such as America/Toronto.
    #[arg(long, env = "BILLFOLD_TIMEZONE", default_value = "UTC", value_parser = zone)]
    pub(crate) timezone: Zone,
    /// What is off until it is enabled; may be given several times.
    #[arg(long, env = "BILLFOLD_ENABLE", value_enum, value_delimiter = ',')]
    pub(crate) enable: Vec<Feature>,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct AccountList {
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// What can be enabled for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Feature {
    /// `POST /v1/invoices/writeoff` and bulk jobs of type `BulkWriteOff`.
    WriteOffOverApi,
    /// References of tracked items may be used again once every earlier purchase that holds them is finalized.
    TrackedItemReuse,
    /// Invoices wait as drafts until they are posted, unless the customer's billing setting says otherwise.
    DraftInvoices,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Create a key and print it, once.
    Create(KeyCreate),
    /// List an account's keys, without the keys themselves.
    List(Inquiry),
    /// Revoke a key at once.
    Revoke(KeyRevoke),
}

#[derive(Debug, Args)]
pub(crate) struct KeyCreate {
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) of: OfAccount,
    /// What the key is for.
    #[arg(long, env = "BILLFOLD_LABEL", default_value = "")]
    pub(crate) label: String,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct KeyRevoke {
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) of: OfAccount,
    /// The key's id, as `key list` shows it.
    #[arg(long, alias = "id", env = "BILLFOLD_KEY_ID", value_parser = key_id, value_name = "ID")]
    pub(crate) key_id: ApiKeyId,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CatalogCommand {
    /// Make the account's catalogue what a file says, all of it or nothing.
    Import(CatalogImport),
    /// Write the account's catalogue to a file.
    Export(CatalogExport),
}

#[derive(Debug, Args)]
pub(crate) struct CatalogImport {
    #[command(flatten)]
    pub(crate) database: Database,
    /// JSON, or products as CSV when its name ends in `.csv`; `-` is JSON from standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) of: OfAccount,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct CatalogExport {
    #[command(flatten)]
    pub(crate) database: Database,
    /// Written as JSON, or products as CSV when its name ends in `.csv`; `-` is JSON to standard output.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) of: OfAccount,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) database: Database,
    /// Where everything agrees, seal what is there and print the hash: kept elsewhere, it proves later that nothing before
    /// it was changed. One is made every night, too.
    #[arg(long, env = "BILLFOLD_CHECKPOINT")]
    pub(crate) checkpoint: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// At least one, at most a day.
fn seconds() -> RangedU64ValueParser<u64> {
    RangedU64ValueParser::new().range(1..=86_400)
}

fn date(text: &str) -> Result<Date, String> {
    calendar::parse_date(text).map_err(|error| error.to_string())
}

fn currency(code: &str) -> Result<Currency, String> {
    let codes = || Currency::ALL.map(Currency::code).join(", ");
    Currency::parse(code).ok_or_else(|| format!("must be one of {}", codes()))
}

fn zone(name: &str) -> Result<Zone, String> {
    Zone::parse(name).map_err(|error| error.to_string())
}

fn account_id(text: &str) -> Result<AccountId, String> {
    text.parse().map(AccountId).map_err(|_| "must be a number".to_owned())
}

fn key_id(text: &str) -> Result<ApiKeyId, String> {
    text.parse().map(ApiKeyId).map_err(|_| "must be a number".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_option_reads_the_environment() {
        fn check(command: &clap::Command) {
            for argument in command.get_arguments().filter(|argument| argument.get_long().is_some()) {
                let name = argument.get_long().unwrap();
                if matches!(name, "help" | "version") {
                    continue;
                }
                let expected = format!("BILLFOLD_{}", name.replace('-', "_").to_uppercase());
                let found = argument.get_env().map(|env| env.to_string_lossy().into_owned());
                assert_eq!(found.as_deref(), Some(expected.as_str()), "--{name}");
            }
            command.get_subcommands().for_each(check);
        }
        check(&Arguments::command());
    }
}
