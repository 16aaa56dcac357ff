//! Arguments of `billfold account settings`.

use billing::{customer::AutoCollectSettingType, named::Named as _, term::Term};
use clap::{Args, Subcommand};

use super::Inquiry;

#[derive(Debug, Subcommand)]
pub(crate) enum SettingsCommand {
    /// Print how an account collects.
    Show(Inquiry),
    /// Change what is given and keep the rest.
    Set(Box<SettingsSet>),
}

#[derive(Debug, Args)]
pub(crate) struct SettingsSet {
    #[command(flatten)]
    pub(crate) show: Inquiry,
    /// When invoices fall due of customers that have no terms of their own, such as Net30.
    #[arg(long, env = "BILLFOLD_TERM", value_parser = term)]
    pub(crate) term: Option<Term>,
    /// Whether what falls due is charged to the default payment method.
    #[arg(long, env = "BILLFOLD_AUTO_COLLECT", value_name = "BOOL")]
    pub(crate) auto_collect: Option<bool>,
    /// What that takes: `CurrentInvoice` or `OutstandingBalance`.
    #[arg(long, env = "BILLFOLD_AUTO_COLLECT_SETTING_TYPE", value_parser = setting_type, value_name = "TYPE")]
    pub(crate) auto_collect_setting_type: Option<AutoCollectSettingType>,
    /// On which days after a failed collection it is tried again, such as 1,3,5; `none` for never.
    #[arg(long, env = "BILLFOLD_DUNNING_DAYS", value_parser = days, value_name = "DAYS")]
    pub(crate) dunning_days: Option<Days>,
    /// Days in poor standing before a suspension.
    #[arg(long, env = "BILLFOLD_GRACE_PERIOD", value_name = "DAYS")]
    pub(crate) grace_period: Option<i64>,
    /// Whether customers whose grace period has ended are suspended.
    #[arg(long, env = "BILLFOLD_AUTO_SUSPEND", value_name = "BOOL")]
    pub(crate) auto_suspend: Option<bool>,
    /// Days after which suspended customers are cancelled; 0 for never.
    #[arg(long, env = "BILLFOLD_CANCEL_AFTER_DAYS", value_name = "DAYS")]
    pub(crate) cancel_after_days: Option<i64>,
}

/// Days of retries, as one argument.
#[derive(Debug, Clone)]
pub(crate) struct Days(pub(crate) Vec<i64>);

fn term(name: &str) -> Result<Term, String> {
    Term::from_name(name)
        .ok_or_else(|| "must be one of the terms, such as Net0, Net30, MFI1 or DayOfMonth15".to_owned())
}

fn setting_type(name: &str) -> Result<AutoCollectSettingType, String> {
    AutoCollectSettingType::from_name(name).ok_or_else(|| "must be CurrentInvoice or OutstandingBalance".to_owned())
}

fn days(text: &str) -> Result<Days, String> {
    if text.eq_ignore_ascii_case("none") {
        return Ok(Days(Vec::new()));
    }
    let parsed: Result<Vec<_>, _> = text.split(',').map(|day| day.trim().parse()).collect();
    parsed.map(Days).map_err(|_| "must be days such as 1,3,5, or none".to_owned())
}
