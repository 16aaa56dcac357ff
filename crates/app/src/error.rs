//! Why a command or a question has no answer.

use billing::{id::PaymentActivityId, problem::Problem, refusal::Refusal};

/// What can go wrong, as far as anybody decides by it; `api` maps it to HTTP in one place.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such key, or it was revoked.
    #[error("The API key is not valid.")]
    Unauthorized,
    /// No such thing in this account.
    #[error("{entity} with id {id} not found.")]
    NotFound {
        /// The entity, as the wire names it.
        entity: &'static str,
        /// The id asked for.
        id: i64,
    },
    /// No such thing in this account, in words of the call's own.
    #[error("{0}")]
    Absent(String),
    /// A call that does not exist until it is enabled for the account.
    #[error("{0}")]
    NotEnabled(&'static str),
    /// Wrong fields, all of them.
    #[error("{}", told(.0))]
    Invalid(Vec<Problem>),
    /// A business rule says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Nobody knows yet whether money moved.
    #[error(
        "The payment gateway gave no clear answer. Payment activity {0} is Unknown; nothing more is collected from this \
         customer until it is resolved."
    )]
    Unsettled(PaymentActivityId),
    /// The idempotency key stands for another request.
    #[error("Idempotency-Key `{0}` was already used with a different request.")]
    KeyReused(String),
    /// Not the caller's fault.
    #[error(transparent)]
    Database(#[from] db::Error),
}

/// What is wrong, for readers without a place for each field.
fn told(problems: &[Problem]) -> String {
    problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" ")
}

impl Error {
    /// Whether others held what the call needed for too long; it had no effect.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Database(db::Error::Busy(_)))
    }

    /// Whether the call may have had its effect although it failed.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Database(db::Error::Unknown(_)))
    }

    /// Whether the same request would fail again and again: not for want of a database.
    pub(crate) fn is_lasting(&self) -> bool {
        !matches!(self, Self::Database(error) if is_temporary(error) || matches!(error, db::Error::Unknown(_)))
    }

    /// What whoever must not see the inside is told.
    pub(crate) fn outward(&self) -> String {
        match self {
            Self::Database(_) => "It could not be completed.".to_owned(),
            told => told.to_string(),
        }
    }

    /// No such entity in this account.
    pub fn not_found(entity: &'static str, id: i64) -> Self {
        Self::NotFound { entity, id }
    }

    /// A fault of this program: logged, and told without details.
    pub fn defect(fault: impl std::fmt::Display) -> Self {
        Self::Database(db::Error::Other(fault.to_string()))
    }

    /// This error among others: where `field` is what it speaks of, and the rest of the order has these problems. Alone it
    /// stays what it is.
    #[must_use]
    pub(crate) fn among(self, field: &str, mut problems: Vec<Problem>) -> Self {
        match self {
            Self::NotFound { .. } | Self::Refused(_) if !problems.is_empty() => {
                problems.insert(0, Problem::new(field, self.to_string()));
                Self::Invalid(problems)
            }
            Self::Invalid(own) => {
                problems.extend(own);
                Self::Invalid(problems)
            }
            alone => alone,
        }
    }

    /// One wrong field.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem::new(field, message)])
    }
}

impl From<money::NumberError> for Error {
    fn from(error: money::NumberError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<::ledger::LedgerError> for Error {
    fn from(error: ::ledger::LedgerError) -> Self {
        match error {
            ::ledger::LedgerError::Number(error) => error.into(),
            // The constructors are given positive amounts of one currency.
            other => Self::defect(other),
        }
    }
}

/// Whether the same request may succeed in a moment.
pub fn is_temporary(error: &db::Error) -> bool {
    error.is_retryable() || matches!(error, db::Error::Busy(_) | db::Error::Unavailable(_))
}

impl db::Failure for Error {
    fn database(&self) -> Option<&db::Error> {
        match self {
            Self::Database(error) => Some(error),
            Self::Unauthorized
            | Self::NotFound { .. }
            | Self::Absent(_)
            | Self::NotEnabled(_)
            | Self::Invalid(_)
            | Self::Refused(_)
            | Self::Unsettled(_)
            | Self::KeyReused(_) => None,
        }
    }
}
