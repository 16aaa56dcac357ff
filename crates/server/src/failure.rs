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
    /// A running server that does not answer.
    #[error("cannot reach {url}: {error}")]
    Unreachable {
        /// Where it should be.
        url: String,
        /// The reason.
        error: String,
    },
    /// What a running server said instead of what was asked for.
    #[error("{text}")]
    Refused {
        /// The status of its answer.
        status: u16,
        /// Its own words.
        text: String,
    },
    /// A file whose name does not say how it is written.
    #[error("cannot tell how {0} is written; `--format` says it")]
    UnknownFormat(String),
    /// A bulk job that ended before its time.
    #[error("job {id} ended as {status}")]
    Job {
        /// The job.
        id: i64,
        /// Where it stands.
        status: String,
    },
    /// Records of a bulk job that failed, or were given up with it.
    #[error("{}", left_over(*.id, *.failed, *.given_up))]
    Records {
        /// The job.
        id: i64,
        /// How many failed.
        failed: i64,
        /// How many were given up.
        given_up: i64,
    },
}

/// Which records did not succeed, and where they are.
fn left_over(id: i64, failed: i64, given_up: i64) -> String {
    let told = |count: i64, what: &str| format!("{count} {} {what}", if count == 1 { "record" } else { "records" });
    let has = |outcome: &str, which: &str| format!("`billfold bulk results {id} --outcome {outcome}` has {which}");
    let them = |count: i64| if count == 1 { "it" } else { "them" };
    let not_processed = if given_up == 1 { "was not processed" } else { "were not processed" };
    match (failed, given_up) {
        (failed, 0) => format!("{}; {}", told(failed, "failed"), has("failed", them(failed))),
        (0, given_up) => format!("{}; {}", told(given_up, not_processed), has("unprocessed", them(given_up))),
        (failed, given_up) => format!(
            "{} and {given_up} {not_processed}; {}, and {}",
            told(failed, "failed"),
            has("failed", "those"),
            has("unprocessed", "these")
        ),
    }
}

impl Failure {
    /// What scripts go by: 2 is wrong usage, and 3 that records failed where everything else went well.
    pub(crate) fn exit_status(&self) -> u8 {
        if matches!(self, Self::UnknownFormat(_)) {
            2
        } else if matches!(self, Self::Records { .. }) {
            3
        } else {
            1
        }
    }

    /// Whether the same call may succeed a little later.
    pub(crate) fn is_temporary(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Refused { status: 408 | 429 | 502..=504, .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_that_did_not_succeed_are_to_be_found() {
        let results = |outcome: &str| format!("`billfold bulk results 7 --outcome {outcome}` has ");
        for (failed, given_up, expected) in [
            (1, 0, format!("1 record failed; {}it", results("failed"))),
            (2, 0, format!("2 records failed; {}them", results("failed"))),
            (0, 1, format!("1 record was not processed; {}it", results("unprocessed"))),
            (
                1,
                3,
                format!(
                    "1 record failed and 3 were not processed; {}those, and {}these",
                    results("failed"),
                    results("unprocessed")
                ),
            ),
        ] {
            assert_eq!(Failure::Records { id: 7, failed, given_up }.to_string(), expected);
        }
    }
}
