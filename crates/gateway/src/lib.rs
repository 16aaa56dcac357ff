//! Payment gateways: where money leaves the machine. The trait says what Billfold asks of one, and what it may rely on when
//! an answer is lost.
//!
//! Calls block: they run where blocking is allowed, and never within a transaction.

mod minor;
pub mod stripe;
pub mod test;

use billing::{
    instrument::{Instrument, SecretString},
    payment_method::Face,
};
use calendar::Instant;
use money::{Amount, Currency};

/// What a gateway knows a stored card or bank account by. Whoever has it can charge its owner, so it is a secret too.
#[derive(Debug, Clone)]
pub struct Token(pub SecretString);

/// What is charged.
#[derive(Debug, Clone)]
pub enum Source {
    /// A card or bank account that was provided for this once; nothing of it stays at the gateway.
    Provided(Instrument),
    /// One that the gateway stores.
    Stored {
        /// Its token.
        token: Token,
        /// What it shows.
        face: Face,
    },
}

/// Money to be taken.
#[derive(Debug, Clone)]
pub struct Charge {
    /// Names this charge for good; never used for another one.
    pub key: String,
    /// How much; positive, in whole minor units of the currency.
    pub amount: Amount,
    /// In which currency.
    pub currency: Currency,
    /// Whose money.
    pub source: Source,
    /// What the owner reads on a statement or in the gateway's console.
    pub description: String,
    /// When it is made, for a gateway that has no clock of its own.
    pub at: Instant,
}

/// Money to be given back.
#[derive(Debug, Clone)]
pub struct Refund {
    /// Names this refund for good.
    pub key: String,
    /// The gateway's name of the charge.
    pub charge: String,
    /// How much; at most what the charge took and was not given back.
    pub amount: Amount,
    /// In which currency.
    pub currency: Currency,
}

/// What a gateway says of money that moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The gateway's name of the charge or refund.
    pub transaction: String,
    /// The authorization code, where there is one.
    pub authorization: Option<String>,
}

/// A card or bank account that a gateway stores from now on.
#[derive(Debug, Clone)]
pub struct Vaulted {
    /// What to charge it by.
    pub token: Token,
    /// What may be shown of it.
    pub face: Face,
}

/// What became of a charge or refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// The money moved.
    Moved(Receipt),
    /// It did not, and under this key it never will.
    Failed {
        /// Why, in the gateway's words.
        text: String,
    },
}

/// Something that a gateway keeps for the account that it was made for, and for nobody else.
#[derive(Debug, Clone)]
pub enum Trace {
    /// The gateway's name of a charge.
    Charge(String),
    /// A stored card or bank account.
    Stored(Token),
}

/// Why a call brought nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// A clear no: no money moved, nothing was stored, and nothing will under this key.
    #[error("{text}")]
    Declined {
        /// The gateway's code, such as `insufficient_funds`.
        code: String,
        /// The gateway's text; the caller reads it.
        text: String,
    },
    /// The gateway cannot be used as it is set up: wrong credentials, a currency that it does not take. No money moved.
    #[error("The payment gateway refused the request: {0}")]
    Misconfigured(String),
    /// No clear answer: the money may have moved.
    #[error("The payment gateway gave no clear answer: {0}")]
    Unclear(String),
}

/// A payment gateway with the credentials of one account.
pub trait Gateway: Send + Sync {
    /// Its name, as attempts are filtered by it.
    fn name(&self) -> &'static str;

    /// Finds out whether a card or bank account is good, and stores it. Under a key that was used before, the same one.
    fn store(&self, key: &str, instrument: &Instrument) -> Result<Vaulted, Failure>;

    /// Takes over a card or bank account that the gateway stores already, by the gateway's names of its owner and of itself.
    fn adopt(&self, owner: &str, method: &str) -> Result<Vaulted, Failure>;

    /// Forgets a stored card or bank account; one that is not there is forgotten already.
    fn forget(&self, token: &Token) -> Result<(), Failure>;

    /// Takes money. Under a key that was used before, nothing more is taken and the first answer comes again.
    fn charge(&self, charge: &Charge) -> Result<Receipt, Failure>;

    /// What became of a charge. The answer is for good: a charge that did not happen by now never will, also when its
    /// request is still on its way.
    fn settle(&self, charge_key: &str) -> Result<Settled, Failure>;

    /// Why a bank has taken back by `now` what counted as taken, in the gateway's words; `None` as long as it has not. Asked of
    /// charges of bank accounts, by the gateway's name of the charge; declined when it knows no such charge.
    fn returned(&self, charge: &str, now: Instant) -> Result<Option<String>, Failure>;

    /// Whether these credentials belong to the account of the gateway that keeps this.
    fn keeps(&self, trace: &Trace) -> Result<bool, Failure>;

    /// Gives money back. Under a key that was used before, nothing more is given.
    fn refund(&self, refund: &Refund) -> Result<Receipt, Failure>;

    /// What became of a refund, for good, as [`settle`](Self::settle) has it.
    fn settle_refund(&self, refund: &Refund) -> Result<Settled, Failure>;
}
