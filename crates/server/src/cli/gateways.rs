//! `billfold gateway` and `billfold vault`. Secrets come from files or standard input, never from the command line.

use std::path::PathBuf;

use billing::id::GatewayId;
use clap::{Args, Subcommand, ValueEnum};
use money::Currency;

use super::{Database, Inquiry, OfAccount, Output, Payments, currency};

#[derive(Debug, Subcommand)]
pub(crate) enum GatewayCommand {
    /// Add a payment gateway to an account.
    Add(GatewayAdd),
    /// List an account's payment gateways, without their secrets.
    List(Inquiry),
    /// Replace the secrets of a payment gateway by others of the same account there, which is asked about what was charged.
    SetSecret(GatewaySetSecret),
    /// Take a payment gateway out of use.
    Remove(GatewayRemove),
}

/// What kind of gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// No money moves; numbers of cards say what happens.
    Test,
    /// Stripe.
    Stripe,
}

/// Where secrets are read from.
#[derive(Debug, Args)]
pub(crate) struct Secrets {
    /// A file with the secret key; `-` reads it from standard input.
    #[arg(long, env = "BILLFOLD_SECRET_FILE", value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// A file with what the gateway signs its notices with.
    #[arg(long, env = "BILLFOLD_WEBHOOK_SECRET_FILE", value_name = "FILE")]
    pub(crate) webhook_secret_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct GatewayAdd {
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) payments: Payments,
    #[command(flatten)]
    pub(crate) of: OfAccount,
    /// What kind of gateway.
    #[arg(long, env = "BILLFOLD_KIND", value_enum)]
    pub(crate) kind: Kind,
    /// The only currency that it charges; every currency without a gateway of its own when absent.
    #[arg(long, env = "BILLFOLD_CURRENCY", value_parser = currency)]
    pub(crate) currency: Option<Currency>,
    /// Where it is reached; where that kind usually is when absent.
    #[arg(long, env = "BILLFOLD_GATEWAY_URL", value_name = "URL")]
    pub(crate) gateway_url: Option<String>,
    #[command(flatten)]
    pub(crate) secrets: Secrets,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct GatewaySetSecret {
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) payments: Payments,
    #[command(flatten)]
    pub(crate) of: OfAccount,
    /// The gateway's id, as `gateway list` shows it.
    #[arg(long, env = "BILLFOLD_GATEWAY_ID", value_parser = gateway_id, value_name = "ID")]
    pub(crate) gateway_id: GatewayId,
    #[command(flatten)]
    pub(crate) secrets: Secrets,
}

#[derive(Debug, Args)]
pub(crate) struct GatewayRemove {
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) of: OfAccount,
    /// The gateway's id, as `gateway list` shows it.
    #[arg(long, env = "BILLFOLD_GATEWAY_ID", value_parser = gateway_id, value_name = "ID")]
    pub(crate) gateway_id: GatewayId,
    /// Remove it although payment methods are stored there, which then cannot be charged any more.
    #[arg(long, env = "BILLFOLD_ABANDON_METHODS")]
    pub(crate) abandon_methods: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum VaultCommand {
    /// Print a new key, for the first line of the vault key file.
    NewKey,
    /// Seal every stored secret with the first key of the vault key file. It may run twice, and beside servers.
    Rotate(VaultUse),
    /// Find out whether the keys open every stored secret, and how many an older key seals.
    Check(VaultUse),
}

#[derive(Debug, Args)]
pub(crate) struct VaultUse {
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) payments: Payments,
}

fn gateway_id(text: &str) -> Result<GatewayId, String> {
    text.parse().map(GatewayId).map_err(|_| "must be a number".to_owned())
}
