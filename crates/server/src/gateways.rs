//! The payment gateways that this process opens, and the vault with their secrets.

use std::{fs, path::Path, sync::Arc};

use app::gateways::{Gateways, Settings};
use billing::{gateway::GatewayKind, instrument::SecretString};
use gateway::{
    Gateway,
    stripe::{self, Stripe},
    test::TestGateway,
};
use vault::Vault;

use crate::{cli::Payments, failure::Failure};

/// Opens the vault, and gateways as they are needed.
pub(crate) fn open(arguments: &Payments) -> Result<Gateways, Failure> {
    let vault = vault(arguments.vault_key_file.as_deref())?;
    let test = Arc::new(match &arguments.test_gateway_file {
        Some(file) => TestGateway::with_journal(file).map_err(|error| unreadable(file, error))?,
        None => TestGateway::in_memory(),
    });
    let open = move |settings: &Settings| match settings.kind {
        GatewayKind::Test => Ok(Arc::clone(&test) as Arc<dyn Gateway>),
        GatewayKind::Stripe => stripe(settings),
    };
    Ok(Gateways::new(vault, Box::new(open)))
}

fn stripe(settings: &Settings) -> Result<Arc<dyn Gateway>, String> {
    let secret_key = settings.secret.clone().ok_or("its secret is missing")?;
    let usual = stripe::Settings::new(secret_key);
    let url = settings.base_url.clone().unwrap_or_else(|| usual.url.clone());
    let settings = stripe::Settings { url, ..usual };
    Ok(Arc::new(Stripe::open(&settings).map_err(|error| error.to_string())?))
}

/// The vault of a key file; a closed one without.
pub(crate) fn vault(file: Option<&Path>) -> Result<Vault, Failure> {
    let Some(file) = file else { return Ok(Vault::closed()) };
    let keys = fs::read_to_string(file).map(SecretString::from).map_err(|error| unreadable(file, error))?;
    Ok(Vault::parse(&keys)?)
}

fn unreadable(file: &Path, error: std::io::Error) -> Failure {
    Failure::File { verb: "read", file: file.display().to_string(), error }
}
