//! Payment gateways of test servers: the test gateway, whose list the test can read, and a vault with one key.

use std::sync::Arc;

use app::gateways::{Gateways, Settings};
use billing::{gateway::GatewayKind, instrument::SecretString};
use gateway::{Gateway, test::TestGateway};
use vault::Vault;

/// The vault key of every test server.
pub const VAULT_KEYS: &str = "test:QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=";

/// Opens `test` for every gateway of kind Test, and nothing else.
pub fn gateways(test: &Arc<TestGateway>) -> Gateways {
    let vault = Vault::parse(&SecretString::from(VAULT_KEYS)).expect("a vault key");
    let test = Arc::clone(test);
    let open = move |settings: &Settings| match settings.kind {
        GatewayKind::Test => Ok(Arc::clone(&test) as Arc<dyn Gateway>),
        GatewayKind::Stripe => Err("test servers open no other gateway than the test gateway".to_owned()),
    };
    Gateways::new(vault, Box::new(open))
}
