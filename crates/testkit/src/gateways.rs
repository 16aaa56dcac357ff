//! Payment gateways of test servers: the test gateway, whose list the test can read, and a vault with one key.

use std::{
    hash::{BuildHasher as _, Hasher as _, RandomState},
    sync::Arc,
};

use app::gateways::{Gateways, Settings};
use billing::{
    gateway::GatewayKind,
    instrument::{Card, Expiration, ExposeSecret as _, Holder, Instrument, SecretString},
};
use gateway::{
    Gateway,
    stripe::{self, Stripe},
    test::TestGateway,
};
use vault::Vault;

/// The vault key of every test server.
pub const VAULT_KEYS: &str = "test:QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=";

/// The secret key of every stand-in for Stripe.
pub const STRIPE_KEY: &str = "sk_test_12345";

/// Stores a card at a stand-in, as somebody else than Billfold would: its names of the owner and of the card.
pub fn stored_at_stripe(url: String) -> (String, String) {
    let settings = stripe::Settings { url, ..stripe::Settings::new(SecretString::from(STRIPE_KEY)) };
    let card = Instrument::Card(Card {
        number: SecretString::from("4242424242424242"),
        cvv: None,
        expiration: Expiration { year: 34, month: 12 },
        holder: Holder { first_name: "Ada".to_owned(), last_name: "Byron".to_owned(), ..Holder::default() },
    });
    let stripe = Stripe::open(&settings).expect("good settings");
    let key = format!("elsewhere-{:016x}", RandomState::new().build_hasher().finish());
    let token = stripe.store(&key, &card).expect("a card that Stripe takes").token;
    let (owner, card) = token.0.expose_secret().split_once(':').expect("an owner and a card");
    (owner.to_owned(), card.to_owned())
}

/// Opens `test` for every gateway of kind Test, and Stripe where a base URL says where its stand-in is.
pub fn gateways(test: &Arc<TestGateway>) -> Gateways {
    let vault = Vault::parse(&SecretString::from(VAULT_KEYS)).expect("a vault key");
    let test = Arc::clone(test);
    let open = move |settings: &Settings| match settings.kind {
        GatewayKind::Test => Ok(Arc::clone(&test) as Arc<dyn Gateway>),
        GatewayKind::Stripe => stand_in(settings),
    };
    Gateways::new(vault, Box::new(open))
}

fn stand_in(settings: &Settings) -> Result<Arc<dyn Gateway>, String> {
    let url = settings.base_url.clone().ok_or("tests have no other Stripe than a stand-in")?;
    let secret_key = settings.secret.clone().ok_or("its secret is missing")?;
    let settings = stripe::Settings { url, ..stripe::Settings::new(secret_key) };
    Ok(Arc::new(Stripe::open(&settings).map_err(|error| error.to_string())?))
}
