//! How a process reaches payment gateways, as `serve` and `worker` take it.

use std::path::PathBuf;

use billing::collection::SIGN_OF_LIFE_MS_MAX;
use clap::{Args, builder::RangedI64ValueParser};

#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Payments")]
pub(crate) struct Payments {
    /// The keys that seal what payment gateways know you and your customers by; `billfold vault new-key` begins such a file.
    /// Without it, payment methods and gateways are refused.
    #[arg(long, env = "BILLFOLD_VAULT_KEY_FILE", value_name = "FILE")]
    pub(crate) vault_key_file: Option<PathBuf>,
    /// Where the test gateway keeps its list, for all processes and across restarts; in memory when absent.
    #[arg(long, env = "BILLFOLD_TEST_GATEWAY_FILE", value_name = "FILE")]
    pub(crate) test_gateway_file: Option<PathBuf>,
}

/// How long a process waits for another one's payment.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Payments")]
pub(crate) struct Collecting {
    /// How long a process that makes a payment may show no sign of life before a worker asks the gateway what became of it, in
    /// milliseconds; whoever paid with a process that died waits as long.
    #[arg(long, env = "BILLFOLD_COLLECTION_LEASE_MS", default_value_t = SIGN_OF_LIFE_MS_MAX, value_name = "MS", value_parser = lease())]
    pub(crate) collection_lease_ms: i64,
}

/// Up to an hour.
fn lease() -> RangedI64ValueParser {
    RangedI64ValueParser::new().range(100..=3_600_000)
}
