//! Why a command failed, for the person who typed it.

/// A failure; its text is printed, and the exit status is 1.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The database.
    #[error("{0}")]
    Database(#[from] db::Error),
    /// A command's refusal.
    #[error("{0}")]
    App(#[from] app::Error),
    /// Files and sockets.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// A vault key file with something else in it than keys.
    #[error("{0}")]
    VaultKeys(#[from] vault::KeyFault),
    /// A file of the person's own.
    #[error("cannot {verb} {file}: {error}")]
    File {
        /// What was to be done with it.
        verb: &'static str,
        /// Its name, as it was typed.
        file: String,
        /// The reason.
        error: std::io::Error,
    },
    /// A question about a file that is not there.
    #[error("there is no database {0}; `--database` or BILLFOLD_DATABASE says where it is")]
    NoDatabase(String),
    /// A question about the account of a database that has none.
    #[error("there is no account yet; `billfold account create` makes one")]
    NoAccount,
    /// A question about the account of a database that has several.
    #[error("there are several accounts, as `billfold account list` shows; `--account` or BILLFOLD_ACCOUNT says which")]
    AccountNotNamed,
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {error}; `--listen` or BILLFOLD_LISTEN says where to listen")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// The reason.
        error: std::io::Error,
    },
    /// Secrets that no configured key opens.
    #[error("{0} stored secrets cannot be opened; the log names them and their keys")]
    Sealed(usize),
    /// The demo got an answer that it did not expect.
    #[error("{0}")]
    Story(String),
    /// The books do not agree.
    #[error("the books do not agree: {0} checks failed")]
    Disagreement(usize),
    /// The database finds fault with its own file.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// A file that is not imported.
    #[error("nothing was imported from {file}: {count} {}", if *count == 1 { "problem" } else { "problems" })]
    Catalogue {
        /// Its name, as it was typed.
        file: String,
        /// How much is wrong with it.
        count: usize,
    },
    /// A catalogue that the wished format cannot hold.
    #[error("{0}")]
    Format(String),
}
