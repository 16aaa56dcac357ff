//! What can be asked of the books: exports and reports.

use std::path::PathBuf;

use calendar::Date;
use clap::{Args, Subcommand, ValueEnum};

use super::{Database, OfAccount, date};

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Write every transaction of an account for another program.
    Export(LedgerExport),
}

#[derive(Debug, Args)]
pub(crate) struct LedgerExport {
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) of: OfAccount,
    /// How it is written.
    #[arg(long, env = "BILLFOLD_FORMAT", value_enum)]
    pub(crate) format: LedgerFormat,
    /// Where to; standard output when absent. A file that is there is replaced.
    #[arg(long, env = "BILLFOLD_OUT", value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// How the ledger is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LedgerFormat {
    /// For Beancount, with what every customer must owe at the end; `bean-check FILE` recomputes it.
    Beancount,
    /// One row a line of a transaction.
    Csv,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// What every customer owed at the end of a day, by how long it had been due.
    Aging(ReportAging),
    /// Deferred and earned revenue at the end of a day, net of discounts.
    Revenue(ReportRevenue),
    /// What every account of the chart holds at the end of a day.
    TrialBalance(ReportTrialBalance),
}

#[derive(Debug, Args)]
pub(crate) struct ReportRevenue {
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) report: Report,
    /// What a row stands for.
    #[arg(long, env = "BILLFOLD_BY", value_enum, default_value_t = ReportBy::Account)]
    pub(crate) by: ReportBy,
}

#[derive(Debug, Args)]
pub(crate) struct ReportAging {
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) report: Report,
}

#[derive(Debug, Args)]
pub(crate) struct ReportTrialBalance {
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) report: Report,
}

/// Of whom a report is, when, and how it is printed.
#[derive(Debug, Args)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) of: OfAccount,
    /// The day, such as 2024-01-31; today when absent.
    #[arg(long, env = "BILLFOLD_AS_OF", value_parser = date, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    /// How it is printed; `json` prints one JSON object and nothing else.
    #[arg(long, env = "BILLFOLD_FORMAT", value_enum, default_value_t = ReportFormat::Table)]
    pub(crate) format: ReportFormat,
}

/// What a row of a report stands for.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ReportBy {
    Account,
    Product,
    Customer,
}

/// How a report is printed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ReportFormat {
    Table,
    Csv,
    Json,
}
