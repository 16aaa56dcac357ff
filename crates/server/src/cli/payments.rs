//! How a process reaches payment gateways, as `serve` and `worker` take it.

use std::path::PathBuf;

use clap::Args;

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
